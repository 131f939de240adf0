"""What calls cost the server, against the goals: `make bench`."""

import asyncio

from tests.benchmarks.service_cost import LINE, WIDE_LINE, poll_costs, step_cost, surface_cost
from tests.benchmarks.service_overhead import GOALS, measured, ratios


def test_a_thousand_steps_in_one_call_cost_at_most_twelve_microseconds_each() -> None:
    assert asyncio.run(step_cost()) <= 12.0


def test_a_surface_of_a_line_fit_takes_at_most_a_millisecond_however_many_the_examples() -> None:
    for problem in (LINE, WIDE_LINE):
        assert asyncio.run(surface_cost(problem)) <= 1000.0


def test_what_is_asked_for_most_costs_as_many_bare_endpoints_as_were_allowed() -> None:
    found = ratios(*measured())
    assert {key: ratio for key, ratio in found.items() if ratio > GOALS.get(key, ratio)} == {}


def test_a_poll_costs_little_more_than_a_bare_endpoint() -> None:
    costs = asyncio.run(poll_costs())
    bare = costs.pop("bare endpoint")
    for name, cost in costs.items():
        most = 1.0 if "not modified" in name or "as many ask" in name else 4.0
        assert cost <= most * bare, name
