"""The other end of the Web API, for tests of delivery: it answers as it was told to, over a real socket."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from typing import Any, Self

Json = dict[str, Any]


@dataclass
class Fault:
    """What to do in place of answering yes: for one channel or all, so many times."""

    status: int = 200
    error: str = ""
    retry_after: int = 0
    drop: str = ""
    hold: Event | None = None
    channel: str = ""
    times: int = 1
    body: str = ""


@dataclass
class SlackEnd:
    """Keeps what was posted and updated, and when."""

    url: str = ""
    posted: list[Json] = field(default_factory=list)
    updated: list[Json] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.changed = Condition()

    def fail(self, **kind: Any) -> None:
        """Fail the next calls, or the next to one channel."""
        self.faults.append(Fault(**kind))

    def texts(self, channel: str = "") -> list[str]:
        """Return what was posted, in order."""
        with self.changed:
            return [post["text"] for post in self.posted if channel in {"", post["channel"]}]

    def wait_for(self, holds: Callable[[Self], bool], seconds: float = 10.0) -> None:
        """Wait until something holds."""
        with self.changed:
            assert self.changed.wait_for(lambda: holds(self), seconds), f"never came: {self.calls}"

    def answer(self, method: str, form: Json) -> tuple[int, Json | str, Json] | None:
        """Do what a call asks for and return status, body and headers; None drops the connection."""
        fault = self._fault(form.get("channel", ""))
        if fault.hold is not None:
            with self.changed:
                self.calls.append(f"held {method}")
                self.changed.notify_all()
            fault.hold.wait(10)
        if fault.drop == "before":
            return None
        with self.changed:
            self.calls.append(method)
            self.changed.notify_all()
            if fault.status == 429:
                return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(fault.retry_after)}
            if fault.status != 200 or fault.body:
                return fault.status, fault.body or "oops", {}
            if fault.error:
                return 200, {"ok": False, "error": fault.error}, {}
            body = self._do(method, form)
            self.changed.notify_all()
        return None if fault.drop == "after" else (200, body, {})

    def _fault(self, channel: str) -> Fault:
        with self.changed:
            for fault in self.faults:
                if fault.times > 0 and fault.channel in {"", channel}:
                    fault.times -= 1
                    return fault
        return Fault()

    def _do(self, method: str, form: Json) -> Json:
        if method == "chat.postMessage":
            self.posted.append(form)
            return {"ok": True, "channel": f"D-{form['channel']}", "ts": f"{len(self.posted)}.0001"}
        if method == "chat.update":
            self.updated.append(form)
            return {"ok": True, "channel": form["channel"], "ts": form["ts"]}
        return {"ok": True}


@contextmanager
def slack_end() -> Iterator[SlackEnd]:
    """Run one on a free port of 127.0.0.1."""
    end = SlackEnd()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            form = json.loads(self.rfile.read(length) or b"{}")
            answered = end.answer(self.path.rpartition("/")[2], form)
            if answered is None:
                self.close_connection = True
                return
            status, body, headers = answered
            payload = (body if isinstance(body, str) else json.dumps(body)).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(payload))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    end.url = f"http://127.0.0.1:{server.server_address[1]}/api/"
    try:
        yield end
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
