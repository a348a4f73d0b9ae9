"""A TA says that something was our mistake, and everyone who holds the work reads it."""

from tests.e2e.conftest import Programme


def test_a_mistake_is_admitted_with_a_form_and_told_to_students_and_organizers(programme: Programme) -> None:
    tara = programme.person("tara")
    assert "in which assignment" in tara.command("/cohort mistake").shown
    tara.command("/cohort mistake hw3")
    form = tara.wait_for_view("Our mistake in")
    assert "3 students will read this, each in one message." in form
    tara.fill({"question": "Question 2b", "words": "Take n > 0 & not <!channel>."})
    assert "3 students will read it, and the organizers know." in tara.submit().shown
    note = programme.person("ada").wait_for("We made a mistake in")
    assert "(Question 2b)" in note
    assert "Take n > 0 & not <!channel>." in note
    report = programme.person("orla").wait_for("Tara told 3 students of a mistake of ours")
    assert "/cohort assignment hw3 move 2d" in report
