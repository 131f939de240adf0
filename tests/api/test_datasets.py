"""Tables sent as CSV, and sessions on them."""

from typing import Any

import pytest

from app.settings import Settings
from tests.service import Json, Service, parsed

CSV = {"content-type": "text/csv"}
TABLE = "hours,age,grade\n1,20,2.0\n2,30,2.5\n3,25,3.5\n4,28,3.0\n5,21,4.5\n"


def upload(service: Service, text: str = TABLE, **query: Any) -> Json:
    reply = service.call("POST", "/datasets", content=text.encode(), headers=CSV, params=query)
    assert reply.status_code == 201, reply.text
    shown: Json = parsed(reply)
    return shown


def test_a_table_is_kept_under_an_id_and_previewed(service: Service) -> None:
    shown = upload(service)
    assert {name: value for name, value in shown.items() if name != "id"} == {
        "examples": 5,
        "x_names": ["hours", "age"],
        "y_names": ["grade"],
        "classes": None,
        "preview": [[1, 20, 2], [2, 30, 2.5], [3, 25, 3.5], [4, 28, 3], [5, 21, 4.5]],
    }


def test_the_id_is_that_of_the_numbers(service: Service) -> None:
    one = upload(service)["id"]
    assert upload(service, TABLE.replace(",", ";"))["id"] == one
    assert upload(service, TABLE.replace("1,20", "1.0,2e1"))["id"] == one
    assert upload(service, TABLE.replace("4.5", "4.6"))["id"] != one


def test_columns_header_and_delimiter_can_be_chosen(service: Service) -> None:
    shown = upload(service, TABLE, x="age", y="hours")
    assert (shown["x_names"], shown["y_names"], shown["preview"][0]) == (["age"], ["hours"], [20.0, 1.0])
    plain = upload(service, "1\t2\n3\t4\n", header="no", delimiter="tab")
    assert plain["preview"] == [[1.0, 2.0], [3.0, 4.0]]
    assert upload(service, "1,2\n3,4\n5,6\n", header="yes")["examples"] == 2
    assert upload(service, TABLE, x="1,2", y="3")["id"] == upload(service)["id"]


def test_a_session_trains_on_an_uploaded_table(service: Service) -> None:
    table = upload(service, x="hours", y="grade")["id"]
    dataset = {"kind": "uploaded", "id": table, "standardize": True}
    session = service.start(problem={"dataset": dataset})
    data = session.get("/data")
    assert (data["X"], data["y"]) == ([[1, 2, 3, 4, 5]], [[2, 2.5, 3.5, 3, 4.5]])
    assert (data["x_names"], data["y_names"]) == (["hours"], ["grade"])
    inline = {"kind": "inline", "X": data["X"], "y": data["y"], "standardize": True}
    same = service.start(problem={"dataset": inline})
    session.step(10)
    same.step(10)
    assert session.get()["runs"] == same.get()["runs"]


def test_a_change_of_the_config_may_name_a_table_or_keep_one(new_service: Any) -> None:
    service = new_service()
    table = upload(service)["id"]
    session = service.start("two_layer_sigmoid")
    view = session.patch({"problem": {"dataset": {"kind": "uploaded", "id": table}}})
    assert (view["effect"], view["parameters"][0]["shape"]) == ("restart", [4, 2])
    session.step(5)
    service.restart()
    view = session.patch({"problem": {"hidden": 6}})
    assert (view["effect"], view["parameters"][0]["shape"]) == ("restart", [6, 2])
    assert view["recipe"]["problem"]["dataset"]["id"] == table


def test_a_table_that_was_removed_is_named(new_service: Any) -> None:
    service = new_service(Settings(session_idle_seconds=1e-9))
    table = upload(service)["id"]
    recipe = {"problem": {"kind": "two_layer_linear", "dataset": {"kind": "uploaded", "id": table}}}
    problem = service.refused("POST", "/sessions", json=recipe)
    assert problem["errors"][0]["where"] == "problem.dataset.id"
    assert "send it again" in problem["errors"][0]["problem"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n3,x\n", "Row 3, column “b”"),
        ("a,b\n1,2\n3\n", "Row 3"),
        ("a,b\n1,nan\n3,4\n", "Row 2, column “b”"),
        ("a,b\n1,1e999\n3,4\n", "Row 2, column “b”"),
        ("a\n1\n2\n", ""),
        ("\u0000\u0001", ""),
    ],
)
def test_what_cannot_be_read_is_named_by_row_and_column(service: Service, text: str, said: str) -> None:
    problem = service.refused("POST", "/datasets", content=text.encode(), headers=CSV)
    assert problem["type"] == "urn:descent:bad-input"
    assert problem["errors"][0]["problem"].startswith(said)


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"x": "nothing"}, "table"),
        ({"y": "nothing"}, "table"),
        ({"x": ""}, "x"),
        ({"header": "maybe"}, "header"),
        ({"delimiter": "colon"}, "delimiter"),
        ({"columns": "1"}, "columns"),
    ],
)
def test_a_wrong_choice_is_named(service: Service, query: Json, where: str) -> None:
    problem = service.refused("POST", "/datasets", content=TABLE.encode(), headers=CSV, params=query)
    assert problem["errors"][0]["where"].startswith(where)


def test_only_a_table_is_taken(service: Service) -> None:
    assert service.refused("POST", "/datasets", 415, json={})["type"] == "urn:descent:not-csv"
    assert service.refused("POST", "/datasets", 400, content=b" \n", headers=CSV)["type"] == "urn:descent:empty-body"


def test_uploads_are_bounded_one_by_one_and_together(new_service: Any) -> None:
    service = new_service(Settings(max_upload_bytes=1024, max_uploads_total_bytes=1024))
    large = "a,b\n" + "1,2\n" * 300
    assert service.refused("POST", "/datasets", 413, content=large.encode(), headers=CSV)["status"] == 413
    for number in range(100):
        reply = service.call("POST", "/datasets", content=f"a,b\n1,2\n3,{number}\n".encode(), headers=CSV)
        if reply.status_code != 201:
            break
    assert (reply.status_code, parsed(reply)["type"]) == (429, "urn:descent:too-much-work")
    assert int(reply.headers["retry-after"]) > 0
    upload(service, "a,b\n1,2\n3,0\n")  # what is there already takes no more room
