"""Where a student stands, from the keyboard: the sentence, leaving work out and taking it back."""

from tests.e2e.conftest import Programme


def test_a_student_leaves_work_out_and_takes_it_back(programme: Programme) -> None:
    ada = programme.person("ada")
    assert "On course to graduate: pass 1 of the 3 left" in ada.command("/cohort progress").shown
    ada.press("Leave it out")
    assert ada.wait_for("is left out")
    ada.command("/cohort progress")
    ada.press("Take it back")
    assert ada.wait_for("counts again")


def test_staff_look_a_student_up_and_have_nothing_to_press(programme: Programme) -> None:
    shown = programme.person("tara").command("/cohort progress @ada").shown
    assert "Where Ada stands" in shown
    assert "Leave it out" not in shown
