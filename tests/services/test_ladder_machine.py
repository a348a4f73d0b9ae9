"""The ladder by chance: levels, work, answers, choices and time do what they like, and what must hold holds."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cohort.assignments import Assignment
from cohort.follow_ups import Outcome
from cohort.ladder import Help
from cohort.levels import Level
from cohort.nudge_limits import NudgeKind
from cohort.roster import Member
from cohort.times import is_waking, local_day
from services import messages
from services.choices import allow, refuse
from services.due_soon import remind_due_soon
from services.follow_up_upkeep import look_after
from services.follow_ups import close_all
from services.ladder import climb
from services.ladder_answers import accept
from services.ladder_messages import Offered
from services.nudge_hearing import NUDGES, note_reaction
from services.nudges import nudge_missed
from services.silence import report_silent
from tests.services.follow_through_world import stands
from tests.services.nudge_world import ADA, BO, CHEN, NOW, World, homework, new_world, person, policy

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LU = person("Lu", zone="Asia/Singapore")
STUDENTS = (ADA, BO, CHEN, LU)
WORK = [homework(f"hw{n}", NOW + (2 * n - 3) * DAY) for n in range(1, 6)]
NIGHT = policy().nudges
WHO, WHICH = st.sampled_from(STUDENTS), st.sampled_from(WORK)


class Ladder(RuleBasedStateMachine):
    """Students and time, beside what was sent to whom and when."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.world: World = new_world(Path(self.folder.name))
        self.world.add(LU)
        self.world.assign(*WORK)
        self.now = NOW
        self.sent: list[tuple[Member, messages.Ready, frozenset[str]]] = []
        self.days: dict[str, list[date]] = {student.id: [] for student in STUDENTS}
        self.refused: set[str] = set()

    def teardown(self) -> None:
        self.world.desk.store.close()
        self.folder.cleanup()

    # ---- what students and staff do

    @rule(who=WHO, level=st.sampled_from(Level), signal=st.sampled_from(["missed", "silent", "late"]))
    def comes_to(self, who: Member, level: Level, signal: str) -> None:
        stands(self.world.desk, who, level, self.now, signal)

    @rule(who=WHO, which=WHICH)
    def hands_in(self, who: Member, which: Assignment) -> None:
        with self.world.desk.store.reading() as records:
            if records.submissions.of(who.id, which.id):
                return
        self.world.hand_in(who, which, self.now)

    @rule(who=WHO, which=WHICH)
    def is_excused(self, who: Member, which: Assignment) -> None:
        self.world.excuse(who, which)

    @rule(who=WHO)
    def answers(self, who: Member) -> None:
        note_reaction(who, "message_press", self.now, self.world.desk)

    @rule(who=WHO)
    def turns_help_off(self, who: Member) -> None:
        refuse(NudgeKind.HELP, who, self.now, self.world.desk)
        self.refused.add(who.id)

    @rule(who=WHO)
    def turns_help_on(self, who: Member) -> None:
        allow(NudgeKind.HELP, who, self.now, self.world.desk)
        self.refused.discard(who.id)

    @rule(who=WHO, which=st.sampled_from(Help))
    def accepts(self, who: Member, which: Help) -> None:
        for student, ready, _ in reversed(self.sent):
            if student == who and isinstance(ready.content, Offered):
                offered = {item.help for item in ready.content.helps}
                if which in offered - {Help.SLOT}:
                    accept(ready.content.rung_id, which, who, self.now, self.world.desk)
                return

    @rule(who=WHO, outcome=st.sampled_from(Outcome))
    def case_is_closed(self, who: Member, outcome: Outcome) -> None:
        with self.world.desk.store.transaction() as records:
            close_all(records, who.id, outcome, self.now)

    # ---- time

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        for _ in range(hours):
            self.now += HOUR
            for job in (nudge_missed, remind_due_soon, climb, report_silent, look_after):
                job(self.world.desk, self.now)
            self._deliver()

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        for _ in range(6 * days):
            self.now += 3 * HOUR
            self.time_passes(1)

    @rule()
    def a_day_passes(self) -> None:
        self.time_passes(24)

    def _deliver(self) -> None:
        for letter, prepared in self.world.deliver(self.now):
            if letter.kind not in NUDGES or not isinstance(prepared, messages.Ready):
                continue
            [student] = [one for one in STUDENTS if one.id == letter.data["student"]]
            self.sent.append((student, prepared, self._settled(student)))
            self.days[student.id].append(local_day(self.now, student.tz))
            assert is_waking(self.now, student.tz, NIGHT.quiet_from, NIGHT.quiet_until)
            assert not (NUDGES[letter.kind] is NudgeKind.HELP and student.id in self.refused)

    def _settled(self, student: Member) -> frozenset[str]:
        """Return the work about which nothing is to be said: handed in, excused, or left out."""
        with self.world.desk.store.reading() as records:
            handed_in = {one.assignment_id for one in records.submissions.of_student(student.id)}
            excused = {work.id for work in WORK if records.submissions.is_excused(student.id, work.id)}
            return frozenset(handed_in | excused | records.own_work.of(student.id, "", self.now).dropped)

    # ---- what holds

    @invariant()
    def no_limit_is_broken_in_any_window(self) -> None:
        for days in self.days.values():
            for place, on in enumerate(days):
                window = [other for other in days[place:] if (other - on).days < 7]
                assert days.count(on) <= NIGHT.a_day
                assert len(window) <= NIGHT.a_week

    @invariant()
    def nobody_is_written_to_about_what_is_settled(self) -> None:
        for _, ready, settled in self.sent[-8:]:
            if isinstance(ready.content, Offered) and ready.content.to_do is not None:
                assert ready.content.to_do.id not in settled

    @invariant()
    def no_step_is_taken_twice_for_a_reason(self) -> None:
        with self.world.desk.store.reading() as records:
            for taken in records.ladder.taken().values():
                steps = [(one.step, one.reason) for one in taken]
                assert len(steps) == len(set(steps))

    @invariant()
    def no_follow_up_is_without_an_owner_for_a_day(self) -> None:
        with self.world.desk.store.reading() as records:
            for case in records.follow_ups.every_open():
                assert case.owner_id is not None or self.now - case.opened_at <= DAY


TestLadder = Ladder.TestCase
TestLadder.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
