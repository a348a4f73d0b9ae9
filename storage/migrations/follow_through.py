"""The schema of follow-through: check-ins, levels of risk, the ladder, follow-ups, new plans and leaving."""

from sqlite_utils import Database

from storage.migrations.steps import migrations, run


@migrations(name="0022_check_ins")
def _check_ins(db: Database) -> None:
    run(
        db,
        """CREATE TABLE check_ins (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id), week_on TEXT NOT NULL,
            asked_at TEXT, reminded_at TEXT, snoozed_until_at TEXT, skipped_at TEXT,
            answered_at TEXT, edited_at TEXT, hours REAL CHECK (hours BETWEEN 0 AND 168),
            mood INTEGER CHECK (mood BETWEEN 1 AND 5),
            obstacle TEXT NOT NULL DEFAULT '', wish TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '') STRICT""",
        "CREATE UNIQUE INDEX check_ins_week ON check_ins (student_id, week_on)",
        "CREATE INDEX check_ins_open ON check_ins (asked_at) WHERE answered_at IS NULL AND skipped_at IS NULL",
        """CREATE TABLE check_in_pauses (
            student_id TEXT PRIMARY KEY REFERENCES members (id), until_at TEXT NOT NULL) STRICT""",
    )


@migrations(name="0023_risk")
def _risk(db: Database) -> None:
    run(
        db,
        """CREATE TABLE risk_levels (
            id INTEGER PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id), since_at TEXT NOT NULL,
            level TEXT NOT NULL CHECK (level IN ('on_track', 'slipping', 'at_risk', 'critical')),
            concern REAL NOT NULL, reasons TEXT NOT NULL) STRICT""",
        "CREATE INDEX risk_levels_student ON risk_levels (student_id, since_at)",
        """CREATE TABLE fairness_groups (
            student_id TEXT NOT NULL REFERENCES members (id), trait TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (student_id, trait)) STRICT""",
    )


@migrations(name="0024_follow_ups")
def _follow_ups(db: Database) -> None:
    run(
        db,
        """CREATE TABLE follow_ups (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id),
            origin TEXT NOT NULL CHECK (origin IN
                ('ladder', 'silence', 'check_in', 'talk', 'staff', 'distress', 'leaving')),
            reason TEXT NOT NULL, opened_at TEXT NOT NULL, opened_by TEXT REFERENCES members (id),
            owner_id TEXT REFERENCES members (id), owned_at TEXT, due_at TEXT NOT NULL,
            told_owner_at TEXT, told_organizers_at TEXT, settled_at TEXT,
            closed_at TEXT, closed_by TEXT REFERENCES members (id),
            outcome TEXT CHECK (outcome IN ('back_on_track', 'new_plan', 'paused', 'wants_to_leave',
                'could_not_reach', 'no_need')),
            CHECK ((closed_at IS NULL) = (outcome IS NULL)), CHECK ((owner_id IS NULL) = (owned_at IS NULL))) STRICT""",
        "CREATE UNIQUE INDEX follow_ups_open ON follow_ups (student_id) WHERE closed_at IS NULL",
        "CREATE INDEX follow_ups_owner ON follow_ups (owner_id) WHERE closed_at IS NULL",
        "CREATE INDEX follow_ups_student ON follow_ups (student_id, opened_at)",
        """CREATE TABLE follow_up_notes (
            id TEXT PRIMARY KEY, follow_up_id TEXT NOT NULL REFERENCES follow_ups (id), at TEXT NOT NULL,
            by_id TEXT REFERENCES members (id),
            kind TEXT NOT NULL CHECK (kind IN ('reason', 'note', 'contact', 'offer', 'handed_on')),
            words TEXT NOT NULL DEFAULT '') STRICT""",
        "CREATE INDEX follow_up_notes_case ON follow_up_notes (follow_up_id, at)",
        """CREATE TABLE ladder_steps (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id),
            step TEXT NOT NULL CHECK (step IN ('to_do', 'offer', 'follow_up', 'organizer')),
            reason TEXT NOT NULL, taken_at TEXT NOT NULL, nudge_id TEXT REFERENCES nudges (id),
            offered TEXT NOT NULL DEFAULT '', accepted TEXT, accepted_at TEXT) STRICT""",
        "CREATE UNIQUE INDEX ladder_steps_once ON ladder_steps (student_id, step, reason)",
        """CREATE TABLE new_plans (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id),
            proposed_by TEXT NOT NULL REFERENCES members (id), proposed_at TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'accepted', 'declined', 'replaced')),
            settled_at TEXT) STRICT""",
        "CREATE UNIQUE INDEX new_plans_open ON new_plans (student_id) WHERE state = 'proposed'",
        """CREATE TABLE new_plan_items (
            plan_id TEXT NOT NULL REFERENCES new_plans (id), assignment_id TEXT NOT NULL REFERENCES assignments (id),
            until_at TEXT, PRIMARY KEY (plan_id, assignment_id)) STRICT""",
    )


@migrations(name="0025_leaving")
def _leaving(db: Database) -> None:
    run(
        db,
        """CREATE TABLE leavings (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id), asked_at TEXT NOT NULL,
            takes_effect_at TEXT NOT NULL, reasons TEXT NOT NULL DEFAULT '', helps TEXT NOT NULL DEFAULT '',
            words TEXT NOT NULL DEFAULT '', undone_at TEXT, done_at TEXT,
            was TEXT NOT NULL DEFAULT 'active' CHECK (was IN ('active', 'paused')),
            CHECK (undone_at IS NULL OR done_at IS NULL)) STRICT""",
        "CREATE UNIQUE INDEX leavings_open ON leavings (student_id) WHERE undone_at IS NULL AND done_at IS NULL",
        """CREATE TABLE quiet_for_help (
            student_id TEXT PRIMARY KEY REFERENCES members (id), since_at TEXT NOT NULL,
            ended_at TEXT, ended_by TEXT REFERENCES members (id)) STRICT""",
    )
