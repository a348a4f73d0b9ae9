"""How often anyone is written to unasked: no run of local days breaks a limit, and silence ends the messages."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohort.nudge_limits import NudgeKind, PastNudge, free_from, is_silent, last_sign, may_send, unanswered
from cohort.policy import NudgePolicy
from cohort.times import DAY, at_wall, is_waking, local_day

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 2, 18, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLICY = NudgePolicy()
MISSED, DUE_SOON, PLAN = NudgeKind.MISSED, NudgeKind.DUE_SOON, NudgeKind.PLAN
# Clock changes of every sort: forward, back, by half an hour, over midnight, and none.
ZONES = ["Europe/London", "America/New_York", "America/Havana", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kolkata"]


def sent(at: datetime, reacted_at: datetime | None = None, *, is_waiting: bool = False) -> PastNudge:
    return PastNudge(f"ndg_{at.isoformat()}", NudgeKind.DUE_SOON, at, is_waiting, reacted_at)


def answered(*ats: datetime) -> list[PastNudge]:
    return [sent(at, at + HOUR) for at in ats]


@pytest.mark.parametrize(
    ("past", "from_at"),
    [
        pytest.param([], NOON, id="nothing yet"),
        pytest.param(answered(NOON - HOUR * 2), datetime(2026, 2, 19, 8, tzinfo=UTC), id="one today"),
        pytest.param(answered(NOON - DAY), NOON, id="one yesterday"),
        pytest.param(
            answered(*(NOON - n * DAY for n in (1, 3, 6))),
            datetime(2026, 2, 19, 8, tzinfo=UTC),
            id="three in seven days",
        ),
        pytest.param(answered(*(NOON - n * DAY for n in (1, 3, 7))), NOON, id="the third is a week ago"),
        pytest.param(
            answered(*(NOON - n * DAY for n in (1, 2, 3))), datetime(2026, 2, 22, 8, tzinfo=UTC), id="three in a row"
        ),
    ],
)
def test_from_when_there_is_room(past: list[PastNudge], from_at: datetime) -> None:
    assert free_from(MISSED, past, last_sign(past, [], NOON), NOON, LONDON, POLICY) == from_at


def test_nothing_is_made_while_one_waits_or_the_student_sleeps() -> None:
    night = datetime(2026, 2, 18, 22, tzinfo=UTC)
    assert may_send(MISSED, [], None, NOON, LONDON, POLICY)
    assert not may_send(MISSED, [sent(NOON - 3 * DAY, is_waiting=True)], None, NOON, LONDON, POLICY)
    assert not may_send(MISSED, [], None, night, LONDON, POLICY)


@pytest.mark.parametrize(
    ("sign", "goes"),
    [
        pytest.param({}, False, id="no sign"),
        pytest.param({"reacted_at": NOON - HOUR}, True, id="a press"),
        pytest.param({"handed_in_at": NOON - HOUR}, True, id="handed in"),
        pytest.param({"handed_in_at": NOON - 9 * DAY}, False, id="handed in before"),
        pytest.param({"reacted_at": NOON + HOUR}, False, id="a press that is still to come"),
    ],
)
def test_two_without_a_reaction_are_the_last(sign: dict[str, datetime], goes: bool) -> None:
    past = [sent(NOON - 8 * DAY), sent(NOON - 2 * DAY, sign.get("reacted_at"))]
    handed_in = [sign["handed_in_at"]] if "handed_in_at" in sign else []
    assert may_send(MISSED, past, last_sign(past, handed_in, NOON), NOON, LONDON, POLICY) is goes


@pytest.mark.parametrize("kind", [DUE_SOON, PLAN])
def test_the_last_place_before_silence_is_kept_for_missed_work(kind: NudgeKind) -> None:
    past = [sent(NOON - 2 * DAY)]
    assert not may_send(kind, past, None, NOON, LONDON, POLICY)
    assert may_send(MISSED, past, None, NOON, LONDON, POLICY)
    assert may_send(kind, past, NOON - DAY, NOON, LONDON, POLICY)
    assert may_send(kind, past, None, NOON, LONDON, NudgePolicy(stop_after=3))


def test_the_only_place_before_silence_is_anyones() -> None:
    policy = NudgePolicy(stop_after=1)
    assert may_send(PLAN, [], None, NOON, LONDON, policy)
    assert not may_send(MISSED, [sent(NOON - 2 * DAY)], None, NOON, LONDON, policy)


def test_silence_is_told_when_the_last_message_had_its_day() -> None:
    past = [sent(NOON - 3 * DAY), sent(NOON - DAY)]
    assert not is_silent(past, None, NOON - HOUR, POLICY)
    assert is_silent(past, None, NOON, POLICY)
    assert not is_silent(past, NOON - 2 * HOUR, NOON, POLICY)
    assert unanswered(past, NOON - 2 * DAY) == past[1:]


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2025, 2, 20), datetime(2025, 11, 10)),
    st.lists(st.integers(1, 60 * 24 * 3), min_size=1, max_size=60),
    st.integers(1, 2),
    st.integers(1, 4),
    st.booleans(),
)
def test_no_run_of_local_days_breaks_a_limit(
    zone: str, start: datetime, pauses: list[int], a_day: int, a_week: int, sleeps_by_day: bool
) -> None:
    """Try at odd moments, react to everything, and count what went out in every seven days that follow each other."""
    tz = ZoneInfo(zone)
    quiet = {"quiet_from": time(4), "quiet_until": time(20), "plan_at": time(22)} if sleeps_by_day else {}
    policy = NudgePolicy(a_day=a_day, a_week=a_week, **quiet)
    past: list[PastNudge] = []
    now = start.replace(tzinfo=UTC)
    for minutes in pauses:
        now += timedelta(minutes=minutes)
        if may_send(MISSED, past, now, now, tz, policy):
            past.append(sent(now))
    days = [local_day(nudge.at, tz) for nudge in past]
    assert all(is_waking(nudge.at, tz, policy.quiet_from, policy.quiet_until) for nudge in past)
    assert all(days.count(day) <= a_day for day in days)
    assert all(sum(first <= day < first + 7 * DAY for day in days) <= a_week for first in _mornings(days))


def _mornings(days: list[date]) -> list[date]:
    return [day - back * DAY for day in days for back in range(7)]


@given(st.sampled_from(ZONES), st.datetimes(datetime(2025, 2, 20), datetime(2025, 11, 10)), st.data())
def test_what_has_to_wait_can_go_when_it_is_told_to(zone: str, start: datetime, data: st.DataObject) -> None:
    tz, now = ZoneInfo(zone), start.replace(tzinfo=UTC)
    past = answered(*(now - timedelta(hours=hours) for hours in data.draw(st.lists(st.integers(2, 300), max_size=5))))
    from_at = free_from(MISSED, past, now, now, tz, POLICY)
    assert from_at is not None
    assert from_at >= now
    assert may_send(MISSED, past, from_at, from_at, tz, POLICY)
    assert from_at <= at_wall(local_day(now, tz) + 9 * DAY, time(0), tz)
