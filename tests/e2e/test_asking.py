"""A student who is stuck asks, a TA answers, and the student says how it went."""

from datetime import date

from tests.e2e.conftest import Programme


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
