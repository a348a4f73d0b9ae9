"""The messages about requests for more time: the TA's card, and what the student is told."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.extensions import (
    Lapse,
    Origin,
    State,
)
from cohort.times import wall_length
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
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
    plain,
    say,
    section,
)
from handlers.views.extension_decisions import LAPSES, decide_row
from handlers.views.workload import crowd_warning
from services.extension_messages import (
    AllWaiting,
    ClosedNote,
    DeclinedNote,
    Due,
    GrantedNote,
    RequestCard,
    TalkNote,
    WaitingNote,
)

LISTED_MOST = 12


def card(card: RequestCard, zone: ZoneInfo) -> Rendered:
    """Return the card of a request: all a TA needs, and after a decision who decided."""
    request = card.request
    head = f"{mention(card.student)} asks for more time for {title_of(card.assignment)}"
    if request.until_at is None:
        head = f"{mention(card.student)} would like to talk about {title_of(card.assignment)}"
    blocks: list[Block] = [section(head), section(_facts(card, zone))]
    if request.state.is_open:
        blocks += [crowd_warning(crowd) for crowd in card.crowds]
        blocks.append(context(_answer_by(card, zone)))
        blocks.append(decide_row(request))
    else:
        blocks.append(section(_closed_line(card, zone)))
    names = f"{card.student.called} asks for more time for {card.assignment.slug}"
    return Rendered(escape(names), blocks)


def _facts(card: RequestCard, zone: ZoneInfo) -> str:
    request, assignment = card.request, card.assignment
    lines = [f"• Due {date(card.due_at, zone)}; asked {_apart(request.asked_at, card.due_at, zone)}"]
    if request.until_at is not None:
        lines.append(f"• Wants until {date(request.until_at, zone)}, {_asked(card, request.until_at, zone)}")
        if request.until_at >= assignment.hard_due_at:
            lines.append("• That is the last moment anyone may hand it in")
    lines.append(f"• Earlier extensions: {_earlier(card, zone)}")
    if card.declined:
        lines.append(f"• Declined before: {_nearby(card.declined, zone)}")
    lines.append(f"• Also due near then: {_nearby(card.near, zone)}")
    return "\n".join(lines)


def _answer_by(card: RequestCard, zone: ZoneInfo) -> str:
    who = f"{mention(card.duty)}, you are on extension duty this week:" if card.duty else "Whoever is free:"
    if card.request.state is State.TALKING and card.decided_by is not None:
        who = f"{name_of(card.decided_by)} is talking with {name_of(card.student)};"
    return f"{who} please answer by {date(card.request.review_by_at, zone)}."


def _closed_line(card: RequestCard, zone: ZoneInfo) -> str:
    request = card.request
    by = name_of(card.decided_by) if card.decided_by else "Policy"
    match request.state:
        case State.APPROVED:
            until = date(request.granted_until_at, zone) if request.granted_until_at else ""
            return f":white_check_mark: *{by}* approved it, until {until}."
        case State.DECLINED:
            return f":no_entry_sign: *{by}* declined it and told {name_of(card.student)} why."
        case State.WITHDRAWN:
            return f"{name_of(card.student)} took it back."
        case State.REPLACED:
            return f"{name_of(card.student)} asked again since, so this one is closed."
        case _:
            return f"Closed by itself: {LAPSES[request.lapse or Lapse.CLOSED]}."


def _earlier(card: RequestCard, zone: ZoneInfo) -> str:
    if card.running:
        return f"{_ended(card)}; running: {_nearby(card.running, zone)}"
    return _ended(card)


def _ended(card: RequestCard) -> str:
    if not card.earlier:
        return "none that has ended" if card.running else "none"
    used = sum(earlier.handed_in for earlier in card.earlier)
    names = ", ".join(escape(earlier.assignment.slug) for earlier in card.earlier[:8])
    return f"{len(card.earlier)} ({names}), of which {used} led to work handed in in time"


def _nearby(dues: Sequence[Due], zone: ZoneInfo) -> str:
    if not dues:
        return "nothing"
    return ", ".join(f"{escape(assignment.slug)} ({date(due, zone)})" for assignment, due in dues[:6])


def _asked(card: RequestCard, until_at: datetime, zone: ZoneInfo) -> str:
    """Return how much that is: counted from the due time, or from when they asked where that was past by then."""
    asked_at = card.request.asked_at
    more = _length(max(card.due_at, asked_at), until_at, zone)
    if asked_at <= card.due_at:
        return f"{more} more"
    return f"{more} from when they asked, {_length(card.due_at, until_at, zone)} after it was due"


def _apart(asked_at: datetime, due_at: datetime, zone: ZoneInfo) -> str:
    is_early = asked_at <= due_at
    return f"{_length(asked_at, due_at, zone)} before" if is_early else f"{_length(due_at, asked_at, zone)} after"


def _length(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return a length of wall-clock time in words, rounded down: days and hours, or minutes below an hour."""
    minutes = max(0, int(wall_length(start, end, zone).total_seconds() // 60))
    days, hours = minutes // 1440, minutes % 1440 // 60
    if minutes < 60:
        return _count(minutes, "minute")
    parts = [_count(days, "day")] * bool(days) + [_count(hours, "hour")] * bool(hours)
    return " ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def granted_note(note: GrantedNote, zone: ZoneInfo) -> Rendered:
    """Return the message about time that was granted."""
    by = f"{name_of(note.by)} gave you" if note.by else "You have"
    until = date(note.until_at, zone)
    near = f"\nAlso due near then: {_nearby(note.near, zone)}." if note.near else ""
    text = f":calendar: {by} more time for {title_of(note.assignment)}: it is now due {until}.{near}"
    if note.origin is Origin.OFFER:
        text += "\nGood that you took it."
    return say(text)


def declined_note(note: DeclinedNote, zone: ZoneInfo) -> Rendered:
    """Return the message about a request that was declined."""
    by = name_of(note.by) if note.by else "A TA"
    text = f"{by} couldn't give more time for {title_of(note.assignment)} this time."
    until = date(note.due_at, zone)
    due = f"You have until {until} in any case. If it doesn't add up, talk to us: we want you to get there."
    return Rendered(
        escape(f"About more time for {note.assignment.title}"),
        [
            section(text),
            {"type": "section", "text": plain(cut(note.reason, 3000))},
            section(due),
            actions(button("I'd like to talk", "extensions.talk_please", note.assignment.id)),
        ],
    )


def talk_note(note: TalkNote, zone: ZoneInfo) -> Rendered:
    """Return the message that a TA would like to talk first."""
    del zone
    return say(
        f":speech_balloon: {mention(note.by)} would like to talk with you about {title_of(note.assignment)} and will "
        "write to you; you can write first. Until that is settled, nothing counts as late."
    )


def closed_note(note: ClosedNote, zone: ZoneInfo) -> Rendered:
    """Return the message that nobody answered before the last moment to hand in."""
    del zone
    return say(
        f"We are sorry: the last moment to hand in {title_of(note.assignment)} passed before anyone answered you. "
        "That is our fault, not yours. Please write to an organizer, so that it can be put right."
    )


def waiting_note(note: WaitingNote, zone: ZoneInfo) -> Rendered:
    """Return the reminder to staff about a request that waits."""
    wants = f"{name_of(note.student)}'s request about {title_of(note.assignment)}"
    by = date(note.request.review_by_at, zone)
    when = f"should have been answered by {by}" if note.is_over else f"is to be answered by {by}"
    text = f":hourglass: {wants} waits since {date(note.waiting_since_at, zone)} and {when}."
    return say(text, decide_row(note.request))


def all_waiting(note: AllWaiting, zone: ZoneInfo) -> Rendered:
    """Return what organizers read once a day of requests that nobody answered in time."""
    many = len(note.notes)
    head = "A request for more time waits" if many == 1 else f"{many} requests for more time wait"
    lines = [
        f"• {name_of(each.student)}, {title_of(each.assignment)}: since {date(each.waiting_since_at, zone)}, should "
        f"have been answered by {date(each.request.review_by_at, zone)}"
        for each in note.notes[:LISTED_MOST]
    ]
    more = [f"• and {many - LISTED_MOST} more"] if many > LISTED_MOST else []
    text = f":hourglass: {head} longer than we promised.\n" + "\n".join([*lines, *more])
    return say(cut(text, 2900), context("`/extension list` has the buttons to answer."))


RENDERERS: Renderers = {
    AllWaiting: all_waiting,
    RequestCard: card,
    GrantedNote: granted_note,
    DeclinedNote: declined_note,
    TalkNote: talk_note,
    ClosedNote: closed_note,
    WaitingNote: waiting_note,
}
