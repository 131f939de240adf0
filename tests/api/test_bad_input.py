"""Every row of what goes wrong, against the real routes: a problem of at most 4 KB, and the session as it was.

`Service` holds every reply to that length, to the problem type and to "no 500"; `refused` compares the session.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.service import Handle, Json, Service

JSON = {"content-type": "application/json"}
AS_IT_IS = {"accept-encoding": "identity"}
ARRAY = [1.0, 2.0, 3.0]
RECIPE: Json = {
    "format": 1,
    "seed": 1,
    "problem": {"kind": "univariate_regression", "dataset": {"kind": "inline", "X": [ARRAY], "y": ARRAY, "seed": 1}},
    "start": {"kind": "values", "values": {"w": 1.0, "b": 2.0}},
    "runs": [
        {
            "name": "a",
            "optimizer": {"kind": "adam", "learning_rate": 0.1, "beta1": 0.9},
            "schedule": {"kind": "step", "factor": 0.5, "every": 10},
            "batch_size": 2,
            "gradient": "backprop",
            "events": [{"at": 4, "set": {"optimizer": {"learning_rate": 0.2}, "parameters": {"w": 1.0}}}],
        }
    ],
}
CALLS: dict[str, tuple[str, str, Json]] = {
    "step": ("POST", "/step", {"steps": 1, "from_step": 8, "lineage": 0, "until": {"loss": 0.1}, "max_points": 9}),
    "config": (
        "PATCH",
        "/config",
        {
            "at_step": 8,
            "runs": [{"name": "run 1", "optimizer": {"learning_rate": 0.2}, "batch_size": 3, "parameters": {"w": 1.0}}],
        },
    ),
    "restart": (
        "PATCH",
        "/config",
        {
            "seed": 2,
            "problem": {"dataset": {"samples": 20, "noise": 0.5, "standardize": False}},
            "start": {"values": {"w": 1.0}},
        },
    ),
    "reset": ("POST", "/reset", {"seed": 3, "start": {"kind": "constant", "value": 1.0}}),
    "rewind": ("POST", "/rewind", {"step": 2}),
    "runs": (
        "POST",
        "/runs",
        {"name": "b", "optimizer": {"learning_rate": 0.3}, "start": {"values": {"w": 1, "b": 2}}},
    ),
    "fork": ("POST", "/runs", {"fork": {"run": "run 1", "step": 3}, "optimizer": {"learning_rate": 0.3}}),
    "recipe": ("POST", "/recipe", RECIPE),
    "create": ("POST", "", RECIPE),
}


def stepped(service: Service) -> Handle:
    session = service.start()
    session.step(8)
    return session


def refuse(session: Handle, name: str, body: Any, status: int = 422) -> Json:
    """Send what is wrong, as JSON or as raw bytes."""
    method, call, _ = CALLS[name]
    details = {"content": body, "headers": JSON} if isinstance(body, bytes) else {"json": body}
    if name == "create":
        return session.service.refused(method, "/sessions", status, **details)
    return session.refused(method, call, status, **details)


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a number stands in a document."""
    if isinstance(document, dict | list):
        for key, value in document.items() if isinstance(document, dict) else enumerate(document):
            yield from places(value, (*path, key))
    elif isinstance(document, int | float) and not isinstance(document, bool):
        yield path


def with_value(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


NUMBERS = [(name, path) for name, (_, _, body) in CALLS.items() for path in places(body)]


def test_the_bodies_that_are_made_wrong_here_are_right(service: Service) -> None:
    for name, (method, call, body) in CALLS.items():
        session = stepped(service)
        path = "/sessions" if name == "create" else session.path + call
        assert service.call(method, path, json=body).status_code in {200, 201}, name


@pytest.mark.parametrize("wrong", [True, "1.5", "nan", "", [], {}, [1], {"a": 1}, 1e308, -1e308, 10**300, -(10**300)])
def test_what_is_no_number_of_the_right_size_is_no_number(service: Service, wrong: Any) -> None:
    session = stepped(service)
    for name, path in NUMBERS:
        is_loss = path[-1] == "loss" and isinstance(wrong, int) and not isinstance(wrong, bool)
        has_that_shape = path[-1] in ("w", "b") and wrong == [1]
        comes_later = "events" in path and path[-1] == "w" and isinstance(wrong, float)  # then the run diverges
        if not (is_loss or has_that_shape or comes_later):
            refuse(session, name, with_value(CALLS[name][2], path, wrong))


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" + "0" * 400])
def test_no_number_is_infinite(service: Service, token: str) -> None:
    session = stepped(service)
    for name, path in NUMBERS[::3]:
        text = json.dumps(with_value(CALLS[name][2], path, "@")).replace('"@"', token)
        problem = refuse(session, name, text.encode())
        assert "finite" in problem["errors"][0]["problem"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b" \n", 400),
        (b"{", 400),
        (b"{'steps': 1}", 400),
        (b'{"steps": 1,}', 400),
        (b'{"steps": 01}', 400),
        (b'{"steps": 1} x', 400),
        (b"steps=1", 400),
        (b"\xff\xfe\x00", 400),
        ("\ufeff{}".encode(), 400),
        ("{}".encode("utf-16"), 400),
        (b'{"\xe9": 1}', 400),
        (b"[]", 422),
        (b"null", 422),
        (b"true", 422),
        (b'"{}"', 422),
        (b"1", 422),
        (b'{"a": 1, "a": 1}', 422),
        (b'{"a": {"b": 1, "b": 2}}', 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"\\udfff": 1}', 422),
        (b"[" * 100_000, 422),
        (b'{"a":' * 100_000, 422),
        (b'{"a":' * 300 + b"1" + b"}" * 300, 422),
        (b'{"runs": ' + b"[" * 150 + b"]" * 150 + b"}", 422),
        (b'{"a": ' + b"9" * 5000 + b"}", 422),
        (b'{"' + b"k" * 100_000 + b'": 1}', 422),
        (b"{" + b",".join(b'"%d": 1' % number for number in range(5000)) + b"}", 422),
        (b'{"\\u0000": "\\n\\r\\t"}', 422),
    ],
)
def test_what_is_no_json_object_of_ours_is_refused(service: Service, body: bytes, status: int) -> None:
    session = stepped(service)
    for name in CALLS:
        if not (name == "reset" and not body):
            refuse(session, name, body, status)


def test_only_json_is_taken_for_json(service: Service) -> None:
    session = stepped(service)
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "*/*", "json", ""):
        reply = session.refused("POST", "/step", 415, content=b"{}", headers={"content-type": content_type})
        assert reply["type"] == "urn:descent:not-json"
    body = {"content": b"{}", "headers": {"content-type": "Application/JSON; charset=utf-8"}}
    assert service.call("POST", f"{session.path}/step", **body).status_code == 200


def test_a_hundred_thousand_wrong_numbers_are_told_briefly(service: Service) -> None:
    session = stepped(service)
    for wrong in ('"a"', "null", "true", "[]"):
        rows = "[" + ",".join([wrong] * (100_000 if wrong != "[]" else 10_000)) + "]"
        dataset = f'{{"kind":"inline","X":[{rows}],"y":{rows}}}'
        text = f'{{"problem":{{"kind":"univariate_regression","dataset":{dataset}}}}}'
        refuse(session, "create", text.encode())
        refuse(session, "config", text.encode())


def test_a_body_too_large_is_refused(service: Service) -> None:
    session = stepped(service)
    for name in CALLS:
        assert refuse(session, name, b" " * 1_100_000, 413)["type"] == "urn:descent:body-too-large"


RAGGED: list[tuple[Json, str]] = [
    ({"X": [], "y": []}, "X"),
    ({"X": [[]], "y": []}, "X"),
    ({"X": [[1, 2], [1]], "y": [1, 2]}, "X"),
    ({"X": [[1, 2]], "y": [1, 2, 3]}, "y"),
    ({"X": [[1, 2]], "y": [[1, 2], [1]]}, "y"),
    ({"X": [1, 2], "y": [1, 2]}, "X"),
    ({"X": [[[1]]], "y": [1]}, "X"),
    ({"X": {"0": [1]}, "y": [1]}, "X"),
    ({"X": [[1, None]], "y": [1, 2]}, "X"),
    ({"X": [[1, "2"]], "y": [1, 2]}, "X"),
    ({"X": [[1, True]], "y": [1, 2]}, "X"),
    ({"X": [[1, 1e101]], "y": [1, 2]}, "X"),
    ({"X": [[1, 10**300]], "y": [1, 2]}, "X"),
    ({"X": [[1, 2]], "y": [1, -1e101]}, "y"),
    ({"X": [[1, 2]]}, "y"),
    ({"y": [1, 2]}, "X"),
    ({"X": [[1, 2]], "y": [1, 2], "x_names": ["a", "b"]}, "x_names"),
    ({"X": [[1, 2]], "y": [1, 2], "classes": ["a", "b"]}, "y"),
    ({"X": [[1, 2]], "y": [0.5, 1], "classes": ["a", "b"]}, "y"),
    ({"X": [[1, 2]], "y": [0, 1], "classes": ["a"]}, "classes"),
    ({"X": [[1, 2]], "y": [0, 1], "classes": ["a", "a"]}, "classes"),
    ({"X": [[1]] * 101, "y": [1]}, "X"),
]


@pytest.mark.parametrize(("fields", "where"), RAGGED)
def test_data_that_do_not_fit_together_are_refused(service: Service, fields: Json, where: str) -> None:
    session = stepped(service)
    dataset = {"kind": "inline", **fields}
    for kind in ("multivariate_regression", "two_layer_sigmoid"):
        for name in ("create", "config"):
            problem = refuse(session, name, {"problem": {"kind": kind, "dataset": dataset}})
            assert {error["where"].split("[")[0] for error in problem["errors"]} <= {
                f"problem.dataset.{name}" for name in ("X", "y", where)
            }


def routes(service: Service) -> list[tuple[str, set[str]]]:
    described = service.app.openapi()["paths"]
    return [(path, {method.upper() for method in methods}) for path, methods in described.items()]


def test_a_wrong_method_is_told_all_right_ones(service: Service) -> None:
    session = stepped(service)
    for path, methods in routes(service):
        there = path.replace("{session_id}", session.id).replace("{name}", "run 1")
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - methods:
            reply = service.call(method, there)
            assert reply.status_code == 405, (method, path)
            assert set(reply.headers["allow"].split(", ")) == methods | ({"HEAD"} if "GET" in methods else set())


def test_head_is_get_without_a_body(service: Service) -> None:
    session = stepped(service)
    for path, methods in routes(service):
        if "GET" in methods:
            there = path.replace("{session_id}", session.id)
            head, get = (service.call(method, there, headers=AS_IT_IS) for method in ("HEAD", "GET"))
            assert head.status_code == get.status_code
            assert head.content == b""
            assert head.headers["content-length"] == str(len(get.content))


def test_what_was_sent_is_not_repeated_at_length(service: Service) -> None:
    session = stepped(service)
    long, unprintable = "k" * 41, "\u202etxt\n"
    for text in (long, unprintable):
        bodies = [
            ("create", {"problem": {"kind": text}}),
            ("create", {"problem": {"kind": "univariate_regression", text: 1}}),
            ("create", {"problem": {"kind": "univariate_regression"}, "runs": [{"gradient": text}]}),
            ("create", {"problem": {"kind": "univariate_regression"}, "start": {"values": {text: 1}}}),
            ("config", {"runs": [{"name": text}]}),
            ("config", {"runs": [{"name": "run 1", text: 1}]}),
            ("config", {"runs": [{"name": "run 1", "parameters": {text: 1}}]}),
            ("fork", {"fork": {"run": "run 1", "step": 1, text: 1}}),
            ("step", {text: 1}),
        ]
        for name, body in bodies:
            assert text not in json.dumps(refuse(session, name, body), ensure_ascii=False)
        for query in ({"x": text}, {text: "1"}, {"run": text}, {"center": text}):
            problem = session.refused("GET", "/surface", params=query)
            assert text not in json.dumps(problem, ensure_ascii=False)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def all_places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(document, dict | list):
        for key, value in document.items() if isinstance(document, dict) else enumerate(document):
            yield from all_places(value, (*path, key))


EVERYWHERE = [(name, path) for name, (_, _, body) in CALLS.items() for path in all_places(body)]


@given(place=st.sampled_from(EVERYWHERE), junk=JUNK)
def test_junk_anywhere_in_a_body_never_breaks_anything(service: Service, place: Any, junk: Any) -> None:
    name, path = place
    method, call, body = CALLS[name]
    session = stepped(service)
    before = session.everything()
    text = json.dumps(with_value(body, path, junk)).replace("Infinity", "1e999")
    reply = service.call(
        method, "/sessions" if name == "create" else session.path + call, content=text.encode(), headers=JSON
    )
    if reply.status_code >= 400:
        assert session.everything() == before
    else:
        session.everything()


@given(
    call=st.sampled_from(["", "/trajectory", "/parameters", "/predictions", "/surface"]),
    query=st.dictionaries(
        st.sampled_from(["step", "run", "since", "plane", "x", "y", "center", "resolution", "digits", "x_min"])
        | st.text(max_size=5),
        st.text(max_size=8) | st.integers().map(str) | st.floats().map(str),
        max_size=3,
    ),
)
def test_junk_in_a_query_never_breaks_anything(service: Service, call: str, query: dict[str, str]) -> None:
    session = stepped(service)
    assert service.call("GET", session.path + call, params=query).status_code in {200, 404, 422}
