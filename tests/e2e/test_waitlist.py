"""Waiting for a slot in a workspace: joined with one press, offered, declined, taken."""

from datetime import timedelta

from cohort.roster import Member
from services.waitlist_offers import pass_on
from tests.conftest import NOON
from tests.e2e.conftest import Programme
from tests.services.booking_world import DAY, booked, hours, standing


def member(programme: Programme, name: str) -> Member:
    with programme.desk.store.reading() as records:
        found = records.roster.by_email(f"{name}@example.org")
    assert found is not None
    return found


def test_a_slot_that_becomes_free_comes_to_whoever_waits_and_then_to_the_next(
    programme: Programme, tara: Member
) -> None:
    ada, bo, chen = (programme.person(name) for name in ("ada", "bo", "chen"))
    # Noon of 3 July in London, so that even in Singapore there is time to answer in waking hours.
    [slot] = hours(programme.desk, tara, NOON + 2 * DAY, 1)
    booked(programme.desk, member(programme, "ada"), slot)
    assert "Nothing like that" not in bo.command("/office-hours").shown
    form = bo.press("Waiting list").view
    assert form is not None
    bo.fill({"What would you like to wait for?": "Fri 3 Jul 13:00 BST, with Tara"})
    assert "Nobody has waited for it longer" in bo.submit().shown
    assert (
        "One student has waited longer" in chen.press({"action_id": "waitlist.join", "value": f"slot:{slot.id}"}).shown
    )
    assert "*Waiting* for" in bo.command("/office-hours mine").shown
    ada.command("/office-hours mine")
    ada.press("Give up this slot")
    offer = bo.wait_for("I keep it for you until")
    assert "with @Tara" in offer
    assert "goes to the next in line" in bo.press("No, thanks", in_=offer.place).shown
    assert bo.wait_for("go on to the next")
    offer = chen.wait_for("I keep it for you until")
    assert "Booked: " in chen.press("Take it", in_=offer.place).shown
    assert standing(programme.desk, [slot]) == [member(programme, "chen").id]
    assert "go on to the next" not in chen.wait_for("You took the slot")


def test_who_comes_too_late_is_told_and_loses_nothing(programme: Programme, tara: Member) -> None:
    ada, bo = programme.person("ada"), programme.person("bo")
    [slot] = hours(programme.desk, tara, NOON + 2 * DAY, 1)
    booked(programme.desk, member(programme, "ada"), slot)
    assert "You are on the waiting list" in bo.press({"action_id": "waitlist.join", "value": "day:2026-07-03:"}).shown
    ada.command("/office-hours mine")
    ada.press("Give up this slot")
    offer = bo.wait_for("I keep it for you until")
    programme.clock.set(NOON + timedelta(hours=3))
    told = bo.press("Take it", in_=offer.place).shown
    assert "has gone on to the next. Nothing was booked or lost." in told
    # By this or by the running bot, which wakes its jobs when its clock is set: once, as the state below shows.
    pass_on(programme.desk, programme.clock.now())
    assert bo.wait_for("It counts for nothing")
    with programme.desk.store.reading() as records:
        [(wait_id,)] = records.connection.execute("SELECT id FROM waits WHERE state = 'lapsed'").fetchall()
    assert "still on the waiting list" in bo.press({"action_id": "waitlist.take", "value": wait_id}).shown
    assert standing(programme.desk, [slot]) == [None]
