"""Files under one address that names their content, compressed once."""

import gzip
import multiprocessing
import stat
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it comes without types
import pytest

from app.static_files import ENCODERS, StaticFiles, best_encoding, cache_folder, published_files

TEXT = b"the same words over and over again, " * 2000


@pytest.fixture
def tree(tmp_path: Path) -> dict[str, Path]:
    contents = {
        "js/main.js": TEXT,
        "js/short.js": TEXT[:2000],
        "css/small.css": b"a{}",
        "icon.png": bytes(5000),
        "notes.unknown": b"?",
    }
    for name, content in contents.items():
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return {name: tmp_path / "tree" / name for name in contents}


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def test_only_files_of_a_known_type_are_published(tree: dict[str, Path]) -> None:
    assert sorted(StaticFiles(tree).files) == ["css/small.css", "icon.png", "js/main.js", "js/short.js"]


def test_a_page_preloads_what_its_module_needs_before_it_runs_and_nothing_else(tree: dict[str, Path]) -> None:
    tree["js/main.js"].write_text("""
/** @import { Type } from "./type.js" */
import { one } from "./short.js";
import "./parts/deep.js";
export { two } from "./short.js";
const later = () => import("./later.js");
""")
    deep = tree["js/main.js"].parent / "parts/deep.js"
    deep.parent.mkdir()
    deep.write_text('import {\n  one,\n} from "../short.js";\nimport { all } from "../main.js";\n')
    found = StaticFiles({**tree, "js/parts/deep.js": deep}).modules("js/main.js")
    assert found == ["js/main.js", "js/parts/deep.js", "js/short.js"]


def test_the_address_changes_with_any_content_or_name_and_with_nothing_else(tree: dict[str, Path]) -> None:
    first = StaticFiles(tree).hash
    assert StaticFiles(dict(reversed(tree.items()))).hash == first
    assert StaticFiles({**tree, "js/more.js": tree["js/main.js"]}).hash != first
    tree["css/small.css"].write_bytes(b"b{}")
    assert StaticFiles(tree).hash != first


def test_what_is_worth_it_is_compressed_and_reads_back_the_same(tree: dict[str, Path]) -> None:
    static = StaticFiles(tree)
    static.compress()
    encoded = {name: read() for name, read in static.files["js/main.js"].encoded.items()}
    assert gzip.decompress(encoded["gzip"]) == TEXT
    assert brotli.decompress(encoded["br"]) == TEXT
    assert all(len(form) < len(TEXT) / 10 for form in encoded.values())
    assert static.files["css/small.css"].encoded == {}
    assert static.files["icon.png"].encoded == {}


def test_a_second_start_compresses_nothing(tree: dict[str, Path], cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = StaticFiles(tree, cache)
    first.compress()
    for encoding in ENCODERS:
        monkeypatch.setitem(
            ENCODERS, encoding, lambda content: pytest.fail("again") if len(content) > 65_536 else content
        )
    second = StaticFiles(tree, cache)
    second.compress()
    for encoding in ENCODERS:
        assert second.files["js/main.js"].encoded[encoding]() == first.files["js/main.js"].encoded[encoding]()
    assert len(list(cache.iterdir())) == len(ENCODERS)


def compress(tree: dict[str, Path], cache: Path) -> None:
    StaticFiles(tree, cache).compress()


def test_several_processes_may_start_at_once(tree: dict[str, Path], cache: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=compress, args=(tree, cache)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert sorted(path.suffix for path in cache.iterdir()) == [".br", ".gzip"]
    assert all(len(path.read_bytes()) > 0 for path in cache.iterdir())


def test_a_cache_that_went_away_is_no_reason_to_fail(tree: dict[str, Path], cache: Path) -> None:
    static = StaticFiles(tree, cache)
    cache.rmdir()
    static.compress()
    assert brotli.decompress(static.files["js/main.js"].encoded["br"]()) == TEXT


def test_what_is_large_is_read_when_it_is_asked_for_and_made_again_where_it_is_gone(
    tree: dict[str, Path], cache: Path
) -> None:
    static = StaticFiles(tree, cache)
    static.compress()
    for path in cache.iterdir():
        path.unlink()
    first = static.files["js/main.js"].encoded["br"]()
    assert brotli.decompress(first) == TEXT
    assert static.files["js/main.js"].encoded["br"]() is first


def test_the_cache_is_where_it_was_configured_or_where_caches_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache_folder(str(tmp_path / "configured")) == tmp_path / "configured"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    assert cache_folder() == tmp_path / "caches" / "descent"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_folder() == tmp_path / "home" / ".cache" / "descent"


def test_a_place_that_cannot_be_written_to_is_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert cache_folder(str(tmp_path / "file")) is None
    assert cache_folder(str(tmp_path / "file" / "below")) is None
    assert cache_folder("/proc/descent") is None


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br; q=0.0, gzip;q=1.0", "gzip"),
        ("br;q=0", None),
        ("identity", None),
        ("", None),
        ("brotli", None),
    ],
)
def test_the_smallest_accepted_encoding_is_chosen(accepted: str, expected: str | None) -> None:
    assert best_encoding(accepted) == expected
    assert best_encoding(accepted, {}) is None


def test_everything_a_browser_fetches_is_published() -> None:
    published = published_files()
    assert {"plotly.min.js", "swagger-ui-bundle.js", "swagger-ui.css", "docs.js", "texts/en/server.json"} <= set(
        published
    )
    assert all(path.is_file() for path in published.values())
    assert published["plotly.min.js"].stat().st_size > 4_000_000
    assert all(stat.S_ISREG(path.stat().st_mode) for path in published.values())
