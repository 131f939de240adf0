"""Any sequence of calls against a simple model of a session: steps, lineage, statuses, configs and numbers agree.

`make fuzz` tries longer ones.
"""

import copy
from os import environ
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.api.model import START, Change, Constants, Invalid, Part, Run, Session, X, Y, as_json
from tests.service import Json, Service

USUAL = 25
EXAMPLES = int(environ.get("FUZZ_EXAMPLES", USUAL))
OPERATIONS_EACH = 30

RATES = st.sampled_from([0.01, 0.05, 0.1, 0.2, 3.0])  # the last diverges
SIZES = st.sampled_from([None, 1, 2, 4, 6, 7])
PARTS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["gradient_descent", "momentum"]),
        "rate": RATES,
        "momentum": st.sampled_from([0.0, 0.5]),
        "size": SIZES,
    },
)
VALUES = st.sampled_from([None, -1.0, 0.0, 2.5])
BY_HAND = st.one_of(st.none(), st.none(), st.tuples(VALUES, VALUES).filter(lambda pair: pair != (None, None)))
STEPS = st.integers(1, 12)
PICK = st.integers(0, 10**6)
MOST_RUNS = 4


def assert_close(got: Any, wanted: Any) -> None:
    scale = max(1.0, float(np.abs(wanted).max()))
    assert np.abs(np.asarray(got) - np.asarray(wanted)).max() <= 1e-9 * scale, (got, wanted)


def event_json(change: Change) -> Json:
    by_hand = dict(zip(("w", "b"), change.by_hand or (), strict=False))
    values = {name: value for name, value in by_hand.items() if value is not None}
    return as_json(change.part) | ({"parameters": values} if values else {})


class SessionMachine(RuleBasedStateMachine):
    """`session` is the real one, `model` what it has to be like."""

    service: Service

    @initialize(
        seed=st.integers(0, 3), own=st.lists(PARTS, min_size=1, max_size=2), ahead=st.dictionaries(STEPS, PARTS)
    )
    def begin(self, seed: int, own: list[Part], ahead: dict[int, Part]) -> None:
        runs, started = [], []
        for number, one_part in enumerate(own, 1):
            part = {name: value for name, value in one_part.items() if name != "momentum"}
            constants = Constants().merged(part)
            events = {at: Change(one) for at, one in ahead.items() if one and "momentum" not in one and number == 1}
            runs.append(Run(f"run {number}", constants, seed, START, events))
            in_order = [{"at": at, "set": as_json(one.part)} for at, one in events.items()]
            started.append({**as_json(part), "events": in_order})
        self.seed, self.model, self.version, self.added = seed, Session(runs), 0, 0
        dataset = {"kind": "inline", "X": X.tolist(), "y": Y[0].tolist()}
        start = {"kind": "values", "values": {"w": START[0], "b": START[1]}}
        self.session = self.service.start(problem={"dataset": dataset}, start=start, seed=seed, runs=started)

    def run(self, pick: int) -> Run:
        return self.model.runs[pick % len(self.model.runs)]

    def refused(self, method: str, call: str, body: Json, status: int = 422) -> None:
        self.session.refused(method, call, status, json=body)

    @rule(steps=STEPS)
    def step(self, steps: int) -> None:
        delta = self.session.step(steps)
        assert delta["steps_taken"] == self.model.step(steps)

    @rule(steps=STEPS, back=STEPS)
    def retry(self, steps: int, back: int) -> None:
        cursor = max(0, self.model.clock - back)
        missing = max(0, cursor + steps - self.model.clock)
        delta = self.session.step(steps, from_step=cursor, lineage=self.model.lineage)
        assert delta["steps_taken"] == (self.model.step(missing) if missing else 0)
        for run, shown in zip(self.model.runs, delta["runs"], strict=True):
            assert shown["trajectory"]["step"] == list(range(cursor + 1, run.step + 1))

    @rule(ahead=STEPS)
    def stale(self, ahead: int) -> None:
        self.refused("POST", "/step", {"from_step": self.model.clock + ahead}, 409)
        self.refused("POST", "/step", {"lineage": self.model.lineage + ahead}, 409)

    @rule(pick=PICK, part=PARTS, by_hand=BY_HAND, back=st.integers(0, 8), rename=st.booleans())
    def change(self, pick: int, part: Part, by_hand: Any, back: int, rename: bool) -> None:
        at_step = max(0, self.model.clock - back)
        run = self.run(pick)
        entry = {"name": run.name, **event_json(Change(part, by_hand))}
        if rename:
            self.added += 1
            entry["rename"] = f"renamed {self.added}"
        body = {"runs": [entry], **({"at_step": at_step} if back else {})}
        expected = copy.deepcopy(self.model)
        try:
            changed = expected.change(expected.runs[self.model.runs.index(run)], part, by_hand, at_step)
        except Invalid:
            self.refused("PATCH", "/config", body)
            return
        if rename:
            expected.runs[self.model.runs.index(run)].name = f"renamed {self.added}"
        self.model = expected
        assert self.session.patch(body)["effect"] == ("event" if changed else "none")

    @rule(part=PICK)
    def the_config_sent_back_changes_nothing(self, part: int) -> None:
        before = self.session.everything()
        assert self.session.patch(self.session.get("/config"))["effect"] == "none"
        assert self.session.everything() == before

    @rule(pick=PICK)
    def an_earlier_recipe_is_taken_up(self, pick: int) -> None:
        step = pick % (self.model.clock + 1)
        recipe = self.session.get()["recipe"]
        for run in recipe["runs"]:
            run["events"] = [event for event in run["events"] if event["at"] < step]
        self.session.post("/recipe", recipe)
        self.model.drop_events(step)

    @rule(pick=PICK)
    def rewind(self, pick: int) -> None:
        step = pick % (self.model.clock + 1)
        self.session.post("/rewind", {"step": step})
        self.model.rewind(step)

    @rule(start=st.one_of(st.none(), st.tuples(st.floats(-3, 3), st.floats(-3, 3))))
    def reset(self, start: tuple[float, float] | None) -> None:
        values = {"start": {"values": {"w": start[0], "b": start[1]}}} if start else {}
        self.session.post("/reset", values)
        self.model.reset(start)

    @precondition(lambda self: len(self.model.runs) < MOST_RUNS)
    @rule(part=PARTS)
    def add(self, part: Part) -> None:
        self.added += 1
        name = f"added {self.added}"
        try:
            constants = Constants().merged(part)
        except Invalid:
            self.refused("POST", "/runs", {"name": name, **as_json(part)})
            return
        start = self.session.get()["recipe"]["start"]["values"]
        self.session.post("/runs", {"name": name, **as_json(part)})
        self.model.add(Run(name, constants, self.seed, (start["w"], start["b"])))

    @precondition(lambda self: len(self.model.runs) < MOST_RUNS)
    @rule(pick=PICK, at=PICK, part=PARTS, by_hand=BY_HAND)
    def fork(self, pick: int, at: int, part: Part, by_hand: Any) -> None:
        self.added += 1
        source = self.run(pick)
        step, name, change = at % (source.step + 1), f"added {self.added}", Change(part, by_hand)
        body = {"name": name, "fork": {"run": source.name, "step": step}, **event_json(change)}
        expected = copy.deepcopy(self.model)
        try:
            expected.fork(expected.runs[self.model.runs.index(source)], step, name, change)
        except Invalid:
            self.refused("POST", "/runs", body)
            return
        self.session.post("/runs", body)
        self.model = expected

    @precondition(lambda self: len(self.model.runs) > 1)
    @rule(pick=PICK)
    def remove(self, pick: int) -> None:
        run = self.run(pick)
        reply = self.service.call("DELETE", f"{self.session.path}/runs/{run.name}")
        assert reply.status_code == 200
        self.model.remove(run)

    @rule()
    def restart_the_process(self) -> None:
        before = self.session.everything()
        self.service.restart()
        assert self.session.everything() == before

    @rule()
    def start_again_from_the_recipe(self) -> None:
        again = self.service.start(**self.session.get()["recipe"])
        if self.model.clock:
            again.reach(self.model.clock)
        mine, others = (one.get("/trajectory")["runs"] for one in (self.session, again))
        for run, one, other in zip(self.model.runs, mine, others, strict=True):
            if run.step == other["step"] and run.diverged == (other["status"] == "diverged"):
                assert one == other
            for name in ("loss", "x", "y"):
                length = run.step + 1
                assert one["trajectory"][name] == other["trajectory"][name][:length]

    @rule(pick=PICK, which=PICK)
    def look_at_an_earlier_step(self, pick: int, which: int) -> None:
        step = pick % (self.model.clock + 1)
        view, config = self.session.get(step=step), self.session.get("/config", step=step)
        run = self.run(which)
        index, stood = self.model.runs.index(run), min(step, run.step)
        shown = view["runs"][index]
        assert (view["step"], shown["step"]) == (step, stood)
        assert_close(shown["parameters"], run.points[stood].theta)
        assert config["runs"][index]["optimizer"]["learning_rate"] == run.constants(stood).rate
        assert shown["learning_rate"] == run.constants(stood).rate
        values = self.session.get("/parameters", step=step, run=run.name)["gradient"]
        assert_close([values["w"], values["b"]], run.points[stood].gradient())

    @rule(wrong=st.sampled_from([{"steps": 0}, {"step": 1}, {"steps": 1.5}, {"until": {"loss": "x"}}]))
    def send_what_is_wrong(self, wrong: Json) -> None:
        self.refused("POST", "/step", wrong)

    @invariant()
    def the_session_is_what_the_model_says(self) -> None:
        view = self.session.get()
        assert (view["step"], view["lineage"]) == (self.model.clock, self.model.lineage)
        assert view["version"] >= self.version
        self.version = view["version"]
        assert [run["name"] for run in view["runs"]] == [run.name for run in self.model.runs]
        config = self.session.get("/config")
        paths = self.session.get("/trajectory")["runs"]
        for run, shown, in_force, path in zip(self.model.runs, view["runs"], config["runs"], paths, strict=True):
            assert shown["step"] == run.step
            assert (shown["status"] == "diverged") == run.diverged
            constants = run.constants(run.step)
            assert in_force["optimizer"]["learning_rate"] == constants.rate
            assert (in_force["optimizer"]["kind"], in_force["batch_size"]) == (constants.kind, constants.size)
            here = run.points[-1]
            assert shown["epoch"] == here.epoch + here.offset / 6
            drawn = path["trajectory"]
            assert drawn["step"] == list(range(run.step + 1))
            for step, point in enumerate(run.points):
                assert_close([drawn["x"][step], drawn["y"][step]], point.theta)
                assert_close(drawn["loss"][step], point.loss)


def test_any_sequence_of_calls_agrees_with_a_simple_model(service: Service) -> None:
    class Machine(SessionMachine):
        pass

    Machine.service = service
    sizes = settings(max_examples=EXAMPLES, stateful_step_count=OPERATIONS_EACH, derandomize=EXAMPLES <= USUAL)
    run_state_machine_as_test(Machine, settings=settings(sizes, suppress_health_check=list(HealthCheck)))
