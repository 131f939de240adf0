import numpy as np
import orjson
import pytest

from app.api.answers import Encoded, json_response


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
