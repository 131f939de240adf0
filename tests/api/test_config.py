"""What is in force, and how it is changed: events, restarts, values by hand."""

from typing import Any

import pytest

from app.settings import Settings
from tests.service import Handle, Json, Service

RACE: Json = {
    "runs": [
        {"name": "plain GD", "optimizer": {"learning_rate": 0.1}},
        {"name": "heavy ball", "optimizer": {"kind": "momentum", "learning_rate": 0.02}, "batch_size": 10},
    ]
}


def change(session: Handle, run: str, **what: Any) -> Json:
    return session.patch({"runs": [{"name": run, **what}]})


def events(session: Handle, index: int = 0) -> list[Json]:
    found: list[Json] = session.get()["recipe"]["runs"][index]["events"]
    return found


def test_the_config_is_the_recipe_without_events(service: Service) -> None:
    session = service.start(**RACE, seed=3)
    recipe, config = session.get()["recipe"], session.get("/config")
    assert set(config) == {"seed", "problem", "start", "runs"}
    for run in recipe["runs"]:
        del run["events"]
    assert config == {name: recipe[name] for name in config}


def test_the_config_sent_back_changes_nothing(service: Service) -> None:
    session = service.start(**RACE)
    for _ in range(3):
        before = session.everything()
        assert session.patch(session.get("/config"))["effect"] == "none"
        assert session.everything() == before
        session.step(5)
        change(session, "heavy ball", schedule={"kind": "exponential"}, optimizer={"momentum": 0.5})
        session.step(5)


@pytest.mark.parametrize("body", [{}, {"runs": []}, {"seed": 0}, {"runs": [{"name": "plain GD"}]}])
def test_a_change_of_nothing_has_no_effect(service: Service, body: Json) -> None:
    session = service.start(**RACE)
    session.step(4)
    before = session.everything()
    assert session.patch(body)["effect"] == "none"
    assert session.everything() == before


def test_what_differs_becomes_an_event_at_the_current_step(service: Service) -> None:
    session = service.start(**RACE)
    session.step(40)
    view = change(session, "plain GD", optimizer={"learning_rate": 0.05})
    assert (view["effect"], view["step"], view["lineage"]) == ("event", 40, 0)
    assert view["recipe"]["runs"][0]["events"] == [{"at": 40, "set": {"optimizer": {"learning_rate": 0.05}}}]
    assert view["recipe"]["runs"][0]["optimizer"] == {"kind": "gradient_descent", "learning_rate": 0.1}
    assert view["recipe"]["runs"][1]["events"] == []
    assert session.get("/config")["runs"][0]["optimizer"]["learning_rate"] == 0.05
    assert session.get("/config", step=39)["runs"][0]["optimizer"]["learning_rate"] == 0.1
    assert session.get()["runs"][0]["learning_rate"] == 0.05
    assert session.get(step=39)["runs"][0]["learning_rate"] == 0.1


def test_several_changes_at_one_step_are_one_event(service: Service) -> None:
    session = service.start(**RACE)
    session.step(4)
    change(session, "plain GD", optimizer={"learning_rate": 0.05})
    change(session, "plain GD", batch_size=10)
    change(session, "plain GD", optimizer={"learning_rate": 0.06})
    assert events(session) == [{"at": 4, "set": {"optimizer": {"learning_rate": 0.06}, "batch_size": 10}}]
    change(session, "plain GD", batch_size=None, optimizer={"learning_rate": 0.1})
    assert events(session) == []


def test_objects_merge_and_null_is_a_value(service: Service) -> None:
    session = service.start(**RACE)
    change(session, "heavy ball", optimizer={"momentum": 0.5}, batch_size=None)
    run = session.get("/config")["runs"][1]
    assert run["optimizer"] == {"kind": "momentum", "learning_rate": 0.02, "momentum": 0.5}
    assert run["batch_size"] is None


def test_a_new_kind_replaces_its_object(service: Service) -> None:
    session = service.start(**RACE)
    change(session, "heavy ball", optimizer={"kind": "adam"}, schedule={"kind": "step", "every": 7})
    run = session.get("/config")["runs"][1]
    catalogue = service.get("/catalogue")
    (adam,) = [entry for entry in catalogue["optimizers"] if entry["kind"] == "adam"]
    assert run["optimizer"] == {name: field["default"] for name, field in adam["schema"]["properties"].items()}
    assert run["schedule"] == {"kind": "step", "factor": 0.5, "every": 7}


def test_the_same_kind_or_none_keeps_the_memory_and_another_starts_afresh(service: Service) -> None:
    heavy = {"kind": "momentum", "learning_rate": 0.02}
    sessions = [service.start(runs=[{"optimizer": heavy}]) for _ in range(3)]
    for session, optimizer in zip(
        sessions, ({"learning_rate": 0.02}, heavy, {"kind": "gradient_descent"}), strict=True
    ):
        session.step(10)
        change(session, "run 1", optimizer=optimizer)
    straight = service.start(runs=[{"optimizer": heavy}])
    straight.step(20)
    for session in sessions[:2]:
        session.step(10)
        assert session.get()["runs"] == straight.get()["runs"]
    there_and_back = sessions[2]
    change(there_and_back, "run 1", optimizer=heavy)
    there_and_back.step(10)
    assert there_and_back.get()["runs"] == straight.get()["runs"]  # nothing was stepped in between: nothing forgotten
    there_and_back.post("/rewind", {"step": 10})
    change(there_and_back, "run 1", optimizer={"kind": "gradient_descent", "learning_rate": 1e-9})
    there_and_back.step(1)
    change(there_and_back, "run 1", optimizer=heavy)
    (w, b), gradient = there_and_back.get()["runs"][0]["parameters"], there_and_back.get("/parameters")["gradient"]
    (after,) = there_and_back.step(1)["runs"]
    assert after["parameters"] == pytest.approx([w - 0.02 * gradient["w"], b - 0.02 * gradient["b"]], rel=1e-12)


def test_schedules_count_the_steps_of_the_run_and_do_not_start_again(service: Service) -> None:
    session = service.start()
    session.step(6)
    change(session, "run 1", schedule={"kind": "exponential", "factor": 0.5}, optimizer={"learning_rate": 0.2})
    assert session.get()["runs"][0]["learning_rate"] == 0.2 * 0.5**6


def test_events_ahead_stay_and_happen_when_their_step_comes(service: Service) -> None:
    runs = [{"events": [{"at": 20, "set": {"optimizer": {"learning_rate": 0.01}}}]}]
    session = service.start(runs=runs)
    session.step(10)
    change(session, "run 1", optimizer={"learning_rate": 0.2})
    assert [event["at"] for event in events(session)] == [10, 20]
    session.step(10)
    assert session.get()["runs"][0]["learning_rate"] == 0.01
    assert session.get(step=19)["runs"][0]["learning_rate"] == 0.2


def test_at_step_goes_back_there_first(service: Service) -> None:
    session, drawn = service.start(**RACE), service.start(**RACE)
    session.step(160)
    drawn.step(100)
    what = {"runs": [{"name": "plain GD", "optimizer": {"learning_rate": 0.05}}]}
    view = session.patch({"at_step": 100, **what})
    drawn.patch(what)
    assert (view["effect"], view["step"], view["lineage"]) == ("event", 100, 1)
    for _ in range(2):
        assert session.get()["runs"] == drawn.get()["runs"]
        assert session.get()["recipe"] == drawn.get()["recipe"]
        assert session.get("/trajectory")["runs"] == drawn.get("/trajectory")["runs"]
        session.step(30)
        drawn.step(30)


def test_at_step_is_the_present_where_nothing_lies_beyond(service: Service) -> None:
    session = service.start()
    session.step(10)
    view = session.patch({"at_step": 10, "runs": [{"name": "run 1", "batch_size": 3}]})
    assert (view["effect"], view["lineage"]) == ("event", 0)
    assert session.refused("PATCH", "/config", json={"at_step": 11})["errors"][0]["where"] == "at_step"


def test_a_second_change_at_the_step_that_is_drawn_keeps_the_first(service: Service) -> None:
    session = service.start()
    session.step(100)
    session.patch({"at_step": 50, "runs": [{"name": "run 1", "optimizer": {"learning_rate": 0.05}}]})
    session.step(100)
    session.patch({"at_step": 50, "runs": [{"name": "run 1", "batch_size": 7}]})
    assert events(session) == [{"at": 50, "set": {"optimizer": {"learning_rate": 0.05}, "batch_size": 7}}]


def test_values_by_hand_are_the_step_of_their_run_and_the_others_step_on(service: Service) -> None:
    session, straight = service.start(**RACE), service.start(**RACE)
    session.step(10)
    straight.step(11)
    view = change(session, "plain GD", parameters={"w": 1.0})
    assert (view["effect"], view["step"]) == ("event", 11)
    before = session.get(step=10)["runs"][0]
    run, other = view["runs"]
    assert run["parameters"] == [1.0, before["parameters"][1]]
    assert (run["batch_loss"], run["evaluations"]) == (None, before["evaluations"])
    assert other == straight.get()["runs"][1]
    path = session.get("/trajectory")["runs"][0]["trajectory"]
    assert path["step"] == list(range(12))
    assert path["x"][10:] == [before["parameters"][0], 1.0]


def test_values_by_hand_and_settings_may_come_together(service: Service) -> None:
    session = service.start()
    session.step(3)
    change(session, "run 1", parameters={"w": 1.0, "b": 0.0}, optimizer={"learning_rate": 0.05})
    assert events(session) == [
        {"at": 3, "set": {"optimizer": {"learning_rate": 0.05}, "parameters": {"w": 1.0, "b": 0.0}}}
    ]
    assert session.get()["runs"][0]["parameters"] == [1.0, 0.0]


def test_by_hand_a_parameter_is_given_whole_or_by_its_address(service: Service) -> None:
    session = service.start("two_layer_linear")
    whole = [[1.0, 2.0], [3.0, 4.0]]
    change(session, "run 1", parameters={"W1": whole, "b1[1]": 5.0, "w2[0]": 6.0, "b2": 7.0})
    values = session.get("/parameters")["values"]
    before = session.get("/parameters", step=0)["values"]
    assert values == {
        "W1": whole,
        "b1": [before["b1"][0], [5.0]],
        "w2": [[6.0, before["w2"][0][1]]],
        "b2": 7.0,
    }
    change(session, "run 1", parameters={"W1[0,1]": -2.0})
    assert session.get("/parameters")["values"] == values | {"W1": [[1.0, -2.0], [3.0, 4.0]]}


def test_values_by_hand_at_an_earlier_step_go_back_there(service: Service) -> None:
    session = service.start()
    session.step(30)
    view = session.patch({"at_step": 12, "runs": [{"name": "run 1", "parameters": {"b": 0.25}}]})
    assert (view["effect"], view["step"], view["lineage"]) == ("event", 13, 1)
    assert view["runs"][0]["parameters"][1] == 0.25


def test_values_by_hand_that_lie_ahead_already_take_their_step_when_set_again(service: Service) -> None:
    session = service.start()
    change(session, "run 1", parameters={"w": 0.0})
    assert session.patch({"at_step": 0})["step"] == 0
    view = change(session, "run 1", parameters={"w": 0.0})
    assert (view["effect"], view["step"]) == ("event", 1)


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ({"seed": 7}, [7, "line", {"w": -2.0, "b": 3.0}]),
        ({"start": {"values": {"w": 0.5}}}, [0, "line", {"w": 0.5, "b": 3.0}]),
        ({"problem": {"dataset": {"noise": 0.1}}}, [0, "line", {"w": -2.0, "b": 3.0}]),
        ({"problem": {"dataset": {"kind": "hubble"}}}, [0, "hubble", {"w": -2.0, "b": 3.0}]),
    ],
)
def test_seed_problem_data_and_start_restart(service: Service, body: Json, effect: list[Any]) -> None:
    session = service.start(**RACE)
    session.step(10)
    change(session, "plain GD", optimizer={"learning_rate": 0.05})
    session.step(10)
    view = session.patch(body)
    assert (view["effect"], view["step"], view["lineage"]) == ("restart", 0, 1)
    recipe = view["recipe"]
    assert [recipe["seed"], recipe["problem"]["dataset"]["kind"], recipe["start"]["values"]] == effect
    assert recipe["runs"][0]["optimizer"]["learning_rate"] == 0.05
    assert [run["events"] for run in recipe["runs"]] == [[], []]
    fresh = service.start(**recipe)
    session.step(20)
    fresh.step(20)
    assert session.get()["runs"] == fresh.get()["runs"]


def test_a_start_that_does_not_fit_another_model_gives_way_to_its_own(service: Service) -> None:
    session = service.start(runs=[{}, {"start": {"values": {"w": 1, "b": 1}}}])
    recipe = session.patch({"problem": {"kind": "two_layer_sigmoid"}})["recipe"]
    own = service.start("two_layer_sigmoid").get()["recipe"]
    assert (recipe["problem"], recipe["start"]) == (own["problem"], own["start"])
    assert "start" not in recipe["runs"][1]


def test_another_function_replaces_the_constants_of_the_first(service: Service) -> None:
    session = service.start("function", problem={"name": "quadratic_bowl", "kappa": 5})
    assert session.patch({"problem": {"kappa": 7}})["recipe"]["problem"]["kappa"] == 7
    for problem in ({"name": "booth"}, {"kind": "function", "name": "himmelblau"}):
        view = session.patch({"problem": problem})
        assert (view["effect"], view["recipe"]["problem"]) == ("restart", {"kind": "function", **problem})


def test_a_start_of_one_run_restarts_too(service: Service) -> None:
    session = service.start(**RACE)
    session.step(3)
    view = change(session, "heavy ball", start={"kind": "zeros"})
    assert (view["effect"], view["step"]) == ("restart", 0)
    assert [run["parameters"] for run in view["runs"]] == [[-2.0, 3.0], [0.0, 0.0]]


def test_a_restart_keeps_the_events_that_lie_ahead(service: Service) -> None:
    ahead = [{"at": at, "set": {"optimizer": {"learning_rate": at / 100}}} for at in (5, 15)]
    session = service.start(runs=[{"events": ahead}])
    session.step(10)
    run = session.patch({"seed": 1})["recipe"]["runs"][0]
    assert (run["optimizer"]["learning_rate"], run["events"]) == (0.05, ahead[1:])


def test_a_run_is_renamed_and_nothing_else(service: Service) -> None:
    session = service.start(**RACE)
    session.step(5)
    before = session.get()
    view = change(session, "plain GD", rename="GD, η = 0.1")
    assert (view["effect"], view["lineage"]) == ("none", 0)
    assert [run["name"] for run in view["runs"]] == ["GD, η = 0.1", "heavy ball"]
    assert view["runs"][0] | {"name": "plain GD"} == before["runs"][0]
    service.restart()
    assert session.get() == {name: value for name, value in view.items() if name != "effect"}
    swap = {"runs": [{"name": "heavy ball", "rename": "GD, η = 0.1"}, {"name": "GD, η = 0.1", "rename": "heavy ball"}]}
    assert [run["name"] for run in session.patch(swap)["runs"]] == ["heavy ball", "GD, η = 0.1"]


def test_a_diverged_run_takes_its_event_where_it_stands_and_catches_up(service: Service) -> None:
    session = service.start(runs=[{"name": "wild", "optimizer": {"learning_rate": 3.0}}, {"name": "calm"}])
    session.step(200)
    last = session.get()["runs"][0]["step"]
    assert last < 100
    view = change(session, "wild", optimizer={"learning_rate": 0.05})
    assert (view["effect"], view["step"], view["lineage"]) == ("event", 200, 0)
    assert (view["runs"][0]["status"], view["runs"][0]["step"]) == ("running", last)
    assert events(session) == [{"at": last, "set": {"optimizer": {"learning_rate": 0.05}}}]
    delta = session.step(10)
    assert ([run["step"] for run in delta["runs"]], delta["steps_taken"]) == ([210, 210], 10)
    again = service.start(**session.get()["recipe"])
    again.step(210)
    assert again.get()["runs"] == session.get()["runs"]
    assert again.get("/trajectory")["runs"] == session.get("/trajectory")["runs"]


def test_a_change_of_another_run_does_not_revive_a_diverged_one(service: Service) -> None:
    session = service.start(runs=[{"name": "wild", "optimizer": {"learning_rate": 3.0}}, {"name": "calm"}])
    session.step(200)
    view = change(session, "calm", batch_size=10)
    assert view["runs"][0]["status"] == "diverged"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"runs": [{"name": "nobody"}]}, "runs[0].name"),
        ({"runs": [{"name": "plain GD"}, {"name": 5}]}, "runs[1].name"),
        ({"runs": [{"optimizer": {}}]}, "runs[0].name"),
        ({"runs": {"plain GD": {}}}, "runs"),
        ({"runs": ["plain GD"]}, "runs"),
        ({"runs": None}, "runs"),
        ({"runs": [{"name": "heavy ball", "optimizer": {"learning_rate": -1}}]}, "runs[0].optimizer.learning_rate"),
        ({"runs": [{"name": "heavy ball", "optimizer": {"beta1": 0.5}}]}, "runs[0].optimizer.beta1"),
        ({"runs": [{"name": "heavy ball", "optimizer": None}]}, "runs[0].optimizer.kind"),
        ({"runs": [{"name": "heavy ball", "optimizer": {"learning_rate": 10**30}}]}, "runs[0].optimizer.learning_rate"),
        ({"runs": [{"name": "heavy ball", "events": []}]}, "runs[0].events"),
        ({"runs": [{"name": "heavy ball", "lr": 1}]}, "runs[0].lr"),
        ({"runs": [{"name": "heavy ball", "rename": "plain GD"}]}, "runs[0].name"),
        ({"runs": [{"name": "heavy ball", "rename": None}]}, "runs[0].rename"),
        ({"runs": [{"name": "heavy ball", "rename": ""}]}, "runs[0].rename"),
        ({"runs": [{"name": "heavy ball", "parameters": {}}]}, "runs[0].parameters"),
        ({"runs": [{"name": "heavy ball", "parameters": [1, 2]}]}, "runs[0].parameters"),
        ({"runs": [{"name": "heavy ball", "parameters": {"q": 1}}]}, "runs[0].parameters.q"),
        ({"runs": [{"name": "heavy ball", "parameters": {"q" * 41: 1}}]}, "runs[0].parameters.…"),
        ({"runs": [{"name": "heavy ball", "parameters": {"w": [1, 2]}}]}, "runs[0].parameters.w"),
        ({"runs": [{"name": "heavy ball", "parameters": {"w": "1"}}]}, "runs[0].parameters.w"),
        ({"runs": [{"name": "heavy ball", "parameters": {"w": True}}]}, "runs[0].parameters.w"),
        ({"runs": [{"name": "heavy ball", "parameters": {"w": None}}]}, "runs[0].parameters.w"),
        ({"runs": [{"name": "heavy ball", "parameters": {"w": 1e308}}]}, "runs[0].parameters"),
        ({"runs": [{"name": "heavy ball", "parameters": {"w": 1}}], "seed": 7}, "runs[0].parameters"),
        ({"seed": 10**30}, "seed"),
        ({"sed": 1}, "sed"),
        ({"format": 2}, "format"),
        ({"lineage": 0}, "lineage"),
        ({"problem": None}, "problem.kind"),
        ({"problem": {"kind": "nothing"}}, "problem.kind"),
        ({"problem": {"dataset": {"samples": 1}}}, "problem.dataset.samples"),
        ({"problem": {"dataset": {"kind": "plane"}}}, "problem.dataset"),
        ({"problem": {"dataset": {"kind": "uploaded", "id": "A" * 22}}}, "problem.dataset.id"),
        ({"start": {"values": {"w": 1e308}}}, "start"),
        ({"start": {"values": {"w": "1"}}}, "start.values.w"),
        ({"start": {"kind": "values", "values": {"w": 1, "b": 2, "c": 3}}}, "start.values.c"),
        ({"at_step": -1}, "at_step"),
        ({"at_step": 1.0}, "at_step"),
        ({"at_step": True}, "at_step"),
        ({"at_step": 10**30}, "at_step"),
        ({"at_step": None}, "at_step"),
    ],
)
def test_what_cannot_be_changed_is_named_and_leaves_the_session_alone(service: Service, body: Json, where: str) -> None:
    session = service.start(**RACE)
    session.step(8)
    problem = session.refused("PATCH", "/config", json=body)
    assert [error["where"] for error in problem["errors"]] == [where]


def test_an_event_too_many_is_refused(new_service: Any) -> None:
    session = new_service(Settings(max_events_per_run=3)).start()
    for count in range(3):
        change(session, "run 1", optimizer={"learning_rate": 0.01 * (count + 1)})
        session.step()
    body = {"runs": [{"name": "run 1", "batch_size": 5}]}
    assert session.refused("PATCH", "/config", json=body)["errors"][0]["problem"] == "must have at most 3 entries"
