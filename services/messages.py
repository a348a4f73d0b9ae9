"""Every kind of message: how a letter becomes words when it is sent, and what follows once it is told.

A letter holds ids; what is said is read from the records when it is sent, so that nobody is told what is no
longer true. `handlers/views/messages.py` turns the content into Slack's blocks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services import (
    accounts,
    asking,
    booking_letters,
    booking_reminders,
    brakes,
    check_ins,
    choices,
    digest_messages,
    distress,
    due_soon,
    duties,
    event_messages,
    excuses,
    extension_messages,
    file_copies,
    follow_up_messages,
    for_everyone,
    grading_messages,
    grading_upkeep,
    groups,
    hand_in_partners,
    handover_messages,
    hours_letters,
    housekeeping,
    integrity,
    invitations,
    joining,
    ladder_messages,
    leavings,
    mistakes,
    new_plans,
    no_shows,
    nudge_messages,
    open_hours_letters,
    pictures,
    policy_changes,
    regrades,
    roster,
    running,
    sections,
    sent_exports,
    shared_questions,
    silence,
    tracks,
    unstuck,
    waitlist_messages,
    week_plans,
)
from services.desk import Desk
from services.letters import Attached, Composer, Later, Obsolete, Said, Told
from services.nudge_hearing import hold_nudge, note_nudge
from services.waking import heard_at
from storage.outbox import Letter, Post
from storage.records import Records


@dataclass(frozen=True, slots=True)
class Direct:
    """The direct messages of a Slack account."""

    slack_id: str


@dataclass(frozen=True, slots=True)
class Together:
    """A conversation of several Slack accounts with the bot."""

    slack_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, by the name or id that cohort.toml gives it."""

    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A post that stands already and is to be updated."""

    channel: str
    ts: str


Address = Direct | Together | Channel | Standing


@dataclass(frozen=True, slots=True)
class Ready:
    """What to send, where to, in whose zone; `subject` is noted with the post, `attached` goes along."""

    address: Address
    content: object
    subject: str
    zone: ZoneInfo
    attached: Attached | None = None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The one it is for has no known Slack account."""

    member_id: str


Prepared = Ready | Obsolete | Later | Unreachable


def prepare(letter: Letter, desk: Desk, now: datetime) -> Prepared:
    """Turn a claimed letter into what to send now, reading everything afresh.

    Nobody is woken: what goes to a person waits for their waking hours. A nudge counts as sent from here on.
    """
    prepared = _prepared(letter, desk, now)
    note_nudge(letter, prepared, desk, now)
    return prepared


def _prepared(letter: Letter, desk: Desk, now: datetime) -> Prepared:
    if letter.expires_at is not None and now >= letter.expires_at:
        return Obsolete("expired")
    with desk.store.reading() as records:
        composed = COMPOSERS[letter.kind](records, letter.data, desk, now)
        said = hold_nudge(records, letter, composed, desk, now)
        if not isinstance(said, Said):
            return said
        return _addressed(records, letter, said, desk, now)


def _addressed(records: Records, letter: Letter, said: Said, desk: Desk, now: datetime) -> Ready | Later | Unreachable:
    sort, _, rest = letter.recipient.partition(":")
    programme = desk.policy.programme
    if sort == "channel":
        name = programme.staff_channel if rest == "staff" else programme.announcement_channel
        return Ready(Channel(name), said.content, said.subject, programme.tz)
    if sort == "post":
        channel, _, ts = rest.partition(":")
        return Ready(Standing(channel, ts), said.content, said.subject, programme.tz)
    first, *others = rest.split(",")
    member = records.roster.get(first)
    if member is None or member.slack_id is None:
        return Unreachable(first)
    wakes_at = heard_at(said, member, desk.policy.nudges, now)
    if wakes_at > now:
        return Later(wakes_at)
    if others:
        known = [records.roster.get(other) for other in others]
        ids = tuple(other.slack_id for other in known if other is not None and other.slack_id is not None)
        return Ready(Together((member.slack_id, *ids)), said.content, said.subject, member.tz)
    return Ready(Direct(member.slack_id), said.content, said.subject, member.tz, said.attached)


def told(letter: Letter, ready: Ready, post: Post, desk: Desk, now: datetime) -> bool:
    """Note that a letter was sent and where it stands now; say whether it was still claimed by us."""
    with desk.store.transaction() as records:
        settled = records.outbox.settle(letter.id, "sent", now)
        if ready.subject:
            records.outbox.add_post(post)
        follow_up = TOLD.get(letter.kind)
        if follow_up is not None:
            follow_up(records, letter.data, desk, now)
        return settled


COMPOSERS: Mapping[str, Composer] = {
    **extension_messages.COMPOSERS,
    **hand_in_partners.COMPOSERS,
    **handover_messages.COMPOSERS,
    **nudge_messages.COMPOSERS,
    **roster.COMPOSERS,
    **accounts.COMPOSERS,
    **duties.COMPOSERS,
    **event_messages.COMPOSERS,
    **excuses.COMPOSERS,
    **sections.COMPOSERS,
    **housekeeping.COMPOSERS,
    **running.COMPOSERS,
    **silence.COMPOSERS,
    **due_soon.COMPOSERS,
    **week_plans.COMPOSERS,
    **choices.COMPOSERS,
    **asking.COMPOSERS,
    **shared_questions.COMPOSERS,
    **booking_letters.COMPOSERS,
    **booking_reminders.COMPOSERS,
    **hours_letters.COMPOSERS,
    **unstuck.COMPOSERS,
    **brakes.COMPOSERS,
    **for_everyone.COMPOSERS,
    **tracks.COMPOSERS,
    **waitlist_messages.COMPOSERS,
    **open_hours_letters.COMPOSERS,
    **check_ins.COMPOSERS,
    **leavings.COMPOSERS,
    **follow_up_messages.COMPOSERS,
    **ladder_messages.COMPOSERS,
    **new_plans.COMPOSERS,
    **no_shows.COMPOSERS,
    **file_copies.COMPOSERS,
    **grading_messages.COMPOSERS,
    **grading_upkeep.COMPOSERS,
    **groups.COMPOSERS,
    **regrades.COMPOSERS,
    **integrity.COMPOSERS,
    **mistakes.COMPOSERS,
    **policy_changes.COMPOSERS,
    **invitations.COMPOSERS,
    **digest_messages.COMPOSERS,
    **distress.COMPOSERS,
    **pictures.COMPOSERS,
    **sent_exports.COMPOSERS,
    **joining.COMPOSERS,
}
TOLD: Mapping[str, Told] = {**extension_messages.TOLD, **open_hours_letters.TOLD}
