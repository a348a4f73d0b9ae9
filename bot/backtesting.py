"""`backtest`: how well risk would have told who won't finish, on terms on record, as a table and as JSON."""

import gc
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from bot.problems import one
from services.backtest import RULES, Backtest, Scores, backtest
from services.oulad import read
from services.oulad_tables import UnusableTable

NAMES = {"risk": "risk", "missed_latest": "missed the latest", "missed_share": "share missed"}


def lines(folder: Path, to: Path | None) -> Iterator[str]:
    """Ask on the days of every presentation in a folder, and yield how well each rule does; write JSON if asked to.

    Raises Problems for files that can't be read.
    """
    began = perf_counter()
    try:
        with _without_looking_for_circles():
            found = backtest(read(folder))
    except UnusableTable as error:
        raise one(str(error), "Name a folder with the five tables of the dataset; docs/risk.md says which.") from None
    seconds = perf_counter() - began
    if to is not None:
        to.write_text(json.dumps(as_json(found, seconds), indent=1) + "\n", encoding="utf-8")
    yield "Who will end as Withdrawn or Fail, asked on a day, from what was known that day."
    yield "AUC: how often one who does ranks over one who doesn't. In the top tenth: the share who does."
    yield ""
    yield from _table("All presentations", found.days)
    for (module, presentation), days in found.presentations.items():
        yield ""
        yield from _table(f"{module} {presentation}", days)
    if to is not None:
        yield ""
        yield f"Written to {to}."


@contextmanager
def _without_looking_for_circles() -> Iterator[None]:
    """Have Python not look for objects that refer to each other in circles: among so many here there are none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def as_json(found: Backtest, seconds: float) -> dict[str, Any]:
    """Return everything as what JSON holds; `seconds` is how long reading and asking took."""
    return {
        "days": _days(found.days),
        "presentations": {" ".join(key): _days(days) for key, days in found.presentations.items()},
        "seconds": round(seconds, 3),
    }


def _days(days: Mapping[int, Scores]) -> dict[str, Any]:
    return {str(day): _scores(scores) for day, scores in days.items()}


def _scores(scores: Scores) -> dict[str, Any]:
    rules = {name: {"auc": score.auc, "precision_at_10": score.precision_at_10} for name, score in scores.rules.items()}
    return {"n": scores.n, "base_rate": scores.base_rate, **rules}


def _table(title: str, days: Mapping[int, Scores]) -> Iterator[str]:
    yield title
    yield "  day       n   won't" + "".join(f"{NAMES[name]:>22}" for name in RULES)
    yield "                finish" + "       AUC  top tenth  " * len(RULES)
    for day, scores in days.items():
        base = "" if scores.base_rate is None else f"{scores.base_rate:.0%}"
        cells = "".join(
            f"{_number(scores.rules[name].auc):>10}{_number(scores.rules[name].precision_at_10):>11} " for name in RULES
        )
        yield f"  {day:>3}{scores.n:>8}{base:>8} {cells}".rstrip()


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
