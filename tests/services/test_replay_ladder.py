"""Risk, the ladder and follow-ups in a term lived through again: what each week tells, and who was reached when."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from cohort.follow_ups import Origin
from cohort.levels import Level
from cohort.policy import FollowUpPolicy, LadderPolicy, NudgePolicy, Policy
from cohort.replay import Leavers
from cohort.roster import Status
from cohort.submissions import Submission
from scheduler.jobs import jobs
from scheduler.replay import Replay, at_every_time, replayed
from services.replay import staged
from services.replay_report import Report, Start, report
from storage.database import Database
from storage.records import Records
from tests.services.nudge_world import ADA, BO, CHEN, ORLA, TARA, NobodyElse, homework, policy
from tests.services.replay_world import DAY, HOUR, START, Term, live

WEEK = 7 * DAY
WEEKS = 4
UNTIL = START + WEEKS * WEEK - timedelta(milliseconds=1)
GONE_AT = START + 3 * WEEK + HOUR
WORK = [homework(f"hw{n}", START + n * WEEK + DAY + 18 * HOUR, estimated_hours=4.0) for n in range(WEEKS)]


def a_cohort() -> Term:
    """Return a term in which Bo hands everything in, Ada and Chen nothing, and Chen leaves after three weeks."""
    chen = replace(CHEN, status=Status.WITHDRAWN, left_at=GONE_AT)
    term = Term([ADA, BO, chen], WORK, statuses=[(CHEN.id, Status.WITHDRAWN, GONE_AT)])
    term.submissions = [
        Submission(f"sub_{work.id}", work.id, BO.id, 1, START + n * WEEK + 12 * HOUR, 90.0)
        for n, work in enumerate(WORK)
    ]
    return term


def reported(path: Path, chosen: Policy | None = None) -> Report:
    chosen = chosen or policy()
    with staged(path, chosen, NobodyElse(), START, UNTIL) as stage:
        going, starts = Replay(stage, replayed(jobs(chosen)), START), []
        for week in range(WEEKS):
            at = START + week * WEEK
            going.run_until(at - timedelta(milliseconds=1))
            stage.go_to(at)
            starts.append(Start(at, stage.active(at)))
        going.run_until(UNTIL)
        return report(stage, starts, UNTIL)


def test_a_week_tells_how_students_stand_and_how_many_got_a_person(tmp_path: Path) -> None:
    found = reported(a_cohort().write(tmp_path / "cohort.db"))
    low = [{level: n for level, n in week.levels.items() if level is not Level.ON_TRACK} for week in found.weeks]
    assert low == [{Level.SLIPPING: 2}, {Level.AT_RISK: 2}, {Level.CRITICAL: 2}, {Level.CRITICAL: 1}]
    assert [week.follow_ups for week in found.weeks] == [2, 0, 0, 0]
    assert found.opened == {Origin.SILENCE: 2}


def test_those_who_left_stand_beside_their_first_offer_and_first_person(tmp_path: Path) -> None:
    found = reported(a_cohort().write(tmp_path / "cohort.db"))
    assert (found.offered, found.followed) == (Leavers(1, 0, (20.0,) * 3), Leavers(1, 0, (19.0,) * 3))
    assert found.from_offer == Leavers(1, 0, (1.0,) * 3)
    # Bo, who hands everything in, and Ada, who stayed without handing in anything.
    assert (found.finishers.count, found.finishers.offered, found.finishers.followed) == (2, 1, 1)


def test_who_leaves_has_no_open_follow_up_any_more(tmp_path: Path) -> None:
    with staged(a_cohort().write(tmp_path / "cohort.db"), policy(), NobodyElse(), START, UNTIL) as stage:
        Replay(stage, replayed(jobs(policy())), START).run_until(GONE_AT - HOUR)
        with stage.store.reading() as records:
            assert records.follow_ups.students_with_open() == {ADA.id, CHEN.id}
        Replay(stage, replayed(jobs(policy())), GONE_AT - HOUR).run_until(GONE_AT + HOUR)
        with stage.store.reading() as records:
            assert records.follow_ups.students_with_open() == {ADA.id}


def test_the_ladder_is_climbed_step_by_step_where_silence_leaves_it_time(tmp_path: Path) -> None:
    path = a_cohort().write(tmp_path / "cohort.db")
    patient = live(path, UNTIL, policy(nudges=NudgePolicy(stop_after=4)))
    assert [step for student_id, _, step, *_ in patient.steps if student_id == ADA.id][:2] == ["to_do", "offer"]
    assert {student_id for student_id, *_ in patient.steps} == {ADA.id, CHEN.id}
    assert [owner for *_, owner in patient.cases] == [TARA.id, TARA.id]


def test_every_day_that_the_ladder_and_follow_ups_count_is_looked_at(tmp_path: Path) -> None:
    path = a_cohort().write(tmp_path / "cohort.db")
    chosen = policy(
        nudges=NudgePolicy(stop_after=9),
        ladder=LadderPolicy(offer_after_days=1, follow_up_after_days=4, organizer_after_days=6),
        follow_ups=FollowUpPolicy(due_days=5, organizer_after_days=4),
    )
    looked = live(path, UNTIL, chosen)
    assert {step for _, _, step, *_ in looked.steps} == {"to_do", "offer", "follow_up", "organizer"}
    assert {case[2] for case in looked.cases} == {"ladder"}
    assert looked == live(path, UNTIL, chosen, following=at_every_time)


def test_without_a_ladder_no_step_is_taken_and_silence_still_brings_a_person(tmp_path: Path) -> None:
    path = a_cohort().write(tmp_path / "cohort.db")
    found = reported(path, policy(ladder=LadderPolicy(is_on=False)))
    assert (found.steps, found.opened) == ({}, {Origin.SILENCE: 2})


def test_the_staff_whom_a_ta_has_no_place_for_any_more_are_the_organizers(tmp_path: Path) -> None:
    path = a_cohort().write(tmp_path / "cohort.db")
    lived = live(path, UNTIL, policy(follow_ups=FollowUpPolicy(open_per_ta=1)))
    assert sorted(owner for *_, owner in lived.cases) == [ORLA.id, TARA.id]


def test_what_is_kept_in_memory_is_what_stands_in_the_records(tmp_path: Path) -> None:
    with staged(a_cohort().write(tmp_path / "cohort.db"), policy(), NobodyElse(), START, UNTIL) as stage:
        replay, at = Replay(stage, replayed(jobs(policy())), START), START
        while at < UNTIL:
            at += 2 * DAY
            replay.run_until(at)
            assert known(stage.store, at) == known_afresh(stage.store, at)


def known(store: Database, at: datetime) -> tuple[object, ...]:
    with store.reading() as records:
        return everything(records, at)


def known_afresh(store: Database, at: datetime) -> tuple[object, ...]:
    """Return the same, read by records that keep nothing."""
    with store.transaction() as records:
        return everything(records, at)


def everything(records: Records, at: datetime) -> tuple[object, ...]:
    return (
        records.risk.latest(at),
        records.follow_ups.every_open(),
        list(records.nudges.every_past(at)),
        list(records.nudges.every_past(at - DAY)),
        records.risk.latest(at - 3 * DAY),
    )
