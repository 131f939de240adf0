"""What a browser fetches once: our static files, Plotly and Swagger UI, under one address that names their content.

What is large is compressed once and kept on disk, so that a restart finds it again; several processes may do so at the
same time, and where nothing can be written the compressed files stay in memory alone.
"""

import gzip
import os
import re
from collections.abc import Callable, Container, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, normpath
from secrets import token_hex
from tempfile import NamedTemporaryFile

import brotli  # type: ignore[import-untyped]  # it comes without types

from app.bundles import compiled_as_it_arrives, package_folder, plotly_bundle
from app.texts import static_folder

FOREVER = "public, max-age=31536000, immutable"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
PREPARED: Mapping[str, Callable[[bytes], bytes]] = {"plotly.min.js": compiled_as_it_arrives}
_IMPORT = re.compile(r'^(?:import|export) (?:[^;"]* from )?"(\.[^"]+)";', re.MULTILINE)
_PACKED_ALREADY = {".png", ".woff2"}
_LEAST_WORTH_COMPRESSING_BYTES = 1024
_LEAST_WORTH_KEEPING_BYTES = 65_536  # ours, which change often, are compressed in a moment

# Brotli's level 11 takes 8 s for Plotly and saves a tenth of what level 9 leaves after 0.4 s (gzip 0.2 s).
ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=9, mode=brotli.MODE_TEXT),
    "gzip": partial(gzip.compress, compresslevel=9, mtime=0),
}


@dataclass(frozen=True)
class StaticFile:
    """One file, and how to have it in other encodings: in none until `compress` has made them.

    `prepare` is what is done to its content before anybody gets it.
    """

    source: Path
    media_type: str
    prepare: Callable[[bytes], bytes] = bytes
    encoded: dict[str, Callable[[], bytes]] = field(default_factory=dict)

    def read(self) -> bytes:
        """What is served, from the disk."""
        return self.prepare(self.source.read_bytes())

    def digest(self) -> bytes:
        """What names its present content."""
        return sha256(self.read()).digest()

    def compress(self, folder: Path | None) -> None:
        """Fill `encoded`. What is large is left in the cache, read when it is first asked for and then remembered."""
        size = self.source.stat().st_size
        if self.source.suffix in _PACKED_ALREADY or size < _LEAST_WORTH_COMPRESSING_BYTES:
            return
        digest = self.digest().hex()
        for encoding, encode in ENCODERS.items():
            make = partial(_encoded, self, encode)
            if folder is None or size < _LEAST_WORTH_KEEPING_BYTES:
                self.encoded[encoding] = partial(bytes, make())
            else:
                path = folder / f"{digest}.{encoding}"
                _kept(path, make)
                self.encoded[encoding] = cache(partial(_kept, path, make))


class StaticFiles:
    """All files by the path they are published under, and the address that holds as long as none of them changes."""

    def __init__(self, sources: Mapping[str, Path], cache: Path | None = None) -> None:
        self.files = {
            name: StaticFile(path, MEDIA_TYPES[path.suffix], PREPARED.get(name, bytes))
            for name, path in sorted(sources.items())
            if path.suffix in MEDIA_TYPES
        }
        self.hash = _hash(self.files)
        self._cache = cache

    def modules(self, entry: str) -> list[str]:
        """A module and all that it needs before it runs, which a page preloads; what is imported later is left out."""
        found = [entry]
        for name in found:  # which grows meanwhile
            needed = _IMPORT.findall(self.files[name].source.read_text(encoding="utf-8"))
            paths = (normpath(join(dirname(name), path)) for path in needed)
            found += sorted(set(paths).difference(found))
        return found

    def compress(self) -> None:
        """Compress whatever is worth it: about a second of work the first time."""
        for file in self.files.values():
            file.compress(self._cache)


def published_files() -> dict[str, Path]:
    """Our tree, and what the packages of Plotly and Swagger UI bring for browsers."""
    tree = static_folder()
    own = {path.relative_to(tree).as_posix(): path for path in tree.rglob("*") if path.is_file()}
    swagger = package_folder("fastapi_swagger") / "resources"
    return own | {
        "plotly.min.js": plotly_bundle(),
        "swagger-ui-bundle.js": swagger / "swagger-ui-bundle.js",
        "swagger-ui.css": swagger / "swagger-ui.css",
    }


def cache_folder(configured: str = "") -> Path | None:
    """A folder that can be written to, made where it is missing; None where there is none."""
    try:
        folder = Path(configured or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "descent"))
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError):  # the latter where there is no home
        return None


def best_encoding(accept_encoding: str, there: Container[str] = ENCODERS) -> str | None:
    """The smallest encoding that is accepted and there; None where it has to go as it is.

    >>> best_encoding("gzip, br;q=0, deflate;q=0.5")
    'gzip'
    """
    parts = (part.replace(" ", "").partition(";q=") for part in accept_encoding.lower().split(","))
    accepted = {name for name, _, weight in parts if not weight or weight.strip("0.") != ""}
    return next((name for name in ENCODERS if name in accepted and name in there), None)


def encoding_header(encoding: str | None) -> dict[str, str]:
    """What an answer in this encoding says of itself."""
    return {"Content-Encoding": encoding} if encoding else {}


def _hash(files: Mapping[str, StaticFile]) -> str:
    digest = sha256()
    for name, file in files.items():
        digest.update(name.encode() + b"\0" + file.digest())
    return digest.hexdigest()[:16]


def _encoded(file: StaticFile, encode: Callable[[bytes], bytes]) -> bytes:
    return encode(file.read())


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """What stands at `path`, else what `make` gives, left there whole or not at all."""
    with suppress(OSError):
        if content := path.read_bytes():
            return content
    content = make()
    unfinished = path.with_name(f"{path.name}.{token_hex(8)}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError:  # a full disk, a folder that went away: the next start tries again
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return content
