"""When jobs are due: wall time over clock changes, the order of all jobs, and what is overdue."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.jobs import Job, jobs
from scheduler.times import due_between, fire_times, is_overdue, latest_due, next_due, table
from services.desk import Desk
from tests.services.nudge_world import policy

START = datetime(2026, 1, 12, tzinfo=UTC)
NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)


def job_named(name: str, zone: str = "Europe/London") -> Job:
    base = policy()
    programme = base.programme.model_copy(update={"zone": zone})
    chosen = base.model_copy(update={"programme": programme})
    return next(job for job in jobs(chosen) if job.id == name)


@pytest.mark.parametrize(
    ("zone", "first_on", "before", "after"),
    [
        pytest.param("Europe/London", (2026, 3, 28), "04:00+00:00", "04:00+01:00", id="London, spring"),
        pytest.param("Europe/London", (2026, 10, 24), "04:00+01:00", "04:00+00:00", id="London, autumn"),
        pytest.param("America/New_York", (2026, 3, 7), "04:00-05:00", "04:00-04:00", id="New York, spring"),
        pytest.param("America/New_York", (2026, 10, 31), "04:00-04:00", "04:00-05:00", id="New York, autumn"),
        pytest.param("Australia/Lord_Howe", (2026, 4, 4), "04:00+11:00", "04:00+10:30", id="half an hour"),
        pytest.param("Asia/Kathmandu", (2026, 3, 28), "04:00+05:45", "04:00+05:45", id="no clock change"),
    ],
)
def test_what_comes_daily_keeps_its_wall_time(
    zone: str, first_on: tuple[int, int, int], before: str, after: str
) -> None:
    tz = ZoneInfo(zone)
    midnight = datetime(*first_on, tzinfo=tz)
    fires = [
        at.astimezone(tz)
        for at in fire_times(job_named("backup", zone).trigger, midnight, midnight + timedelta(hours=47))
    ]
    assert [f"{at:%H:%M}{at.isoformat()[-6:]}" for at in fires] == [before, after]


def test_what_comes_weekly_keeps_its_weekday_and_wall_time() -> None:
    tz = ZoneInfo("Europe/London")
    fires = fire_times(
        job_named("prune").trigger, datetime(2026, 3, 16, 12, tzinfo=UTC), datetime(2026, 4, 7, tzinfo=UTC)
    )
    assert [f"{at.astimezone(tz):%a %d %H:%M}" for at in fires] == ["Mon 23 04:45", "Mon 30 04:45", "Mon 06 04:45"]


@pytest.mark.parametrize(
    "change_at",
    [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)],
    ids=["skipped hour", "repeated hour"],
)
def test_what_comes_every_quarter_of_an_hour_knows_no_clock_changes(change_at: datetime) -> None:
    hours = timedelta(hours=3)
    fires = list(fire_times(job_named("nudge-missed").trigger, change_at - hours, change_at + hours))
    assert fires == [change_at - hours + n * timedelta(minutes=15) for n in range(1, 25)]


instants = st.integers(0, 300 * 24 * 3600 * 1000).map(lambda ms: START + timedelta(milliseconds=ms))
names = st.sampled_from([job.id for job in jobs(policy())])


@settings(deadline=None)
@given(names, instants, st.integers(0, 2 * 24 * 60), st.integers(0, 2 * 24 * 60))
def test_two_stretches_of_time_are_one_stretch(name: str, start: datetime, first: int, second: int) -> None:
    trigger = job_named(name).trigger
    middle = start + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    parts = [*fire_times(trigger, start, middle), *fire_times(trigger, middle, end)]
    assert parts == list(fire_times(trigger, start, end))


@settings(deadline=None)
@given(names, instants)
def test_the_next_time_is_the_first_and_the_latest_the_last(name: str, now: datetime) -> None:
    trigger = job_named(name).trigger
    after = next_due(trigger, now)
    latest = latest_due(trigger, now)
    assert after is not None
    assert latest is not None
    assert latest <= now < after
    assert list(fire_times(trigger, latest - timedelta(milliseconds=1), after)) == [latest, after]


def test_a_time_on_the_dot_is_due_now_and_not_next() -> None:
    trigger = job_named("nudge-missed").trigger
    assert latest_due(trigger, NOON) == NOON
    assert next_due(trigger, NOON) == NOON + timedelta(minutes=15)


def test_all_jobs_come_in_time_order_and_then_in_the_order_of_the_table() -> None:
    every = jobs(policy())
    places = {job.id: place for place, job in enumerate(every)}
    due = [(at, places[job.id]) for at, job in due_between(NOON, NOON + timedelta(days=7), every)]
    assert due == sorted(due)
    assert {place for _, place in due} == set(places.values())


def test_a_job_that_never_ran_is_overdue_until_it_has_run(desk: Desk) -> None:
    backup = job_named("backup")
    assert is_overdue(backup, desk, NOON)
    with desk.store.transaction() as records:
        records.jobs.start("backup", NOON.replace(hour=4), NOON)
    assert not is_overdue(backup, desk, NOON)
    assert is_overdue(backup, desk, NOON.replace(hour=4) + timedelta(days=1))


def test_nothing_is_overdue_before_its_first_time(desk: Desk) -> None:
    assert not is_overdue(job_named("prune"), desk, datetime(2020, 1, 1, tzinfo=UTC))


def test_the_table_tells_of_every_job_what_for_when_next_and_when_last(desk: Desk) -> None:
    every = jobs(policy())
    with desk.store.transaction() as records:
        records.jobs.start("backup", NOON.replace(hour=4), NOON)
    rows = {row.id: row for row in table(every, desk, NOON)}
    assert list(rows) == [job.id for job in every]
    assert rows["backup"].last_at == NOON.replace(hour=4)
    assert rows["backup"].next_at == NOON.replace(hour=4) + timedelta(days=1)
    assert rows["nudge-missed"].last_at is None
    assert rows["nudge-missed"].next_at == NOON + timedelta(minutes=15)
    assert all(row.why for row in rows.values())
