"""Where office hours are offered: to who is stuck, has not passed, or has used up what is granted without asking."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from cohort.asking import Question
from cohort.assignments import Assignment
from cohort.extensions import Granted, Origin
from cohort.grading import Grade, Verdict
from cohort.nudge_words import NudgeWords
from cohort.policy import Policy
from cohort.roster import Member
from cohort.week_plans import Progress
from handlers.views import asking, extensions, grading_messages, reminders
from handlers.views.blocks import Rendered
from services.asking import Asked
from services.extensions import Answered
from services.grading_messages import GradedNote
from services.week_plans import ProgressSaid
from tests.conftest import NOON


def offered(rendered: Rendered) -> list[str]:
    """Return about which assignments office hours are offered."""
    elements: Iterator[dict[str, str]] = (each for block in rendered.blocks for each in block.get("elements", []))
    return [each.get("value", "") for each in elements if each.get("action_id") == "bookings.open"]


def a_grade(verdict: Verdict) -> Grade:
    return Grade("grd_0", "hin_0", 1, "mem_tara", verdict, "Look at step 2", NOON)


@pytest.mark.parametrize(
    ("verdict", "about"), [(Verdict.NOT_YET, ["asg_hw3"]), (Verdict.PART, ["asg_hw3"]), (Verdict.PASSED, [])]
)
def test_after_a_grade_that_is_no_pass(
    ada: Member, tara: Member, hw3: Assignment, verdict: Verdict, about: list[str]
) -> None:
    note = GradedNote(ada, hw3, a_grade(verdict), tara, None)
    assert offered(grading_messages.graded_note(note, ada.tz)) == about


def test_under_stuck_and_not_under_started(ada: Member, hw3: Assignment) -> None:
    said = ProgressSaid(ada, hw3, Progress.STUCK, NudgeWords())
    assert offered(reminders.progress_said(said)) == [hw3.id]
    assert offered(reminders.progress_said(replace(said, progress=Progress.STARTED))) == []


@pytest.mark.parametrize("is_about", [True, False])
def test_where_an_answer_did_not_help(ada: Member, tara: Member, hw3: Assignment, is_about: bool) -> None:
    question = Question("qst_0", ada.id, hw3.id if is_about else None, "Why?", NOON)
    about = Asked(question, ada, hw3 if is_about else None, tara)
    assert offered(asking.still_stuck(about)) == [hw3.id if is_about else ""]


def test_with_the_talk_about_a_plan(ada: Member, hw3: Assignment, policy: Policy) -> None:
    granted = Answered(hw3, Granted(NOON, Origin.POLICY, offers_talk=True), "req_0")
    assert offered(extensions.answer(granted, ada.tz, policy.extensions)) == [hw3.id]
    usual = replace(granted, outcome=Granted(NOON, Origin.POLICY))
    assert offered(extensions.answer(usual, ada.tz, policy.extensions)) == []
