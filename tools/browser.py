"""The Chromium of the browser tests: found, started; `python -m tools.browser` installs it where it is missing."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import Browser, Playwright, sync_playwright

from tools import debian

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first draws without windows, and opens a page in two thirds of the time."""

QUIET = (  # nothing but the pages under test may reach for the network
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)

AS_UNWATCHED = "--js-flags=--no-enable-lazy-source-positions"
"""Under the DevTools protocol V8 notes where exceptions are thrown, those caught as well: for a few in Plotly it would
parse most of the 4.8 MB twice on every page, 0.4 s that no visitor's browser takes."""


def installed() -> str | None:
    """The path of this machine's own Chromium, if it has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """The machine's Chromium, else Playwright's; without its sandbox only for root, whom it refuses otherwise."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    arguments = [*QUIET, AS_UNWATCHED, "--disable-gpu", *sandbox]
    return playwright.chromium.launch(executable_path=installed(), args=arguments)


def install() -> None:
    """Debian's package where that is allowed, else Playwright's own build. CalledProcessError if that fails."""
    if debian.may_install():
        _install_from_debian()
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def _install_from_debian() -> None:
    try:
        debian.install(NAMES[0])
    except subprocess.CalledProcessError:  # older releases do not have it
        debian.install(NAMES[1])


def works() -> bool:
    """Whether a browser starts and shows a page."""
    try:
        with sync_playwright() as playwright, launch(playwright) as browser:
            browser.new_page().set_content("<p>here</p>")
    except Exception as problem:  # whatever it is, the person at the keyboard should read it
        print(f"No browser starts: {str(problem).splitlines()[0]}", file=sys.stderr)
        return False
    return True


def main() -> None:
    """Leaves a browser that works, or says what to install."""
    if installed() or works():
        return
    try:
        install()
    except (OSError, subprocess.CalledProcessError) as problem:
        print(problem, file=sys.stderr)
    if not works():
        sys.exit("The browser tests need Chromium: install it (on Debian: apt install chromium), then try again")


if __name__ == "__main__":
    main()
