"""What the page believes of the API's answers: the typedefs of its `wire.js` modules."""

import re
from functools import cache
from typing import Any

from app.main import create_app
from app.settings import Settings
from app.texts import static_folder

TYPEDEF = re.compile(r"@typedef \{object\} (\w+).*?\*/", re.DOTALL)
PROPERTY = re.compile(r"@property \{.+\} (\[?)(\w+)\]?(?: |$)", re.MULTILINE)


@cache
def schemas() -> dict[str, Any]:
    """What OpenAPI promises, by name."""
    found: dict[str, Any] = create_app(Settings()).openapi()["components"]["schemas"]
    return found


def believed(module: str) -> dict[str, dict[str, bool]]:
    """For each typedef of a module its properties, and whether they are always there."""
    source = (static_folder() / "js" / module).read_text(encoding="utf-8")
    return {
        typedef[1]: {name: not bracket for bracket, name in PROPERTY.findall(typedef[0])}
        for typedef in TYPEDEF.finditer(source)
    }
