"""What is counted, read by the library that others read Prometheus's format with."""

import os
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.metrics import Metrics, gauge, statuses

ROUTES = [("GET", "/things/{id}"), ("POST", "/things")]


def told(metrics: Metrics) -> dict[str, float]:
    """Values by name and labels, as they would be written."""
    families = text_string_to_metric_families("\n".join([*metrics.exposition(), ""]))
    return {
        f"{sample.name}{dict(sorted(sample.labels.items())) or ''}": sample.value
        for family in families
        for sample in family.samples
    }


def test_requests_are_counted_by_method_route_and_status_and_timed() -> None:
    metrics = Metrics(ROUTES)
    for seconds, status in ((0.001, 200), (0.002, 200), (0.3, 404), (60.0, 503)):
        metrics.observe_request("GET", "/things/{id}", status, seconds)
    found = told(metrics)
    name, labels = "descent_http_request_duration_seconds", {"method": "GET", "route": "/things/{id}"}
    assert found[f"descent_http_requests_total{dict(labels, status='200')}"] == 2
    assert found[f"descent_http_requests_total{dict(labels, status='503')}"] == 1
    bounds = ("0.001", "0.0025", "0.5", "5.0", "+Inf")
    at_most = {bound: found[f"{name}_bucket{dict({'le': bound}, **labels)}"] for bound in bounds}
    assert at_most == {"0.001": 1, "0.0025": 2, "0.5": 3, "5.0": 3, "+Inf": 4}
    assert found[f"{name}_count{labels}"] == 4
    assert found[f"{name}_sum{labels}"] == pytest.approx(60.303)


def test_what_nobody_knows_is_counted_together_so_that_no_client_makes_the_answer_grow() -> None:
    metrics = Metrics(ROUTES)
    before = len(metrics.exposition())
    for n in range(100):
        metrics.observe_request(f"BREW{n}", f"/secret{n}", 405, 0.001)
    found = told(metrics)
    assert found["descent_http_requests_total{'method': 'other', 'route': 'unmatched', 'status': '405'}"] == 100
    assert len(metrics.exposition()) < before + 20
    assert not any("secret" in name for name in found)


def test_names_are_as_prometheus_wants_them() -> None:
    metrics = Metrics(ROUTES)
    assert len({family.name for family in metrics.families}) == len(metrics.families)
    for family in metrics.families:
        assert re.fullmatch(r"descent_[a-z_]+", family.name)
        assert family.name.endswith("_total") == (family.kind == "counter")
        assert family.name.endswith("_seconds") == (family.kind == "histogram")
        assert family.help.endswith(".")


def test_every_status_of_the_error_tree_is_known() -> None:
    assert {200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 413, 415, 421, 422, 429, 431, 500, 503} <= set(statuses())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is one worker alone where processes cannot be forked")
def test_whichever_worker_is_asked_tells_the_sum_of_all_and_one_that_follows_goes_on_counting() -> None:
    metrics = Metrics(workers=2)
    metrics.be_worker(0)
    metrics.steps.add(5)
    for _ in range(2):  # a worker, and the one that takes its place
        pid = os.fork()
        if pid == 0:
            metrics.be_worker(1)
            metrics.steps.add(7)
            metrics.sessions_live.set(3)
            os._exit(0)
        os.waitpid(pid, 0)
    found = told(metrics)
    assert found["descent_steps_total"] == 19
    assert found["descent_sessions_live"] == 3


def test_a_number_known_only_now_is_a_gauge() -> None:
    (family,) = text_string_to_metric_families("\n".join([*gauge("a_b", "Of b.", 3, {"c": "d"}), ""]))
    (sample,) = family.samples
    assert (family.type, family.documentation, sample.labels, sample.value) == ("gauge", "Of b.", {"c": "d"}, 3)
