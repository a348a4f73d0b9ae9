"""What stands on Home: what concerns a person, never what concerns another, and as fast for many as for few."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cohort.asking import Question
from cohort.bookings import Booking
from cohort.check_ins import CheckIn
from cohort.events import Event, EventKind
from cohort.extensions import Category, ExtensionRequest, State
from cohort.follow_ups import FollowUp, Note, NoteKind, Origin
from cohort.graduation import Mark
from cohort.leavings import Leaving
from cohort.levels import Level, LevelSince, Reason
from cohort.roster import Member, Role, Status
from handlers.views.home import home as view_of
from handlers.views.home_ta import questions
from sandbox.limits import check_view
from services.desk import Desk
from services.duties import EXTENSIONS, QUESTIONS
from services.home import RestingHome, home
from services.home_staff import StaffHome, questions_of
from services.home_student import StudentHome
from services.talks import ask_to_talk
from storage.database import Database
from storage.migrations import migrations
from tests.bench import busy_rows, cohort_rows
from tests.services.booking_world import hours
from tests.services.grading_world import hand_in
from tests.services.nudge_world import (
    ADA,
    BO,
    CHEN,
    DUE,
    HARD,
    HW3,
    NOW,
    ORLA,
    TARA,
    TOM,
    NobodyElse,
    World,
    homework,
    new_world,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = 7 * DAY
HW4, HW5 = homework("hw4", NOW + 2 * DAY), homework("hw5", NOW + 20 * DAY)
WORDS = "words of somebody else"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = new_world(tmp_path)
    made.assign(HW4, HW5)
    return made


def of_student(world: World, student: Member = ADA, now: datetime = NOW) -> StudentHome:
    found = home(student, now, world.desk)
    assert isinstance(found, StudentHome)
    return found


def of_staff(world: World, member: Member) -> StaffHome:
    found = home(member, NOW, world.desk)
    assert isinstance(found, StaffHome)
    return found


def text_of(world: World, member: Member) -> str:
    return json.dumps(view_of(home(member, NOW, world.desk)), ensure_ascii=False)


def test_what_is_due_first_comes_first_and_what_is_done_does_not(world: World) -> None:
    world.extend(ADA, HW4, NOW + 30 * DAY, NOW - DAY)
    assert [s.assignment.slug for s in of_student(world).due] == ["hw3", "hw5", "hw4"]
    assert of_student(world).due[0].mark is Mark.MISSED
    world.hand_in(ADA, HW3, DUE - HOUR)
    world.excuse(ADA, HW5)
    found = of_student(world)
    assert [s.assignment.slug for s in found.due] == ["hw4"]
    assert "1 of 2 passed" not in text_of(world, ADA)
    assert "░░░░░░░░░░ 0 of 2 passed" in text_of(world, ADA)
    world.hand_in(BO, HW3, DUE - HOUR, 100.0)


def test_what_is_left_out_stands_beside_what_may_be(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.own_work.drop(ADA.id, HW5.id, NOW)
    assert [s.assignment.slug for s in of_student(world).due] == ["hw3", "hw4"]
    text = text_of(world, ADA)
    assert "Left out: hw5" in text
    assert "1 used, 1 left" in text


def test_the_week_says_by_when_to_start(world: World) -> None:
    found = of_student(world)
    assert [item.assignment.slug for item in found.plan] == ["hw4"]
    assert "start by *Thursday*" in text_of(world, ADA)


def test_what_waits_for_an_answer_can_be_taken_back(world: World) -> None:
    request = world.ask(ADA, HW4)
    with world.desk.store.transaction() as records:
        records.asking.add(Question("qst_1", ADA.id, HW3.id, WORDS, NOW - HOUR))
    text = text_of(world, ADA)
    assert f"extensions.withdraw#{request.id}" in text
    assert "Your question about *Homework 3* (hw3)" in text


def test_what_was_handed_in_elsewhere_is_not_said_to_wait_in_a_queue_here(world: World) -> None:
    world.hand_in(ADA, HW3, DUE - HOUR)
    hand_in(world.desk, HW4, ADA, at=NOW - HOUR)
    text = text_of(world, ADA)
    assert "Handed in, waiting for a grade: hw4" in text
    assert "Handed in outside Slack, and graded there: hw3" in text


def test_who_is_on_duty_and_who_organizes_can_be_reached(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.duties.assign(EXTENSIONS, NOW.date() - 2 * DAY, TOM.id)
    found = of_student(world)
    assert (found.on_duty, found.organizer) == (TOM, ORLA)
    with world.desk.store.transaction() as records:
        records.duties.assign(QUESTIONS, NOW.date() - 2 * DAY, TARA.id)
    assert of_student(world).on_duty == TARA
    with world.desk.store.transaction() as records:
        records.graders.add_conflict(TARA.id, ADA.id)
    assert of_student(world).on_duty is None
    with world.desk.store.transaction() as records:
        records.graders.set_away(TARA.id, NOW - DAY, None)
    assert of_student(world, BO).on_duty == TOM


def test_before_the_programme_and_after_it_home_says_so(world: World) -> None:
    begins = of_student(world, now=NOW - 60 * DAY)
    assert begins.begins_at is not None
    assert "The programme begins" in json.dumps(view_of(begins))
    over = of_student(world, now=HARD + 10 * DAY)
    assert over.is_over
    assert over.due == []
    assert "The programme is over" in json.dumps(view_of(over))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.PAUSED, "You are paused"),
        (Status.WITHDRAWN, "You take no part"),
        (Status.EXPELLED, "You take no part"),
        (Status.GRADUATED, "You have graduated"),
    ],
)
def test_who_takes_no_part_reads_what_that_means(world: World, status: Status, words: str) -> None:
    away = replace(ADA, status=status)
    world.add(away)
    text = text_of(world, away)
    assert words in text
    assert "<@UORLA>" in text
    assert "hw3" not in text


def test_who_wants_to_leave_can_stay_with_a_press(world: World) -> None:
    away = replace(ADA, status=Status.PAUSED)
    world.add(away)
    with world.desk.store.transaction() as records:
        records.leavings.add(Leaving("lea_1", ADA.id, NOW, NOW + DAY))
    found = home(away, NOW, world.desk)
    assert isinstance(found, RestingHome)
    assert "leavings.stay" in json.dumps(view_of(found))


def test_who_joins_later_reads_when(world: World) -> None:
    later = replace(ADA, joined_at=NOW + DAY)
    world.add(later)
    assert "You are on the roster from" in text_of(world, later)


def test_a_ta_sees_the_queue_with_ages_and_their_own_of_everything(world: World) -> None:
    hand_in(world.desk, HW3, BO, at=NOW - 3 * DAY, owner_id=TARA.id)
    hours(world.desk, TARA, NOW + DAY, 2)
    world.ask(CHEN, HW4)
    with world.desk.store.transaction() as records:
        records.duties.assign(EXTENSIONS, NOW.date() - 2 * DAY, TARA.id)
        records.follow_ups.add(
            FollowUp("fup_1", ADA.id, Origin.STAFF, WORDS, NOW, NOW + DAY, owner_id=TARA.id, owned_at=NOW)
        )
    found, text = of_staff(world, TARA), text_of(world, TARA)
    assert found.cohort is None
    assert [entry.students for entry in found.queue.entries] == [[BO]]
    assert "The oldest waits 3 days" in text
    assert "1 waiting for an answer about more time*, the oldest first: yours this week" in text
    assert "extensions: this week" in text
    assert "*Students you follow up*: 1" in text
    assert [one.free for one in found.dates] == [2]
    others = text_of(world, TOM)
    assert "<@UTARA> decides this week" in others
    assert "extensions.approve" not in others
    assert "Students you follow up" not in others
    assert "You have no duty" in others
    assert "You hold no office hours" in others


def test_an_organizer_sees_the_cohort_in_numbers_and_what_nobody_has(world: World) -> None:
    world.add(replace(CHEN, status=Status.PAUSED))
    world.hand_in(ADA, HW4, NOW - HOUR)
    world.ask(BO, HW4)
    hand_in(world.desk, HW3, BO, at=NOW - 5 * DAY)
    with world.desk.store.transaction() as records:
        records.risk.note(LevelSince(BO.id, NOW - WEEK, Level.ON_TRACK, 0.0))
        records.risk.note(LevelSince(BO.id, NOW - DAY, Level.CRITICAL, 2.0, [Reason("missed", WORDS)]))
        records.risk.note(LevelSince(CHEN.id, NOW - DAY, Level.CRITICAL, 2.0))
        records.follow_ups.add(FollowUp("fup_1", ADA.id, Origin.STAFF, WORDS, NOW, NOW + DAY))
        records.follow_ups.add(
            FollowUp("fup_2", BO.id, Origin.LADDER, WORDS, NOW, NOW - DAY, owner_id=TARA.id, owned_at=NOW)
        )
    text = text_of(world, ORLA)
    for words in (
        "*2 students* take part, 1 paused",
        "• 1 on track, 1 critical",
        "To be graded: 1, the oldest 5 days, *1 late*",
        "Requests for more time: 1",
        "Follow-ups: 2 open, 1 without an owner, 1 overdue",
        "*Follow-ups nobody has*: 1",
        "*Overdue follow-ups*: 1",
        "`hw4`",
        ": 1 handed in",
    ):
        assert words in text
    assert "`hw5`" not in text


def add_everything_of(world: World, student: Member, owner: Member | None) -> None:
    """Write all that could be written by and about a student, so that it could be shown to somebody else."""
    world.add(replace(student, preferred_name=f"{student.name} Secretly", accommodation_days=5))
    hand_in(world.desk, HW3, student, at=NOW - DAY, tools=WORDS)
    [slot] = hours(world.desk, TARA, NOW + (2 if student is BO else 3) * DAY, 1)
    with world.desk.store.transaction() as records:
        records.requests.add(
            ExtensionRequest(
                f"req_{student.id}", student.id, HW4.id, State.PENDING, NOW - HOUR, NOW + DAY, NOW + 9 * DAY,
                category=Category.HEALTH, note=WORDS,
            )
        )  # fmt: skip
        records.asking.add(Question(f"qst_{student.id}", student.id, HW3.id, WORDS, NOW - HOUR))
        records.asking.tell(f"qst_{student.id}", [TARA.id], NOW - HOUR)
        records.check_ins.add(CheckIn(f"chk_{student.id}", student.id, NOW.date() - 2 * DAY, note=WORDS))
        records.risk.note(LevelSince(student.id, NOW - DAY, Level.CRITICAL, 2.0, [Reason("missed", WORDS)]))
        case = FollowUp(f"fup_{student.id}", student.id, Origin.CHECK_IN, WORDS, NOW - DAY, NOW + DAY)
        records.follow_ups.add(replace(case, owner_id=owner.id, owned_at=NOW) if owner else case)
        records.follow_ups.add_note(Note(f"fun_{student.id}", case.id, NOW, NoteKind.NOTE, WORDS))
        records.bookings.add(Booking(f"bkg_{student.id}", slot.id, student.id, NOW - DAY, topic=WORDS))
        records.events.add(Event("evt_1", "social-1", EventKind.SOCIAL, "Tea", NOW + DAY, NOW + DAY + HOUR, NOW))
        records.events.announce("evt_1", NOW)
        records.events.sign_up("evt_1", student.id, NOW)


@pytest.mark.parametrize("other", [BO, CHEN], ids=lambda member: member.name)
def test_nothing_of_a_student_is_on_the_home_of_another(world: World, other: Member) -> None:
    before = text_of(world, ADA)
    add_everything_of(world, other, TOM)
    after = text_of(world, ADA)
    for secret in (WORDS, f" {other.name} ", f"{other.name}<", other.slack_id, other.id, "Secretly", other.email):
        assert secret is not None
        assert secret not in before + after


@pytest.mark.parametrize("reader", [TARA, TOM, ORLA], ids=lambda member: member.name)
def test_the_words_of_students_stand_behind_a_button_for_staff(world: World, reader: Member) -> None:
    add_everything_of(world, BO, reader if reader is TOM else None)
    text = text_of(world, reader)
    assert WORDS not in text
    assert "Health" not in text
    assert BO.email not in text


def test_a_follow_up_is_on_the_home_of_its_owner_alone(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.follow_ups.add(
            FollowUp("fup_1", BO.id, Origin.STAFF, WORDS, NOW, NOW + DAY, owner_id=TOM.id, owned_at=NOW)
        )
    assert "<@UBO>" in text_of(world, TOM)
    for other in (TARA, ADA, BO):
        assert "fup_1" not in text_of(world, other)


def test_of_many_questions_home_shows_a_few_and_all_of_them_are_one_press_away(world: World) -> None:
    with world.desk.store.transaction() as records:
        for n in range(50):
            records.asking.add(Question(f"qst_{n}", BO.id, HW3.id, WORDS, NOW - HOUR))
            records.asking.tell(f"qst_{n}", [TARA.id], NOW - HOUR)
    assert "home.questions" in text_of(world, TARA)
    found = questions_of(TARA, NOW, world.desk)
    shown = json.dumps(questions(found, NOW).blocks)
    assert shown.count("asking.answer") == 40
    assert "and 10 more" in shown
    assert WORDS not in shown
    assert "No question waits for you" in questions(questions_of(TOM, NOW, world.desk), NOW).text


def test_the_week_says_today_for_what_is_to_be_started_now(world: World) -> None:
    assert "start *today*" in json.dumps(view_of(home(ADA, DUE - HOUR, world.desk)))


def test_a_ta_sees_no_question_of_whom_they_have_a_conflict_with(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.asking.add(Question("qst_1", BO.id, HW3.id, WORDS, NOW - HOUR))
        records.asking.tell("qst_1", [TARA.id], NOW - HOUR)
        records.graders.add_conflict(TARA.id, BO.id)
    assert "asking.answer" not in text_of(world, TARA)
    assert "asking.answer" not in text_of(world, TOM)


def test_asking_to_talk_adds_a_reason_to_a_case_that_is_open_and_does_so_once(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.follow_ups.add(
            FollowUp("fup_1", ADA.id, Origin.LADDER, "r", NOW, NOW + DAY, owner_id=TOM.id, owned_at=NOW)
        )
    first, second = (ask_to_talk(ADA, NOW, world.desk) for _ in range(2))
    assert (first.owner, first.is_new) == (TOM, True)
    assert (second.owner, second.is_new) == (TOM, False)
    with world.desk.store.reading() as records:
        [note] = records.follow_ups.notes_of("fup_1")
    assert note.kind is NoteKind.REASON


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Callable[[int], tuple[Desk, Member]]]:
    opened: list[Database] = []

    def make(students: int) -> tuple[Desk, Member]:
        store = Database(tmp_path / f"{students}.db")
        opened.append(store)
        migrations.apply(store.tables())
        return Desk(store, cohort_rows.POLICY, NobodyElse()), busy_rows.fill(store, students)[0]

    yield make
    for store in opened:
        store.close()


def queries_of(desk: Desk, member: Member) -> int:
    """Count the statements that a Home takes, as SQLite itself tells."""
    statements: list[str] = []
    for note in (statements.append, None):
        with desk.store.reading() as records:
            records.connection.set_trace_callback(note)
        home(member, cohort_rows.NOON, desk)
    return sum(statement.startswith("SELECT") for statement in statements)


@pytest.mark.parametrize("role", list(Role))
def test_a_larger_cohort_takes_no_more_queries(busy: Callable[[int], tuple[Desk, Member]], role: Role) -> None:
    counts = []
    for students in (40, 160):
        desk, student = busy(students)
        member = {Role.STUDENT: student, Role.TA: busy_rows.TARA, Role.ORGANIZER: cohort_rows.ORLA}[role]
        counts.append(queries_of(desk, member))
    assert counts[0] == counts[1]


def test_slack_takes_the_home_of_everyone_in_a_cohort_where_much_waits(
    busy: Callable[[int], tuple[Desk, Member]],
) -> None:
    desk, student = busy(104)
    for member in (student, busy_rows.TARA, cohort_rows.ORLA):
        view = view_of(home(member, cohort_rows.NOON, desk))
        assert list(check_view(view)) == []
        assert len(view["blocks"]) < 100


def test_whom_to_write_to_now_stands_above_everything(world: World) -> None:
    with world.desk.store.transaction() as records:
        records.follow_ups.add(FollowUp("fup_1", ADA.id, Origin.LADDER, WORDS, NOW, NOW - DAY))
        records.follow_ups.add(
            FollowUp("fup_2", BO.id, Origin.DISTRESS, WORDS, NOW, NOW, owner_id=ORLA.id, owned_at=NOW)
        )
    text = text_of(world, ORLA)
    assert (
        0
        < text.index(f"<@{BO.slack_id}> may be in distress. Please write to them now.")
        < text.index("The cohort today")
    )
    assert "may be in distress. Please write" not in text_of(world, TARA)
