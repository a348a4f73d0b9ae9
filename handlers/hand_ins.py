"""`/submit`: handing in, in one line or with a form; taking optional work on, and letting it go."""

from collections.abc import Mapping
from typing import Any

from cohort.errors import NotFound, Unclear
from cohort.hand_in_fields import link_problem
from cohort.hand_ins import ALL_OF, FILE, LINK, TEXT, File, HandInWork, fields_of
from handlers.answers import Answer, Ask, FieldErrors, OpenModal, Say
from handlers.extensions import read_choice, read_element, read_text
from handlers.reading import read_link
from handlers.views import hand_ins as views
from handlers.views.blocks import say, unmarked
from services.chosen_work import choose, let_go
from services.desk import Desk
from services.hand_in_forms import Blank, blank, options
from services.hand_in_partners import leave
from services.hand_ins import Declined, Incomplete, NotShared, NotTaken, Received, consider, submit

EXAMPLE = "/submit hw3 https://github.com/you/hw3"
NAMED_MOST = 50
State = Mapping[str, Mapping[str, Any]]


def command(ask: Ask, desk: Desk) -> Answer:
    """`/submit`, `/submit hw3` and `/submit hw3 https://…`."""
    name, link = read_link(ask.text)
    if not name and not link:
        return pick(ask, desk)
    if not name:
        raise Unclear("I see a link, but not for which assignment.", EXAMPLE)
    if not link:
        return _form_for_line(ask, desk, name)
    return _in_one_line(ask, desk, name, link)


def pick(ask: Ask, desk: Desk) -> Answer:
    """Open the form to choose what to hand in; straight the form for it where there is only one thing."""
    offered = options(ask.member, ask.now, desk)
    if not offered:
        return Say(views.nothing_open())
    if len(offered) == 1:
        return _form(ask, desk, offered[0].assignment.id)
    return OpenModal(views.pick_form(offered, ask.member.tz))


def picked(ask: Ask, desk: Desk) -> Answer:
    """Go on to the form for the assignment that was chosen."""
    assignment_id = read_choice(ask.state, "assignment")
    if not assignment_id:
        return FieldErrors({"assignment": "Choose what you would like to hand in."})
    return _form(ask, desk, assignment_id)


def form_for(ask: Ask, desk: Desk) -> Answer:
    """Open the form for the assignment whose button was pressed."""
    return _form(ask, desk, ask.value)


def part_for(ask: Ask, desk: Desk) -> Answer:
    """Open the form for what there is so far, from a button under a reminder."""
    return _shown(ask, blank(ask.value, ask.member, ask.now, desk, is_part=True))


def _form(ask: Ask, desk: Desk, name: str) -> Answer:
    return _shown(ask, blank(name, ask.member, ask.now, desk))


def _shown(ask: Ask, found: Blank | NotTaken) -> Answer:
    if isinstance(found, NotTaken):
        return Say(views.not_taken(found, ask.member.tz))
    return OpenModal(views.work_form(found, ask.member.tz))


def _form_for_line(ask: Ask, desk: Desk, name: str) -> Answer:
    """Open the form for what was typed; where only its first word is an assignment, the rest was to be a link."""
    try:
        return _form(ask, desk, name)
    except NotFound as unknown:
        first, _, rest = name.partition(" ")
        if rest and first.casefold() in unknown.closest:
            raise Unclear(f"I can't read “{rest[:40]}” as a link.", views.one_line_example(first)) from None
        raise


def _in_one_line(ask: Ask, desk: Desk, name: str, link: str) -> Answer:
    """Hand a link in; where the work asks for more than that, open its form."""
    problem = link_problem(link)
    if problem is not None:
        raise Unclear(views.problem_words(problem), EXAMPLE)
    found = blank(name, ask.member, ask.now, desk)
    if isinstance(found, Blank) and LINK not in fields_of(found.assignment.kind):
        return OpenModal(views.work_form(found, ask.member.tz))
    outcome = submit(HandInWork(name, {LINK: link}), ask.member, ask.now, desk)
    if isinstance(outcome, Received):
        return Say(views.received(outcome, desk.policy.grading, ask.member.tz))
    return _declined_in_words(ask, outcome)


def _declined_in_words(ask: Ask, outcome: Declined) -> Answer:
    match outcome:
        case NotTaken():
            return Say(views.not_taken(outcome, ask.member.tz))
        case NotShared():
            return Say(say(views.not_shared(outcome)))
        case Incomplete():
            return Say(say(" ".join(views.at_fields(outcome).values())))


def work(ask: Ask, desk: Desk) -> Answer:
    """Take the form in, or keep it open with all that was typed and say at the field what is wrong."""
    filled = _read_form(ask.metadata, ask.state)
    outcome = consider(filled, ask.member, ask.now, desk)
    if outcome is not None:
        return _declined_at_fields(ask, outcome) if ask.state else _declined_in_words(ask, outcome)
    taken = submit(filled, ask.member, ask.now, desk)
    if isinstance(taken, Received):
        return Say(views.received(taken, desk.policy.grading, ask.member.tz))
    return _declined_in_words(ask, taken)


def _declined_at_fields(ask: Ask, outcome: Declined) -> Answer:
    first = next((name for name in (LINK, *ALL_OF) if name in ask.state), next(iter(ask.state)))
    match outcome:
        case Incomplete():
            known = {name: told for name, told in views.at_fields(outcome).items() if name in ask.state}
            return FieldErrors(known or {first: "Something is missing here. Please open the form again."})
        case NotShared():
            at = views.PARTNERS if views.PARTNERS in ask.state else first
            return FieldErrors({at: unmarked(views.not_shared(outcome))})
        case NotTaken():
            return FieldErrors({first: unmarked(views.refusal(outcome, ask.member.tz))})


def take_on(ask: Ask, desk: Desk) -> Answer:
    """Take optional work on."""
    return Say(views.chosen(choose(ask.value, ask.member, ask.now, desk), ask.member.tz))


def drop_optional(ask: Ask, desk: Desk) -> Answer:
    """Let optional work go."""
    return Say(views.chosen(let_go(ask.value, ask.member, ask.now, desk), ask.member.tz))


def had_no_part(ask: Ask, desk: Desk) -> Answer:
    """Say that one had no part in what somebody else handed in."""
    return Say(views.left(leave(ask.value, ask.member, ask.now, desk)))


def _read_form(assignment_id: str, state: State) -> HandInWork:
    texts = {name: text for name in (LINK, TEXT, *ALL_OF) if (text := read_text(state, name))}
    return HandInWork(
        assignment_id=assignment_id,
        content=texts,
        file=_file(state),
        kept_file=_ticked(state, views.KEPT),
        partners=_people(state),
        tools=read_text(state, views.TOOLS)[: views.TOOLS_MOST],
        hours=_hours(state),
        is_part=bool(_ticked(state, views.PART)),
    )


def _file(state: State) -> File | None:
    """Return the file that was chosen, as Slack knows it."""
    files = read_element(state, FILE).get("files")
    first = files[0] if isinstance(files, list) and files else None
    if not isinstance(first, Mapping):
        return None
    file_id, name = first.get("id"), first.get("name")
    if not isinstance(file_id, str) or not file_id.isalnum() or len(file_id) > 30:
        return None
    return File(file_id, name[:200] if isinstance(name, str) and name else "file")


def _people(state: State) -> tuple[str, ...]:
    chosen = read_element(state, views.PARTNERS).get("selected_users")
    found = chosen if isinstance(chosen, list) else []
    return tuple(each for each in found[:NAMED_MOST] if isinstance(each, str))


def _ticked(state: State, block: str) -> str:
    """Return the value of the box that is ticked; empty where none is."""
    options = read_element(state, block).get("selected_options")
    first = options[0] if isinstance(options, list) and options else None
    value = first.get("value") if isinstance(first, Mapping) else None
    return value if isinstance(value, str) else ""


def _hours(state: State) -> float | None:
    """Return how long it took, if one of the times that are offered was chosen."""
    offered = {f"{hours:g}": float(hours) for hours in views.HOURS_OFFERED}
    return offered.get(read_choice(state, views.HOURS))


PRESSES = {
    "hand_ins.form": form_for,
    "hand_ins.part": part_for,
    "hand_ins.choose": take_on,
    "hand_ins.let_go": drop_optional,
    "hand_ins.leave": had_no_part,
}
SUBMISSIONS = {"hand_ins.pick": picked, "hand_ins.work": work}
