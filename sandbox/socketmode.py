"""Socket Mode: connections, envelopes, acknowledgements with their time-out, events sent again."""

import asyncio
import json
import secrets
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from sandbox import Json
from sandbox.faults import Faults
from sandbox.timing import Timing
from sandbox.traffic import Numbering, Traffic

MOST_CONNECTIONS = 10


@dataclass(frozen=True, slots=True)
class Ack:
    """How the app acknowledged: `failed` is "", operation_timeout or dispatch_failed; `ms` is what it took."""

    payload: Json = field(default_factory=dict)
    ms: float = 0.0
    failed: str = ""


@dataclass(eq=False, slots=True)
class _Connection:
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    taking: bool = True


class SocketMode:
    """All of the app's connections; an envelope goes to any one of them."""

    def __init__(self, app_id: str, faults: Faults, timing: Timing, numbering: Numbering) -> None:
        self.traffic = Traffic(20_000, numbering)
        self._app_id, self._faults, self._timing = app_id, faults, timing
        self._connections: list[_Connection] = []
        self._tickets: dict[str, float] = {}
        self._pending: dict[str, asyncio.Future[Json]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._connected = asyncio.Condition()
        self._turn = 0

    @property
    def connections(self) -> int:
        """How many connections take envelopes."""
        return sum(connection.taking for connection in self._connections)

    def ticket(self) -> str:
        """Return a ticket that opens one connection, once, within half a minute."""
        ticket = secrets.token_urlsafe(16)
        self._tickets[ticket] = time.monotonic()
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one WebSocket connection for as long as it lives."""
        issued_at = self._tickets.pop(request.query.get("ticket", ""), None)
        if issued_at is None or time.monotonic() - issued_at > self._timing.ticket:
            return web.Response(status=401, text="this ticket is used or expired")
        if len(self._connections) >= MOST_CONNECTIONS:
            return web.Response(status=409, text="too_many_websockets")
        socket = web.WebSocketResponse(max_msg_size=0, timeout=0.5)
        await socket.prepare(request)
        connection = _Connection(socket, request.transport)
        self._connections.append(connection)
        try:
            await self._greet(socket)
            await self._listen(socket)
        finally:
            self._connections.remove(connection)
            await self._announce()
        return socket

    async def _greet(self, socket: web.WebSocketResponse) -> None:
        hello = {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        }
        await socket.send_str(json.dumps(hello))
        await self._announce()

    async def _announce(self) -> None:
        async with self._connected:
            self._connected.notify_all()

    async def wait_connected(self, count: int, seconds: float) -> bool:
        """Wait until at least so many connections take envelopes (0: until none does)."""
        try:
            async with asyncio.timeout(seconds), self._connected:
                await self._connected.wait_for(lambda: self.connections >= count if count else not self._connections)
        except TimeoutError:
            return False
        return True

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            try:
                answer = json.loads(frame.data)
            except ValueError:
                continue
            if isinstance(answer, dict):
                self._acknowledged(answer)

    def _acknowledged(self, answer: Json) -> None:
        waiting = self._pending.get(str(answer.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload") or {})

    async def deliver(self, kind: str, payload: Json, *, what: str, user: str = "", retry: Json | None = None) -> Ack:
        """Send one envelope and wait for its acknowledgement, at most Slack's 3 s."""
        struck = self._faults.strike(f"envelope.{kind}")
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        } | (retry or {})
        began = time.monotonic()
        ack = await self._send(envelope, copies=2 if "twice" in struck else 1, lose="lose" in struck)
        ms = (time.monotonic() - began) * 1000
        ack = Ack(ack.payload, ms, ack.failed)
        is_back = ack.payload.get("response_action") == "errors"
        self.note(kind, what, user, ms=ms, failed=ack.failed, is_back=is_back)
        return ack

    def note(
        self, kind: str, what: str, user: str, *, ms: float = 0.0, failed: str = "", is_back: bool = False
    ) -> None:
        """Note in the traffic what was sent and how it was answered; `is_back` where a form came back with errors."""
        entry = {"kind": kind, "what": what, "user": user, "at": time.time(), "ack_ms": round(ms, 1), "failed": failed}
        self.traffic.append(entry | {"is_back": is_back})

    async def _send(self, envelope: Json, *, copies: int, lose: bool) -> Ack:
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        key = envelope["envelope_id"]
        self._pending[key] = waiting
        try:
            if not lose and not await self._hand_over(json.dumps(envelope), copies):
                return Ack(failed="dispatch_failed")
            async with asyncio.timeout(self._timing.acknowledge):
                return Ack(await waiting)
        except TimeoutError:
            return Ack(failed="operation_timeout")
        finally:
            del self._pending[key]

    async def _hand_over(self, text: str, copies: int) -> bool:
        sent = 0
        while sent < copies:
            connection = self._next_connection()
            if connection is None:
                break
            try:
                await connection.socket.send_str(text)
                sent += 1
            except ConnectionError:
                connection.taking = False
        return sent > 0

    def _next_connection(self) -> _Connection | None:
        taking = [each for each in self._connections if each.taking and not each.socket.closed]
        if not taking:
            return None
        self._turn += 1
        return taking[self._turn % len(taking)]

    def event(self, payload: Json) -> None:
        """Send an event in the background, again at once, after a minute and after five while unacknowledged."""
        self.background(self._event(payload))

    async def _event(self, payload: Json) -> None:
        what = payload["event"]["type"]
        ack = await self.deliver("events_api", payload, what=what)
        for attempt, pause in enumerate(self._timing.event_retries, 1):
            if not ack.failed:
                return
            reason = "timeout" if ack.failed == "operation_timeout" else "connection_failed"
            await asyncio.sleep(pause)
            retry = {"retry_attempt": attempt, "retry_reason": reason}
            ack = await self.deliver("events_api", payload, what=what, retry=retry)

    def background(self, work: Coroutine[None, None, None]) -> None:
        """Run something until it is done or the workspace closes."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ask_to_leave(self, reason: str) -> None:
        """Send every connection a disconnect request; `reason` is warning or refresh_requested."""
        pause = self._timing.after_warning if reason == "warning" else self._timing.after_refresh_request
        request = json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
        for connection in list(self._connections):
            connection.taking = reason == "warning" and connection.taking
            await connection.socket.send_str(request)
            self.background(self._close_later(connection, pause))

    async def _close_later(self, connection: _Connection, pause: float) -> None:
        await asyncio.sleep(pause)
        await connection.socket.close()

    def drop(self) -> None:
        """Cut every connection without a word."""
        for connection in self._connections:
            connection.taking = False
            if connection.transport is not None:
                connection.transport.abort()

    async def close(self) -> None:
        """Say goodbye to every connection and stop what runs in the background."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in list(self._connections):
            connection.taking = False
            await connection.socket.close(code=1001, message=b"going away")
