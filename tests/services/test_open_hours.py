"""The line in open hours: joining, being taken, stepping out, not answering, and the end."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from cohort.errors import LineClosed, LineFull, NotAllowed
from cohort.office_hours import Session
from cohort.open_hours import LinePlace, PlaceState
from cohort.roster import Member, Role, Status
from services import open_hours, waitlist
from services.desk import Desk
from services.hours_dates import move_date
from services.messages import Ready, prepare
from services.open_hours_letters import (
    AreYouThere,
    PanelCard,
    PlaceCard,
    StandsStill,
    Unstarted,
    YourTurn,
    panel_subject,
    place_subject,
)
from services.open_hours_panel import did_not_answer, done, panels, take_next, take_together
from services.open_hours_upkeep import close_lines, tell_unstarted
from services.waitlist_messages import OfferNote
from storage.ids import new_id
from storage.outbox import Post
from tests.conftest import NOON, a_member
from tests.services.booking_world import DAY, HOUR, hours

MINUTE = timedelta(minutes=1)
LONG = 20.0


@pytest.fixture
def session(desk: Desk, tara: Member) -> Session:
    """An hour of Tara's from noon on, open to anyone."""
    return an_hour(desk, tara)


def an_hour(desk: Desk, ta: Member, capacity: int | None = None) -> Session:
    made = Session(
        new_id("ses"), ta.id, NOON.date(), NOON, NOON + HOUR, NOON + HOUR, "https://meet.example.org/x",
        capacity=capacity,
    )  # fmt: skip
    with desk.store.transaction() as records:
        records.office_hours.add_session(made, [])
    return made


def join(desk: Desk, session: Session, *students: Member, now: datetime = NOON) -> list[LinePlace]:
    """Let students join, a second apart."""
    return [
        open_hours.join(session.id, student, now + timedelta(seconds=n), desk).standing.place
        for n, student in enumerate(students)
    ]


def stored(desk: Desk, place: LinePlace) -> LinePlace:
    with desk.store.reading() as records:
        found = records.open_hours.get(place.id)
    assert found is not None
    return found


def states(desk: Desk, *places: LinePlace) -> list[PlaceState]:
    return [stored(desk, place).state for place in places]


def said(desk: Desk, kind: str, reader: Member, now: datetime) -> list[object]:
    """Return what someone would read now of the letters of a kind."""
    with desk.store.reading() as records:
        letters = [letter for letter, _ in records.outbox.of_kind(kind) if letter.recipient == f"member:{reader.id}"]
    prepared = [prepare(letter, desk, now) for letter in letters]
    return [one.content for one in prepared if isinstance(one, Ready)]


def test_whoever_joins_sees_their_place_and_the_ta_hears_of_the_first(
    desk: Desk, ada: Member, bo: Member, tara: Member, session: Session
) -> None:
    join(desk, session, ada)
    second = open_hours.join(session.id, bo, NOON + MINUTE, desk)
    assert (second.standing.before, second.standing.minutes_each) == (1, 10)
    again = open_hours.join(session.id, bo, NOON + 2 * MINUTE, desk)
    assert (again.is_new, again.standing.place) == (False, second.standing.place)
    [card] = said(desk, "open_hours.place", bo, NOON)
    assert isinstance(card, PlaceCard)
    [panel] = said(desk, "open_hours.panel", tara, NOON)
    assert isinstance(panel, PanelCard)
    assert [row.student for row in panel.panel.waiting] == [ada, bo]


def test_taking_the_next_begins_the_session_and_ends_with_whoever_was_there(
    desk: Desk, ada: Member, bo: Member, tara: Member, session: Session
) -> None:
    first, second = join(desk, session, ada, bo)
    taken = take_next(session.id, [], tara, NOON + MINUTE, desk)
    assert (taken.students, taken.panel.session.started_by) == ([ada], tara.id)
    [turn] = said(desk, "open_hours.turn", ada, NOON + MINUTE)
    assert isinstance(turn, YourTurn)
    assert turn.standing.with_ta == tara
    twice = take_next(session.id, [], tara, NOON + MINUTE, desk)
    assert (twice.is_old, twice.students) == (True, [])
    assert states(desk, first, second) == [PlaceState.CALLED, PlaceState.WAITING]
    assert take_next(session.id, [first.id], tara, NOON + 6 * MINUTE, desk).students == [bo]
    assert states(desk, first, second) == [PlaceState.HELPED, PlaceState.CALLED]
    assert take_next(session.id, [second.id], tara, NOON + 9 * MINUTE, desk).students == []
    with desk.store.reading() as records:
        assert records.bookings.has_been(ada.id, NOON + HOUR)


def test_two_tas_at_one_instant_get_another_person_each(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, session: Session
) -> None:
    join(desk, session, ada, bo)
    together = Barrier(2, timeout=LONG)

    def press(ta: Member) -> list[Member]:
        together.wait()
        return list(take_next(session.id, [], ta, NOON + MINUTE, desk).students)

    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(press, (tara, tom)))
    assert sorted(student.id for students in got for student in students) == [ada.id, bo.id]
    assert [len(students) for students in got] == [1, 1]


def test_the_same_question_is_answered_together_and_noted_in_a_word(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, session: Session
) -> None:
    first, second, third = join(desk, session, ada, bo, chen)
    open_hours.say_about(first.id, " hw3, step 2 ", ada, NOON, desk)
    assert stored(desk, first).about == "hw3, step 2"
    take_next(session.id, [], tara, NOON + MINUTE, desk)
    assert take_together(session.id, [third.id, first.id, second.id], tara, NOON + MINUTE, desk).students
    groups = {stored(desk, place).group_id for place in (first, second, third)}
    assert len(groups) == 1
    done(groups.pop() or "", "recursion", tara, NOON + 9 * MINUTE, desk)
    assert states(desk, first, second, third) == [PlaceState.HELPED] * 3
    assert {stored(desk, place).note for place in (first, second, third)} == {"recursion"}


def test_who_did_not_answer_is_asked_and_keeps_their_place(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, session: Session
) -> None:
    first, second, _ = join(desk, session, ada, bo, chen)
    take_next(session.id, [], tara, NOON + MINUTE, desk)
    did_not_answer(first.id, tara, NOON + 2 * MINUTE, desk)
    [asked] = said(desk, "open_hours.there", ada, NOON + 2 * MINUTE)
    assert isinstance(asked, AreYouThere)
    assert take_next(session.id, [], tara, NOON + 3 * MINUTE, desk).students == [bo]
    back = open_hours.come_back(first.id, ada, NOON + 4 * MINUTE, desk)
    assert (back.standing.before, back.standing.place.asked_at) == (0, None)
    assert not said(desk, "open_hours.there", ada, NOON + 4 * MINUTE)
    assert take_next(session.id, [second.id], tara, NOON + 5 * MINUTE, desk).students == [ada]


def test_who_steps_out_keeps_their_place_and_who_leaves_may_join_again(
    desk: Desk, ada: Member, bo: Member, session: Session
) -> None:
    first, second = join(desk, session, ada, bo)
    open_hours.step_out(first.id, ada, NOON, desk)
    assert open_hours.leave(second.id, bo, NOON + MINUTE, desk).standing.place.state is PlaceState.LEFT
    third = open_hours.join(session.id, bo, NOON + 2 * MINUTE, desk)
    assert (third.is_new, third.standing.before) == (True, 0)
    assert open_hours.come_back(first.id, ada, NOON + 3 * MINUTE, desk).standing.before == 0
    assert open_hours.join(session.id, bo, NOON + 4 * MINUTE, desk).standing.before == 1
    with pytest.raises(NotAllowed):
        open_hours.leave(first.id, bo, NOON + MINUTE, desk)


def test_a_line_opens_a_little_before_and_has_room_for_so_many(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member
) -> None:
    session = an_hour(desk, tara, capacity=1)
    with pytest.raises(LineClosed) as early:
        open_hours.join(session.id, ada, NOON - HOUR, desk)
    assert early.value.opens_at == NOON - 15 * MINUTE
    open_hours.join(session.id, ada, NOON - 15 * MINUTE, desk)
    assert [one.session for one in panels(tara, NOON - 10 * MINUTE, desk)] == [session]
    assert not panels(tom, NOON, desk)
    with pytest.raises(LineFull):
        open_hours.join(session.id, bo, NOON, desk)
    with pytest.raises(LineClosed) as late:
        open_hours.join(session.id, bo, NOON + HOUR, desk)
    assert late.value.opens_at is None


def test_the_end_closes_the_line_and_who_is_left_is_offered_a_booking_first(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, session: Session
) -> None:
    [slot] = hours(desk, tom, NOON + DAY, 1)
    first, second = join(desk, session, ada, bo)
    take_next(session.id, [], tara, NOON + MINUTE, desk)
    assert close_lines(desk, NOON + HOUR - MINUTE) == 0
    assert close_lines(desk, NOON + HOUR) == 2
    assert close_lines(desk, NOON + HOUR) == 0
    assert states(desk, first, second) == [PlaceState.HELPED, PlaceState.UNREACHED]
    [note] = said(desk, "waitlist.offer", bo, NOON + HOUR)
    assert isinstance(note, OfferNote)
    assert note.about.wait.slot_id == slot.id
    with pytest.raises(LineClosed):
        open_hours.come_back(second.id, bo, NOON + HOUR, desk)
    with pytest.raises(LineClosed):
        take_next(session.id, [], tara, NOON + HOUR, desk)


def test_another_ta_hears_only_where_someone_waits_and_nobody_has_begun(
    desk: Desk, ada: Member, tom: Member, orla: Member, session: Session
) -> None:
    uma = a_member("Uma", Role.TA)
    with desk.store.transaction() as records:
        records.roster.save(uma)
    assert tell_unstarted(desk, NOON + 10 * MINUTE) == 0
    [place] = join(desk, session, ada)
    assert tell_unstarted(desk, NOON + 9 * MINUTE) == 0
    # In Los Angeles it is five in the morning: Tom sleeps.
    assert [tell_unstarted(desk, NOON + n * MINUTE) for n in (10, 15)] == [1, 0]
    [note] = said(desk, "open_hours.unstarted", uma, NOON + 15 * MINUTE)
    assert isinstance(note, Unstarted)
    assert not said(desk, "open_hours.unstarted", tom, NOON + 15 * MINUTE)
    assert [tell_unstarted(desk, NOON + n * MINUTE) for n in (20, 25)] == [1, 0]
    assert said(desk, "open_hours.unstarted", orla, NOON + 20 * MINUTE)
    taken = take_next(session.id, [], uma, NOON + 26 * MINUTE, desk)
    assert (taken.students, taken.panel.called[0].by) == ([ada], uma)
    assert not said(desk, "open_hours.unstarted", orla, NOON + 26 * MINUTE)
    assert said(desk, "open_hours.panel", uma, NOON + 26 * MINUTE)
    assert states(desk, place) == [PlaceState.CALLED]


def test_another_ta_hears_where_the_line_stands_still_after_it_began(
    desk: Desk, ada: Member, bo: Member, orla: Member, tara: Member, session: Session
) -> None:
    uma = a_member("Uma", Role.TA)
    with desk.store.transaction() as records:
        records.roster.save(uma)
    [first, _] = join(desk, session, ada, bo)
    take_next(session.id, [], tara, NOON + 5 * MINUTE, desk)
    assert [tell_unstarted(desk, NOON + n * MINUTE) for n in (20, 24, 25, 30)] == [0, 0, 1, 0]
    [note] = said(desk, "open_hours.still", uma, NOON + 25 * MINUTE)
    assert isinstance(note, StandsStill)
    assert note.since_at == NOON + 5 * MINUTE
    assert tell_unstarted(desk, NOON + 35 * MINUTE) == 1
    assert said(desk, "open_hours.still", orla, NOON + 35 * MINUTE)
    assert take_next(session.id, [first.id], uma, NOON + 36 * MINUTE, desk).students == [bo]
    assert not said(desk, "open_hours.still", orla, NOON + 36 * MINUTE)
    assert tell_unstarted(desk, NOON + 58 * MINUTE) == 0


def test_a_line_that_moves_or_is_empty_stands_not_still(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, session: Session
) -> None:
    [first] = join(desk, session, ada)
    take_next(session.id, [], tara, NOON + MINUTE, desk)
    assert tell_unstarted(desk, NOON + 25 * MINUTE) == 0
    join(desk, session, bo, chen, now=NOON + 25 * MINUTE)
    assert tell_unstarted(desk, NOON + 35 * MINUTE) == 0
    take_next(session.id, [first.id], tara, NOON + 40 * MINUTE, desk)
    assert tell_unstarted(desk, NOON + 55 * MINUTE) == 0


def test_who_withdraws_stands_in_no_line(desk: Desk, ada: Member, bo: Member, tara: Member, session: Session) -> None:
    first, _ = join(desk, session, ada, bo)
    with desk.store.transaction() as records:
        waitlist.leave_all(records, ada.id, NOON + MINUTE)
    assert states(desk, first) == [PlaceState.LEFT]
    join(desk, session, ada)
    with desk.store.transaction() as records:
        records.roster.save(replace(ada, status=Status.WITHDRAWN, left_at=NOON))
    assert take_next(session.id, [], tara, NOON + 2 * MINUTE, desk).students == [bo]


def test_who_is_called_in_one_line_steps_out_of_the_other(
    desk: Desk, ada: Member, bo: Member, tara: Member, tom: Member, session: Session
) -> None:
    other = an_hour(desk, tom)
    [here], [there, next_there] = join(desk, session, ada), join(desk, other, ada, bo)
    assert take_next(session.id, [], tara, NOON + MINUTE, desk).students == [ada]
    assert states(desk, here, there) == [PlaceState.CALLED, PlaceState.OUT]
    assert take_next(other.id, [], tom, NOON + MINUTE, desk).students == [bo]
    open_hours.come_back(there.id, ada, NOON + 2 * MINUTE, desk)
    assert take_next(other.id, [next_there.id], tom, NOON + 3 * MINUTE, desk).students == []
    assert take_together(other.id, [there.id], tom, NOON + 3 * MINUTE, desk).students == []
    done(stored(desk, here).group_id or "", "", tara, NOON + 4 * MINUTE, desk)
    assert take_next(other.id, [], tom, NOON + 5 * MINUTE, desk).students == [ada]


def test_nobody_is_called_before_hours_that_were_moved_to_later(
    desk: Desk, ada: Member, tara: Member, session: Session
) -> None:
    [place] = join(desk, session, ada, now=NOON - 10 * MINUTE)
    move_date(session.id, NOON + DAY, "ill", tara, NOON - 9 * MINUTE, desk)
    with pytest.raises(LineClosed) as early:
        take_next(session.id, [], tara, NOON, desk)
    assert early.value.opens_at == NOON + DAY - 15 * MINUTE
    assert states(desk, place) == [PlaceState.WAITING]
    assert take_next(session.id, [], tara, NOON + DAY, desk).students == [ada]


def test_in_a_long_line_one_press_updates_only_the_places_it_matters_to(
    desk: Desk, tara: Member, session: Session
) -> None:
    students = [a_member(f"Student {number:03}") for number in range(100)]
    with desk.store.transaction() as records:
        for student in students:
            records.roster.save(student)
    places = join(desk, session, *students)
    with desk.store.transaction() as records:
        for place in places:
            records.outbox.add_post(Post(f"D{place.student_id}", "1.0", place_subject(place.id), "open_hours.place"))
    take_next(session.id, [], tara, NOON + 2 * MINUTE, desk)
    with desk.store.reading() as records:
        updated = {letter.data["place"] for letter, _ in records.outbox.of_kind("open_hours.place_now")}
    assert [number for number, place in enumerate(places) if place.id in updated] == [
        0,
        *range(1, 6),
        *range(11, 92, 10),
    ]


def test_what_is_on_now_is_there_for_whoever_looks(desk: Desk, ada: Member, bo: Member, session: Session) -> None:
    [place] = join(desk, session, ada)
    with desk.store.reading() as records:
        assert [one.place for one in open_hours.on_now(records, ada, NOON).standing] == [place]
        assert [one for one, _ in open_hours.on_now(records, bo, NOON).others] == [session]
        assert not open_hours.on_now(records, bo, NOON + HOUR).others


def test_a_panel_that_is_about_to_be_updated_is_updated_once(
    desk: Desk, ada: Member, bo: Member, chen: Member, tara: Member, session: Session
) -> None:
    with desk.store.transaction() as records:
        records.outbox.add_post(Post("D1", "1.0", panel_subject(session.id), "open_hours.panel"))
    join(desk, session, ada, bo, chen)
    with desk.store.transaction() as records:
        assert len(records.outbox.of_kind("open_hours.panel_now")) == 1
        records.outbox.claim("worker", NOON + MINUTE, 100)
    take_next(session.id, [], tara, NOON + MINUTE, desk)
    with desk.store.reading() as records:
        assert [state for _, state in records.outbox.of_kind("open_hours.panel_now")] == ["sending", "queued"]
