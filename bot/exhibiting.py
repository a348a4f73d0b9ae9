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
from handlers.views.gallery import Exhibit, gallery

# A modal can only be opened by a press, so its blocks are shown in Home, under its title.
HOME = "home"


def post_everything(settings: Settings, policy: Policy) -> list[str]:
    """Send every view to every organizer, and return a line for each that Slack refuses.

    Messages go as direct messages; Home and modals are shown in Home one after the other, which is as it was
    when it is opened next. Raises Problems where no organizer has an account.
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
    for exhibit in exhibits:
        try:
            _show(client, organizer, exhibit)
        except SlackApiError as error:
            details = (error.response.get("response_metadata") or {}).get("messages", [])
            yield f"{exhibit.name}: {error.response.get('error')} {'; '.join(details)}".strip()
        except (OSError, HTTPException) as error:
            yield f"{exhibit.name}: {type(error).__name__}"


def _show(client: WebClient, organizer: str, exhibit: Exhibit) -> None:
    if exhibit.view is None:
        client.chat_postMessage(channel=organizer, text=exhibit.text, blocks=exhibit.blocks)
    else:
        client.views_publish(user_id=organizer, view={"type": HOME, "blocks": exhibit.view["blocks"]})
