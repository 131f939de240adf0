"""Numbers that permalinks rely on, never to change: a failure here breaks every link to such data."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.engine.data import GENERATED
from app.engine.data.draws import Stream, normal, uniform

from .kinds import EVERY_GENERATED, KINDS, label

RECORDED: dict[str, Any] = json.loads(Path(__file__).with_name("recorded.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("dataset", EVERY_GENERATED, ids=label)
def test_generated_data_are_what_they_always_were(dataset: Any) -> None:
    table = dataset.table()
    recorded = RECORDED[label(dataset)]
    np.testing.assert_allclose(table.X[:, :4], recorded["X"], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(table.Y[:, :4], recorded["Y"], rtol=1e-12, atol=1e-15)


def test_something_is_recorded_for_every_kind_and_for_nothing_else() -> None:
    assert {label(dataset) for dataset in EVERY_GENERATED} == RECORDED.keys()
    assert {name.partition("-")[0] for name in RECORDED} == {KINDS[kind] for kind in GENERATED}


def test_each_stream_is_drawn_example_by_example() -> None:
    raw = np.random.default_rng([5, 3, 0]).random(6)
    np.testing.assert_array_equal(uniform(5, Stream.INPUTS, 2, 3), raw.reshape(3, 2).T)
    raw = np.random.default_rng([5, 3, 1]).standard_normal(6)
    np.testing.assert_array_equal(normal(5, Stream.NOISE, 2, 3, 0.5), 0.5 * raw.reshape(3, 2).T)


def test_streams_do_not_repeat_each_other() -> None:
    first = {float(uniform(0, stream, 1, 1)[0, 0]) for stream in Stream}
    assert len(first) == len(Stream)
