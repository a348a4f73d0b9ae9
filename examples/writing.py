"""Writes a programme as the files that the bot imports and the sandbox starts from."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path

Cell = str | int | float | bool | date | datetime | None
Toml = str | int | bool | date | Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A row of roster.csv; the fields are its columns. Naive datetimes are wall time of the programme."""

    email: str
    name: str
    preferred_name: str = ""
    role: str = "student"
    zone: str = ""
    status: str = "active"
    track: str = ""
    accommodation_days: int | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None

    @property
    def handle(self) -> str:
        """The name of the Slack account: what stands before the @ of the email address."""
        return self.email.partition("@")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A row of assignments.csv; the fields are its columns."""

    slug: str
    title: str
    kind: str
    week: int | None = None
    opens_at: datetime | None = None
    due_at: datetime | None = None
    hard_due_at: datetime | None = None
    pass_mark: int | None = None
    required: bool = True
    estimated_hours: float | None = None
    url: str = ""
    status: str = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A row of submissions.csv; the fields are its columns. No score means not graded yet."""

    email: str
    assignment: str
    attempt: int = 1
    submitted_at: datetime
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A row of to_come.csv: a row of submissions.csv, and the instant at which it comes to be known."""

    at: datetime
    email: str
    assignment: str
    attempt: int = 1
    submitted_at: datetime
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A row of series.csv, the weekly office hours of a TA; the fields are its columns."""

    email: str
    weekday: str
    starts: str
    minutes: int
    kind: str
    place: str
    zone: str
    slot_minutes: int = 0
    buffer_minutes: int = 0
    open_minutes: int = 0
    capacity: int | None = None
    topic: str = ""
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A row of duties.csv: whose a duty is in the week that begins on a Monday."""

    week_on: date
    email: str
    duty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A whole programme, as its files say it."""

    name: str
    zone: str
    starts_on: date
    ends_on: date
    roster: Sequence[Member]
    assignments: Sequence[Assignment]
    submissions: Sequence[Submission]
    series: Sequence[Series] = ()
    duties: Sequence[Duty] = ()
    to_come: Sequence[Coming] = ()


Row = Member | Assignment | Submission | Series | Duty | Coming


def write_programme(programme: Programme, out: Path) -> None:
    """Write all nine files of a programme into a folder, which is made if need be."""
    out.mkdir(parents=True, exist_ok=True)
    write_rows(out / "roster.csv", Member, programme.roster)
    write_rows(out / "assignments.csv", Assignment, programme.assignments)
    write_rows(out / "submissions.csv", Submission, programme.submissions)
    write_rows(out / "series.csv", Series, programme.series)
    write_rows(out / "duties.csv", Duty, programme.duties)
    write_rows(out / "to_come.csv", Coming, programme.to_come)
    accounts = [_account(member) for member in programme.roster]
    write_table(out / "people.csv", list(accounts[0]), (list(account.values()) for account in accounts))
    (out / "workspace.toml").write_text(_workspace(programme), encoding="utf-8")
    (out / "cohort.toml").write_text(_policy(programme), encoding="utf-8")


def write_rows(
    path: Path, kind: type, rows: Iterable[Member | Assignment | Submission | Series | Duty | Coming]
) -> None:
    """Write rows of one kind as CSV, its fields as the header."""
    columns = [field.name for field in fields(kind)]
    write_table(path, columns, ([getattr(row, column) for column in columns] for row in rows))


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a header and rows as CSV in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(value) for value in row] for row in rows)


def cell(value: Cell) -> str:
    """Return a value as the import formats want it: wall times without an offset, instants with one."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime() if value.tzinfo is None:
            return f"{value:%Y-%m-%d %H:%M}"
        case datetime():
            return value.isoformat(timespec="minutes")
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _account(member: Member) -> dict[str, str]:
    title = {"student": "Student", "ta": "TA"}.get(member.role, member.role.capitalize())
    return {
        "name": member.handle,
        "real_name": member.name,
        "email": member.email,
        "tz": member.zone,
        "title": title,
    }


def _workspace(programme: Programme) -> str:
    everyone = [member.handle for member in programme.roster]
    staff = [member.handle for member in programme.roster if member.role != "student"]
    tables = [
        _table("[team]", {"id": "T0EXAMPLE1", "name": programme.name}),
        _table("[[channels]]", {"name": "staff", "private": True, "members": [*staff, "bot"]}),
        _table("[[channels]]", {"name": "announcements", "private": False, "members": [*everyone, "bot"]}),
        *(_table("[[users]]", _account(member)) for member in programme.roster),
    ]
    return "\n".join(tables)


def _policy(programme: Programme) -> str:
    return _table(
        "[programme]",
        {
            "name": programme.name,
            "zone": programme.zone,
            "starts_on": programme.starts_on,
            "ends_on": programme.ends_on,
            "wrap_up_days": 7,
            "staff_channel": "staff",
            "announcement_channel": "announcements",
            "organizers": [member.email for member in programme.roster if member.role == "organizer"],
        },
    )


def _table(head: str, keys: Mapping[str, Toml]) -> str:
    return "\n".join([head, *(f"{key} = {_toml(value)}" for key, value in keys.items()), ""])


def _toml(value: Toml) -> str:
    # A JSON string, number, boolean or list of strings reads the same as TOML.
    return value.isoformat() if isinstance(value, date) else json.dumps(value)
