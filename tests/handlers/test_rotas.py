"""The forms of rotas as nobody fills them in: what is not ours is refused in words, and nothing is written."""

import pytest

from cohort.errors import NotAllowed, Unclear
from cohort.roster import Member
from handlers import desk_forms, rotas
from handlers.answers import Ask, FieldErrors, Listener
from services.desk import Desk
from services.duties import rota
from tests.conftest import NOON

WEEKS = "extensions|2026-06-29|,"


def chosen(**fields: str) -> dict[str, dict[str, dict[str, object]]]:
    return {name: {name: {"selected_option": {"value": value}}} for name, value in fields.items()}


@pytest.mark.parametrize("metadata", ["", "coffee|2026-06-29|", "extensions|soon|", "extensions|9999-12-27|,,,", "{}"])
@pytest.mark.parametrize("listener", [rotas.weeks, rotas.take_turns])
def test_a_form_that_was_not_opened_here_is_refused(
    desk: Desk, orla: Member, listener: Listener, metadata: str
) -> None:
    with pytest.raises(Unclear):
        listener(Ask(orla, NOON, metadata=metadata, state=chosen(place_0="mem_tara")), desk)
    assert rota(orla, NOON, desk) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"from": "2026-07-06", "until": "2026-06-29", "place_0": "mem_tara"}, "until"),
        ({"from": "2026-06-29", "until": "2026-07-06"}, "place_0"),
    ],
)
def test_turns_that_can_t_be_taken_say_so_at_their_field(
    desk: Desk, orla: Member, fields: dict[str, str], field: str
) -> None:
    answer = rotas.take_turns(Ask(orla, NOON, metadata=WEEKS, state=chosen(**fields)), desk)
    assert isinstance(answer, FieldErrors)
    assert list(answer.errors) == [field]


def test_nobody_chosen_is_said_at_its_field(desk: Desk, orla: Member) -> None:
    answer = rotas.set_graders(Ask(orla, NOON, metadata="asg_hw3|", state={}), desk)
    assert isinstance(answer, FieldErrors)
    with pytest.raises(Unclear):
        rotas.set_leader(Ask(orla, NOON, metadata="evt_1|", state={}), desk)
    with pytest.raises(Unclear):
        rotas.take_turns(Ask(orla, NOON, metadata=WEEKS, state=chosen(**{"from": "2020-01-06"})), desk)


@pytest.mark.parametrize("listener", [*rotas.PRESSES.values(), *rotas.SUBMISSIONS.values()])
def test_nobody_else_gets_as_far_as_a_mistake(desk: Desk, tara: Member, listener: Listener) -> None:
    with pytest.raises(NotAllowed):
        listener(Ask(tara, NOON, value="coffee", metadata="nonsense"), desk)


@pytest.mark.parametrize("metadata", ["", "ada@example.org", "[]", "{}", '{"key": "a", "seen": 3}', "[" * 3000])
def test_a_row_s_form_that_was_not_opened_here_is_refused(desk: Desk, orla: Member, metadata: str) -> None:
    with pytest.raises(Unclear):
        desk_forms.SUBMISSIONS["desk_forms.roster"](Ask(orla, NOON, metadata=metadata, state=chosen(role="ta")), desk)
