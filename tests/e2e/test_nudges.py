"""Reminders, plans and the brake over a real socket: what arrives, and what each press does."""

from datetime import UTC, date, datetime, timedelta

from cohort.roster import Member, Role
from services.due_soon import remind_due_soon
from services.nudges import nudge_missed
from services.week_plans import plan_week
from tests.conftest import NOON
from tests.e2e.conftest import Programme

# A Wednesday, 14:30 in New York and 19:30 in London: hw3 is due in less than a day.
REMINDED = datetime(2026, 7, 1, 18, 30, tzinfo=UTC)
# A Sunday, 18:00 in New York.
PLANNED = datetime(2026, 7, 5, 22, tzinfo=UTC)


def test_a_reminder_arrives_and_can_be_put_off_to_a_day_of_ones_own(programme: Programme) -> None:
    ada = programme.person("ada")
    remind_due_soon(programme.desk, REMINDED)
    programme.clock.set(REMINDED)
    assert ada.wait_for("Problem set 3", timeout=20)
    ada.press("nudges.remind_on", date(2026, 7, 6))
    assert ada.wait_for("say nothing of it until then", timeout=20)
    assert "hw3" in ada.command("/cohort messages").shown
    ada.press("A week's pause")
    assert ada.wait_for("paused until", timeout=20)


def test_stuck_in_a_plan_brings_help(programme: Programme) -> None:
    ada = programme.person("ada")
    with programme.desk.store.transaction() as records:
        hw4 = records.assignments.get("asg_hw4")
        assert hw4 is not None
        records.connection.execute(
            "UPDATE assignments SET due_at = ? WHERE id = ?", ("2026-07-10T17:00:00.000+00:00", hw4.id)
        )
    # Before the clock is there, so that the running bot writes of nothing else that day.
    plan_week(programme.desk, PLANNED)
    programme.clock.set(PLANNED)
    assert ada.wait_for("here is your week", timeout=20)
    ada.press("Stuck")
    assert ada.wait_for("Good that you say so", timeout=20)
    assert ada.wait_for("you are stuck", timeout=20)
    ada.press("Talk to a TA")
    assert ada.wait_for("A TA will write to you about", timeout=20)


def test_organizers_are_asked_before_a_whole_cohort_is_written_to(programme: Programme) -> None:
    orla, bo = programme.person("orla"), programme.person("bo")
    with programme.desk.store.transaction() as records:
        for number in range(4):
            email = f"student{number}@example.org"
            records.roster.save(Member(f"mem_{number}", email, f"Student {number}", Role.STUDENT, "UTC"))
    after = datetime(2026, 7, 2, 17, 15, tzinfo=UTC)
    assert nudge_missed(programme.desk, after) == 0
    programme.clock.set(after)
    assert orla.wait_for("7 of 7 students have not handed it in", timeout=20)
    form = orla.press("Move it for everyone").view
    assert form is not None
    orla.fill({"New due time": NOON + timedelta(days=4)})
    orla.submit()
    assert bo.wait_for("for everyone. There is nothing you need to do.", timeout=20)
    assert orla.wait_for("Orla moved it for everyone", timeout=20)
