"""The schema, as numbered steps; a step that has run anywhere is never changed again."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("cohort")


@migrations(name="0001_programme_and_roster")
def _programme_and_roster(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE programme (
            id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, team_id TEXT, app_id TEXT) STRICT""",
        """CREATE TABLE members (
            id TEXT PRIMARY KEY, email TEXT NOT NULL, slack_id TEXT UNIQUE, name TEXT NOT NULL,
            preferred_name TEXT NOT NULL DEFAULT '', role TEXT NOT NULL CHECK (role IN ('student', 'ta', 'organizer')),
            zone TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('active', 'paused', 'withdrawn', 'expelled', 'graduated')),
            track TEXT NOT NULL DEFAULT '', accommodation_days INTEGER NOT NULL DEFAULT 0,
            joined_at TEXT, left_at TEXT) STRICT""",
        "CREATE UNIQUE INDEX members_email ON members (lower(email))",
        """CREATE TABLE status_history (
            id INTEGER PRIMARY KEY, member_id TEXT NOT NULL REFERENCES members (id), status TEXT NOT NULL,
            since_at TEXT NOT NULL, changed_by TEXT REFERENCES members (id)) STRICT""",
        "CREATE INDEX status_history_member ON status_history (member_id)",
    )


@migrations(name="0002_work")
def _work(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE assignments (
            id TEXT PRIMARY KEY, slug TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, week INTEGER,
            opens_at TEXT, due_at TEXT, hard_due_at TEXT NOT NULL, pass_mark REAL,
            required INTEGER NOT NULL DEFAULT 1, estimated_hours REAL, url TEXT NOT NULL DEFAULT '',
            cancelled INTEGER NOT NULL DEFAULT 0, CHECK (due_at IS NULL OR due_at <= hard_due_at)) STRICT""",
        "CREATE UNIQUE INDEX assignments_slug ON assignments (lower(slug))",
        """CREATE TABLE submissions (
            id TEXT PRIMARY KEY, assignment_id TEXT NOT NULL REFERENCES assignments (id),
            student_id TEXT NOT NULL REFERENCES members (id), attempt INTEGER NOT NULL CHECK (attempt > 0),
            submitted_at TEXT NOT NULL, score REAL) STRICT""",
        "CREATE UNIQUE INDEX submissions_attempt ON submissions (student_id, assignment_id, attempt)",
        """CREATE TABLE excuses (
            assignment_id TEXT NOT NULL REFERENCES assignments (id),
            student_id TEXT NOT NULL REFERENCES members (id), excused_at TEXT NOT NULL,
            excused_by TEXT REFERENCES members (id), PRIMARY KEY (student_id, assignment_id)) STRICT""",
        """CREATE TABLE hand_in_claims (
            assignment_id TEXT NOT NULL REFERENCES assignments (id),
            student_id TEXT NOT NULL REFERENCES members (id), claimed_at TEXT NOT NULL,
            PRIMARY KEY (student_id, assignment_id)) STRICT""",
    )


@migrations(name="0003_extensions")
def _extensions(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE extension_requests (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id),
            assignment_id TEXT NOT NULL REFERENCES assignments (id),
            state TEXT NOT NULL CHECK (state IN
                ('pending', 'talking', 'approved', 'declined', 'withdrawn', 'replaced', 'lapsed')),
            asked_at TEXT NOT NULL, review_by_at TEXT NOT NULL, until_at TEXT, why TEXT, category TEXT,
            note TEXT NOT NULL DEFAULT '', decided_at TEXT, decided_by TEXT REFERENCES members (id),
            granted_until_at TEXT, decline_reason TEXT NOT NULL DEFAULT '', lapse TEXT, told_at TEXT,
            reminded INTEGER NOT NULL DEFAULT 0) STRICT""",
        """CREATE UNIQUE INDEX extension_requests_open ON extension_requests (student_id, assignment_id)
            WHERE state IN ('pending', 'talking')""",
        "CREATE INDEX extension_requests_waiting ON extension_requests (state, asked_at)",
        """CREATE TABLE extensions (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id),
            assignment_id TEXT NOT NULL REFERENCES assignments (id), until_at TEXT NOT NULL,
            length_seconds INTEGER NOT NULL CHECK (length_seconds >= 0),
            origin TEXT NOT NULL CHECK (origin IN ('policy', 'grace', 'offer', 'ta', 'refusal')),
            granted_at TEXT NOT NULL, granted_by TEXT REFERENCES members (id),
            request_id TEXT REFERENCES extension_requests (id)) STRICT""",
        "CREATE INDEX extensions_student ON extensions (student_id, assignment_id)",
        "CREATE INDEX extensions_assignment ON extensions (assignment_id)",
        """CREATE TABLE duties (
            week_on TEXT NOT NULL, duty TEXT NOT NULL CHECK (duty IN ('extensions', 'questions', 'grading')),
            member_id TEXT NOT NULL REFERENCES members (id), PRIMARY KEY (week_on, duty)) STRICT""",
    )


@migrations(name="0004_messages")
def _messages(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE outbox (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, recipient TEXT NOT NULL, data TEXT NOT NULL,
            dedupe_key TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN
                ('queued', 'sending', 'sent', 'unknown', 'failed', 'obsolete')),
            at_most_once INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, not_before_at TEXT NOT NULL,
            expires_at TEXT, claimed_by TEXT, attempts INTEGER NOT NULL DEFAULT 0, sent_at TEXT,
            problem TEXT NOT NULL DEFAULT '') STRICT""",
        "CREATE INDEX outbox_due ON outbox (not_before_at, id) WHERE state = 'queued'",
        "CREATE INDEX outbox_sending ON outbox (claimed_by) WHERE state = 'sending'",
        """CREATE TABLE posts (
            channel TEXT NOT NULL, ts TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL,
            PRIMARY KEY (channel, ts)) STRICT""",
        "CREATE INDEX posts_subject ON posts (subject)",
        """CREATE TABLE nudges (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id), kind TEXT NOT NULL,
            created_at TEXT NOT NULL) STRICT""",
        "CREATE INDEX nudges_student ON nudges (student_id, created_at)",
        """CREATE TABLE nudge_items (
            student_id TEXT NOT NULL REFERENCES members (id), kind TEXT NOT NULL,
            assignment_id TEXT NOT NULL REFERENCES assignments (id),
            nudge_id TEXT NOT NULL REFERENCES nudges (id), PRIMARY KEY (student_id, kind, assignment_id)) STRICT""",
        """CREATE TABLE offers (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id),
            assignment_id TEXT NOT NULL REFERENCES assignments (id),
            nudge_id TEXT NOT NULL REFERENCES nudges (id), days INTEGER NOT NULL CHECK (days > 0),
            state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'replaced', 'lapsed')),
            lapses_at TEXT NOT NULL) STRICT""",
        "CREATE UNIQUE INDEX offers_once ON offers (student_id, assignment_id)",
    )


@migrations(name="0005_running")
def _running(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, actor_id TEXT, action TEXT NOT NULL,
            subject TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '') STRICT""",
        "CREATE INDEX audit_subject ON audit (subject)",
        """CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
        """CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END""",
        """CREATE TABLE deliveries (
            key TEXT PRIMARY KEY, seen_at TEXT NOT NULL) STRICT""",
        "CREATE INDEX deliveries_seen ON deliveries (seen_at)",
        """CREATE TABLE job_runs (
            id INTEGER PRIMARY KEY, job TEXT NOT NULL, due_at TEXT NOT NULL, started_at TEXT NOT NULL,
            finished_at TEXT, problem TEXT NOT NULL DEFAULT '') STRICT""",
        "CREATE UNIQUE INDEX job_runs_due ON job_runs (job, due_at)",
        """CREATE TABLE lease (
            id INTEGER PRIMARY KEY CHECK (id = 1), holder TEXT NOT NULL, until_at TEXT NOT NULL) STRICT""",
        """CREATE TABLE heartbeat (
            id INTEGER PRIMARY KEY CHECK (id = 1), beat_at TEXT NOT NULL, is_connected INTEGER NOT NULL,
            holder TEXT NOT NULL) STRICT""",
    )


@migrations(name="0006_nudge_limits")
def _nudge_limits(db: Database) -> None:
    _run(
        db,
        "ALTER TABLE nudges ADD COLUMN expires_at TEXT",
        "ALTER TABLE nudges ADD COLUMN sent_at TEXT",
        "ALTER TABLE nudges ADD COLUMN dropped_at TEXT",
        "ALTER TABLE nudges ADD COLUMN reacted_at TEXT",
        "ALTER TABLE nudges ADD COLUMN reaction TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE nudges ADD COLUMN silence_at TEXT",
        "ALTER TABLE nudges ADD COLUMN outcome TEXT NOT NULL DEFAULT ''",
        # Before this step it was not kept when a nudge was sent; they went within minutes.
        "UPDATE nudges SET sent_at = created_at",
        "CREATE INDEX nudges_unanswered ON nudges (student_id) WHERE sent_at IS NOT NULL AND reacted_at IS NULL",
    )


@migrations(name="0007_reminders")
def _reminders(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE nudge_mentions (
            nudge_id TEXT NOT NULL REFERENCES nudges (id), student_id TEXT NOT NULL REFERENCES members (id),
            assignment_id TEXT NOT NULL REFERENCES assignments (id), due_at TEXT NOT NULL,
            is_reminder INTEGER NOT NULL, PRIMARY KEY (nudge_id, assignment_id)) STRICT""",
        "CREATE INDEX nudge_mentions_due ON nudge_mentions (due_at)",
        """CREATE TABLE progress (
            student_id TEXT NOT NULL REFERENCES members (id),
            assignment_id TEXT NOT NULL REFERENCES assignments (id),
            state TEXT NOT NULL CHECK (state IN ('started', 'stuck', 'not_yet')), said_at TEXT NOT NULL,
            PRIMARY KEY (student_id, assignment_id)) STRICT""",
    )


@migrations(name="0008_choices")
def _choices(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE nudge_refusals (
            student_id TEXT NOT NULL REFERENCES members (id), kind TEXT NOT NULL, since_at TEXT NOT NULL,
            PRIMARY KEY (student_id, kind)) STRICT""",
        """CREATE TABLE nudge_pauses (
            student_id TEXT PRIMARY KEY REFERENCES members (id), until_at TEXT NOT NULL) STRICT""",
        """CREATE TABLE snoozes (
            student_id TEXT NOT NULL REFERENCES members (id),
            assignment_id TEXT NOT NULL REFERENCES assignments (id), until_at TEXT NOT NULL,
            PRIMARY KEY (student_id, assignment_id)) STRICT""",
    )


@migrations(name="0009_brakes")
def _brakes(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE brakes (
            id TEXT PRIMARY KEY, assignment_id TEXT NOT NULL REFERENCES assignments (id), due_at TEXT NOT NULL,
            missing INTEGER NOT NULL, expected INTEGER NOT NULL, raised_at TEXT NOT NULL, holds_until_at TEXT,
            decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'moved', 'cancelled', 'carried_on')),
            decided_at TEXT, decided_by TEXT REFERENCES members (id)) STRICT""",
        "CREATE UNIQUE INDEX brakes_once ON brakes (assignment_id, due_at)",
    )


@migrations(name="0010_hand_ins")
def _hand_ins(db: Database) -> None:
    _run(
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
    _run(
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
    _run(
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
    _run(
        db,
        """CREATE TABLE track_items (
            track TEXT NOT NULL, assignment_id TEXT NOT NULL REFERENCES assignments (id),
            required INTEGER NOT NULL, due_at TEXT, PRIMARY KEY (track, assignment_id)) STRICT""",
    )


@migrations(name="0014_policies")
def _policies(db: Database) -> None:
    _run(
        db,
        """CREATE TABLE policies (
            id TEXT PRIMARY KEY, since_at TEXT NOT NULL, rules TEXT NOT NULL) STRICT""",
    )


@migrations(name="0015_questions")
def _questions(db: Database) -> None:
    _run(
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
    _run(db, "ALTER TABLE assignments ADD COLUMN corrected_hours REAL")


@migrations(name="0017_turns")
def _turns(db: Database) -> None:
    _run(db, "CREATE INDEX outbox_turns ON outbox (at_most_once, not_before_at, id) WHERE state = 'queued'")


def _run(db: Database, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)
