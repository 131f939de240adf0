"""Changing the setup while it runs, and what each change does to the run."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.driving import (
    ask,
    click_map,
    learning_rate,
    number,
    open_descent,
    play,
    readouts,
    select,
    session_id,
    set_learning_rate,
    settled,
    step,
    until,
)


def data_settings(page: Page) -> Locator:
    block = page.locator(".block", has=page.get_by_label("Data", exact=True))
    return block.get_by_text("Settings", exact=True)


def test_a_learning_rate_acts_at_the_step_that_is_drawn(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 12)
    settled(page)
    drawn, shown = step(page), readouts(page)
    assert ask(page, server)["step"] > drawn  # the server is ahead of the picture
    set_learning_rate(page, 0.05)
    settled(page)
    session = ask(page, server)
    assert session["step"] == drawn
    events = session["recipe"]["runs"][0]["events"]
    assert [(event["at"], event["set"]["optimizer"]) for event in events] == [(drawn, {"learning_rate": 0.05})]
    assert (step(page), readouts(page)) == (drawn, shown)
    page.locator("#forward").click()
    expect(page.locator("#step")).to_have_text(str(drawn + 1))
    assert ask(page, server)["runs"][0]["learning_rate"] == 0.05


def test_a_learning_rate_can_change_while_it_plays(page: Page, server: str) -> None:
    open_descent(page, server)
    page.locator("#play").click()
    until(page, lambda: step(page) > 8)
    set_learning_rate(page, 0.03)
    until(page, lambda: len(ask(page, server)["recipe"]["runs"][0]["events"]) == 1)
    (event,) = ask(page, server)["recipe"]["runs"][0]["events"]
    until(page, lambda: step(page) > event["at"] + 5)
    page.locator("#play").click()
    settled(page)
    run = ask(page, server, f"?step={step(page)}")["runs"][0]
    assert run["learning_rate"] == 0.03
    assert abs(number(page, "Loss") - run["loss"]) < 1e-3 * max(1, run["loss"])


def test_looking_back_past_a_change_shows_the_settings_of_then(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 6)
    settled(page)
    before = learning_rate(page).input_value()
    set_learning_rate(page, 0.03)
    settled(page)
    page.locator("#forward").click()
    settled(page)
    expect(learning_rate(page)).to_have_value("0.03")
    page.locator("#timeline").fill("1")
    expect(learning_rate(page)).to_have_value(before)


def test_a_click_on_the_map_starts_there(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 5)
    click_map(page, 0.25, 0.25)
    until(page, lambda: step(page) == 0)
    settled(page)
    surface = ask(page, server, "/surface")
    start = ask(page, server)["recipe"]["start"]
    assert start["kind"] == "values"
    assert abs(start["values"]["w"] - number(page, "w")) < 1e-3
    assert abs(start["values"]["b"] - number(page, "b")) < 1e-3
    assert number(page, "w") < surface["optimum"]["x"]
    play(page, 5)
    page.locator("#reset").click()
    until(page, lambda: step(page) == 0)
    assert abs(start["values"]["w"] - number(page, "w")) < 1e-3


def test_a_click_on_the_map_leaves_other_parameters_alone(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Model", "two_layer_sigmoid")
    before = ask(page, server, "/parameters")["values"]
    click_map(page, 0.7, 0.7)
    until(page, lambda: ask(page, server)["recipe"]["start"]["kind"] == "values")
    settled(page)
    after = ask(page, server, "/parameters")["values"]
    assert {name: after[name] for name in ("b1", "w2", "b2")} == {name: before[name] for name in ("b1", "w2", "b2")}
    assert after["W1"][2:] == before["W1"][2:]
    assert after["W1"][0] != before["W1"][0]


def test_any_two_parameters_can_span_the_map(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Model", "two_layer_sigmoid")
    play(page, 5)
    page.get_by_label("Parameter across the map").select_option("b1[1]")
    page.get_by_label("Parameter up the map").select_option("w2[2]")
    settled(page)
    assert {"b1[1]", "w2[2]"} <= set(readouts(page))
    values = ask(page, server, f"/parameters?step={step(page)}")["values"]
    assert abs(number(page, "b1[1]") - values["b1"][1][0]) < 2e-3
    assert abs(number(page, "w2[2]") - values["w2"][0][2]) < 2e-3
    expect(page.locator("#slice")).to_contain_text(f"slice through step {step(page)}")


def test_another_model_brings_data_and_settings_that_suit_it(page: Page, server: str) -> None:
    open_descent(page, server)
    catalogue = page.request.get(f"{server}/api/v1/catalogue").json()
    for entry in catalogue["problems"]:
        select(page, "Model", entry["kind"])
        assert ask(page, server)["recipe"]["problem"] == entry["recipe"]["problem"]
        loss = number(page, "Loss")
        play(page, 10)
        settled(page)
        assert number(page, "Loss") < loss


def test_data_that_want_it_are_standardized_for_all_to_see(page: Page, server: str) -> None:
    open_descent(page, server)
    select(page, "Data", "cars")
    assert ask(page, server)["recipe"]["problem"]["dataset"]["standardize"] is True
    data_settings(page).click()
    expect(page.get_by_label("Standardize the features")).to_be_checked()


def test_test_points_are_told_apart_and_have_a_loss_of_their_own(page: Page, server: str) -> None:
    open_descent(page, server)
    data_settings(page).click()
    page.get_by_label("Share kept for testing", exact=True).fill("0.3")
    page.get_by_label("Share kept for testing", exact=True).blur()
    settled(page)
    assert abs(number(page, "Test loss") - ask(page, server)["runs"][0]["test_loss"]) < 1e-2
    expect(page.locator("#fit-key")).to_contain_text("test")
    play(page, 5)
    expect(page.locator("#loss-key")).to_contain_text("test")


def test_what_the_server_refuses_is_said_beside_the_field(page: Page, server: str, complaints: Complaints) -> None:
    open_descent(page, server)
    set_learning_rate(page, 1000)
    expect(learning_rate(page)).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field", has=learning_rate(page)).locator(".complaint")).to_contain_text("at most 100")
    complaints.expect("422")
    set_learning_rate(page, 0.05)
    expect(learning_rate(page)).to_have_attribute("aria-invalid", "false")
    assert ask(page, server)["runs"][0]["learning_rate"] == 0.05


def test_runs_are_compared_from_the_same_start(page: Page, server: str) -> None:
    open_descent(page, server)
    play(page, 5)
    page.get_by_role("button", name="Compare with another run").click()
    rows = page.locator("#readouts tbody tr")
    expect(rows).to_have_count(2)
    expect(page.locator("#stage-key")).to_contain_text("run 2")
    play(page, 10)
    runs = ask(page, server, f"?step={step(page)}")["runs"]
    assert len({run["loss"] for run in runs}) == 2
    shown = [float(text) for text in rows.locator("td:nth-of-type(1)").all_inner_texts()]
    assert [abs(a - run["loss"]) < 1e-2 * max(1, run["loss"]) for a, run in zip(shown, runs, strict=True)] == [True] * 2
    page.get_by_role("button", name="What to do with run 1").click()
    page.get_by_role("button", name="Remove: run 1").click()
    expect(rows).to_have_count(1)
    assert [run["name"] for run in ask(page, server)["runs"]] == ["run 2"]


def test_an_example_replaces_what_is_set_up_and_undo_brings_it_back(page: Page, server: str) -> None:
    open_descent(page, server)
    before = ask(page, server)["recipe"]
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("button", name="Four starts, four minima").click()
    expect(page.locator("#examples")).to_be_hidden()
    expect(page.locator("#subject")).to_contain_text("Himmelblau")
    expect(page.locator("#readouts tbody tr")).to_have_count(4)
    play(page, 60)
    ends = {tuple(round(value) for value in run["parameters"]) for run in ask(page, server)["runs"]}
    assert len(ends) == 4
    page.locator("#undo").click()
    expect(page.locator("#subject")).to_contain_text("Line fit")
    settled(page)
    assert ask(page, server)["recipe"] == before


def test_a_table_of_ones_own_is_fitted(page: Page, server: str, tmp_path: Path) -> None:
    file = tmp_path / "grades.csv"
    file.write_text("hours,grade\n1,2.0\n2,2.5\n3,3.5\n4,4.5\n5,4.8\n")
    open_descent(page, server)
    page.get_by_text("Your own table (CSV)").click()
    page.get_by_label("CSV file").set_input_files(file)
    until(page, lambda: ask(page, server)["recipe"]["problem"]["dataset"]["kind"] == "uploaded")
    settled(page)
    assert ask(page, server, "/data")["X"] == [[1, 2, 3, 4, 5]]
    expect(page.locator("#fit")).to_contain_text("hours")
    expect(page.locator("#fit")).to_contain_text("grade")


def test_what_is_wrong_in_a_table_is_said_where_it_is_chosen(
    page: Page, server: str, tmp_path: Path, complaints: Complaints
) -> None:
    file = tmp_path / "broken.csv"
    file.write_text("hours,grade\n1,2.0\n2,many\n")
    open_descent(page, server)
    before = session_id(page), ask(page, server)["recipe"]
    page.get_by_text("Your own table (CSV)").click()
    page.get_by_label("CSV file").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("Row 3")
    expect(page.get_by_role("alert")).to_contain_text("grade")
    complaints.expect("422")
    assert (session_id(page), ask(page, server)["recipe"]) == before
