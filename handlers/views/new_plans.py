"""A new plan as people see it: the form with the load of each week, the proposal, and what the student said."""

import json
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from cohort.new_plans import LoadChange, PlanState, WeekLoad
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Rendered,
    Renderers,
    View,
    actions,
    button,
    context,
    cut,
    date,
    field_of,
    mention,
    modal,
    name_of,
    option,
    plain_date,
    say,
    section,
    select,
)
from services.new_plans import DROP, Choice, PlanAnswered, PlanForm, PlanShown

ITEM = "item:"
KEEP = "as_it_is"
WEEKS_MOST = 12


def plan_form(form: PlanForm) -> View:
    """Return the form: one choice for each piece of open work, and the load of each week as it is."""
    tz = form.student.tz
    if not form.choices:
        words = f"{name_of(form.student)} has nothing open that could be put off."
        return modal("A new plan", [section(words)])
    blocks = [section(f"What could be lighter for {name_of(form.student)}? Nothing changes before they accept.")]
    blocks += [_choice(choice, tz) for choice in form.choices]
    blocks.append(context(f"The weeks as they are\n{_load(form.weeks)}"))
    return modal("A new plan", blocks, callback_id="new_plans.show", submit="See the weeks", metadata=form.student.id)


def _choice(choice: Choice, tz: ZoneInfo) -> Block:
    options = [option("As it is", KEEP)]
    options += [option(f"{days} days more: {plain_date(at, tz)}", str(days)) for days, at in choice.untils]
    if choice.can_drop:
        options.append(option("Leave it out", DROP))
    block = f"{ITEM}{choice.assignment.id}"
    label = cut(f"{choice.assignment.slug}, due {plain_date(choice.due_at, tz)}", 150)
    return field_of(block, label, select(block, options, KEEP), optional=True)


def preview(shown: PlanShown, chosen: Mapping[str, str]) -> View:
    """Return the plan with the load of each week before and after, to be sent."""
    blocks = [section(_items(shown)), section(f"*The weeks*\n{_load(shown.weeks)}")]
    blocks.append(context(f"{name_of(shown.student)} reads this and accepts or declines it with one press."))
    metadata = json.dumps({"student": shown.student.id, "chosen": dict(chosen)})
    return modal("A new plan", blocks, callback_id="new_plans.send", submit="Send it", metadata=metadata)


def proposal(shown: PlanShown, zone: ZoneInfo) -> Rendered:
    """Return the plan for the student, as it stands now."""
    del zone
    opening = (
        f"Hi {name_of(shown.student)}, {name_of(shown.by)} suggests a lighter plan. Nothing changes unless you accept."
    )
    blocks = [section(opening), section(_items(shown)), context(f"Your weeks\n{_load(shown.weeks)}")]
    if shown.plan.state is PlanState.PROPOSED:
        accept = button("Accept this plan", "new_plans.accept", shown.plan.id, "primary")
        blocks.append(actions(accept, button("It doesn't fit", "new_plans.decline", shown.plan.id)))
    else:
        blocks = [section(_state(shown)), section(_items(shown))]
    return Rendered("A lighter plan for you", blocks)


def _items(shown: PlanShown) -> str:
    tz = shown.student.tz
    lines = []
    for assignment, due_at, until_at in shown.items:
        # Once it is accepted, the due time as it was is no more.
        before = "" if shown.plan.state is PlanState.ACCEPTED else f" instead of {date(due_at, tz)}"
        now_due = f"due {date(until_at, tz)}{before}" if until_at else "left out"
        lines.append(f"• {title_of(assignment)}: {now_due}")
    return cut("\n".join(lines), 2900)


def _load(weeks: Sequence[LoadChange]) -> str:
    return cut("\n".join(_week(week) for week in weeks[:WEEKS_MOST]) or "nothing is due", 2900)


def _week(week: LoadChange) -> str:
    named = f"Week of {week.before.week_on.day} {week.before.week_on:%b}"
    if week.before == week.after:
        return f"{named}: {_of(week.before)}"
    return f"{named}: {_of(week.before)} → *{_of(week.after)}*"


def _of(load: WeekLoad) -> str:
    if not load.things:
        return "nothing due"
    things = "1 piece of work" if load.things == 1 else f"{load.things} pieces of work"
    return f"{things}, about {load.hours:g} h" if load.hours else things


def _state(shown: PlanShown) -> str:
    match shown.plan.state:
        case PlanState.ACCEPTED if not shown.is_new:
            return "You accepted this plan before, and it holds. `/extension` or a word with a TA changes it."
        case PlanState.DECLINED if not shown.is_new:
            return f"You said before that this plan doesn't fit. {name_of(shown.by)} knows, and will write to you."
        case PlanState.ACCEPTED:
            return ":white_check_mark: This is your plan now."
        case PlanState.DECLINED:
            return f"Noted: this plan doesn't fit. {name_of(shown.by)} knows, and will write to you."
        case PlanState.REPLACED:
            return "There is a newer plan for you; this one is void."
        case PlanState.PROPOSED:
            return ""


def proposed(shown: PlanShown) -> Rendered:
    """Return what somebody reads who has sent a plan."""
    return say(f":white_check_mark: {name_of(shown.student)} gets the plan now, and you will hear what they say.")


def answered(shown: PlanShown) -> Rendered:
    """Return what the student reads right after answering."""
    return say(_state(shown))


def told(note: PlanAnswered, zone: ZoneInfo) -> Rendered:
    """Return what the student said, for whoever proposed the plan."""
    del zone
    if note.plan.state is PlanState.ACCEPTED:
        return say(f":white_check_mark: {mention(note.student)} accepted your plan; the new times hold.")
    return say(f"{mention(note.student)} says that the plan doesn't fit. A few words with them help more than another.")


RENDERERS: Renderers = {PlanShown: proposal, PlanAnswered: told}
