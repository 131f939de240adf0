"""The network drawn: whose numbers it shows, what is lit in the data, how a pass is swept, how large ones look."""

import re
import struct
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.driving import MINUS, ask, open_descent, readouts, select, settled, step, until
from tests.browser.test_saving import SVG, saved

WIDE = {"kind": "network", "hidden": [20, 6, 6, 6, 6], "activation": "tanh", "dataset": {"kind": "moons"}}


def open_network(page: Page, server: str) -> None:
    """The usual deep network on its curve, its drawing in sight."""
    open_descent(page, server)
    select(page, "Model", "network")
    page.locator("#network-tab").click()
    page.locator("#network").scroll_into_view_if_needed()
    expect(page.locator("#network .unit").first).to_be_visible()
    settled(page)


def begin(page: Page, problem: dict[str, Any], **run: Any) -> None:
    """Another problem and other settings of the run, as the page's own forms would ask for them."""
    page.evaluate("(problem) => descent.session.change({ problem })", problem)
    settled(page)
    if run:
        page.evaluate("(run) => descent.session.change({ runs: [{ name: 'run 1', ...run }] })", run)
        settled(page)


def quantities(page: Page, server: str) -> dict[str, Any]:
    found = ask(page, server, f"/anatomy?step={step(page)}")
    return {"batch": found["batch"]} | {quantity["id"]: quantity["values"] for quantity in found["quantities"]}


def shown(page: Page, layer: int) -> list[float]:
    """What stands under the units of a layer, without a Ψ before it."""
    words = page.locator(f'#network .unit[data-layer="{layer}"] .value').all_text_contents()
    return [float(word.removeprefix("Ψ ").replace(MINUS, "-")) for word in words]


def marks(page: Page, meta: str) -> list[dict[str, Any]]:
    """The traces over the data plot that are of the inside of a step."""
    traces: list[dict[str, Any]] = page.evaluate(
        "(meta) => document.getElementById('fit').data.filter((trace) => trace.meta === meta)"
        ".map(({ type, x, y, z }) => ({ type, x, y, z }))",
        meta,
    )
    return traces


def test_a_clicked_example_goes_through_the_network_and_back(page: Page, server: str) -> None:
    open_network(page, server)
    page.locator("#fit").scroll_into_view_if_needed()
    box = page.locator("#fit .points path").nth(20).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    until(page, lambda: len(marks(page, "mark")) == 1)
    chosen = page.evaluate("descent.store.state.insight.chosen")
    data, numbers = ask(page, server, "/data"), quantities(page, server)
    assert (marks(page, "mark")[0]["x"], marks(page, "mark")[0]["y"]) == (
        [data["X"][0][chosen]],
        [data["y"][0][chosen]],
    )
    assert numbers["batch"] == list(range(100))
    expect(page.locator("#network .example output")).to_contain_text(f"{chosen}: x = ")
    assert shown(page, 0) == pytest.approx([data["X"][0][chosen]], abs=1e-3)
    assert shown(page, 1) == pytest.approx([row[chosen] for row in numbers["X_bar1"][:4]], abs=1e-3)
    sweep = page.locator(".sweep")
    following = sweep.get_by_role("button", name="Next")
    for _ in range(5):
        following.click()
    assert shown(page, 2) == pytest.approx([numbers["psi2"][0][chosen]], rel=1e-2)
    assert shown(page, 1) == pytest.approx([row[chosen] for row in numbers["X_bar1"][:4]], abs=1e-3)
    expect(sweep.locator("math [data-quantity=psi2]").first).to_be_visible()
    following.press("ArrowRight")
    expect(page.locator("#network .lines").nth(1)).to_have_class(re.compile("gradients"))
    expect(page.locator("#network .lines").nth(0)).not_to_have_class(re.compile("gradients"))
    following.press("ArrowRight")
    assert shown(page, 1) == pytest.approx([row[chosen] for row in numbers["psi1"]], abs=6e-4)
    assert step(page) == 0  # its keys do not step the run
    following.press("ArrowRight")
    expect(following).to_have_attribute("aria-disabled", "true")
    sweep.get_by_role("button", name="All at once").click()
    expect(page.locator("#network .network .gradients, #network .ahead, #network .handed")).to_have_count(0)


def test_a_sweep_runs_by_itself_unless_motion_is_reduced(page: Page, server: str) -> None:
    open_network(page, server)
    run = page.locator(".sweep .run")
    run.click()
    expect(page.locator("#network .unit.ahead")).to_have_count(5)
    expect(page.locator("#network .unit.ahead")).to_have_count(1, timeout=4000)
    expect(run).to_have_text("Stop")
    run.click()
    expect(run).to_have_text("Run through")
    page.emulate_media(reduced_motion="reduce")
    expect(run).to_be_hidden()
    page.emulate_media(reduced_motion="no-preference")


def test_a_unit_that_is_pointed_at_shows_over_the_data_what_it_makes_of_them(page: Page, server: str) -> None:
    open_network(page, server)
    page.locator('#network .unit[data-layer="0"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    until(page, lambda: len(marks(page, "lens")) == 1)
    told = ask(page, server, f"/units?step={step(page)}&resolution=25&digits=4")
    assert marks(page, "lens")[0]["y"] == told["layers"][0][1]
    expect(page.locator("#network .told")).to_contain_text("Layer 1, unit 1")
    page.keyboard.press("Tab")
    until(page, lambda: not marks(page, "lens"))
    page.mouse.move(0, 0)
    page.locator('#network .reach[data-layer="0"][data-unit="1"]').hover()
    words = page.locator("#network .told")
    expect(words).to_contain_text(re.compile("Layer 1, weight from 0 to 1: .*; gradient"))
    numbers = quantities(page, server)
    weight, gradient = re.findall(r"[-\d.]+(?:e-?\d+)?", words.inner_text().replace(MINUS, "-").partition(":")[2])
    assert float(weight) == pytest.approx(numbers["W_bar0"][1][0], rel=1e-2)
    assert float(gradient) == pytest.approx(numbers["dW_bar0"][1][0], rel=1e-2)
    begin(page, {"dataset": {"kind": "moons"}})
    page.locator('#network .unit[data-layer="1"][data-unit="2"]').hover()
    until(page, lambda: [mark["type"] for mark in marks(page, "lens")] == ["heatmap"])


def test_the_examples_of_a_batch_are_lit_and_epochs_are_counted(page: Page, server: str) -> None:
    open_network(page, server)
    begin(page, {"dataset": {"kind": "curve", "samples": 30}}, batch_size=8)
    data = ask(page, server, "/data")
    for _ in range(2):
        batch = quantities(page, server)["batch"]
        assert len(batch) == 8
        until(page, lambda batch=batch: [m["x"] for m in marks(page, "mark")] == [[data["X"][0][i] for i in batch]])  # type: ignore[misc]  # a default binds the batch
        page.locator("#forward").click()
        settled(page)
    page.evaluate("(change) => descent.session.change(change, 2)", {"runs": [{"name": "run 1", "batch_size": 7}]})
    page.evaluate("descent.session.more(41).then(() => descent.player.seek(descent.player.computed))")
    until(page, lambda: step(page) == 43)
    settled(page)
    epoch = ask(page, server)["runs"][0]["epoch"]
    assert float(readouts(page)["Epoch"]) == pytest.approx(epoch, abs=0.006)
    followed = next(i for i in range(30) if i not in quantities(page, server)["batch"])
    page.evaluate(
        "(i) => document.getElementById('fit').emit('plotly_click', { points: [{ customdata: i }] })", followed
    )
    expect(page.locator("#network .example output")).to_contain_text(f"example {followed} is not in the batch")


@pytest.mark.parametrize("width", [1280, 375])
def test_a_wide_and_deep_network_stays_legible_and_is_saved_as_it_looks(
    page: Page, server: str, width: int, tmp_path: Path
) -> None:
    page.set_viewport_size(ViewportSize(width=width, height=800))
    open_network(page, server)
    begin(page, WIDE)
    expect(page.locator("#network .network")).to_contain_text("and 12 more")
    assert page.locator('#network .unit[data-layer="1"]').count() == 8
    boxes = [page.locator(f'#network .unit[data-layer="{k}"] .body').first.bounding_box() for k in range(7)]
    rights = [box["x"] + box["width"] for box in boxes if box]
    assert all(box and box["x"] - right > 20 for box, right in zip(boxes[1:], rights, strict=False))
    assert page.evaluate("document.documentElement.scrollWidth") == width
    check_saved(page, tmp_path)
    page.set_viewport_size(ViewportSize(width=1280, height=800))
    if width == 1280:
        check_on_a_wall(page)


def check_saved(page: Page, folder: Path) -> None:
    """Its picture has the colours and the words of the drawing, and needs nothing of the page."""
    file, svg = saved(page, "Network", "SVG", folder)
    assert file == "descent-network-network-step-0.svg"
    assert re.search(rb"<(style|script|foreignObject)|class=|var\(|url\(", svg) is None
    root = ElementTree.fromstring(svg)
    words = ["".join(part.itertext()) for part in root.iter(f"{SVG}text")]
    assert words[0] == f"Network · {page.locator('#subject').inner_text()} · step 0"
    assert {"and 12 more", "positive", "negative"} <= set(words)
    drawn = page.locator("#network .line").evaluate_all("lines => lines.map((line) => getComputedStyle(line).stroke)")
    kept = [line.get("stroke") for line in root.iter(f"{SVG}line")]
    assert sorted(map(str, kept[: len(drawn)])) == sorted(drawn)
    assert len(list(root.iter(f"{SVG}image"))) == page.locator("#network .unit.drawn").count() > 0
    _, png = saved(page, "Network", "PNG", folder)
    wide, high = (int(root.attrib[side]) for side in ("width", "height"))
    assert struct.unpack(">II", png[16:24]) == (2 * wide, 2 * high)
    assert len(png) > 50_000


def check_on_a_wall(page: Page) -> None:
    """Key P enlarges units and words alike, wherever the focus is but in a field."""
    size = "Math.round(document.querySelector('#network .unit').getBoundingClientRect().height)"
    desk = page.evaluate(size)
    page.locator("#network-tab").focus()
    page.keyboard.press("p")
    until(page, lambda: bool(page.evaluate(size) > 1.3 * desk))
    page.keyboard.press("p")
    until(page, lambda: bool(page.evaluate(size) == desk))
