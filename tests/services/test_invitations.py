"""The calendar file of a booking: what stands in it for whom, and when none is sent."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from cohort.bookings import BookingState
from cohort.errors import CohortError
from cohort.office_hours import Slot
from cohort.roster import Member, Status
from services import invitations, messages
from services.desk import Desk
from services.letters import Obsolete
from services.office_hours import add_series, as_wish
from services.series_changes import change, preview
from tests.conftest import NOON
from tests.services.calendar_world import PLACE, a_series, booked, event_of, files, hours, post, read, write

ON = date(2026, 7, 6)


@pytest.fixture
def slots(desk: Desk, tara: Member) -> list[Slot]:
    """Monday 6 July 2026 at 18:00 and at 18:30 in London."""
    return hours(desk, a_series(tara, ON, time(18), "Europe/London"))


def changed(desk: Desk, booking_id: str, slot: Slot, now: datetime) -> None:
    with desk.store.transaction() as records:
        assert records.bookings.move(booking_id, slot.id, now)
        invitations.send(records, booking_id, now)


def ended(desk: Desk, booking_id: str, now: datetime, state: BookingState = BookingState.CANCELLED) -> None:
    with desk.store.transaction() as records:
        assert records.bookings.end(booking_id, state, None, now)
        invitations.send(records, booking_id, now)


def why_not(desk: Desk, now: datetime) -> set[str]:
    """Send what is queued, of which nothing may go out, and return why it doesn't."""
    found = [prepared for _, prepared in post(desk, now)]
    obsolete = [prepared for prepared in found if isinstance(prepared, Obsolete)]
    assert obsolete == found
    return {each.why for each in obsolete}


def test_everyone_of_a_booking_gets_an_invitation_of_their_own(
    desk: Desk, ada: Member, bo: Member, tara: Member, slots: list[Slot]
) -> None:
    booking = booked(desk, slots[0], ada, bo, now=NOON)
    got = files(desk, NOON)
    assert got.keys() == {ada.id, bo.id, tara.id}
    for reader, title in ((ada, "Office hours with Tara"), (bo, "Office hours with Tara")):
        assert event_of(got[reader.id])["summary"] == title
    assert event_of(got[tara.id])["summary"] == "Office hours with Ada and Bo"
    for reader in (ada, bo, tara):
        calendar, event = got[reader.id], event_of(got[reader.id])
        assert (calendar["method"], calendar["version"], calendar.errors, event.errors) == ("REQUEST", "2.0", [], [])
        assert (event["uid"], event["sequence"], event["status"]) == (booking.id, 0, "CONFIRMED")
        assert (event["location"], event["class"]) == (PLACE, "PRIVATE")
        assert event.DTSTAMP is not None
        assert (event["dtstart"].to_ical(), event["dtend"].to_ical()) == (b"20260706T170000Z", b"20260706T173000Z")
        assert str(event["attendee"]) == f"mailto:{reader.email}"
        assert str(event["organizer"]).endswith(".invalid")


def test_no_file_says_what_it_is_about_or_anyone_elses_address(
    desk: Desk, ada: Member, bo: Member, tara: Member, slots: list[Slot]
) -> None:
    booked(desk, slots[0], ada, bo, now=NOON)
    for letter, prepared in post(desk, NOON):
        assert isinstance(prepared, messages.Ready)
        assert prepared.attached is not None
        assert prepared.attached.name == "office-hours.ics"
        content = prepared.attached.content.decode()
        assert "recursion" not in content
        others = {ada, bo, tara} - {member for member in (ada, bo, tara) if member.id == letter.data["member"]}
        assert not any(other.email in content for other in others)
        assert all(len(line) <= 75 for line in prepared.attached.content.split(b"\r\n"))


def test_a_change_is_the_same_appointment_with_a_higher_sequence(
    desk: Desk, ada: Member, tara: Member, slots: list[Slot]
) -> None:
    booking = booked(desk, slots[0], ada, now=NOON)
    first = files(desk, NOON)
    changed(desk, booking.id, slots[1], NOON)
    second = files(desk, NOON)
    ended(desk, booking.id, NOON)
    third = files(desk, NOON)
    for reader in (ada, tara):
        events = [event_of(each[reader.id]) for each in (first, second, third)]
        assert [str(each[reader.id]["method"]) for each in (first, second, third)] == ["REQUEST", "REQUEST", "CANCEL"]
        assert {str(event["uid"]) for event in events} == {booking.id}
        assert [event["sequence"] for event in events] == [0, 1, 2]
        assert [event.start for event in events] == [slots[0].starts_at, slots[1].starts_at, slots[1].starts_at]
        assert [str(event["status"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
        assert {str(event["organizer"]) for event in events} == {"mailto:office-hours@cohort-bot.invalid"}


def test_what_is_said_along_tells_a_change_from_what_is_new(desk: Desk, ada: Member, slots: list[Slot]) -> None:
    booking = booked(desk, slots[0], ada, now=NOON)
    notes = [prepared.content for _, prepared in post(desk, NOON) if isinstance(prepared, messages.Ready)]
    changed(desk, booking.id, slots[1], NOON)
    notes += [prepared.content for _, prepared in post(desk, NOON) if isinstance(prepared, messages.Ready)]
    assert [note.is_change for note in notes if isinstance(note, invitations.InvitationNote)] == [False] * 2 + [
        True
    ] * 2


def test_of_several_changes_only_the_last_is_sent(desk: Desk, ada: Member, tara: Member, slots: list[Slot]) -> None:
    booking = booked(desk, slots[0], ada, now=NOON)
    changed(desk, booking.id, slots[1], NOON)
    sent = files(desk, NOON)
    assert sent.keys() == {ada.id, tara.id}
    assert {event_of(file)["sequence"] for file in sent.values()} == {1}


def test_a_change_that_is_nothing_to_someone_keeps_no_file_from_them(
    desk: Desk, ada: Member, bo: Member, tara: Member, slots: list[Slot]
) -> None:
    booking = booked(desk, slots[0], ada, bo, now=NOON)
    with desk.store.transaction() as records:
        assert records.bookings.leave(booking.id, bo.id)
        invitations.uninvite(records, booking.id, bo.id, NOON)
    sent = files(desk, NOON)
    assert sent.keys() == {ada.id, tara.id}
    assert {event_of(file)["sequence"] for file in sent.values()} == {1}
    assert event_of(sent[tara.id])["summary"] == "Office hours with Ada"


def test_another_place_reaches_the_calendars_of_those_who_have_booked(desk: Desk, ada: Member, tara: Member) -> None:
    wish = as_wish(a_series(tara, ON, time(18), "Europe/London"))
    series, _ = add_series(wish, tara, NOON, desk)
    with desk.store.reading() as records:
        [session] = records.office_hours.sessions_of_series(series.id, NOON)
        slot = records.office_hours.slots_of(session.id)[0]
    booked(desk, slot, ada, now=NOON)
    files(desk, NOON)
    moved_to = replace(wish, place="https://meet.example.org/other")
    assert change(series.id, moved_to, preview(series.id, moved_to, tara, NOON, desk).stamp, tara, NOON, desk)
    got = files(desk, NOON)
    assert {str(event_of(got[reader.id])["location"]) for reader in (ada, tara)} == {"https://meet.example.org/other"}


def test_whoever_never_got_a_file_has_nothing_to_take_back(desk: Desk, ada: Member, slots: list[Slot]) -> None:
    booking = booked(desk, slots[0], ada, now=NOON)
    ended(desk, booking.id, NOON, BookingState.CALLED_OFF)
    assert why_not(desk, NOON) == {"a newer one follows", "there is nothing to take back"}


def test_a_file_that_may_have_arrived_is_taken_back(desk: Desk, ada: Member, tara: Member, slots: list[Slot]) -> None:
    booking = booked(desk, slots[0], ada, now=NOON)
    with desk.store.transaction() as records:
        for letter in records.outbox.claim("w", NOON, 10):
            records.outbox.put_back(letter.id, NOON + timedelta(minutes=5), "no answer")
    ended(desk, booking.id, NOON)
    got = files(desk, NOON)
    assert {str(got[reader.id]["method"]) for reader in (ada, tara)} == {"CANCEL"}


def test_a_ta_whose_hours_go_to_another_is_uninvited_and_comes_back_with_an_undo(
    desk: Desk, ada: Member, tara: Member, tom: Member, slots: list[Slot]
) -> None:
    booking = booked(desk, slots[0], ada, now=NOON)
    files(desk, NOON)
    given(desk, slots[0], booking.id, tara, tom)
    got = files(desk, NOON)
    assert {reader: str(file["method"]) for reader, file in got.items()} == {
        ada.id: "REQUEST",
        tom.id: "REQUEST",
        tara.id: "CANCEL",
    }
    assert event_of(got[ada.id])["summary"] == "Office hours with Tom"
    assert "status" not in event_of(got[tara.id])
    given(desk, slots[0], booking.id, tom, tara)
    back = files(desk, NOON)
    assert {reader: str(file["method"]) for reader, file in back.items()} == {
        ada.id: "REQUEST",
        tara.id: "REQUEST",
        tom.id: "CANCEL",
    }
    assert {event_of(file)["sequence"] for file in back.values()} == {2}


def given(desk: Desk, slot: Slot, booking_id: str, from_ta: Member, to_ta: Member) -> None:
    """Give the hours to another TA."""
    with desk.store.transaction() as records:
        session = records.office_hours.session(slot.session_id)
        assert session is not None
        records.office_hours.change_session(replace(session, ta_id=to_ta.id))
        records.bookings.touch(booking_id)
        invitations.send(records, booking_id, NOON)
        invitations.uninvite(records, booking_id, from_ta.id, NOON)


def test_nothing_is_sent_of_what_is_over_or_to_someone_who_takes_no_part(
    desk: Desk, ada: Member, tara: Member, slots: list[Slot]
) -> None:
    booked(desk, slots[0], ada, now=NOON)
    assert why_not(desk, slots[0].ends_at) == {"it is over"}
    booked(desk, slots[1], ada, now=NOON)
    write(desk, replace(ada, status=Status.PAUSED), replace(tara, left_at=NOON))
    assert why_not(desk, NOON) == {"takes no part at the moment"}


def test_once_a_sequence_however_often_it_is_asked_for(desk: Desk, ada: Member, slots: list[Slot]) -> None:
    booking = booked(desk, slots[0], ada, now=NOON)
    with desk.store.transaction() as records:
        invitations.send(records, booking.id, NOON)
    assert len(post(desk, NOON)) == 2


def test_nobody_is_woken_unless_it_begins_in_the_night(desk: Desk, chen: Member, tara: Member) -> None:
    midnight = datetime(2026, 7, 5, 16, tzinfo=UTC)  # in Singapore
    slot = hours(desk, a_series(tara, ON, time(18), "Europe/London"))[0]
    booked(desk, slot, chen, now=midnight)
    early = hours(desk, a_series(tara, date(2026, 7, 5), time(20), "Europe/London"))[0]
    soon = booked(desk, early, chen, now=midnight)
    with desk.store.transaction() as records:
        letters = records.outbox.claim("w", midnight, 10)
    prepared = {
        letter.data["booking"]: messages.prepare(letter, desk, midnight)
        for letter in letters
        if letter.data["member"] == chen.id
    }
    at_once = prepared.pop(soon.id)
    assert isinstance(at_once, messages.Ready)
    assert read(at_once)["method"] == "REQUEST"
    assert [type(each).__name__ for each in prepared.values()] == ["Later"]


def test_words_that_are_no_text_of_a_calendar_stay_text(desk: Desk, ada: Member, tara: Member) -> None:
    name = 'Ad"a; x:y^n\r\nBEGIN:VALARM\x07é' + "é" * 100
    write(desk, replace(ada, name=name))
    place = "https://meet.example.org/a,b;c\\n?d=e\r\nATTENDEE:mailto:mallory@example.org"
    slot = hours(desk, replace(a_series(tara, ON, time(18), "Europe/London"), place=place))[0]
    booked(desk, slot, ada, now=NOON)
    got = files(desk, NOON)
    clean = 'Ad"a; x:y^n BEGIN:VALARM é' + "é" * 100
    assert event_of(got[tara.id])["summary"] == f"Office hours with {clean}"
    assert event_of(got[ada.id])["attendee"].params["CN"] == clean.replace('"', "'")
    assert event_of(got[ada.id])["location"] == " ".join(place.split())
    assert all(len(event_of(file).subcomponents) == 0 for file in got.values())


def test_there_is_no_file_of_what_does_not_exist(desk: Desk) -> None:
    with pytest.raises(CohortError, match="no booking"), desk.store.transaction() as records:
        invitations.send(records, "bkg_0", NOON)
