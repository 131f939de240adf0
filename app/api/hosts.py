"""Which host names this server answers for. A page of somebody else's cannot reach it under a name of its own."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from ipaddress import ip_address
from re import compile as regex
from socket import gethostname

_HOST = regex(rb"(?P<name>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")


def host_rule(allowed: Iterable[str]) -> Callable[[bytes], bool]:
    """A test of `Host` headers: IP literals, localhost, this machine's names, and `allowed` (`*.example.org`, `*`)."""
    names = {"localhost", *_own_names(), *(name.lower() for name in allowed if not name.startswith("*"))}
    endings = (".localhost", *(name[1:].lower() for name in allowed if name.startswith("*")))

    @lru_cache(maxsize=256)
    def knows(host: bytes) -> bool:
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = match["name"].decode().lower().rstrip(".")
        return name in names or name.endswith(endings) or _is_address(name)

    return knows


def _own_names() -> set[str]:
    name = gethostname().lower()
    short = name.partition(".")[0]
    return {name, short, f"{short}.local"}


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
