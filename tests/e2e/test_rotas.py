"""An organizer sees and changes whose everything is; another one does at the same time; somebody else tries to."""

from datetime import timedelta

from cohort.events import Event, EventKind
from tests.conftest import NOON
from tests.e2e.conftest import Programme

HOUR = timedelta(hours=1)


def test_an_organizer_lets_people_take_turns_and_gives_a_week_away(programme: Programme) -> None:
    orla, tara = programme.person("orla"), programme.person("tara")
    orla.command("/cohort help")
    shown = orla.press("Rotas and owners").messages[-1].shown
    assert "this week: nobody, so questions are for whoever is free" in shown
    orla.press(("rotas.turns#questions", "questions"))
    orla.fill({"First": "Tom", "Second": "Tara", "Until": "The week of 20 Jul to 26 Jul"})
    done = orla.submit().shown
    assert "The rota of question duty is changed" in done
    assert "the week of 6 Jul to 12 Jul: Tara" in done
    assert "changed the rota of question duty. These weeks are yours now:" in tara.wait_for("question duty").shown
    orla.close()
    after = orla.command("/cohort rotas").shown
    assert "then 13 Jul Tom, 20 Jul Tara" in after
    orla.press(("rotas.weeks#questions", "questions"))
    orla.fill({"week_2026-07-06": "Orla"})
    assert "the week of 6 Jul to 12 Jul: Orla instead of Tara" in orla.submit().shown
    assert "is not yours any more" in tara.wait_for("not yours").shown


def test_two_organizers_at_the_same_week_lose_nothing_unseen(programme: Programme) -> None:
    orla, tara = programme.person("orla"), programme.person("tara")
    orla.command("/cohort rotas")
    orla.press(("rotas.weeks#extensions", "extensions"))
    tara.command("/cohort duty @tara 2026-07-06")
    orla.fill({"week_2026-06-29": "Tom", "week_2026-07-06": "Tom"})
    refused = orla.submit()
    assert list(refused.errors) == ["week_2026-07-06"]
    assert "it is Tara now. Nothing of yours was written" in refused.errors["week_2026-07-06"]
    orla.close()
    assert "this week: nobody" in orla.command("/cohort rotas").shown


def test_graders_and_the_leader_of_a_section_are_changed_by_form(programme: Programme) -> None:
    starts_at = NOON + timedelta(days=1)
    event = Event("evt_one", "section-0702", EventKind.SECTION, "Discussion", starts_at, starts_at + HOUR, NOON)
    with programme.desk.store.transaction() as records:
        records.events.add(event)
    orla = programme.person("orla")
    orla.command("/cohort rotas")
    orla.press(("rotas.graders#asg_hw3", "asg_hw3"))
    orla.fill({"Who grades it": ["Tara", "Tom"]})
    assert "is graded by" in orla.submit().shown
    orla.close()
    orla.press(("rotas.leader#evt_one", "evt_one"))
    orla.fill({"Who leads it": "Tara"})
    assert "Discussion is led by Tara" in orla.submit().shown
    orla.close()
    assert "Who grades what* with “discussion”: 0" in orla.command("/cohort rotas discussion").shown


def test_a_button_of_the_desk_does_nothing_for_others(programme: Programme) -> None:
    for name in ("ada", "tara"):
        person = programme.person(name)
        for action, value in (("desk.rotas", "x"), ("rotas.weeks", "questions"), ("rotas.graders", "asg_hw3")):
            pressed = person.press({"type": "button", "action_id": action, "block_id": "b", "value": value}, in_="home")
            assert "Only organizers can do that" in pressed.shown
