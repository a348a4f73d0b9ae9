"""A Bolt app as its documentation has it: default settings, a listener that acknowledges and then calls Slack."""

import os

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient


def answer(ack: Ack, client: WebClient, command: dict[str, str]) -> None:
    """Acknowledge, then say so."""
    ack()
    client.chat_postMessage(channel=command["user_id"], text=f"You asked for {command['text']}.")


def main() -> None:
    """Connect and stay until the process is ended."""
    client = WebClient(token=os.environ.pop("SLACK_BOT_TOKEN"), base_url=os.environ["SLACK_API_URL"])
    app = App(client=client)
    for name in ("/extension", "/cohort"):
        app.command(name)(answer)
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()  # type: ignore[no-untyped-call] # slack_bolt leaves it untyped


if __name__ == "__main__":
    main()
