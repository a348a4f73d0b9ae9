"""What is said about a table that was dropped into the direct messages: what it would change, or what is wrong."""

from collections.abc import Iterator, Sequence

from handlers.views.blocks import Rendered, actions, button, context, cut, escape, say
from services.csv_tables import Problem
from services.dropped_files import Trial
from services.import_reports import ImportReport

LISTED_MOST = 12


def trial(found: Trial) -> Rendered:
    """Return what a file would change, with a button to do it; or what it changed; or what is wrong with it."""
    name = escape(cut(found.name, 80))
    if not found.table:
        return say(
            f"I can't tell what {name} holds from its columns, so nothing was changed. I know gradebooks of Gradescope "
            "and Canvas, and the tables of the documentation, by the names in the first line."
        )
    if found.report.problems:
        lines = _listed("What is wrong", [str(problem) for problem in found.report.problems])
        return say(f"*{name}* holds {found.table}, but something is wrong, so nothing was changed.\n{lines}")
    if found.is_done:
        return say(f":white_check_mark: {name} is in: {found.report.counts}.")
    anew = "The records have changed since I looked, so nothing was written yet. Now " if found.is_anew else ""
    text = f"{anew}*{name}* holds {found.table}: {found.report.counts}."
    details = "\n".join(_details(found.report))
    if not found.changes_something:
        return say(cut(f"{text} There is nothing to change.\n{details}", 2900))
    press = actions(button("Apply", "dropped_files.apply", found.seen, "primary"))
    return say(cut(f"{text}\n{details}", 2900), press, context("Nothing is written before you press."))


def _details(report: ImportReport) -> Iterator[str]:
    parts = (
        ("Changes", report.changes),
        ("Note", report.notes),
        ("Left out", report.left_out),
    )
    return (_listed(title, lines) for title, lines in parts if lines)


def _listed(title: str, lines: Sequence[str]) -> str:
    shown = [f"• {escape(cut(line, 200))}" for line in lines[:LISTED_MOST]]
    if len(lines) > LISTED_MOST:
        shown.append(f"• and {len(lines) - LISTED_MOST} more")
    return cut(f"*{title}*\n" + "\n".join(shown), 2500)


def dropped_pictures() -> Iterator[tuple[str, Rendered]]:
    """Yield one example of each, for the gallery."""
    lines = tuple(f"ada@example.org hw{number} <&>: 40 → 85" for number in range(300))
    full = ImportReport(3, 300, 5, changes=lines, left_out=lines, notes=lines[:2])
    wrong = ImportReport.refused([Problem(line, "score", "“x” is not a number from 0") for line in range(2, 99)])
    yield "dropped, full", trial(Trial("F0123456789", "hw3 <1>.csv" * 30, "ab" * 32, "grades", full))
    yield "dropped, looked at anew", trial(Trial("F0123456789", "hw3.csv", "ab" * 32, "grades", full, is_anew=True))
    yield "dropped, done", trial(Trial("F0123456789", "hw3.csv", "ab" * 32, "grades", full, is_done=True))
    yield "dropped, wrong", trial(Trial("F0123456789", "hw3.csv", "ab" * 32, "grades", wrong))
    yield "dropped, the same", trial(Trial("F0123456789", "hw3.csv", "ab" * 32, "grades", ImportReport(unchanged=3)))
    yield "dropped, unknown", trial(Trial("F0123456789", "shopping.csv", "", "", ImportReport()))
