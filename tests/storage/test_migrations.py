"""Every database there ever was can be brought up to date, by anyone, at any time, and loses nothing."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database as Tables

from cohort.errors import StoreUnusable
from storage.migrations import migrations
from storage.opening import backups_of, migrate

AT = "2026-07-01T12:00:00.000+00:00"
LATER = "2026-07-01T13:00:00.000+00:00"
WORK = {"student_id": "mem_ada", "assignment_id": "asg_hw3"}
# One row a table, in an order in which each can refer to those before.
ROWS: dict[str, dict[str, Any]] = {
    "programme": {"id": 1, "name": "Summer Cohort", "team_id": "T01", "app_id": None},
    "members": {
        "id": "mem_ada",
        "email": "ada@example.org",
        "name": "Ada",
        "role": "student",
        "zone": "America/New_York",
        "status": "active",
    },
    "status_history": {"id": 1, "member_id": "mem_ada", "status": "active", "since_at": AT, "changed_by": "mem_ada"},
    "assignments": {
        "id": "asg_hw3",
        "slug": "hw3",
        "title": "Problem set 3",
        "kind": "written",
        "due_at": AT,
        "hard_due_at": AT,
    },
    "submissions": {"id": "sub_1", **WORK, "attempt": 1, "submitted_at": AT, "score": 71.5},
    "excuses": {**WORK, "excused_at": AT, "excused_by": "mem_ada"},
    "hand_in_claims": {**WORK, "claimed_at": AT},
    "extension_requests": {"id": "req_1", **WORK, "state": "pending", "asked_at": AT, "review_by_at": AT},
    "extensions": {
        "id": "ext_1",
        **WORK,
        "until_at": AT,
        "length_seconds": 86400,
        "origin": "ta",
        "granted_at": AT,
        "request_id": "req_1",
    },
    "duties": {"week_on": "2026-06-29", "duty": "extensions", "member_id": "mem_ada"},
    "outbox": {
        "id": 1,
        "kind": "nudges.missed",
        "recipient": "member:mem_ada",
        "data": "{}",
        "dedupe_key": "k",
        "created_at": AT,
        "not_before_at": AT,
    },
    "posts": {"channel": "C01", "ts": "1.2", "subject": "req_1", "kind": "extensions.card"},
    "nudges": {"id": "nud_1", "student_id": "mem_ada", "kind": "missed", "created_at": AT},
    "nudge_items": {**WORK, "kind": "missed", "nudge_id": "nud_1"},
    "offers": {"id": "off_1", **WORK, "nudge_id": "nud_1", "days": 2, "lapses_at": AT},
    "nudge_mentions": {**WORK, "nudge_id": "nud_1", "due_at": AT, "is_reminder": 1},
    "progress": {**WORK, "state": "started", "said_at": AT},
    "nudge_refusals": {"student_id": "mem_ada", "kind": "missed", "since_at": AT},
    "nudge_pauses": {"student_id": "mem_ada", "until_at": AT},
    "snoozes": {**WORK, "until_at": AT},
    "brakes": {
        "id": "brk_1",
        "assignment_id": "asg_hw3",
        "due_at": AT,
        "missing": 50,
        "expected": 104,
        "raised_at": AT,
    },
    "hand_ins": {
        "id": "hin_1",
        "assignment_id": "asg_hw3",
        "by_id": "mem_ada",
        "submitted_at": AT,
        "ready_at": AT,
        "grade_by_at": AT,
    },
    "hand_in_versions": {"hand_in_id": "hin_1", "number": 1, "submitted_at": AT, "content": "{}"},
    "retries": {
        "id": "try_1",
        **WORK,
        "hand_in_id": "hin_1",
        "reason": "not_yet",
        "opened_at": AT,
        "due_at": AT,
        "until_at": AT,
    },
    "chosen_work": {**WORK, "chosen_at": AT},
    "drops": {**WORK, "dropped_at": AT},
    "graders": {"assignment_id": "asg_hw3", "member_id": "mem_ada"},
    "conflicts": {"ta_id": "mem_ada", "student_id": "mem_ada"},
    "grades": {
        "id": "grd_1",
        "hand_in_id": "hin_1",
        "number": 1,
        "grader_id": "mem_ada",
        "verdict": "not_yet",
        "graded_at": AT,
    },
    "releases": {"assignment_id": "asg_hw3", "released_at": AT, "released_by": "mem_ada"},
    "regrades": {
        "id": "reg_1",
        "grade_id": "grd_1",
        "student_id": "mem_ada",
        "question": "Why?",
        "asked_at": AT,
        "with_id": "mem_ada",
    },
    "integrity_cases": {
        "id": "int_1",
        "hand_in_id": "hin_1",
        "flagged_by": "mem_ada",
        "flagged_at": AT,
        "note": "Alike.",
    },
    "mistakes": {
        "id": "mis_1",
        "assignment_id": "asg_hw3",
        "words": "Take n > 0.",
        "admitted_at": AT,
        "admitted_by": "mem_ada",
    },
    "absences": {"member_id": "mem_ada", "since_at": AT},
    "handovers": {"id": "han_1", "from_id": "mem_ada", "made_at": AT, "made_by": "mem_ada"},
    "handover_items": {"handover_id": "han_1", "sort": "hand_in", "item_id": "hin_1"},
    "track_items": {"track": "theory", "assignment_id": "asg_hw3", "required": 1},
    "questions": {"id": "qst_1", **WORK, "words": "How?", "asked_at": AT},
    "question_turns": {"question_id": "qst_1", "member_id": "mem_ada", "told_at": AT},
    "series": {
        "id": "srs_1",
        "ta_id": "mem_ada",
        "weekday": 3,
        "starts": "17:00",
        "zone": "America/New_York",
        "minutes": 60,
        "place": "https://meet.example.org/tara",
        "kind": "bookable",
        "first_on": "2026-06-01",
        "last_on": "2026-08-14",
        "created_at": AT,
    },
    "sessions": {
        "id": "ses_1",
        "series_id": "srs_1",
        "on_day": "2026-07-02",
        "ta_id": "mem_ada",
        "starts_at": AT,
        "ends_at": LATER,
        "open_until_at": AT,
        "place": "https://meet.example.org/tara",
    },
    "slots": {"id": "slt_1", "session_id": "ses_1", "starts_at": AT, "ends_at": LATER},
    "bookings": {"id": "bkg_1", "slot_id": "slt_1", "student_id": "mem_ada", "booked_at": AT},
    "booking_fellows": {"booking_id": "bkg_1", "student_id": "mem_ada"},
    "waits": {"id": "wai_1", "student_id": "mem_ada", "from_at": AT, "until_at": LATER, "joined_at": AT},
    "line_places": {"id": "lin_1", "session_id": "ses_1", "student_id": "mem_ada", "joined_at": AT},
    "events": {
        "id": "evt_1",
        "slug": "section-w3",
        "kind": "section",
        "title": "Section of week 3",
        "starts_at": AT,
        "ends_at": LATER,
        "created_at": AT,
    },
    "sign_ups": {"event_id": "evt_1", "student_id": "mem_ada", "signed_at": AT},
    "recording_wishes": {"event_id": "evt_1", "student_id": "mem_ada", "wished_at": AT},
    "attendances": {"event_id": "evt_1", "student_id": "mem_ada", "noted_at": AT, "noted_by": "mem_ada"},
    "section_excuses": {"student_id": "mem_ada", "week_on": "2026-06-29", "excused_at": AT},
    "event_groups": {"event_id": "evt_1", "student_id": "mem_ada", "number": 1, "made_at": AT},
    "check_ins": {"id": "chk_1", "student_id": "mem_ada", "week_on": "2026-06-29", "asked_at": AT},
    "check_in_pauses": {"student_id": "mem_ada", "until_at": LATER},
    "risk_levels": {"student_id": "mem_ada", "since_at": AT, "level": "slipping", "concern": 0.5, "reasons": "[]"},
    "fairness_groups": {"student_id": "mem_ada", "trait": "track", "value": "a"},
    "follow_ups": {
        "id": "fup_1",
        "student_id": "mem_ada",
        "origin": "ladder",
        "reason": "r",
        "opened_at": AT,
        "due_at": LATER,
    },
    "follow_up_notes": {"id": "fun_1", "follow_up_id": "fup_1", "at": AT, "kind": "note", "words": "w"},
    "ladder_steps": {"id": "lad_1", "student_id": "mem_ada", "step": "offer", "reason": "r", "taken_at": AT},
    "new_plans": {"id": "npl_1", "student_id": "mem_ada", "proposed_by": "mem_ada", "proposed_at": AT},
    "new_plan_items": {"plan_id": "npl_1", "assignment_id": "asg_hw3", "until_at": LATER},
    "leavings": {"id": "lea_1", "student_id": "mem_ada", "asked_at": AT, "takes_effect_at": LATER},
    "pauses": {"student_id": "mem_ada", "back_at": LATER},
    "quiet_for_help": {"student_id": "mem_ada", "since_at": AT},
    "shared_questions": {"question_id": "qst_1", "words": "How?", "answer": "So.", "shared_at": AT},
    "joinings": {"member_id": "mem_ada", "welcomed_at": AT},
    "hard_dates": {"student_id": "mem_ada", "from_on": "2026-07-06", "to_on": "2026-07-08"},
    "unclear_words": {"id": "unc_1", "member_id": "mem_ada", "words": "hello?", "heard_at": AT},
    "policies": {"id": "pol_1", "since_at": AT, "rules": "{}"},
    "audit": {"id": 1, "at": AT, "action": "imported", "subject": "roster"},
    "deliveries": {"key": "Ev01", "seen_at": AT},
    "job_runs": {"id": 1, "job": "missed", "due_at": AT, "started_at": AT},
    "lease": {"id": 1, "holder": "h", "until_at": AT},
    "heartbeat": {"id": 1, "beat_at": AT, "is_connected": 1, "holder": "h"},
}


def all_steps() -> list[str]:
    with closing(Tables(memory=True)) as nothing:
        return [step.name for step in migrations.pending(nothing)]


STEPS = all_steps()


def a_database_from_before(step: str, path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Make a database as it was before a step, with a row in every table, and return the rows."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        migrations.apply(Tables(connection), stop_before=step)
        there = tables_of(connection)
        for table, row in ROWS.items():
            if table in there:
                marks = ", ".join(f":{column}" for column in row)
                connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)  # noqa: S608 - own names
        connection.commit()
        return rows_of(connection)


def tables_of(connection: sqlite3.Connection) -> set[str]:
    found = connection.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    return {name for (name,) in found if not name.startswith(("sqlite_", "_sqlite_"))}


def rows_of(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: connection.execute(f"SELECT {', '.join(ROWS[table])} FROM {table}").fetchall()  # noqa: S608 - own names
        for table in tables_of(connection)
    }


def test_an_empty_file_gets_every_step_once(tmp_path: Path) -> None:
    path = tmp_path / "cohort.db"
    assert migrate(path) == STEPS
    assert migrate(path) == []
    with closing(sqlite3.connect(path)) as connection:
        assert tables_of(connection) == set(ROWS)
    assert not backups_of(path).exists()


def test_steps_are_numbered_without_gaps() -> None:
    assert [int(step[:4]) for step in STEPS] == list(range(1, len(STEPS) + 1))


def test_only_the_owner_may_read_a_new_database(tmp_path: Path) -> None:
    path = tmp_path / "cohort.db"
    migrate(path)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", STEPS[1:])
def test_rows_of_each_earlier_version_are_kept_and_backed_up(step: str, tmp_path: Path) -> None:
    path = tmp_path / "cohort.db"
    before = a_database_from_before(step, path)
    assert all(len(rows) == 1 for rows in before.values())
    assert migrate(path) == STEPS[STEPS.index(step) :]
    with closing(sqlite3.connect(path)) as connection:
        after = rows_of(connection)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert {table: after[table] for table in before} == before
    (copy,) = backups_of(path).iterdir()
    assert copy.name == f"cohort.before-{step}.db"
    with closing(sqlite3.connect(copy)) as connection:
        assert rows_of(connection) == before


def test_every_table_holds_a_row_of_the_newest_version(tmp_path: Path) -> None:
    assert set(a_database_from_before("", tmp_path / "cohort.db")) == set(ROWS)


MIGRATES = """
import sys
from pathlib import Path
from storage.opening import migrate
print("ready", flush=True)
sys.stdin.readline()
print(" ".join(migrate(Path(sys.argv[1]))))
"""


def test_four_processes_at_once_take_every_step_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MIGRATES, str(tmp_path / "cohort.db")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(4)]  # type: ignore[call-overload]  # from a dict
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=30)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    assert sorted(" ".join(said).split()) == STEPS


def test_a_newer_database_is_refused_in_a_sentence_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cohort.db"
    migrate(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('cohort', '9999_later', ?)",
            (AT,),
        )
        connection.commit()
    with pytest.raises(StoreUnusable, match="made by a newer version of the bot \\(9999_later\\)") as told:
        migrate(path)
    assert told.value.mend == "Install that version, or restore a backup from before it."
    assert not backups_of(path).exists()


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cohort.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreUnusable, match="made by another program"):
        migrate(path)
    with closing(sqlite3.connect(path)) as connection:
        assert tables_of(connection) == {"recipes"}


def test_a_first_migration_that_was_interrupted_is_taken_up_again(tmp_path: Path) -> None:
    path = tmp_path / "cohort.db"
    with closing(sqlite3.connect(path)) as connection:
        migrations.ensure_migrations_table(Tables(connection))
    assert migrate(path) == STEPS


def test_where_no_database_can_lie_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="is not there"):
        migrate(tmp_path / "nowhere" / "cohort.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_which_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "cohort.db.lock").mkdir()
    with pytest.raises(StoreUnusable, match=r"cohort\.db\.lock can't be written") as told:
        migrate(tmp_path / "cohort.db")
    assert told.value.mend == "Make that folder writable for the bot."
