"""One example of every view of how groups fare, for the gallery."""

from collections.abc import Iterator
from datetime import timedelta

from cohort.levels import Level
from handlers.views import fairness as views
from handlers.views.blocks import Rendered
from services.fairness import Fairness, Fared

LONG = "<a & very long value of a trait indeed>!"


def fairness_views() -> Iterator[tuple[str, Rendered]]:
    """Yield the report: with nothing, and at its fullest."""
    levels = dict.fromkeys(Level, 400)
    groups = [Fared(LONG, 1600, 20_000, 20_000, 0.99, timedelta(days=40), levels, 400)] * 7
    rest = Fared("", 5, 0, 0, None, None, dict.fromkeys(Level, 0), 0)
    full = Fairness([(LONG, [*groups, rest])] * 30, [LONG] * 30)
    yield "fairness", views.compared(full)
    yield "fairness, nothing", views.compared(Fairness([], []))
    yield "fairness, too small", views.compared(Fairness([], [LONG] * 30))
