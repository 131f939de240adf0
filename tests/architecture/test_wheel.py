"""The wheel holds all it needs: built from the source distribution, it serves the page far away from the checkout."""

import json
import subprocess
import sys
import tarfile
import venv
import zipfile
from email import message_from_string
from pathlib import Path
from sysconfig import get_path
from urllib.request import urlopen

import pytest

from tools.server import running_server

ROOT = Path(__file__).parents[2]


def build(folder: Path, target: str, out: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(out)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return next(out.iterdir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sdist = build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        if hasattr(tarfile, "data_filter"):  # from 3.11.4 on
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(unpacked)
    return build(next(unpacked.iterdir()), "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment that has the wheel and, by reference, the libraries of this one, not the checkout."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    site = Path(get_path("purelib", vars={"base": str(folder)}))
    (site / "libraries.pth").write_text(get_path("purelib"), encoding="utf-8")  # a .pth file in there is not followed
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, "--ignore-installed", str(wheel)], check=True)
    return folder / "bin"


def files_below(folder: str) -> set[str]:
    ours = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in ours}


def test_the_wheel_holds_the_package_its_data_and_what_is_served_and_nothing_else(wheel: Path) -> None:
    expected = files_below("app") | {f"app/{name}" for name in files_below("static") | files_below("templates")}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == expected


def test_the_wheel_says_who_it_is_and_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        text = next(archive.read(name).decode() for name in archive.namelist() if name.endswith("/METADATA"))
    metadata = message_from_string(text)
    assert (metadata["Name"], metadata["License-Expression"]) == ("descent-visualizer", "MIT")
    needs = metadata.get_all("Requires-Dist", [])
    assert any(need.startswith("numpy") for need in needs)
    assert [need for need in needs if "torch" in need and "bench" not in need] == []


def test_the_installed_wheel_serves_page_scripts_and_catalogue_outside_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    where = [str(installed / "python"), "-c", "import app; print(app.__file__)"]
    assert str(ROOT) not in subprocess.run(where, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    with running_server(tmp_path / "log.txt", [str(installed / "descent")], cwd=tmp_path) as url:
        with urlopen(f"{url}/") as page:
            assert b"<script" in page.read()
        with urlopen(f"{url}/api/v1/catalogue") as catalogue:
            assert json.load(catalogue)
