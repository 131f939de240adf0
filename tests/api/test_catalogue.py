"""All that can be asked for: what the page's forms are built from."""

from typing import Any

import pytest

from app.catalogue import catalogue as catalogue_in
from app.settings import Settings
from app.texts import languages, texts
from tests.service import Json, Service, parsed

FAMILIES = ("problems", "datasets", "starts", "optimizers", "schedules", "gradients", "activations", "losses")


@pytest.fixture(scope="module")
def catalogue(service: Service) -> Json:
    found: Json = service.get("/catalogue")
    return found


def entries(catalogue: Json) -> list[tuple[str, Json]]:
    return [(family, entry) for family in (*FAMILIES, "functions") for entry in catalogue[family]]


def test_each_entry_has_all_that_a_form_needs(catalogue: Json) -> None:
    for family, entry in entries(catalogue):
        where = f"{family}.{entry['kind']}"
        for name in ("kind", "title", "summary", "reference"):
            assert isinstance(entry[name], str), where
            assert entry[name], where
        formulas = entry["formula"] if isinstance(entry["formula"], list) else [entry["formula"]]
        drawn = entry["mathml"] if isinstance(entry["mathml"], list) else [entry["mathml"]]
        assert len(formulas) == len(drawn) > 0, where
        assert all(text.startswith("<math") and text.endswith("</math>") for text in drawn), where
        assert entry["schema"]["type"] == "object", where
        assert isinstance(entry["goes_with"], dict), where


def test_each_number_has_a_title_a_default_or_is_required_and_a_scale(catalogue: Json) -> None:
    for family, entry in entries(catalogue):
        required = entry["schema"].get("required", [])
        for name, field in entry["schema"]["properties"].items():
            where = f"{family}.{entry['kind']}.{name}"
            assert field.get("title"), where
            if field.get("type") in ("integer", "number"):
                assert "default" in field or name in required, where
                assert field["x-scale"] in ("linear", "log"), where
                assert field.keys() & {"minimum", "exclusiveMinimum"}, where
                assert field.keys() & {"maximum", "exclusiveMaximum"}, where


def enumerations(catalogue: Json) -> list[Json]:
    return [
        part
        for _, entry in entries(catalogue)
        for field in entry["schema"]["properties"].values()
        for part in (field, *field.get("anyOf", ()))
        if "enum" in part
    ]


@pytest.mark.parametrize("language", languages())
def test_each_value_of_an_enumeration_has_words_of_its_own_in_every_language(language: str) -> None:
    found = enumerations(catalogue_in(Settings(), language))
    assert len(found) > 5
    for part in found:
        titles = part["x-titles"]
        assert len(set(titles)) == len(part["enum"]) == len(titles)
        assert [title for title in titles if not title or "_" in title] == []


def test_words_of_values_are_those_of_their_texts() -> None:
    words = texts("de")
    titles = {
        value: title
        for part in enumerations(catalogue_in(Settings(), "de"))
        for value, title in zip(part["enum"], part["x-titles"], strict=True)
    }
    assert titles["sine"] == words["choice.shape.sine"] != "sine"
    assert titles["mean_squared_error"] == words["loss.mean_squared_error.title"]
    assert titles["relu"] == words["activation.relu.title"]


def bounds(catalogue: Json) -> list[tuple[str, str, str, float, bool]]:
    """Every bound of every constant of the optimizers: family, kind, field, value, whether it is still allowed."""
    found = []
    for entry in catalogue["optimizers"]:
        for name, field in entry["schema"]["properties"].items():
            for key, allowed in (
                ("minimum", True),
                ("maximum", True),
                ("exclusiveMinimum", False),
                ("exclusiveMaximum", False),
            ):
                if key in field:
                    value = field[key] if field["type"] == "number" else int(field[key])
                    found.append(("optimizer", entry["kind"], name, value, allowed))
    return found


def test_the_bounds_told_are_those_in_force(service: Service, catalogue: Json) -> None:
    told = bounds(catalogue)
    assert len(told) > 20
    for _, kind, name, value, allowed in told:
        optimizer = {"kind": kind, name: value}
        recipe = {"problem": {"kind": "univariate_regression"}, "runs": [{"optimizer": optimizer}]}
        reply = service.call("POST", "/sessions", json=recipe)
        assert reply.status_code == (201 if allowed else 422), optimizer


@pytest.mark.parametrize("family", ["datasets", "starts", "optimizers", "schedules", "gradients"])
def test_what_goes_with_a_problem_works_with_it(service: Service, catalogue: Json, family: str) -> None:
    for entry in catalogue[family]:
        kind = entry["kind"]
        if kind in ("inline", "uploaded", "values"):
            continue
        if family == "datasets":
            for problem in entry["goes_with"]["problems"]:
                service.start(problem, problem={"dataset": {"kind": kind}})
        elif family == "starts":
            for problem in catalogue["problems"]:
                if kind in problem["goes_with"]["starts"]:
                    service.start(problem["kind"], start={"kind": kind})
        else:
            name = {"optimizers": "optimizer", "schedules": "schedule", "gradients": "gradient"}[family]
            session = service.start(runs=[{name: kind if family == "gradients" else {"kind": kind}}])
            session.step(3)


def test_the_limits_are_those_in_force(new_service: Any) -> None:
    settings = Settings(max_runs=3, max_body_bytes=2048, call_budget_milliseconds=7)
    limits = new_service(settings).get("/catalogue")["limits"]
    assert limits == settings.limits()
    assert (limits["max_runs"], limits["max_body_bytes"], limits["call_budget_milliseconds"]) == (3, 2048, 7)


def test_it_can_be_kept(service: Service) -> None:
    reply = service.call("GET", "/catalogue")
    tag = reply.headers["etag"]
    assert "max-age" in reply.headers["cache-control"]
    assert reply.headers["vary"] == "Accept-Encoding, Accept-Language"
    again = service.call("GET", "/catalogue", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert parsed(service.call("GET", "/catalogue", headers={"If-None-Match": '"x"'})) == parsed(reply)


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_it_is_sent_compressed_to_those_who_take_it(service: Service, encoding: str) -> None:
    reply = service.call("GET", "/catalogue", headers={"Accept-Encoding": encoding})  # httpx unpacks it again
    assert reply.headers.get("content-encoding", "identity") == encoding
    assert (int(reply.headers["content-length"]) < len(reply.content) / 5) == (encoding != "identity")
    assert parsed(reply) == service.get("/catalogue")
