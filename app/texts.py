"""All texts for people, of the server and of the page, under keys in one place: `static/texts/<language>/*.json`."""

import json
from functools import cache
from pathlib import Path

DEFAULT_LANGUAGE = "en"


def static_folder() -> Path:
    """`static/`, inside the package in a wheel and beside it in a checkout."""
    inside = Path(__file__).parent / "static"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "static"


@cache
def texts(language: str = DEFAULT_LANGUAGE) -> dict[str, str]:
    """Every text of a language by key, the areas merged."""
    merged: dict[str, str] = {}
    for path in sorted((static_folder() / "texts" / language).glob("*.json")):
        merged.update(json.loads(path.read_text(encoding="utf-8")))
    return merged


def text(key: str, /, language: str = DEFAULT_LANGUAGE, **values: object) -> str:
    """The text under `key` with its `{placeholders}` filled in; KeyError where there is none."""
    return texts(language)[key].format(**values)
