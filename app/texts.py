"""All texts for people, of the server and of the page, under keys in one place: `static/texts/<language>/*.json`.

A language is a folder. What it lacks is said in English, so that half a translation is a page that works.
"""

import json
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path

DEFAULT_LANGUAGE = "en"

NAME = "language.name"
DECIMAL_MARK = "language.decimal_mark"
MOST_READ_CHARACTERS = 200

_spoken: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def static_folder() -> Path:
    """`static/`, inside the package in a wheel and beside it in a checkout."""
    inside = Path(__file__).parent / "static"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "static"


@cache
def languages() -> dict[str, str]:
    """The languages there are texts in, with what each calls itself, in the order of these names."""
    there = [folder.name for folder in Path(static_folder(), "texts").iterdir() if folder.is_dir()]
    return dict(sorted(((tag, own_texts(tag).get(NAME, tag)) for tag in there), key=lambda pair: pair[1].casefold()))


@cache
def own_texts(language: str) -> dict[str, str]:
    """Every text that a language has by key, the areas merged."""
    return {key: words for area in areas(language).values() for key, words in area.items()}


@cache
def areas(language: str) -> dict[str, dict[str, str]]:
    """The texts of a language by area, which is the name of their file."""
    paths = sorted(Path(static_folder(), "texts", language).glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


@cache
def texts(language: str = DEFAULT_LANGUAGE) -> dict[str, str]:
    """Every text there is by key, in a language as far as it goes, else in English."""
    return own_texts(DEFAULT_LANGUAGE) | own_texts(language)


def text(key: str, /, language: str | None = None, **values: object) -> str:
    """The text under `key` with its `{placeholders}` filled in; KeyError where there is none.

    Without `language` in that of the request at hand.
    """
    return texts(language or spoken())[key].format(**values)


def speak(language: str) -> None:
    """From now on, in this context, texts are in `language` where nothing else is said."""
    _spoken.set(language)


def spoken() -> str:
    """The language of the request at hand; threads of pools have none, and say so to whom they call."""
    return _spoken.get()


def for_reading(value: object, language: str | None = None) -> str:
    """A number as the language writes it; anything else as it is.

    >>> for_reading(0.05, "en"), for_reading(40, "en"), for_reading("2/λ", "en")
    ('0.05', '40', '2/λ')
    """
    words = str(value)
    return words.replace(".", texts(language or spoken())[DECIMAL_MARK]) if isinstance(value, float) else words


def known_language(tag: str) -> str | None:
    """The language there is for a tag such as `de-AT`: itself, else less and less of it (RFC 4647, lookup)."""
    there = {name.lower(): name for name in languages()}
    wanted = tag.strip().lower()
    while wanted and wanted not in there:
        wanted = wanted.rpartition("-")[0]
    return there.get(wanted)


def preferred_language(accept_language: str) -> str:
    """The first language there is of those that `Accept-Language` names, by weight; else English.

    >>> preferred_language("tlh;q=0.9, en-GB;q=0.5")
    'en'
    """
    return _first_known(accept_language[:MOST_READ_CHARACTERS])


@lru_cache(maxsize=256)
def _first_known(accept_language: str) -> str:
    wanted = sorted(map(_weighted, accept_language.split(",")), reverse=True, key=lambda pair: pair[0])
    found = (known_language(tag) for weight, tag in wanted if weight > 0)
    return next(filter(None, found), DEFAULT_LANGUAGE)


def _weighted(part: str) -> tuple[float, str]:
    tag, _, parameter = part.partition(";")
    try:
        return float(parameter.replace("q=", "").strip() or 1), tag
    except ValueError:
        return 0.0, tag
