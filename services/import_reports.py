"""What every import has in common: its plan, made from the records, how it is carried out, and its report."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Self
from zoneinfo import ZoneInfo

from services.csv_cells import written, written_number
from services.csv_tables import Problem
from services.desk import Desk
from services.extension_upkeep import lapse_settled
from services.handovers import release_gone
from storage.records import Records

Progress = Callable[[int, int], None]
Step = Callable[[Records], None]


class OutOfDate(Exception):
    """The records changed since somebody looked at what an import would do."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many rows were added, changed or left as they were; with problems, nothing was written.

    `absent` counts what the records hold and the file does not: that is never deleted. `changes` are lines
    for people about what changed, `absent_keys` names what is absent; both are empty for submissions. `additions`
    names who or what is new, of people and of work. `left_out` are lines about what the file says and the import does
    not read, `notes` about how it reads the rest.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    absent: int = 0
    problems: tuple[Problem, ...] = ()
    changes: tuple[str, ...] = ()
    absent_keys: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    additions: tuple[str, ...] = ()

    @property
    def counts(self) -> str:
        """The counts in words."""
        return (
            f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged, "
            f"{self.absent} absent from the file"
        )

    @property
    def fingerprint(self) -> str:
        """A short text that is the same for the same report, and another for any other."""
        return sha256(repr(self).encode()).hexdigest()[:32]

    def check(self, expects: str) -> None:
        """Raise OutOfDate where somebody looked at a report with another fingerprint; without one all is well."""
        if expects and expects != self.fingerprint:
            raise OutOfDate

    @classmethod
    def refused(cls, problems: Sequence[Problem]) -> Self:
        """Return the report of an import that wrote nothing."""
        return cls(problems=tuple(sorted(problems, key=lambda problem: problem.line)))


@dataclass(slots=True)
class Plan:
    """What an import will do: counts, lines for people, and the steps that write it."""

    added: int = 0
    unchanged: int = 0
    changes: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    additions: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def add(self, step: Step, what: str = "") -> None:
        """Plan something new, in words for people where it is something they know by name."""
        self.added += 1
        if what:
            self.additions.append(what)
        self.steps.append(step)

    def change(self, what: str, step: Step) -> None:
        """Plan a change, in words for people."""
        self.changes.append(what)
        self.steps.append(step)

    def keep(self) -> None:
        """Note something that is as the file says."""
        self.unchanged += 1

    def report(self) -> ImportReport:
        """Return what there is to say about it."""
        return ImportReport(
            added=self.added,
            changed=len(self.changes),
            unchanged=self.unchanged,
            absent=len(self.absent),
            changes=tuple(self.changes),
            absent_keys=tuple(self.absent),
            left_out=tuple(self.left_out),
            notes=tuple(self.notes),
            additions=tuple(self.additions),
        )


def what_changed(old: object, new: object, names: Iterable[str], tz: ZoneInfo) -> str:
    """Return which of some fields changed, each as it was and as it is; instants as wall time of a zone."""
    told = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return ", ".join(f"{name} {_value(was, tz)} → {_value(now, tz)}" for name, was, now in told if was != now)


def _value(value: object, tz: ZoneInfo) -> str:
    match value:
        case datetime():
            return written(value, tz)
        case bool():
            return "yes" if value else "no"
        case float():
            return written_number(value)
        case None | "":
            return "none"
    return f"“{value}”" if " " in str(value) else str(value)


@dataclass(frozen=True, slots=True)
class Import:
    """One import that was read: the table's name, how to plan it, and the problems found so far.

    `make_plan` may find more problems, which only the records can show.
    """

    table: str
    rows: int
    problems: list[Problem]
    make_plan: Callable[[Records], Plan]


def carry_out(
    wanted: Import,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool,
    progress: Progress | None = None,
    expects: str = "",
) -> ImportReport:
    """Write what an import says in one transaction, unless there are problems; a dry run only says it.

    Raises OutOfDate, and writes nothing, where it says something else than the report with an expected fingerprint.
    """
    if wanted.problems:
        return ImportReport.refused(wanted.problems)
    if dry_run:
        with desk.store.reading() as records:
            return _report(wanted, wanted.make_plan(records))
    with desk.transaction(now) as records:
        plan = wanted.make_plan(records)
        report = _report(wanted, plan)
        if not report.problems:
            report.check(expects)
            _write(records, plan, wanted, progress)
            settle(records, wanted.table, report, now, desk)
        return report


def _report(wanted: Import, plan: Plan) -> ImportReport:
    return ImportReport.refused(wanted.problems) if wanted.problems else plan.report()


def _write(records: Records, plan: Plan, wanted: Import, progress: Progress | None) -> None:
    for step in plan.steps:
        step(records)
    if progress is not None:
        progress(wanted.rows, wanted.rows)


def settle(records: Records, table: str, report: ImportReport, now: datetime, desk: Desk) -> None:
    """Leave nothing with anyone who is gone, nor open that has nothing left to decide; write the one audit line.

    It holds counts and no names.
    """
    lapse_settled(records, desk, now)
    release_gone(records, now, desk)
    records.audit.add(None, "imported", table, now, detail=report.counts)
