"""Learning-rate schedules: values worked out by hand, and what holds for all of them."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from latex2mathml.converter import convert

from app.engine.schedules import (
    SCHEDULES,
    Constant,
    Cosine,
    Exponential,
    InverseTime,
    LinearWarmup,
    Schedule,
    StepDecay,
)
from app.texts import texts

every_schedule = pytest.mark.parametrize("kind", SCHEDULES, ids=lambda kind: kind.__name__)

# Of η = 0.8, worked out by hand: k steps done, the rate of the next one.
BY_HAND: list[tuple[Schedule, dict[int, float]]] = [
    (Constant(), {0: 0.8, 10**15: 0.8}),
    (StepDecay(factor=0.5, every=10), {0: 0.8, 9: 0.8, 10: 0.4, 19: 0.4, 20: 0.2, 35: 0.1}),
    (Exponential(factor=0.1), {0: 0.8, 1: 0.08, 3: 0.0008}),
    (InverseTime(decay=0.5), {0: 0.8, 2: 0.4, 6: 0.2}),
    (Cosine(steps=12, final=0.2), {0: 0.8, 4: 0.65, 6: 0.5, 8: 0.35, 12: 0.2, 13: 0.2, 10**9: 0.2}),
    (LinearWarmup(steps=4), {0: 0.2, 1: 0.4, 2: 0.6, 3: 0.8, 4: 0.8, 10**9: 0.8}),
]


@pytest.mark.parametrize(("schedule", "rates"), BY_HAND, ids=[schedule.kind for schedule, _ in BY_HAND])
def test_rates_are_those_worked_out_by_hand(schedule: Schedule, rates: dict[int, float]) -> None:
    assert {step: schedule.rate(0.8, step) for step in rates} == pytest.approx(rates, rel=1e-14)


def test_every_schedule_was_worked_out_by_hand() -> None:
    assert [type(schedule) for schedule, _ in BY_HAND] == list(SCHEDULES)


@every_schedule
def test_no_step_number_makes_a_rate_negative_infinite_or_larger_than_asked(kind: Callable[[], Any]) -> None:
    for step in (0, 1, 57, 199, 200, 10**6, 10**15):
        assert 0.0 <= kind().rate(3.0, step) <= 3.0


@every_schedule
def test_only_a_constant_schedule_says_so(kind: Callable[[], Any]) -> None:
    schedule = kind()
    assert schedule.is_constant == (len({schedule.rate(1.0, step) for step in range(1000)}) == 1)


@every_schedule
def test_formula_reference_and_texts_can_be_shown(kind: Callable[[], Any]) -> None:
    schedule = kind()
    assert convert(schedule.formula).startswith("<math")
    assert len(schedule.reference) > 10
    words = texts()
    assert {f"schedule.{schedule.kind}.title", f"schedule.{schedule.kind}.summary"} <= words.keys()
    for name in {field.name for field in fields(schedule)} - {"kind"}:
        assert words.keys() & {f"schedule.{schedule.kind}.{name}", f"field.{name}"}
