"""What staff are told about the bot itself: what could not be delivered, and when it was not running."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cohort.roster import Member, Role
from services import outbox
from services.desk import Desk
from services.letters import Composer, Said
from storage.ids import new_id
from storage.outbox import Letter
from storage.records import Records

UNDELIVERED: Final = "running.undelivered"
WAS_DOWN: Final = "running.was_down"

NO_ACCOUNT: Final = "no Slack account"
WORTH_TELLING: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A kind of message that Slack does not take for someone, and why; never what it says."""

    kind: str
    recipient: str
    error: str


@dataclass(frozen=True, slots=True)
class WasDown:
    """Since when and until when nothing ran, which jobs were made up for, and how many messages waited."""

    since_at: datetime
    until_at: datetime
    jobs: tuple[str, ...]
    letters: int


def report_undelivered(records: Records, letter: Letter, error: str, now: datetime) -> None:
    """Tell organizers that a letter was set aside; once a recipient and error, never about such a report."""
    if letter.kind.startswith("running."):
        return
    facts = {"kind": letter.kind, "recipient": letter.recipient, "error": error}
    outbox.tell_organizers(records, UNDELIVERED, facts, f"{UNDELIVERED}:{letter.recipient}:{error}", now)


def report_was_down(since_at: datetime, jobs: tuple[str, ...], now: datetime, desk: Desk) -> bool:
    """Tell the staff channel that nothing ran since an instant, if that is over an hour ago.

    Say whether it was told. Raises StoreBusy and StoreUnusable.
    """
    if now - since_at <= WORTH_TELLING:
        return False
    with desk.store.transaction() as records:
        facts = {
            "since": since_at.isoformat(),
            "until": now.isoformat(),
            "jobs": list(jobs),
            "letters": records.outbox.states().get("queued", 0),
        }
        return outbox.post(records, WAS_DOWN, outbox.STAFF, facts, f"{WAS_DOWN}:{since_at.isoformat()}", now)


def enrol_organizers(desk: Desk, now: datetime) -> int:
    """Put the organizers named in cohort.toml on the roster where they are not; return how many were."""
    with desk.store.reading() as records:
        missing = [email for email in desk.policy.programme.organizers if not records.roster.by_email(email)]
    if not missing:
        return 0
    with desk.store.transaction() as records:
        return sum(_enrol(records, email, desk.policy.programme.zone, now) for email in missing)


def _enrol(records: Records, email: str, zone: str, now: datetime) -> bool:
    if records.roster.by_email(email) is not None:
        return False
    name = email.partition("@")[0].replace(".", " ").title()
    organizer = Member(new_id("mem"), email, name, Role.ORGANIZER, zone)
    records.roster.save(organizer)
    records.roster.add_status(organizer.id, organizer.status, now, None)
    records.audit.add(None, "member.added", organizer.id, now)
    return True


def _undelivered(records: Records, facts: Mapping[str, Any], desk: Desk, _: datetime) -> Said:
    return Said(Undelivered(facts["kind"], _recipient(records, facts["recipient"], desk), facts["error"]))


def _recipient(records: Records, recipient: str, desk: Desk) -> str:
    """Return whom a letter is for, as organizers call them."""
    sort, _, rest = recipient.partition(":")
    if sort == "channel":
        programme = desk.policy.programme
        name = programme.staff_channel if rest == "staff" else programme.announcement_channel
        return f"#{name.removeprefix('#')}"
    member = records.roster.get(rest) if sort == "member" else None
    return member.called if member else "a message that stands in Slack"


def _was_down(_: Records, facts: Mapping[str, Any], __: Desk, ___: datetime) -> Said:
    return Said(
        WasDown(
            datetime.fromisoformat(facts["since"]),
            datetime.fromisoformat(facts["until"]),
            tuple(facts["jobs"]),
            facts["letters"],
        )
    )


COMPOSERS: Mapping[str, Composer] = {UNDELIVERED: _undelivered, WAS_DOWN: _was_down}
