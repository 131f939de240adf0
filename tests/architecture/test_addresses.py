"""Nothing that is served names another host, and nothing in the tree names this machine or a registry."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVED = [p for folder in ("static", "templates") for p in sorted((ROOT / folder).rglob("*")) if p.is_file()]
TEXT = {".css", ".html", ".js", ".json", ".svg", ".txt", ".webmanifest"}
ADDRESS = re.compile(r"""(?:(?:https?|wss?):|(?<=["'(=]))//[\w.-]+[^\s"'`)<]*""")
COMMENT = re.compile(
    r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|/\*.*?\*/|<!--.*?-->|\{#.*?#\}|(?<!\S)//[^\n]*""", re.DOTALL
)
NAMESPACES = ("http://www.w3.org/",)  # names that nobody fetches
REGISTRIES = re.compile(
    r"(?:pypi|pythonhosted|npmjs|yarnpkg|debian|docker|ghcr|quay|jsdelivr|unpkg|cdnjs)\.(?:org|com|io|net)\b"
)
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:home|root|Users|work|tmp|mnt|private)/\w")


def tracked() -> list[Path]:
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def addresses(text: str) -> list[str]:
    """External addresses outside comments; what looks like a comment inside a string stays."""
    bare = COMMENT.sub(lambda match: match[1] or " ", text)
    return [found for found in ADDRESS.findall(bare) if not found.startswith(NAMESPACES)]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    here = Path(__file__)
    found = []
    for path in tracked():
        if path != here and b"\0" not in (content := path.read_bytes()):
            lines = content.decode("utf-8").splitlines()
            found += [
                f"{path.relative_to(ROOT)}:{n}: {line}" for n, line in enumerate(lines, 1) if pattern.search(line)
            ]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('fetch("https://example.org/a")', ["https://example.org/a"]),
        ("<script src='//example.org/a.js'>", ["//example.org/a.js"]),
        ("url(//example.org/a.png)", ["//example.org/a.png"]),
        ("// see https://example.org\nlet a = 1;", []),
        ("/* https://example.org */ <!-- http://example.org -->", []),
        ('<svg xmlns="http://www.w3.org/2000/svg">', []),
    ],
)
def test_an_external_address_is_recognised(text: str, expected: list[str]) -> None:
    assert addresses(text) == expected


@pytest.mark.parametrize("path", SERVED, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_served_file_names_another_host(path: Path) -> None:
    assert path.suffix not in TEXT or addresses(path.read_text(encoding="utf-8")) == []


def test_no_file_names_the_host_of_a_registry() -> None:
    assert lines_with(REGISTRIES) == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert lines_with(MACHINE_PATHS) == []
