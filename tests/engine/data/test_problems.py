"""Every problem that can be found with data has its sentence, and is told shortly."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.engine.data import problems
from app.engine.data.problems import DataError, Problem, shown
from app.texts import static_folder

SOURCE = Path(problems.__file__).parent
IN_THE_CODE = set(re.findall(r'"(data\.[a-z0-9_]+)"', "".join(path.read_text("utf-8") for path in SOURCE.glob("*.py"))))
TEXTS = json.loads((static_folder() / "texts" / "en" / "datasets.json").read_text(encoding="utf-8"))
IN_THE_TEXTS = {key for key in TEXTS if key.startswith("data.")}


def test_every_problem_has_a_sentence_and_every_sentence_a_problem() -> None:
    assert IN_THE_CODE == IN_THE_TEXTS


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("abc", "abc"),
        ("a" * 40, "a" * 40),
        ("a" * 41, "a" * 39 + "…"),
        ("tab\tnul\0", "tab·nul·"),
        (1, "1"),
        (-2.5, "-2.5"),
        (float("nan"), "nan"),
        (True, "true"),
        (None, "null"),
        ([1, 2], "[…]"),
        ({"a": 1}, "{…}"),
        (10**400, "1e400"),
        (-(10**4000), "-1e4000"),
    ],
    ids=range(13),
)
def test_a_value_is_repeated_shortly_and_printably(value: Any, text: str) -> None:
    assert shown(value) == text


def test_an_error_carries_at_most_five_problems() -> None:
    error = DataError(*[Problem("data.cell_empty", {"row": row}) for row in range(9)])
    assert len(error.problems) == 5
    assert str(error).startswith("cell empty (row 0); cell empty (row 1)")


def test_no_text_of_the_data_sets_stands_in_another_file_too() -> None:
    files = {
        path.name: json.loads(path.read_text("utf-8")) for path in (static_folder() / "texts" / "en").glob("*.json")
    }
    ours = files.pop("datasets.json").keys()
    assert {name: ours & others.keys() for name, others in files.items() if ours & others.keys()} == {}
