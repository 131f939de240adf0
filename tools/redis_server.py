"""`python -m tools.redis_server` leaves a Redis or Valkey server for the tests of its store, or says what to get."""

import shutil
import subprocess
import sys

from tools import debian

NAMES = ("redis-server", "valkey-server")


def main() -> None:
    """Debian's package where there is no server yet; the tests start their own, on free ports."""
    if any(map(shutil.which, NAMES)):
        return
    if debian.may_install():
        try:
            debian.install("redis-server")
        except subprocess.CalledProcessError as problem:
            print(problem, file=sys.stderr)
    if not any(map(shutil.which, NAMES)):
        sys.exit("The tests of the Redis store need its server: install it (on Debian: apt install redis-server)")


if __name__ == "__main__":
    main()
