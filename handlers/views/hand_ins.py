"""What a student sees when handing in: the forms, and what is said right after."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from cohort.hand_in_fields import (
    LINK_MOST,
    TEXT_MOST,
    LinkProblem,
    NothingGiven,
    Problem,
    TooLong,
    TooShort,
    lengths,
)
from cohort.hand_ins import FILE, LINK, STRENGTH, SUMMARY, TEXT, WEAKNESS, HandIn, Version, Why, fields_of
from cohort.policy import GradingPolicy
from cohort.roster import Member
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Element,
    Rendered,
    View,
    actions,
    button,
    context,
    cut,
    date,
    escape,
    field_of,
    mention,
    modal,
    name_of,
    option,
    plain_date,
    say,
    section,
    select,
    text_input,
)
from services.chosen_work import ChosenState, ChosenWork
from services.hand_in_forms import Blank, Option
from services.hand_in_partners import Left
from services.hand_ins import Incomplete, NotShared, NotTaken, Received

PART = "part"
PARTNERS, TOOLS, HOURS, KEPT = "partners", "tools", "hours", "kept"
TOOLS_MOST = 300
HOURS_OFFERED = (0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 25, 30, 40, 60)
NAMES = {LINK: "a link", FILE: "a file", TEXT: "a text"}


def pick_form(options: Sequence[Option], zone: ZoneInfo) -> View:
    """Return the first step: which assignment it is."""
    found = [option(_option_words(each, zone), each.assignment.id) for each in options]
    field = field_of("assignment", "What do you hand in?", select("assignment", found))
    return modal("Hand in", [field], callback_id="hand_ins.pick", submit="Next")


def _option_words(each: Option, zone: ZoneInfo) -> str:
    due = f" · due {plain_date(each.due_at, zone)}" if each.due_at else ""
    state = " · handed in" if each.is_handed_in else "" if each.is_chosen else " · optional"
    return f"{cut(each.assignment.title, 74 - len(due) - len(state))}{due}{state}"


def nothing_open() -> Rendered:
    """Return the answer to someone who has nothing to hand in."""
    return say("Nothing is open for you to hand in right now. Enjoy it!")


def work_form(blank: Blank, zone: ZoneInfo) -> View:
    """Return the form for one assignment, with the fields of its kind and what was handed in before."""
    names = fields_of(blank.assignment.kind)
    fields = [_field(name, blank) for name in names]
    blocks = [
        *_opening(blank, zone),
        *_enough(names),
        *fields,
        *_kept(blank),
        *_with_whom(blank),
        _hours(blank),
        _part(blank),
    ]
    return modal("Hand in", blocks, callback_id="hand_ins.work", submit="Hand in", metadata=blank.assignment.id)


def _enough(names: Sequence[str]) -> list[Block]:
    """Return that one way to hand in is enough, where there are several."""
    ways = [NAMES[name] for name in names if name in NAMES]
    return [context(f"One of them is enough: {', '.join(ways[:-1])} or {ways[-1]}.")] if len(ways) > 1 else []


def _opening(blank: Blank, zone: ZoneInfo) -> list[Block]:
    lines = [title_of(blank.assignment) + _due_words(blank, zone)]
    if blank.before is not None:
        lines.append(
            f"You handed it in {date(blank.before.submitted_at, zone)}. What you send now takes the place of that; "
            f"the earlier version stays on record.{_late_words(blank)}"
        )
    let_go = button("Let it go", "hand_ins.let_go", blank.assignment.id) if blank.is_optional else None
    return [section("\n".join(lines), let_go)]


def _due_words(blank: Blank, zone: ZoneInfo) -> str:
    if blank.due_at is None:
        return ", without a due time."
    if not blank.is_late:
        return f", due {date(blank.due_at, zone)}."
    return f" was due {date(blank.due_at, zone)}. It is taken and read all the same, and marked as late."


def _late_words(blank: Blank) -> str:
    is_worse = blank.is_late and blank.before is not None and not blank.before.is_late
    return " That one came on time, and this one would count as late." if is_worse else ""


def _field(name: str, blank: Blank) -> Block:
    was = blank.version.content.get(name, "") if blank.version else ""
    if name == FILE:
        return field_of(FILE, "A file", {"type": "file_input", "action_id": FILE, "max_files": 1}, optional=True)
    if name == LINK:
        element = _filled(text_input(LINK, most=LINK_MOST, hint="https://…"), was)
        hint = "Something the TAs can open: a repository, a document, a notebook."
        return field_of(LINK, "A link", element, optional=True, hint=hint)
    label, hint = _LABELS[name]
    least = lengths(blank.policy).get(name, 0)
    hint = f"{hint} At least {least} characters." if least else hint
    element = _filled(text_input(name, multiline=True, most=TEXT_MOST), was)
    return field_of(name, label, element, optional=True, hint=hint)


_LABELS = {
    TEXT: ("A text", "Your answer itself, or whatever the TAs should know."),
    SUMMARY: ("Summary", "What the paper does and finds, in your own words."),
    STRENGTH: ("A strength", "What convinced you, and why."),
    WEAKNESS: ("A weakness", "What did not, and what would."),
}


def _filled(element: Element, text: str) -> Element:
    return element | ({"initial_value": text} if text else {})


def _kept(blank: Blank) -> list[Block]:
    """Return the field that says whether the file of the version before stays, if it had one."""
    file = blank.version.file if blank.version else None
    if file is None:
        return []
    stays = option(f"{cut(file.name, 50)} stays with it", file.id)
    element: Element = {"type": "checkboxes", "action_id": KEPT, "options": [stays], "initial_options": [stays]}
    return [field_of(KEPT, "The file of before", element, optional=True, hint="A file chosen above takes its place.")]


def _with_whom(blank: Blank) -> list[Block]:
    fields = []
    if blank.policy.partners:
        known = [partner.slack_id for partner in blank.partners if partner.slack_id]
        element: Element = {
            "type": "multi_users_select",
            "action_id": PARTNERS,
            "max_selected_items": blank.policy.partners + 1,
        }
        element |= {"initial_users": known} if known else {}
        hint = "They share it with you: one submission, one grade, the latest of your due times. They are told."
        fields.append(field_of(PARTNERS, "Worked with", element, optional=True, hint=hint))
    tools = _filled(text_input(TOOLS, most=TOOLS_MOST), blank.before.tools if blank.before else "")
    hint = "Tools, or people outside the course. Saying so is good practice and never held against you."
    return [*fields, field_of(TOOLS, "With the help of", tools, optional=True, hint=hint)]


def _hours(blank: Blank) -> Block:
    options = [option(_hours_words(hours), f"{hours:g}") for hours in HOURS_OFFERED]
    was = blank.before.hours if blank.before else None
    chosen = f"{was:g}" if was is not None else None
    hint = "If you like: it makes the estimates better for everyone."
    return field_of(HOURS, "How long did it take?", select(HOURS, options, chosen), optional=True, hint=hint)


def _hours_words(hours: float) -> str:
    if hours < 1:
        return "half an hour"
    return "1 hour" if hours == 1 else f"{hours:g} hours"


def _part(blank: Blank) -> Block:
    only = option("This is what I have so far; the rest follows", PART)
    element: Element = {"type": "checkboxes", "action_id": PART, "options": [only]}
    element |= {"initial_options": [only]} if blank.is_part else {}
    hint = "You get feedback and a date for the rest. A part is never counted as a fail."
    return field_of(PART, "A part of it?", element, optional=True, hint=hint)


def received(answer: Received, grading: GradingPolicy, zone: ZoneInfo) -> Rendered:
    """Return what a student reads right after handing in: what came, when, for which due time, what happens next."""
    hand_in, title = answer.hand_in, title_of(answer.assignment)
    as_what = ", as a part" if hand_in.is_part else ""
    lines = [
        f":inbox_tray: Received {date(hand_in.submitted_at, zone)}: {title}{as_what}, with {contents(answer.version)}."
    ]
    if answer.replaced is not None:
        lines.append(
            f"It takes the place of what you handed in {date(answer.replaced.submitted_at, zone)}, "
            "which stays on record."
        )
    if answer.is_taken_back:
        lines.append("You had left it out before; it counts again now.")
    lines += [_for_which_due(hand_in, zone), _together(answer.partners), _next(answer, grading, zone)]
    return say("\n".join(line for line in lines if line))


def contents(version: Version) -> str:
    """Return in words what a version holds, safe to put into mrkdwn."""
    parts = [NAMES.get(name, f"a {name}") for name in version.content]
    if version.file is not None:
        parts.append(f"the file {escape(version.file.name)}")
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _for_which_due(hand_in: HandIn, zone: ZoneInfo) -> str:
    if hand_in.due_at is None:
        return "It has no due time."
    if hand_in.is_late:
        return f"It was due {date(hand_in.due_at, zone)}, so it is marked as late; it is read all the same."
    return f"It is due {date(hand_in.due_at, zone)}: on time."


def _together(partners: Sequence[Member]) -> str:
    if not partners:
        return ""
    names = [mention(partner) for partner in partners]
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"Together with {listed}: you share it, its grade and its due time, and they are told."


def _next(answer: Received, grading: GradingPolicy, zone: ZoneInfo) -> str:
    by = date(answer.hand_in.grade_by_at, zone)
    slug = escape(answer.assignment.slug)
    again = f"Until a TA begins to read it, `/submit {slug}` replaces it."
    if answer.hand_in.is_part:
        return f"A TA reads it by {by}. You get feedback and a date for the rest; a part is never a fail. {again}"
    if answer.assignment.kind in grading.held:
        return f"It is graded by {by}, and everyone is told when all of it is graded. {again}"
    return f"It is graded by {by}, and you hear from me then. {again}"


def not_taken(answer: NotTaken, zone: ZoneInfo) -> Rendered:
    """Return why something is not taken, and the way out."""
    text = refusal(answer, zone)
    if answer.why is Why.NOT_CHOSEN:
        return say(text, actions(button("Take it on", "hand_ins.choose", answer.assignment.id, "primary")))
    if answer.why is Why.LATE:
        return say(text, actions(button("More time", "extensions.form", answer.assignment.id, "primary")))
    return say(text)


def refusal(answer: NotTaken, zone: ZoneInfo) -> str:
    """Return the sentence of why something is not taken."""
    title, slug = title_of(answer.assignment), escape(answer.assignment.slug)
    match answer.why:
        case Why.NOT_OPEN:
            opens = f" It opens {plain_date(answer.assignment.opens_at, zone)}." if answer.assignment.opens_at else ""
            return f"{title} is not open yet, so nothing was handed in.{opens}"
        case Why.CLOSED:
            last = plain_date(answer.assignment.hard_due_at, zone)
            return (
                f"The last moment to hand in {title} was {last}, so nothing can be taken any more. "
                "Please write to an organizer: they can look at your whole programme with you."
            )
        case Why.LATE:
            was = f" It was due {plain_date(answer.due_at, zone)}." if answer.due_at else ""
            return (
                f"{title} is not taken after its due time in this programme, so nothing was handed in.{was} "
                f"Ask for more time first: `/extension {slug} 2d`. Most short requests are granted at once."
            )
        case Why.CLAIMED:
            who = name_of(answer.by) if answer.by else "A TA"
            return (
                f"{who} has begun to read what you handed in for {title}, so it can't be replaced now and nothing "
                "was changed. If something important is missing, write to them."
            )
        case _:
            return _REFUSALS[answer.why].format(title=title)


_REFUSALS = {
    Why.CANCELLED: "{title} was cancelled, so there is nothing to hand in.",
    Why.NOT_HANDED_IN: "There is nothing to hand in for {title}.",
    Why.EXCUSED: "You are excused from {title}, so there is nothing to hand in.",
    Why.PASSED: "You have passed {title} already: nothing more is needed. Well done!",
    Why.NOT_CHOSEN: "{title} is optional, and you haven't taken it on. With one press it is yours; you can let it go "
    "again whenever you like. Then hand it in.",
    Why.HELD: "What you handed in for {title} has been read, and you will hear about it soon. Until then it can't be "
    "replaced, so nothing was changed.",
}


def not_shared(answer: NotShared) -> str:
    """Return why something can't be handed in with those who were named, without telling of them what is theirs."""
    if not answer.names:
        most = "1 other student" if answer.at_most == 1 else f"{answer.at_most} other students"
        return (
            f"At most {most} can share it with you." if answer.at_most else "Nobody can share work in this programme."
        )
    names = ", ".join(escape(name) for name in answer.names)
    return (
        f"It can't be shared with {names}: only with a student who takes part, has it still to do, and did not hand "
        "in on their own. Leave the name out here, and say in the text that you worked together."
    )


def problem_words(problem: Problem) -> str:
    """Return what to read at a field with which something is wrong; plain text."""
    match problem:
        case LinkProblem():
            return _LINKS[problem]
        case TooShort(at_least, has):
            return f"At least {at_least} characters, please; so far there are {has}."
        case TooLong(at_most):
            return f"At most {at_most} characters fit here. A longer text can be a file or a link."
        case NothingGiven():
            return "There is nothing here yet. Fill in at least one of the fields for it."


_LINKS = {
    LinkProblem.NO_SCHEME: "A link starts with https:// or http://.",
    LinkProblem.NO_HOST: "That link leads nowhere. It looks like https://github.com/you/work.",
    LinkProblem.SPACES: "A link has no spaces; give one link here, and more of them in the text.",
    LinkProblem.TOO_LONG: f"A link has at most {LINK_MOST} characters.",
    LinkProblem.CREDENTIALS: "That link holds a password. Take the part before the @ out of it.",
}


def at_fields(answer: Incomplete) -> Mapping[str, str]:
    """Return what to show at each field of the form."""
    return {name: problem_words(problem) for name, problem in answer.problems.items()}


def chosen(choice: ChosenWork, zone: ZoneInfo) -> Rendered:
    """Return what a student reads after taking optional work on, or letting it go."""
    title, assignment_id = title_of(choice.assignment), choice.assignment.id
    match choice.state:
        case ChosenState.TAKEN_ON:
            due = f" It is due {date(choice.due_at, zone)}." if choice.due_at else ""
            text = f":seedling: {title} is yours now: it counts, and I remind you of it.{due}"
            hand_in = button("Hand it in", "hand_ins.form", assignment_id)
            return say(text, actions(hand_in, button("Let it go", "hand_ins.let_go", assignment_id)))
        case ChosenState.LET_GO:
            text = f"{title} is let go: it does not count, and I don't remind you of it. You can take it on again."
            return say(text, actions(button("Take it on", "hand_ins.choose", assignment_id)))
        case ChosenState.REQUIRED:
            return say(f"{title} is required, so there is nothing to choose.")
        case ChosenState.CLOSED:
            return say(f"Nothing can be handed in for {title} any more, so it can't be taken on.")


def left(answer: Left) -> Rendered:
    """Return what a student reads after saying that they had no part in something."""
    title = title_of(answer.assignment)
    if answer.is_out:
        slug = escape(answer.assignment.slug)
        return say(f"Done: what was handed in for {title} is not yours any more. `/submit {slug}` hands in your own.")
    return say(
        f"A TA has begun to read what was handed in for {title}, so it can't be changed here. "
        "Please write to an organizer, who can set it right."
    )


def one_line_example(slug: str) -> str:
    """Return a line that hands an assignment in."""
    return f"/submit {slug} https://github.com/you/{slug}"
