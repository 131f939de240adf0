"""Data in classes: the field of the likeliest class, its boundaries, and who is taken for whom beyond two features."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.driving import ask, open_descent, play, select, settled, step

TRACES = """
() => document.querySelector("#fit").data.map(({ type, z, x, y, text }) => ({ type, z, x, y, text }))
"""
CLASSIFIER = """
async (dataset) => {
  const problem = { kind: "network", dataset: { kind: dataset }, hidden: [3], loss: "softmax_cross_entropy" };
  await descent.session.change({ problem });
}
"""


def trained(page: Page, dataset: str) -> list[dict[str, Any]]:
    """What is drawn once a softmax network has learned a little of these data."""
    page.evaluate(CLASSIFIER, dataset)
    settled(page)
    play(page, 10)
    settled(page)
    traces: list[dict[str, Any]] = page.evaluate(TRACES)
    return traces


def test_three_classes_have_a_field_with_boundaries_and_beyond_two_features_a_confusion(
    page: Page, server: str
) -> None:
    open_descent(page, server)
    select(page, "Model", "network")
    field, *others = trained(page, "blobs")
    lines = [each for each in others if each["type"] == "contour"]
    likeliest = [value for row in field["z"] for value in row]
    assert set(likeliest) <= {0, 1, 2}
    assert len(lines) == 3
    for k, line in enumerate(lines):  # a class leads exactly where the field says so
        leads = [value for row in line["z"] for value in row]
        assert all((lead > 0) == (one == k) for lead, one in zip(leads, likeliest, strict=True) if abs(lead) > 1e-6)
    _, cells = trained(page, "iris")
    confusion = ask(page, server, f"/predictions?run=run%201&step={step(page)}")["classification"]["train"]["confusion"]
    drawn = zip(cells["x"], cells["y"], map(int, cells["text"]), strict=True)
    assert {(i, j): count for i, j, count in drawn} == {
        (i, j): count for i, row in enumerate(confusion) for j, count in enumerate(row) if count
    }
    assert sum(map(sum, confusion)) == 150
