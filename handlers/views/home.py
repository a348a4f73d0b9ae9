"""The Home tab: what is next for the person who opens it."""

from collections.abc import Sequence
from datetime import datetime

from cohort.roster import Member
from handlers.views.assignments import title_of
from handlers.views.blocks import Block, View, actions, button, context, date, divider, header, mention, section
from handlers.views.extension_decisions import decide_row
from handlers.views.handovers import home_rows
from services.extensions import Choice, Listed

MOST = 20


def home(
    member: Member,
    due: Sequence[Choice],
    waiting: Sequence[Listed],
    now: datetime,
    absence: tuple[datetime, datetime | None] | None = None,
    more: Sequence[Block] = (),
) -> View:
    """Return Home for a member: for a student what is due, for staff what waits for an answer.

    `absence` is since when someone of the staff is away, and until when, if that is known. `more` is what other
    features show below.
    """
    blocks = [header(f"Hello, {member.called}")]
    blocks += _staff(waiting, member) if member.is_staff else _student(due, waiting, member, now)
    if member.is_staff and member.is_active(now):
        blocks += [divider(), *home_rows(absence, member.tz)]
    blocks += more
    blocks.append(context("`/cohort help` shows all you can do, `/cohort policy` the rules in plain words."))
    return {"type": "home", "blocks": blocks}


def stranger() -> View:
    """Return Home for someone who is not on the roster."""
    text = (
        "This is the bot of a cohort programme. I don't find you on its roster. If you take part or teach in it, "
        "ask an organizer to add the email address of your Slack account."
    )
    return {"type": "home", "blocks": [header("Welcome"), section(text)]}


def _student(due: Sequence[Choice], waiting: Sequence[Listed], member: Member, now: datetime) -> list[Block]:
    if not due:
        blocks = [section("Nothing is open for you right now.")]
    else:
        blocks = [section("*What is open, the earliest due first*")]
        for choice in due[:MOST]:
            blocks += _due_lines(choice, member, now)
    if waiting:
        blocks += [divider(), section("*Waiting for an answer*")]
    for entry in waiting[:MOST]:
        asked = date(entry.request.asked_at, member.tz)
        take_back = button("Take it back", "extensions.withdraw", entry.request.id)
        blocks.append(section(f"{title_of(entry.assignment)}, asked {asked}", take_back))
    return blocks


def _due_lines(choice: Choice, member: Member, now: datetime) -> list[Block]:
    is_due = "is due" if now < choice.due_at else "was due"
    ways = actions(
        button("Hand in", "hand_ins.form", choice.assignment.id),
        button("More time", "extensions.form", choice.assignment.id),
    )
    return [section(f"{title_of(choice.assignment)} {is_due} {date(choice.due_at, member.tz)}"), ways]


def _staff(waiting: Sequence[Listed], member: Member) -> list[Block]:
    if not waiting:
        return [section("Nobody waits for an answer about more time. :herb:")]
    blocks = [section(f"*{len(waiting)} waiting for an answer about more time*, the oldest first")]
    for entry in waiting[:MOST]:
        by = date(entry.request.review_by_at, member.tz)
        blocks.append(section(f"{mention(entry.student)}: {title_of(entry.assignment)}, to be answered by {by}"))
        blocks.append(decide_row(entry.request))
    return blocks
