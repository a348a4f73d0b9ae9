"""Imports and exports from the terminal: files in and out, with a progress bar and a readable report."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import real_now
from bot.problems import Problem, Problems, one
from services.desk import Desk
from services.exports import EXPORTS
from services.follow_through_exports import LISTS
from services.imports import IMPORTS, ImportReport, Progress, table_of

# A progress bar for so many rows with a label, to be used in a `with`.
Bar = Callable[[int, str], Any]


def read(what: str, file: Path, desk: Desk, bar: Bar) -> Iterator[str]:
    """Import a file, all of it or nothing, and yield the report in lines. Raises Problems with all its errors."""
    return _lines(_imported(what, file, desk, bar, IMPORTS[what]), "")


def try_out(what: str, file: Path, desk: Desk, bar: Bar) -> Iterator[str]:
    """Yield the report of what an import would do, and write nothing. Raises Problems with all its errors."""
    return _lines(_imported(what, file, desk, bar, partial(IMPORTS[what], dry_run=True)), "Nothing is written: ")


def write(what: str, file: Path, desk: Desk) -> str:
    """Write a table to a file, and say how many rows; a file that is there is replaced."""
    text = {**EXPORTS, **LISTS}[what](desk, real_now())
    _put(text, file)
    return f"{file}: {max(0, len(text.splitlines()) - 1)} rows of {what}."


def _put(text: str, file: Path) -> None:
    """Write a file as a whole or not at all. Raises Problems where it can't be written."""
    unfinished = file.with_name(file.name + ".part")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="")
        unfinished.replace(file)
    except FileNotFoundError:
        raise one(f"The folder {file.parent} is not there.", "Make it, or name a file elsewhere.") from None
    except OSError as error:
        raise one(f"{file} can't be written ({error.strerror}).", "Name a file elsewhere.") from None


def _imported(what: str, file: Path, desk: Desk, bar: Bar, importing: Callable[..., ImportReport]) -> ImportReport:
    with bar(1, f"Reading {what}") as shown:
        report = importing(file.read_bytes(), real_now(), desk, progress=_moving(shown))
    if report.problems:
        _mistaken(what, file)
        lines = [Problem(f"{file.name}, {_ended(str(problem))}", "") for problem in report.problems]
        raise Problems([*lines, Problem("Nothing was written.", "Mend the lines above and import again.")])
    return report


def _mistaken(what: str, file: Path) -> None:
    """Raise Problems for a file that holds another table than the one that was named."""
    held = table_of(file.read_bytes())
    if held not in (None, what):
        mend = f"Nothing was written; `python -m bot import {held} {file}` reads it as that."
        raise one(f"{file.name} looks like a file of {held}, not of {what}.", mend)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def _moving(shown: Any) -> Progress:  # noqa: ANN401 - click's progress bar is private
    """Return what moves the bar when an import says how far it is."""

    def move(done: int, total: int) -> None:
        shown.length = max(total, 1)
        shown.update(done - shown.pos)

    return move


def _lines(report: ImportReport, before: str) -> Iterator[str]:
    yield f"{before}{report.counts}."
    yield from _listed("changed", report.changes)
    yield from _listed("note", report.notes)
    yield from _listed("left out", report.left_out)
    yield from _listed("absent from the file, and kept", report.absent_keys)


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)
