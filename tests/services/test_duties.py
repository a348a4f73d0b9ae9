"""Who decides extensions in which week of the programme's zone, and who may change that."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cohort.errors import NotActive, NotAllowed, NotFound, Unclear
from cohort.roster import Member, Role, Status
from services.desk import Desk
from services.duties import EXTENSIONS, QUESTIONS, DutyNote, DutyWeek, duty_ta, rota, set_duty
from services.imports import import_duties
from services.letters import Obsolete
from services.messages import Ready, prepare
from tests.conftest import NOON

# Nine in the morning in Los Angeles, where Tom is.
ALL_AWAKE = datetime(2026, 7, 1, 16, tzinfo=UTC)
THIS_WEEK, NEXT_WEEK = date(2026, 6, 29), date(2026, 7, 6)


@pytest.mark.parametrize(
    ("at", "zone", "has_it"),
    [
        pytest.param(datetime(2026, 6, 28, 22, 59, tzinfo=UTC), "Europe/London", False, id="a minute before Monday"),
        pytest.param(datetime(2026, 6, 28, 23, 0, tzinfo=UTC), "Europe/London", True, id="Monday midnight"),
        pytest.param(datetime(2026, 7, 5, 22, 59, tzinfo=UTC), "Europe/London", True, id="Sunday's last minute"),
        pytest.param(datetime(2026, 7, 5, 23, 0, tzinfo=UTC), "Europe/London", False, id="the next Monday"),
        pytest.param(datetime(2026, 7, 5, 23, 0, tzinfo=UTC), "America/New_York", True, id="still Sunday there"),
    ],
)
def test_a_week_is_one_of_the_programme_s_zone(
    desk: Desk, tara: Member, orla: Member, at: datetime, zone: str, has_it: bool
) -> None:
    set_duty(orla, "Tara", THIS_WEEK, NOON, desk)
    with desk.store.reading() as records:
        assert duty_ta(records, at, ZoneInfo(zone)) == (tara if has_it else None)


@pytest.mark.parametrize(
    "gone",
    [{"status": Status.PAUSED}, {"left_at": NOON}, {"role": Role.STUDENT}, {"status": Status.WITHDRAWN}],
    ids=str,
)
def test_who_is_away_has_no_duty(desk: Desk, tara: Member, orla: Member, gone: dict[str, object]) -> None:
    set_duty(orla, "Tara", None, NOON, desk)
    with desk.store.transaction() as records:
        records.roster.save(replace(tara, **gone))  # type: ignore[arg-type]  # the fields of a member
        assert duty_ta(records, NOON, desk.policy.programme.tz) is None


def test_the_rota_starts_this_week(desk: Desk, tara: Member, tom: Member, orla: Member) -> None:
    set_duty(orla, "Tara", None, NOON - timedelta(days=7), desk)
    set_duty(orla, "U0TOM", date(2026, 7, 9), NOON, desk)
    set_duty(orla, "tara@example.org", None, NOON, desk)
    assert rota(tom, NOON, desk) == [DutyWeek(THIS_WEEK, tara, True), DutyWeek(NEXT_WEEK, tom, False)]


def test_both_concerned_hear_of_a_change_but_not_who_made_it(
    desk: Desk, tara: Member, tom: Member, orla: Member
) -> None:
    set_duty(tara, "Tara", None, NOON, desk)
    assert notes(desk) == []
    done = set_duty(orla, "Tom", None, NOON, desk)
    assert (done.member, done.before, done.is_new) == (tom, tara, True)
    assert notes(desk) == [DutyNote(THIS_WEEK, tom, True, orla), DutyNote(THIS_WEEK, tom, False, orla)]
    assert not set_duty(orla, "Tom", None, NOON, desk).is_new
    assert len(notes(desk)) == 2


def test_question_duty_is_a_rota_of_its_own(desk: Desk, tara: Member, tom: Member, orla: Member) -> None:
    set_duty(orla, "Tara", None, NOON, desk)
    done = set_duty(orla, "Tom", None, NOON, desk, QUESTIONS)
    assert (done.before, done.duty) == (None, QUESTIONS)
    weeks = [DutyWeek(THIS_WEEK, tara, True), DutyWeek(THIS_WEEK, tom, True, QUESTIONS)]
    assert rota(tom, NOON, desk) == weeks
    assert notes(desk) == [DutyNote(THIS_WEEK, tara, True, orla), DutyNote(THIS_WEEK, tom, True, orla, QUESTIONS)]
    with desk.store.reading() as records:
        assert duty_ta(records, NOON, desk.policy.programme.tz, QUESTIONS) == tom


def test_a_note_about_a_week_that_is_over_is_not_sent(desk: Desk, orla: Member) -> None:
    set_duty(orla, "Tom", None, NOON, desk)
    with desk.store.reading() as records:
        ((letter, _),) = records.outbox.of_kind("duties.changed")
    assert prepare(letter, desk, NOON + timedelta(days=7)) == Obsolete("the week is over")


@pytest.mark.parametrize(
    ("who", "whom", "on", "error"),
    [
        pytest.param("ada", "Tara", None, NotAllowed, id="a student"),
        pytest.param("tara", "Tom", None, NotAllowed, id="a TA for another"),
        pytest.param("orla", "Ada", None, NotFound, id="a student on duty"),
        pytest.param("orla", "Zed", None, NotFound, id="a stranger on duty"),
        pytest.param("orla", "Tara", date(2026, 6, 28), Unclear, id="a week that is over"),
    ],
)
def test_what_is_refused(
    desk: Desk,
    request: pytest.FixtureRequest,
    who: str,
    whom: str,
    on: date | None,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        set_duty(request.getfixturevalue(who), whom, on, NOON, desk)
    assert rota(request.getfixturevalue("orla"), NOON, desk) == []


def test_who_is_paused_can_t_be_put_on_duty(desk: Desk, tara: Member, orla: Member) -> None:
    with desk.store.transaction() as records:
        records.roster.save(replace(tara, status=Status.PAUSED))
    with pytest.raises(NotActive) as refused:
        set_duty(orla, "Tara", None, NOON, desk)
    assert not refused.value.about_self


def test_students_do_not_see_the_rota(desk: Desk, ada: Member) -> None:
    with pytest.raises(NotAllowed):
        rota(ada, NOON, desk)


def test_a_rota_is_imported_by_any_day_of_its_weeks(desk: Desk, tara: Member, tom: Member, orla: Member) -> None:
    set_duty(orla, "Orla", date(2026, 7, 20), NOON, desk)
    set_duty(orla, "Orla", NEXT_WEEK, NOON, desk)
    content = "week_on,email\n2026-06-30,TARA@example.org\n2026-07-06,tom@example.org\n"
    report = import_duties(content, NOON, desk)
    assert (report.added, report.changes, report.absent_keys) == (1, ("2026-07-06: tom@example.org",), ("2026-07-20",))
    assert [entry.member for entry in rota(orla, NOON, desk)] == [tara, tom, orla]
    assert import_duties(content, NOON, desk).unchanged == 2


def test_both_rotas_are_imported_from_one_file(desk: Desk, tara: Member, tom: Member, orla: Member) -> None:
    set_duty(orla, "Orla", NEXT_WEEK, NOON, desk, QUESTIONS)
    content = "week_on,email,duty\n2026-06-30,tara@example.org,\n2026-06-30,tom@example.org,Questions\n"
    report = import_duties(content, NOON, desk)
    assert (report.added, report.absent_keys, report.problems) == (2, ("2026-07-06 questions",), ())
    found = [(week.duty, week.member) for week in rota(orla, NOON, desk)]
    assert found == [(EXTENSIONS, tara), (QUESTIONS, tom), (QUESTIONS, orla)]
    changed = import_duties("week_on,email,duty\n2026-07-06,tom@example.org,questions\n", NOON, desk)
    assert changed.changes == ("2026-07-06 questions: tom@example.org",)


def notes(desk: Desk) -> list[object]:
    with desk.store.reading() as records:
        queued = [letter for letter, _ in records.outbox.of_kind("duties.changed")]
    return [ready.content for letter in queued if isinstance(ready := prepare(letter, desk, ALL_AWAKE), Ready)]
