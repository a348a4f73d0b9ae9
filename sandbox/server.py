"""The aiohttp application on 127.0.0.1, and a way to run it in a background thread."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from sandbox import Json, pages
from sandbox.acting import Acting
from sandbox.calls import FIXED_TOKENS, Tokens
from sandbox.clock_desk import ClockDesk
from sandbox.control import Control
from sandbox.faults import Faults
from sandbox.feed import Feed, Lines
from sandbox.files import Files
from sandbox.interactions import Payloads
from sandbox.manifest import Manifest, load_manifest
from sandbox.people import People, load_people
from sandbox.responses import Responses
from sandbox.socketmode import SocketMode
from sandbox.telling import Telling
from sandbox.timing import Timing
from sandbox.traffic import Numbering
from sandbox.webapi import WebApi, cut
from sandbox.workspace import Workspace

HOST = "127.0.0.1"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LARGEST_BODY = 4 * 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Sandbox:
    """One workspace with its app installed; `start` and `stop` run on one event loop."""

    def __init__(
        self,
        people: People,
        manifest: Manifest,
        *,
        tokens: Tokens = FIXED_TOKENS,
        timing: Timing | None = None,
        tour: Json | None = None,
    ) -> None:
        self.tokens = tokens
        self.url = ""
        self.workspace = Workspace(people, manifest)
        self._numbering = Numbering()
        self._tour = tour or {}
        self._timing = timing or Timing()
        self._faults = Faults()
        self._down_until = 0.0
        self._runner: web.AppRunner | None = None
        self.socket = SocketMode(self.workspace.app_id, self._faults, self._timing, self._numbering)

    @property
    def api_url(self) -> str:
        """What the app needs as SLACK_API_URL."""
        return f"{self.url}/api/"

    @property
    def environment(self) -> dict[str, str]:
        """What the app needs in its environment to live here instead of in Slack."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.tokens.bot,
            "SLACK_APP_TOKEN": self.tokens.app,
        }

    async def start(self, port: int = 0) -> None:
        """Listen on a port of 127.0.0.1; 0 takes any that is free."""
        app = web.Application(middlewares=[self._only_loopback], client_max_size=LARGEST_BODY)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        # Routes need the address, and the address is known once a port is bound: so bind first, through a socket.
        listening = _listening_socket(port)
        self.url = f"http://{HOST}:{listening.getsockname()[1]}"
        self._wire(app)
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()

    def _wire(self, app: web.Application) -> None:
        workspace, faults, timing = self.workspace, self._faults, self._timing
        payloads = Payloads(workspace, self.url)
        files = Files(workspace, self.url, self.tokens)
        api = WebApi(workspace, self.tokens, faults, timing, self._connection_url, files, self._numbering)
        responses = Responses(workspace, faults, timing, api.calls)
        acting = Acting(workspace, self.socket, payloads, responses, files)
        telling = Telling(workspace, self.socket, payloads, files)
        control = Control(workspace, acting, telling, self.socket, api, faults, self.restart)
        feed = Feed(
            workspace, Lines(self.socket.traffic, api.calls, lambda: self.socket.connections), files, self._tour
        )
        self._numbering.rang = workspace.ring
        app.add_routes(
            [
                *pages.routes(),
                *feed.routes(),
                *ClockDesk(workspace, workspace.clock, workspace.ring).routes(),
                web.route("*", "/api/{method}", self._while_up(api.serve)),
                web.get("/link", self._while_up(self.socket.serve)),
                web.post("/response/{team}/{interaction}", self._while_up(responses.serve)),
                *files.routes(),
                *control.routes(),
            ]
        )

    def _connection_url(self) -> str:
        return (
            f"{self.url.replace('http://', 'ws://')}/link?ticket={self.socket.ticket()}&app_id={self.workspace.app_id}"
        )

    def restart(self, seconds: float) -> None:
        """Go away for some seconds, as far as the app can tell; nothing is forgotten."""
        self._down_until = time.monotonic() + seconds
        self.socket.drop()

    def _while_up(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if time.monotonic() < self._down_until:
                return cut(request)
            return await handler(request)

        return guarded

    @web.middleware
    async def _only_loopback(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        # A page from elsewhere may run in the same browser: only our own page may speak to us from there.
        if not _is_loopback(f"//{request.host}") or (origin is not None and origin != f"http://{request.host}"):
            raise web.HTTPForbidden(text="the sandbox answers this machine only")
        return await handler(request)

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        await self.socket.close()
        if self._runner is not None:
            await self._runner.cleanup()


async def serve_until(stop: asyncio.Event, sandbox: Sandbox, port: int, told: Callable[[Sandbox], None]) -> None:
    """Serve until `stop` is set; `told` is called once the address is known."""
    try:
        await sandbox.start(port)
        told(sandbox)
        await stop.wait()
    finally:
        await sandbox.stop()


def _is_loopback(address: str) -> bool:
    return urlsplit(address).hostname in LOOPBACK


def _listening_socket(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError:
        listening.close()
        raise
    return listening


def _opened(people: People | Path | str, manifest: Manifest | Path | str) -> tuple[People, Manifest]:
    if not isinstance(people, People):
        people = load_people(Path(people))
    if not isinstance(manifest, Manifest):
        manifest = load_manifest(Path(manifest))
    return people, manifest


@contextmanager
def running(
    people: People | Path | str,
    manifest: Manifest | Path | str,
    *,
    port: int = 0,
    tokens: Tokens = FIXED_TOKENS,
    timing: Timing | None = None,
) -> Iterator[Sandbox]:
    """Run a sandbox in a background thread for as long as the block lasts."""
    sandbox = Sandbox(*_opened(people, manifest), tokens=tokens, timing=timing)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sandbox", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(sandbox.start(port), loop).result()
        yield sandbox
    finally:
        asyncio.run_coroutine_threadsafe(sandbox.stop(), loop).result()
        asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
