"""The schema of handing in and grading, of own work, and of questions."""

from sqlite_utils import Database

from storage.migrations.steps import migrations, run


@migrations(name="0010_hand_ins")
def _hand_ins(db: Database) -> None:
    run(
        db,
        "ALTER TABLE assignments ADD COLUMN droppable INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE excuses ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
        """CREATE TABLE hand_ins (
            id TEXT PRIMARY KEY, assignment_id TEXT NOT NULL REFERENCES assignments (id),
            by_id TEXT NOT NULL REFERENCES members (id), submitted_at TEXT NOT NULL, due_at TEXT,
            is_part INTEGER NOT NULL DEFAULT 0, is_retry INTEGER NOT NULL DEFAULT 0, hours REAL,
            tools TEXT NOT NULL DEFAULT '',
            state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'claimed', 'in_review', 'graded')),
            owner_id TEXT REFERENCES members (id), ready_at TEXT NOT NULL, grade_by_at TEXT NOT NULL,
            claimed_by TEXT REFERENCES members (id), claimed_at TEXT, claim_expires_at TEXT,
            CHECK ((state = 'claimed') = (claimed_by IS NOT NULL))) STRICT""",
        "CREATE INDEX hand_ins_waiting ON hand_ins (grade_by_at, id) WHERE state IN ('waiting', 'claimed')",
        """CREATE INDEX hand_ins_owner ON hand_ins (owner_id, grade_by_at, id)
            WHERE state IN ('waiting', 'claimed')""",
        "CREATE INDEX hand_ins_assignment ON hand_ins (assignment_id)",
        """CREATE TABLE hand_in_versions (
            hand_in_id TEXT NOT NULL REFERENCES hand_ins (id), number INTEGER NOT NULL CHECK (number > 0),
            submitted_at TEXT NOT NULL, content TEXT NOT NULL, file_id TEXT NOT NULL DEFAULT '',
            file_name TEXT NOT NULL DEFAULT '', file_sha256 TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (hand_in_id, number)) STRICT""",
        "ALTER TABLE submissions ADD COLUMN passed INTEGER",
        "ALTER TABLE submissions ADD COLUMN hand_in_id TEXT REFERENCES hand_ins (id)",
        "CREATE INDEX submissions_hand_in ON submissions (hand_in_id) WHERE hand_in_id IS NOT NULL",
        """CREATE TABLE retries (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id),
            assignment_id TEXT NOT NULL REFERENCES assignments (id),
            hand_in_id TEXT NOT NULL REFERENCES hand_ins (id),
            reason TEXT NOT NULL CHECK (reason IN ('not_yet', 'part')),
            opened_at TEXT NOT NULL, due_at TEXT NOT NULL,
            until_at TEXT NOT NULL) STRICT""",
        "CREATE UNIQUE INDEX retries_once ON retries (student_id, hand_in_id)",
        """CREATE TABLE chosen_work (
            student_id TEXT NOT NULL REFERENCES members (id),
            assignment_id TEXT NOT NULL REFERENCES assignments (id), chosen_at TEXT NOT NULL,
            PRIMARY KEY (student_id, assignment_id)) STRICT""",
        """CREATE TABLE drops (
            student_id TEXT NOT NULL REFERENCES members (id),
            assignment_id TEXT NOT NULL REFERENCES assignments (id), dropped_at TEXT NOT NULL,
            PRIMARY KEY (student_id, assignment_id)) STRICT""",
    )


@migrations(name="0011_grading")
def _grading(db: Database) -> None:
    run(
        db,
        "ALTER TABLE members ADD COLUMN sid TEXT NOT NULL DEFAULT ''",
        """CREATE TABLE graders (
            assignment_id TEXT NOT NULL REFERENCES assignments (id),
            member_id TEXT NOT NULL REFERENCES members (id), PRIMARY KEY (assignment_id, member_id)) STRICT""",
        """CREATE TABLE conflicts (
            ta_id TEXT NOT NULL REFERENCES members (id), student_id TEXT NOT NULL REFERENCES members (id),
            PRIMARY KEY (ta_id, student_id)) STRICT""",
        """CREATE TABLE grades (
            id TEXT PRIMARY KEY, hand_in_id TEXT NOT NULL REFERENCES hand_ins (id),
            number INTEGER NOT NULL CHECK (number > 0), grader_id TEXT NOT NULL REFERENCES members (id),
            verdict TEXT NOT NULL CHECK (verdict IN ('passed', 'not_yet', 'part')), score REAL,
            feedback TEXT NOT NULL DEFAULT '', staff_note TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '',
            graded_at TEXT NOT NULL, released_at TEXT, UNIQUE (hand_in_id, number)) STRICT""",
        """CREATE TABLE releases (
            assignment_id TEXT PRIMARY KEY REFERENCES assignments (id), released_at TEXT NOT NULL,
            released_by TEXT NOT NULL REFERENCES members (id)) STRICT""",
        """CREATE TABLE regrades (
            id TEXT PRIMARY KEY, grade_id TEXT NOT NULL REFERENCES grades (id),
            student_id TEXT NOT NULL REFERENCES members (id), question TEXT NOT NULL, asked_at TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'answered', 'second_look', 'settled')),
            with_id TEXT NOT NULL REFERENCES members (id), answer TEXT NOT NULL DEFAULT '', answered_at TEXT,
            changed INTEGER NOT NULL DEFAULT 0) STRICT""",
        "CREATE UNIQUE INDEX regrades_open ON regrades (grade_id, student_id) WHERE state != 'settled'",
        """CREATE TABLE integrity_cases (
            id TEXT PRIMARY KEY, hand_in_id TEXT NOT NULL REFERENCES hand_ins (id),
            flagged_by TEXT NOT NULL REFERENCES members (id), flagged_at TEXT NOT NULL, note TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'cleared', 'upheld')),
            decided_by TEXT REFERENCES members (id), decided_at TEXT, reason TEXT NOT NULL DEFAULT '') STRICT""",
        """CREATE TABLE mistakes (
            id TEXT PRIMARY KEY, assignment_id TEXT NOT NULL REFERENCES assignments (id),
            question TEXT NOT NULL DEFAULT '', words TEXT NOT NULL, admitted_at TEXT NOT NULL,
            admitted_by TEXT NOT NULL REFERENCES members (id)) STRICT""",
        "CREATE UNIQUE INDEX integrity_cases_open ON integrity_cases (hand_in_id) WHERE state = 'open'",
    )


@migrations(name="0012_handovers")
def _handovers(db: Database) -> None:
    run(
        db,
        """CREATE TABLE absences (
            member_id TEXT PRIMARY KEY REFERENCES members (id), since_at TEXT NOT NULL, until_at TEXT) STRICT""",
        """CREATE TABLE handovers (
            id TEXT PRIMARY KEY, from_id TEXT NOT NULL REFERENCES members (id), made_at TEXT NOT NULL,
            made_by TEXT REFERENCES members (id), until_at TEXT, undone_at TEXT) STRICT""",
        """CREATE TABLE handover_items (
            handover_id TEXT NOT NULL REFERENCES handovers (id), sort TEXT NOT NULL, item_id TEXT NOT NULL,
            to_id TEXT REFERENCES members (id), PRIMARY KEY (handover_id, sort, item_id)) STRICT""",
    )


@migrations(name="0013_tracks")
def _tracks(db: Database) -> None:
    run(
        db,
        """CREATE TABLE track_items (
            track TEXT NOT NULL, assignment_id TEXT NOT NULL REFERENCES assignments (id),
            required INTEGER NOT NULL, due_at TEXT, PRIMARY KEY (track, assignment_id)) STRICT""",
    )


@migrations(name="0014_policies")
def _policies(db: Database) -> None:
    run(
        db,
        """CREATE TABLE policies (
            id TEXT PRIMARY KEY, since_at TEXT NOT NULL, rules TEXT NOT NULL) STRICT""",
    )


@migrations(name="0015_questions")
def _questions(db: Database) -> None:
    run(
        db,
        """CREATE TABLE questions (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id),
            assignment_id TEXT REFERENCES assignments (id), words TEXT NOT NULL, asked_at TEXT NOT NULL,
            with_id TEXT REFERENCES members (id), answer TEXT NOT NULL DEFAULT '',
            answered_by TEXT REFERENCES members (id), answered_at TEXT,
            CHECK ((answered_by IS NULL) = (answered_at IS NULL))) STRICT""",
        "CREATE INDEX questions_open ON questions (asked_at, id) WHERE answered_at IS NULL",
        """CREATE TABLE question_turns (
            question_id TEXT NOT NULL REFERENCES questions (id), member_id TEXT NOT NULL REFERENCES members (id),
            told_at TEXT NOT NULL, PRIMARY KEY (question_id, member_id)) STRICT""",
    )


@migrations(name="0016_reported_hours")
def _reported_hours(db: Database) -> None:
    run(db, "ALTER TABLE assignments ADD COLUMN corrected_hours REAL")


@migrations(name="0017_turns")
def _turns(db: Database) -> None:
    run(db, "CREATE INDEX outbox_turns ON outbox (at_most_once, not_before_at, id) WHERE state = 'queued'")
