"""What a bench says: figures of one run beside their targets, and whether they hold."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure. `holds` is None where there is no target and the figure is only reported."""

    what: str
    figure: str
    target: str = ""
    holds: bool | None = None

    def __str__(self) -> str:
        line = f"  {self.what}: {self.figure}"
        if self.holds is None:
            return line
        return f"{line}; target {self.target}: {'holds' if self.holds else 'does not hold'}"


@dataclass(frozen=True, slots=True)
class Ratios:
    """The same ratio, measured in several rounds."""

    rounds: Sequence[float]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.rounds)

    def __str__(self) -> str:
        low, _, high = quantiles(self.rounds, n=4, method="inclusive")
        return f"{self.middle:.2f} (median of {len(self.rounds)} rounds, half of them {low:.2f} to {high:.2f})"


def ratios(above: Sequence[float], below: Sequence[float]) -> Ratios:
    """Return the ratio of what was measured in turns, round by round."""
    return Ratios([a / b for a, b in zip(above, below, strict=True)])


def seconds(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many percent of all do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


@contextmanager
def a_folder() -> Iterator[Path]:
    """Hand out a folder on the disk of the project: a temporary one may lie in memory, where a commit costs nothing."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=build, prefix="bench-") as folder:
        yield Path(folder)
