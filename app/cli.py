"""The command `descent`: serves the page and the API."""

import asyncio
import gc
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

from fastapi import FastAPI
from uvicorn import Config, Server

from app import __version__
from app.api.connection import BoundedProtocol
from app.logs import configure
from app.main import create_app
from app.sessions.sqlite_file import UnusableFileError
from app.sessions.stores import check_store
from app.settings import STORES, Settings, SettingsError, variable
from app.workers import Workers

WRONG_USE = 2
LOOK_SECONDS = 1.0
SWITCH_SECONDS = 0.0005  # the thread that writes to SQLite waits so long for the interpreter after each statement
KEEP_ALIVE_SECONDS = 75  # longer than a proxy keeps its own, which would else reuse a connection that just closed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    given = _parser().parse_args(arguments)
    try:
        settings = Settings.from_environment({name: getattr(given, name) for name in _FLAGS})
        check_store(settings.store)
        listener = listen(settings)
    except (SettingsError, UnusableFileError, CannotListenError) as error:
        sys.stderr.write(f"descent: {error}\n")
        return WRONG_USE
    sys.setswitchinterval(SWITCH_SECONDS)
    configure(settings.log_format)
    serve(create_app(settings), settings, listener)
    return 0


def serve(app: FastAPI, settings: Settings, listener: socket.socket) -> None:
    """Serve until a signal says stop; then wait at most `graceful_seconds` for what is under way.

    What is loaded by now stays: workers share it, and nobody looks through it for garbage again, which takes 50 ms.
    """
    gc.collect()
    gc.freeze()

    def work(number: int, is_first: bool) -> None:
        app.state.metrics.be_worker(number)
        server = AnnouncingServer(_config(app, settings), settings.root_path, announces=is_first)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])

    if settings.workers == 1:
        work(0, True)
    else:
        Workers(work, settings.workers, settings.graceful_seconds).run()


class CannotListenError(OSError):
    """The address is taken, or none of this machine's."""


class CalmServer(Server):
    """Looks around once a second, which the Date header needs, and at once when a signal comes.

    Uvicorn's own looks ten times a second, which costs an idle server more than a student who plays.
    """

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._look: asyncio.Future[None] | None = None

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            self._look = self._loop.create_future()
            timer = self._loop.call_later(LOOK_SECONDS, self._wake)
            await self._look
            timer.cancel()

    def _wake(self) -> None:
        if self._look is not None and not self._look.done():
            self._look.set_result(None)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self._loop is not None:  # else the first look sees it
            self._loop.call_soon_threadsafe(self._wake)


class AnnouncingServer(CalmServer):
    """Says where it serves once it does, not before."""

    def __init__(self, config: Config, root_path: str, *, announces: bool) -> None:
        super().__init__(config)
        self._root_path, self._announces = root_path, announces

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets and self._announces:
            address = _address(self.config.host, sockets[0].getsockname()[1])
            sys.stdout.write(f"Descent {__version__} serves {address}{self._root_path}/ (Ctrl+C stops it)\n")
            sys.stdout.flush()


_FLAGS = {
    "host": "address to listen on",
    "port": "port to listen on; 0 takes a free one",
    "workers": "processes; more than one needs a shared store",
    "store": f"where sessions are kept: {', '.join(form for form, _ in STORES.values())}",
    "root_path": "prefix under which a proxy serves this, such as /descent",
}


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="descent", description="Gradient descent on real models, live.")
    parser.add_argument("--version", action="version", version=f"descent {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")
    others = "Every other setting is an environment variable; docs/settings.md lists them."
    serve = commands.add_parser("serve", help="serve the page and the API", description=others)
    for name, meaning in _FLAGS.items():
        help_ = f"{meaning} (default {getattr(Settings, name) or 'none'}; {variable(name)})"
        serve.add_argument(f"--{name.replace('_', '-')}", dest=name, help=help_, metavar=name.upper())
    return parser


def listen(settings: Settings) -> socket.socket:
    """A socket bound to host and port; CannotListenError says why there is none."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        address = _address(settings.host, settings.port)
        hint = f"; another port can be named with --port or {variable('port')}"
        raise CannotListenError(f"cannot serve {address}: {error.strerror}{hint}") from None
    return listener


def _config(app: FastAPI, settings: Settings) -> Config:
    return Config(
        app,
        host=settings.host,
        port=settings.port,
        http=BoundedProtocol,
        loop="auto",  # uvloop, which is not there for Windows
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # it would hold the ids of sessions; ours names routes
        server_header=False,
        proxy_headers=False,  # nothing here asks who a client is
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.graceful_seconds,
    )


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


if __name__ == "__main__":
    sys.exit(main())
