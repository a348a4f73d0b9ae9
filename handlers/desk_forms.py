"""`/cohort roster` and `/cohort assignments`: finding a row, and the form to add or change one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.extensions import read_element, read_text
from handlers.reading import unescaped
from handlers.views import desk_forms as views
from services import desk_forms
from services.desk import Desk
from services.desk_forms import ASSIGNMENTS, ROSTER

State = Mapping[str, Mapping[str, Any]]


def roster(ask: Ask, desk: Desk) -> Answer:
    """`/cohort roster [words]`."""
    return _listed(ROSTER, ask, desk)


def assignments(ask: Ask, desk: Desk) -> Answer:
    """`/cohort assignments [words]`."""
    return _listed(ASSIGNMENTS, ask, desk)


def _listed(table: str, ask: Ask, desk: Desk) -> Answer:
    return Say(views.listed(desk_forms.listed(table, unescaped(ask.text), ask.member, ask.now, desk)))


def _form(table: str, ask: Ask, desk: Desk) -> Answer:
    """Open the form of a row, or an empty one."""
    row = desk_forms.row_of(table, ask.value, ask.member, ask.now, desk)
    return OpenModal(views.form(table, row, desk.policy.programme.zone))


def _submit(table: str, ask: Ask, desk: Desk) -> Answer:
    """Write what the form says; what is wrong stands beside its field."""
    changed = {name: _read(ask.state, name) for name in views.FIELDS[table] if name in ask.state}
    written = desk_forms.write(table, ask.metadata, changed, ask.member, ask.now, desk)
    errors = views.errors_of(written, changed)
    return FieldErrors(errors) if errors else Say(views.written(written))


def _read(state: State, name: str) -> str:
    element = read_element(state, name)
    chosen = element.get("selected_option")
    if isinstance(chosen, Mapping):
        return str(chosen.get("value", ""))
    return " ".join(read_text(state, name).split())


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
