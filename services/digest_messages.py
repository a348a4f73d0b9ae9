"""Sending the digest of the week, and showing it to whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cohort.digest import latest_time
from cohort.roster import Member, Role
from cohort.times import local_day
from services import access, digest, drawing, outbox, pictures
from services.desk import Desk
from services.digest import Counts, Digest, OwnDigest
from services.leavings import totals
from services.letters import Composed, Obsolete, Said
from storage.records import Records

SEE = "digest.see"
# A digest that could not go out for so long waits for the next week.
STARTED_WITHIN = timedelta(days=1)
OF_USE = timedelta(days=3)
AFTER_THE_END = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CountsNote:
    """For the staff channel: the week in numbers, without a name."""

    counts: Counts


def send_digest(desk: Desk, now: datetime) -> int:
    """Queue the digest of the week once its time has come, once a week whatever restarts; return how many letters."""
    programme = desk.policy.programme
    at = latest_time(now, desk.policy.digest, programme.tz)
    is_on = programme.starts_on <= local_day(at, programme.tz) and at <= programme.closes_at + AFTER_THE_END
    key = f"digest:{local_day(at, programme.tz)}"
    if not is_on or now - at > STARTED_WITHIN:
        return 0
    with desk.store.reading() as records:
        first_at = records.audit.first_at()
        # A bot that began after the time of the digest knows nothing of that week.
        if records.outbox.has([key]) or (first_at is not None and first_at > at):
            return 0
    with desk.store.transaction() as records:
        return _queue(records, at, key, now)


def _queue(records: Records, at: datetime, key: str, now: datetime) -> int:
    if not outbox.post(records, "digest.counts", outbox.STAFF, {"at": at.isoformat()}, key, now):
        return 0
    staff = [m for m in records.roster.all() if m.is_staff and m.is_active(now)]
    owners = {case.owner_id for case in records.digest.open_cases()}
    readers = [member for member in staff if member.role is Role.ORGANIZER or member.id in owners]
    for reader in readers:
        data = {"at": at.isoformat(), "member": reader.id}
        outbox.post(records, "digest.names", outbox.to(reader), data, f"{key}:{reader.id}", now)
        if reader.role is Role.ORGANIZER:
            pictures.send(records, reader, now, key, is_awaited=False)
    records.audit.add(None, "digest.sent", key, now)
    return 1 + len(readers)


def show(actor: Member, now: datetime, desk: Desk) -> Digest | OwnDigest:
    """Return the last seven days for an organizer, or those of the students a TA follows.

    For an organizer, the pictures follow in their direct messages. Raises NotAllowed for students, and NotActive.
    """
    access.require_staff(actor, SEE, now)
    with desk.store.reading() as records:
        shown = _of(records, actor, desk, digest.days_until(now, desk), now)
    if actor.role is Role.ORGANIZER and drawing.can_draw():
        with desk.transaction(now) as records:
            pictures.send(records, actor, now, f"asked:{now.isoformat()}", is_awaited=True)
    return shown


def _of(records: Records, reader: Member, desk: Desk, stretch: digest.Stretch, now: datetime) -> Digest | OwnDigest:
    if reader.role is Role.ORGANIZER:
        counts = digest.counted(records, desk, stretch, now)
        return Digest(counts, digest.named(records, stretch, now), now, drawing.can_draw(), totals(records))
    return OwnDigest(stretch.since_at, digest.of_followed(records, reader, stretch, now), now)


def compose_counts(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the week in numbers."""
    until_at = datetime.fromisoformat(data["at"])
    if now - until_at > OF_USE:
        return Obsolete("too late to be of use")
    return Said(CountsNote(digest.counted(records, desk, digest.week_until(until_at, desk), now)))


def compose_names(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return the week by name: for an organizer of everyone, for a TA of those they follow."""
    until_at, reader = datetime.fromisoformat(data["at"]), access.known(records, data["member"])
    if now - until_at > OF_USE:
        return Obsolete("too late to be of use")
    if not reader.is_staff or not reader.is_active(now):
        return Obsolete("for staff only")
    found = _of(records, reader, desk, digest.week_until(until_at, desk), now)
    return Said(found) if isinstance(found, Digest) or found.names.cases else Obsolete("follows nobody any more")


COMPOSERS = {"digest.counts": compose_counts, "digest.names": compose_names}
