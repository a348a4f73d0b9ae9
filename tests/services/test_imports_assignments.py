"""What importing assignments does, and what moves with a due time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.extensions import Extension, ExtensionRequest, Lapse, Origin, State, effective_due_at
from cohort.roster import Member
from services.csv_cells import written
from services.desk import Desk
from services.imports import import_assignments
from tests.conftest import NOON

DAY = timedelta(days=1)


def test_every_column_is_read(desk: Desk) -> None:
    content = (
        "slug,title,kind,week,opens_at,due_at,hard_due_at,pass_mark,required,estimated_hours,url,status\n"
        "hw5,Problem set 5,Paper reading,5,2026-07-01,2026-07-10 18:00,2026-07-20T18:00+02:00,62.5,No,3,"
        "https://example.org/hw5,cancelled\n"
    )
    assert import_assignments(content, NOON, desk).added == 1
    assert replace(assignment(desk, "hw5"), id="") == Assignment(
        id="",
        slug="hw5",
        title="Problem set 5",
        kind=Kind.PAPER_READING,
        hard_due_at=datetime(2026, 7, 20, 16, tzinfo=UTC),
        due_at=datetime(2026, 7, 10, 17, tzinfo=UTC),
        opens_at=datetime(2026, 6, 30, 23, tzinfo=UTC),
        week=5,
        pass_mark=62.5,
        required=False,
        estimated_hours=3.0,
        url="https://example.org/hw5",
        cancelled=True,
    )


@pytest.mark.parametrize("header", ["slug,title,kind", "slug,title,kind,hard_due_at"])
def test_without_a_last_moment_it_is_the_programme_s(desk: Desk, header: str) -> None:
    import_assignments(f"{header}\nhw5,Five,written{',' * (header.count(',') - 2)}\n", NOON, desk)
    assert assignment(desk, "hw5").hard_due_at == desk.policy.programme.closes_at


def test_absent_columns_change_nothing_and_empty_cells_mean_the_default(desk: Desk, hw3: Assignment) -> None:
    report = import_assignments("slug,title,kind,pass_mark\nHW3,Problem set 3,written,\n", NOON, desk)
    assert assignment(desk, "hw3") == replace(hw3, pass_mark=None)
    assert (report.changes, report.absent_keys) == (("hw3: pass_mark 70 → none",), ("hw4", "final"))


def test_an_extension_moves_with_the_due_time(desk: Desk, ada: Member, hw3: Assignment) -> None:
    until = grant(desk, ada, hw3, 2 * DAY)
    report = import_assignments("slug,title,kind,due_at\nhw3,Problem set 3,written,2026-07-05 18:00\n", NOON, desk)
    assert report.changes == ("hw3: due_at 2026-07-02 18:00 → 2026-07-05 18:00",)
    assert untils(desk, hw3) == [until + 3 * DAY]
    import_assignments("slug,title,kind,due_at\nhw3,Problem set 3,written,2026-06-20 18:00\n", NOON, desk)
    assert untils(desk, hw3) == [until + 3 * DAY], "nobody loses what they were told"


def test_an_extension_never_moves_past_the_last_moment(desk: Desk, ada: Member, hw3: Assignment) -> None:
    grant(desk, ada, hw3, 5 * DAY)
    content = "slug,title,kind,due_at,hard_due_at\nhw3,Problem set 3,written,2026-07-05 18:00,2026-07-08 18:00\n"
    import_assignments(content, NOON, desk)
    assert untils(desk, hw3) == [assignment(desk, "hw3").hard_due_at]


def test_the_last_moment_can_t_move_below_what_was_granted(desk: Desk, ada: Member, hw3: Assignment) -> None:
    grant(desk, ada, hw3, 2 * DAY)
    content = "slug,title,kind,hard_due_at\nhw3,Problem set 3,written,2026-07-03 18:00\n"
    for dry_run in (True, False):
        report = import_assignments(content, NOON, desk, dry_run=dry_run)
        told = "would be 2026-07-03 18:00, but a student was granted time until 2026-07-04 18:00; keep at least that"
        assert [str(problem) for problem in report.problems] == [f"line 2, hard_due_at: {told}"]
    assert assignment(desk, "hw3") == hw3


def test_one_bad_row_keeps_all_rows_out(desk: Desk, ada: Member, hw3: Assignment, hw4: Assignment) -> None:
    grant(desk, ada, hw3, 2 * DAY)
    content = (
        "slug,title,kind,hard_due_at\nhw4,Changed,written,\nhw5,New,written,\n"
        "hw3,Problem set 3,written,2026-07-03 18:00\n"
    )
    report = import_assignments(content, NOON, desk)
    assert len(report.problems) == 1
    assert report.added == 0
    with desk.store.reading() as records:
        assert hw4 in records.assignments.all()
        assert len(records.assignments.all()) == 3
        assert records.audit.all() == []


def test_cancelling_ends_requests(desk: Desk, ada: Member, hw3: Assignment) -> None:
    with desk.store.transaction() as records:
        records.requests.add(ExtensionRequest("req_1", ada.id, hw3.id, State.PENDING, NOON, NOON))
    import_assignments("slug,title,kind,status\nhw3,Problem set 3,written,cancelled\n", NOON, desk)
    with desk.store.reading() as records:
        request = records.requests.get("req_1")
    assert request is not None
    assert (request.state, request.lapse) == (State.LAPSED, Lapse.CANCELLED)


def test_a_due_time_can_go_and_come_back(desk: Desk, ada: Member, hw3: Assignment) -> None:
    until = grant(desk, ada, hw3, 2 * DAY)
    import_assignments("slug,title,kind,due_at\nhw3,Problem set 3,written,\n", NOON, desk)
    assert assignment(desk, "hw3").due_at is None
    assert untils(desk, hw3) == [until]
    import_assignments("slug,title,kind,due_at\nhw3,Problem set 3,written,2026-07-03 18:00\n", NOON, desk)
    assert untils(desk, hw3) == [until + DAY]


HOURS = st.integers(-24 * 60, 24 * 60)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(1, 20), moves=st.lists(st.tuples(HOURS, HOURS), max_size=4))
def test_moving_times_never_shortens_an_extension_or_leaves_one_past_the_last_moment(
    desk: Desk, ada: Member, hw3: Assignment, length: int, moves: list[tuple[int, int]]
) -> None:
    before = written(hw3.hard_due_at, desk.policy.programme.tz)
    restore = f"slug,title,kind,due_at,hard_due_at\nhw3,Problem set 3,written,2026-07-02 18:00,{before}\n"
    with desk.store.transaction() as records:
        records.connection.execute("DELETE FROM extensions")
    import_assignments(restore, NOON, desk)
    grant(desk, ada, hw3, length * DAY)
    for due_hours, hard_hours in moves:
        earlier, own = untils(desk, hw3), due(desk, hw3)
        tz = desk.policy.programme.tz
        due_at = written(NOON + timedelta(hours=due_hours), tz)
        hard_due_at = written(hw3.hard_due_at + timedelta(hours=hard_hours), tz)
        content = f"slug,title,kind,due_at,hard_due_at\nhw3,Problem set 3,written,{due_at},{hard_due_at}\n"
        report = import_assignments(content, NOON, desk)
        now = untils(desk, hw3)
        assert all(new >= old for new, old in zip(now, earlier, strict=True))
        assert all(until <= assignment(desk, "hw3").hard_due_at for until in now)
        assert not report.problems or (earlier, own) == (now, due(desk, hw3))


def grant(desk: Desk, student: Member, work: Assignment, length: timedelta) -> datetime:
    assert work.due_at is not None
    until = work.due_at + length
    with desk.store.transaction() as records:
        records.extensions.add(Extension("ext_1", student.id, work.id, until, length, Origin.TA, NOON))
    return until


def untils(desk: Desk, work: Assignment) -> list[datetime]:
    with desk.store.reading() as records:
        return [extension.until_at for extension in records.extensions.on(work.id)]


def due(desk: Desk, work: Assignment) -> datetime | None:
    now = assignment(desk, work.slug)
    with desk.store.reading() as records:
        return effective_due_at(now, records.extensions.on(work.id))


def assignment(desk: Desk, slug: str) -> Assignment:
    with desk.store.reading() as records:
        return next(a for a in records.assignments.all() if a.slug == slug)


def test_what_piles_up_is_noted_with_the_days_around(desk: Desk) -> None:
    rows = [f"x{n},Work {n},written,2026-07-{20 + n % 2} 18:00,5" for n in range(4)]
    text = "slug,title,kind,due_at,estimated_hours\n" + "\n".join(rows)
    report = import_assignments(text, NOON, desk)
    [note] = report.notes
    assert note.startswith("much is due on Mon 20 Jul and Tue 21 Jul, about 20 hours: x0, x2, x1, x3")
    assert "Sun 19: 0, Mon 20: 2, Tue 21: 2, Wed 22: 0" in note
    assert import_assignments(text, NOON, desk).notes == ()
