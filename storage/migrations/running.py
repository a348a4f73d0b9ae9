"""The schema up to nudges: roster, work, extensions, what runs the bot, and messages."""

from sqlite_utils import Database

from storage.migrations.steps import migrations, run


@migrations(name="0001_programme_and_roster")
def _programme_and_roster(db: Database) -> None:
    run(
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
    run(
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
    run(
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
    run(
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
    run(
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
    run(
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
    run(
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
    run(
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
    run(
        db,
        """CREATE TABLE brakes (
            id TEXT PRIMARY KEY, assignment_id TEXT NOT NULL REFERENCES assignments (id), due_at TEXT NOT NULL,
            missing INTEGER NOT NULL, expected INTEGER NOT NULL, raised_at TEXT NOT NULL, holds_until_at TEXT,
            decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'moved', 'cancelled', 'carried_on')),
            decided_at TEXT, decided_by TEXT REFERENCES members (id)) STRICT""",
        "CREATE UNIQUE INDEX brakes_once ON brakes (assignment_id, due_at)",
    )
