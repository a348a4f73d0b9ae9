"""`check`, in the workspace: the channels of cohort.toml, who is in them, and the organizers' accounts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from threading import Event
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.directory import SlackDirectory
from bot.problems import Problem
from bot.slack import Self
from cohort.policy import Policy
from cohort.roster import Member
from services.desk import Directory
from storage.database import Database

Channel = Mapping[str, Any]


def in_workspace(client: WebClient, me: Self, policy: Policy, store: Database | None) -> list[Problem]:
    """Return what is wrong with the channels and the organizers; who is staff is asked where there is a roster."""
    directory = SlackDirectory(client, policy.programme.zone, Event())
    found: list[Problem] = []
    try:
        channels = list(_pages(client.conversations_list, "channels", types="public_channel,private_channel"))
        found += _of_cohort_toml(channels, policy)
        staff = _named(channels, policy.programme.staff_channel)
        if staff is not None and store is not None:
            found += _only_staff(client, me, staff, People(store, directory, policy.programme.organizers))
        found += _organizers(policy, directory)
    except (SlackApiError, OSError, HTTPException) as error:
        found.append(Problem(f"The channels can't be looked at ({_code(error)}).", "Mend what is named above first."))
    return found


@dataclass(frozen=True, slots=True)
class People:
    """Who someone in Slack is to the programme, also before their account is linked."""

    store: Database
    directory: Directory
    organizers: Sequence[str]

    def stranger(self, slack_id: str) -> str | None:
        """Return what to call an account that is not staff's; None for staff. Raises ConnectionError."""
        member = self._linked(slack_id)
        account = None if member else self.directory.account(slack_id)
        if account is not None and account.email:
            if account.email.casefold() in {email.casefold() for email in self.organizers}:
                return None
            member = self._on_roster(account.email)
        if member is not None:
            return None if member.is_staff else member.name
        return account.name if account else slack_id

    def _linked(self, slack_id: str) -> Member | None:
        with self.store.reading() as records:
            return records.roster.by_slack_id(slack_id)

    def _on_roster(self, email: str) -> Member | None:
        with self.store.reading() as records:
            return records.roster.by_email(email)


def _of_cohort_toml(channels: Sequence[Channel], policy: Policy) -> Iterator[Problem]:
    programme = policy.programme
    yield from _membership("programme.staff_channel", programme.staff_channel, channels)
    yield from _membership("programme.announcement_channel", programme.announcement_channel, channels)
    staff = _named(channels, programme.staff_channel)
    if staff is None:
        return
    if staff is _named(channels, programme.announcement_channel):
        yield Problem(
            f"programme.staff_channel and programme.announcement_channel are the same, #{staff['name']}.",
            "Cards about students must not appear where everybody reads: name two channels.",
        )
    if not staff.get("is_private"):
        yield Problem(
            f"programme.staff_channel: #{staff['name']} is public, and cards about students appear in it.",
            "Make it private in the channel's settings.",
        )


def _organizers(policy: Policy, directory: Directory) -> Iterator[Problem]:
    for email in policy.programme.organizers:
        if directory.account_by_email(email) is None:
            yield Problem(
                f"programme.organizers: nobody in Slack has the address {email}.",
                "Correct it in cohort.toml, or invite them to the workspace.",
            )


def _membership(key: str, name: str, channels: Sequence[Channel]) -> list[Problem]:
    """Say what is wrong with one channel of cohort.toml and the bot's place in it."""
    channel = _named(channels, name)
    if channel is None:
        mend = f"Make the channel, or correct {key} in cohort.toml; invite the bot to a private one."
        return [Problem(f"{key}: the bot sees no channel “{name}”.", mend)]
    if channel.get("is_archived"):
        return [Problem(f"{key}: #{channel['name']} is archived.", "Unarchive it, or name another.")]
    if not channel.get("is_member"):
        return [Problem(f"{key}: the bot is not in #{channel['name']}.", "Type `/invite @Cohort Bot` there.")]
    return []


def _only_staff(client: WebClient, me: Self, channel: Channel, people: People) -> Iterator[Problem]:
    present = set(_pages(client.conversations_members, "members", channel=channel["id"])) - {me.user_id}
    others = [name for slack_id in sorted(present) if (name := people.stranger(slack_id)) is not None]
    if others:
        yield Problem(
            f"programme.staff_channel: not staff on the roster, but in #{channel['name']}: {', '.join(others)}.",
            "Remove them from the channel, or give them a role in the roster and import it.",
        )


def _pages(call: Callable[..., Any], key: str, **arguments: str) -> Iterator[Any]:
    """Yield everything of a list that Slack hands out in pages."""
    cursor = ""
    while True:
        page = call(limit=200, cursor=cursor, **arguments)
        yield from page[key]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def _named(channels: Iterable[Channel], name: str) -> Channel | None:
    wanted = name.removeprefix("#")
    return next((channel for channel in channels if wanted in {channel["id"], channel["name"]}), None)


def _code(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
