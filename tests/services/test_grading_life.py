"""The life of a hand-in, by chance, against the diagram in docs/grading.md."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cohort.errors import GradeNotTaken
from cohort.grading import Marked, Verdict
from cohort.hand_ins import LINK, HandIn, HandInState, HandInWork
from cohort.roster import Member
from services.grading import GiveGrade, grade
from services.grading_queue import claim, claim_next, release
from services.grading_upkeep import expire_claims
from services.hand_ins import Received, submit
from tests.services.grading_world import GOOD, WEAK
from tests.services.nudge_world import ADA, BO, HW3, NOW, TARA, TOM, World, new_world

PAGE = Path(__file__).parents[2] / "docs" / "grading.md"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
WORK = replace(HW3, pass_mark=70.0)
Step = tuple[str, str]


@cache
def drawn() -> set[Step]:
    """Return every step that the diagram shows, from one state to another."""
    diagram = re.search(r"```mermaid\nstateDiagram-v2\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert diagram is not None
    return set(re.findall(r"^\s*(\[\*\]|\w+) --> (\w+)", diagram.group(1), re.MULTILINE))


class Life(RuleBasedStateMachine):
    """What students, TAs and time do to a hand-in, and what must hold whatever they do."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.world: World = new_world(Path(self.folder.name))
        self.world.assign(WORK)
        self.now = NOW
        self.states: dict[str, str] = {}
        self.steps: set[Step] = set()
        self.graded: dict[str, int] = {}

    def teardown(self) -> None:
        self.world.desk.store.close()
        self.folder.cleanup()

    def hand_ins(self) -> list[HandIn]:
        with self.world.desk.store.reading() as records:
            ids = records.connection.execute("SELECT id FROM hand_ins ORDER BY rowid").fetchall()
            found = [records.hand_ins.get(hand_in_id) for (hand_in_id,) in ids]
        return [hand_in for hand_in in found if hand_in is not None]

    @initialize()
    def begin(self) -> None:
        self.submit(ADA, is_part=False)

    @rule(student=st.sampled_from([ADA, BO]), is_part=st.booleans())
    def submit(self, student: Member, is_part: bool) -> None:
        # No two come at one instant: which of them is first in the queue would be left to their random ids.
        self.now += SECOND
        work = HandInWork(WORK.id, {LINK: f"https://example.org/{self.now:%H%M}"}, is_part=is_part)
        outcome = submit(work, student, self.now, self.world.desk)
        if isinstance(outcome, Received) and outcome.replaced is not None:
            assert self.states[outcome.hand_in.id] in {"waiting", "in_review"}
        self.look()

    @rule(grader=st.sampled_from([TARA, TOM]))
    def claim_next(self, grader: Member) -> None:
        found = claim_next(grader, self.now, self.world.desk)
        if found is not None:
            assert self.states[found.opened.entry.hand_in.id] == "waiting"
        self.look()

    @rule(data=st.data(), grader=st.sampled_from([TARA, TOM]))
    def claim_this(self, data: st.DataObject, grader: Member) -> None:
        wanted = data.draw(st.sampled_from(self.hand_ins()))
        claim(wanted.id, grader, self.now, self.world.desk)
        self.look()

    @rule(data=st.data(), grader=st.sampled_from([TARA, TOM]))
    def give_back(self, data: st.DataObject, grader: Member) -> None:
        wanted = data.draw(st.sampled_from(self.hand_ins()))
        released = release(wanted.id, grader, self.now, self.world.desk)
        assert released is (wanted.claimed_by == grader.id)
        self.look()

    @rule(data=st.data(), grader=st.sampled_from([TARA, TOM]), marked=st.sampled_from([GOOD, WEAK]))
    def grade(self, data: st.DataObject, grader: Member, marked: Marked) -> None:
        wanted = data.draw(st.sampled_from(self.hand_ins()))
        with self.world.desk.store.reading() as records:
            newest = records.hand_ins.versions(wanted.id)[-1].number
        version = data.draw(st.integers(1, newest))
        may = version == newest and (wanted.claimed_by == grader.id or wanted.state is HandInState.WAITING)
        try:
            given = grade(GiveGrade(wanted.id, version, marked), grader, self.now, self.world.desk)
        except GradeNotTaken:
            assert not may
        else:
            assert may
            assert (given.grade.verdict is Verdict.PART) is wanted.is_part
            self.graded[wanted.id] = self.graded.get(wanted.id, 0) + 1
            if wanted.state is HandInState.WAITING:
                # The claim is renewed on the way, in the same transaction.
                self.states[wanted.id] = "claimed"
        self.look()

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR
        expire_claims(self.world.desk, self.now)
        self.look()

    @precondition(lambda self: any(state in {"waiting", "claimed"} for state in self.states.values()))
    @rule()
    def organizers_look_into_it(self) -> None:
        wanted = next(hand_in_id for hand_in_id, state in self.states.items() if state in {"waiting", "claimed"})
        with self.world.desk.store.transaction() as records:
            assert records.hand_ins.set_aside(wanted)
        self.look()

    @precondition(lambda self: any(state == "in_review" for state in self.states.values()))
    @rule()
    def organizers_clear_it(self) -> None:
        wanted = next(hand_in_id for hand_in_id, state in self.states.items() if state == "in_review")
        with self.world.desk.store.transaction() as records:
            assert records.hand_ins.back_to_queue(wanted)
        self.look()

    def look(self) -> None:
        """Note in which state everything is now, and every step that led there."""
        for hand_in in self.hand_ins():
            before = self.states.get(hand_in.id, "[*]")
            if before != hand_in.state.value:
                self.steps.add((before, hand_in.state.value))
            self.states[hand_in.id] = hand_in.state.value

    @invariant()
    def every_step_is_in_the_diagram(self) -> None:
        assert self.steps <= drawn()

    @invariant()
    def a_claim_has_a_holder_and_an_end_and_nothing_else_has(self) -> None:
        for hand_in in self.hand_ins():
            is_claimed = hand_in.state is HandInState.CLAIMED
            held = (hand_in.claimed_by, hand_in.claimed_at, hand_in.claim_expires_at)
            assert all(part is not None for part in held) is is_claimed
            assert any(part is not None for part in held) is is_claimed

    @invariant()
    def what_is_graded_is_graded_once_told_once_and_has_a_date_unless_it_passed(self) -> None:
        with self.world.desk.store.reading() as records:
            letters = [letter.data["grade"] for letter, _ in records.outbox.of_kind("grading.graded")]
            for hand_in_id, state in self.states.items():
                grades = records.grading.of(hand_in_id)
                known = records.submissions.of_hand_in(hand_in_id)
                assert len(grades) == self.graded.get(hand_in_id, 0) == (state == "graded")
                assert all(s.is_graded is (state == "graded") for s in known)
                assert [letters.count(grade.id) for grade in grades] == [len(known)] * len(grades)

    @invariant()
    def attempts_are_counted_without_a_gap(self) -> None:
        with self.world.desk.store.reading() as records:
            for student in (ADA, BO):
                attempts = records.submissions.of(student.id, WORK.id)
                assert [s.attempt for s in attempts] == list(range(1, len(attempts) + 1))


Life.TestCase.settings = settings(
    max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestLife = Life.TestCase


def test_every_state_is_in_the_diagram() -> None:
    states = {state for step in drawn() for state in step} - {"[*]"}
    assert states == {state.value for state in HandInState}
