"""What the documentation says can be done: commands exist, links lead somewhere, the REST example runs."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.links import PAGES, ROOT, corrected
from tools.server import running_server

README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)\s]+)\)")
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def linked_files(page: Path) -> list[Path]:
    inner = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    return [page.parent / target.partition("#")[0] for target in inner]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def flags() -> set[str]:
    command = [sys.executable, "-m", "app.cli", "serve", "--help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"--[a-z-]+", shown))


@each_page
def test_every_link_into_the_tree_leads_somewhere(page: Path) -> None:
    assert [str(path) for path in linked_files(page) if not path.exists()] == []


@each_page
def test_every_link_to_a_line_of_code_points_at_what_it_names(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == corrected(page), "`make format` corrects it"


@each_page
def test_every_command_in_a_page_exists(page: Path) -> None:
    text = "\n".join(blocks(page.read_text(encoding="utf-8"), "sh"))
    assert set(re.findall(r"\bmake ([a-z-]+)", text)) <= make_targets()
    for arguments in re.findall(r"^descent (?!serve)(\w+)", text, re.MULTILINE):
        pytest.fail(f"the command has no {arguments!r}")
    assert {
        flag for call in re.findall(r"descent serve(.*)", text) for flag in re.findall(r"--[a-z-]+", call)
    } <= flags()


def test_the_readme_gives_the_two_commands_first() -> None:
    assert re.findall(r"^(make \w+)", blocks(README, "sh")[0], re.MULTILINE) == ["make run", "make test"]


def test_the_rest_example_of_the_readme_descends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks(README, "python")
    assert len(example.splitlines()) == 5
    with running_server(tmp_path / "log.txt") as url:
        names: dict[str, Any] = {}
        exec(example.replace("http://127.0.0.1:8000", url), names)
        names["api"].close()
    loss, *parameters = map(float, re.findall(r"-?\d+\.\d+(?:e-?\d+)?", capsys.readouterr().out))
    assert loss < 1
    assert len(parameters) == 2


def test_the_workflow_runs_what_the_readme_names() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
