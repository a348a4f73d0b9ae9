"""What a student sees when asking for more time: the form, the answers and the lists."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.extensions import (
    AlreadyCovered,
    Granted,
    Lapse,
    NeedsReview,
    NotNeeded,
    Refused,
    State,
    Why,
)
from cohort.policy import ExtensionPolicy
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
    moment,
    option,
    plain_date,
    say,
    section,
    select,
    text_input,
)
from handlers.views.extension_decisions import CATEGORIES, LAPSES, decide_row
from services.extensions import Answered, Choice, Listed

TALK = "talk"
LISTED_MOST = 12


def request_form(choices: Sequence[Choice], zone: ZoneInfo, chosen: str | None = None) -> View:
    """Return the form in which a student asks for more time."""
    options = [
        option(f"{cut(c.assignment.title, 34)} · due {plain_date(c.due_at, zone)}", c.assignment.id) for c in choices
    ]
    talk: Element = {
        "type": "checkboxes",
        "action_id": "talk",
        "options": [option("I'd rather talk to someone", TALK)],
    }
    blocks = [
        section("Nobody has to earn more time, and early is a good time to ask. Most short requests are granted."),
        field_of("assignment", "Which assignment?", select("assignment", options, chosen)),
        field_of("until", "Until when?", moment("until"), optional=True, hint="Shown in your own time zone."),
        field_of(
            "category",
            "What is it about?",
            select("category", [option(label, category.value) for category, label in CATEGORIES.items()]),
            optional=True,
            hint="Only asked for when a TA decides. Only those who decide can see it.",
        ),
        field_of(
            "note",
            "Anything they should know?",
            text_input("note", multiline=True, most=2000),
            optional=True,
            hint="Private: only those who decide can read it, and only when they ask to.",
        ),
        field_of("talk", "No date in mind?", talk, optional=True),
    ]  # fmt: skip
    return modal("More time", blocks, callback_id="extensions.request", submit="Ask")


def nothing_to_ask() -> Rendered:
    """Return the answer to someone who has nothing to ask about."""
    return say("You have nothing open that is due, so there is nothing to extend. Enjoy it!")


def answer(answered: Answered, zone: ZoneInfo, policy: ExtensionPolicy) -> Rendered:
    """Return what a student reads right after asking."""
    title = title_of(answered.assignment)
    match answered.outcome:
        case Granted():
            return _granted(answered.outcome, title, answered, zone)
        case NeedsReview():
            return _under_review(answered.outcome, title, answered, zone, policy)
        case AlreadyCovered(due, is_hard_end):
            more = " That is the last moment anyone may hand it in." if is_hard_end else ""
            return say(f"You have until {date(due, zone)} for {title} already, so nothing needed changing.{more}")
        case NotNeeded(why):
            return say(_NOT_NEEDED[why].format(title=title))
        case Refused(why):
            return say(_REFUSED[why].format(title=title))


def _granted(outcome: Granted, title: str, answered: Answered, zone: ZoneInfo) -> Rendered:
    text = f":white_check_mark: Done: {title} is now due {date(outcome.until_at, zone)}. No explanation needed."
    if outcome.is_clipped:
        text += " You asked for longer; this is the last moment anyone may hand it in."
    if answered.replaces:
        text += " What you asked for before is closed with it."
    if not outcome.offers_talk:
        return say(text)
    plan = (
        "You have used the extensions that are granted without asking, so this is one more day at once. "
        "If more would help, let's make a plan together."
    )
    talk = button("Talk about a plan", "extensions.talk_please", answered.assignment.id)
    book = button("Book office hours", "bookings.open", answered.assignment.id)
    return say(text, section(plan), actions(talk, book))


def _under_review(
    outcome: NeedsReview, title: str, answered: Answered, zone: ZoneInfo, policy: ExtensionPolicy
) -> Rendered:
    hours = policy.review_within_hours
    if outcome.why is Why.TALK:
        text = f":speech_balloon: A TA will write to you about {title}, usually within {hours} hours."
    else:
        until = date(outcome.until_at, zone) if outcome.until_at else ""
        text = f":hourglass_flowing_sand: I've asked a TA for more time for {title}, until {until}."
        text += f" You'll hear within {hours} hours. While it waits with us, nothing counts as late."
    if outcome.is_clipped:
        text += " You asked for longer; this is the last moment anyone may hand it in."
    if answered.replaces:
        text += " It takes the place of what you asked for before."
    # What was answered stays as it is: a button here would outlive the decision.
    return say(text, context("While it waits, Home and `/extension list` have a button to take it back."))


_NOT_NEEDED = {
    Why.PASSED: "You have passed {title} already: nothing more is needed. Well done!",
    Why.EXCUSED: "You are excused from {title}, so there is nothing to hand in.",
    Why.DROPPED: "You left {title} out, so nothing is due. If you want to do it after all, take it back first: "
    "`/cohort progress` has the button.",
    Why.NO_DUE_TIME: "{title} has no due time: hand it in whenever you are ready.",
    Why.NOT_HANDED_IN: "There is nothing to hand in for {title}, so it can't be late.",
}
_REFUSED = {
    Why.CANCELLED: "{title} was cancelled, so nothing is due. There is nothing you need to do.",
    Why.CLOSED: "The last moment to hand in {title} has passed, so no TA can add time to it. "
    "Please write to an organizer: they can look at your whole programme with you.",
}


def student_list(entries: Sequence[Listed], zone: ZoneInfo) -> Rendered:
    """Return a student's requests and what became of them."""
    if not entries:
        return say("You haven't asked for more time yet. `/extension hw3 2d` asks for two days, in one line.")
    blocks: list[Block] = [section("*Your requests for more time*")]
    for entry in entries[:LISTED_MOST]:
        line = f"{title_of(entry.assignment)}{_asked_for(entry, zone)}: {_state_words(entry, zone)}"
        is_open = entry.request.state.is_open
        take_back = button("Take it back", "extensions.withdraw", entry.request.id) if is_open else None
        blocks.append(section(line, take_back))
    return Rendered("Your requests for more time", _with_rest(blocks, len(entries)))


def _asked_for(entry: Listed, zone: ZoneInfo) -> str:
    until = entry.request.until_at
    return f", until {date(until, zone)}" if until else ", a talk"


def _state_words(entry: Listed, zone: ZoneInfo) -> str:
    request = entry.request
    match request.state:
        case State.PENDING:
            return f"waiting for a TA since {date(request.asked_at, zone)}"
        case State.TALKING:
            return "a TA is talking with you about it"
        case State.APPROVED:
            until = request.granted_until_at
            return f"granted until {date(until, zone)}" if until else "granted"
        case State.DECLINED:
            return f"not granted: {escape(request.decline_reason)}"
        case State.WITHDRAWN:
            return "you took it back"
        case State.REPLACED:
            return "replaced by a later request"
        case State.LAPSED:
            return f"closed: {LAPSES[request.lapse or Lapse.CLOSED]}"


def staff_list(entries: Sequence[Listed], zone: ZoneInfo) -> Rendered:
    """Return what waits for a decision, oldest first, with the buttons to decide it."""
    if not entries:
        return say("Nobody is waiting for an answer about more time. :herb:")
    count = len(entries)
    heading = f"*{count} {'request waits' if count == 1 else 'requests wait'} for an answer*, the oldest first"
    blocks: list[Block] = [section(heading)]
    for entry in entries[:LISTED_MOST]:
        request = entry.request
        asked = f"until {date(request.until_at, zone)}" if request.until_at else "would like to talk"
        due = f", due {date(entry.effective_due_at, zone)}" if entry.effective_due_at else ""
        blocks.append(
            section(
                f"{mention(entry.student)}: {title_of(entry.assignment)}{due}; {asked}."
                f" Asked {date(request.asked_at, zone)}, to be answered by {date(request.review_by_at, zone)}."
            )
        )
        blocks.append(decide_row(request))
    return Rendered(f"{count} waiting for an answer", _with_rest(blocks, count))


def _with_rest(blocks: list[Block], count: int) -> list[Block]:
    rest = count - LISTED_MOST
    return [*blocks, context(f"… and {rest} more.")] if rest > 0 else blocks
