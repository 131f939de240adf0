"""A field that holds any of several registered kinds, told apart by a name that stands in the JSON."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Annotated, Any, Union

from pydantic import Discriminator, GetCoreSchemaHandler, GetJsonSchemaHandler, Tag
from pydantic_core import CoreSchema


class OneOf:
    """To stand in an `Annotated`: `Annotated[Optimizer, OneOf(OPTIMIZERS, "gradient_descent")]`.

    Where the JSON leaves out the discriminator, the kind is `default`; where that is None it must be given.
    """

    def __init__(self, kinds: Iterable[type], default: str | None, discriminator: str = "kind", **others: Any) -> None:
        """`others` are types by name that are no registered class, such as another union."""
        self.default, self.discriminator = default, discriminator
        self.types = {name_of(kind, discriminator): kind for kind in kinds} | others

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The tagged union of the kinds, whatever type stands in the annotation for the type checker."""
        tagged = [Annotated[type_, Tag(name)] for name, type_ in self.types.items()]
        union: Any = Union[tuple(tagged)]  # noqa: UP007  # made at run time
        return handler.generate_schema(Annotated[union, Discriminator(self._chooser())])

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Any of the kinds: an object that leaves its kind out would fit several, which `oneOf` forbids."""
        document = handler(schema)
        document["anyOf"] = document.pop("oneOf")
        if self.default:
            document["description"] = f"Without a {self.discriminator} it is {self.default}."
        return document

    def _chooser(self) -> Callable[[Any], Any]:
        def kind_of(value: Any) -> Any:
            if isinstance(value, dict):
                return value.get(self.discriminator, self.default)
            return getattr(value, self.discriminator, None)

        kind_of.__name__ = self.discriminator  # what an error calls it
        return kind_of


def name_of(kind: type, discriminator: str = "kind") -> str:
    """What a registered kind is called in JSON: the default of its discriminator."""
    return str(next(item.default for item in fields(kind) if item.name == discriminator))
