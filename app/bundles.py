"""What installed packages bring for browsers."""

from importlib.util import find_spec
from pathlib import Path

_FACTORY = b'? self : this, () => {\n"use strict";'
_FACTORY_IN_PARENTHESES = _FACTORY.replace(b"()", b"(()", 1)
_END = b"\n}));"
_HEAD_BYTES = 1000


def plotly_bundle() -> Path:
    """The one script that the wheel of Plotly brings for browsers."""
    return package_folder("plotly") / "package_data" / "plotly.min.js"


def compiled_as_it_arrives(bundle: bytes) -> bytes:
    """Plotly's bundle with the one function that holds all of it in parentheses; another shape of bundle as it is.

    V8 takes a function in parentheses for one that is called at once, and compiles it in the background while it
    arrives. Without, the main thread compiles it when it is called: 0.17 s before the first plot. See
    https://v8.dev/blog/preparser#pife
    """
    head, body = bundle[:_HEAD_BYTES], bundle[_HEAD_BYTES:].rstrip()
    if head.count(_FACTORY) != 1 or not body.endswith(_END):
        return bundle
    return b"".join([head.replace(_FACTORY, _FACTORY_IN_PARENTHESES), body.removesuffix(b");"), b"));\n"])


def package_folder(name: str) -> Path:
    """Where a package is installed, without importing it: plotly takes half a second."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(name)
    return Path(spec.submodule_search_locations[0])
