"""Data, parameters and predictions."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.settings import Settings
from tests.api.naive import matrices
from tests.service import Json, Service


def inline(features: int, examples: int, seed: int = 0, **more: Any) -> Json:
    rng = np.random.default_rng(seed)
    X, y = rng.normal(3.0, 2.0, (features, examples)), rng.normal(size=examples)
    return {"kind": "inline", "X": X.tolist(), "y": y.tolist(), **more}


def sigmoid_net(values: dict[str, Any], X: Any) -> Any:
    W1, b1, w2, b2 = matrices(values).values()
    return w2 @ (1 / (1 + np.exp(-(W1 @ X + b1)))) + b2


def test_data_come_back_as_they_were_sent(service: Service) -> None:
    dataset = inline(2, 9, x_names=["height", "age"], y_names=["weight"])
    shown = service.start("multivariate_regression", problem={"dataset": dataset}).get("/data")
    assert shown == {
        "X": dataset["X"],
        "y": [dataset["y"]],
        "x_names": ["height", "age"],
        "y_names": ["weight"],
        "classes": None,
        "truth": None,
        "test": [],
        "scaling": None,
    }


def test_what_generated_the_data_is_told(service: Service) -> None:
    shown = service.start(problem={"dataset": {"slope": 3.0, "intercept": 0.5, "noise": 0.0}}).get("/data")
    assert shown["truth"] == {"w": 3.0, "b": 0.5}
    assert np.allclose(shown["y"][0], 3.0 * np.array(shown["X"][0]) + 0.5, rtol=1e-14, atol=1e-14)
    assert (shown["x_names"], shown["y_names"]) == (["x"], ["y"])


def test_test_examples_are_a_permutation_of_the_seed(service: Service) -> None:
    session = service.start(problem={"dataset": {"samples": 40, "test_fraction": 0.25, "seed": 6}})
    order = np.random.default_rng([6, 4, 0]).permutation(40)
    assert session.get("/data")["test"] == sorted(order[:10].tolist())


def test_data_are_never_rescaled_silently(service: Service) -> None:
    dataset = inline(2, 30)
    plain = service.start("multivariate_regression", problem={"dataset": dataset})
    scaled = service.start("multivariate_regression", problem={"dataset": dataset | {"standardize": True}})
    assert plain.get("/data")["scaling"] is None
    assert "raw_values" not in plain.get("/parameters")
    X = np.array(dataset["X"])
    shown = scaled.get("/data")
    assert shown["X"] == dataset["X"]
    assert np.allclose(shown["scaling"]["mean"], X.mean(axis=1), rtol=1e-14)
    assert np.allclose(shown["scaling"]["deviation"], X.std(axis=1), rtol=1e-14)


def test_parameters_of_standardized_data_are_told_in_both_scales(service: Service) -> None:
    dataset = inline(2, 30, standardize=True)
    session = service.start("multivariate_regression", problem={"dataset": dataset})
    session.step(50)
    shown = session.get("/parameters")
    X = np.array(dataset["X"])
    scaled = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
    w, b = matrices(shown["values"]).values()
    raw_w, raw_b = matrices(shown["raw_values"]).values()
    assert np.allclose(w @ scaled + b, raw_w @ X + raw_b, rtol=1e-12, atol=1e-12)
    loss = float(np.mean((w @ scaled + b - np.array(dataset["y"])) ** 2))
    assert session.get()["runs"][0]["loss"] == pytest.approx(loss, rel=1e-12)


@pytest.mark.parametrize("standardize", [False, True])
def test_the_fit_of_one_feature_is_a_curve(service: Service, standardize: bool) -> None:
    dataset = inline(1, 20)
    session = service.start("two_layer_sigmoid", problem={"dataset": dataset | {"standardize": standardize}})
    session.step(30)
    fit = session.get("/predictions", resolution=33)
    x = np.array(fit["x"])
    assert (len(fit["x"]), len(fit["y"]), fit["step"]) == (33, 33, 30)
    assert x.min() < np.min(dataset["X"])
    assert x.max() > np.max(dataset["X"])
    assert np.allclose(np.diff(x), x[1] - x[0], rtol=1e-10)
    parameters = session.get("/parameters")
    values = parameters["raw_values" if standardize else "values"]
    assert np.allclose(fit["y"], sigmoid_net(values, x[None])[0], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("standardize", [False, True])
def test_the_fit_of_two_features_is_a_surface_for_each_output(service: Service, standardize: bool) -> None:
    dataset = inline(2, 20) | {"standardize": standardize}
    session = service.start("two_layer_sigmoid", problem={"dataset": dataset})
    session.step(30)
    fit = session.get("/predictions", resolution=9, step=20)
    assert np.shape(fit["z"]) == (1, 9, 9)
    parameters = session.get("/parameters", step=20)
    values = parameters["raw_values" if standardize else "values"]
    for row, column in ((0, 0), (3, 7), (8, 1)):
        point = np.array([[fit["x"][column]], [fit["y"][row]]])
        assert fit["z"][0][row][column] == pytest.approx(float(sigmoid_net(values, point)[0, 0]), rel=1e-10)


def test_the_fit_of_more_features_is_observed_against_predicted(service: Service) -> None:
    session = service.start("two_layer_sigmoid", problem={"dataset": inline(3, 20)})
    fit = session.get("/predictions")
    data = session.get("/data")
    assert fit["observed"] == data["y"]
    predicted = sigmoid_net(session.get("/parameters")["values"], np.array(data["X"]))
    assert np.allclose(fit["predicted"], predicted, rtol=1e-12)
    assert np.allclose(fit["residual"], np.array(fit["predicted"]) - np.array(fit["observed"]), atol=1e-15)


@pytest.mark.parametrize("features", [1, 2])
def test_what_is_predicted_of_each_example_comes_beside_the_picture_where_it_is_asked_for(
    service: Service, features: int
) -> None:
    session = service.start("two_layer_sigmoid", problem={"dataset": inline(features, 20)})
    session.step(30)
    usual, fit = (session.get("/predictions", resolution=3, step=20, **asked) for asked in ({}, {"examples": "true"}))
    data, values = session.get("/data"), session.get("/parameters", step=20)["values"]
    assert fit.pop("observed") == data["y"]
    predicted = fit.pop("predicted")
    assert np.allclose(predicted, sigmoid_net(values, np.array(data["X"])), rtol=1e-12)
    assert np.allclose(fit.pop("residual"), np.array(predicted) - np.array(data["y"]), atol=1e-15)
    assert fit == usual


@pytest.mark.parametrize(("features", "names"), [(1, ["y"]), (2, ["z"]), (3, ["predicted", "residual"])])
def test_predictions_are_rounded_where_digits_are_asked_for(service: Service, features: int, names: list[str]) -> None:
    session = service.start("two_layer_sigmoid", problem={"dataset": inline(features, 20)})
    exact, short = (session.get("/predictions", resolution=5, **digits) for digits in ({}, {"digits": 3}))
    for name in names:
        numbers = np.ravel(exact[name])
        assert np.ravel(short[name]).tolist() == [float(f"{number:.3g}") for number in numbers]
        assert short[name] != exact[name]
    assert {name: short[name] for name in exact if name not in names} == {
        name: exact[name] for name in exact if name not in names
    }


def test_pictures_of_a_step_are_the_same_whether_the_path_kept_it_or_not(new_service: Callable[..., Service]) -> None:
    service = new_service(Settings(max_path_bytes=16_384, call_budget_milliseconds=60_000))
    problem = {"dataset": inline(2, 20)}
    long = service.start("two_layer_sigmoid", problem=problem)
    long.step(1000)
    pictures: tuple[tuple[str, Json], ...] = (
        ("/predictions", {}),
        ("/units", {}),
        ("/surface", {"x_min": -1, "x_max": 1, "y_min": -1, "y_max": 1}),
    )
    for step in (0, 512, 513, 1000):
        short = service.start("two_layer_sigmoid", problem=problem)
        short.reach(step)
        for call, asked in pictures:
            known = short.get(call, resolution=3, **asked)
            assert long.get(call, resolution=3, step=step, **asked) == known, (call, step)


def test_of_which_run_can_be_asked(service: Service) -> None:
    session = service.start(runs=[{"name": "a"}, {"name": "b", "start": {"kind": "zeros"}}])
    assert session.get("/parameters", run="b")["values"] == {"w": 0.0, "b": 0.0}
    assert session.get("/parameters") == session.get("/parameters", run="a")
    assert set(session.get("/predictions", run="b")["y"]) == {0.0}
    for call in ("/parameters", "/predictions", "/surface"):
        problem = session.refused("GET", call, params={"run": "nobody"})
        assert problem["errors"] == [{"where": "run", "problem": "there is no run of that name; there are a, b"}]


@pytest.mark.parametrize("call", ["", "/config", "/trajectory", "/parameters", "/predictions", "/surface"])
def test_whatever_is_read_of_a_run_can_be_read_of_an_earlier_step(service: Service, call: str) -> None:
    session = service.start("two_layer_sigmoid", runs=[{"batch_size": 7}])
    session.step(20)

    def numbers(**query: Any) -> Json:
        found: Json = session.get(call, **query)
        return {name: value for name, value in found.items() if name not in ("version", "steps_taken")}

    then = numbers()
    session.step(20)
    assert numbers(step=40) == numbers()
    assert numbers(step=20) == then or call == "/surface"  # whose window holds the path
    assert session.refused("GET", call, params={"step": 41})["errors"][0] == {
        "where": "step",
        "problem": "is step 41, which lies ahead; the session is at step 40",
    }
    for wrong in ("-1", "1.0", "x", "", str(10**30)):
        assert session.refused("GET", call, params={"step": wrong})["errors"][0]["where"] == "step"


def test_scrubbing_changes_nothing(service: Service) -> None:
    session = service.start(runs=[{}, {"batch_size": 5}])
    session.step(500)
    before = session.everything()
    for step in range(0, 500, 37):
        for call in ("", "/trajectory", "/parameters", "/predictions", "/surface", "/config"):
            session.get(call, step=step)
    assert session.everything() == before


def test_a_problem_without_data_has_none_to_show(service: Service) -> None:
    session = service.start("function", problem={"name": "rosenbrock"})
    shown = session.get("/data")
    assert (shown["X"], shown["y"], shown["truth"]) == ([], [], None)
    assert session.refused("GET", "/predictions", 404)["type"] == "urn:descent:not-found"


@pytest.mark.parametrize("resolution", ["1", "202", "2.0", "x"])
def test_a_wrong_resolution_is_refused(service: Service, resolution: str) -> None:
    session = service.start()
    for call in ("/predictions", "/surface"):
        where = session.refused("GET", call, params={"resolution": resolution})["errors"][0]["where"]
        assert where == "resolution"


@pytest.mark.parametrize("call", ["", "/config", "/data", "/parameters", "/predictions", "/surface", "/trajectory"])
def test_unknown_query_parameters_are_refused(service: Service, call: str) -> None:
    problem = service.start().refused("GET", call, params={"foo": "1"})
    assert problem["errors"][0]["where"] == "foo"
