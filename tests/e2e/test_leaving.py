"""Leaving and words of distress in a workspace: kind questions, a way back, and a person at once, even at night."""

from datetime import UTC, datetime, timedelta

from cohort.roster import Status
from services.leavings import take_effect
from tests.conftest import NOON
from tests.e2e.conftest import Programme

# Two in the night in London, where Orla sleeps.
NIGHT = datetime(2026, 7, 2, 1, tzinfo=UTC)


def status_of(programme: Programme, name: str) -> Status:
    with programme.desk.store.reading() as records:
        member = records.roster.by_email(f"{name}@example.org")
    assert member is not None
    return member.status


def test_a_student_leaves_changes_their_mind_and_leaves_after_all(programme: Programme) -> None:
    ada = programme.person("ada")
    for turn in range(2):
        form = ada.command("/cohort leave").view
        assert form is not None
        ada.fill({"reasons": ["time", "money"], "helps": ["pause"], "words": "it is a bit much"})
        assert "Leaving takes effect" in ada.submit().shown
        assert status_of(programme, "ada") is Status.PAUSED
        assert "Leaving takes effect" in ada.command("/cohort leave").shown
        if turn == 0:
            assert "everything is as it was" in ada.press("I'd like to stay", patience=8.0).shown
            assert status_of(programme, "ada") is Status.ACTIVE
    assert take_effect(programme.desk, NOON + timedelta(days=4)) == 1
    assert status_of(programme, "ada") is Status.WITHDRAWN
    assert "Only students can do that" in programme.person("tara").command("/cohort leave").shown


def test_words_of_distress_bring_a_person_at_night(programme: Programme) -> None:
    ada, orla = programme.person("ada"), programme.person("orla")
    programme.clock.set(NIGHT)
    ada.write("I can't sleep. I don't want to live anymore")
    assert ada.wait_for("what you wrote sounds heavy", timeout=20)
    called = orla.wait_for("wrote words that sound like distress", timeout=20)
    assert "want to live" not in called
    ada.write("when is hw3 due?")
    assert ada.wait_for("who is there for you", timeout=20)
    orla.press("Let the bot write again")
    assert orla.wait_for("gets the bot's messages again", timeout=20)
