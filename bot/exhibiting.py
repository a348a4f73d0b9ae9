"""`check --post`: shows organizers every view the bot can show, so that Slack itself judges them."""

from collections.abc import Iterator, Sequence
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import real_now
from bot.problems import one
from bot.settings import Settings
from bot.slack import bot_client
from cohort.policy import Policy
from handlers.views.blocks import Block
from handlers.views.gallery import Exhibit, gallery

HOME = "home"


def post_everything(settings: Settings, policy: Policy) -> list[str]:
    """Send every view to every organizer, and return a line for each that Slack refuses.

    A modal can only be opened by a press, so its blocks go as a message under its name, as messages do; views of
    Home are shown there one after the other, and it is as it was when it is opened next. Raises Problems where
    no organizer has an account.
    """
    client = bot_client(settings)
    exhibits = gallery(real_now(), policy.programme.tz)
    organizers = list(_organizers(client, policy.programme.organizers))
    if not organizers:
        raise one("No organizer has a Slack account.", "Correct programme.organizers in cohort.toml.")
    return [line for organizer in organizers for line in _shown_to(client, organizer, exhibits)]


def _organizers(client: WebClient, emails: Sequence[str]) -> Iterator[str]:
    for email in emails:
        try:
            yield client.users_lookupByEmail(email=email)["user"]["id"]
        except SlackApiError:
            continue


def _shown_to(client: WebClient, organizer: str, exhibits: Sequence[Exhibit]) -> Iterator[str]:
    for exhibit in (_opening(exhibits), *exhibits):
        try:
            _show(client, organizer, exhibit)
        except SlackApiError as error:
            details = (error.response.get("response_metadata") or {}).get("messages", [])
            yield f"{exhibit.name}: {error.response.get('error')} {'; '.join(details)}".strip()
        except (OSError, HTTPException) as error:
            yield f"{exhibit.name}: {type(error).__name__}"


def _opening(exhibits: Sequence[Exhibit]) -> Exhibit:
    """Return what goes first, so that nobody takes what follows for real."""
    messages = sum(exhibit.surface != HOME for exhibit in exhibits)
    words = (
        f"What follows is a test of everything I can show: {messages} messages with made-up people, and Home. "
        "None of it is real, and no button needs a press."
    )
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]
    return Exhibit("opening", words, blocks)


def _show(client: WebClient, organizer: str, exhibit: Exhibit) -> None:
    if exhibit.view is not None and exhibit.surface == HOME:
        client.views_publish(user_id=organizer, view=exhibit.view)
    else:
        blocks = [_in_a_message(block) for block in exhibit.view["blocks"]] if exhibit.view else exhibit.blocks
        client.chat_postMessage(channel=organizer, text=exhibit.text or exhibit.name, blocks=blocks)


def _in_a_message(block: Block) -> Block:
    """Return a block of a form as a message can show it: files can be asked for in forms only."""
    element = block.get("element", {})
    if element.get("type") != "file_input":
        return block
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": f"{block['label']['text']}: a file goes here."}]}
