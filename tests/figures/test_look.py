"""Figures look like the page: colours and styles are those of its style sheet and its modules."""

import re
from pathlib import Path

import numpy as np
import orjson
import pytest

from app.figures import scale, written
from app.figures.look import COLOURS, DARK, LIGHT, PALETTES, STYLES, Theme, escaped
from app.texts import static_folder

JS = static_folder() / "js"


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def constant(name: str, text: str) -> str:
    found = re.search(rf"^(?:export )?const {name} = ([^;]+);", text, re.MULTILINE)
    assert found, name
    return found[1]


@pytest.mark.parametrize("theme", PALETTES)
def test_the_palettes_are_those_of_the_style_sheet(theme: Theme) -> None:
    rules = re.findall(r"^:root([^{]*)\{([^}]*)\}", source(static_folder() / "css" / "base.css"), re.MULTILINE)
    wanted = {"light": "", "dark": '[data-theme="dark"]'}[theme]
    (block,) = [body for selector, body in rules if selector.strip() == wanted and "--paper" in body]
    of_page = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block))
    assert vars(PALETTES[theme]) == {name: of_page[name] for name in vars(PALETTES[theme])}


def test_the_colour_scale_is_that_of_the_page() -> None:
    assert re.findall(r"#[0-9a-f]{6}", constant("COLOUR_SCALE", source(JS / "plots" / "scale.js"))) == list(COLOURS)


@pytest.mark.parametrize("name", ["LEVELS", "NEAR", "NARROW", "DECADES"])
def test_heights_and_levels_are_those_of_the_page(name: str) -> None:
    assert float(constant(name, source(JS / "plots" / "scale.js"))) == getattr(scale, name)


def test_runs_look_as_they_do_on_the_page() -> None:
    text = constant("STYLES", source(JS / "runs.js"))
    styles = re.findall(r'colour: "(#[0-9a-f]{6})", dash: "([^"]+)"', text)
    assert styles == [(style.colour, style.dash) for style in STYLES]


def test_casings_have_the_colours_of_the_page() -> None:
    text = source(JS / "plots" / "paths.js")
    assert (constant("DARK", text), constant("LIGHT", text)) == (f'"{DARK}"', f'"{LIGHT}"')


def test_names_by_users_are_no_markup() -> None:
    assert escaped("<a href='x'>&amp;") == "&lt;a href='x'&gt;&amp;amp;"


def test_a_number_that_is_missing_leaves_as_null() -> None:
    figure = orjson.loads(written([{"type": "scatter", "x": np.array([1.0, np.nan]), "y": np.array([2.0, 3.0])}], {}))
    assert figure["data"][0]["x"] == [1.0, None]
