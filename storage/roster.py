"""The roster: members and the history of their status."""

import sqlite3
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from cohort.roster import Member, Role, Status
from storage.instants import instant, instant_or_none, text, text_or_none

COLUMNS = (
    "id, email, name, role, zone, slack_id, preferred_name, status, track, accommodation_days, joined_at, left_at, sid"
)


class RosterRecords:
    """Rows of `members` and `status_history`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, member_id: str) -> Member | None:
        """Return a member by id."""
        return self._one("id = ?", member_id)

    def some(self, member_ids: Collection[str]) -> dict[str, Member]:
        """Return some members by id."""
        marks = ", ".join("?" for _ in member_ids)
        return {member.id: member for member in self._many(f"id IN ({marks})", *member_ids)}

    def by_slack_id(self, slack_id: str) -> Member | None:
        """Return the member that a Slack account is linked to."""
        return self._one("slack_id = ?", slack_id)

    def by_email(self, email: str) -> Member | None:
        """Return a member by email address, whatever its case."""
        return self._one("lower(email) = lower(?)", email)

    def all(self) -> list[Member]:
        """Return everyone, by email."""
        return self._many("1 ORDER BY lower(email)")

    def with_role(self, role: Role) -> list[Member]:
        """Return everyone of a role, by name."""
        return self._many("role = ? ORDER BY name, id", role.value)

    def unlinked(self) -> list[Member]:
        """Return the members whose Slack account is not known, by email."""
        return self._many("slack_id IS NULL ORDER BY lower(email)")

    def save(self, member: Member) -> None:
        """Write a member, new or changed."""
        values = _values(member)
        marks = ", ".join("?" for _ in values)
        updates = ", ".join(f"{column.strip()} = excluded.{column.strip()}" for column in COLUMNS.split(",")[1:])
        self._connection.execute(
            f"INSERT INTO members ({COLUMNS}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {updates}",
            values,
        )

    def link(self, member_id: str, slack_id: str, zone: str) -> bool:
        """Link a Slack account to a member who has none; say whether that happened."""
        changed = self._connection.execute(
            "UPDATE members SET slack_id = ?, zone = ? WHERE id = ? AND slack_id IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM members WHERE slack_id = ?)",
            (slack_id, zone, member_id, slack_id),
        )
        return changed.rowcount == 1

    def set_zone(self, member_id: str, zone: str) -> None:
        """Note that a member lives by another zone now."""
        self._connection.execute("UPDATE members SET zone = ? WHERE id = ?", (zone, member_id))

    def erase(self, member_id: str) -> None:
        """Empty everything that says who a member is; the id stays, since the audit refers to it."""
        self._connection.execute(
            "UPDATE members SET email = 'erased-' || id || '@invalid', name = 'Erased', preferred_name = '',"
            " slack_id = NULL, zone = 'UTC', track = '', accommodation_days = 0, sid = '' WHERE id = ?",
            (member_id,),
        )

    def add_status(self, member_id: str, status: Status, since_at: datetime, changed_by: str | None) -> None:
        """Add a line to the history of a member's status."""
        self._connection.execute(
            "INSERT INTO status_history (member_id, status, since_at, changed_by) VALUES (?, ?, ?, ?)",
            (member_id, status.value, text(since_at), changed_by),
        )

    def status_history(self, member_id: str) -> list[tuple[Status, datetime, str | None]]:
        """Return a member's statuses, oldest first: which, since when, changed by whom."""
        rows = self._connection.execute(
            "SELECT status, since_at, changed_by FROM status_history WHERE member_id = ? ORDER BY id",
            (member_id,),
        )
        return [(Status(status), instant(since), by) for status, since, by in rows]

    def every_status(self) -> Iterator[tuple[str, Status, datetime, str | None]]:
        """Yield every line of every history with whose it is, a member's together, the oldest first."""
        rows = self._connection.execute(
            "SELECT member_id, status, since_at, changed_by FROM status_history ORDER BY member_id, id"
        )
        return ((member_id, Status(status), instant(since), by) for member_id, status, since, by in rows)

    def _one(self, where: str, *values: Any) -> Member | None:  # noqa: ANN401 - SQL parameters
        row = self._connection.execute(f"SELECT {COLUMNS} FROM members WHERE {where}", values).fetchone()
        return None if row is None else _member(row)

    def _many(self, where: str, *values: Any) -> list[Member]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM members WHERE {where}", values)
        return [_member(row) for row in rows]


def _member(row: tuple[Any, ...]) -> Member:
    return Member(
        id=row[0],
        email=row[1],
        name=row[2],
        role=Role(row[3]),
        zone=row[4],
        slack_id=row[5],
        preferred_name=row[6],
        status=Status(row[7]),
        track=row[8],
        accommodation_days=row[9],
        joined_at=instant_or_none(row[10]),
        left_at=instant_or_none(row[11]),
        sid=row[12],
    )


def _values(member: Member) -> tuple[Any, ...]:
    return (
        member.id,
        member.email,
        member.name,
        member.role.value,
        member.zone,
        member.slack_id,
        member.preferred_name,
        member.status.value,
        member.track,
        member.accommodation_days,
        text_or_none(member.joined_at),
        text_or_none(member.left_at),
        member.sid,
    )
