"""What is said about handing over: the form, the answers, and what everyone concerned reads."""

from collections.abc import Iterable, Sequence
from datetime import date as day
from datetime import datetime
from zoneinfo import ZoneInfo

from cohort.roster import Member
from handlers.views.blocks import (
    Block,
    Rendered,
    Renderers,
    View,
    actions,
    button,
    context,
    cut,
    day_picker,
    field_of,
    first_day,
    mention,
    modal,
    name_of,
    say,
    section,
)
from services.handover_messages import HandedToYou, HandoverReport, HandoverUndone, Share
from services.handovers import Back, Done, TakenBack

LISTED_MOST = 30
DUTIES = {"duty": "extension duty", "question_duty": "question duty"}


def form() -> View:
    """Return the form in which someone says until when they are away."""
    blocks = [
        section(
            "Everything you hold goes to the others at once, and nothing new comes to you. No reason is asked, and "
            "one press takes it back."
        ),
        field_of(
            "until",
            "Back on",
            day_picker("until", "the first day you are back"),
            optional=True,
            hint="Leave it empty if you don't know yet; /cohort away back ends it.",
        ),
    ]
    return modal("I'm away", blocks, callback_id="handovers.away", submit="Hand over")


def home_rows(absence: tuple[datetime, datetime | None] | None, zone: ZoneInfo) -> list[Block]:
    """Return what a TA's Home says about being away."""
    if absence is None:
        return [actions(button("I'm away until …", "handovers.form"))]
    text = f"You are away{_until(absence[1], zone)}: nothing new comes to you."
    return [section(text, button("I'm back", "handovers.back"))]


def left(done: Done, reader: Member) -> Rendered:
    """Return what whoever handed something over reads."""
    zone, is_own = reader.tz, done.member.id == reader.id
    who = "You are" if is_own else f"{name_of(done.member)} is"
    whose = "What you held" if is_own else "What they held"
    text = f":white_check_mark: {who} away{_until(done.handover.until_at, zone)}. "
    if not done.things:
        text += "There was nothing to hand over, and nothing new comes to " + ("you." if is_own else "them.")
    else:
        text += f"{whose} ({_things(done.things)}) goes to {_people(done.people)}."
    return say(text, actions(_undo(done.handover.id)))


def _undo(handover_id: str) -> Block:
    return button("Undo", "handovers.undo", handover_id)


def _until(until_at: datetime | None, zone: ZoneInfo) -> str:
    return f" until {first_day(until_at, zone)}" if until_at else ""


def _things(count: int) -> str:
    return "one thing" if count == 1 else f"{count} things"


def _people(count: int) -> str:
    told = {0: "whoever is free", 1: "one person, who reads about it"}
    return told.get(count, f"{count} people, each of whom reads about it")


def back(done: Back) -> Rendered:
    """Return what someone reads who is back."""
    text = "Welcome back: what is handed in can come to you again." if done.was_away else "You were not away."
    if done.handover is None:
        return say(text)
    more = "What you handed over stays with the others, unless you take back what nobody has worked on."
    return say(f"{text} {more}", actions(button("Take it back", "handovers.undo", done.handover.id)))


def undone(done: TakenBack) -> Rendered:
    """Return what whoever took a handover back reads."""
    if not done.is_new:
        return say("That was taken back already; nothing was changed.")
    back = f"{_things(done.back).capitalize()} {_is(done.back)} {name_of(done.member)}'s again."
    text = f":white_check_mark: {back if done.back else 'Taken back; there is nothing to give back.'}"
    if done.kept:
        stays = "stays" if done.kept == 1 else "stay"
        text += f" {_things(done.kept).capitalize()} {stays} with those who have worked on them since."
    return say(text)


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def got(note: HandedToYou, zone: ZoneInfo) -> Rendered:
    """Return what someone reads to whom something came."""
    who = name_of(note.from_)
    why = f"{who} takes part no more" if note.is_gone else f"{who} is away{_until(note.handover.until_at, zone)}"
    lines = _lines(note.shares)
    return say(
        f"{why}, so this is yours now:\n{lines}",
        context("`/grade-queue` shows what is yours to grade, `/office-hours` your hours."),
    )


def _lines(shares: Iterable[Share]) -> str:
    return cut("\n".join(f"• {_share(share)}" for share in list(shares)[:LISTED_MOST]), 2500)


def _share(share: Share) -> str:
    """Return one line of what changed hands, by its sort."""
    if share.sort in DUTIES:
        on = day.fromisoformat(share.about)
        return f"{DUTIES[share.sort]} in the week of {on.day} {on:%b}"
    if share.sort == "office_hours":
        on = day.fromisoformat(share.about)
        return f"office hours on {on:%a} {on.day} {on:%b}{'' if share.count == 1 else f', {share.count} times'}"
    if share.sort == "facilitation":
        on = day.fromisoformat(share.about)
        return f"what is led on {on:%a} {on.day} {on:%b}{'' if share.count == 1 else f', {share.count} times'}"
    if share.sort == "follow_ups":
        return "a student to follow up" if share.count == 1 else f"{share.count} students to follow up"
    if share.sort == "regrades":
        return f"`{share.about}`: {'a question' if share.count == 1 else f'{share.count} questions'} about a grade"
    return f"`{share.about}`: {share.count} to grade"


def report(note: HandoverReport, zone: ZoneInfo) -> Rendered:
    """Return what organizers and whose things they were read, with the way to undo it."""
    who = name_of(note.from_)
    if note.is_gone:
        text = f"{who} takes part no more."
    elif note.by is None or note.by.id == note.from_.id:
        text = f"{who} is away{_until(note.handover.until_at, zone)}."
    else:
        text = f"{name_of(note.by)} noted that {who} is away{_until(note.handover.until_at, zone)}."
    if not note.shares:
        text += " There was nothing to hand over."
    for taker, shares in note.shares:
        text += _taken(taker, shares)
    text = cut(text, 2900)
    if note.handover.undone_at is not None:
        return say(text, context("This was undone."))
    return say(text, *([] if note.is_gone else [actions(_undo(note.handover.id))]))


def _taken(taker: Member | None, shares: Sequence[Share]) -> str:
    """Return who has what now; hours that nobody can hold are cancelled."""
    if taker is not None:
        return f"\n*{mention(taker)}*\n{_lines(shares)}"
    hours = [share for share in shares if share.sort == "office_hours"]
    led = [share for share in shares if share.sort == "facilitation"]
    others = [share for share in shares if share not in hours and share not in led]
    free = f"\n*Whoever is free*\n{_lines(others)}" if others else ""
    why = "Cancelled, as nobody is free then; those who booked go first for other slots"
    free += f"\n*{why}*\n{_lines(hours)}" if hours else ""
    return free + (f"\n*Led by nobody yet: name someone with `/cohort event`*\n{_lines(led)}" if led else "")


def undone_note(note: HandoverUndone, zone: ZoneInfo) -> Rendered:
    """Return what those concerned read once a handover is undone."""
    del zone
    if note.reader_id == note.from_.id:
        return say(f"What you handed over is yours again, as far as nobody had worked on it: {_things(note.count)}.")
    who = name_of(note.from_)
    return say(f"{who} is back: {_things(note.count)} that had come to you {_is(note.count)} {who}'s again.")


RENDERERS: Renderers = {HandedToYou: got, HandoverReport: report, HandoverUndone: undone_note}
