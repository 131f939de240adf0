"""A small thing to ask for, with all that a recipe has: kinds, nested kinds, unions, lists of objects, free names."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, Len
from pydantic import BaseModel, Discriminator, Tag

Number = int | float


@dataclass(frozen=True, kw_only=True)
class Line:
    kind: Literal["line"] = "line"
    samples: Annotated[int, Ge(2), Le(100)] = 50
    noise: Annotated[float, Ge(0)] = 0.5


@dataclass(frozen=True, kw_only=True)
class Inline:
    kind: Literal["inline"] = "inline"
    y: list[float] | list[list[float]] = field(default_factory=list)


def kind(value: object) -> str | None:
    return value.get("kind", "line") if isinstance(value, dict) else getattr(value, "kind", None)


Data = Annotated[Annotated[Line, Tag("line")] | Annotated[Inline, Tag("inline")], Discriminator(kind)]
Values = dict[str, float | list[float] | list[list[float]]]


class Run(BaseModel):
    name: Annotated[str, Len(1, 40)] = "run 1"
    learning_rate: Annotated[float, Gt(0), Le(100)] = 0.1
    batch_size: Annotated[int, Ge(1)] | None = None
    gradient: Literal["backprop", "forward_difference"] = "backprop"


@dataclass(frozen=True, kw_only=True)
class Sample:
    dataset: Data = field(default_factory=Line)
    values: Values = field(default_factory=dict)
    window: tuple[float, float] = (0.0, 1.0)
    runs: Annotated[list[Run], Len(0, 8)] = field(default_factory=list)
    rivals: Annotated[tuple[Run, ...], Len(0, 8)] = ()
