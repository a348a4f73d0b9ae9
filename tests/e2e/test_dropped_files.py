"""A CSV dropped into the direct messages with the bot, over real sockets."""

from cohort.hand_ins import HandInState
from cohort.roster import Member
from tests.e2e.conftest import Programme
from tests.services.grading_world import hand_in, state_of

GRADES = "email,assignment,score,feedback\nada@example.org,hw3,85,Clear and complete\n"
HEAD = "First Name,Last Name,SID,Email,hw3,hw3 - Max Points,hw3 - Submission Time,hw3 - Lateness (H:M:S)\n"


def test_a_ta_drops_a_gradebook_looks_and_applies_it(programme: Programme, tara: Member) -> None:
    with programme.desk.store.transaction() as records:
        hw3, ada = records.assignments.with_slug("hw3"), records.roster.by_email("ada@example.org")
        assert hw3 is not None
        assert ada is not None
        records.graders.assign(hw3.id, [tara.id])
    made = hand_in(programme.desk, hw3, ada)
    tara_ = programme.person("tara")
    tara_.write("here", files={"hw3.csv": HEAD + "Ada,A,,ada@example.org,17,20,,\n"})
    look = tara_.wait_for("holds grades")
    assert "graded with 85" in look
    assert state_of(programme.desk, made).state is HandInState.WAITING
    said = tara_.press("Apply", in_=look.place).shown or tara_.wait_for("is in:").shown
    assert "0 added, 1 changed" in said
    assert state_of(programme.desk, made).state is HandInState.GRADED
    assert "You passed" in programme.person("ada").wait_for("You passed")
    said = tara_.press("Apply", in_=look.place).shown or tara_.wait_for("unchanged").shown
    assert "0 changed, 1 unchanged" in said


def test_what_is_wrong_is_named_and_a_table_that_is_not_theirs_refused(programme: Programme) -> None:
    tara, orla = programme.person("tara"), programme.person("orla")
    orla.write("", files={"grades.csv": GRADES.replace("85", "lots")})
    assert "line 2, score: “lots” is not a number" in orla.wait_for("something is wrong")
    tara.write("", files={"conflicts.csv": "ta,student\ntara@example.org,ada@example.org\n"})
    assert tara.wait_for("Only organizers can do that")
    orla.write("", files={"shopping.csv": "milk,bread\n"})
    assert orla.wait_for("I can't tell what shopping.csv holds")


def test_each_table_of_a_message_is_looked_at(programme: Programme) -> None:
    orla = programme.person("orla")
    people = "email,name,role\ndan@example.org,Dan,student\n"
    orla.write("", files={"roster.csv": people, "conflicts.csv": "ta,student\ntara@example.org,ada@example.org\n"})
    look = orla.wait_for("holds conflicts")
    assert "*roster.csv* holds roster: 1 added" in look
    assert "dan@example.org (Dan, student)" in look


def test_a_table_that_is_not_theirs_keeps_nobody_from_the_others(programme: Programme, tara: Member) -> None:
    with programme.desk.store.transaction() as records:
        hw3 = records.assignments.with_slug("hw3")
        assert hw3 is not None
        records.graders.assign(hw3.id, [tara.id])
    tara_ = programme.person("tara")
    conflicts = "ta,student\ntara@example.org,ada@example.org\n"
    tara_.write("", files={"conflicts.csv": conflicts, "hw3.csv": HEAD + "Ada,A,,ada@example.org,17,20,,\n"})
    look = tara_.wait_for("holds grades")
    assert "Only organizers can do that" in look
    assert "[Apply]" in look


def test_what_a_student_drops_is_not_read(programme: Programme) -> None:
    ada = programme.person("ada")
    ada.write("my work", files={"grades.csv": GRADES})
    assert "grades" not in ada.wait_for("/submit").shown.replace("your grades", "")
    with programme.desk.store.reading() as records:
        assert list(records.submissions.every()) == []
