"""Every table that can be imported, by the name it has on the command line."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from services import csv_tables
from services.assignment_imports import ASSIGNMENTS, import_assignments
from services.csv_tables import Columns
from services.desk import Desk
from services.duty_imports import DUTIES, import_duties
from services.event_imports import EVENTS, import_events
from services.fairness_imports import FAIRNESS, import_fairness
from services.grade_imports import import_grades
from services.gradebooks import GRADES, format_of
from services.grader_imports import CONFLICTS, GRADERS, import_conflicts, import_graders
from services.import_reports import ImportReport, Progress
from services.roster_imports import ROSTER, import_roster
from services.series_imports import SERIES, import_series
from services.submission_imports import SUBMISSIONS, import_submissions
from services.track_imports import TRACKS, import_tracks

__all__ = [
    "IMPORTS",
    "ImportReport",
    "Importer",
    "Progress",
    "import_assignments",
    "import_conflicts",
    "import_duties",
    "import_events",
    "import_fairness",
    "import_graders",
    "import_grades",
    "import_roster",
    "import_series",
    "import_submissions",
    "import_tracks",
    "table_of",
]


class Importer(Protocol):
    """Reads one table from the text or bytes of a file."""

    def __call__(
        self,
        source: str | bytes,
        now: datetime,
        desk: Desk,
        *,
        dry_run: bool = False,
        progress: Progress | None = None,
        expects: str = "",
    ) -> ImportReport:
        """Write what the file says, all or nothing; a dry run only says what would be written.

        `expects` is the fingerprint of the report that somebody looked at: raises OutOfDate, and writes nothing,
        where the records have changed so that it would be another.
        """
        ...


IMPORTS: Mapping[str, Importer] = {
    "roster": import_roster,
    "assignments": import_assignments,
    "submissions": import_submissions,
    "tracks": import_tracks,
    "duties": import_duties,
    "graders": import_graders,
    "conflicts": import_conflicts,
    "grades": import_grades,
    "series": import_series,
    "events": import_events,
    "fairness": import_fairness,
}
FORMATS: Mapping[str, Columns] = {
    "roster": ROSTER,
    "assignments": ASSIGNMENTS,
    "submissions": SUBMISSIONS,
    "tracks": TRACKS,
    "duties": DUTIES,
    "graders": GRADERS,
    "conflicts": CONFLICTS,
    "grades": GRADES,
    "series": SERIES,
    "events": EVENTS,
    "fairness": FAIRNESS,
}


def table_of(source: str | bytes) -> str | None:
    """Return the table that a file holds, going by its columns; None where they are those of none.

    Where they are those of several, it is the one that needs most of them.
    """
    if format_of(source) and not csv_tables.fits(source, SUBMISSIONS):
        return "grades"
    fitting = [table for table, columns in FORMATS.items() if csv_tables.fits(source, columns)]
    return max(fitting, key=lambda table: len(FORMATS[table].required), default=None)
