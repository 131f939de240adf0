"""Languages: each says what English says, with the same placeholders, and another one is a folder and nothing else."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from app import texts as module
from app.main import create_app
from app.sessions.memory_store import MemoryStore
from app.settings import Settings
from app.texts import areas, for_reading, known_language, languages, own_texts, preferred_language, static_folder, text
from tests.asgi import call

OTHERS = [language for language in languages() if language != "en"]
LEAST_SHARE = 0.9
"""What a new English text lacks elsewhere is said in English for a while; see `docs/languages.md`."""

CACHED = (module.languages, module.own_texts, module.areas, module.texts, module._first_known)


def placeholders(words: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(words) if name is not None})


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_nearly_all_that_english_says_and_nothing_else(language: str) -> None:
    english, own = own_texts("en"), own_texts(language)
    missing = english.keys() - own.keys()
    assert len(missing) <= (1 - LEAST_SHARE) * len(english), f"{language} lacks {sorted(missing)}"
    assert own.keys() - english.keys() == set()


@pytest.mark.parametrize("language", languages())
def test_every_text_stands_in_the_area_it_has_in_english_and_is_not_empty(language: str) -> None:
    english = areas("en")
    elsewhere = {
        key: area for area, words in areas(language).items() for key in words if key not in english.get(area, {})
    }
    assert elsewhere == {}
    english_words = own_texts("en")
    assert [key for key, words in own_texts(language).items() if bool(words.strip()) != bool(english_words[key])] == []
    assert sum(map(len, areas(language).values())) == len(own_texts(language))


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_placeholders_of_the_english_text(language: str) -> None:
    english = own_texts("en")
    told = {key: placeholders(words) for key, words in own_texts(language).items()}
    assert told == {key: placeholders(english[key]) for key in told}


def test_german_french_and_spanish_call_themselves_by_their_own_names() -> None:
    assert languages().items() >= {"de": "Deutsch", "en": "English", "es": "Español", "fr": "Français"}.items()


def test_the_language_is_the_first_there_is_by_weight() -> None:
    assert preferred_language("de") == "de"
    assert preferred_language("tlh, de-CH;q=0.8, en;q=0.9") == "en"
    assert preferred_language("de-AT-1901, en;q=0.5") == "de"
    assert preferred_language("de;q=0, tlh") == "en"
    assert preferred_language("de;q=high") == "en"
    assert preferred_language("") == "en"
    assert preferred_language("de," * 10_000) == "de"
    assert known_language("../en") is None


def test_numbers_are_written_as_the_language_does() -> None:
    assert [for_reading(0.05, tag) for tag in ("en", "de")] == ["0.05", "0,05"]
    assert for_reading(40, "de") == "40"
    assert for_reading("2/λ.", "de") == "2/λ."


@pytest.fixture
def with_fifth_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A tree with a language of a single text."""
    for name in ("static", "templates"):
        shutil.copytree(static_folder().parent / name, tmp_path / name)
    folder = tmp_path / "static/texts/nds"
    folder.mkdir()
    words = {"language.name": "Plattdüütsch", "language.decimal_mark": ",", "page.skip": "Na de Knööp"}
    (folder / "page.json").write_text(json.dumps(words), encoding="utf-8")
    forget()
    monkeypatch.setattr(module, "static_folder", lambda: tmp_path / "static")
    yield
    forget()


def forget() -> None:
    for cached in CACHED:
        cached.cache_clear()


def test_another_language_is_a_folder_and_what_it_lacks_is_said_in_english(with_fifth_language: None) -> None:
    app = create_app(Settings(), MemoryStore())
    reply = call(app, "GET", "/", headers={"Accept-Language": "nds"})
    html = reply.body.decode()
    assert reply.headers["content-language"] == "nds"
    assert '<html lang="nds"' in html
    assert "Na de Knööp" in html
    assert text("page.keys", "en") in html
    assert '<option value="nds" lang="nds" selected>Plattdüütsch</option>' in html
    assert "Plattdüütsch" in call(app, "GET", "/").body.decode()
    problem = call(app, "GET", "/nowhere", headers={"Accept-Language": "nds"})
    assert problem.json["title"] == text("problem.not-found.title", "en")
