"""The list of who was there at a section, a talk or a social, and what is answered about it."""

from collections import Counter
from collections.abc import Collection, Sequence

from cohort.roster import Member
from handlers.views.blocks import (
    OPTIONS_MOST,
    Block,
    Element,
    Rendered,
    View,
    context,
    escape,
    field_of,
    modal,
    option,
    say,
    section,
)
from services.attendance import Noted, Roll
from services.events import Shown

WHO = "who"


def list_form(roll: Roll) -> View:
    """Return the form to tick who was there: those who signed up first, up to a hundred in a menu."""
    twice = Counter(member.called.casefold() for member in roll.people)
    fields: list[Block] = []
    for label, people in (("Signed up", roll.signed_up), ("Others", roll.others)):
        fields += _fields(label, people, roll.there, twice, len(fields))
    text = f"*{escape(roll.event.title)}*: who was there? What you leave here is what counts."
    blocks = [section(text), *fields]
    if not fields:
        return modal("Who was there", [*blocks, context("There are no students yet.")])
    metadata = f"{roll.event.id}|{roll.at.isoformat()}"
    return modal("Who was there", blocks, callback_id="attendance.list", submit="Keep", metadata=metadata)


def _fields(
    label: str, people: Sequence[Member], there: Collection[str], twice: Counter[str], number: int
) -> list[Block]:
    parts = [people[at : at + OPTIONS_MOST] for at in range(0, len(people), OPTIONS_MOST)]
    names = [label] if len(parts) == 1 else [f"{label}, {_from_to(part)}" for part in parts]
    return [
        field_of(f"{WHO}{number + n}", name, _ticks(f"{WHO}{number + n}", part, there, twice), optional=True)
        for n, (name, part) in enumerate(zip(names, parts, strict=True))
    ]


def _from_to(part: Sequence[Member]) -> str:
    """Return between which names a menu goes, in a few letters each."""
    return f"{part[0].called[:20]} to {part[-1].called[:20]}"


def _ticks(action_id: str, people: Sequence[Member], there: Collection[str], twice: Counter[str]) -> Element:
    options = [option(_label(member, twice), member.id) for member in people]
    chosen = [one for one in options if one["value"] in there]
    element: Element = {"type": "multi_static_select", "action_id": action_id, "options": options}
    return element | ({"initial_options": chosen} if chosen else {})


def _label(member: Member, twice: Counter[str]) -> str:
    return f"{member.called} ({member.email})" if twice[member.called.casefold()] > 1 else member.called


def noted(done: Noted) -> Rendered:
    """Return what a list changed."""
    people = {0: "nobody was there", 1: "one was there"}.get(len(done.there), f"{len(done.there)} were there")
    changes = [f"{done.added} added"] if done.added else []
    changes += [f"{done.removed} taken out"] if done.removed else []
    changed = ", ".join(changes) or "nothing changed"
    return say(f":white_check_mark: *{escape(done.event.title)}*: {people} ({changed}).")


def here(one: Shown) -> Rendered:
    """Return that a student's being there is noted."""
    return say(f":white_check_mark: Noted: you are at *{escape(one.event.title)}*. Have a good one!")
