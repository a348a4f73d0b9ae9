"""Tables as CSV: read from whatever a spreadsheet saves, with every problem named by line and column; and written."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

DELIMITERS = ",;\t"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BREAK = re.compile(r"\r\n|\r|\n")
# What a spreadsheet takes for the start of a formula, and the mark that keeps it from doing so.
_FORMULA = "=+-@\t\r\n＝＋－＠"
_MARK = "'"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: the line as an editor counts it (0: the file as a whole), and the column."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else "the file"
        return f"{place}, {self.column}: {self.what}" if self.column else f"{place}: {self.what}"


class Unfit(Exception):
    """What is wrong with a cell, in words that follow the name of its column."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a format: those a file must have and fill, and those it may leave out."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every column, in no particular order."""
        return self.required + self.optional


@dataclass(slots=True)
class Row:
    """One row, its cells by column; what is wrong with them is noted among the table's problems."""

    line: int
    cells: Mapping[str, str]
    problems: list[Problem]

    def has(self, column: str) -> bool:
        """Say whether the file has a column."""
        return column in self.cells

    def take(self, column: str, parse: Callable[[str], T], empty: T) -> T:
        """Return a cell's value, `empty` for one that is empty, absent or wrong."""
        text = self.cells.get(column, "")
        if not text:
            return empty
        try:
            return parse(text)
        except Unfit as unfit:
            self.refuse(column, str(unfit))
            return empty

    def need(self, column: str, parse: Callable[[str], T]) -> T | None:
        """Return the value of a cell that must not be empty; None, with the problem noted, where it is."""
        if not self.cells.get(column):
            self.refuse(column, "is empty, and must not be")
            return None
        return self.take(column, parse, None)

    def refuse(self, column: str, what: str) -> None:
        """Note a problem with a cell of this row."""
        self.problems.append(Problem(self.line, column, what))


@dataclass(slots=True)
class Table:
    """What a file holds: its well-formed rows, and the problems found so far."""

    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def keyed(self, key: Callable[[Row], Any]) -> Iterator[Row]:
        """Yield the rows, and note as problem every one whose key (None: not readable) another row has."""
        lines: dict[Any, int] = {}
        for row in self.rows:
            own = key(row)
            first = row.line if own is None else lines.setdefault(own, row.line)
            if first != row.line:
                self.problems.append(Problem(row.line, "", f"says the same thing again as line {first}"))
            yield row


def read(source: str | bytes, columns: Columns) -> Table:
    """Read a file of a format; raises nothing, since whatever is wrong stands among the problems."""
    table = Table()
    text = _text(source, table.problems)
    if not table.problems:
        _read_text(text, columns, table)
    table.problems.sort(key=lambda problem: problem.line)
    return table


def read_wide(source: str | bytes, columns: Columns) -> Table:
    """Read a file that has columns of its own besides those of a format; their names keep their case."""
    table = Table()
    text = _text(source, table.problems)
    records = _records(text, _delimiter(text, columns), table.problems)
    line, header = next(records, (0, []))
    names = {name.casefold() for name in columns.names}
    table.columns = tuple(name.casefold() if name.casefold() in names else name for name in header)
    _check_once(table, line)
    if not table.problems:
        table.rows.extend(_rows(records, table))
    table.problems.sort(key=lambda problem: problem.line)
    return table


def fits(source: str | bytes, columns: Columns) -> bool:
    """Say whether the first line of a file names every column that a format must have."""
    return set(columns.required) <= set(header(source, columns))


def header(source: str | bytes, columns: Columns) -> tuple[str, ...]:
    """Return the names in the first line of a file in small letters; those of a format show what parts them."""
    problems: list[Problem] = []
    text = _text(source, problems)
    _, names = next(_records(text, _delimiter(text, columns), problems), (0, []))
    return tuple(name.casefold() for name in names)


def _text(source: str | bytes, problems: list[Problem]) -> str:
    """Return the text of a file without its byte order mark."""
    try:
        text = source if isinstance(source, str) else source.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.append(Problem(line, "", "is not UTF-8; save the file as “CSV UTF-8” and import that"))
        return ""
    unreadable = _CONTROL.search(text)
    if unreadable:
        sort = "a NUL byte" if unreadable.group() == "\0" else "a control character"
        what = f"holds {sort}, so this is no plain CSV; save the file as “CSV UTF-8” and import that"
        problems.append(Problem(_line_of(text, unreadable.start()), "", what))
    return text.removeprefix("\ufeff")


def _line_of(text: str, position: int) -> int:
    return len(_BREAK.findall(text, 0, position)) + 1


def _read_text(text: str, columns: Columns, table: Table) -> None:
    records = _records(text, _delimiter(text, columns), table.problems)
    line, header = next(records, (0, []))
    if not any(header):
        table.problems.append(Problem(0, "", f"is empty; the first line names the columns: {_listed(columns)}"))
        return
    table.columns = tuple(name.casefold() for name in header)
    _check_header(table, columns, line)
    if not table.problems:
        table.rows.extend(_rows(records, table))


def _delimiter(text: str, columns: Columns) -> str:
    """Return what parts the cells: that by which the header line names most columns of the format."""
    header = _BREAK.split(text.lstrip(), maxsplit=1)[0].casefold()

    def known(delimiter: str) -> tuple[int, int]:
        names = {name.strip(' "') for name in header.split(delimiter)}
        return len(names.intersection(columns.names)), len(names)

    return max(DELIMITERS, key=known)


def _records(text: str, delimiter: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Yield every line that is not blank, with its number and its cells, trimmed and without marks."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    plain = _plain if _MARK in text else str.strip
    line = 1
    try:
        for cells in reader:
            trimmed = list(map(plain, cells))
            if any(trimmed):
                yield line, trimmed
            line = reader.line_num + 1
    except csv.Error:
        what = "has quotes that are not closed, or that end before the cell does; nothing after it could be read"
        problems.append(Problem(line, "", what))


def _plain(cell: str) -> str:
    """Return a cell as it was meant: trimmed, and without the mark that keeps it from being a formula."""
    text = cell.strip()
    if text[:1] == _MARK and text[1:2] and text[1] in _FORMULA + _MARK:
        return text[1:]
    return text


def harmless(text: str) -> str:
    """Return text that no spreadsheet runs as a formula, and that is read back as it was."""
    return _MARK + text if text[:1] and text[0] in _FORMULA + _MARK else text


def _check_header(table: Table, columns: Columns, line: int) -> None:
    named = [name for name in table.columns if name]
    for name in named:
        if name not in columns.names:
            table.problems.append(Problem(line, name[:60], f"is no column of this table; {_meant(name, columns)}"))
    _check_once(table, line)
    for name in columns.required:
        if name not in named:
            table.problems.append(Problem(line, name, "is missing among the columns"))


def _check_once(table: Table, line: int) -> None:
    named = [name for name in table.columns if name]
    for name in sorted({name for name in named if named.count(name) > 1}):
        table.problems.append(Problem(line, name[:60], "stands there more than once"))


def _meant(name: str, columns: Columns) -> str:
    closest = get_close_matches(name, columns.names, n=1, cutoff=0.5)
    return f"did you mean {closest[0]}?" if closest else f"there are {_listed(columns)}"


def _listed(columns: Columns) -> str:
    return ", ".join(columns.names)


def _rows(records: Iterator[tuple[int, list[str]]], table: Table) -> Iterator[Row]:
    width, problems = len(table.columns), table.problems
    nameless = [index for index, name in enumerate(table.columns) if not name]
    for line, cells in records:
        if len(cells) != width:
            problems.append(Problem(line, "", f"has {len(cells)} cells, but the header names {width}"))
        elif nameless and any(cells[index] for index in nameless):
            problems.append(Problem(line, "", "has something in a column without a name"))
        else:
            yield Row(line, dict(zip(table.columns, cells, strict=True)), problems)


def write(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV with a header; cells that a spreadsheet would run as formulas are made harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()
