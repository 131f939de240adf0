"""Imports point down the list of layers, and the engine can be read and used without the web."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = (  # from the top; a module may import what is below its own line, and its neighbours
    ("app.main", "app.cli", "app.workers", "app.__main__"),
    ("app.api", "app.pages", "app.static_files", "app.bundles"),
    ("app.figures", "app.exports"),
    ("app.sessions",),
    ("app.recipe", "app.catalogue", "app.shapes", "app.field_errors"),
    ("app.engine",),
)
PLACED = tuple(name for tops in LAYERS for name in tops)
BESIDE = (
    "app.settings",
    "app.errors",
    "app.texts",
    "app.formulas",
    "app.logs",
    "app.metrics",
)
ENGINE_MAY_IMPORT = {"numpy", "annotated_types", *sys.stdlib_module_names}
MOST_LINES = {"app": 300, "static": 300, "tools": 300, "tests": 400}

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "app").rglob("*.py"))
}


def within(module: str, *tops: str) -> bool:
    return any(module == top or module.startswith(f"{top}.") for top in tops)


def imports(module: str, at_once: bool = False) -> set[str]:
    """Absolute names of all that a module imports, or only of what it imports at once, outside its functions.

    Names of things become those of their modules.
    """
    found: set[str] = set()
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    for node in tree.body if at_once else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {imported(module, node, alias.name) for alias in node.names}
    return found


def imported(module: str, node: ast.ImportFrom, name: str) -> str:
    package = module if FILES[module].name == "__init__.py" else module.rpartition(".")[0]
    above = ".".join(package.split(".")[: len(package.split(".")) + 1 - node.level]) if node.level else ""
    source = ".".join(filter(None, (above, node.module)))
    return f"{source}.{name}" if f"{source}.{name}" in FILES else source


def layer(module: str) -> int:
    return next(index for index, tops in enumerate(LAYERS) if within(module, *tops))


def test_every_module_has_its_place_in_the_layers() -> None:
    assert [module for module in FILES if module != "app" and not within(module, *PLACED, *BESIDE)] == []


@pytest.mark.parametrize("module", [module for module in FILES if within(module, *PLACED)])
def test_imports_never_point_up(module: str) -> None:
    targets = [name for name in imports(module) if within(name, *PLACED)]
    assert [name for name in targets if layer(name) < layer(module)] == []


def test_what_stands_beside_the_layers_imports_none_of_them() -> None:
    targets = {(module, name) for module in FILES if within(module, *BESIDE) for name in imports(module)}
    assert [pair for pair, tops in product(targets, LAYERS) if within(pair[1], *tops)] == []


def test_no_module_has_to_be_imported_before_itself() -> None:
    TopologicalSorter({module: imports(module, at_once=True) & FILES.keys() - {"app"} for module in FILES}).prepare()


def test_the_engine_imports_numpy_the_standard_library_and_annotated_types_alone() -> None:
    pairs = {(module, name) for module in FILES if within(module, "app.engine") for name in imports(module)}
    foreign = [(m, n) for m, n in pairs if not within(n, "app.engine") and n.split(".")[0] not in ENGINE_MAY_IMPORT]
    assert foreign == []


def test_plotly_is_imported_where_figures_are_made_and_nowhere_else() -> None:
    users = {module for module in FILES for name in imports(module) if within(name, "plotly")}
    assert users <= {"app.figures"}


def test_starting_the_server_does_not_import_plotly() -> None:
    code = "import sys, app.cli, app.main; print('plotly' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("folder", MOST_LINES)
def test_files_stay_short_enough_to_be_read(folder: str) -> None:
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".js"}]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert files
    assert {name: length for name, length in lengths.items() if length > MOST_LINES[folder]} == {}


def test_no_file_is_named_for_holding_just_anything() -> None:
    shapeless = {"utils", "helpers", "common", "misc", "base", "manager", "service"}
    assert [module for module in FILES if module.rpartition(".")[2] in shapeless] == []
