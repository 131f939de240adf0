"""A table of one's own, pasted or dropped: shown as it was read, fitted by a model that takes it."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.browser.driving import ask, open_descent, play, select, settled, until

DROP = """([words, type]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([words], "table.csv", { type }));
  const marks = ["dragover", "dragleave", "dragover", "drop"].map((event) => {
    document.body.dispatchEvent(new DragEvent(event, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    return document.body.classList.contains("dropping");
  });
  return marks;
}"""
PASTE = """(words) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", words);
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
KINDS = "width,height,kind\n" + "".join(f"{i},{i * i % 7},{('cat', 'dog', 'owl')[i % 3]}\n" for i in range(12))


def problem(page: Page, server: str) -> dict[str, Any]:
    found: dict[str, Any] = ask(page, server)["recipe"]["problem"]
    return found


def test_a_table_is_pasted_or_dropped_anywhere_and_fitted_live(page: Page, server: str, complaints: Complaints) -> None:
    open_descent(page, server)
    page.evaluate(PASTE, "hours;grade\n1;2,0\n2;2,5\n3;3,5\n4;4,5\n")
    until(page, lambda: problem(page, server)["dataset"]["kind"] == "uploaded")
    settled(page)
    assert problem(page, server)["kind"] == "univariate_regression"
    assert ask(page, server, "/data")["y"] == [[2, 2.5, 3.5, 4.5]]
    expect(page.locator(".preview tbody tr").nth(1)).to_have_text("2.0002.500")
    expect(page.locator("#fit")).to_contain_text("grade")
    play(page, 5)
    losses = [ask(page, server, f"?step={at}")["runs"][0]["loss"] for at in (0, 5)]
    assert losses[1] < losses[0]

    table = page.get_by_label("or paste it")
    table.fill("hours,grade\n1,2\n2,two\n")
    expect(page.locator(".upload .complaint")).to_contain_text("Row 3, column “grade”: “two” is not a number.")
    complaints.expect("422")
    table.fill("rooms,area,price\n3,70,300\n4,110,420\n2,40,210\n5,150,500\n")
    until(page, lambda: problem(page, server)["kind"] == "multivariate_regression")
    settled(page)
    expect(page.locator(".upload .complaint")).to_be_hidden()
    expect(page.get_by_text("rescaled to mean 0")).to_be_visible()
    assert problem(page, server)["dataset"]["standardize"] is True
    page.get_by_role("checkbox", name="rooms").uncheck()
    page.get_by_label("Predict").select_option("price")
    page.get_by_role("button", name="Use this table").click()
    until(page, lambda: ask(page, server, "/data")["X"] == [[70, 110, 40, 150]])
    expect(page.locator(".preview thead")).to_have_text("areaprice")

    select(page, "Model", "rosenbrock")
    assert page.evaluate(DROP, [KINDS, "text/csv"]) == [True, False, True, False]
    until(page, lambda: problem(page, server)["kind"] == "network")
    settled(page)
    assert problem(page, server)["loss"] == "softmax_cross_entropy"
    expect(page.locator(".preview tbody tr").nth(1)).to_have_text("1.0001.000dog")
    page.locator("#undo").click()
    until(page, lambda: problem(page, server)["kind"] == "function")
