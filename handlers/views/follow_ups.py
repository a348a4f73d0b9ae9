"""Follow-ups as people see them: the owner's card, lists, forms, and the first word to the student."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.follow_ups import FollowUp, NoteKind, Origin, Outcome
from cohort.levels import Level
from cohort.nudge_limits import NudgeKind
from cohort.roster import Member
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Element,
    Rendered,
    Renderers,
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
    say,
    section,
    select,
    text_input,
)
from handlers.views.distress import end_button
from services.follow_up_cards import Acted
from services.follow_up_messages import FollowUpCard, Introduced, Line, Overdue, Tried, reasons_of
from services.follow_ups import CaseList, Listed, Which

WORDS, TO, OUTCOME = "words", "to", "outcome"
WORDS_MOST, SHOWN_MOST, LISTED_MOST = 2000, 6, 20
LEVELS = {
    Level.ON_TRACK: ":large_green_circle: on track",
    Level.SLIPPING: ":large_yellow_circle: slipping",
    Level.AT_RISK: ":large_orange_circle: at risk",
    Level.CRITICAL: ":red_circle: critical",
}
ORIGINS = {
    Origin.LADDER: "falls behind",
    Origin.SILENCE: "hasn't answered",
    Origin.CHECK_IN: "answered a check-in",
    Origin.TALK: "would like to talk",
    Origin.STAFF: "should be followed up",
    Origin.DISTRESS: "may be in distress: please write now",
    Origin.LEAVING: "wants to leave",
}
OUTCOMES = {
    Outcome.BACK_ON_TRACK: "Back on track",
    Outcome.NEW_PLAN: "A new plan",
    Outcome.PAUSED: "Takes a pause",
    Outcome.WANTS_TO_LEAVE: "Wants to leave",
    Outcome.COULD_NOT_REACH: "Could not be reached",
    Outcome.NO_NEED: "No need",
}
KINDS = {
    NudgeKind.MISSED: "about missed work, with an offer",
    NudgeKind.DUE_SOON: "a reminder",
    NudgeKind.PLAN: "the plan of the week",
    NudgeKind.HELP: "one step, or help to accept",
    NudgeKind.CHECK_IN: "the weekly check-in",
}
TITLES = {
    Which.MINE: "Your follow-ups",
    Which.UNOWNED: "Follow-ups that nobody has",
    Which.OVERDUE: "Overdue follow-ups",
    Which.ALL: "All open follow-ups",
}


def card(found: FollowUpCard, zone: ZoneInfo) -> Rendered:
    """Return the one card of a case: why, what was tried, the student's week, and what can be done."""
    case = found.case
    if case.closed_at is not None:
        return _over(found, zone)
    blocks = [section(f"{mention(found.student)} {ORIGINS[case.origin]}{_level(found)}\n{_reasons(found)}")]
    blocks.append(section(f"*What was tried*\n{_tried(found.tried, zone)}"))
    blocks.append(section(f"*Their week*\n{_week(found, zone)}"))
    if found.lines:
        newest = found.lines[-1]
        blocks.append(context(f"{_line_head(newest, zone)}; {_lines_in_all(len(found.lines))}."))
    due = (
        f"Please get in touch by {date(case.due_at, zone)}."
        if case.origin is not Origin.DISTRESS
        else "Please write now."
    )
    owner = f"{name_of(found.owner)} follows up." if found.owner else "Nobody has this yet."
    blocks.append(context(f"{owner} {due}"))
    if found.leaving is not None:
        text = f":wave: Leaves {date(found.leaving.takes_effect_at, zone)}, unless they press that they stay."
        blocks.append(section(text, button("Why they leave", "leavings.why", case.id)))
    if case.settled_at is not None:
        text = ":seedling: The reason for this is gone: back on track?"
        blocks.append(section(text, button("Back on track", "follow_ups.back_on_track", case.id, "primary")))
    return Rendered(f"Follow-up: {found.student.called}", [*blocks, *_presses(found)])


def _lines_in_all(count: int) -> str:
    return "the only line" if count == 1 else f"{count} lines in all"


def _over(found: FollowUpCard, zone: ZoneInfo) -> Rendered:
    case = found.case
    outcome = OUTCOMES[case.outcome] if case.outcome else ""
    by = f" by {name_of(found.closed_by)}" if found.closed_by else ""
    when = f" {date(case.closed_at, zone)}" if case.closed_at else ""
    text = f"~{mention(found.student)} {ORIGINS[case.origin]}~\nClosed{by}{when}: *{outcome}*."
    return say(text, *([actions(end_button(case.id))] if found.is_quiet else []))


def _level(found: FollowUpCard) -> str:
    return f"  {LEVELS[found.level.level]}" if found.level else ""


def _reasons(found: FollowUpCard) -> str:
    return cut("\n".join(f"• {escape(each)}" for each in reasons_of(found)[:SHOWN_MOST]), 2500)


def _tried(tried: Sequence[Tried], zone: ZoneInfo) -> str:
    if not tried:
        return "The bot has not written to them yet."
    lines = []
    for each in tried:
        answered = ":white_check_mark: they reacted" if each.nudge.reacted_at else "no reaction"
        lines.append(f"• {date(each.nudge.at, zone)}: {KINDS.get(each.nudge.kind, 'a message')}, {answered}")
    return cut("\n".join(lines), 2500)


def _week(found: FollowUpCard, zone: ZoneInfo) -> str:
    lines = [f"• {title_of(a)}: not handed in, was due {date(at, zone)}" for a, at in found.missed[:SHOWN_MOST]]
    lines += [f"• {title_of(due.assignment)}: due {date(due.due_at, zone)}" for due in found.ahead[:SHOWN_MOST]]
    lines += [f"• meets {name_of(one.ta)} {date(one.slot.starts_at, zone)}" for one in found.booked[:SHOWN_MOST]]
    return cut("\n".join(lines) or "Nothing is due, and nothing is booked.", 2900)


def _line_head(line: Line, zone: ZoneInfo) -> str:
    who = name_of(line.by) if line.by else "The bot"
    what = {
        NoteKind.REASON: "added a reason",
        NoteKind.NOTE: "wrote a note",
        NoteKind.CONTACT: "was in touch",
        NoteKind.OFFER: "sent an offer",
        NoteKind.HANDED_ON: "handed it on",
    }
    return f"{who} {what[line.note.kind]} {date(line.note.at, zone)}"


def _presses(found: FollowUpCard) -> list[Block]:
    case_id = found.case.id
    first: list[Element] = [
        button("Write to them", "follow_ups.together", case_id, "primary"),
        button("I was in touch", "follow_ups.contact", case_id),
        button("Offer help", "follow_ups.offer", case_id),
        button("New plan", "new_plans.form", found.student.id),
    ]
    second: list[Element] = [
        button("Note", "follow_ups.note", case_id),
        button("Read notes", "follow_ups.lines", case_id),
        button("Hand on", "follow_ups.hand_on", case_id),
        button("Close the follow-up", "follow_ups.close", case_id),
    ]
    if found.leaving is None:
        second.append(button("They want to leave", "leavings.form_for", case_id))
    if found.is_quiet:
        second.append(end_button(case_id))
    return [actions(*first), actions(*second)]


def opened(found: Listed) -> Rendered:
    """Return what somebody reads who asked for a follow-up."""
    owner = f"{name_of(found.owner)} follows up" if found.owner else "it is for whoever is free next"
    return say(f":white_check_mark: Noted: {name_of(found.student)}; {owner}.")


def listed(found: CaseList, zone: ZoneInfo) -> Rendered:
    """Return open cases, worst first, each with a button to its card."""
    if not found.rows:
        return say(f"*{TITLES[found.which]}*: none. :seedling:")
    blocks: list[Block] = [section(f"*{TITLES[found.which]}*, worst first")]
    blocks += [case_row(row, zone) for row in found.rows[:LISTED_MOST]]
    if len(found.rows) > LISTED_MOST:
        blocks.append(context(f"… and {len(found.rows) - LISTED_MOST} more."))
    return Rendered(TITLES[found.which], blocks)


def case_row(row: Listed, zone: ZoneInfo) -> Block:
    """Return one open case with the button to its card."""
    owner = name_of(row.owner) if row.owner else "nobody yet"
    level = f"  {LEVELS[row.level.level]}" if row.level else ""
    text = f"{mention(row.student)} {ORIGINS[row.case.origin]}{level}\n{owner}, by {date(row.case.due_at, zone)}"
    return section(text, button("Open", f"follow_ups.show#{row.case.id}", row.case.id))


def notes(found: FollowUpCard) -> View:
    """Return what was noted in a case, for its owner and organizers."""
    tz = found.owner.tz if found.owner else found.student.tz
    blocks = [section(f"*{_line_head(line, tz)}*\n{_quoted(line)}") for line in found.lines[-40:]]
    return modal("Notes", blocks or [section("Nothing was noted yet.")])


def _quoted(line: Line) -> str:
    return "\n".join(f"> {escape(each)}" for each in cut(line.note.words, 2500).splitlines())


def words_form(callback: str, case_id: str, title: str) -> View:
    """Return the form for a few words about a case."""
    is_contact = callback.endswith("contact")
    label = "How did it go? A word is enough." if is_contact else "What should be remembered?"
    field = field_of(WORDS, label, text_input(WORDS, multiline=True, most=WORDS_MOST), optional=is_contact)
    small = context("Whoever follows this student up reads it, and organizers; the student can ask to see it.")
    return modal(title, [field, small], callback_id=callback, submit="Keep it", metadata=case_id)


def hand_on_form(case_id: str) -> View:
    """Return the form to hand a case on."""
    element: Element = {"type": "users_select", "action_id": TO}
    blocks = [field_of(TO, "Who follows up from here?", element)]
    return modal("Hand it on", blocks, callback_id="follow_ups.hand_on", submit="Hand on", metadata=case_id)


def close_form(case_id: str) -> View:
    """Return the form to close a case."""
    options = [option(words, outcome.value) for outcome, words in OUTCOMES.items()]
    blocks = [field_of(OUTCOME, "What came of it?", select(OUTCOME, options))]
    return modal(
        "Close the follow-up", blocks, callback_id="follow_ups.close", submit="Close follow-up", metadata=case_id
    )


def noted() -> Rendered:
    """Return that a note is kept."""
    return say(":white_check_mark: Kept.")


def contacted(case: FollowUp, zone: ZoneInfo) -> Rendered:
    """Return that a contact is on record, and when the case comes up again."""
    return say(f":white_check_mark: Noted. I bring it up again {date(case.due_at, zone)}, unless it is closed.")


def introduced(acted: Acted) -> Rendered:
    """Return where the conversation is."""
    return say(f"I've begun a conversation of you and {name_of(acted.student)}: it is among your direct messages.")


def offered(acted: Acted) -> Rendered:
    """Return that the student has an offer."""
    return say(f":white_check_mark: {name_of(acted.student)} gets what can be offered now, each with one press.")


def handed_on(owner: Member) -> Rendered:
    """Return who has a case now."""
    return say(f":white_check_mark: {name_of(owner)} has it now, with the whole card.")


def closed(case: FollowUp) -> Rendered:
    """Return that a case is closed."""
    return say(f":white_check_mark: Closed: {OUTCOMES[case.outcome] if case.outcome else ''}.")


def overdue(note: Overdue, zone: ZoneInfo) -> Rendered:
    """Return what is overdue, for its owner or for organizers."""
    rendered = listed(note.cases, zone)
    many = len(note.cases.rows)
    what = "A follow-up waits" if many == 1 else f"{many} follow-ups wait"
    too_long = "longer than it should" if many == 1 else "longer than they should"
    for_whom = "for a word from you" if note.is_own else too_long
    text = f"{what} {for_whom}"
    return Rendered(text, [section(f":hourglass_flowing_sand: {text}."), *rendered.blocks[1:]])


def first_word(note: Introduced, zone: ZoneInfo) -> Rendered:
    """Return the first words in the conversation of a student and whoever follows them up."""
    del zone
    return say(
        f"Hi {name_of(note.student)}, this is {mention(note.by)}, who would like to know how you are and what would "
        "help. Whatever it is, you are welcome to write here; only the two of you read it."
    )


RENDERERS: Renderers = {FollowUpCard: card, Overdue: overdue, Introduced: first_word}
