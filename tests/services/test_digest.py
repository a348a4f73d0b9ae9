"""The digest: the week against the week before, by name only for those who may read it, once a week."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cohort.asking import Question
from cohort.digest import Counted, Move, Queue, latest_time
from cohort.errors import NotAllowed
from cohort.leavings import Leaving, LeavingReason
from cohort.levels import Level, LevelSince, Reason
from cohort.nudge_limits import NudgeKind
from cohort.nudge_outcomes import NudgeOutcome
from cohort.own_work import TrackItem
from cohort.policy import DigestPolicy
from cohort.roster import Member, Role, Status
from handlers.views.digest import NO_PICTURES, shown
from handlers.views.messages import render
from services import drawing
from services.digest import Digest, OwnDigest
from services.digest_messages import CountsNote, send_digest, show
from services.letters import Obsolete
from services.messages import Ready
from services.pictures import GridPicture, LevelsPicture
from tests.services.grading_world import hand_in
from tests.services.nudge_world import ADA, BO, CHEN, DUE, HW3, NOW, ORLA, TARA, TOM, World, homework, new_world

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = 7 * DAY
LONDON = ZoneInfo("Europe/London")
# The digest goes out on Mondays at 9:00 in London; this is an hour after.
MONDAY = datetime(2026, 2, 16, 10, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def level(world: World, student: Member, at: datetime, level: Level, *words: str) -> None:
    reasons = [Reason("missed", each) for each in words]
    with world.desk.store.transaction() as records:
        records.risk.note(LevelSince(student.id, at, level, 1.0 + level.height, reasons))


def follow_up(world: World, student: Member, owner: Member | None, due_at: datetime) -> None:
    owner_id, owned_at = (owner.id, "2026-02-10") if owner else (None, None)
    row = (f"fup_{student.id}", student.id, "2026-02-10T00:00:00.000+00:00", owner_id, owned_at, due_at.isoformat())
    with world.desk.store.transaction() as records:
        records.connection.execute(
            "INSERT INTO follow_ups (id, student_id, origin, reason, opened_at, owner_id, owned_at, due_at)"
            " VALUES (?, ?, 'staff', 'r', ?, ?, ?, ?)",
            row,
        )


def digest(world: World, now: datetime = NOW) -> Digest:
    found = show(ORLA, now, world.desk)
    assert isinstance(found, Digest)
    return found


def figures(found: Digest) -> dict[Counted, tuple[int, int]]:
    return {each.counted: (each.now, each.before) for each in found.counts.figures if each.now or each.before}


def test_the_week_stands_against_the_week_before(world: World) -> None:
    hw2 = homework("hw2", DUE - WEEK)
    world.assign(hw2)
    world.hand_in(ADA, HW3, DUE - HOUR)
    world.hand_in(ADA, hw2, DUE - WEEK - HOUR)
    world.hand_in(BO, hw2, DUE - WEEK - HOUR)
    world.extend(CHEN, HW3, NOW + DAY, NOW - HOUR)
    world.add(replace(BO, status=Status.WITHDRAWN, left_at=NOW - HOUR))
    assert figures(digest(world)) == {
        Counted.HANDED_IN: (1, 2),
        Counted.MISSED: (0, 1),
        Counted.EXTENDED: (1, 0),
        Counted.LEFT: (1, 0),
    }


def test_who_asks_reads_of_the_whole_day_a_week_ago(world: World) -> None:
    world.hand_in(ADA, HW3, NOW - WEEK - HOUR)
    assert figures(digest(world))[Counted.HANDED_IN] == (1, 0)
    assert figures(digest(world, NOW + DAY)).get(Counted.HANDED_IN, (0, 1)) == (0, 1)


def test_what_is_excused_or_waits_for_us_is_not_missed(world: World) -> None:
    world.ask(ADA, HW3)
    world.excuse(BO, HW3)
    assert figures(digest(world)) == {Counted.MISSED: (1, 0)}
    world.add(replace(CHEN, joined_at=DUE + HOUR))
    assert figures(digest(world)) == {}


def test_a_track_counts_by_its_own_due_times(world: World) -> None:
    world.assign(replace(HW3, due_at=NOW + WEEK))
    for student in (ADA, BO):
        world.add(replace(student, track="early"))
    with world.desk.store.transaction() as records:
        records.own_work.save_track_items([TrackItem("early", HW3.id, required=True, due_at=NOW - DAY)])
    assert figures(digest(world)) == {Counted.MISSED: (2, 0)}


def test_who_moved_is_named_with_why_the_highest_first(world: World) -> None:
    level(world, ADA, NOW - 9 * DAY, Level.SLIPPING, "one missed")
    level(world, ADA, NOW - DAY, Level.CRITICAL, "three missed", "nothing for ten days", "and more")
    level(world, BO, NOW - 9 * DAY, Level.SLIPPING)
    level(world, BO, NOW - DAY, Level.ON_TRACK)
    level(world, CHEN, NOW - DAY, Level.ON_TRACK)
    found = digest(world)
    assert [(m.student_id, m.before, m.after.level) for m in found.names.moved] == [
        (ADA.id, Level.SLIPPING, Level.CRITICAL),
        (BO.id, Level.SLIPPING, Level.ON_TRACK),
    ]
    assert (found.counts.worse, found.counts.better) == (1, 1)
    assert found.counts.levels[:2] == [(Level.ON_TRACK, 2, 1), (Level.SLIPPING, 0, 2)]
    assert {sum(each[1] for each in found.counts.levels), sum(each[2] for each in found.counts.levels)} == {3}
    text = str(shown(found, LONDON).blocks)
    assert "slipping → *critical*: three missed; nothing for ten days" in text
    assert "and more" not in text


def test_who_takes_part_no_more_moves_nowhere(world: World) -> None:
    level(world, ADA, NOW - DAY, Level.CRITICAL)
    world.add(replace(ADA, status=Status.PAUSED))
    found = digest(world)
    assert (found.names.moved, found.counts.students) == ([], 2)


def test_follow_ups_that_are_overdue_or_nobodys_are_named(world: World) -> None:
    follow_up(world, ADA, TARA, NOW - HOUR)
    follow_up(world, BO, None, NOW + DAY)
    follow_up(world, CHEN, TOM, NOW + DAY)
    found = digest(world)
    assert [case.student_id for case in found.names.cases] == [ADA.id, BO.id]
    assert (found.counts.open, found.counts.overdue, found.counts.unowned) == (3, 1, 1)
    text = str(shown(found, LONDON).blocks)
    assert "<@UADA>: with <@UTARA>, was due" in text
    assert "<@UBO>: without an owner, due" in text


def test_what_waited_longest_is_named_whatever_it_waits_for(world: World) -> None:
    hand_in(world.desk, HW3, ADA, BO, at=NOW - 3 * DAY)
    world.ask(CHEN, HW3)
    with world.desk.store.transaction() as records:
        records.asking.add(Question("qst_1", ADA.id, HW3.id, "How?", NOW - 2 * DAY))
    found = digest(world)
    assert [(each.queue, list(each.student_ids)) for each in found.names.waiting] == [
        (Queue.GRADING, [ADA.id, BO.id]),
        (Queue.QUESTIONS, [ADA.id]),
        (Queue.REQUESTS, [CHEN.id]),
    ]
    assert [(each.queue, each.count) for each in found.counts.waits] == [(queue, 1) for queue in Queue]
    assert "How?" not in str(shown(found, LONDON).blocks)


def test_what_followed_the_messages_of_the_week_is_counted(world: World) -> None:
    with world.desk.store.transaction() as records:
        for number, days in enumerate((1, 5, 6, 9)):
            records.nudges.add(f"ndg_{number}", ADA.id, NudgeKind.PLAN, NOW - days * DAY)
            records.nudges.begin(f"ndg_{number}", NOW - days * DAY)
        records.nudges.note_outcome("ndg_1", NudgeOutcome.HANDED_IN)
    counts = digest(world).counts
    assert (counts.nudges, counts.nudges_before) == ({"": 2, "handed_in": 1}, 1)


def test_days_with_too_much_due_are_told_while_they_lie_ahead(world: World) -> None:
    dues = [NOW + 2 * DAY, NOW + 40 * DAY, NOW - 20 * DAY]
    world.assign(*(homework(f"hw{10 + n}{i}", due, estimated_hours=9) for n, due in enumerate(dues) for i in range(4)))
    found = digest(world)
    assert [len(crowd.work) for crowd in found.counts.crowds] == [4]
    assert "4 things, about 36 hours: hw100, hw101, hw102, hw103" in str(shown(found, LONDON).blocks)


def test_a_ta_reads_of_those_they_follow_and_of_nobody_else(world: World) -> None:
    for student in (ADA, BO):
        level(world, student, NOW - DAY, Level.AT_RISK, "two missed")
        hand_in(world.desk, HW3, student, at=NOW - 3 * DAY)
    follow_up(world, ADA, TARA, NOW + DAY)
    follow_up(world, BO, TOM, NOW - DAY)
    found = show(TARA, NOW, world.desk)
    assert isinstance(found, OwnDigest)
    names = found.names
    assert {m.student_id for m in names.moved} == {since.student_id for since in names.standing} == {ADA.id}
    assert [case.student_id for case in names.cases] == [ADA.id]
    assert [list(each.student_ids) for each in names.waiting] == [[ADA.id]]
    text = str(shown(found, LONDON).blocks)
    assert "<@UADA>: *at risk*: two missed" in text
    assert "UBO" not in text


def test_a_ta_who_follows_nobody_is_told_so(world: World) -> None:
    found = show(TARA, NOW, world.desk)
    assert "You follow nobody up at the moment." in str(shown(found, LONDON).blocks)


def test_students_do_not_see_it(world: World) -> None:
    with pytest.raises(NotAllowed):
        show(ADA, NOW, world.desk)


def test_it_goes_out_once_a_week_to_whom_it_is_for(world: World) -> None:
    follow_up(world, ADA, TARA, MONDAY + DAY)
    assert send_digest(world.desk, MONDAY - 2 * HOUR) == 0
    assert send_digest(world.desk, MONDAY) == 3
    assert send_digest(world.desk, MONDAY + HOUR) == 0
    assert {letter.recipient for letter in world.letters("digest.names")} == {f"member:{m.id}" for m in (ORLA, TARA)}
    assert [letter.recipient for letter in world.letters("digest.counts")] == ["channel:staff"]
    for kind in ("digest.grid", "digest.levels"):
        assert [letter.recipient for letter in world.letters(kind)] == [f"member:{ORLA.id}"]
    assert send_digest(world.desk, MONDAY + WEEK) == 3


def test_one_that_could_not_start_waits_for_the_next_week(world: World) -> None:
    assert send_digest(world.desk, MONDAY + 25 * HOUR) == 0
    assert send_digest(world.desk, datetime(2026, 1, 5, 10, tzinfo=UTC)) == 0
    assert send_digest(world.desk, datetime(2026, 6, 1, 10, tzinfo=UTC)) == 0


@pytest.mark.parametrize(
    ("now", "at"),
    [
        (datetime(2026, 3, 30, 7, 59, tzinfo=UTC), datetime(2026, 3, 23, 9, tzinfo=UTC)),
        (datetime(2026, 3, 30, 8, tzinfo=UTC), datetime(2026, 3, 30, 8, tzinfo=UTC)),
        (datetime(2026, 10, 26, 12, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=UTC)),
        (datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=UTC)),
    ],
    ids=["before", "summer time", "winter time", "sunday"],
)
def test_it_keeps_its_wall_time(now: datetime, at: datetime) -> None:
    assert latest_time(now, DigestPolicy(), LONDON) == at


def test_the_channel_reads_no_name(world: World) -> None:
    level(world, ADA, NOW - 8 * DAY, Level.CRITICAL, "Ada missed three")
    follow_up(world, ADA, None, MONDAY - DAY)
    hand_in(world.desk, HW3, ADA, at=NOW - 3 * DAY)
    send_digest(world.desk, MONDAY)
    sent = [ready for _, ready in world.deliver(MONDAY) if isinstance(ready, Ready)]
    kinds = {type(ready.content) for ready in sent}
    assert kinds == {CountsNote, Digest, GridPicture, LevelsPicture}
    (note,) = [ready for ready in sent if isinstance(ready.content, CountsNote)]
    text = str(render(note.content, note.zone))
    assert "1 open, 1 overdue, 1 without an owner" in text
    for word in ("Ada", "UADA", "missed three"):
        assert word not in text


def test_what_is_late_or_for_somebody_else_now_is_not_sent(world: World) -> None:
    follow_up(world, ADA, TARA, MONDAY + DAY)
    send_digest(world.desk, MONDAY)
    world.add(replace(ORLA, role=Role.TA))
    with world.desk.store.transaction() as records:
        records.connection.execute("UPDATE follow_ups SET owner_id = ?", (TOM.id,))
    sent = {letter.kind: prepared for letter, prepared in world.deliver(MONDAY) if letter.kind != "digest.counts"}
    assert sent == {
        "digest.names": Obsolete("follows nobody any more"),
        "digest.grid": Obsolete("for organizers only"),
        "digest.levels": Obsolete("for organizers only"),
        "check_ins.picture": Obsolete("for organizers only"),
    }
    send_digest(world.desk, MONDAY + WEEK)
    late = world.deliver(MONDAY + WEEK + 4 * DAY)
    assert {prepared for _, prepared in late} == {Obsolete("too late to be of use")}


def test_without_the_extra_it_says_what_the_pictures_need(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # As Python itself knows a module that is not to be had.
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    assert not drawing.can_draw()
    found = digest(world)
    assert NO_PICTURES in str(shown(found, LONDON).blocks)
    assert world.letters("digest.grid") == []


def test_a_first_level_counts_from_on_track() -> None:
    move = Move(ADA.id, None, LevelSince(ADA.id, NOW, Level.AT_RISK, 1.0))
    assert move.rise == 2


def test_first_levels_are_not_compared_with_a_week_that_had_none(world: World) -> None:
    level(world, ADA, NOW - DAY, Level.CRITICAL, "three missed")
    level(world, BO, NOW - DAY, Level.ON_TRACK)
    text = str(shown(digest(world), LONDON).blocks)
    assert "*Levels*: 2 on track, 0 slipping, 0 at risk, 1 critical; the first ones of this cohort" in text
    assert "*Cause for concern, and why*" in text
    assert "more concern" not in text


def test_organizers_alone_read_why_students_left_where_five_named_it(world: World) -> None:
    with world.desk.store.transaction() as records:
        for n in range(6):
            student = replace(ADA, id=f"mem_{n}", email=f"student{n}@example.org", slack_id=None)
            records.roster.save(student)
            reasons = (LeavingReason.TIME, LeavingReason.MONEY) if n < 4 else (LeavingReason.TIME,)
            records.leavings.add(Leaving(f"lea_{n}", student.id, NOW - 9 * DAY, NOW - 6 * DAY, reasons))
            records.leavings.finish(f"lea_{n}", NOW - 6 * DAY)
    said = str(shown(show(ORLA, NOW, world.desk), LONDON).blocks)
    assert "“It takes more time than I have” 6" in said
    assert "Money" not in said
    assert "more time than I have" not in str(shown(show(TARA, NOW, world.desk), LONDON).blocks)


def test_a_bot_that_began_after_its_time_sends_no_digest_of_that_week(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.connection.execute("DROP TRIGGER audit_keeps_rows")
        records.connection.execute("DELETE FROM audit")
        records.audit.add(None, "roster.imported", "roster", MONDAY + HOUR)
    assert send_digest(world.desk, MONDAY + 2 * HOUR) == 0
    assert send_digest(world.desk, MONDAY + WEEK) > 0
