"""A student who is stuck asks, a TA answers, and the student says how it went."""

from datetime import UTC, date, datetime

from tests.e2e.conftest import Programme

# Nine in the morning in Los Angeles, where Tom is.
ALL_AWAKE = datetime(2026, 7, 1, 16, tzinfo=UTC)


def test_a_question_is_asked_and_answered_and_who_is_still_stuck_gets_more_help(programme: Programme) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    with programme.desk.store.transaction() as records:
        member = records.roster.by_email("tara@example.org")
        assert member is not None
        records.duties.assign("questions", date(2026, 6, 29), member.id)
    ada.press({"action_id": "nudges.stuck", "value": "asg_hw3"})
    help_ = ada.wait_for("Good that you say so")
    form = ada.press("Ask a question", in_=help_.place).view
    assert form is not None
    assert "Tara reads this" in form
    ada.fill({"question": "Why does <step 2> & 3 hold?"})
    assert "Tara has your question" in ada.submit().shown
    card = tara.wait_for("is stuck and has a question")
    assert "Why does <step 2> & 3 hold?" in card
    answer = tara.press("Answer", in_=card.place).view
    assert answer is not None
    assert "Why does <step 2> & 3 hold?" in answer
    tara.fill({"answer": "Since n > 0."})
    assert "Ada gets your answer" in tara.submit().shown
    note = ada.wait_for("Tara answered your question")
    assert "Since n > 0." in note
    assert tara.wait_for("Tara answered it")
    assert "Tara answered it" in tara.press({"action_id": "asking.answer", "value": _question(programme)}).shown
    assert "thank you for asking" in ada.press("That helped", in_=note.place).shown
    ada.press("Still stuck", in_=note.place)
    more = ada.wait_for("A talk often does")
    assert "A TA will write to you about" in ada.press("Talk to a TA", in_=more.place).shown


def _question(programme: Programme) -> str:
    with programme.desk.store.reading() as records:
        [(question_id,)] = records.connection.execute("SELECT id FROM questions").fetchall()
    return str(question_id)


def test_a_question_goes_on_loses_no_answer_and_is_shared_without_a_name(programme: Programme) -> None:
    programme.clock.set(ALL_AWAKE)
    ada, tara, tom = (programme.person(name) for name in ("ada", "tara", "tom"))
    assert "Tara has question duty" in programme.person("orla").command("/cohort duty questions @tara").shown
    form = ada.command("/cohort ask Why does step 2 hold?").view
    assert form is not None
    assert "Tara reads this" in form
    ada.fill({"question": "Why does step 2 hold?", "assignment": "asg_hw3"})
    assert "Tara has your question about" in ada.submit().shown
    card = tara.wait_for("is stuck and has a question")
    assert "Tom has it now" in tara.press("Pass on", in_=card.place).shown
    tara.wait_for("It is with Tom")
    theirs = tom.wait_for("is stuck and has a question")
    for person, place in ((tara, card.place), (tom, theirs.place)):
        person.press("Answer", in_=place)
        person.fill({"answer": f"By induction, says {person.who}."})
    tom.submit()
    late = tara.submit()
    assert "Tom answered it" in late.shown
    note = ada.wait_for("Tom answered your question")
    ada.press("Share it without my name", in_=note.place)
    ada.fill({"question": "Why does step 2 hold?", "answer": "By induction."})
    assert "Shared, without your name" in ada.submit().shown
    found = programme.person("bo").command("/cohort questions step").shown
    assert "By induction." in found
    assert "Ada" not in found


def test_a_question_is_taken_back_on_home(programme: Programme) -> None:
    ada, tara = programme.person("ada"), programme.person("tara")
    programme.person("orla").command("/cohort duty questions @tara")
    ada.command("/cohort ask")
    ada.fill({"question": "What is a loop?"})
    asked = ada.submit()
    assert "Tara has your question" in asked.shown
    tara.wait_for("is stuck and has a question")
    assert "Taken back" in ada.press({"action_id": "asking.withdraw", "value": _question(programme)}).shown
    tara.wait_for("Closed ")
    assert "The student took it back" in tara.press({"action_id": "asking.answer", "value": _question(programme)}).shown
