"""One table of the dataset, row by row: a file of comma-separated values, plain or compressed, read with suspicion."""

import csv
import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import IO, TypeVar

from cohort.errors import CohortError

UNKNOWN = ("", "?")
Value = TypeVar("Value")


@dataclass(eq=False)
class UnusableTable(CohortError):
    """A table that can't be read: its file, what is wrong, and where, as far as that is known."""

    file: str
    what: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Return it as a sentence."""
        line = "" if self.line is None else f", line {self.line}"
        column = "" if self.column is None else f", column {self.column}"
        return f"{self.file}{line}{column}: {self.what}."


class Numbers(dict[str, float | None]):
    """What was read as numbers before, since few are many times in a table; None for what is unknown."""

    def __missing__(self, written: str) -> float | None:
        """Read a number for the first time. Raises ValueError."""
        number = None if written in UNKNOWN else float(written)
        if number is not None and number != number:  # noqa: PLR0124 - what is no number differs from itself
            raise ValueError(written)
        self[written] = number
        return number


class Table:
    """The columns that are wanted of a table, two or more, row by row, with the line that is being read."""

    def __init__(self, name: str, lines: IO[str], columns: Sequence[str]) -> None:
        self.name = name
        self._rows = csv.reader(lines)
        header = [column.strip().removeprefix("\ufeff") for column in next(self._rows, [])]
        for column in columns:
            if column not in header:
                raise UnusableTable(name, f"there is no column {column}", 1)
        self._wanted: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(*map(header.index, columns))

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """Yield the wanted columns of each row. Raises UnusableTable."""
        try:
            yield from map(self._wanted, filter(None, self._rows))
        except IndexError:
            raise UnusableTable(self.name, "the row has too few columns", self._rows.line_num) from None
        except (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
            raise UnusableTable(self.name, f"it can't be read ({error})", self._rows.line_num) from None

    def number(self, written: str, column: str) -> float:
        """Return a number. Raises UnusableTable."""
        try:
            return float(written)
        except ValueError:
            raise self.unfit(column, f"{written!r} is not a number") from None

    def known(self, found: Mapping[tuple[str, str], Value], key: tuple[str, str]) -> Value:
        """Return the presentation of a row. Raises UnusableTable."""
        try:
            return found[key]
        except KeyError:
            raise self.unfit("code_presentation", f"courses has no {' '.join(key)}") from None

    def unfit(self, column: str, what: str) -> UnusableTable:
        """Return what is wrong with the row that is being read."""
        return UnusableTable(self.name, what, self._rows.line_num, column)


@contextmanager
def table(folder: Path, name: str, *columns: str) -> Iterator[Table]:
    """Open a table of a folder, as .csv or .csv.gz. Raises UnusableTable."""
    for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz"):
        if path.is_file():
            with (
                gzip.open(path, "rt", newline="", encoding="utf-8")
                if path.suffix == ".gz"
                else path.open(newline="", encoding="utf-8") as lines
            ):
                yield Table(path.name, lines, columns)
            return
    raise UnusableTable(f"{name}.csv", f"it is not in {folder}, nor is {name}.csv.gz")
