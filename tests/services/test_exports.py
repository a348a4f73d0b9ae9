"""What an export holds, and that importing it again changes nothing, at any clock change and with any words."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.events import Event, EventKind
from cohort.fairness import Belonging
from cohort.office_hours import HoursKind, Series
from cohort.own_work import TrackItem
from cohort.policy import Policy
from cohort.roster import Member, Role, Status
from cohort.rotas import Duty
from cohort.submissions import Submission
from services.csv_tables import Columns, harmless, read, write
from services.desk import Desk
from services.exports import EXPORTS, export_assignments, export_roster, export_submissions
from services.grade_exports import export_grades
from services.imports import IMPORTS, ImportReport, import_grades
from storage.database import Database
from storage.migrations import migrations
from tests.conftest import NOON, PhoneBook

# Around the clock changes of London in 2026, and an ordinary day; London, Lord Howe (half an hour) and the pole.
CHANGES = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC), NOON)
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
INSTANTS = st.builds(
    lambda start, ms: start + timedelta(milliseconds=ms),
    st.sampled_from([*CHANGES, datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)]),
    st.one_of(st.integers(-120, 120).map(lambda m: m * 60_000), st.integers(-10_000_000, 10_000_000)),
)
WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)
WILD = st.one_of(
    WORDS, st.sampled_from(["=1+1", "+49", "-x", "@ada", "'", "''=", "'tis", "a;b", 'say "hi"', "a,b", "＝x"])
)
NUMBERS = st.one_of(st.none(), st.floats(0, 1000, allow_nan=False), st.integers(0, 100).map(float))

MEMBERS = st.builds(
    Member,
    id=st.just(""),
    email=st.just(""),
    name=WILD,
    role=st.sampled_from(Role),
    zone=st.sampled_from(ZONES),
    preferred_name=st.one_of(st.just(""), WILD),
    status=st.sampled_from(Status),
    track=st.one_of(st.just(""), WILD),
    accommodation_days=st.integers(0, 60),
    joined_at=st.one_of(st.none(), INSTANTS),
    left_at=st.none(),
    sid=st.one_of(st.just(""), WILD),
)
ASSIGNMENTS = st.builds(
    Assignment,
    id=st.just(""),
    slug=st.just(""),
    title=WILD,
    kind=st.sampled_from(Kind),
    hard_due_at=INSTANTS,
    due_at=st.one_of(st.none(), INSTANTS),
    week=st.one_of(st.none(), st.integers(0, 20)),
    pass_mark=NUMBERS,
    required=st.booleans(),
    estimated_hours=NUMBERS,
    url=st.sampled_from(["", "https://example.org/a?b=1,2;3"]),
    cancelled=st.booleans(),
    droppable=st.booleans(),
)
HANDED_IN = st.tuples(INSTANTS, NUMBERS)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    zone=st.sampled_from(ZONES),
    people=st.lists(MEMBERS, min_size=1, max_size=5),
    work=st.lists(ASSIGNMENTS, min_size=1, max_size=5),
    handed_in=st.lists(HANDED_IN, max_size=5),
)
def test_importing_an_export_changes_nothing(
    store: Database,
    policy: Policy,
    tmp_path: Path,
    zone: str,
    people: list[Member],
    work: list[Assignment],
    handed_in: list[tuple[datetime, float | None]],
) -> None:
    programme = policy.programme.model_copy(update={"zone": zone})
    desk = Desk(store, policy.model_copy(update={"programme": programme}), PhoneBook())
    _fill(store, people, work, handed_in)
    is_shown = people[0].role is Role.STUDENT and work[0].kind.is_handed_in and not work[0].cancelled
    rows = {"roster": len(people), "assignments": len(work), "submissions": len(handed_in), "duties": 2, "tracks": 1}
    rows["roster"] += 1  # Tara, who is on duty
    rows |= {"graders": 1, "conflicts": sum(person.role is Role.STUDENT for person in people[:1])}
    rows["fairness"] = rows["conflicts"]
    rows["series"] = rows["events"] = 1
    rows["grades"] = int(is_shown and any(score is not None for _, score in handed_in))
    before = _everything(store)
    exported = {table: export(desk, NOON) for table, export in EXPORTS.items()}
    for table, text in exported.items():
        report = IMPORTS[table](text.encode(), NOON, desk)
        assert (report.problems, report.changes) == ((), ())
        assert (report.added, report.changed, report.unchanged, report.absent) == (0, 0, rows[table], 0)
    assert _everything(store) == before
    assert _copied(desk, exported, tmp_path) == exported


def _copied(desk: Desk, exported: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Return the export of an empty database into which an export was imported."""
    (tmp_path / "copy.db").unlink(missing_ok=True)
    copy = Desk(Database(tmp_path / "copy.db"), desk.policy, desk.directory)
    try:
        migrations.apply(copy.store.tables())
        for table, text in exported.items():
            IMPORTS[table](text, NOON, copy)
        return {table: export(copy, NOON) for table, export in EXPORTS.items()}
    finally:
        copy.store.close()
        for left in tmp_path.glob("copy.db*"):
            left.unlink()


def _hours(ta_id: str) -> Series:
    """Return the hours of a TA on Mondays, also now."""
    first_on, last_on = date(2026, 6, 1), date(2026, 8, 3)
    return Series("srs_0", ta_id, 0, time(18), "Asia/Kolkata", 60, "=Room, 1", HoursKind.OPEN, first_on, last_on, NOON)


def _talk(leader_id: str) -> Event:
    """Return a talk to come."""
    starts_at = datetime(2026, 7, 9, 17, tzinfo=UTC)
    ends_at = starts_at + timedelta(minutes=45)
    return Event("evt_0", "talk", EventKind.TALK, "=A talk, 1", starts_at, ends_at, NOON, "Room", leader_id, 80)


def _fill(
    store: Database, people: list[Member], work: list[Assignment], handed_in: list[tuple[datetime, float | None]]
) -> None:
    with store.transaction() as records:
        for table in (
            "fairness_groups",
            "events",
            "series",
            "track_items",
            "graders",
            "conflicts",
            "duties",
            "submissions",
            "status_history",
            "members",
            "assignments",
        ):
            records.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this module
        people = [*people, Member("", "", "Tara", Role.TA, "UTC")]
        for index, member in enumerate(people):
            records.roster.save(replace(member, id=f"mem_{index}", email=f"{'sS'[index % 2]}{index:03}@example.org"))
        for index, one in enumerate(work):
            due_at = one.due_at and min(one.due_at, one.hard_due_at)
            records.assignments.save(replace(one, id=f"asg_{index}", slug=f"hw{index}", due_at=due_at, opens_at=due_at))
        records.submissions.save_many(
            Submission(f"sub_{n}", "asg_0", "mem_0", n + 1, *given) for n, given in enumerate(handed_in)
        )
        if people[0].role is Role.STUDENT:
            records.fairness.save(Belonging("mem_0", "region", "Europe, <north>"))
        for duty in Duty:
            records.duties.assign(duty, date(2026, 6, 1), f"mem_{len(people) - 1}")
        records.own_work.save_track_items([TrackItem("research", "asg_0", required=False, due_at=NOON)])
        records.graders.assign("asg_0", [f"mem_{len(people) - 1}"])
        records.office_hours.add_series(_hours(f"mem_{len(people) - 1}"))
        records.events.add(_talk(f"mem_{len(people) - 1}"))
        if people[0].role is Role.STUDENT:
            records.graders.add_conflict(f"mem_{len(people) - 1}", "mem_0")


def _everything(store: Database) -> list[tuple[object, ...]]:
    tables = (
        "members",
        "assignments",
        "submissions",
        "duties",
        "status_history",
        "outbox",
        "graders",
        "conflicts",
        "track_items",
    )
    with store.reading() as records:
        return [row for name in tables for row in records.connection.execute(f"SELECT * FROM {name}")]  # noqa: S608 - names of this module


def test_times_are_wall_times_of_the_programme_and_carry_an_offset_in_the_repeated_hour(
    desk: Desk, hw3: Assignment
) -> None:
    times = (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    with desk.store.transaction() as records:
        records.assignments.save(replace(hw3, due_at=times[0], hard_due_at=times[1], opens_at=NOON))
    rows = {row["slug"]: row for row in _rows(export_assignments(desk))}
    assert (rows["hw3"]["opens_at"], rows["hw3"]["due_at"], rows["hw3"]["hard_due_at"]) == (
        "2026-07-01 13:00",
        "2026-10-25T01:30+01:00",
        "2026-10-25T01:30+00:00",
    )


def test_an_export_names_people_and_work_and_no_ids(desk: Desk, ada: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.submissions.save_many([Submission("sub_1", hw3.id, ada.id, 1, NOON, 85.0)])
    assert export_submissions(desk) == (
        "email,assignment,attempt,submitted_at,score\nada@example.org,hw3,1,2026-07-01 13:00,85\n"
    )


def test_grades_are_a_row_a_student_with_words_for_what_has_no_score(
    desk: Desk, ada: Member, bo: Member, hw3: Assignment, hw4: Assignment, final: Assignment
) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(bo, name="=Bo"))
        records.submissions.save_many(
            [
                Submission("sub_1", hw3.id, ada.id, 1, NOON, 50.0),
                Submission("sub_2", hw3.id, ada.id, 2, NOON, 85.5),
                Submission("sub_3", hw4.id, ada.id, 1, NOON),
                Submission("sub_4", hw3.id, bo.id, 1, NOON, passed=True),
                Submission("sub_5", hw4.id, bo.id, 1, NOON, passed=False),
            ]
        )
        records.submissions.excuse(ada.id, final.id, NOON, "mem_orla")
        records.own_work.drop(bo.id, final.id, NOON)
    assert export_grades(desk, NOON).splitlines() == [
        "email,name,hw3,hw4,final,passed,dropped,excused,remaining,status",
        "ada@example.org,Ada,85.5,waiting,excused,1,0,1,1,all passed that is needed",
        "bo@example.org,'=Bo,passed,not yet,dropped,1,1,0,1,all passed that is needed",
        "chen@example.org,Chen,,,,0,0,0,3,on course",
    ]
    assert import_grades(export_grades(desk, NOON), NOON, desk) == ImportReport(unchanged=1)


def test_who_takes_no_part_has_the_status_of_the_roster(desk: Desk, ada: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, status=Status.PAUSED))
    last = desk.policy.programme.closes_at
    assert [row.split(",")[-1] for row in export_grades(desk, last).splitlines()[1:]] == [
        "paused",
        "not possible without an exception",
        "not possible without an exception",
    ]


@pytest.mark.parametrize("text", ["=HYPERLINK(A1)", "+1", "-1", "@SUM(1)", "＝1", "\t=1"])
def test_no_cell_starts_as_a_formula(desk: Desk, ada: Member, text: str) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, name=text))
    row = next(row for row in _rows(export_roster(desk)) if row["email"] == ada.email)
    assert row["name"] == f"'{text}"


@given(st.lists(WILD, min_size=1, max_size=4))
def test_every_cell_is_read_back_as_it_was(cells: list[str]) -> None:
    columns = Columns(tuple(f"c{index}" for index in range(len(cells))))
    table = read(write(columns.required, [cells]), columns)
    assert table.problems == []
    assert [list(row.cells.values()) for row in table.rows] == [cells]
    assert not any(harmless(cell).startswith(("=", "+", "-", "@")) for cell in cells)


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))
