"""`/cohort roster` and `/cohort assignments`: finding a row, and the form to add or change one."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from cohort.errors import ChangedMeanwhile, NotByForm
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.errors import sentence
from handlers.extensions import read_element, read_text
from handlers.form_fields import unread
from handlers.reading import read_words
from handlers.views import desk_forms as views
from handlers.views.blocks import unmarked
from services import desk_forms
from services.desk import Desk
from services.desk_forms import ASSIGNMENTS, ROSTER, Filled

State = Mapping[str, Mapping[str, Any]]


def roster(ask: Ask, desk: Desk) -> Answer:
    """`/cohort roster [words]`."""
    return _listed(ROSTER, ask, desk)


def assignments(ask: Ask, desk: Desk) -> Answer:
    """`/cohort assignments [words]`."""
    return _listed(ASSIGNMENTS, ask, desk)


def _listed(table: str, ask: Ask, desk: Desk) -> Answer:
    return Say(views.listed(desk_forms.listed(table, read_words(ask.text), ask.member, ask.now, desk)))


def _form(table: str, ask: Ask, desk: Desk) -> Answer:
    """Open the form of a row, or an empty one."""
    row = desk_forms.row_of(table, ask.value, ask.member, ask.now, desk)
    return OpenModal(views.form(table, row, desk.policy.programme.zone))


def _submit(table: str, ask: Ask, desk: Desk) -> Answer:
    """Write what was changed in the form; what is wrong stands beside its field."""
    desk_forms.to_change(ask.member, ask.now)
    form = _filled(table, ask)
    try:
        written = desk_forms.write(table, form, ask.member, ask.now, desk)
    except (ChangedMeanwhile, NotByForm) as error:
        at = error.field if error.field in ask.state else next(iter(ask.state), error.field)
        return FieldErrors({at: unmarked(sentence(error, ask.member.tz))})
    errors = views.errors_of(written, form.fields)
    return FieldErrors(errors) if errors else Say(views.written(written, ask.member.tz))


def _filled(table: str, ask: Ask) -> Filled:
    """Read a form and what it was opened with. Raises Unclear for no form of ours."""
    fields = {name: _read(ask.state, name) for name in views.FIELDS[table] if name in ask.state}
    try:
        opened = json.loads(ask.metadata)
        key, seen = str(opened["key"]), {str(name): str(mark) for name, mark in opened["seen"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise unread(f"/cohort {table}") from None
    return Filled(key, fields, seen)


def _read(state: State, name: str) -> str:
    element = read_element(state, name)
    chosen, day = element.get("selected_option"), element.get("selected_date")
    if isinstance(chosen, Mapping):
        return str(chosen.get("value", ""))
    return day if isinstance(day, str) else " ".join(read_text(state, name).split())


PRESSES: dict[str, Listener] = {
    "desk.roster": roster,
    "desk.assignments": assignments,
    "desk_forms.roster": partial(_form, ROSTER),
    "desk_forms.assignments": partial(_form, ASSIGNMENTS),
}
SUBMISSIONS: dict[str, Listener] = {
    "desk_forms.roster": partial(_submit, ROSTER),
    "desk_forms.assignments": partial(_submit, ASSIGNMENTS),
}
