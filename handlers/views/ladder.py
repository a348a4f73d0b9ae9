"""What students read who fall behind: one thing to do, or help that takes one press; and organizers of a few."""

from zoneinfo import ZoneInfo

from cohort.ladder import Help, Step
from cohort.nudge_limits import NudgeKind
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Element,
    Rendered,
    Renderers,
    actions,
    button,
    context,
    cut,
    date,
    escape,
    mention,
    name_of,
    plain_date,
    say,
    section,
)
from handlers.views.choices import choices_row
from services.ladder_answers import Accepted
from services.ladder_messages import Critical, CriticalNote, HelpItem, Offered

REASONS_MOST = 2
STUDENTS_MOST = 40


def offered(note: Offered, zone: ZoneInfo) -> Rendered:
    """Return one step for a student, as it stands now; its dates are written for the student."""
    del zone
    blocks = [section(_opening(note))]
    if note.step is Step.TO_DO and note.to_do is not None:
        blocks.append(actions(*_ways(note.to_do.id)))
    open_items = [item for item in note.helps if item.is_open and not item.is_accepted]
    blocks += [section(_accepted(item, note)) for item in note.helps if item.is_accepted]
    presses = [_press(item, note) for item in open_items] + _talk(note)
    if presses:
        blocks.append(actions(*presses))
    if note.reasons:
        facts = "; ".join(escape(reason.words) for reason in note.reasons[:REASONS_MOST])
        blocks.append(context(cut(f"Why I write: {facts}. `/cohort progress` shows all I go by.", 600)))
    if note.is_nudge:
        blocks.append(choices_row(note.nudge_id, NudgeKind.HELP))
    return Rendered(_headline(note), blocks)


def _headline(note: Offered) -> str:
    return "One step for today" if note.step is Step.TO_DO else "Some help, one press away"


def _opening(note: Offered) -> str:
    name, tz = name_of(note.student), note.student.tz
    if not note.is_nudge:
        return f"Hi {name}, whoever follows up with you thought of this. Each is yours with one press."
    if note.step is Step.OFFER:
        return (
            f"Hi {name}, this stretch looks full, and that happens to most people at some point. "
            "Any of these is yours with one press, no explanation needed."
        )
    if note.to_do is None:
        return f"Hi {name}, one thing that helps now: half an hour with a TA, about whatever is in the way."
    due = f", due {date(note.due_at, tz)}" if note.due_at else ""
    return f"Hi {name}, one thing would help most now: {title_of(note.to_do)}{due}. A part of it counts, too."


def _ways(assignment_id: str) -> list[Element]:
    return [
        button("Hand in what I have", "hand_ins.part", assignment_id),
        button("More time", "extensions.form", assignment_id),
        button("Stuck", "nudges.stuck", assignment_id),
        button("Talk to a TA", "extensions.talk_please", assignment_id),
    ]


def _talk(note: Offered) -> list[Element]:
    """Return the way to a person about the work an offer is about; none where that work is left out."""
    is_dropped = any(item.help is Help.DROP and item.is_accepted for item in note.helps)
    if note.step is not Step.OFFER or not note.is_nudge or note.to_do is None or is_dropped:
        return []
    return [button("I'd rather talk to someone", "extensions.talk_please", note.to_do.id)]


def _press(item: HelpItem, note: Offered) -> Element:
    return button(_words(item, note.student.tz), f"ladder.{item.help}", f"{note.rung_id}:{item.help}")


def _words(item: HelpItem, tz: ZoneInfo) -> str:
    slug = item.assignment.slug if item.assignment else ""
    match item.help:
        case Help.MORE_DAYS:
            days = "1 more day" if item.days == 1 else f"{item.days} more days"
            return cut(f"{days} for {slug}", 75)
        case Help.DROP:
            return cut(f"Leave {slug} out", 75)
        case Help.SLOT:
            when = plain_date(item.slot.starts_at, tz) if item.slot else ""
            return cut(f"Book {item.ta.called if item.ta else ''}: {when}", 75)
        case Help.LIGHTER_PLAN:
            return "Plan something lighter with a TA"


def _accepted(item: HelpItem, note: Offered) -> str:
    title = title_of(item.assignment) if item.assignment else ""
    match item.help:
        case Help.MORE_DAYS:
            return f":white_check_mark: {title}: you have more time, until {_until(note)}."
        case Help.DROP:
            return f":white_check_mark: {title} is left out. `/cohort progress` takes it back."
        case Help.SLOT:
            when = date(item.slot.starts_at, note.student.tz) if item.slot else ""
            return f":white_check_mark: You meet {escape(item.ta.called) if item.ta else 'a TA'} {when}."
        case Help.LIGHTER_PLAN:
            return ":white_check_mark: A TA will write to you with a lighter plan."


def _until(note: Offered) -> str:
    return date(note.due_at, note.student.tz) if note.due_at else "the end"


def answer(accepted: Accepted, zone: ZoneInfo) -> Rendered:
    """Return what a student reads right after accepting."""
    return say(_answer(accepted, zone))


def _answer(accepted: Accepted, zone: ZoneInfo) -> str:
    title = title_of(accepted.assignment) if accepted.assignment else ""
    before = "" if accepted.is_new else "You took this before: "
    match accepted.help:
        case Help.MORE_DAYS if accepted.is_settled:
            return f"{title} is handed in or left out, so it needs no more time. `/cohort progress` shows all of it."
        case Help.MORE_DAYS if accepted.is_over:
            return (
                f"More time for {title} can't be had this way any more. `/extension` asks a TA, who can still give it."
            )
        case Help.MORE_DAYS:
            until = date(accepted.until_at, zone) if accepted.until_at else "the end"
            return f":white_check_mark: {before}{title} is now due {until}."
        case Help.DROP if accepted.why is not None:
            return f"{title} can't be left out now. `/cohort progress` says what can."
        case Help.DROP:
            return f":white_check_mark: {before}{title} is left out. `/cohort progress` takes it back, any time."
        case Help.SLOT:
            booked = accepted.booked
            when = date(booked.slot.starts_at, zone) if booked else ""
            return f":white_check_mark: {before}You meet {escape(booked.ta.called) if booked else 'a TA'} {when}."
        case Help.LIGHTER_PLAN:
            return (
                f":white_check_mark: {before}A TA will write to you with a lighter plan. There is nothing to prepare."
            )


def critical(note: CriticalNote, zone: ZoneInfo) -> Rendered:
    """Return for organizers who stays at the highest level, and how far their follow-up is."""
    many = len(note.students)
    who = "1 student stays" if many == 1 else f"{many} students stay"
    blocks: list[Block] = [
        section(f"*{who} at the highest level of concern*, and time has passed since somebody was to get in touch.")
    ]
    for each in note.students[:STUDENTS_MOST]:
        facts = "; ".join(escape(reason.words) for reason in each.level.reasons)
        text = f"{mention(each.student)}: {facts or 'several small things'}. {_followed_up(each, zone)}."
        blocks.append(section(cut(text, 2900)))
    if many > STUDENTS_MOST:
        blocks.append(context(f"… and {many - STUDENTS_MOST} more; `/cohort follow-ups` shows the cases."))
    return Rendered(f"{who} at the highest level", blocks)


def _followed_up(each: Critical, zone: ZoneInfo) -> str:
    """Return how far the follow-up of a student is: never more than what is on record."""
    if each.owner is None:
        return "*Nobody follows them up*"
    if each.touched_at is None:
        return f"A follow-up is open with {mention(each.owner)} and *has not begun*"
    return f"{mention(each.owner)} follows them up, last on {date(each.touched_at, zone)}"


RENDERERS: Renderers = {Offered: offered, CriticalNote: critical}
