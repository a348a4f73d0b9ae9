"""Nudges and the offers they carry, as rows."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cohort.nudge_limits import NudgeKind, PastNudge
from cohort.nudge_outcomes import NudgeOutcome
from cohort.nudges import Offer, OfferState
from cohort.week_plans import Progress
from storage.instants import instant, instant_or_none, text, text_or_none

# A nudge that was queued, neither sent nor dropped nor expired, still waits to be sent.
_PAST = (
    "student_id, id, kind, coalesce(sent_at, created_at), sent_at IS NULL AND coalesce(expires_at, '') > ?, reacted_at"
)
COLUMNS = "id, student_id, assignment_id, nudge_id, days, state, lapses_at"
# What a nudge of a kind was about that was to be handed in once more since.
_OVER = (
    "SELECT i.student_id, i.assignment_id FROM retries r JOIN nudge_items i ON i.student_id = r.student_id"
    " AND i.assignment_id = r.assignment_id AND i.kind = ? JOIN nudges n ON n.id = i.nudge_id"
    " WHERE r.opened_at > n.created_at"
)
# Offers of time for a try that is over, since another was opened.
_OFFERS_OVER = (
    "SELECT o.id FROM offers AS o JOIN nudges AS n ON n.id = o.nudge_id JOIN retries AS r"
    " ON r.student_id = o.student_id AND r.assignment_id = o.assignment_id"
    " WHERE o.state != 'open' AND r.opened_at > n.created_at AND o.student_id = ?"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One assignment a reminder or plan named; `is_reminder` where no other reminder of that due time is due."""

    assignment_id: str
    due_at: datetime
    is_reminder: bool


class NudgeRecords:
    """Rows of `nudges`, `nudge_items` and `offers`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, nudge_id: str, student_id: str, kind: str, now: datetime, expires_at: datetime | None = None) -> None:
        """Write that a nudge of a kind is queued for a student, and until when it may still be sent."""
        self._connection.execute(
            "INSERT INTO nudges (id, student_id, kind, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
            (nudge_id, student_id, kind, text(now), text_or_none(expires_at)),
        )

    def begin(self, nudge_id: str, now: datetime) -> None:
        """Note that a nudge is about to be sent; from here on it counts, whatever Slack answers."""
        self._connection.execute("UPDATE nudges SET sent_at = ?, dropped_at = NULL WHERE id = ?", (text(now), nudge_id))

    def drop(self, nudge_id: str, now: datetime) -> None:
        """Note that a nudge is not sent: what it was about is settled, or its time is over.

        What it was about and what it offered can be had by a later one: nothing was said of it.
        """
        dropped = self._connection.execute(
            "UPDATE nudges SET dropped_at = ? WHERE id = ? AND sent_at IS NULL", (text(now), nudge_id)
        )
        if dropped.rowcount:
            self._connection.execute("DELETE FROM nudge_items WHERE nudge_id = ?", (nudge_id,))
            self._connection.execute("DELETE FROM offers WHERE nudge_id = ? AND state = 'open'", (nudge_id,))

    def past_of(self, student_id: str, now: datetime) -> list[PastNudge]:
        """Return a student's nudges that were sent or wait to be sent at an instant, oldest first."""
        return [past for _, past in self._past("student_id = ?", now, student_id)]

    def every_past(self, now: datetime) -> Iterator[tuple[str, PastNudge]]:
        """Yield every such nudge with its student's id, a student's together."""
        return self._past("1", now)

    def maybe_silent(self, least: int, now: datetime) -> Iterator[tuple[str, PastNudge]]:
        """Yield every nudge of those with at least so many unanswered, of whom nobody was told yet."""
        # Most of those who press nothing hand things in: they are left out here, before their rows are read.
        among = (
            "student_id IN (SELECT student_id FROM nudges n WHERE sent_at IS NOT NULL AND reacted_at IS NULL"
            " AND silence_at IS NULL AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.student_id = n.student_id"
            " AND s.submitted_at >= n.sent_at AND s.submitted_at <= ?) GROUP BY student_id HAVING count(*) >= ?)"
        )
        return self._past(among, now, text(now), least)

    def note_silence(self, nudge_id: str, now: datetime) -> bool:
        """Note that organizers are told of the silence after a nudge; say whether that is news."""
        changed = self._connection.execute(
            "UPDATE nudges SET silence_at = ? WHERE id = ? AND silence_at IS NULL", (text(now), nudge_id)
        )
        return changed.rowcount == 1

    def told_of(self) -> set[str]:
        """Return the nudges after which somebody was told of silence."""
        return {one for (one,) in self._connection.execute("SELECT id FROM nudges WHERE silence_at IS NOT NULL")}

    def without_outcome(self, sent_before: datetime) -> list[tuple[str, PastNudge]]:
        """Return the nudges sent before an instant of which it is not noted what followed, with their students."""
        among = "sent_at <= ? AND outcome = ''"
        return list(self._past(among, sent_before, text(sent_before)))

    def note_outcome(self, nudge_id: str, outcome: NudgeOutcome) -> bool:
        """Write what followed a nudge; say whether that is news."""
        changed = self._connection.execute(
            "UPDATE nudges SET outcome = ? WHERE id = ? AND outcome = ''", (outcome.value, nudge_id)
        )
        return changed.rowcount == 1

    def outcomes(self) -> dict[tuple[str, str], int]:
        """Count the nudges that were sent by (kind, outcome); the outcome is empty where it is not noted yet."""
        rows = self._connection.execute(
            "SELECT kind, outcome, count(*) FROM nudges WHERE sent_at IS NOT NULL GROUP BY kind, outcome"
        )
        return {(kind, outcome): count for kind, outcome, count in rows}

    def awaits_reaction(self, student_id: str) -> bool:
        """Say whether any nudge that was sent to a student has had no reaction yet."""
        row = self._connection.execute(
            "SELECT 1 FROM nudges WHERE student_id = ? AND sent_at IS NOT NULL AND reacted_at IS NULL LIMIT 1",
            (student_id,),
        ).fetchone()
        return row is not None

    def react(self, student_id: str, how: str, now: datetime) -> None:
        """Note a student's first sign of life after the nudges that were sent to them."""
        self._connection.execute(
            "UPDATE nudges SET reacted_at = ?, reaction = ?"
            " WHERE student_id = ? AND sent_at IS NOT NULL AND sent_at <= ? AND reacted_at IS NULL",
            (text(now), how, student_id, text(now)),
        )

    def add_items(self, nudge_id: str, student_id: str, kind: str, assignment_ids: Iterable[str]) -> None:
        """Write what a nudge is about; about what is tried once more, it takes the place of the one before."""
        self._connection.executemany(
            "DELETE FROM nudge_items WHERE student_id = ? AND kind = ? AND assignment_id = ?"
            f" AND (student_id, assignment_id) IN ({_OVER})",
            [(student_id, kind, assignment_id, kind) for assignment_id in assignment_ids],
        )
        self._connection.executemany(
            "INSERT INTO nudge_items (student_id, kind, assignment_id, nudge_id) VALUES (?, ?, ?, ?)",
            [(student_id, kind, assignment_id, nudge_id) for assignment_id in assignment_ids],
        )

    def nudged(self, kind: str) -> set[tuple[str, str]]:
        """Return every (student id, assignment id) about which a nudge of a kind was made, as it is owed now."""
        items = "SELECT student_id, assignment_id FROM nudge_items WHERE kind = ?"
        return set(self._connection.execute(items, (kind,))) - set(self._connection.execute(_OVER, (kind,)))

    def nudged_about(self, student_id: str, kind: str) -> set[str]:
        """Return the assignments about which a nudge of a kind was made to one student."""
        rows = self._connection.execute(
            "SELECT assignment_id FROM nudge_items WHERE student_id = ? AND kind = ?", (student_id, kind)
        )
        over = self._connection.execute(f"{_OVER} AND r.student_id = ?", (kind, student_id))
        return {assignment_id for (assignment_id,) in rows} - {assignment_id for _, assignment_id in over}

    def add_mentions(self, nudge_id: str, student_id: str, mentions: Iterable[Mention]) -> None:
        """Write what a reminder or plan names, with the student's own due times as they were then."""
        self._connection.executemany(
            "INSERT INTO nudge_mentions (nudge_id, student_id, assignment_id, due_at, is_reminder)"
            " VALUES (?, ?, ?, ?, ?)",
            [(nudge_id, student_id, m.assignment_id, text(m.due_at), int(m.is_reminder)) for m in mentions],
        )

    def mentions_of(self, nudge_id: str) -> list[Mention]:
        """Return what a reminder or plan named, soonest due first."""
        rows = self._connection.execute(
            "SELECT assignment_id, due_at, is_reminder FROM nudge_mentions WHERE nudge_id = ?"
            " ORDER BY due_at, assignment_id",
            (nudge_id,),
        )
        return [Mention(row[0], instant(row[1]), bool(row[2])) for row in rows]

    def reminded(self, now: datetime) -> set[tuple[str, str, datetime]]:
        """Return every (student id, assignment id, due time ahead) of which a student was reminded."""
        return self._reminded("m.due_at > ?1", now)

    def reminded_of(self, student_id: str, now: datetime) -> set[tuple[str, str, datetime]]:
        """Return the same for one student."""
        # The sign keeps SQLite from going through everyone's mentions that lie ahead, by their index.
        return self._reminded("n.student_id = ?2 AND +m.due_at > ?1", now, student_id)

    def student_of(self, nudge_id: str) -> str | None:
        """Return the id of the student a nudge went to."""
        row = self._connection.execute("SELECT student_id FROM nudges WHERE id = ?", (nudge_id,)).fetchone()
        return None if row is None else str(row[0])

    def about(self, nudge_id: str) -> list[str]:
        """Return the ids of the assignments a nudge is about."""
        rows = self._connection.execute(
            "SELECT assignment_id FROM nudge_items WHERE nudge_id = ?1"
            " UNION SELECT assignment_id FROM nudge_mentions WHERE nudge_id = ?1 ORDER BY 1",
            (nudge_id,),
        )
        return [row[0] for row in rows]

    def plans_naming(self, student_id: str, assignment_id: str) -> list[str]:
        """Return the ids of a student's plans that name an assignment."""
        rows = self._connection.execute(
            "SELECT m.nudge_id FROM nudges n JOIN nudge_mentions m ON m.nudge_id = n.id"
            " WHERE n.student_id = ? AND n.kind = 'plan' AND m.assignment_id = ? ORDER BY n.created_at",
            (student_id, assignment_id),
        )
        return [row[0] for row in rows]

    def say_progress(self, student_id: str, assignment_id: str, state: Progress, now: datetime) -> None:
        """Write how far a student says they are with an assignment."""
        self._connection.execute(
            "INSERT OR REPLACE INTO progress (student_id, assignment_id, state, said_at) VALUES (?, ?, ?, ?)",
            (student_id, assignment_id, state.value, text(now)),
        )

    def progress_of(self, student_id: str) -> dict[str, Progress]:
        """Return how far a student said they are, by assignment id."""
        rows = self._connection.execute("SELECT assignment_id, state FROM progress WHERE student_id = ?", (student_id,))
        return {assignment_id: Progress(state) for assignment_id, state in rows}

    def open_offers(self) -> set[tuple[str, str]]:
        """Return every (student id, assignment id) with an offer that stands."""
        return set(self._connection.execute("SELECT student_id, assignment_id FROM offers WHERE state = 'open'"))

    def add_offer(self, offer: Offer) -> None:
        """Write a new offer; there is one a try at an assignment, and it takes the place of that of an earlier try."""
        self._connection.execute(
            f"DELETE FROM offers WHERE student_id = ? AND assignment_id = ? AND id IN ({_OFFERS_OVER})",
            (offer.student_id, offer.assignment_id, offer.student_id),
        )
        self._connection.execute(
            f"INSERT INTO offers ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                offer.id,
                offer.student_id,
                offer.assignment_id,
                offer.nudge_id,
                offer.days,
                offer.state.value,
                text(offer.lapses_at),
            ),
        )

    def offer(self, offer_id: str) -> Offer | None:
        """Return an offer by id."""
        return next(iter(self._offers("id = ?", offer_id)), None)

    def offers_of(self, student_id: str) -> list[Offer]:
        """Return every offer made to a student, of each assignment the last."""
        return self._offers("student_id = ? ORDER BY lapses_at, id", student_id)

    def offered(self, student_id: str) -> set[str]:
        """Return the assignments for which a student was made an offer, as they are owed now."""
        rows = self._connection.execute(
            f"SELECT assignment_id FROM offers WHERE student_id = ? AND id NOT IN ({_OFFERS_OVER})",
            (student_id, student_id),
        )
        return {assignment_id for (assignment_id,) in rows}

    def close_offer(self, offer_id: str, state: OfferState) -> bool:
        """Write what became of an open offer; say whether it still was open."""
        changed = self._connection.execute(
            "UPDATE offers SET state = ? WHERE id = ? AND state = 'open'", (state.value, offer_id)
        )
        return changed.rowcount == 1

    def close_offers_on(self, student_id: str, assignment_id: str, state: OfferState) -> None:
        """Write what became of the open offer about an assignment, if there is one."""
        self._connection.execute(
            "UPDATE offers SET state = ? WHERE student_id = ? AND assignment_id = ? AND state = 'open'",
            (state.value, student_id, assignment_id),
        )

    def lapse_offers(self, now: datetime) -> int:
        """Let every open offer lapse whose time is over; return how many."""
        changed = self._connection.execute(
            "UPDATE offers SET state = 'lapsed' WHERE state = 'open' AND lapses_at <= ?", (text(now),)
        )
        return changed.rowcount

    def _past(self, where: str, now: datetime, *values: Any) -> Iterator[tuple[str, PastNudge]]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(
            f"SELECT {_PAST} FROM nudges WHERE {where} AND dropped_at IS NULL ORDER BY student_id, created_at, id",
            (text(now), *values),
        )
        for student_id, nudge_id, kind, at, waits, reacted_at in rows:
            yield (
                student_id,
                PastNudge(nudge_id, NudgeKind(kind), instant(at), bool(waits), instant_or_none(reacted_at)),
            )

    def _reminded(self, where: str, now: datetime, *values: str) -> set[tuple[str, str, datetime]]:
        rows = self._connection.execute(
            "SELECT m.student_id, m.assignment_id, m.due_at FROM nudges n JOIN nudge_mentions m ON m.nudge_id = n.id"
            f" WHERE {where} AND m.is_reminder = 1 AND n.dropped_at IS NULL",
            (text(now), *values),
        )
        return {(row[0], row[1], instant(row[2])) for row in rows}

    def _offers(self, where: str, *values: Any) -> list[Offer]:  # noqa: ANN401 - SQL parameters
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM offers WHERE {where}", values)
        return [Offer(row[0], row[1], row[2], row[3], row[4], OfferState(row[5]), instant(row[6])) for row in rows]
