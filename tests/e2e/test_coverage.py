"""An organizer looks at office hours in a workspace, before and after a TA adds some."""

from tests.conftest import a_member
from tests.e2e.conftest import Programme

HOURS = {
    "Every": "Thursday",
    "From": "17:00",
    "For": "60 minutes",
    "How": "Bookable: slots, one after the other",
    "A slot lasts": "25 minutes",
    "Where": "https://meet.example.org/tara",
}


def test_an_organizer_sees_for_whom_the_hours_of_a_ta_are_missing(programme: Programme) -> None:
    with programme.desk.store.transaction() as records:
        for number in range(12):
            zone = "Asia/Tokyo" if number < 6 else "Europe/Paris"
            records.roster.save(a_member(f"Student{number:03}", zone=zone))
    tara, orla = programme.person("tara"), programme.person("orla")
    before = orla.command("/office-hours coverage").shown
    assert "no hours of office hours" in before
    tara.command("/office-hours add")
    tara.fill(HOURS)
    tara.submit()
    after = orla.command("/office-hours coverage").shown
    assert "students in Asia (Asia/Tokyo) have no hours while they are awake" in after
    assert "students in Europe" not in after
    assert "one hour while they are awake" in after
    assert "No office hours were held in the last four weeks." in after
