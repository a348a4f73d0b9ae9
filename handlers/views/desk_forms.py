"""The roster and the assignments as lists, and the form of one row."""

import json
from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from cohort.assignments import Kind
from cohort.roster import Role, Status, ways_from
from handlers.views import roster as roster_views
from handlers.views.blocks import (
    Block,
    Rendered,
    View,
    actions,
    button,
    context,
    cut,
    day_picker,
    escape,
    field_of,
    modal,
    option,
    say,
    section,
    select,
    text_input,
)
from services.desk_forms import (
    ASSIGNMENTS,
    BACK_ON,
    KEY,
    LETTERS_MOST,
    ROSTER,
    STATUS,
    Listed,
    Row,
    Written,
    mark,
    shown,
    why_fixed,
)

SHOWN_MOST = 12
# What a form asks, and how; what is not here is kept as it is.
FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    ROSTER: {
        "email": "Email address",
        "name": "Name",
        "preferred_name": "What they are called, if otherwise",
        "role": "Role",
        STATUS: "Status",
        BACK_ON: "Paused until: the first day back",
        "zone": "Time zone until Slack tells it, like Europe/London",
        "track": "Track",
        "accommodation_days": "Days of accommodation",
    },
    ASSIGNMENTS: {
        "slug": "Short name, like hw3",
        "title": "Title",
        "kind": "Kind of work",
        "due_at": "Due, like 2026-07-04 18:00",
        "estimated_hours": "Estimated hours",
        "required": "Required to graduate",
        "url": "Address of the assignment (https://…)",
    },
}
CHOICES: Final[Mapping[str, list[str]]] = {
    "role": [role.value for role in Role],
    "kind": [kind.value for kind in Kind],
    "required": ["yes", "no"],
}
NEEDED: Final = frozenset({"email", "name", "role", "slug", "title", "kind", "required"})
# Changed elsewhere, where everybody is told: by `/cohort assignment hw3 move`.
ONLY_OLD: Final = frozenset({STATUS, BACK_ON})
STATUSES: Final[Mapping[str, str]] = {
    Status.ACTIVE: "active",
    Status.PAUSED: "paused: nothing is due",
    Status.WITHDRAWN: "left: everything open closes",
    Status.EXPELLED: "expelled",
    Status.GRADUATED: "graduated",
}
ONLY_NEW: Final = frozenset({"email", "slug", "due_at"})
TITLES: Final = {ROSTER: "Someone on the roster", ASSIGNMENTS: "An assignment"}
NEW: Final = {ROSTER: "Add someone", ASSIGNMENTS: "Add an assignment"}


def listed(found: Listed) -> Rendered:
    """Return the rows that fit, each with its form one press away."""
    which = f" with “{escape(cut(found.words, 60))}”" if found.words else ""
    head = f"*{found.table.capitalize()}*: {len(found.rows)} of {found.of_all}{which}"
    rows = [_row(found.table, row) for row in found.rows[:SHOWN_MOST]]
    left = len(found.rows) - SHOWN_MOST
    more = [context(f"and {left} more: `/cohort {found.table} words` finds fewer")] if left > 0 else []
    add = actions(button(NEW[found.table], f"desk_forms.{found.table}", "", "primary"))
    return Rendered(found.table.capitalize(), [section(head), *rows, *more, add, context(_elsewhere(found.table))])


def _row(table: str, row: Row) -> Block:
    key = row[KEY[table]]
    if table == ROSTER:
        status = f"{row['status']} until {row[BACK_ON]}" if row[BACK_ON] else row["status"]
        name, parts = row["name"], [row["role"], status, row["track"], _accommodation(row["accommodation_days"])]
    else:
        due = f"due {row['due_at']}" if row["due_at"] else ""
        name, parts = row["title"], [row["kind"].replace("_", " "), due, row["status"]]
    text = f"*{escape(cut(name, 80))}* ({escape(key)}): {', '.join(escape(part) for part in parts if part)}"
    return section(text, button("Change", f"desk_forms.{table}#{cut(key, 100)}", key))


def _accommodation(days: str) -> str:
    return f"{days} days of accommodation" if days not in {"", "0"} else ""


def _elsewhere(table: str) -> str:
    if table == ROSTER:
        return "The form pauses, brings back and lets leave, too; `/cohort track` shows both plans first."
    return "`/cohort assignment hw3 move 2d` moves a due time and tells everyone; a CSV dropped here changes many."


def form(table: str, row: Row, zone: str) -> View:
    """Return the form of a row, empty for a new one; wall times are those of the programme's zone."""
    names = [name for name in FIELDS[table] if name not in (ONLY_NEW if row else ONLY_OLD)]
    if row.get("role") != Role.STUDENT and BACK_ON in names:
        names.remove(BACK_ON)
    blocks: list[Block] = [_field(table, name, row, zone) for name in names]
    key = row.get(KEY[table], "")
    if key:
        blocks.insert(0, section(f"*{escape(cut(key, 200))}*"))
    opened = json.dumps({"key": key, "seen": {name: mark(row.get(name, "")) for name in names} if key else {}})
    return modal(TITLES[table], blocks, callback_id=f"desk_forms.{table}", submit="Save", metadata=opened)


def _field(table: str, name: str, row: Row, zone: str) -> Block:
    hint = f"In {zone.replace('_', ' ')}" if name == "due_at" else ""
    if name == STATUS:
        return _status_field(row)
    if name == BACK_ON:
        return _back_field(row, zone)
    if name in CHOICES:
        choices = [option(value.replace("_", " "), value) for value in CHOICES[name]]
        known = row.get(name) or ("yes" if name == "required" else CHOICES[name][0])
        return field_of(name, FIELDS[table][name], select(name, choices, known))
    element = text_input(name, most=LETTERS_MOST)
    if row.get(name):
        element["initial_value"] = shown(row[name])
    return field_of(name, FIELDS[table][name], element, optional=name not in NEEDED, hint=hint)


def _status_field(row: Row) -> Block:
    """Return the field for whether somebody takes part: what it can become, and why not anything else."""
    status = Status(row[STATUS])
    ways = [way.value for way in ways_from(status)] if row["role"] == Role.STUDENT else []
    options = [option(STATUSES[value], value) for value in (status.value, *ways)]
    element = select(STATUS, options, status.value)
    return field_of(STATUS, FIELDS[ROSTER][STATUS], element, hint=why_fixed(row["role"], status))


def _back_field(row: Row, zone: str) -> Block:
    """Return the field for the day on which a pause ends."""
    element = day_picker(BACK_ON, "Until somebody ends it")
    if row.get(BACK_ON):
        element["initial_date"] = row[BACK_ON]
    hint = f"From its midnight in {zone.replace('_', ' ')}. Without a day a pause lasts until somebody ends it."
    return field_of(BACK_ON, FIELDS[ROSTER][BACK_ON], element, optional=True, hint=hint)


def errors_of(written: Written, changed: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong beside its field; beside the first one where it is nobody's in particular."""
    errors: dict[str, str] = {}
    for problem in written.report.problems:
        said = str(problem).partition(": ")[2] or str(problem)
        field = next((name for name in changed if name in str(problem)), next(iter(changed), ""))
        errors.setdefault(field, cut(said, 200))
    return errors


def written(done: Written, zone: ZoneInfo) -> Rendered:
    """Say what became of a row, and of a student's status."""
    key = escape(cut(done.row[KEY[done.table]], 100))
    if done.report.added:
        return say(f":white_check_mark: {key} is added.")
    has_status = done.status is not None and done.status.is_new
    said = [f":white_check_mark: {key} is changed."] if done.report.changed else []
    if done.status is not None and has_status:
        said.append(roster_views.status_changed(done.status, zone).text)
    if said:
        return say("\n".join(said))
    return say(f"{key} was like that already; nothing was changed.")
