"""A talk in a workspace: planned, announced in the channel, signed up for, moved, and its recording sent."""

from tests.e2e.conftest import Programme

TALK = {
    "What": "Talk",
    "Title": "On proofs",
    "Day": "2026-07-02",
    "From": "18:00",
    "For": "60 minutes",
    "Where": "https://meet.example.org/talks",
    "Places": "1",
}


def test_a_talk_from_plan_to_recording(programme: Programme) -> None:
    orla, ada, bo = (programme.person(name) for name in ("orla", "ada", "bo"))
    assert "No sections, talks" in ada.command("/office-hours events").shown
    orla.command("/cohort event")
    orla.press("Add an event")
    orla.fill(TALK | {"Places": "lots"})
    assert "A number up to 2000" in orla.submit().shown
    orla.fill({"Places": "1"})
    assert "Added: Talk: *On proofs*" in orla.submit().shown
    orla.close(all_=True)
    listed = orla.command("/cohort event").shown
    assert "not announced yet; nobody has signed up yet, 1 place left" in listed
    orla.press("Announce")
    orla.wait_for("Announced: *On proofs*")

    card = ada.wait_for("Talk: *On proofs*")
    assert "Ask them in the thread" in card
    ada.press("I'm coming", in_=card.place)
    assert "You have a place" in ada.wait_for("You have a place")
    card = bo.wait_for("1 comes, no places left")
    assert "ada" not in card.shown.casefold()
    bo.command("/office-hours events")
    bo.press("Full: ask for a place")
    bo.wait_for("The one place is taken")
    bo.command("/office-hours events")
    bo.press("Send me the recording")
    bo.wait_for("You get it here once there is one")

    orla.command("/cohort event")
    orla.press("Change")
    orla.fill({"From": "19:00"})
    assert "Changed: *On proofs*" in orla.submit().shown
    orla.close(all_=True)
    assert "you still have your place" in ada.wait_for("This has changed")
    orla.command("/cohort event")
    orla.press("Recording")
    orla.fill({"Link to the recording": "nowhere"})
    assert "That is no link" in orla.submit().shown
    orla.fill({"Link to the recording": "https://video.example.org/1"})
    orla.submit()
    assert "https://video.example.org/1" in bo.wait_for("that you asked for")
