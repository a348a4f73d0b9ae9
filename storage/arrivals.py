"""What became known when: records taken out of a copy, which come back one by one as a replay reaches them.

Whoever reads the copy can't know the future, since it is not there.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.replay import Change, Standing, standings
from cohort.roster import Member, Role, Status
from storage.instants import instant, text, text_or_none
from storage.records import Records

# When a row of these came to be known; a student's rows not before the student joined.
DATED = {
    "status_history": ("member_id", "since_at"),
    "extensions": ("student_id", "granted_at"),
    "hand_ins": ("by_id", "submitted_at"),
    "submissions": ("student_id", "submitted_at"),
    "excuses": ("student_id", "excused_at"),
    "hand_in_claims": ("student_id", "claimed_at"),
    "bookings": ("student_id", "booked_at"),
    "attendances": ("student_id", "noted_at"),
    "chosen_work": ("student_id", "chosen_at"),
    "drops": ("student_id", "dropped_at"),
    "retries": ("student_id", "opened_at"),
}
FED = frozenset({"members", "extension_requests", *DATED})
# What the bot itself did in the real term, and what people did with it or chose because of it.
FORGOTTEN = frozenset(
    {
        "absences",
        "booking_fellows",
        "brakes",
        "check_in_pauses",
        "check_ins",
        "deliveries",
        "event_groups",
        "follow_up_notes",
        "follow_ups",
        "grades",
        "hand_in_versions",
        "handover_items",
        "handovers",
        "heartbeat",
        "integrity_cases",
        "job_runs",
        "ladder_steps",
        "lease",
        "leavings",
        "line_places",
        "mistakes",
        "new_plan_items",
        "new_plans",
        "nudge_items",
        "nudge_mentions",
        "nudge_pauses",
        "nudge_refusals",
        "nudges",
        "offers",
        "outbox",
        "pauses",
        "policies",
        "posts",
        "progress",
        "question_turns",
        "questions",
        "quiet_for_help",
        "hard_dates",
        "joinings",
        "shared_questions",
        "unclear_words",
        "recording_wishes",
        "regrades",
        "releases",
        "risk_levels",
        "section_excuses",
        "sign_ups",
        "snoozes",
        "waits",
    }
)
# What has no dates of its own: known from the beginning. The audit is never read by what runs in a replay.
KEPT = frozenset(
    {
        "programme",
        "assignments",
        "track_items",
        "graders",
        "conflicts",
        "duties",
        "series",
        "sessions",
        "slots",
        "events",
        "fairness_groups",
        "audit",
    }
)

BEGINNING = ""
_ENDING = ("state", "decided_at", "decided_by", "granted_until_at", "decline_reason", "lapse")
_UNDECIDED: Mapping[str, Any] = {
    **dict.fromkeys(_ENDING),
    "state": "pending",
    "decline_reason": "",
    "told_at": None,
    "reminded": 0,
}
# A request may have lapsed in the replay before it was decided in the real term.
_END = (
    f"UPDATE extension_requests SET {', '.join(f'{name} = ?' for name in _ENDING)}"
    " WHERE id = ? AND state IN ('pending', 'talking')"
)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One change of the records and when it is made: an instant as text, and the order among those at one."""

    at: str
    rank: int
    statement: str
    values: Sequence[Any]


class Arrivals:
    """All that is still to become known to a copy."""

    def __init__(self, found: Sequence[Arrival]) -> None:
        self._found = sorted(found, key=lambda arrival: (arrival.at, arrival.rank))
        self._next = 0

    def has_any(self, until: datetime) -> bool:
        """Say whether anything becomes known up to and including an instant."""
        return self._next < len(self._found) and self._found[self._next].at <= text(until)

    def bring(self, records: Records, until: datetime) -> int:
        """Make every change up to and including an instant; return how many."""
        last, first = text(until), self._next
        while self._next < len(self._found) and self._found[self._next].at <= last:
            arrival = self._found[self._next]
            records.connection.execute(arrival.statement, arrival.values)
            self._next += 1
        return self._next - first

    def instants(self) -> set[datetime]:
        """Return the instants of all that is still to come."""
        return {instant(at) for at in {arrival.at for arrival in self._found[self._next :]}}


def take_out(records: Records, since: datetime) -> Arrivals:
    """Take out of a copy all that has a time, inside a transaction, and return it to be brought back.

    What the bot did in the real term is forgotten, and so are the offers that were taken from an instant on.
    What has to be there at the end of the transaction must be brought back in it.
    """
    connection = records.connection
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute("DELETE FROM extensions WHERE origin = 'offer' AND granted_at >= ?", (text(since),))
    connection.execute("UPDATE assignments SET corrected_hours = NULL")
    connection.execute("UPDATE slots SET held_for = NULL, held_until_at = NULL")
    joined = {m.id: _joined(m) for m in records.roster.all()}
    found = [*_members(records, joined), *_requests(connection, joined)]
    for rank, table in enumerate(DATED, start=5):
        found += _dated(connection, table, rank, joined)
    # Members last: SQLite looks for rows that refer to each.
    for table in (*sorted(FORGOTTEN), *DATED, "extension_requests", "members"):
        connection.execute(f"DELETE FROM {table}")
    return Arrivals(found)


def _joined(member: Member) -> str:
    """Return from when a member is on the roster: staff always was."""
    if member.role is not Role.STUDENT or member.joined_at is None:
        return BEGINNING
    return text(member.joined_at)


def _members(records: Records, joined: Mapping[str, str]) -> Iterator[Arrival]:
    """Yield each member as they were in the beginning, then what they became."""
    histories: defaultdict[str, list[Change]] = defaultdict(list)
    for member_id, status, since_at in records.connection.execute(
        "SELECT member_id, status, since_at FROM status_history ORDER BY id"
    ):
        histories[member_id].append((instant(since_at), Status(status)))
    members = {member.id: member for member in records.roster.all()}
    for row in _rows(records.connection, "members"):
        first, *changes = standings(members[row["id"]], histories[row["id"]])
        since = joined[row["id"]]
        yield _insertion(since, 0, "members", {**row, "status": first.status.value, "left_at": None})
        yield from (_change(row["id"], standing, since) for standing in changes)


def _change(member_id: str, standing: Standing, joined: str) -> Arrival:
    at = max(joined, text_or_none(standing.since_at) or BEGINNING)
    values = (standing.status.value, text_or_none(standing.left_at), member_id)
    return Arrival(at, 1, "UPDATE members SET status = ?, left_at = ? WHERE id = ?", values)


def _requests(connection: sqlite3.Connection, joined: Mapping[str, str]) -> Iterator[Arrival]:
    """Yield each request as it was asked, then how it ended, then that the student was told.

    From when a TA talked with the student first is not on record: until it ends, a request is undecided.
    """
    for row in _rows(connection, "extension_requests"):
        asked = max(joined[row["student_id"]], row["asked_at"])
        yield _insertion(asked, 4, "extension_requests", {**row, **_UNDECIDED, **_at_once(row, asked)})
        ended, told = row["decided_at"] or BEGINNING, row["told_at"] or BEGINNING
        if ended > asked:
            yield Arrival(ended, 2, _END, (*(row[name] for name in _ENDING), row["id"]))
        if told > asked:
            yield Arrival(told, 3, "UPDATE extension_requests SET told_at = ? WHERE id = ?", (told, row["id"]))


def _at_once(row: Row, asked: str) -> Row:
    """Return what was known of a request when it was asked: how it ended, where it was decided at once."""
    known = _ENDING if row["decided_at"] and row["decided_at"] <= asked else ()
    told = ("told_at",) if row["told_at"] and row["told_at"] <= asked else ()
    return {name: row[name] for name in (*known, *told)}


def _dated(connection: sqlite3.Connection, table: str, rank: int, joined: Mapping[str, str]) -> Iterator[Arrival]:
    whose, when = DATED[table]
    for row in _rows(connection, table):
        yield _insertion(max(joined[row[whose]], row[when]), rank, table, row)


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[Row]:
    rows = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in rows.description]
    return (dict(zip(names, row, strict=True)) for row in rows.fetchall())


def _insertion(at: str, rank: int, table: str, row: Row) -> Arrival:
    marks = ", ".join("?" for _ in row)
    return Arrival(at, rank, f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
