"""Rotas and owners as organizers see them: whose each duty, assignment and section is, and the forms to change it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from cohort.roster import Member
from cohort.rotas import Duty
from handlers.views.assignments import title_of
from handlers.views.blocks import (
    OPTIONS_MOST,
    Block,
    Element,
    Rendered,
    View,
    actions,
    button,
    context,
    cut,
    escape,
    field_of,
    mention,
    modal,
    name_of,
    option,
    plain_date,
    say,
    section,
    select,
)
from handlers.views.blocks import date as moment_of
from handlers.views.roster import DUTIES, week_words
from services.duties import DutySet
from services.events import Shown
from services.graders import Graders
from services.rotas import GradedBy, LedBy, Overview, Rota, Turn

GRADED_MOST, SECTIONS_MOST, LATER_MOST = 12, 8, 12
PEOPLE_MOST: Final = 10
# With a hundred people to choose from, a view has room for this many weeks.
WEEKS_MOST: Final = 12
GRADERS, LEADER, FROM, UNTIL = "graders", "leader", "from", "until"
PLACES: Final = (
    "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
)  # fmt: skip


def overview(found: Overview, zone: ZoneInfo) -> Rendered:
    """Return whose everything is, each with its form one press away."""
    blocks = [block for rota in found.rotas for block in _rota(rota)]
    which = f" with “{escape(cut(found.words, 60))}”" if found.words else ""
    graded = [_graded(one) for one in found.graded[:GRADED_MOST]]
    sections = [_section(one, zone) for one in found.sections[:SECTIONS_MOST]]
    return Rendered(
        "Rotas and owners",
        [
            *blocks,
            section(f"*Who grades what*{which}: {len(found.graded)}"),
            *graded,
            *_more(len(found.graded) - GRADED_MOST),
            section(f"*Who leads which section*{which}: {len(found.sections)}"),
            *sections,
            *_more(len(found.sections) - SECTIONS_MOST),
            context(
                "A changed week or section is told to those concerned. `/cohort handover @ta` hands over all of a TA's."
            ),
        ],
    )


def _more(left: int) -> list[Block]:
    return [context(f"and {left} more: `/cohort rotas words` finds fewer")] if left > 0 else []


def _rota(rota: Rota) -> Iterator[Block]:
    name, what, _ = DUTIES[rota.duty]
    this, following, *later = rota.turns
    lines = [
        f"*{name.capitalize()}*",
        f"• this week: {_holder(this, what)}",
        f"• next week: {_holder(following, what)}",
    ]
    named = [turn for turn in later if turn.member is not None]
    if named:
        lines.append("• then " + ", ".join(_later(turn) for turn in named[:LATER_MOST]))
    yield section("\n".join(lines))
    yield actions(
        button("Change weeks", f"rotas.weeks#{rota.duty}", rota.duty),
        button("Take turns", f"rotas.turns#{rota.duty}", rota.duty),
    )


def _holder(turn: Turn, what: str) -> str:
    if turn.member is None:
        return f"nobody, so {what} are for whoever is free"
    return mention(turn.member) if turn.is_there else f"{mention(turn.member)}, who is not there at the moment"


def _later(turn: Turn) -> str:
    return f"{_day(turn.week_on)} {name_of(turn.member) if turn.member else 'nobody'}"


def _day(on: date) -> str:
    return f"{on.day} {on:%b}"


def _graded(one: Graders) -> Block:
    people = ", ".join(mention(member) for member in one.people) or "whoever is free"
    accessory = button("Change", f"rotas.graders#{one.assignment.id}", one.assignment.id)
    return section(f"{title_of(one.assignment)}: {people}", accessory)


def _section(one: Shown, zone: ZoneInfo) -> Block:
    leader = mention(one.facilitator) if one.facilitator else "*nobody yet*"
    when = moment_of(one.event.starts_at, zone)
    accessory = button("Change", f"rotas.leader#{one.event.id}", one.event.id)
    return section(f"*{escape(cut(one.event.title, 80))}*, {when}: {leader}", accessory)


def weeks_form(rota: Rota) -> View:
    """Return the form in which each week of a rota is somebody's."""
    name = DUTIES[rota.duty][0]
    shown, later = rota.turns[:WEEKS_MOST], rota.turns[WEEKS_MOST:]
    blocks: list[Block] = [section(f"Whose *{name}* is in which week. A week goes to somebody else, never to nobody.")]
    blocks += [_week_field(rota, turn) for turn in shown]
    if later:
        blocks.append(context("Later weeks: “Take turns”, or `/cohort duty @ta 2026-07-06`."))
    metadata = _seen(rota.duty, shown)
    return modal(name.capitalize(), blocks, callback_id="rotas.weeks", submit="Save", metadata=metadata)


def _week_field(rota: Rota, turn: Turn) -> Block:
    block = week_block(turn.week_on)
    known = turn.member.id if turn.member else None
    element = _people(block, _with(rota.staff, turn.member), known)
    return field_of(block, _label(turn.week_on), element, optional=True)


def _with(staff: Sequence[Member], *owners: Member | None) -> list[Member]:
    """Return whom a form offers: the staff, and before them whose it is, who may not be of the staff any more."""
    before = [owner for owner in owners if owner is not None and owner not in staff[:OPTIONS_MOST]]
    return [*before, *(member for member in staff if member not in before)]


def _label(week_on: date) -> str:
    words = week_words(week_on)
    return words[:1].upper() + words[1:]


def week_block(week_on: date) -> str:
    """Return the name of the field of a week."""
    return f"week_{week_on.isoformat()}"


def turns_form(rota: Rota) -> View:
    """Return the form in which people take turns in an order, to begin with as they do now."""
    name = DUTIES[rota.duty][0]
    now = list(dict.fromkeys(turn.member.id for turn in rota.turns if turn.member is not None))
    weeks = [option(_label(turn.week_on), turn.week_on.isoformat()) for turn in rota.turns]
    first, last = rota.turns[0].week_on.isoformat(), rota.turns[-1].week_on.isoformat()
    people = [
        field_of(place_block(n), PLACES[n], _people(place_block(n), rota.staff, now[n] if n < len(now) else None),
                 optional=n > 0)
        for n in range(min(PEOPLE_MOST, max(1, len(rota.staff))))
    ]  # fmt: skip
    blocks: list[Block] = [
        section(f"People take turns at *{name}*, a week each, in this order. Weeks that are others' go over to them."),
        *people,
        field_of(FROM, "From", select(FROM, weeks, first)),
        field_of(UNTIL, "Until", select(UNTIL, weeks, last)),
    ]
    metadata = _seen(rota.duty, rota.turns)
    return modal("Take turns", blocks, callback_id="rotas.turns", submit="Save", metadata=metadata)


def place_block(place: int) -> str:
    """Return the name of the field of a place in the order, from 0 on."""
    return f"place_{place}"


def _seen(duty: Duty, turns: Sequence[Turn]) -> str:
    """Return what a form was opened with: the duty, its first week, and whose each week was."""
    return f"{duty}|{turns[0].week_on}|{','.join(turn.member.id if turn.member else '' for turn in turns)}"


def _people(action_id: str, people: Sequence[Member], chosen: str | None) -> Element:
    return select(action_id, _options(people), chosen, hint="Nobody yet")


def _options(people: Sequence[Member]) -> list[dict[str, object]]:
    return [option(member.called, member.id) for member in people[:OPTIONS_MOST]]


def graders_form(found: GradedBy) -> View:
    """Return the form for who grades an assignment."""
    one, options = found.graders, _options(_with(found.staff, *found.graders.people))
    ids = {member.id for member in one.people}
    element: Element = {"type": "multi_static_select", "action_id": GRADERS, "options": options}
    chosen = [each for each in options if each["value"] in ids]
    if chosen:
        element["initial_options"] = chosen
    blocks = [
        section(title_of(one.assignment)),
        field_of(GRADERS, "Who grades it", element),
        context("What is handed in from now on goes to the one who holds least. What waits stays with whose it is."),
    ]
    metadata = f"{one.assignment.id}|{','.join(sorted(ids))}"
    return modal("Who grades it", blocks, callback_id="rotas.graders", submit="Save", metadata=metadata)


def leader_form(found: LedBy, zone: ZoneInfo) -> View:
    """Return the form for who leads a section; its time is written in a zone."""
    one = found.shown
    known = one.event.facilitator_id or ""
    when = plain_date(one.event.starts_at, zone)
    element = _people(LEADER, _with(found.staff, one.facilitator), known or None)
    blocks = [section(f"*{escape(cut(one.event.title, 100))}*, {when}"), field_of(LEADER, "Who leads it", element)]
    metadata = f"{one.event.id}|{known}"
    return modal("Who leads it", blocks, callback_id="rotas.leader", submit="Save", metadata=metadata)


def changed(duty: Duty, done: Sequence[DutySet]) -> Rendered:
    """Say which weeks changed hands."""
    name = DUTIES[duty][0]
    if not done:
        return say(f"The rota of {name} was like that already; nothing was changed.")
    lines = [f"• {week_words(one.week_on)}: {_handed(one)}" for one in done]
    return say("\n".join([f":white_check_mark: The rota of {name} is changed; who is concerned hears of it.", *lines]))


def _handed(one: DutySet) -> str:
    return f"{name_of(one.member)} instead of {name_of(one.before)}" if one.before else name_of(one.member)


def led(one: Shown) -> Rendered:
    """Say who leads a section."""
    leader = name_of(one.facilitator) if one.facilitator else "nobody"
    return say(f":white_check_mark: {escape(one.event.title)} is led by {leader}.")
