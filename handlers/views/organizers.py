"""The organizers' desk: tables to send, and what happened in words."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from handlers.views.blocks import (
    Block,
    Rendered,
    Renderers,
    actions,
    button,
    context,
    date,
    escape,
    in_chunks,
    name_of,
    option,
    say,
    section,
    select,
)
from services.history import Happened, History
from services.sent_exports import ExportNote


def tables(names: Sequence[str]) -> Rendered:
    """Return the tables to choose from."""
    chosen = select("exports.send", [option(name, name) for name in names], hint="Choose a table")
    text = "Which table? It comes as a CSV file into your direct messages with me, as `import` reads it."
    return say(text, actions(chosen))


def sent(name: str) -> Rendered:
    """Say that a file is on its way."""
    return say(f":page_facing_up: {escape(name)}.csv comes to your direct messages with me in a moment.")


def file_words(note: ExportNote, zone: ZoneInfo) -> Rendered:
    """Return what goes with a file."""
    del zone
    rows = "one row" if note.rows == 1 else f"{note.rows} rows"
    text = f"{escape(note.table)}: {rows}. It holds personal data: keep it only as long as you need it."
    return Rendered(text, [section(text)])


def history(found: History, zone: ZoneInfo) -> Rendered:
    """Return one page of what happened, the newest first."""
    if not found.lines:
        nothing = "Nothing is on record" if not found.page else "Nothing more is on record"
        return say(f"{nothing} for {escape(found.title)}.")
    head = section(f"*What happened: {escape(found.title)}*, the newest first")
    lines = [section(chunk) for chunk in in_chunks(_line(line, found.of_id, zone) for line in found.lines)]
    return Rendered("What happened", [head, *lines, *_turning(found), context("What people wrote is left out.")])


def _line(line: Happened, of_id: str, zone: ZoneInfo) -> str:
    """Return a line; who did it is named where that is neither the bot nor the one whose history it is."""
    by = f", by {name_of(line.by)}" if line.by and line.by.id != of_id else ""
    about = f" ({escape(line.about)})" if line.about else ""
    return f"• {date(line.at, zone)}: {line.what}{about}{by}"


def _turning(found: History) -> list[Block]:
    buttons = []
    if found.page:
        buttons.append(button("Newer", "history.page#newer", f"{found.page - 1}|{found.of_id}"))
    if found.has_more:
        buttons.append(button("Older", "history.page#older", f"{found.page + 1}|{found.of_id}"))
    return [actions(*buttons)] if buttons else []


RENDERERS: Renderers = {ExportNote: file_words}
