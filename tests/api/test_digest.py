"""The digest, worked out again from what a client reads."""

from hashlib import blake2b
from math import cos
from struct import pack

import pytest

from tests.service import Service

NETWORK = {"kind": "network", "dataset": {"kind": "xor"}, "hidden": [3, 2], "loss": "binary_cross_entropy"}


def flat(values: object) -> list[float]:
    return [number for part in values for number in flat(part)] if isinstance(values, list) else [float(str(values))]


@pytest.mark.parametrize("problem", [{"kind": "univariate_regression"}, NETWORK])
def test_a_client_can_work_out_the_digest_from_the_parameters(service: Service, problem: dict[str, object]) -> None:
    session = service.start(problem=problem, runs=[{"name": "a"}, {"name": "b", "batch_size": 5}])
    session.step(12)
    view = session.get(step=7)
    names = [parameter["name"] for parameter in view["parameters"]]
    thetas = []
    for run in ("a", "b"):
        values = session.get("/parameters", run=run, step=7)["values"]
        thetas.append([number for name in names for number in flat(values[name])])
    packed = b"".join(pack("<d", number) for theta in thetas for number in theta)
    assert view["digest"]["exact"] == blake2b(packed, digest_size=8).hexdigest()
    for run, theta, (loss, weighted) in zip(view["runs"], thetas, view["digest"]["near"], strict=True):
        assert loss == pytest.approx(run["loss"], rel=1e-11)
        assert weighted == pytest.approx(sum(cos(i) * value for i, value in enumerate(theta)), abs=1e-10)


def test_the_digest_is_the_same_however_the_steps_were_cut_and_another_after_a_step(service: Service) -> None:
    one, other = service.start(), service.start()
    one.step(20)
    for _ in range(4):
        other.step(5)
    assert one.get()["digest"] == other.get()["digest"]
    assert one.get(step=19)["digest"] != one.get()["digest"]
