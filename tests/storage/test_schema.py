"""What the tables themselves refuse, whatever the program does."""

import sqlite3

import pytest

from cohort.hand_ins import HandIn
from storage.database import Database
from tests.conftest import NOON

MEMBER = "INSERT INTO members (id, email, name, role, zone, status) VALUES "
REFUSED = [
    ("CHECK", MEMBER + "('m', 'dan@example.org', 'Dan', 'manager', 'UTC', 'active')"),
    ("CHECK", MEMBER + "('m', 'dan@example.org', 'Dan', 'ta', 'UTC', 'asleep')"),
    ("members_email", MEMBER + "('m', 'ADA@Example.org', 'Dan', 'ta', 'UTC', 'active')"),
    ("members.slack_id", "UPDATE members SET slack_id = 'U0ADA' WHERE id = 'mem_bo'"),
    ("cannot store TEXT", "UPDATE members SET accommodation_days = 'a few'"),
    ("NOT NULL", "UPDATE members SET name = NULL"),
    ("CHECK", "INSERT INTO programme (id, name) VALUES (2, 'Other')"),
    ("FOREIGN KEY", "INSERT INTO status_history (member_id, status, since_at) VALUES ('nobody', 'active', 'x')"),
    ("CHECK", "UPDATE assignments SET due_at = '2030-01-01T00:00:00.000+00:00'"),
    (
        "assignments_slug",
        "INSERT INTO assignments (id, slug, title, kind, hard_due_at) VALUES ('a', 'HW3', 'x', 'exam', 'x')",
    ),
    (
        "CHECK",
        (
            "INSERT INTO submissions (id, assignment_id, student_id, attempt, submitted_at)"
            " VALUES ('s', 'asg_hw3', 'mem_ada', 0, 'x')"
        ),
    ),
    (
        "FOREIGN KEY",
        (
            "INSERT INTO submissions (id, assignment_id, student_id, attempt, submitted_at)"
            " VALUES ('s', 'asg_hw9', 'mem_ada', 1, 'x')"
        ),
    ),
    ("CHECK", "UPDATE hand_ins SET state = 'lost'"),
    ("CHECK", "UPDATE hand_ins SET state = 'claimed'"),
    ("CHECK", "UPDATE hand_ins SET claimed_by = 'mem_tara'"),
    (
        "CHECK",
        (
            "INSERT INTO extension_requests (id, student_id, assignment_id, state, asked_at, review_by_at)"
            " VALUES ('r', 'mem_ada', 'asg_hw3', 'maybe', 'x', 'x')"
        ),
    ),
    ("CHECK", "INSERT INTO extensions VALUES ('e', 'mem_ada', 'asg_hw3', 'x', 60, 'luck', 'x', NULL, NULL)"),
    ("CHECK", "INSERT INTO extensions VALUES ('e', 'mem_ada', 'asg_hw3', 'x', -1, 'ta', 'x', NULL, NULL)"),
    ("CHECK", "INSERT INTO duties VALUES ('2026-06-29', 'coffee', 'mem_tara')"),
    (
        "CHECK",
        (
            "INSERT INTO outbox (kind, recipient, data, dedupe_key, state, created_at, not_before_at)"
            " VALUES ('k', 'r', '{}', 'd', 'lost', 'x', 'x')"
        ),
    ),
    ("CHECK", "INSERT INTO offers VALUES ('o', 'mem_ada', 'asg_hw3', 'nud_1', 0, 'open', 'x')"),
    ("CHECK", "INSERT INTO offers VALUES ('o', 'mem_ada', 'asg_hw3', 'nud_1', 2, 'forgotten', 'x')"),
    ("CHECK", "INSERT INTO lease VALUES (2, 'h', 'x')"),
    ("CHECK", "INSERT INTO heartbeat VALUES (2, 'x', 1, 'h')"),
    ("append-only", "UPDATE audit SET action = 'something else'"),
    ("append-only", "DELETE FROM audit"),
    ("append-only", "INSERT OR REPLACE INTO audit (id, at, action, subject) VALUES (1, 'x', 'y', 'z')"),
]


@pytest.mark.parametrize(("why", "statement"), REFUSED)
def test_the_tables_refuse(cohort: Database, why: str, statement: str) -> None:
    with cohort.transaction() as records:
        records.audit.add(None, "imported", "roster", NOON)
        records.nudges.add("nud_1", "mem_ada", "missed", NOON)
        records.hand_ins.add(HandIn("hin_1", "asg_hw3", "mem_ada", NOON, NOON, NOON))
    with pytest.raises(sqlite3.IntegrityError, match=why), cohort.transaction() as records:
        records.connection.execute(statement)


def test_every_table_is_strict(store: Database) -> None:
    with store.reading() as records:
        loose = records.connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
        ).fetchall()
    assert {name for (name,) in loose} == {"_sqlite_migrations", "sqlite_schema", "sqlite_sequence"}
