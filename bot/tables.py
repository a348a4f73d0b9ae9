"""Imports and exports from the terminal: files in and out, with a progress bar and a readable report."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import real_now
from bot.problems import Problem, Problems
from services.desk import Desk
from services.exports import EXPORTS
from services.imports import IMPORTS, ImportReport, Progress

# A progress bar for so many rows with a label, to be used in a `with`.
Bar = Callable[[int, str], Any]


def read(what: str, file: Path, desk: Desk, bar: Bar) -> Iterator[str]:
    """Import a file, all of it or nothing, and yield the report in lines. Raises Problems with all its errors."""
    return _lines(_imported(what, file, desk, bar, IMPORTS[what]), "")


def try_out(what: str, file: Path, desk: Desk, bar: Bar) -> Iterator[str]:
    """Yield the report of what an import would do, and write nothing. Raises Problems with all its errors."""
    return _lines(_imported(what, file, desk, bar, partial(IMPORTS[what], dry_run=True)), "Nothing is written: ")


def write(what: str, file: Path, desk: Desk) -> str:
    """Write a table to a file as `import` reads it, and say how many rows; a file that is there is replaced."""
    text = EXPORTS[what](desk)
    unfinished = file.with_name(file.name + ".part")
    unfinished.write_text(text, encoding="utf-8", newline="")
    unfinished.replace(file)
    return f"{file}: {max(0, len(text.splitlines()) - 1)} rows of {what}."


def _imported(what: str, file: Path, desk: Desk, bar: Bar, importing: Callable[..., ImportReport]) -> ImportReport:
    with bar(1, f"Reading {what}") as shown:
        report = importing(file.read_bytes(), real_now(), desk, progress=_moving(shown))
    if report.problems:
        lines = [Problem(f"{file.name}, {problem}.", "") for problem in report.problems]
        raise Problems([*lines, Problem("Nothing was written.", "Mend the lines above and import again.")])
    return report


def _moving(shown: Any) -> Progress:  # noqa: ANN401 - click's progress bar is private
    """Return what moves the bar when an import says how far it is."""

    def move(done: int, total: int) -> None:
        shown.length = max(total, 1)
        shown.update(done - shown.pos)

    return move


def _lines(report: ImportReport, before: str) -> Iterator[str]:
    yield f"{before}{report.counts}."
    yield from _listed("changed", report.changes)
    yield from _listed("absent from the file, and kept", report.absent_keys)


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)
