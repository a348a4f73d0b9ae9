"""What is said about the roster: statuses, the rota, excuses, and accounts that are not known."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from cohort.roster import Member, Status
from handlers.views.assignments import title_of
from handlers.views.blocks import Rendered, Renderers, context, cut, escape, first_day, mention, name_of, say, section
from services.accounts import EmailNote, UnlinkedNote
from services.duties import EXTENSIONS, QUESTIONS, DutyNote, DutySet, DutyWeek, RotaNote
from services.excuses import Excused, ExcuseNote
from services.roster import StatusChanged, StatusNote

LISTED_MOST = 40
# What each duty is called, what is for whoever is free without it, and how it is named in the command.
DUTIES = {EXTENSIONS: ("extension duty", "requests", ""), QUESTIONS: ("question duty", "questions", "questions ")}
IS_NOW = {
    Status.ACTIVE: "is back and takes part again",
    Status.PAUSED: "is paused now",
    Status.WITHDRAWN: "has withdrawn now",
}
WAS_ALREADY = {
    Status.ACTIVE: "takes part already",
    Status.PAUSED: "is paused already",
    Status.WITHDRAWN: "has withdrawn already",
}
TELLS_PAUSED = (
    "You are paused now. Rest: nothing is due for you, I won't remind you of anything, and requests for more "
    "time that were open are closed because they are not needed."
)
TELLS = {
    Status.ACTIVE: (
        "Welcome back! You are taking part again from now on. `/extension` shows what is due, and if any of it "
        "comes too soon, ask for more time: that is what it is for."
    ),
    Status.PAUSED: f"{TELLS_PAUSED} When you want to come back, tell an organizer.",
    Status.WITHDRAWN: (
        "You have left the programme, so nothing is due for you any more and I won't write to you about work. "
        "Thank you for the time you were with us; what you did stays yours. If you would like to come back, or if "
        "this is a mistake, say so: it can be undone."
    ),
    Status.GRADUATED: (
        ":tada: You have graduated. Congratulations! Nothing is due for you any more, and I won't remind you of "
        "anything."
    ),
}


def status_changed(changed: StatusChanged, zone: ZoneInfo) -> Rendered:
    """Return what an organizer reads about a change they made."""
    student = changed.student
    if not changed.is_new:
        return say(f"{name_of(student)} {WAS_ALREADY[student.status]}; nothing was changed.")
    until = f" until {first_day(changed.back_at, zone)}" if changed.back_at else ""
    text = f":white_check_mark: {name_of(student)} {IS_NOW[student.status]}{until}, and gets a message about it."
    if student.slack_id is None:
        text = (
            f":white_check_mark: {name_of(student)} {IS_NOW[student.status]}{until}. I don't know their Slack account, "
            "so please tell them yourself."
        )
    if changed.lapsed:
        text += f" {_requests(changed.lapsed)} closed with it."
    return say(text)


def _requests(count: int) -> str:
    return "One open request for more time is" if count == 1 else f"{count} open requests for more time are"


def status_note(note: StatusNote, zone: ZoneInfo) -> Rendered:
    """Return what a student reads about their new status."""
    who = mention(note.contact) if note.contact else "an organizer"
    text = TELLS.get(note.student.status, "Your place in the programme has changed.")
    if note.back_at is not None:
        text = f"{TELLS_PAUSED} From {first_day(note.back_at, zone)} on you take part again; sooner, tell an organizer."
    return say(f"Hello {name_of(note.student)}. {text}", context(f"Questions? Write to {who}, who will be glad to."))


def rota(weeks: Sequence[DutyWeek], this_week_on: date) -> Rendered:
    """Return who decides extensions and who answers questions in which week."""
    first, *others = [_duty_weeks(duty, [one for one in weeks if one.duty == duty], this_week_on) for duty in DUTIES]
    return say(first, *(section(text) for text in others))


def _duty_weeks(duty: str, weeks: Sequence[DutyWeek], this_week_on: date) -> str:
    name, what, sub = DUTIES[duty]
    if not weeks:
        return f"Nobody is on {name}, so {what} are for whoever is free. `/cohort duty {sub}@ta` sets it."
    lines = [
        f"• {week_words(entry.week_on)}: {mention(entry.member)}{' (this week)' if entry.is_this_week else ''}"
        for entry in weeks[:LISTED_MOST]
    ]
    if weeks[0].week_on != this_week_on:
        lines.insert(0, f"• this week: nobody, so {what} are for whoever is free")
    return f"*{name.capitalize()}*\n" + "\n".join(lines)


def duty_set(done: DutySet) -> Rendered:
    """Return what someone reads about a week they gave to a TA."""
    name = DUTIES[done.duty][0]
    if not done.is_new:
        return say(f"{name_of(done.member)} has {name} in {week_words(done.week_on)} already.")
    instead = f" instead of {name_of(done.before)}" if done.before else ""
    return say(f":white_check_mark: {name_of(done.member)} has {name} in {week_words(done.week_on)}{instead}.")


def duty_note(note: DutyNote, zone: ZoneInfo) -> Rendered:
    """Return what a TA reads when a week became theirs or went to someone else."""
    del zone
    week, by, name = week_words(note.week_on), name_of(note.by), DUTIES[note.duty][0]
    if not note.is_yours:
        return say(f"{by} gave {name} in {week} to {name_of(note.holder)}, so it is not yours any more.")
    if note.duty == QUESTIONS:
        return say(
            f"{by} put you on {name} in {week}: what students ask comes to you first then. `/cohort duty` has the rota."
        )
    return say(
        f"{by} put you on {name} in {week}: requests for more time are yours to decide then. "
        "`/extension list` shows what waits, `/cohort duty` the rota."
    )


def rota_note(note: RotaNote, zone: ZoneInfo) -> Rendered:
    """Return what a TA reads when several weeks changed hands at once."""
    del zone
    by, name = name_of(note.by), DUTIES[note.duty][0]
    if not note.weeks:
        return say(f"{by} changed the rota of {name}: no week of it is yours any more. `/cohort duty` has the rota.")
    lines = [f"• {week_words(week_on)}" for week_on in note.weeks[:LISTED_MOST]]
    return say("\n".join([f"{by} changed the rota of {name}. These weeks are yours now:", *lines]))


def week_words(week_on: date) -> str:
    """Return how a week is called, by its Monday."""
    last = week_on + timedelta(days=6)
    return f"the week of {week_on.day} {week_on:%b} to {last.day} {last:%b}"


def excused(done: Excused) -> Rendered:
    """Return what an organizer reads about a waiver."""
    what = f"{name_of(done.student)} need not hand in {title_of(done.assignment)}"
    return say(f":white_check_mark: {what}." if done.is_new else f"{what}; that was so already.")


def excuse_note(note: ExcuseNote, zone: ZoneInfo) -> Rendered:
    """Return what a student reads about a waiver."""
    del zone
    text = (
        f"{name_of(note.by)} has excused you from {title_of(note.assignment)}: you need not hand it in, and "
        "nothing about it counts as late or missing."
    )
    reason = f"The reason, which only organizers and you can read: {escape(note.reason)}"
    return say(text, *([context(reason)] if note.reason else []))


def unlinked(members: Sequence[Member]) -> Rendered:
    """Return whom the bot can't reach."""
    if not members:
        return say("Everyone on the roster has a Slack account that I know.")
    return _unlinked(members)


def unlinked_note(note: UnlinkedNote, zone: ZoneInfo) -> Rendered:
    """Return the daily list of those the bot can't reach."""
    del zone
    return _unlinked(note.members)


def _unlinked(members: Sequence[Member]) -> Rendered:
    count = "One member of the roster has" if len(members) == 1 else f"{len(members)} members of the roster have"
    lines = [f"• {escape(member.email)} ({name_of(member)})" for member in members[:LISTED_MOST]]
    if len(members) > LISTED_MOST:
        lines.append(f"• and {len(members) - LISTED_MOST} more; `python -m bot export roster` shows all")
    text = f"{count} no Slack account with the address on the roster, so I can't write to them:\n"
    hint = (
        "Correct the address in the roster file and import it again, or ask them to join with this address. "
        "I link them by myself as soon as they match."
    )
    return say(cut(text + "\n".join(lines), 2900), context(hint))


def email_note(note: EmailNote, zone: ZoneInfo) -> Rendered:
    """Return what organizers read about an address that changed in Slack."""
    del zone
    return say(
        f"{name_of(note.member)} has another address in Slack than on the roster ({escape(note.member.email)}). "
        "Nothing was changed: they stay linked, and imports know them by the roster's address."
    )


RENDERERS: Renderers = {
    StatusNote: status_note,
    DutyNote: duty_note,
    RotaNote: rota_note,
    ExcuseNote: excuse_note,
    UnlinkedNote: unlinked_note,
    EmailNote: email_note,
}
