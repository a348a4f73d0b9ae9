"""What is said to plain words: how they were understood, and what can be done when they were not."""

from collections.abc import Mapping, Sequence
from datetime import date as date_type
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.check_ins import read_reply
from cohort.extensions import Granted, NeedsReview
from cohort.graduation import Mark, Standing
from cohort.plain_intents import Intent
from cohort.plain_reading import day_meant
from cohort.plain_words import NotUnderstood
from cohort.roster import Member, Role
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    Block,
    Element,
    Rendered,
    actions,
    button,
    context,
    cut,
    date,
    escape,
    mention,
    name_of,
    say,
)
from services.asking import Readers
from services.plain_words import Heard, People

DO, SHOW, KEEP = "plain_words.do", "plain_words.show", "plain_words.keep"
UTC = ZoneInfo("UTC")
VALUE_MOST = 1900
DUES_MOST = 10
QUOTED_MOST = 300
UNCHANGED = "Nothing happens until you press."
EVERYTHING = "`/cohort help` has everything."


def _deed(label: str, name: str, text: str = "", style: str | None = "primary", place: int = 0) -> Element:
    """Return a button that does what a command does; several in one message have places of their own."""
    return button(label, f"{DO}_{place}" if place else DO, f"{name}|{text}"[:VALUE_MOST], style)


def _understood(sentence: str, *buttons: Element) -> Rendered:
    return say(
        sentence, actions(*buttons, _deed("Something else", "else", "", None, 3)), context(f"{UNCHANGED} {EVERYTHING}")
    )


def more_time(heard: Heard, expected: Granted | NeedsReview | None = None, zone: ZoneInfo = UTC) -> Rendered:
    """Return the request for more time that was understood, with what asking for it would lead to."""
    if heard.assignment is None:
        return _understood(
            "You'd like more time. The form asks what for, and until when.", _deed("Ask for more time", "extension")
        )
    title = title_of(heard.assignment)
    if expected is None:
        return _understood(
            f"You'd like more time for {title}. The form asks until when.",
            _deed("Ask for more time", "extension", _slug(heard)),
        )
    return _understood(
        f"You'd like more time for {title}: {_until(heard.understood.until, expected, zone)}.{_outlook(expected)}",
        _deed("Ask for it", *_request(heard, expected)),
        _deed("Another date", "extension", _slug(heard), None, 1),
    )


def _request(heard: Heard, expected: Granted | NeedsReview) -> tuple[str, str]:
    """Return what the press asks for: the moment that is shown, whenever it is pressed and however often."""
    if expected.until_at is None:
        return "extension", f"{_slug(heard)} {heard.understood.until}"
    return "until", f"{_slug(heard)} {expected.until_at.isoformat()}"


def _until(wish: str, expected: Granted | NeedsReview, zone: ZoneInfo) -> str:
    """Return the days that were wished for, and the date that this makes."""
    days = wish[:-1] if wish.endswith("d") and wish[:-1].isdecimal() else ""
    until = f"until {date(expected.until_at, zone)}" if expected.until_at else ""
    length = {"": "", "1": "one more day"}.get(days, f"{days} more days")
    return ", ".join(part for part in (length, until) if part)


def _outlook(expected: Granted | NeedsReview) -> str:
    clipped = " You asked for longer; this is the last moment anyone may hand it in." if expected.is_clipped else ""
    if isinstance(expected, Granted):
        return f"{clipped} Press, and it is yours: no explanation needed."
    return f"{clipped} A TA decides about this one and answers you here."


def hand_in(heard: Heard) -> Rendered:
    """Return what is to be handed in, with its link if there is one."""
    about = title_of(heard.assignment) if heard.assignment else "your work"
    if heard.assignment and heard.understood.link:
        line = f"{_slug(heard)} {heard.understood.link}"
        return _understood(
            f"You'd like to hand in {about} with {escape(cut(heard.understood.link, 300))}.",
            _deed("Hand it in", "submit", line),
        )
    return _understood(
        f"You'd like to hand in {about}. The form takes a link, a text or a file.",
        _deed("Hand in", "submit", _slug(heard)),
    )


def a_file() -> Rendered:
    """Lead a student who dropped a file to where it counts."""
    return say(
        "I see a file, and have not read it. To hand it in, choose it in the form: `/submit`, or press here.",
        actions(_deed("Hand in", "submit")),
    )


def check_in(text: str, week_on: date_type) -> Rendered:
    """Return the check-in that was understood, and the Monday of its week; without hours the form asks."""
    reply = read_reply(text)
    if reply is None or reply.hours is None:
        return _understood("You'd like to say how your week goes.", _deed("Check in", "checkin"))
    words = f", with your words “{escape(cut(reply.note, 200))}”" if reply.note else ""
    return _understood(
        f"Your check-in: {reply.hours:g} hours this week{words}.",
        _deed("Keep it", "hours-of", f"{week_on.isoformat()} {cut(text.strip(), 1500)}"),
    )


def quiet(heard: Heard, today: date_type) -> Rendered:
    """Offer a pause of what nobody asked for, a week or until the day that was named, or a choice."""
    until = heard.understood.until
    until_on = day_meant(until, today) if until else None
    how_long = f"until {until_on.strftime('%A')}, {until_on.isoformat()}" if until_on else "for a week"
    return _understood(
        f"You'd like to hear less from me. I can leave you alone {how_long}, or you choose what I write about.",
        _deed("Pause until then" if until_on else "A week's pause", "pause", until_on.isoformat() if until_on else ""),
        _deed("Choose what I hear of", "messages", "", None, 1),
    )


def leave(heard: Heard) -> Rendered:
    """Lead to leaving, and to a person, without a push either way; a person first where it sounds heavy."""
    person = _deed("Have someone write to me", "talk", "", "primary" if heard.understood.is_heavy else None, 1)
    form = _deed("Open the form", "leave", "", None)
    if heard.understood.is_heavy:
        return _understood(
            "That sounds like a lot, and it is good that you say so. Someone from the team can write to you, without a "
            "form and without a reason; nothing has to be decided today. If you would rather leave, the form says what "
            "happens, and leaving can be undone for some days.",
            person,
            form,
        )
    return _understood(
        "You're thinking of leaving. The form says what happens, asks whether something would help, and can be "
        "undone for some days. You can also talk to someone first.",
        form,
        person,
    )


def talk() -> Rendered:
    """Offer a person, and the smaller things that may help."""
    return _understood(
        "Thank you for saying so. Someone from the team can write to you, without a form and without a reason.",
        _deed("Have someone write to me", "talk"),
        _deed("Book a TA", "book", "", None, 1),
        _deed("More time", "extension", "", None, 2),
    )


def ask(heard: Heard) -> Rendered:
    """Offer to ask a TA, or to meet one."""
    about = f" about {title_of(heard.assignment)}" if heard.assignment else ""
    assignment = heard.assignment.id if heard.assignment else ""
    return _understood(
        f"You have a question{about}. A TA answers it here, or you meet one.",
        _deed("Ask a TA", "ask", assignment),
        _deed("Book a TA", "book", _slug(heard), None, 1),
    )


def away(back_on: date_type | None) -> Rendered:
    """Offer to hand over what a TA holds while they are away; a form asks until when where no day was named."""
    words = f" until {back_on.strftime('%A')}, {back_on.isoformat()}" if back_on else ""
    line = f"until {back_on.isoformat()}" if back_on else ""
    return _understood(
        f"You are away{words}. I hand over what you hold, and no reason is asked.", _deed("I'm away", "away", line)
    )


def due(found: Sequence[Standing], now: datetime, zone: ZoneInfo) -> Rendered:
    """Return what a student can still hand in, what was missed too, the earliest first."""
    if not found:
        return say("Nothing is due for you just now. :herb:")
    lines = [f"• {_due_line(each, now, zone)}" for each in found[:DUES_MOST]]
    more = [f"• and {len(found) - DUES_MOST} more later"] if len(found) > DUES_MOST else []
    first = next((each.assignment.slug for each in found if each.assignment.is_open(now)), "")
    named = cut(first, 40)
    ways = (_deed(f"Hand in {named}", "submit", first), _deed(f"More time for {named}", "extension", first, None, 1))
    row = actions(*(ways if first else ()), _deed("How I stand", "progress", "", None, 2))
    return say("*What is due, by your own dates:*\n" + "\n".join([*lines, *more]), row)


def _due_line(standing: Standing, now: datetime, zone: ZoneInfo) -> str:
    work, due_at = standing.assignment, standing.due_at
    title, last = title_of(work), f"it can be handed in until {date(work.hard_due_at, zone)}"
    if due_at is None:
        return f"{title}: {last}"
    if standing.mark is Mark.RETRY:
        return f"{title}, not passed yet: {f'try again by {date(due_at, zone)}' if now < due_at else last}"
    if due_at <= now:
        return f"{title}, was due {date(due_at, zone)}; {last}"
    opens = f"; it opens {date(work.opens_at, zone)}" if work.opens_at and now < work.opens_at else ""
    return f"{title}, due {date(due_at, zone)}{opens}"


def due_for_everyone(works: Sequence[Assignment], zone: ZoneInfo) -> Rendered:
    """Return what is due for everyone, soonest first; what was given to single students is not in it."""
    lines = [f"• {title_of(work)}, due {date(work.due_at, zone)}" for work in works[:DUES_MOST] if work.due_at]
    if not lines:
        return say("Nothing is due for anyone just now.")
    more = [f"• and {len(works) - DUES_MOST} more later"] if len(works) > DUES_MOST else []
    return say(
        "*What is due for everyone*; time that was given to a student is on their own list\n"
        + "\n".join([*lines, *more])
    )


def whom_to_ask(people: People, reader: Member) -> Rendered:
    """Return who answers questions, who grades, and the organizers; a student can ask or book at once."""
    about = f" about {title_of(people.assignment)}" if people.assignment else ""
    lines = []
    if people.on_duty is not None:
        lines.append(f"• {mention(people.on_duty)} answers questions this week.")
    if people.graders:
        lines.append(f"• {_listed(people.graders)} grade{'s' if len(people.graders) == 1 else ''} it.")
    if people.organizers:
        lines.append(f"• For everything else: {_listed(people.organizers)}.")
    head = f"*Whom to ask*{about}"
    text = "\n".join([head, *lines]) if lines else f"{head}\nAny TA: your question goes to whoever is there."
    if reader.is_staff:
        return say(text)
    assignment = people.assignment.id if people.assignment else ""
    slug = people.assignment.slug if people.assignment else ""
    return say(text, actions(_deed("Ask a TA", "ask", assignment), _deed("Book a TA", "book", slug, None, 1)))


def _listed(members: Sequence[Member]) -> str:
    return ", ".join(mention(member) for member in members[:9])


def nothing() -> Rendered:
    """Say that nothing was done."""
    return say("All right: nothing was changed. `/cohort help` shows what you can do whenever you like.")


def welcome() -> Rendered:
    """Answer thanks."""
    return say("You're welcome. :seedling:")


# What a message that is not clear may have meant, as a button: the words on it, and what it does.
GUESSES: Final[Mapping[Intent, tuple[str, str]]] = {
    Intent.MORE_TIME: ("Ask for more time", "extension"),
    Intent.HAND_IN: ("Hand in", "submit"),
    Intent.BOOK: ("Book a TA", "book"),
    Intent.BOOKINGS: ("My bookings", "bookings"),
    Intent.OFFICE_HOURS: ("Office hours", "hours"),
    Intent.DUE: ("What is due", "due"),
    Intent.PROGRESS: ("How I stand", "progress"),
    Intent.DROP: ("Leave work out", "progress"),
    Intent.REGRADE: ("Question a grade", "progress"),
    Intent.CHECK_IN: ("Check in", "checkin"),
    Intent.ASK: ("Ask a TA", "ask"),
    Intent.WHO: ("Whom to ask", "who"),
    Intent.TALK: ("Talk to someone", "talk"),
    Intent.POLICY: ("The rules", "policy"),
    Intent.REQUESTS: ("Requests", "requests"),
    Intent.MESSAGES: ("What I hear of", "messages"),
    Intent.QUIET: ("Hear less from me", "messages"),
    Intent.LEAVE: ("Leaving", "leave"),
    Intent.EVENTS: ("What is on", "events"),
    Intent.QUEUE: ("Grading queue", "queue"),
    Intent.AWAY: ("I'm away", "away"),
    Intent.DUTY: ("Who is on duty", "duty"),
    Intent.FOLLOW_UPS: ("Follow-ups", "follow-ups"),
    Intent.DIGEST: ("The digest", "digest"),
}
# What is offered where nothing in a message is a hint.
USUAL: Final[Mapping[Role, tuple[Intent, ...]]] = {
    Role.STUDENT: (Intent.DUE, Intent.MORE_TIME, Intent.BOOK),
    Role.TA: (Intent.QUEUE, Intent.FOLLOW_UPS, Intent.DUTY),
    Role.ORGANIZER: (Intent.DIGEST, Intent.REQUESTS, Intent.FOLLOW_UPS),
}


def not_understood(member: Member, likely: Sequence[Intent], offered: Sequence[NotUnderstood] = ()) -> Rendered:
    """Offer three things that may have been meant; after the second message in a row also a person who reads them."""
    sorry = f"I'm sorry, {name_of(member)}, I didn't understand that."
    was_it = " Was it one of these?" if likely else " These I can do at once."
    row = _three(member, likely)
    if not offered:
        return say(f"{sorry}{was_it} You can also put it in other words. {EVERYTHING}", row)
    ids = " ".join(one.id for one in offered)
    shown = actions(button("Yes, show them", SHOW, ids, "primary"), button("No, keep them to me", KEEP))
    quoted = "\n".join(f"> {escape(cut(' '.join(one.words.split()), QUOTED_MOST))}" for one in offered)
    question = f"Shall I show a TA what you wrote? Only this is sent, and only if you say yes:\n{quoted}"
    return say(f"{sorry}{was_it}", row, *say(question, shown).blocks)


def _three(member: Member, likely: Sequence[Intent] = ()) -> Block:
    """Return three buttons that do different things: the likeliest, and the most usual after them."""
    deeds: dict[str, str] = {}
    for label, name in (GUESSES[one] for one in (*likely, *USUAL[member.role]) if one in GUESSES):
        deeds.setdefault(name, label)
    chosen = list(deeds.items())[:3]
    return actions(*(_deed(label, name, "", None, place) for place, (name, label) in enumerate(chosen, 1)))


def something_else(member: Member) -> Rendered:
    """Offer three things to whom something else was shown than they meant."""
    row = _three(member)
    return say(f"All right, I did nothing. Was it one of these? You can also put it in other words. {EVERYTHING}", row)


def shown_to(readers: Readers) -> Rendered:
    """Say who reads the messages."""
    who = ", ".join(name_of(member) for member in readers.members[:3])
    return say(f"Sent. {who or 'The team'} can read it and answers you here.")


def kept_to_yourself() -> Rendered:
    """Say that nothing was sent."""
    return say("All right: I sent nothing to anyone, and have forgotten what you wrote.")


def _slug(heard: Heard) -> str:
    return heard.assignment.slug if heard.assignment else ""


def example(assignment: Assignment) -> str:
    """Return words that are understood, for the gallery and for help."""
    return f"can I get two more days for {assignment.slug}?"
