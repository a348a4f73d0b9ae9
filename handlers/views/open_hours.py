"""Open hours as a student sees them: the place in line, their turn, and whether they are there."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.office_hours import Session
from cohort.open_hours import FAR_STEP, NEAR, LinePlace, PlaceState
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
    divider,
    escape,
    field_of,
    mention,
    modal,
    name_of,
    say,
    section,
    text_input,
)
from services.lines import Standing
from services.open_hours import InLine, OnNow
from services.open_hours_letters import AreYouThere, PlaceCard, YourTurn

ABOUT = "about"
ABOUT_MOST = 150
OTHERS_MOST = 5


def join_button(session: Session) -> Element:
    """Return the button with which a student stands in line; it may be pressed a little before the hours begin."""
    return button("Join the line", f"open_hours.join#{session.id}", session.id, "primary")


def in_line(done: InLine, zone: ZoneInfo) -> Rendered:
    """Return the answer to a student's press: where they stand now."""
    del zone
    found = done.standing
    return Rendered(_words(found), [section(_words(found)), *_controls(found)])


def card(found: PlaceCard, zone: ZoneInfo) -> Rendered:
    """Return a student's place as it is now."""
    del zone
    shown = found.standing
    blocks = [section(_words(shown)), *_controls(shown)]
    if shown.place.state is PlaceState.WAITING and shown.is_open:
        blocks.append(context(_UP_TO_DATE if shown.before < NEAR else _NOW_AND_THEN))
    return Rendered(_words(shown), blocks)


_UP_TO_DATE = "I keep this up to date, and write when it is your turn."
_NOW_AND_THEN = (
    f"I bring this up to date about every {FAR_STEP} places, then with every step, and write when it is your turn. "
    "Home shows your place as it is now."
)


def rows(found: Sequence[Standing]) -> list[Block]:
    """Return where a student stands in line now, for an overview of theirs."""
    return [block for one in found for block in (section(_words(one)), *_controls(one))]


def home_rows(found: OnNow, zone: ZoneInfo) -> list[Block]:
    """Return the part of Home about the lines that are open now; nothing where none is."""
    blocks = rows(found.standing)
    for session, ta in found.others[:OTHERS_MOST]:
        topic = f", {escape(cut(session.topic, 100))}" if session.topic else ""
        until = date(session.open_until_at, zone)
        blocks.append(section(f"{name_of(ta)}'s open hours until {until}{topic}", join_button(session)))
    return [divider(), section("*Open hours now*: no booking needed"), *blocks] if blocks else []


def turn(found: YourTurn, zone: ZoneInfo) -> Rendered:
    """Return that a TA has time for a student now."""
    del zone
    shown = found.standing
    return say(
        f":wave: It is your turn: {mention(shown.with_ta)} has time for you now. {_place(shown)}", *_controls(shown)
    )


def there(found: AreYouThere, zone: ZoneInfo) -> Rendered:
    """Return the question whether someone is there who was called."""
    del zone
    shown = found.standing
    return say(
        f"It was your turn with {mention(shown.with_ta)}, and we may have missed each other. Are you there? Your place "
        "in line stays yours, and nothing is held against you.",
        *_controls(shown),
    )


def about_form(place: LinePlace) -> View:
    """Return the form for a question in a word."""
    words = text_input(ABOUT, most=ABOUT_MOST, hint="hw3, step 2")
    hint = "The TA sees this, and may take people with the same question together."
    return modal(
        "What is it about?",
        [field_of(ABOUT, "In a few words", words | ({"initial_value": place.about} if place.about else {}), hint=hint)],
        callback_id="open_hours.about",
        submit="Save",
        metadata=place.id,
    )


def _words(found: Standing) -> str:
    whose = f"{name_of(found.with_ta)}'s open hours"
    match found.place.state:
        case PlaceState.WAITING if not found.is_open:
            return f"{whose} are over. I write to you about what else there is."
        case PlaceState.WAITING:
            return f":hourglass_flowing_sand: You are *{_ordinal(found.before + 1)} in line* in {whose}. {_time(found)}"
        case PlaceState.OUT:
            return f"You have stepped out of the line in {whose}. Your place stays yours: come back when you can."
        case PlaceState.CALLED:
            return f":wave: It is your turn with {name_of(found.with_ta)}. {_place(found)}"
        case PlaceState.HELPED:
            return f"You have been with {name_of(found.with_ta)}. If something is left open, you can join again."
        case PlaceState.LEFT:
            return f"You have left the line in {whose}. You can join again at any time."
        case _:
            return f"{whose} ended before it was your turn. I write to you about the next slot, which you get first."


def _time(found: Standing) -> str:
    about = f"Your question: “{escape(cut(found.place.about, ABOUT_MOST))}”. " if found.place.about else ""
    if found.session.started_at is None:
        return f"{about}It begins when the TA takes the first one."
    if not found.before:
        return f"{about}You are next."
    return f"{about}It takes about {found.before * found.minutes_each} minutes, as it goes so far."


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in range(11, 14) else ending}"


def _place(found: Standing) -> str:
    return f":round_pushpin: {escape(cut(found.session.place, 500))}" if found.session.place else ""


def _controls(found: Standing) -> list[Block]:
    """Return what a student can press, by where they stand; nothing once the line is over."""
    place_id = found.place.id
    leave = button("Leave the line", "open_hours.leave", place_id)
    if not found.is_open:
        return []
    match found.place.state:
        case PlaceState.WAITING:
            about = "Say what about" if not found.place.about else "Change what about"
            step_out = button("Step out", "open_hours.step_out", place_id)
            return [actions(button(about, "open_hours.about", place_id), step_out, leave)]
        case PlaceState.OUT:
            return [actions(button("I'm here", "open_hours.come_back", place_id, "primary"), leave)]
        case PlaceState.CALLED:
            return [actions(button("I can't just now", "open_hours.step_out", place_id), leave)]
        case _:
            return [actions(button("Join again", "open_hours.join", found.session.id))]


RENDERERS: Renderers = {PlaceCard: card, YourTurn: turn, AreYouThere: there}
