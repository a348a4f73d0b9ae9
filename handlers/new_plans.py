"""Making a new plan from a follow-up's card, and the student's answer to it."""

import json
from typing import Final

from cohort.errors import ReasonNeeded
from cohort.new_plans import PlanState
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.extensions import read_choice
from handlers.form_fields import unread
from handlers.views import new_plans as views
from services import new_plans
from services.desk import Desk

EXAMPLE: Final = "/cohort follow-ups"


def open_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form with the student's open work; the button's value is the student's id."""
    return OpenModal(views.plan_form(new_plans.form(ask.value, ask.member, ask.now, desk)))


def show(ask: Ask, desk: Desk) -> Answer:
    """Show what the choices make of each week, to be sent with one more press."""
    chosen = {}
    for block in ask.state:
        if block.startswith(views.ITEM):
            what = read_choice(ask.state, block) or views.KEEP
            chosen[block.removeprefix(views.ITEM)] = "" if what == views.KEEP else what
    try:
        shown = new_plans.preview(ask.metadata, chosen, ask.member, ask.now, desk)
    except ReasonNeeded:
        first = next(iter(ask.state), views.ITEM)
        return FieldErrors({first: "Choose a change for at least one piece of work."})
    return OpenModal(views.preview(shown, {of: what for of, what in chosen.items() if what}))


def send(ask: Ask, desk: Desk) -> Answer:
    """Propose the plan that was shown. Raises Unclear for what no form of ours sends."""
    new_plans.to_propose(ask.member, ask.now)
    try:
        held = json.loads(ask.metadata)
        student_id, chosen = str(held["student"]), {str(k): str(v) for k, v in held["chosen"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise unread(EXAMPLE) from None
    return Say(views.proposed(new_plans.propose(student_id, chosen, ask.member, ask.now, desk)))


def accept(ask: Ask, desk: Desk) -> Answer:
    """Accept a plan."""
    shown = new_plans.answer(ask.value, ask.member, ask.now, desk, state=PlanState.ACCEPTED)
    return Say(views.answered(shown))


def decline(ask: Ask, desk: Desk) -> Answer:
    """Say that a plan does not fit."""
    shown = new_plans.answer(ask.value, ask.member, ask.now, desk, state=PlanState.DECLINED)
    return Say(views.answered(shown))


PRESSES: dict[str, Listener] = {
    "new_plans.form": open_form,
    "new_plans.accept": accept,
    "new_plans.decline": decline,
}
SUBMISSIONS: dict[str, Listener] = {"new_plans.show": show, "new_plans.send": send}
