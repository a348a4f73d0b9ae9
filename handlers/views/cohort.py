"""What `/cohort help` says."""

from collections.abc import Sequence

from cohort.roster import Member, Role
from handlers.listening import Command
from handlers.views.blocks import (
    Block,
    Rendered,
    actions,
    button,
    context,
    in_chunks,
    name_of,
    section,
)


def help_text(commands: Sequence[Command], member: Member) -> Rendered:
    """Return what someone can type, a line each."""
    hello = f"Hello {name_of(member)}! This is what you can do here, in any channel or right here:"
    groups: dict[str, list[str]] = {}
    for command in commands:
        groups.setdefault(command.name, []).append(f"• `{command.usage}`: {command.summary}")
    rows = [section(chunk) for lines in groups.values() for chunk in in_chunks(lines)]
    last = "Nobody else sees what you type or what I answer. In our direct messages plain words do as well."
    return Rendered("What you can do here", [section(hello), *_desk(member), *rows, context(last)])


def _desk(member: Member) -> list[Block]:
    """Return the organizers' desk: what they come for most, one press away."""
    if member.role is not Role.ORGANIZER:
        return []
    names = (("Roster", "desk.roster"), ("Assignments", "desk.assignments"), ("Rotas and owners", "desk.rotas"))
    more = (("Export", "desk.export"), ("Follow-ups", "home.follow_ups"), ("Digest", "home.digest"))
    return [
        actions(*(button(name, action) for name, action in (*names, *more))),
        context("To import, drop a CSV into our direct messages: it is checked and shown before anything is written."),
    ]
