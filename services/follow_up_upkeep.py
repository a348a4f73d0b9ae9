"""What happens to follow-ups as time passes: given to somebody, remembered when overdue, proposed for closing."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, tzinfo

from cohort.follow_ups import FollowUp, Origin
from cohort.levels import Level
from cohort.roster import Role
from cohort.times import add_days
from services import access, outbox
from services.desk import Desk
from services.follow_ups import find_owners, refresh_card
from storage.records import Records

# These end by what a person finds, not by the level of the student.
BY_LEVEL = frozenset({Origin.LADDER, Origin.SILENCE})


def look_after(desk: Desk, now: datetime) -> int:
    """Find owners for cases without one, remember owners and organizers of overdue ones, propose what seems settled.

    Returns how many cases that was about.
    """
    with desk.store.reading() as records:
        cases = records.follow_ups.every_open()
        about = {case.student_id for case in cases}
        levels = (one for one in records.risk.every_latest(now) if one.student_id in about)
        on_track = {one.student_id for one in levels if one.level is Level.ON_TRACK} if cases else set()
    if not cases:
        return 0
    with desk.store.transaction() as records:
        done = find_owners(records, desk, now) if any(case.owner_id is None for case in cases) else 0
        return done + _remember(records, desk, now) + _propose(records, on_track, now)


def _remember(records: Records, desk: Desk, now: datetime) -> int:
    late = [case for case in records.follow_ups.every_open() if case.due_at < now]
    wait, tz = desk.policy.follow_ups.organizer_after_days, desk.policy.programme.tz
    for_owners = [case for case in late if case.owner_id and case.told_owner_at is None]
    for_organizers = [
        case for case in late if case.told_organizers_at is None and add_days(case.due_at, wait, tz) <= now
    ]
    _tell_owners(records, for_owners, now)
    _tell_organizers(records, for_organizers, now, tz)
    return len(for_owners) + len(for_organizers)


def _tell_owners(records: Records, cases: Sequence[FollowUp], now: datetime) -> None:
    """Tell each owner once, in one message, of what is newly overdue."""
    by_owner: defaultdict[str, list[str]] = defaultdict(list)
    for case in cases:
        by_owner[case.owner_id or ""].append(case.id)
        records.follow_ups.note_told_owner(case.id, now)
    for owner_id, ids in by_owner.items():
        data = {"member": owner_id, "cases": ids, "own": True}
        owner = access.known(records, owner_id)
        outbox.post(records, "follow_ups.overdue", outbox.to(owner), data, f"overdue:{owner_id}:{now}", now)


def _tell_organizers(records: Records, cases: Sequence[FollowUp], now: datetime, tz: tzinfo) -> None:
    """Tell organizers of what is overdue: of distress at once, of the rest in the one message of the next morning."""
    urgent, others = (
        [case.id for case in cases if case.is_urgent],
        [case.id for case in cases if not case.is_urgent],
    )
    for case in cases:
        records.follow_ups.note_told_organizers(case.id, now)
    for organizer in records.roster.with_role(Role.ORGANIZER) if urgent else []:
        if organizer.is_active(now):
            data = {"member": organizer.id, "cases": urgent, "own": False}
            key = f"overdue_all:{organizer.id}:{now}"
            outbox.post(records, "follow_ups.overdue", outbox.to(organizer), data, key, now)
    if others:
        outbox.tell_organizers_daily(records, "follow_ups.all_overdue", "cases", others, now, tz)


def _propose(records: Records, on_track: set[str], now: datetime) -> int:
    """Let the card propose “Back on track” where the reason is gone, and take that back where it is there again."""
    changed = 0
    for case in records.follow_ups.every_open():
        is_settled = case.origin in BY_LEVEL and case.student_id in on_track
        if is_settled == (case.settled_at is not None):
            continue
        records.follow_ups.note_settled(case.id, now if is_settled else None)
        refresh_card(records, case, now)
        changed += 1
    return changed
