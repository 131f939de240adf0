import numpy as np
import orjson
import pytest

from app.api import answers
from app.api.answers import Encoded, json_response, languages, preferred_language


def test_arrays_and_floats_are_written_in_shortest_form_that_reads_back_the_same() -> None:
    values = np.array([0.1, 1 / 3, 1e-300, -0.0])
    response = json_response({"values": values, "rows": np.ones((2, 2))}, 201, {"Location": "/there"})
    assert orjson.loads(bytes(response.body)) == {"values": values.tolist(), "rows": [[1.0, 1.0], [1.0, 1.0]]}
    assert (response.status_code, response.headers["location"]) == (201, "/there")
    assert response.headers["content-length"] == str(len(response.body))
    assert response.headers["content-type"] == "application/json"


def test_arrays_are_written_however_they_lie_in_memory() -> None:
    rows = np.arange(6.0).reshape(2, 3)
    response = json_response([rows.T, rows[:, ::2], np.float64(0.5)])
    assert orjson.loads(bytes(response.body)) == [rows.T.tolist(), [[0.0, 2.0], [3.0, 5.0]], 0.5]
    with pytest.raises(TypeError, match="not JSON serializable"):
        json_response({1, 2})


def test_an_answer_without_content_has_no_length_either() -> None:
    assert Encoded(b"", 204).raw_headers == []


def test_the_language_is_the_first_there_is_by_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "languages", lambda: ["de", "en"])
    assert preferred_language("de") == "de"
    assert preferred_language("fr, de-CH;q=0.8, en;q=0.9") == "en"
    assert preferred_language("de;q=0, fr") == "en"
    assert preferred_language("de;q=high") == "en"
    assert preferred_language("") == "en"
    assert preferred_language("de," * 10_000) == "de"


def test_english_is_there() -> None:
    assert "en" in languages()
