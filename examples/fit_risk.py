#!/usr/bin/env python3
"""Fits the weights of cohort/risk_weights.py on terms on record, from the very facts that the bot goes by.

Needs scikit-learn, which the bot does not: `pip install scikit-learn`. Reads the folder that `backtest` reads, prints
the weights as they stand in the data, and how well they rank presentations they were not fitted on.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if not __package__:  # run by its path, from any folder
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cohort.risk import along_of, strengths
from cohort.risk_weights import BASE, FITTED
from services.backtest import DAYS, as_facts, facts_on
from services.oulad import read

# Less than what two decimals show.
NO_GAP = 0.001
# Keeps a weight that little speaks for near nothing.
SHRINK = 2.0


@dataclass(frozen=True, slots=True)
class Row:
    """One student on one day of a presentation: how far the term is, each ramp's strength, and the outcome."""

    presentation: str
    day: int
    along: float
    strengths: Sequence[float]
    fails: bool


def rows(folder: Path) -> Iterator[Row]:
    """Yield a row for everybody on every day on which the backtest asks. Raises UnusableTable."""
    for (module, term), presentation in sorted(read(folder).items()):
        theirs = as_facts(presentation)
        for day in DAYS:
            for facts, fails in facts_on(presentation, theirs, day):
                yield Row(f"{module} {term}", day, along_of(facts.elapsed), strengths(facts), fails)


def columns(row: Row) -> list[float]:
    """Return what the weights are multiplied with: the base and each ramp, early and late in the term."""
    parts = [1.0, *row.strengths]
    return [part * share for part in parts for share in (1 - row.along, row.along)]


def fitted(design: Any, fails: Any) -> Any:  # noqa: ANN401 - arrays of a library that the bot does not need
    """Return the weights of a logistic regression in which no ramp may speak for finishing."""
    import numpy as np
    from scipy.optimize import minimize

    def loss(weights: Any) -> tuple[float, Any]:  # noqa: ANN401 - as above
        odds = design @ weights
        shrunk = np.concatenate([np.zeros(2), weights[2:]])
        value = np.logaddexp(0, odds).sum() - (odds * fails).sum() + SHRINK * (shrunk**2).sum()
        return value, design.T @ (1 / (1 + np.exp(-odds)) - fails) + 2 * SHRINK * shrunk

    free, positive = [(None, None)] * 2, [(0, None)] * (design.shape[1] - 2)
    start = np.zeros(design.shape[1])
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=free + positive, options={"maxiter": 400}).x


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, and print the weights and how well they do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder with the five tables, plain or .gz")
    asked = parser.parse_args(arguments)
    import numpy as np

    found = list(rows(asked.folder))
    design = np.array([columns(row) for row in found])
    fails = np.array([row.fails for row in found], dtype=float)
    _show(fitted(design, fails))
    groups = np.array([row.presentation for row in found])
    held_out = np.zeros(len(found))
    for presentation in dict.fromkeys(row.presentation for row in found):
        left_out = groups == presentation
        held_out[left_out] = design[left_out] @ fitted(design[~left_out], fails[~left_out])
    _judge(np.array([row.day for row in found]), held_out, fails)


def _show(weights: Sequence[float]) -> None:
    early, late = weights[0::2], weights[1::2]
    print(f"BASE: Final = ({_rounded(early[0])}, {_rounded(late[0])})")
    print("FITTED: Final = (")
    for ramp, at_first, at_last in zip(FITTED, early[1:], late[1:], strict=True):
        named = f'Signal.{ramp.signal.name}, "{ramp.fact}", {ramp.starts}, {ramp.ends}'
        print(f"    Ramp({named}, {_rounded(at_first)}, {_rounded(at_last)}),")
    print(")")
    print(difference(weights))


def _rounded(weight: float) -> float:
    # Without the sign of a zero.
    return round(float(weight), 2) + 0.0


def difference(weights: Sequence[float]) -> str:
    """Return in words by how much weights, early and late in turn, differ from those that the bot goes by."""
    in_use = [*BASE, *(weight for ramp in FITTED for weight in (ramp.early, ramp.late))]
    apart = [abs(_rounded(mine) - theirs) for mine, theirs in zip(weights, in_use, strict=True)]
    others = sum(gap > NO_GAP for gap in apart)
    if not others:
        return "All as in cohort/risk_weights.py."
    return f"{others} of {len(apart)} differ from cohort/risk_weights.py, the most by {max(apart):.2f}."


def _judge(days: Any, ranked: Any, fails: Any) -> None:  # noqa: ANN401 - as above
    from sklearn.metrics import roc_auc_score

    print("AUC, each presentation ranked by what was fitted on the others:")
    for day in DAYS:
        asked = days == day
        print(f"  day {day}: {roc_auc_score(fails[asked], ranked[asked]):.3f}")


if __name__ == "__main__":
    main()
