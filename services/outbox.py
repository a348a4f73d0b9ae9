"""Putting messages into the outbox, inside the transaction of whatever they tell."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, tzinfo
from typing import Any, Final

from cohort.roster import Member, Role
from cohort.times import local_day, next_wall
from storage.outbox import Letter
from storage.records import Records

STAFF = "channel:staff"
ANNOUNCEMENTS = "channel:announcements"
# When organizers read what could wait, in the programme's zone.
MORNING: Final = time(9)


def to(member: Member) -> str:
    """Return the address of a member's direct messages."""
    return f"member:{member.id}"


def together(student: Member, staff: Member) -> str:
    """Return the address of a conversation of two members with the bot; the student's waking hours hold."""
    return f"together:{student.id},{staff.id}"


def post(records: Records, kind: str, recipient: str, data: Mapping[str, Any], key: str, now: datetime) -> bool:
    """Queue a message that someone waits for; it is sent at least once. Say whether it is new."""
    return records.outbox.add(Letter(kind, recipient, data, key, now, now))


def post_at(
    records: Records, kind: str, recipient: str, data: Mapping[str, Any], key: str, now: datetime, at: datetime
) -> bool:
    """Queue a message that someone asked to have at a later instant. Say whether it is new."""
    return records.outbox.add(Letter(kind, recipient, data, key, now, at))


def post_nudge(
    records: Records,
    kind: str,
    recipient: str,
    data: Mapping[str, Any],
    key: str,
    now: datetime,
    until: datetime,
) -> bool:
    """Queue a message nobody asked for: sent at most once, never after `until`. Say whether it is new."""
    return records.outbox.add(Letter(kind, recipient, data, key, now, now, expires_at=until, at_most_once=True))


def tell_organizers(records: Records, kind: str, data: Mapping[str, Any], key: str, now: datetime) -> int:
    """Queue one message to every active organizer; return how many are new."""
    organizers = [o for o in records.roster.with_role(Role.ORGANIZER) if o.is_active(now)]
    return sum([post(records, kind, to(o), data, f"{key}:{o.id}", now) for o in organizers])


def tell_organizers_daily(
    records: Records, kind: str, field: str, ids: Sequence[str], now: datetime, tz: tzinfo
) -> None:
    """Put cases into the one message of a kind that organizers get a day, for what can wait until the morning.

    It goes out at nine in the zone `tz`, and its data hold the ids under the name `field`, and the reader's.
    """
    at = next_wall(now, MORNING, tz)
    for organizer in records.roster.with_role(Role.ORGANIZER):
        if not organizer.is_active(now):
            continue
        key = f"{kind}:{local_day(at, tz)}:{organizer.id}"
        data = {field: list(ids), "member": organizer.id}
        if not post_at(records, kind, to(organizer), data, key, now, at):
            records.outbox.add_to(key, field, ids)


def refresh_once(records: Records, kind: str, data: Mapping[str, Any], subject: str, stamp: str, now: datetime) -> None:
    """Queue an update of every post about a subject that is not about to be updated; for what changes often."""
    for where in records.outbox.posts_about(subject):
        address = f"post:{where.channel}:{where.ts}"
        if not records.outbox.waits(kind, address):
            post(records, kind, address, data, f"refresh:{where.channel}:{where.ts}:{stamp}", now)


def refresh(records: Records, kind: str, data: Mapping[str, Any], subject: str, stamp: str, now: datetime) -> None:
    """Queue an update of every post about a subject; `stamp` names the change, so that it is made once."""
    for where in records.outbox.posts_about(subject):
        address = f"post:{where.channel}:{where.ts}"
        post(records, kind, address, data, f"refresh:{where.channel}:{where.ts}:{stamp}", now)
