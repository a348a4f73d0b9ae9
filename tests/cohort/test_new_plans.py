"""What a new plan makes of the load a week."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cohort.assignments import Assignment, Kind
from cohort.new_plans import LoadChange, PlanItem, WeekLoad, load_changes

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 7, 6, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HARD = MONDAY + 90 * DAY


def piece(slug: str, hours: float | None, due_at: datetime) -> tuple[Assignment, datetime]:
    return Assignment(f"asg_{slug}", slug, slug, Kind.WRITTEN, HARD, due_at=due_at, estimated_hours=hours), due_at


def test_putting_off_and_leaving_out_make_weeks_lighter() -> None:
    dues = [piece("hw3", 6, MONDAY), piece("hw4", 8, MONDAY + DAY), piece("paper1", None, MONDAY + 8 * DAY)]
    items = [PlanItem("asg_hw4", MONDAY + 9 * DAY), PlanItem("asg_paper1", None)]
    first, second = date(2026, 7, 6), date(2026, 7, 13)
    assert load_changes(dues, items, LONDON) == [
        LoadChange(WeekLoad(first, 2, 14), WeekLoad(first, 1, 6)),
        LoadChange(WeekLoad(second, 1, 0), WeekLoad(second, 1, 8)),
    ]


def test_a_sunday_night_belongs_to_the_week_of_its_own_zone() -> None:
    late_on_sunday = datetime(2026, 7, 5, 22, 30, tzinfo=UTC)
    [in_london] = load_changes([piece("hw3", 1, late_on_sunday)], [], LONDON)
    [in_tokyo] = load_changes([piece("hw3", 1, late_on_sunday)], [], ZoneInfo("Asia/Tokyo"))
    assert (in_london.before.week_on, in_tokyo.before.week_on) == (date(2026, 6, 29), date(2026, 7, 6))


@given(st.lists(st.tuples(st.integers(0, 60), st.floats(0.5, 20), st.none() | st.integers(0, 30)), max_size=12))
def test_nothing_is_lost_but_what_is_left_out(pieces: list[tuple[int, float, int | None]]) -> None:
    dues = [piece(f"w{n}", hours, MONDAY + day * DAY) for n, (day, hours, _) in enumerate(pieces)]
    items = [
        PlanItem(assignment.id, None if more is None else due_at + more * DAY)
        for (assignment, due_at), (_, _, more) in zip(dues, pieces, strict=True)
    ]
    weeks = load_changes(dues, items, LONDON)
    kept = [hours for _, hours, more in pieces if more is not None]
    assert sum(week.before.things for week in weeks) == len(pieces)
    assert sum(week.after.things for week in weeks) == len(kept)
    assert abs(sum(week.after.hours for week in weeks) - sum(kept)) < 1e-6
