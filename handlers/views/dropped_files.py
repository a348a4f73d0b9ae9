"""What is said about a table that was dropped into the direct messages: what it would change, or what is wrong."""

from collections.abc import Iterator, Sequence

from handlers.views.blocks import Block, Rendered, actions, button, context, cut, escape, say, section
from services.csv_tables import Problem
from services.dropped_files import Trial
from services.import_reports import ImportReport

LISTED_MOST = 12


def together(answers: Sequence[Rendered], left: int) -> Rendered:
    """Return what is said of each file of a message; and how many were not looked at, if any."""
    blocks = [block for answer in answers for block in answer.blocks]
    if left > 0:
        blocks.append(
            context(f"I look at {len(answers)} tables at a time. Please drop the other {left} in a new message.")
        )
    return Rendered(answers[0].text, blocks)


def trial(found: Trial) -> Rendered:
    """Return what a file would change, with a button to do it; or what it changed; or what is wrong with it."""
    name = escape(cut(found.name, 80))
    if found.is_empty:
        return say(f"{name} is empty, so nothing was changed.")
    if not found.table:
        return say(
            f"I can't tell what {name} holds from its columns, so nothing was changed. I know gradebooks of Gradescope "
            "and Canvas, and the tables of the documentation, by the names in the first line."
        )
    if found.report.problems:
        lines = _listed("What is wrong", [str(problem) for problem in found.report.problems])
        return say(f"*{name}* holds {found.table}, but something is wrong, so nothing was changed.\n{lines}")
    if found.is_done:
        done = f":white_check_mark: {name} is in: {_counts(found.report)}."
        return say(done, *_details(found.report))
    anew = "The records have changed since I looked, so nothing was written yet. Now " if found.is_anew else ""
    text = f"{anew}*{name}* holds {found.table}: {_counts(found.report)}."
    if not found.changes_something:
        return say(f"{text} There is nothing to change.", *_details(found.report))
    press = actions(button("Apply", "dropped_files.apply", found.seen, "primary"))
    return say(text, *_details(found.report), press, context("Nothing is written before you press."))


def _counts(report: ImportReport) -> str:
    """Return the counts, and what becomes of what the file does not name: nothing."""
    counts = f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged"
    return f"{counts}. {report.absent} not in the file stay as they are" if report.absent else counts


def _details(report: ImportReport) -> Iterator[Block]:
    parts = (
        ("New", report.additions),
        ("Changes", report.changes),
        ("Note", report.notes),
        ("Left out", report.left_out),
    )
    return (section(_listed(title, lines)) for title, lines in parts if lines)


def _listed(title: str, lines: Sequence[str]) -> str:
    shown = [f"• {escape(cut(line, 200))}" for line in lines[:LISTED_MOST]]
    if len(lines) > LISTED_MOST:
        shown.append(f"• and {len(lines) - LISTED_MOST} more")
    return cut(f"*{title}*\n" + "\n".join(shown), 2900)


def dropped_pictures() -> Iterator[tuple[str, Rendered]]:
    """Yield one example of each, for the gallery."""
    lines = tuple(f"ada@example.org hw{number} <&>: 40 → 85" for number in range(300))
    full = ImportReport(3, 300, 5, 115, changes=lines, left_out=lines, notes=lines[:2], additions=lines)
    wrong = ImportReport.refused([Problem(line, "score", "“x” is not a number from 0") for line in range(2, 99)])
    yield "dropped, full", trial(Trial("F0123456789", "hw3 <1>.csv" * 30, "ab" * 32, "grades", full))
    yield "dropped, looked at anew", trial(Trial("F0123456789", "hw3.csv", "ab" * 32, "grades", full, is_anew=True))
    yield "dropped, done", trial(Trial("F0123456789", "hw3.csv", "ab" * 32, "grades", full, is_done=True))
    yield "dropped, wrong", trial(Trial("F0123456789", "hw3.csv", "ab" * 32, "grades", wrong))
    yield "dropped, the same", trial(Trial("F0123456789", "hw3.csv", "ab" * 32, "grades", ImportReport(unchanged=3)))
    many = [Trial(f"F012345678{n}", "hw3.csv", "ab" * 32, "grades", full) for n in range(5)]
    yield "dropped, several", together([trial(each) for each in many], 3)
    yield "dropped, empty", trial(Trial("F0123456789", "hw3.csv", "", "", ImportReport(), is_empty=True))
    yield "dropped, unknown", trial(Trial("F0123456789", "shopping.csv", "", "", ImportReport()))
