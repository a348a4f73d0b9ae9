"""The organizers' desk in the running program: people and work by form, tables as files, what happened in words."""

from tests.e2e.conftest import Programme


def test_an_organizer_adds_someone_and_what_is_wrong_stands_beside_its_field(programme: Programme) -> None:
    orla = programme.person("orla")
    assert "To import, drop a CSV" in orla.command("/cohort help").shown
    shown = orla.press("Roster").messages[-1]
    assert "Add someone" in shown.shown
    assert orla.press("Add someone").view is not None
    orla.fill({"email": "no address", "name": "Dee", "role": "student"})
    wrong = orla.submit()
    assert list(wrong.errors) == ["email"]
    orla.fill({"email": "dee@example.org"})
    assert "dee@example.org is added" in orla.submit().shown
    orla.close()
    found = orla.command("/cohort roster dee").shown
    assert "*Dee* (dee@example.org): student, active" in found


def test_an_organizer_pauses_a_student_by_form_and_nobody_else_may(programme: Programme) -> None:
    orla, ada = programme.person("orla"), programme.person("ada")
    orla.command("/cohort roster ada")
    orla.press("Change")
    orla.fill({"Paused until: the first day back": "2026-07-06"})
    assert "choose “paused” as well" in orla.submit().errors["back_on"]
    orla.fill({"Status": "paused", "Track": "research"})
    done = orla.submit().shown
    assert "ada@example.org is changed" in done
    assert "Ada is paused now until" in done
    assert "you take part again" in ada.wait_for("You are paused now").shown
    orla.close()
    assert "student, paused until 2026-07-06, research" in orla.command("/cohort roster ada").shown
    orla.command("/cohort roster tara")
    assert "Only students pause or leave here" in orla.press("Change").shown
    press = {"type": "button", "action_id": "desk_forms.roster", "block_id": "b", "value": "ada@example.org"}
    assert "Only organizers can do that" in programme.person("tara").press(press, in_="home").shown


def test_somebody_is_found_by_a_mention_and_a_wrong_role_is_named(programme: Programme) -> None:
    orla = programme.person("orla")
    shown = orla.command("/cohort roster @tara").shown
    assert "*Roster*: 1 of" in shown
    assert "*Tara* (tara@example.org): ta, active" in shown
    assert "Tara is a TA, and this needs a student. Nothing was changed." in orla.command("/cohort pause @tara").shown
    assert "Ada is a student, and this needs a TA" in orla.command("/cohort handover @ada").shown


def test_a_table_comes_as_a_file_and_history_in_words(programme: Programme) -> None:
    orla, ada = programme.person("orla"), programme.person("ada")
    ada.command("/extension hw3 2d")
    assert "roster.csv comes to your direct messages" in orla.command("/cohort export roster").shown
    assert "(file: roster.csv)" in orla.wait_for("It holds personal data").shown
    happened = orla.command("/cohort history @ada").shown
    assert ": more time was granted (hw3)\n" in f"{happened}\n"
    orla.command("/cohort excuse @ada hw4 a reason of theirs")
    orla.command("/cohort pause @ada")
    happened = orla.command("/cohort history @ada").shown
    assert ": was excused from a piece of work (hw4), by Orla" in happened
    assert ": was paused, by Orla" in happened
    assert "Only organizers" in ada.command("/cohort history @bo").shown or "only" in ada.read()[-1].shown.casefold()
