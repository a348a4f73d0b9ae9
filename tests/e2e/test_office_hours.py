"""A TA's hours in a workspace: added, changed with who has booked, moved, cancelled and ended."""

from datetime import date

from cohort.office_hours import HoursKind
from tests.e2e.conftest import Programme

NEW = {
    "Every": "Thursday",
    "From": "17:00",
    "For": "60 minutes",
    "How": "Bookable: slots, one after the other",
    "A slot lasts": "25 minutes",
    "Where": "https://meet.example.org/tara",
}


def test_a_ta_adds_hours_and_a_student_books_one_of_them(programme: Programme) -> None:
    tara, ada = programme.person("tara"), programme.person("ada")
    assert "You hold no office hours yet" in tara.command("/office-hours").shown
    form = tara.command("/office-hours add").view
    assert form is not None
    assert "Times are those of *Europe/London*" in form
    tara.fill(NEW | {"Where": " "})
    assert "Say where to come to" in tara.submit().shown
    tara.fill({"Where": NEW["Where"]})
    done = tara.submit().shown
    assert "Added: *Thursdays 17:00–18:00*, slots of 25 minutes" in done
    tara.close(all_=True)
    assert "nobody has booked yet; 2 free" in tara.command("/office-hours").shown
    tara.command("/office-hours add")
    tara.fill(NEW | {"From": "17:30"})
    assert "You have other hours then: Thu 2 Jul 17:00 BST, until 18:00" in tara.submit().shown
    tara.close(all_=True)

    assert "with Tara" in ada.command("/office-hours").shown
    ada.command("/office-hours book")
    ada.press("Book")
    ada.submit()
    tara.wait_for("Office hours with")
    assert "booked by Ada; 1 free" in tara.command("/office-hours").shown


def test_a_change_names_who_is_affected_before_it_is_made(programme: Programme) -> None:
    tara, ada = programme.person("tara"), programme.person("ada")
    tara.command("/office-hours add")
    tara.fill(NEW)
    tara.submit()
    tara.close(all_=True)
    ada.command("/office-hours book")
    ada.press("Book")
    ada.submit()
    with programme.desk.store.reading() as records:
        member = records.roster.by_email("tara@example.org")
        assert member is not None
        [series] = records.office_hours.series_of(member.id)
    assert (series.kind, series.first_on) == (HoursKind.BOOKABLE, date(2026, 7, 1))
    tara.command("/office-hours")
    tara.press((f"office_hours.series#{series.id}", series.id))
    tara.fill({"From": "18:00"})
    shown = tara.submit().shown
    assert "These bookings move along" in shown
    assert "Ada, Thu 2 Jul 17:00 BST" in shown
    assert "Changed: *Thursdays 18:00–19:00*" in tara.submit().shown
    tara.close(all_=True)
    ada.wait_for("Your office hours are now")

    tara.command("/office-hours")
    tara.press((f"office_hours.ending#{series.id}", series.id))
    assert "Ended: *Thursdays 18:00–19:00*" in tara.submit().shown
    tara.close(all_=True)
    assert "can't hold office hours" in ada.wait_for("can't hold office hours")
    assert "cancelled" in tara.command("/office-hours").shown


def test_organizers_see_what_is_covered(programme: Programme) -> None:
    tara, orla = programme.person("tara"), programme.person("orla")
    tara.command("/office-hours add")
    tara.fill(NEW)
    tara.submit()
    tara.close(all_=True)
    shown = orla.command("/office-hours coverage").shown
    assert "There are too few students" in shown
    assert "No office hours were held in the last four weeks." in shown
    assert "Sorry" not in shown
    assert "organizers" in tara.command("/office-hours coverage").shown
