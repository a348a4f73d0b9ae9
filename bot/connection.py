"""The connection to Slack: Socket Mode, with a gate that lets running listeners finish before it closes."""

import logging
from socket import SHUT_RDWR
from threading import Condition, Event
from typing import Any, Final

from slack_bolt import App
from slack_bolt.adapter.socket_mode.base_handler import BaseSocketModeHandler
from slack_bolt.adapter.socket_mode.internals import send_response
from slack_sdk import WebClient
from slack_sdk.socket_mode.interval_runner import IntervalRunner
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.websocket_client import SocketModeClient

from handlers.registration import take

log = logging.getLogger(__name__)

LISTENERS: Final = 32
PING_SECONDS: Final = 10
READER_SECONDS: Final = 2.0
# How long the reader rests when its connection has ended and no other has been made.
REST_SECONDS: Final = 0.5


class Line(SocketModeClient):
    """slack_sdk's client, which hangs up in a way its own reader hears.

    websocket-client closes the socket under the thread that reads it, which then waits up to ten seconds for a socket
    that is not there any more, while nothing from Slack arrives. Shut down first, the socket wakes its reader.
    """

    def __init__(self, app_token: str, web_client: WebClient) -> None:
        super().__init__(
            app_token,
            logger=logging.getLogger("slack_sdk.socket_mode"),
            web_client=web_client,
            ping_interval=PING_SECONDS,
            concurrency=LISTENERS,
        )
        # The reader of its base looks before there is a connection, and then rests half a second of every start.
        self.current_session_runner.shutdown()  # type: ignore[no-untyped-call] # slack_sdk leaves it untyped
        self.current_session_runner = IntervalRunner(self._run_current_session, REST_SECONDS)
        self._ended = Event()
        self.on_close_listeners.append(lambda _: self._ended.set())

    def connect(self) -> None:
        """Take a new connection in place of the one there is, if there is one."""
        # Else the end of the old connection would ask for one more; connecting sets it to what it was.
        self.auto_reconnect_enabled = False
        self._hang_up()
        super().connect()
        if self.current_session_runner.thread.ident is None:
            self.current_session_runner.start()

    def close(self) -> None:
        """Close the connection and end its threads."""
        self.auto_reconnect_enabled = False
        self.current_session_runner.event.set()
        self._hang_up()
        self.closed = True
        # The thread that takes messages from the queue looks up once a second, unless one comes.
        self.enqueue_message("")
        super().close()

    def _hang_up(self) -> None:
        session = self.current_session
        if session is None or session.sock is None or session.sock.sock is None:
            return
        self._ended.clear()
        session.keep_running = False
        try:
            session.sock.sock.shutdown(SHUT_RDWR)
        except OSError:
            log.debug("the connection had ended already")
        self._ended.wait(READER_SECONDS)


class Gate(BaseSocketModeHandler):
    """Hands Slack's envelopes to the app while it is open, and knows how many are being worked on."""

    def __init__(self, app: App, app_token: str, web_client: WebClient) -> None:
        self.app = app
        self.client: Line = Line(app_token, web_client)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type] # as its siblings do
        self._changed = Condition()
        self._running = 0
        self._is_open = True
        self._greeted = Event()
        # Slack's client looks after its connection from the very start, when there is none yet, and would make a
        # second one: so it begins to look once Slack has said hello.
        self.client.current_app_monitor_started = True
        self.client.message_listeners.append(self._on_message)
        self.client.on_close_listeners.append(self._on_close)

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override] # as its base does
        """Work on one envelope; once the gate is shut it stays unacknowledged, and Slack tries elsewhere."""
        with self._changed:
            if not self._is_open:
                return
            self._running += 1
        try:
            send_response(client, req, take(self.app, req), start_time=0.0)
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    @property
    def is_connected(self) -> bool:
        """Whether Slack has said hello on a connection that still stands."""
        return self._greeted.is_set() and self.client.is_connected()

    def wait_for_hello(self, seconds: float) -> bool:
        """Wait until Slack says hello; say whether it did."""
        return self._greeted.wait(seconds)

    def keep_connected(self) -> None:
        """From now on connect again whenever the connection is lost."""
        self.client.current_app_monitor.start()

    def shut(self) -> None:
        """Let nothing in any more."""
        with self._changed:
            self._is_open = False

    def finish(self, seconds: float) -> bool:
        """Wait until every envelope that was let in is answered, so many seconds at most; say whether all are."""
        with self._changed:
            return self._changed.wait_for(lambda: self._running == 0, seconds)

    def _on_message(self, _: Any, message: dict[str, Any], __: str | None = None) -> None:  # noqa: ANN401 - slack_sdk's own signature
        if message.get("type") == "hello":
            self._greeted.set()
            log.info("connected to Slack")

    def _on_close(self, _: Any) -> None:  # noqa: ANN401 - slack_sdk's own signature
        self._greeted.clear()
