"""Groups for a section: the form, the groups as whoever leads it sees them, and what everyone in one is told."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cohort.roster import Member
from handlers.views.blocks import (
    Rendered,
    Renderers,
    View,
    actions,
    button,
    context,
    cut,
    escape,
    field_of,
    in_chunks,
    mention,
    modal,
    name_of,
    option,
    say,
    section,
    select,
)
from services.events import Shown
from services.groups import SIZES, Grouped, YourGroup

SIZE = "size"
USUAL = 4
NAME_MOST = 60
# A message has fifty blocks; beside the groups there are a title, small print and a row of buttons.
CHUNKS_MOST = 46


def form(one: Shown) -> View:
    """Return the form for how large groups are."""
    sizes = [option(f"{size} in each", str(size)) for size in SIZES]
    blocks = [
        section(f"Groups for *{escape(one.event.title)}*, in which people meet whom they have not met in one before."),
        field_of(SIZE, "How many in a group", select(SIZE, sizes, str(USUAL))),
        context("They are made of those who are noted as here; before anyone is, of those who have signed up."),
    ]
    return modal("Make groups", blocks, callback_id="groups.form", submit="Make", metadata=one.event.id)


def made(found: Grouped) -> Rendered:
    """Return the groups, which nobody else has seen yet."""
    event = found.shown.event
    row = actions(
        button("Tell everyone", "groups.tell", event.id, "primary"), button("Another size", "groups.form", event.id)
    )
    return _listed(found, "Nobody is told before you press.", row)


def told(found: Grouped) -> Rendered:
    """Return that everyone is told who is in their group."""
    return _listed(found, ":white_check_mark: Everyone reads in a direct message who is in their group.")


def _listed(found: Grouped, note: str, *rows: dict[str, object]) -> Rendered:
    event, count = found.shown.event, len(found.groups)
    title = f"*{escape(event.title)}*: {'one group' if count == 1 else f'{count} groups'}"
    chunks = in_chunks(f"*{number}*  {_names(group)}" for number, group in enumerate(found.groups, 1))
    shown = [section(chunk) for chunk in chunks[:CHUNKS_MOST]]
    return Rendered(cut(f"Groups for {event.title}", 200), [section(title), *shown, context(note), *rows])


def _names(group: Sequence[Member]) -> str:
    return ", ".join(cut(name_of(member), NAME_MOST) for member in group)


def yours(found: YourGroup, zone: ZoneInfo) -> Rendered:
    """Return who else is in the reader's group."""
    del zone
    others = [mention(member) for member in found.others]
    who = f"{', '.join(others[:-1])} and {others[-1]}" if len(others) > 1 else "".join(others)
    return say(f":busts_in_silhouette: Your group in *{escape(found.shown.event.title)}*: you, {who}.")


RENDERERS: Renderers = {YourGroup: yours}
