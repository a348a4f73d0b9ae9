"""Handing in, in a workspace: the form by kind, one line, partners, parts, once more and too late."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import SetClock
from cohort.assignments import Assignment, Kind
from cohort.hand_ins import File, HandIn, Version
from cohort.own_work import Retry, RetryReason
from sandbox.client import Person, Reaction
from tests.conftest import NOON
from tests.e2e.conftest import Programme

DAY = timedelta(days=1)
LINK = "https://example.org/ada/hw3"


def handed_in(programme: Programme) -> list[tuple[HandIn, Version]]:
    """Return everything that was handed in, each with its newest version."""
    with programme.desk.store.reading() as records:
        rows = records.connection.execute("SELECT id FROM hand_ins ORDER BY submitted_at, id").fetchall()
        found = [records.hand_ins.get(hand_in_id) for (hand_in_id,) in rows]
        return [(each, records.hand_ins.versions(each.id)[-1]) for each in found if each is not None]


def only(programme: Programme) -> tuple[HandIn, Version]:
    [found] = handed_in(programme)
    return found


def change(programme: Programme, assignment: Assignment, **changes: object) -> None:
    with programme.desk.store.transaction() as records:
        records.assignments.save(replace(assignment, **changes))  # type: ignore[arg-type] # fields by name


def claim(programme: Programme, hand_in: HandIn) -> None:
    with programme.desk.store.transaction() as records:
        tara = records.roster.by_email("tara@example.org")
        assert tara is not None
        assert records.hand_ins.claim(hand_in.id, tara.id, NOON, NOON + 2 * DAY)


def answer_of(reaction: Reaction) -> str:
    assert reaction.errors == {}, reaction.errors
    assert reaction.view is not None
    return reaction.view.shown


@pytest.fixture
def sound(programme: Programme) -> Iterator[Programme]:
    """The programme, and at the end nothing that Slack would have refused."""
    yield programme
    assert programme.admin.refusals() == []


def test_one_line_hands_a_link_in_and_says_what_was_received_and_what_is_next(sound: Programme) -> None:
    shown = sound.person("ada").command(f"/submit hw3 {LINK}").shown
    assert "Problem set 3 (hw3), with a link" in shown.replace("*", "")
    assert "It is due Jul 2, 2026 at 1:00 PM: on time" in shown
    assert "It is graded by" in shown
    hand_in, version = only(sound)
    assert (version.content, hand_in.is_late) == ({"link": LINK}, False)


def test_the_form_asks_for_what_it_is_and_then_for_its_fields(sound: Programme) -> None:
    ada = sound.person("ada")
    first = ada.command("/submit").view
    assert first is not None
    assert "Problem set 3 · due Thu 2 Jul 13:00 EDT" in str(first.blocks)
    ada.fill({"What do you hand in?": "asg_hw3"})
    form = ada.submit().view
    assert form is not None
    assert "Summary" not in form
    ada.fill({
        "A text": "I did <all> of it & more", "A file": {"name": "proof.pdf", "content": "pdf"},
        "With the help of": "a calculator", "How long did it take?": "6",
    })  # fmt: skip
    answer = answer_of(ada.submit())
    assert "with a text and the file proof.pdf" in answer
    hand_in, version = only(sound)
    assert version.content == {"text": "I did <all> of it & more"}
    assert version.file == File(version.file.id if version.file else "", "proof.pdf")
    assert (hand_in.tools, hand_in.hours) == ("a calculator", 6)


def test_a_paper_reading_asks_for_three_texts_with_minimum_lengths(programme: Programme, hw3: Assignment) -> None:
    change(programme, hw3, kind=Kind.PAPER_READING)
    ada = programme.person("ada")
    form = ada.command(f"/submit hw3 {LINK}").view
    assert form is not None
    assert "At least 200 characters" in form
    ada.fill({"Summary": "too short", "A strength": "s" * 80, "A weakness": "w" * 80})
    refused = ada.submit().errors
    assert "so far there are 9" in refused["summary"]
    assert set(refused) == {"summary"}
    ada.fill({"Summary": "s" * 200})
    assert "a summary, a strength and a weakness" in answer_of(ada.submit())


UNREADABLE = [
    (f"/submit hw33 {LINK}", "Did you mean hw3"),
    ("/submit hw33", "Did you mean hw3"),
    (f"/submit {LINK}", "not for which assignment"),
    ("/submit hw3 ftp://example.org/a", "starts with https://"),
    ("/submit hw3 https://ada:secret@example.org/a", "holds a password"),
    ("/submit hw3 https://nowhere", "leads nowhere"),
    ("/submit hw3 https://example.org/a and more", "has no spaces"),
    ("/submit hw3 later", "I can't read “later” as a link"),
]


def test_what_can_not_be_read_gets_a_sentence_and_changes_nothing(sound: Programme) -> None:
    ada = sound.person("ada")
    for line, words in UNREADABLE:
        assert words in ada.command(line).shown.replace("`", ""), line
    assert handed_in(sound) == []


def test_a_title_works_like_a_short_name(programme: Programme) -> None:
    assert "Received" in programme.person("ada").command(f"/submit problem set 3 {LINK}?a=1&b=2").shown
    assert only(programme)[1].content == {"link": f"{LINK}?a=1&b=2"}


def test_the_form_keeps_what_was_typed_and_says_at_the_field_what_is_wrong(sound: Programme) -> None:
    ada = sound.person("ada")
    ada.command("/submit hw3")
    assert "nothing here yet" in ada.submit().errors["link"]
    ada.fill({"A link": "example.org/work", "A text": "my own words"})
    assert "starts with https://" in ada.submit().errors["link"]
    ada.fill({"A link": LINK})
    answer_of(ada.submit())
    assert only(sound)[1].content == {"link": LINK, "text": "my own words"}


def test_the_same_form_twice_is_one_submission(sound: Programme) -> None:
    ada = sound.person("ada")
    ada.command("/submit hw3")
    ada.fill({"A link": LINK})
    sound.admin.duplicate_next(1, "interactive")
    answer_of(ada.submit())
    assert only(sound)[1].number == 1


def test_a_line_delivered_twice_is_one_version(sound: Programme) -> None:
    sound.admin.duplicate_next(1, "slash_commands")
    assert "Received" in sound.person("ada").command(f"/submit hw3 {LINK}").shown
    assert only(sound)[1].number == 1


def test_partners_share_it_and_are_told_and_can_say_it_was_not_so(sound: Programme) -> None:
    ada, bo = sound.person("ada"), sound.person("bo")
    ada.command("/submit hw3")
    ada.fill({"A link": LINK, "Worked with": ["bo", "ada"]})
    assert "Together with @Bo" in answer_of(ada.submit())
    note = bo.wait_for("handed it in together with you")
    assert LINK in note.shown
    assert "It takes the place of" in bo.command(f"/submit hw3 {LINK}/2").shown
    ada.wait_for("@Bo replaced what was handed in together with you")
    assert "not yours any more" in bo.press("I had no part in it", in_=note).shown
    ada.wait_for("Bo says they had no part")
    assert "Only partners" in bo.press("I had no part in it", in_=note).shown
    shared, _ = only(sound)
    with sound.desk.store.reading() as records:
        assert [s.student_id for s in records.submissions.of_hand_in(shared.id)] == [shared.by_id]


def test_who_can_not_share_it_is_named_at_the_field_without_saying_why(sound: Programme) -> None:
    ada, bo = sound.person("ada"), sound.person("bo")
    bo.command(f"/submit hw3 {LINK}")
    ada.command("/submit hw3")
    ada.fill({"A link": LINK, "Worked with": ["bo"]})
    assert "can't be shared with Bo" in ada.submit().errors["partners"]
    ada.fill({"Worked with": ["tara"]})
    assert "can't be shared with Tara" in ada.submit().errors["partners"]
    ada.fill({"Worked with": []})
    answer_of(ada.submit())


def test_replacing_starts_with_what_was_handed_in(sound: Programme) -> None:
    ada = sound.person("ada")
    ada.command(f"/submit hw3 {LINK}")
    form = ada.command("/submit hw3").view
    assert form is not None
    assert "takes the place of that" in form
    assert form.values["link"]["link"]["value"] == LINK
    ada.fill({"A text": "and some words", "A file": "essay.pdf"})
    assert "which stays on record" in answer_of(ada.submit())
    _, second = only(sound)
    assert (second.number, second.content) == (2, {"link": LINK, "text": "and some words"})
    assert "☑ essay.pdf stays with it" in ada.command("/submit hw3").shown
    ada.fill({"A link": "", "A text": ""})
    assert "with the file essay.pdf" in answer_of(ada.submit())
    _, third = only(sound)
    assert (third.number, third.content, third.file) == (3, {}, second.file)


def test_what_a_ta_has_begun_to_read_can_not_be_replaced_not_even_from_an_open_form(sound: Programme) -> None:
    ada = sound.person("ada")
    ada.command(f"/submit hw3 {LINK}")
    ada.command("/submit hw3")
    ada.fill({"A text": "typed for an hour"})
    claim(sound, only(sound)[0])
    assert "Tara has begun to read" in ada.submit().errors["link"]
    assert ada.view is not None
    assert "typed for an hour" in ada.view
    assert "Tara has begun to read" in ada.command(f"/submit hw3 {LINK}").shown
    assert only(sound)[1].number == 1


def test_a_part_is_taken_as_one_and_never_called_late_or_failed(sound: Programme, clock: SetClock) -> None:
    ada = sound.person("ada")
    clock.set(NOON + timedelta(hours=12))
    sound.bot.parts.runner.wake_overdue()
    note = ada.wait_for("Hand in what I have", timeout=20)
    form = ada.press("Hand in what I have", in_=note).view
    assert form is not None
    assert "☑ This is what I have so far" in form
    ada.fill({"A text": "the first half"})
    answer = answer_of(ada.submit())
    assert "as a part" in answer
    assert "a part is never a fail" in answer
    assert only(sound)[0].is_part


def test_after_not_yet_it_is_taken_again_with_a_due_time_of_its_own(
    sound: Programme, clock: SetClock, hw3: Assignment
) -> None:
    ada = sound.person("ada")
    ada.command(f"/submit hw3 {LINK}")
    first, _ = only(sound)
    with sound.desk.store.transaction() as records:
        records.connection.execute("UPDATE hand_ins SET state = 'graded'")
        [submission] = records.submissions.of(first.by_id, hw3.id)
        records.submissions.save_many([replace(submission, score=40.0, passed=False)])
        retry = Retry(
            "try_1", first.by_id, hw3.id, first.id, RetryReason.NOT_YET, NOON, NOON + 5 * DAY, NOON + 30 * DAY
        )
        records.own_work.open_retry(retry)
        records.assignments.save(replace(hw3, hard_due_at=NOON + DAY + DAY))
    clock.set(NOON + 4 * DAY)
    assert "on time" in ada.command(f"/submit hw3 {LINK}/again").shown
    assert [each.is_retry for each, _ in handed_in(sound)] == [False, True]


def test_after_the_last_moment_the_way_out_is_a_person(sound: Programme, clock: SetClock, hw3: Assignment) -> None:
    ada = sound.person("ada")
    ada.command("/submit hw3")
    ada.fill({"A link": LINK})
    clock.set(hw3.hard_due_at)
    assert "Please write to an organizer" in ada.submit().errors["link"]
    assert "Please write to an organizer" in ada.command(f"/submit hw3 {LINK}").shown
    assert "Nothing is open for you" in ada.command("/submit").shown
    assert handed_in(sound) == []


def test_home_leads_to_the_form(sound: Programme) -> None:
    ada = sound.person("ada")
    ada.open_home()
    form = ada.press("Hand in", in_="home").view
    assert form is not None
    assert "Problem set 3" in form


def test_late_work_is_taken_and_says_so(sound: Programme, clock: SetClock) -> None:
    clock.set(NOON + 3 * DAY)
    ada = sound.person("ada")
    form = ada.command("/submit hw3").view
    assert form is not None
    assert "marked as late" in form
    ada.fill({"A link": LINK})
    assert "marked as late" in answer_of(ada.submit())


def test_optional_work_is_taken_on_with_a_press_and_let_go(sound: Programme, hw3: Assignment) -> None:
    change(sound, hw3, required=False)
    ada = sound.person("ada")
    asked = ada.command(f"/submit hw3 {LINK}")
    assert "is optional" in asked.shown
    taken = ada.press("Take it on")
    assert "is yours now" in taken.shown
    form = ada.press("Hand it in").view
    assert form is not None
    assert "Let it go" in form
    assert "is let go" in ada.press("Let it go").shown
    assert "is optional" in ada.command(f"/submit hw3 {LINK}").shown


def test_staff_and_the_paused_can_not_hand_in(sound: Programme) -> None:
    assert "Only students" in sound.person("tara").command(f"/submit hw3 {LINK}").shown
    sound.person("orla").command("/cohort pause @ada")
    assert "You are paused" in sound.person("ada").command(f"/submit hw3 {LINK}").shown
    assert handed_in(sound) == []


def test_a_button_for_work_that_is_gone_says_so(sound: Programme) -> None:
    ada = sound.person("ada")
    assert "can't find an assignment" in forged(ada, "hand_ins.part", "asg_gone")
    assert "not there any more" in forged(ada, "hand_ins.leave", "hin_gone")


def forged(person: Person, action: str, value: str) -> str:
    return person.press({"action_id": action, "value": value, "type": "button", "block_id": "b"}).shown
