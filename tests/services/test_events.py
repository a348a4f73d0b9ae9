"""Sections, talks and socials: planned in silence, announced once, with as many people as there are places."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier

import pytest

from cohort.errors import DatePassed, EventFull, EventOver, LeaderBusy, NotAllowed, NotFound, ReasonNeeded
from cohort.events import EventKind
from cohort.roster import Member, Role
from services.desk import Desk
from services.event_messages import (
    EventCancelled,
    EventCard,
    EventMoved,
    EventReminder,
    Leading,
    LeadsNoMore,
    Recording,
    remind,
)
from services.events import (
    EventWish,
    add_event,
    announce,
    announced,
    cancel_event,
    change_event,
    desk_list,
    set_recording,
    sign_off,
    sign_up,
    wish_recording,
)
from services.letters import Obsolete
from storage.outbox import Post
from tests.conftest import NOON, a_member
from tests.services.booking_world import hours
from tests.services.grading_world import heard, letters

WISH = EventWish(EventKind.TALK, "On proofs", date(2026, 7, 2), time(18), 60, "Room 3", "tara@example.org", places=2)
STARTS = datetime(2026, 7, 2, 17, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def planned(desk: Desk, orla: Member, wish: EventWish = WISH) -> str:
    return add_event(wish, orla, NOON, desk)[0].event.id


def on(desk: Desk, orla: Member, wish: EventWish = WISH) -> str:
    event_id = planned(desk, orla, wish)
    announce(event_id, orla, NOON, desk)
    return event_id


def to(desk: Desk, kind: str) -> list[str]:
    return sorted(letter.recipient for letter in letters(desk, kind))


def test_nobody_hears_of_an_event_before_it_is_announced(desk: Desk, ada: Member, orla: Member, tara: Member) -> None:
    event_id = planned(desk, orla)
    assert announced(ada, NOON, desk) == []
    assert [one.event.id for one in desk_list(orla, NOON, desk)] == [event_id]
    with pytest.raises(NotFound):
        sign_up(event_id, ada, NOON, desk)
    assert (to(desk, "events.card"), to(desk, "events.leading")) == ([], [])
    announce(event_id, orla, NOON, desk)
    announce(event_id, orla, NOON, desk)
    assert (to(desk, "events.card"), to(desk, "events.leading")) == (["channel:announcements"], [f"member:{tara.id}"])
    card = heard(desk, letters(desk, "events.card")[0], NOON)
    assert isinstance(card, EventCard)
    assert (card.shown.event.starts_at, card.shown.coming) == (STARTS, 0)
    assert isinstance(heard(desk, letters(desk, "events.leading")[0], NOON), Leading)


def test_a_section_needs_someone_who_leads_it(desk: Desk, orla: Member) -> None:
    section = replace(WISH, kind=EventKind.SECTION, facilitator="")
    event_id = planned(desk, orla, section)
    with pytest.raises(ReasonNeeded, match="facilitator"):
        announce(event_id, orla, NOON, desk)
    change_event(event_id, replace(section, facilitator="tom@example.org"), orla, NOON, desk)
    announce(event_id, orla, NOON, desk)
    with pytest.raises(ReasonNeeded):
        change_event(event_id, section, orla, NOON, desk)
    on(desk, orla, replace(WISH, facilitator=""))


def test_weeks_in_a_row_keep_the_programmes_wall_time(desk: Desk, orla: Member) -> None:
    """London sets its clocks back on 25 October 2026."""
    programme = desk.policy.programme.model_copy(update={"ends_on": date(2026, 12, 1)})
    desk = replace(desk, policy=desk.policy.model_copy(update={"programme": programme}))
    made = add_event(replace(WISH, on=date(2026, 10, 20), times=3), orla, NOON, desk)
    assert [f"{one.event.starts_at:%d %H}" for one in made] == ["20 17", "27 18", "03 18"]
    assert len({one.event.slug for one in made}) == 3
    assert len({one.event.series for one in made}) == 1


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (replace(WISH, title=" "), ReasonNeeded),
        (replace(WISH, on=date(2026, 7, 1), starts=time(12)), DatePassed),
        (replace(WISH, facilitator="nobody@example.org"), NotFound),
        (replace(WISH, facilitator="ada@example.org"), NotFound),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_made(
    desk: Desk, orla: Member, wish: EventWish, error: type[Exception]
) -> None:
    with pytest.raises(error):
        add_event(wish, orla, NOON, desk)
    assert desk_list(orla, NOON, desk) == []


def test_only_organizers_plan_and_only_students_sign_up(desk: Desk, ada: Member, tara: Member, orla: Member) -> None:
    event_id = on(desk, orla)
    for doing in (
        lambda: add_event(WISH, tara, NOON, desk),
        lambda: announce(event_id, ada, NOON, desk),
        lambda: cancel_event(event_id, "", tara, NOON, desk),
        lambda: set_recording(event_id, "https://e.org", ada, NOON, desk),
        lambda: sign_up(event_id, tara, NOON, desk),
        lambda: wish_recording(event_id, orla, NOON, desk),
    ):
        with pytest.raises(NotAllowed):
            doing()


def test_of_many_at_once_as_many_have_a_place_as_there_are(desk: Desk, orla: Member) -> None:
    people = [a_member(f"Student{n}", Role.STUDENT) for n in range(12)]
    with desk.store.transaction() as records:
        for person in people:
            records.roster.save(person)
    event_id, gate = on(desk, orla, replace(WISH, places=5)), Barrier(len(people))

    def rush(person: Member) -> bool:
        gate.wait(10)
        try:
            return sign_up(event_id, person, NOON, desk).is_signed_up
        except EventFull:
            return False

    with ThreadPoolExecutor(len(people)) as pool:
        assert sum(pool.map(rush, people)) == 5
    with desk.store.reading() as records:
        assert len(records.events.signed_up(event_id)) == 5


def test_a_place_given_back_is_free_and_twice_is_once(desk: Desk, ada: Member, bo: Member, orla: Member) -> None:
    event_id = on(desk, orla, replace(WISH, places=1))
    assert sign_up(event_id, ada, NOON, desk).coming == 1
    assert sign_up(event_id, ada, NOON, desk).coming == 1
    with pytest.raises(EventFull):
        sign_up(event_id, bo, NOON, desk)
    assert not sign_off(event_id, ada, NOON, desk).is_signed_up
    assert not sign_off(event_id, ada, NOON, desk).is_signed_up
    assert sign_up(event_id, bo, NOON, desk).is_signed_up
    with pytest.raises(EventFull):
        sign_up(event_id, ada, NOON, desk)
    with pytest.raises(EventOver):
        sign_off(event_id, bo, STARTS + HOUR, desk)


def test_who_comes_is_told_once_of_another_time(desk: Desk, ada: Member, bo: Member, orla: Member, tom: Member) -> None:
    event_id = on(desk, orla)
    sign_up(event_id, ada, NOON, desk)
    sign_up(event_id, bo, NOON, desk)
    change_event(event_id, replace(WISH, title="On <proofs>"), orla, NOON, desk)
    assert to(desk, "events.moved") == []
    change_event(event_id, replace(WISH, starts=time(19), facilitator="tom@example.org"), orla, NOON, desk)
    sign_off(event_id, bo, NOON, desk)
    told = letters(desk, "events.moved")
    assert sorted(letter.recipient for letter in told) == [f"member:{ada.id}", f"member:{bo.id}"]
    said = {letter.data["member"]: heard(desk, letter, NOON) for letter in told}
    assert isinstance(said[ada.id], EventMoved)
    assert isinstance(said[bo.id], Obsolete)
    assert f"member:{tom.id}" in to(desk, "events.leading")


def test_a_cancelled_event_is_told_to_who_would_have_come_and_led(
    desk: Desk, ada: Member, orla: Member, tara: Member
) -> None:
    event_id = on(desk, orla)
    sign_up(event_id, ada, NOON, desk)
    cancel_event(event_id, " The speaker is ill ", orla, NOON, desk)
    told = letters(desk, "events.cancelled")
    assert sorted(letter.recipient for letter in told) == [f"member:{ada.id}", f"member:{tara.id}"]
    said = heard(desk, told[0], NOON)
    assert isinstance(said, EventCancelled)
    assert said.shown.event.reason == "The speaker is ill"
    with pytest.raises(EventOver):
        cancel_event(event_id, "", orla, NOON, desk)
    assert announced(ada, NOON, desk) == []


def test_reminders_come_twice_to_who_comes_and_leads(desk: Desk, ada: Member, orla: Member, tara: Member) -> None:
    event_id = on(desk, orla)
    sign_up(event_id, ada, NOON, desk)
    assert remind(desk, STARTS - 25 * HOUR) == 0
    assert remind(desk, STARTS - 23 * HOUR) == 2
    assert remind(desk, STARTS - 22 * HOUR) == 0
    assert remind(desk, STARTS - HOUR / 2) == 2
    assert remind(desk, STARTS - HOUR / 4) == 0
    said = heard(desk, letters(desk, "events.reminder")[-1], STARTS - HOUR / 2)
    assert isinstance(said, EventReminder)
    assert {letter.recipient for letter in letters(desk, "events.reminder")} == {
        f"member:{ada.id}",
        f"member:{tara.id}",
    }
    sign_off(event_id, ada, STARTS - HOUR / 2, desk)
    [late] = [one for one in letters(desk, "events.reminder") if one.data["member"] == ada.id][-1:]
    assert isinstance(heard(desk, late, STARTS - HOUR / 4), Obsolete)


def test_who_signs_up_late_is_reminded_once(desk: Desk, ada: Member, bo: Member, orla: Member) -> None:
    event_id = on(desk, orla)
    sign_up(event_id, ada, NOON, desk)
    sign_up(event_id, bo, STARTS - 20 * HOUR, desk)
    remind(desk, STARTS - 19 * HOUR)
    remind(desk, STARTS - HOUR / 4)
    told = [letter.data["member"] for letter in letters(desk, "events.reminder")]
    assert (told.count(ada.id), told.count(bo.id)) == (2, 1)


def test_what_is_over_stays_a_week_in_the_list_of_organizers(desk: Desk, orla: Member) -> None:
    event_id = on(desk, orla)
    assert [one.event.id for one in desk_list(orla, STARTS + 6 * DAY, desk)] == [event_id]
    assert desk_list(orla, STARTS + 8 * DAY, desk) == []


def test_the_recording_goes_to_those_who_asked_also_later_and_once(
    desk: Desk, ada: Member, bo: Member, orla: Member
) -> None:
    event_id = on(desk, orla)
    wish_recording(event_id, ada, NOON, desk)
    assert to(desk, "events.recording") == []
    set_recording(event_id, "https://video.example.org/1", orla, NOON + WEEK, desk)
    wish_recording(event_id, bo, NOON + WEEK, desk)
    wish_recording(event_id, bo, NOON + WEEK, desk)
    set_recording(event_id, "https://video.example.org/1", orla, NOON + WEEK, desk)
    assert to(desk, "events.recording") == [f"member:{ada.id}", f"member:{bo.id}"]
    said = heard(desk, letters(desk, "events.recording")[0], NOON + WEEK)
    assert isinstance(said, Recording)
    assert said.shown.event.recording == "https://video.example.org/1"


# ---- whoever leads


def test_who_leads_hears_of_a_move_and_of_leading_no_more(desk: Desk, orla: Member, tara: Member, tom: Member) -> None:
    event_id = on(desk, orla)
    change_event(event_id, replace(WISH, starts=time(9)), orla, NOON, desk)
    [moved] = letters(desk, "events.moved")
    said = heard(desk, moved, NOON)
    assert isinstance(said, EventMoved)
    assert (moved.recipient, said.leads) == (f"member:{tara.id}", True)
    change_event(event_id, replace(WISH, starts=time(9), facilitator="tom@example.org"), orla, NOON, desk)
    [led] = letters(desk, "events.led")
    assert led.recipient == f"member:{tara.id}"
    told = heard(desk, led, NOON)
    assert isinstance(told, LeadsNoMore)
    assert told.shown.facilitator == tom
    assert isinstance(heard(desk, moved, NOON), Obsolete)


def test_nobody_leads_two_things_at_once_or_during_their_own_hours(desk: Desk, orla: Member, tara: Member) -> None:
    event_id = on(desk, orla)
    with pytest.raises(LeaderBusy) as told:
        planned(desk, orla, replace(WISH, starts=time(18, 30)))
    assert (told.value.name, told.value.leads) == (tara.called, True)
    hours(desk, tara, STARTS + 2 * HOUR, 1)
    with pytest.raises(LeaderBusy) as told:
        change_event(event_id, replace(WISH, starts=time(20)), orla, NOON, desk)
    assert not told.value.leads
    assert change_event(event_id, replace(WISH, title="Proofs"), orla, NOON, desk).event.title == "Proofs"


# ---- afterwards


def test_a_corrected_recording_reaches_who_asked(desk: Desk, ada: Member, orla: Member) -> None:
    event_id = on(desk, orla)
    wish_recording(event_id, ada, NOON, desk)
    for link in ("https://example.org/wrong", "https://example.org/right", "https://example.org/right"):
        set_recording(event_id, link, orla, STARTS + DAY, desk)
    wrong, right = letters(desk, "events.recording")
    assert isinstance(heard(desk, wrong, STARTS + DAY), Obsolete)
    assert isinstance(heard(desk, right, STARTS + DAY), Recording)


def test_what_is_cancelled_while_it_is_on_is_told(desk: Desk, ada: Member, orla: Member) -> None:
    event_id, during = on(desk, orla), STARTS + HOUR / 4
    sign_up(event_id, ada, NOON, desk)
    cancel_event(event_id, "ill", orla, during, desk)
    told = [heard(desk, letter, during) for letter in letters(desk, "events.cancelled")]
    assert [isinstance(each, EventCancelled) for each in told] == [True, True]


def test_an_announcement_shows_once_that_it_is_over(desk: Desk, orla: Member) -> None:
    event_id = on(desk, orla)
    with desk.store.transaction() as records:
        records.outbox.add_post(Post("C01", "1.0", f"event:{event_id}", "events.card"))
    ends_at = STARTS + HOUR
    for at in (ends_at - timedelta(minutes=1), ends_at, ends_at + timedelta(minutes=5)):
        remind(desk, at)
    [standing] = [letter for letter in letters(desk, "events.card") if letter.recipient.startswith("post:")]
    said = heard(desk, standing, ends_at)
    assert isinstance(said, EventCard)
    assert said.is_over
