"""The look of the page in Python: colours, runs, axes. A test holds it to the style sheet and the modules."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.texts import DECIMAL_MARK, text

Json = dict[str, Any]
Theme = Literal["light", "dark"]

FONT = "system-ui, sans-serif"
DARK, LIGHT = "#101420", "#ffffff"
"""Of casings and marks, which have to be seen on every colour."""

COLOURS = ("#1e2b53", "#2a4463", "#3b5e72", "#517780", "#6c908f", "#8aa89d", "#acc0ab", "#d1d8b8", "#faefc5")
COLOUR_SCALE = [[i / (len(COLOURS) - 1), colour] for i, colour in enumerate(COLOURS)]
"""Of losses: even in lightness, from deep indigo over teal to sand."""


@dataclass(frozen=True)
class Palette:
    """Colours of the style sheet."""

    ink: str
    soft: str
    rule: str
    paper: str
    data: str
    test: str


PALETTES: dict[Theme, Palette] = {
    "light": Palette("#1d2530", "#566070", "#dedad1", "#fcfbf8", "#3d4856", "#7a3f98"),
    "dark": Palette("#e9e6df", "#a4adb9", "#323945", "#14171d", "#c3cad4", "#d3a4ee"),
}


@dataclass(frozen=True)
class Style:
    """How a run looks everywhere; the dash says the same without colour."""

    colour: str
    dash: str


STYLES = (
    Style("#d55e00", "solid"),
    Style("#56b4e9", "dash"),
    Style("#009e73", "dot"),
    Style("#e69f00", "dashdot"),
    Style("#cc79a7", "longdash"),
    Style("#0072b2", "longdashdot"),
    Style("#f0e442", "10px,3px"),
    Style("#6a6a6a", "3px,3px"),
)
"""Okabe and Ito 2008, with a grey for black that every kind of colour vision tells from the others."""

LINES_IN_SPACE = {"solid", "dash", "dot", "dashdot", "longdash", "longdashdot"}


def style_of(index: int) -> Style:
    """Of the run at this place."""
    return STYLES[index % len(STYLES)]


@dataclass(frozen=True)
class Frame:
    """What a reader chooses: the theme, and a size where the figure is not to fill its place."""

    theme: Theme = "light"
    width: int | None = None
    height: int | None = None

    @property
    def palette(self) -> Palette:
        return PALETTES[self.theme]

    def layout(self, title: str, more: Json, notes: Sequence[str] = ()) -> Json:
        """With a template of its own, so that it looks the same wherever it is shown; `notes` stand under the title."""
        heading: Json = {"text": escaped(title), **({"subtitle": {"text": " · ".join(notes)}} if notes else {})}
        sizes = {name: value for name, value in (("width", self.width), ("height", self.height)) if value is not None}
        separators = f"{text(DECIMAL_MARK)} "
        return {"title": heading, "template": template(self.palette), "separators": separators, **sizes} | more


def template(colours: Palette) -> Json:
    """Fonts, colours and rules of every figure."""
    title = {"standoff": 6, "font": {"color": colours.ink, "size": 13}}
    axis = {
        "title": title,
        "gridcolor": colours.rule,
        "linecolor": colours.rule,
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": colours.rule,
        "exponentformat": "e",
        "automargin": True,
    }
    side = {"title": {"font": title["font"]}, "gridcolor": colours.rule, "zeroline": False, "showbackground": False}
    return {
        "layout": {
            "paper_bgcolor": colours.paper,
            "plot_bgcolor": colours.paper,
            "font": {"family": FONT, "size": 12, "color": colours.soft},
            "title": {"font": {"color": colours.ink, "size": 17}, "x": 0.02, "xanchor": "left"},
            "colorway": [style.colour for style in STYLES],
            "hoverlabel": {"bgcolor": colours.paper, "bordercolor": colours.soft, "font": {"color": colours.ink}},
            "hovermode": "closest",
            "legend": {"orientation": "h", "y": -0.16, "yanchor": "top", "x": 0.0, "xanchor": "left"},
            "xaxis": axis,
            "yaxis": axis,
            "scene": {"xaxis": side, "yaxis": side, "zaxis": side},
        }
    }


def escaped(name: str) -> str:
    """A text by users, never read as Plotly's pseudo-HTML."""
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
