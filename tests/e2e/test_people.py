"""Whom the bot knows and how it meets them: links, zones, Home, help, and what it says when something breaks."""

import logging
import sqlite3

import pytest

from sandbox.client import Person
from tests.e2e.conftest import Programme


def unlink(programme: Programme, name: str) -> None:
    with programme.desk.store.transaction() as records:
        records.connection.execute("UPDATE members SET slack_id = NULL WHERE name = ?", (name,))


def member_zone(programme: Programme, email: str) -> str | None:
    with programme.desk.store.reading() as records:
        found = records.roster.by_email(email)
    return found.zone if found else None


def test_someone_on_the_roster_is_met_when_they_first_write(programme: Programme) -> None:
    unlink(programme, "Ada")
    ada = programme.person("ada")
    assert "I'm looking you up" in ada.command("/extension hw3 2d").shown
    assert ada.wait_for("*Problem set 3* (hw3) is now due")


def test_someone_unknown_to_slack_is_met_by_a_press_too(programme: Programme) -> None:
    ada = programme.person("ada")
    ada.command("/extension hw3 6d")
    ada.command("/extension list")
    unlink(programme, "Ada")
    ada.press("Take it back")
    assert ada.wait_for("Taken back")


def test_a_form_of_someone_just_unlinked_is_not_lost(programme: Programme) -> None:
    ada = programme.person("ada")
    ada.command("/extension hw3")
    ada.fill({"No date in mind?": ["talk"]})
    unlink(programme, "Ada")
    ada.submit()
    assert ada.wait_for("A TA will write to you about")


def test_home_of_someone_just_met(programme: Programme) -> None:
    unlink(programme, "Ada")
    ada = programme.person("ada")
    ada.open_home()
    assert ada.wait_for_view("Hello, Ada", on="home")


def test_joining_slack_links_who_is_on_the_roster(programme: Programme) -> None:
    with programme.desk.store.transaction() as records:
        records.connection.execute(
            "INSERT INTO members (id, email, name, role, zone, status)"
            " VALUES ('mem_dee', 'dee@example.org', 'Dee', 'student', 'UTC', 'active')"
        )
    programme.admin.add_user("dee", "dee@example.org", "Dee", "Asia/Tokyo")
    dee = programme.person("dee")
    dee.command("/extension hw3 2d")
    assert dee.wait_for("is now due")
    assert member_zone(programme, "dee@example.org") == "Asia/Tokyo"


def test_a_change_of_zone_is_followed(programme: Programme) -> None:
    ada = programme.person("ada")
    programme.admin.change_user("ada", tz="Asia/Tokyo")
    ada.command("/extension hw3 2d")
    ada.wait_for("You have more time")
    until_seen(programme, "Asia/Tokyo")


def until_seen(programme: Programme, zone: str) -> None:
    """Ask again until an event that was delivered before is worked on; each asking is a round trip."""
    for _ in range(50):
        if member_zone(programme, "ada@example.org") == zone:
            return
        programme.person("ada").command("/cohort help")
    pytest.fail(f"the zone never became {zone}")


@pytest.mark.parametrize(
    ("who", "there", "missing"),
    [
        ("ada", ["/extension", "/cohort policy"], ["/cohort pause", "grant"]),
        ("tara", ["grant", "/cohort duty"], ["/cohort pause"]),
        ("orla", ["grant", "/cohort pause", "/cohort unlinked"], []),
    ],
)
def test_help_shows_each_what_is_theirs(programme: Programme, who: str, there: list[str], missing: list[str]) -> None:
    person = programme.person(who)
    shown = person.command("/cohort help").shown
    assert [words for words in there if words not in shown] == []
    assert [words for words in missing if words in shown] == []
    assert person.command("/extension help").shown == shown
    person.write("hello there")
    assert person.wait_for("This is what you can do here")


def test_a_misspelt_subcommand_is_told_with_the_one_that_was_meant(programme: Programme) -> None:
    shown = programme.person("ada").command("/cohort polcy").shown
    assert "I don't know `/cohort polcy`. Nothing was changed. This works: `/cohort policy`" in shown


def test_the_rules_are_told_in_plain_words(programme: Programme) -> None:
    assert "up to 3 days past a due time is granted at once" in programme.person("ada").command("/cohort policy").shown


def test_an_unknown_subcommand_is_help(programme: Programme) -> None:
    assert "Hello Ada" in programme.person("ada").command("/cohort dance").shown


def test_home_shows_a_student_what_is_open_and_a_ta_what_waits(programme: Programme) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    home = ada.open_home()
    assert home.shown.index("hw3") < home.shown.index("hw4") < home.shown.index("final")
    form = ada.press("More time", in_="home").view
    assert form is not None
    assert form.title == "More time"
    ada.close()
    ada.command("/extension hw3 6d")
    assert "Waiting for an answer" in ada.open_home()
    assert "1 waiting for an answer" in tara.open_home()
    assert "Nobody waits" not in tara.open_home()


def test_an_edited_or_deleted_message_is_no_question(programme: Programme) -> None:
    ada = programme.person("ada")
    for subtype in ("message_changed", "message_deleted"):
        event = {"type": "message", "subtype": subtype, "channel": "D1", "channel_type": "im", "ts": "1.0"}
        payload = {"type": "event_callback", "event_id": f"Ev{subtype}", "team_id": "T0COHORT", "event": event}
        ada.send_raw(payload, "events_api")
    ada.write("hello")
    ada.wait_for("This is what you can do here")
    assert not [m for m in ada.read() if "I don't find you" in m.shown]


def test_a_press_in_home_renews_it(programme: Programme) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    ada.command("/extension hw3 6d")
    tara.wait_for("asks for more time")
    tara.open_home()
    tara.press("Approve", in_="home")
    assert tara.wait_for_view("Nobody waits", on="home")


def test_a_press_in_home_is_answered_on_top_of_it(programme: Programme) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    ada.command("/extension hw3 6d")
    tara.wait_for("asks for more time")
    tara.open_home()
    answer = tara.press("Approve", in_="home").view
    assert answer is not None
    assert "Approved: Ada has until" in answer


def break_a_table(programme: Programme) -> None:
    with programme.desk.store.transaction() as records:
        records.connection.execute("ALTER TABLE extensions RENAME TO extensions_away")


def test_what_nobody_expected_is_a_sentence_with_a_number_and_no_words_in_the_log(
    programme: Programme, caplog: pytest.LogCaptureFixture
) -> None:
    ada = programme.person("ada")
    ada.command("/extension hw3")
    ada.fill({"Anything they should know?": "my own words", "No date in mind?": ["talk"]})
    break_a_table(programme)
    with caplog.at_level(logging.DEBUG, logger="handlers"):
        told = next(iter(ada.submit().errors.values()))
        said = ada.command("/extension hw3 2d").shown
    assert "Something broke on our side, and nothing was changed" in told
    assert "Something broke on our side" in said
    number = said.split("number ")[1][:8]
    ours = "".join(record.getMessage() + str(record.exc_text) for record in caplog.records if record.name[:3] != "sla")
    assert number in ours
    assert "my own words" not in ours


def test_a_busy_database_loses_nothing(programme: Programme) -> None:
    ada = programme.person("ada")
    other = sqlite3.connect(programme.desk.store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    reaction = ada.command("/extension hw3 2d", patience=4)
    other.execute("ROLLBACK")
    other.close()
    assert "nothing was lost. Please try again" in reaction.shown
    assert not reaction.timed_out
    assert "is now due" in ada.command("/extension hw3 2d").shown


def test_payloads_that_slack_would_not_send_are_refused_and_logged_without_their_words(
    programme: Programme, caplog: pytest.LogCaptureFixture
) -> None:
    ada: Person = programme.person("ada")
    for payload, kind in (
        ({"command": "/extension", "text": "hw3 2d"}, "slash_commands"),
        ({"command": "/extension", "text": 5, "user_id": "U1", "trigger_id": "1.1"}, "slash_commands"),
        ({"type": "block_actions", "user": {"id": "U1"}, "actions": [], "trigger_id": "1.2"}, "interactive"),
        ({"type": "block_actions", "user": "U1", "actions": [{"action_id": "x"}], "trigger_id": "1.3"}, "interactive"),
        ({"type": "view_submission", "view": {"callback_id": "extensions.request"}}, "interactive"),
    ):
        assert not ada.send_raw(payload, kind).timed_out
    assert "Hello Ada" in ada.command("/cohort help").shown
    assert "Traceback" not in caplog.text
