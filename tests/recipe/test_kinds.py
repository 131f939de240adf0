"""A field that holds any of several kinds."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Le
from pydantic import TypeAdapter

from app.errors import BadInput
from app.recipe.kinds import OneOf, name_of
from app.shapes import Shape


@dataclass(frozen=True, kw_only=True)
class Square:
    kind: Literal["square"] = "square"
    side: Annotated[float, Le(10)] = 1.0


@dataclass(frozen=True, kw_only=True)
class Disc:
    kind: Literal["disc"] = "disc"
    radius: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Drawing:
    figure: Annotated[Any, OneOf((Square, Disc), "disc")] = field(default_factory=Square)
    other: Annotated[Any, OneOf((Square, Disc), None)] | None = None


SHAPE: Shape[Drawing] = Shape(Drawing)


def test_the_kind_is_told_by_its_name_and_the_default_taken_without_one() -> None:
    assert SHAPE.from_value({"figure": {"kind": "square", "side": 2.0}}) == Drawing(figure=Square(side=2.0))
    assert SHAPE.from_value({"figure": {"radius": 3.0}}) == Drawing(figure=Disc(radius=3.0))
    assert SHAPE.from_value({}) == Drawing(figure=Square(), other=None)
    assert SHAPE.from_value({"other": None}).other is None


@pytest.mark.parametrize(
    ("value", "where", "key"),
    [
        ({"figure": {"kind": "squar"}}, "figure.kind", "bad.unknown_kind_nearest"),
        ({"figure": {"kind": "square", "radius": 1.0}}, "figure.radius", "bad.unknown_field"),
        ({"figure": {"kind": "square", "side": 11.0}}, "figure.side", "bad.less_than_equal"),
        ({"figure": {"kind": None}}, "figure.kind", "bad.missing_kind"),
        ({"figure": None}, "figure.kind", "bad.missing_kind"),
        ({"other": {"side": 1.0}}, "other.kind", "bad.missing_kind"),
    ],
)
def test_what_is_none_of_the_kinds_is_refused(value: Any, where: str, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        SHAPE.from_value(value)
    (error,) = caught.value.errors
    assert (error.where, error.key.removesuffix("_nearest")) == (where, key.removesuffix("_nearest"))


def test_values_that_are_objects_already_are_shown_by_their_kind() -> None:
    shown = TypeAdapter(Drawing).dump_python(Drawing(figure=Disc(), other=Square()), mode="json")
    assert shown == {"figure": {"kind": "disc", "radius": 1.0}, "other": {"kind": "square", "side": 1.0}}


def test_the_schema_lets_a_kind_be_left_out_where_there_is_a_default() -> None:
    properties = TypeAdapter(Drawing).json_schema()["properties"]
    assert "oneOf" not in properties["figure"]
    assert {choice["$ref"].rpartition("/")[2] for choice in properties["figure"]["anyOf"]} == {"Square", "Disc"}
    assert properties["figure"]["description"] == "Without a kind it is disc."


def test_a_kind_has_the_name_of_its_default() -> None:
    assert [name_of(kind) for kind in (Square, Disc)] == ["square", "disc"]
