"""The schema of office hours, and of sections and talks."""

from sqlite_utils import Database

from storage.migrations.steps import migrations, run


@migrations(name="0018_office_hours")
def _office_hours(db: Database) -> None:
    run(
        db,
        """CREATE TABLE series (
            id TEXT PRIMARY KEY, ta_id TEXT NOT NULL REFERENCES members (id),
            weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6), starts TEXT NOT NULL, zone TEXT NOT NULL,
            minutes INTEGER NOT NULL CHECK (minutes > 0), place TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('open', 'bookable', 'both')),
            slot_minutes INTEGER NOT NULL DEFAULT 0, buffer_minutes INTEGER NOT NULL DEFAULT 0,
            open_minutes INTEGER NOT NULL DEFAULT 0, capacity INTEGER CHECK (capacity > 0),
            topic TEXT NOT NULL DEFAULT '', first_on TEXT NOT NULL, last_on TEXT NOT NULL,
            created_at TEXT NOT NULL, ended_at TEXT, CHECK (last_on >= first_on)) STRICT""",
        "CREATE INDEX series_ta ON series (ta_id)",
        """CREATE TABLE sessions (
            id TEXT PRIMARY KEY, series_id TEXT REFERENCES series (id), on_day TEXT NOT NULL,
            ta_id TEXT NOT NULL REFERENCES members (id), starts_at TEXT NOT NULL, ends_at TEXT NOT NULL,
            open_until_at TEXT NOT NULL, place TEXT NOT NULL, capacity INTEGER CHECK (capacity > 0),
            topic TEXT NOT NULL DEFAULT '', moved_at TEXT, cancelled_at TEXT,
            cancelled_by TEXT REFERENCES members (id), reason TEXT NOT NULL DEFAULT '',
            given_up INTEGER NOT NULL DEFAULT 0 CHECK (given_up = 0 OR cancelled_at IS NOT NULL),
            started_at TEXT, started_by TEXT REFERENCES members (id), closed_at TEXT,
            CHECK (starts_at < ends_at), CHECK (open_until_at BETWEEN starts_at AND ends_at),
            CHECK ((started_at IS NULL) = (started_by IS NULL))) STRICT""",
        """CREATE UNIQUE INDEX sessions_series ON sessions (series_id, on_day)
            WHERE series_id IS NOT NULL AND NOT given_up""",
        "CREATE INDEX sessions_ta ON sessions (ta_id, starts_at) WHERE cancelled_at IS NULL",
        "CREATE INDEX sessions_time ON sessions (starts_at) WHERE cancelled_at IS NULL",
        """CREATE TABLE slots (
            id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions (id), starts_at TEXT NOT NULL,
            ends_at TEXT NOT NULL, held_for TEXT REFERENCES members (id), held_until_at TEXT, dropped_at TEXT,
            CHECK (starts_at < ends_at), CHECK ((held_for IS NULL) = (held_until_at IS NULL))) STRICT""",
        "CREATE INDEX slots_session ON slots (session_id)",
        "CREATE INDEX slots_time ON slots (starts_at, id)",
        """CREATE TABLE bookings (
            id TEXT PRIMARY KEY, slot_id TEXT NOT NULL REFERENCES slots (id),
            student_id TEXT NOT NULL REFERENCES members (id), booked_at TEXT NOT NULL,
            topic TEXT NOT NULL DEFAULT '', assignment_id TEXT REFERENCES assignments (id),
            link TEXT NOT NULL DEFAULT '', sequence INTEGER NOT NULL DEFAULT 0,
            state TEXT NOT NULL DEFAULT 'booked' CHECK (state IN ('booked', 'cancelled', 'called_off')),
            ended_at TEXT, ended_by TEXT REFERENCES members (id),
            attendance TEXT CHECK (attendance IN ('absent', 'excused')), unstuck INTEGER, moved_at TEXT,
            CHECK ((state = 'booked') = (ended_at IS NULL))) STRICT""",
        "CREATE UNIQUE INDEX bookings_once ON bookings (slot_id) WHERE state = 'booked'",
        "CREATE INDEX bookings_student ON bookings (student_id, booked_at)",
        """CREATE TABLE booking_fellows (
            booking_id TEXT NOT NULL REFERENCES bookings (id), student_id TEXT NOT NULL REFERENCES members (id),
            PRIMARY KEY (booking_id, student_id)) STRICT""",
        "CREATE INDEX booking_fellows_student ON booking_fellows (student_id)",
    )


@migrations(name="0019_waiting_for_slots")
def _waiting_for_slots(db: Database) -> None:
    run(
        db,
        """CREATE TABLE waits (
            id TEXT PRIMARY KEY, student_id TEXT NOT NULL REFERENCES members (id), from_at TEXT NOT NULL,
            until_at TEXT NOT NULL, ta_id TEXT REFERENCES members (id), is_first INTEGER NOT NULL DEFAULT 0,
            booking_id TEXT REFERENCES bookings (id), joined_at TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'waiting' CHECK
                (state IN ('waiting', 'offered', 'taken', 'declined', 'lapsed', 'left')),
            slot_id TEXT REFERENCES slots (id), offer_until_at TEXT, ended_at TEXT,
            CHECK (from_at < until_at), CHECK ((state = 'offered') <= (slot_id IS NOT NULL)),
            CHECK ((slot_id IS NULL) = (offer_until_at IS NULL))) STRICT""",
        "CREATE INDEX waits_open ON waits (joined_at, id) WHERE state IN ('waiting', 'offered')",
        "CREATE INDEX waits_student ON waits (student_id)",
        "CREATE UNIQUE INDEX waits_offer ON waits (slot_id) WHERE state = 'offered'",
    )


@migrations(name="0020_open_hours")
def _open_hours(db: Database) -> None:
    run(
        db,
        """CREATE TABLE line_places (
            id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions (id),
            student_id TEXT NOT NULL REFERENCES members (id), joined_at TEXT NOT NULL,
            about TEXT NOT NULL DEFAULT '',
            state TEXT NOT NULL DEFAULT 'waiting' CHECK
                (state IN ('waiting', 'out', 'called', 'helped', 'left', 'unreached')),
            called_at TEXT, called_by TEXT REFERENCES members (id), group_id TEXT, note TEXT NOT NULL DEFAULT '',
            asked_at TEXT, ended_at TEXT) STRICT""",
        """CREATE UNIQUE INDEX line_places_once ON line_places (session_id, student_id)
            WHERE state IN ('waiting', 'out', 'called')""",
        "CREATE INDEX line_places_session ON line_places (session_id, joined_at)",
        "CREATE INDEX line_places_student ON line_places (student_id)",
    )


@migrations(name="0021_events")
def _events(db: Database) -> None:
    run(
        db,
        """CREATE TABLE events (
            id TEXT PRIMARY KEY, slug TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('section', 'talk', 'social', 'coworking')), title TEXT NOT NULL,
            starts_at TEXT NOT NULL, ends_at TEXT NOT NULL, place TEXT NOT NULL DEFAULT '',
            facilitator_id TEXT REFERENCES members (id), places INTEGER CHECK (places > 0),
            series TEXT NOT NULL DEFAULT '', sequence INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL,
            announced_at TEXT, cancelled_at TEXT, reason TEXT NOT NULL DEFAULT '',
            recording TEXT NOT NULL DEFAULT '', CHECK (starts_at < ends_at)) STRICT""",
        "CREATE UNIQUE INDEX events_slug ON events (lower(slug))",
        "CREATE INDEX events_time ON events (starts_at)",
        """CREATE TABLE sign_ups (
            event_id TEXT NOT NULL REFERENCES events (id), student_id TEXT NOT NULL REFERENCES members (id),
            signed_at TEXT NOT NULL, left_at TEXT, PRIMARY KEY (event_id, student_id)) STRICT""",
        "CREATE INDEX sign_ups_student ON sign_ups (student_id)",
        """CREATE TABLE recording_wishes (
            event_id TEXT NOT NULL REFERENCES events (id), student_id TEXT NOT NULL REFERENCES members (id),
            wished_at TEXT NOT NULL, PRIMARY KEY (event_id, student_id)) STRICT""",
        """CREATE TABLE attendances (
            event_id TEXT NOT NULL REFERENCES events (id), student_id TEXT NOT NULL REFERENCES members (id),
            noted_at TEXT NOT NULL, noted_by TEXT NOT NULL REFERENCES members (id),
            PRIMARY KEY (event_id, student_id)) STRICT""",
        "CREATE INDEX attendances_student ON attendances (student_id)",
        """CREATE TABLE section_excuses (
            student_id TEXT NOT NULL REFERENCES members (id), week_on TEXT NOT NULL, excused_at TEXT NOT NULL,
            excused_by TEXT REFERENCES members (id), PRIMARY KEY (student_id, week_on)) STRICT""",
        """CREATE TABLE event_groups (
            event_id TEXT NOT NULL REFERENCES events (id), student_id TEXT NOT NULL REFERENCES members (id),
            number INTEGER NOT NULL CHECK (number > 0), made_at TEXT NOT NULL,
            PRIMARY KEY (event_id, student_id)) STRICT""",
    )
