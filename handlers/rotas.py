"""`/cohort rotas`: whose each duty, assignment and section is, and the forms to change it."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from cohort.errors import ChangedMeanwhile, EventOver, LeaderBusy, Unclear
from cohort.rotas import Duty, turns
from handlers.answers import Answer, Ask, FieldErrors, Listener, OpenModal, Say
from handlers.errors import sentence
from handlers.extensions import read_choice, read_element
from handlers.form_fields import unread
from handlers.reading import unescaped
from handlers.views import graders as grader_views
from handlers.views import rotas as views
from handlers.views.blocks import unmarked
from services import duties, graders, rotas
from services.desk import Desk
from services.duties import WeeksWish

State = Mapping[str, Mapping[str, Any]]
EXAMPLE = "/cohort rotas"


def command(ask: Ask, desk: Desk) -> Answer:
    """`/cohort rotas [words]`."""
    return Say(views.overview(rotas.overview(unescaped(ask.text), ask.member, ask.now, desk), ask.member.tz))


def weeks_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form of a rota, a field a week."""
    return OpenModal(views.weeks_form(rotas.rota_of(ask.value, ask.member, ask.now, desk)))


def weeks(ask: Ask, desk: Desk) -> Answer:
    """Give away the weeks that were changed in the form, and no others."""
    rotas.to_change(ask.member, ask.now)
    duty, was = _read_seen(ask.metadata)
    chosen = {on: read_choice(ask.state, views.week_block(on)) for on in was}
    wanted = {on: member for on, member in chosen.items() if member and member != was[on]}
    return _given(WeeksWish(duty, wanted, was), views.week_block, ask, desk)


def turns_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form in which people take turns."""
    return OpenModal(views.turns_form(rotas.rota_of(ask.value, ask.member, ask.now, desk)))


def take_turns(ask: Ask, desk: Desk) -> Answer:
    """Let people take turns in the order of the form."""
    rotas.to_change(ask.member, ask.now)
    duty, was = _read_seen(ask.metadata)
    chosen = [read_choice(ask.state, views.place_block(n)) for n in range(views.PEOPLE_MOST)]
    first_on, last_on = (_read_week(ask.state, block, was) for block in (views.FROM, views.UNTIL))
    if last_on < first_on:
        return FieldErrors({views.UNTIL: "That lies before the first week."})
    wanted = turns([member for member in chosen if member], first_on, last_on)
    if not wanted:
        return FieldErrors({views.place_block(0): "Choose who begins."})
    return _given(WeeksWish(duty, wanted, was), lambda _: views.FROM, ask, desk)


def _given(wish: WeeksWish, field: Callable[[date], str], ask: Ask, desk: Desk) -> Answer:
    """Write whose weeks are, or say at the field what somebody else did meanwhile."""
    try:
        return Say(views.changed(wish.duty, duties.set_weeks(wish, ask.member, ask.now, desk)))
    except ChangedMeanwhile as error:
        return FieldErrors({field(date.fromisoformat(error.field)): unmarked(sentence(error, ask.member.tz))})


def _read_seen(metadata: str) -> tuple[Duty, dict[date, str]]:
    """Read what a form was opened with: a duty, and whose its weeks were. Raises Unclear for no form of ours."""
    duty, _, rest = metadata.partition("|")
    first, _, holders = rest.partition("|")
    try:
        first_on = date.fromisoformat(first)
        return Duty(duty), {first_on + timedelta(weeks=n): one for n, one in enumerate(holders.split(","))}
    except (ValueError, OverflowError):
        raise unread(EXAMPLE) from None


def _read_week(state: State, block: str, was: Mapping[date, str]) -> date:
    chosen = read_choice(state, block)
    found = next((on for on in was if on.isoformat() == chosen), None)
    if found is None:
        raise unread(EXAMPLE)
    return found


def graders_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for who grades an assignment."""
    return OpenModal(views.graders_form(rotas.graders_of(ask.value, ask.member, ask.now, desk)))


def set_graders(ask: Ask, desk: Desk) -> Answer:
    """Write who grades an assignment."""
    rotas.to_change(ask.member, ask.now)
    assignment, _, ids = ask.metadata.partition("|")
    people = _chosen(ask.state, views.GRADERS)
    if not people:
        return FieldErrors({views.GRADERS: "Choose at least one: it can't be left open again once somebody grades it."})
    was = [one for one in ids.split(",") if one]
    try:
        return Say(grader_views.graders(graders.set_graders(assignment, people, ask.member, ask.now, desk, was)))
    except ChangedMeanwhile as error:
        return FieldErrors({views.GRADERS: unmarked(sentence(error, ask.member.tz))})


def _chosen(state: State, block: str) -> list[str]:
    options = read_element(state, block).get("selected_options")
    found = [each.get("value") for each in options if isinstance(each, Mapping)] if isinstance(options, list) else []
    return [each for each in found if isinstance(each, str)]


def leader_form(ask: Ask, desk: Desk) -> Answer:
    """Open the form for who leads a section."""
    return OpenModal(views.leader_form(rotas.leader_of(ask.value, ask.member, ask.now, desk), ask.member.tz))


def set_leader(ask: Ask, desk: Desk) -> Answer:
    """Write who leads a section, or say at the field why they can't."""
    rotas.to_change(ask.member, ask.now)
    event, _, was = ask.metadata.partition("|")
    leader = read_choice(ask.state, views.LEADER)
    if not leader:
        raise Unclear("I don't see who is to lead it.", EXAMPLE)
    try:
        return Say(views.led(rotas.set_leader(event, leader, was, ask.member, ask.now, desk)))
    except (ChangedMeanwhile, EventOver, LeaderBusy) as error:
        return FieldErrors({views.LEADER: unmarked(sentence(error, ask.member.tz))})


PRESSES: dict[str, Listener] = {
    "desk.rotas": command,
    "rotas.weeks": weeks_form,
    "rotas.turns": turns_form,
    "rotas.graders": graders_form,
    "rotas.leader": leader_form,
}
SUBMISSIONS: dict[str, Listener] = {
    "rotas.weeks": weeks,
    "rotas.turns": take_turns,
    "rotas.graders": set_graders,
    "rotas.leader": set_leader,
}
