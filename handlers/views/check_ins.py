"""Check-ins as people see them: the weekly questions, the form, the answers, and the weeks in sums for organizers."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.check_ins import MOODS, CheckIn, Wish
from cohort.policy import CheckInPolicy
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
    modal,
    name_of,
    option,
    say,
    section,
    select,
    text_input,
)
from services.check_in_answers import Answered
from services.check_in_weeks import CheckInReport, WeekSums, named
from services.check_ins import CheckInCard
from services.pictures import CheckInPicture

HOURS, MOOD, OBSTACLE, WISH, NOTE = "hours", "mood", "obstacle", "wish", "note"
NOTE_MOST, BAR = 2000, 20
FACES = {1: "1 :disappointed:", 2: "2 :worried:", 3: "3 :neutral_face:", 4: "4 :slightly_smiling_face:", 5: "5 :smile:"}
WISHES = {
    Wish.OFFICE_HOURS: "Office hours",
    Wish.EXTENSION: "More time",
    Wish.TALK: "A talk",
    Wish.NOTHING: "Nothing, thanks",
}


def card(found: CheckInCard, zone: ZoneInfo) -> Rendered:
    """Return the weekly questions, with what was answered so far."""
    del zone
    one, name = found.check_in, name_of(found.student)
    if one.skipped_at is not None:
        return say(f"Hi {name}, this week's check-in is left out. `/checkin` brings it back whenever you like.")
    opening = "just in case this slipped by" if found.is_reminder else "a minute for you"
    text = f"Hi {name}, {opening}: how is your week going? 1 is hard going, 5 is great."
    again = context("You can also write back, like “12 hours, stuck on backprop”.")
    blocks = [section(text), actions(*[_face(one, number) for number in MOODS])]
    if one.answered_at is not None:
        blocks.append(context(f":white_check_mark: Kept: {_said(one)}. You can change it any time."))
    blocks.append(section("What is in the way, if anything?", _obstacles(one.id, found.policy)))
    blocks.append(section("Anything you want from us?"))
    blocks.append(actions(*[button(words, f"check_ins.{wish}", one.id) for wish, words in WISHES.items()]))
    form = button("Hours and a note", "check_ins.form", one.id, "primary")
    if one.answered_at is not None:
        return Rendered("How is your week going?", [*blocks, actions(form), again])
    skips = [
        button("Skip this week", "check_ins.skip", one.id),
        button("Ask me tomorrow", "check_ins.snooze", one.id),
        button("Pause for four weeks", "check_ins.pause", one.id),
    ]
    return Rendered("How is your week going?", [*blocks, actions(form, *skips), again])


def _face(one: CheckIn, number: int) -> Element:
    style = "primary" if one.mood == number else None
    return button(FACES[number], f"check_ins.mood#{number}", f"{one.id}|{number}", style)


def _obstacles(check_in_id: str, policy: CheckInPolicy) -> Element:
    options = [option(words, f"{check_in_id}|{place}") for place, words in enumerate(policy.obstacles)]
    return select("check_ins.obstacle", options, hint="Choose one")


def _said(one: CheckIn) -> str:
    parts = [f"{one.mood} of 5"] if one.mood is not None else []
    parts += [f"{one.hours:g} hours"] if one.hours is not None else []
    parts += [escape(one.obstacle)] if one.obstacle else []
    parts += [WISHES[one.wish].lower()] if one.wish not in {None, Wish.NOTHING} else []
    parts += ["your words"] if one.note else []
    return ", ".join(parts) or "that you looked in"


def form(answered: Answered) -> View:
    """Return the form, with what was answered before filled in."""
    one, policy = answered.check_in, answered.policy
    moods = [option(FACES[number], str(number)) for number in MOODS]
    obstacles = [option(words, str(place)) for place, words in enumerate(policy.obstacles)]
    chosen = str(policy.obstacles.index(one.obstacle)) if one.obstacle in policy.obstacles else None
    wishes = [option(words, wish.value) for wish, words in WISHES.items()]
    blocks: list[Block] = [
        field_of(HOURS, "Hours this week", _filled(text_input(HOURS, most=10, hint="12"), _hours(one)), optional=True),
        field_of(MOOD, "How is it going?", select(MOOD, moods, str(one.mood) if one.mood else None), optional=True),
        field_of(OBSTACLE, "What is in the way?", select(OBSTACLE, obstacles, chosen), optional=True),
        field_of(
            NOTE,
            "In your own words",
            _filled(text_input(NOTE, multiline=True, most=NOTE_MOST), one.note),
            optional=True,
            hint="Read by nobody but whoever follows up with you.",
        ),
        field_of(WISH, "Anything you want from us?", select(WISH, wishes, one.wish), optional=True),
    ]
    return modal("Check-in", blocks, callback_id="check_ins.answer", submit="Keep it", metadata=one.id)


def _filled(element: Element, value: str) -> Element:
    return element | ({"initial_value": value} if value else {})


def _hours(one: CheckIn) -> str:
    return "" if one.hours is None else f"{one.hours:g}"


def kept(answered: Answered) -> Rendered:
    """Return that a press is kept."""
    return say(f":white_check_mark: Kept: {_said(answered.check_in)}.")


def noted(answered: Answered) -> Rendered:
    """Return what was understood, and how to change it."""
    one = answered.check_in
    more = " A TA will write to you." if one.wish is Wish.TALK else ""
    change = actions(button("Change it", "check_ins.form", one.id))
    return say(f":white_check_mark: Thank you, kept for the week of {_day(one)}: {_said(one)}.{more}", change)


def _day(one: CheckIn) -> str:
    return f"{one.week_on.day} {one.week_on:%b}"


def skipped(answered: Answered) -> Rendered:
    """Return that a week is left out."""
    if answered.check_in.skipped_at is None:
        return say("You have answered already, and that stays.")
    return say("All right, not this week. `/checkin` is there whenever you like.")


def snoozed(answered: Answered) -> Rendered:
    """Return that it comes again."""
    if not answered.check_in.is_open:
        return say("This one is settled already; nothing more comes of it.")
    return say("All right, I'll bring it up tomorrow at this time.")


def paused(until_at: datetime, zone: ZoneInfo) -> Rendered:
    """Return until when nothing is asked."""
    return say(f"All right, no check-ins until {date(until_at, zone)}. `/checkin` ends the pause.")


def report(found: CheckInReport) -> Rendered:
    """Return the weeks in sums: hours against what is promised, mood by week, obstacles, and how many answered."""
    if not found.weeks:
        return say("No check-ins yet: the first come in the programme's first week.")
    newest = found.newest
    blocks = [section(f"*Check-ins, week of {_monday(newest)}*\n{_answered(newest)}")]
    hours = {words: newest.hours[place] for place, words in named(found.policy).items() if place in newest.hours}
    blocks.append(section(f"*Hours*\n{_bars(hours)}"))
    blocks.append(section(f"*In the way*\n{_bars(newest.obstacles)}"))
    lines = [f"`{_monday(week):>6}` {_mood(week)}  {_answered(week)}" for week in found.weeks]
    blocks.append(section(cut("*How it goes, week by week*\n" + "\n".join(lines), 2900)))
    picture = " The week in one picture follows in a direct message." if found.has_picture else ""
    said = "Sums of five or more. What students wrote is read by whoever follows them up."
    blocks.append(context(f"{said}{picture}"))
    return Rendered("Check-ins", blocks)


def _bars(counted: Mapping[str, int]) -> str:
    if not counted:
        return "fewer than five of each, not shown"
    most = max([1, *counted.values()])
    lines = [f"`{'█' * round(BAR * n / most):<{BAR}}` {n}  {escape(words)}" for words, n in counted.items()]
    return cut("\n".join(lines), 2500)


def _monday(week: WeekSums) -> str:
    return f"{week.week_on.day} {week.week_on:%b}"


def _answered(week: WeekSums) -> str:
    return f"{week.answered} of {week.asked} answered"


def _mood(week: WeekSums) -> str:
    if week.mood is None:
        return f"`{'·' * 10}` (few answers)"
    full = round(week.mood * 2)
    return f"`{'█' * full}{'·' * (10 - full)}` {week.mood:.1f}"


def picture(found: CheckInPicture, zone: ZoneInfo) -> Rendered:
    """Return what goes with the picture of the check-ins."""
    del zone
    weeks = "one week" if found.weeks == 1 else f"{found.weeks} weeks"
    return say(f"The check-ins of {weeks} in one picture: hours, how it goes, what is in the way, and who answered.")


RENDERERS: Renderers = {CheckInCard: card, CheckInPicture: picture}
