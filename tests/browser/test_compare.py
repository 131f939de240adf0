"""Runs beside each other: what can be done with one, how it looks everywhere, and which are shown."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.browser.driving import ask, click_map, open_descent, play, select, settled, step, until


def do(page: Page, what: str, run: str) -> None:
    """Something from the menu of a run."""
    menu = page.get_by_role("button", name=f"What to do with {run}", exact=True)
    if menu.get_attribute("aria-expanded") == "false":
        menu.click()
    page.get_by_role("button", name=f"{what}: {run}", exact=True).click()
    settled(page)


def runs(page: Page, server: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(page, server)["recipe"]["runs"]
    return found


def drawn(page: Page) -> list[tuple[str, str]]:
    """Name and colour of the paths on the map."""
    found = page.evaluate(
        """document.querySelector("#loss").data
          .filter(({ mode, line }) => mode === "lines" && line.width === 2)
          .map(({ name, line }) => [name, line.color])"""
    )
    return [(name, colour) for name, colour in found]


def test_runs_are_forked_copied_and_renamed(page: Page, server: str, complaints: Complaints) -> None:
    open_descent(page, server)
    play(page, 12)
    at = step(page)
    do(page, "Fork at this step", "run 1")
    fork = f"run 1 from {at}"
    do(page, "Duplicate", "run 1")
    assert [run["name"] for run in runs(page, server)] == ["run 1", fork, "run 1 copy"]
    colours = dict(drawn(page))
    assert len(set(colours.values())) == 3

    do(page, "Rename", fork)
    page.keyboard.type("careful")
    page.keyboard.press("Enter")
    until(page, lambda: [run["name"] for run in runs(page, server)] == ["run 1", "careful", "run 1 copy"])
    settled(page)
    assert dict(drawn(page))["careful"] == colours[fork]
    assert page.evaluate("descent.session.paths.get('careful').end") >= at

    do(page, "Rename", "careful")
    page.keyboard.type("run 1")
    page.keyboard.press("Enter")
    expect(page.locator(".run .complaint:visible")).to_contain_text("run 1")
    assert runs(page, server)[1]["name"] == "careful"
    complaints.expect("422")


def test_a_legend_isolates_a_run_and_others_are_hidden_and_removed(page: Page, server: str) -> None:
    open_descent(page, server)
    do(page, "Duplicate", "run 1")
    do(page, "Duplicate", "run 1")
    colours = dict(drawn(page))
    entry = page.locator("#loss-key").get_by_role("button", name="run 1 copy", exact=True)
    entry.focus()
    page.keyboard.press("Enter")
    assert [name for name, _ in drawn(page)] == ["run 1 copy"]
    expect(entry).to_be_focused()
    expect(entry).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#stage-key").get_by_role("button", name="run 1 copy", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    entry.press("Enter")
    assert len(drawn(page)) == 3

    do(page, "Hide", "run 1")
    assert [name for name, _ in drawn(page)] == ["run 1 copy", "run 1 copy 2"]
    do(page, "Remove", "run 1 copy 2")
    do(page, "Show", "run 1")
    assert drawn(page) == [("run 1", colours["run 1"]), ("run 1 copy", colours["run 1 copy"])]
    do(page, "Remove", "run 1")
    assert drawn(page) == [("run 1 copy", colours["run 1 copy"])]
    expect(page.locator("#loss-key").get_by_role("button")).to_have_count(0)
    page.keyboard.press("Control+z")
    settled(page)
    assert dict(drawn(page)) == {"run 1": colours["run 1"], "run 1 copy": colours["run 1 copy"]}


def test_a_run_can_start_elsewhere_and_with_the_others_again(page: Page, server: str) -> None:
    open_descent(page, server)
    page.get_by_role("button", name="Compare with another run").click()
    settled(page)
    do(page, "Start elsewhere", "run 2")
    shared = ask(page, server)["recipe"]["start"]
    assert runs(page, server)[1]["start"] == shared
    page.get_by_role("button", name="Place it on the map").click()
    expect(page.locator("#notices")).to_contain_text("Click the map where run 2 is to start.")
    click_map(page, 0.75, 0.75)
    until(page, lambda: runs(page, server)[1]["start"] != shared)
    settled(page)
    expect(page.locator("#notices")).not_to_contain_text("Click the map")
    first, second = (run["parameters"] for run in ask(page, server)["runs"])
    assert first == [shared["values"]["w"], shared["values"]["b"]]
    assert second[0] > first[0] + 1
    place = page.evaluate("descent.session.paths.get('run 2').point(0)")
    assert [place["x"], place["y"]] == second
    do(page, "Start with the others", "run 2")
    assert "start" not in runs(page, server)[1]
    page.locator("#undo").click()
    settled(page)
    assert ask(page, server)["runs"][1]["parameters"] == second


def click_loss_curve(page: Page, line: int, at: int) -> None:
    """As a hand does: there for a moment before it clicks."""
    page.mouse.move(*on_loss_curve(page, line, at))
    page.wait_for_timeout(200)
    page.mouse.click(*on_loss_curve(page, line, at))


def on_loss_curve(page: Page, line: int, at: int) -> tuple[float, float]:
    """Where on the page a run's line has a step."""
    return tuple(
        page.evaluate(
            """([line, step]) => {
              const graph = document.querySelector("#loss");
              const { xaxis, yaxis } = graph._fullLayout;
              const { x, y, customdata } = graph.data.filter((each) => each.customdata?.length)[line];
              const i = customdata.indexOf(step);
              const box = graph.getBoundingClientRect();
              return [box.x + xaxis._offset + xaxis.d2p(x[i]), box.y + yaxis._offset + yaxis.d2p(y[i])];
            }""",
            [line, at],
        )
    )


def faint(page: Page) -> list[int]:
    """The last step of each faint line of the loss."""
    lasts = "document.querySelector('#loss').data.filter((t) => t.opacity < 1).map((t) => t.customdata.at(-1))"
    return list(page.evaluate(lasts))


def test_the_loss_can_be_drawn_against_what_it_cost(page: Page, server: str) -> None:
    open_descent(page, server)
    page.get_by_role("button", name="Compare with another run").click()
    settled(page)
    page.get_by_label("Optimizer", exact=True).nth(1).select_option("random_search")
    settled(page)
    page.locator("#reset").click()
    settled(page)
    play(page, 10)
    settled(page)
    for axis, title in (("cost", "loss evaluations"), ("samples", "examples seen")):
        page.locator("#loss-axis").select_option(axis)
        expect(page.locator("#loss .xtitle")).to_contain_text(title)
        ends = page.evaluate(
            "document.querySelector('#loss').data.filter((t) => t.mode === 'markers').map((t) => t.x[0])"
        )
        spent = [run["evaluations"] for run in ask(page, server, f"?step={step(page)}")["runs"]]
        counts = {
            "cost": [each["loss"] + 2 * each["gradient"] for each in spent],
            "samples": [each["samples"] for each in spent],
        }
        assert ends == counts[axis]
    seen = step(page)
    assert page.evaluate("descent.player.computed") > seen
    assert faint(page) == []  # what is computed and was not played is nobody's past
    for line in (1, 0):
        at = step(page) // 2
        click_loss_curve(page, line, at)
        expect(page.locator("#step")).to_have_text(str(at))
    assert faint(page) == [seen, seen]
    click_loss_curve(page, 2, seen)  # what was seen ahead is faint, and one can go there again
    expect(page.locator("#step")).to_have_text(str(seen))
    select(page, "Model", "rosenbrock")
    expect(page.locator("#loss-axis")).to_have_value("step")
