"""Importing grades: whose they are, on which scale, and what they change; all or nothing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from functools import partial

from cohort.assignments import Assignment, named
from cohort.grading import SCORE_MOST, Marked, fault_of
from cohort.hand_ins import HandIn, HandInState
from cohort.roster import Member, Role
from cohort.submissions import Submission
from services import gradebooks, grading
from services.csv_cells import written_number
from services.csv_tables import Unfit
from services.desk import Desk
from services.gradebooks import Format, Gradebook, Mark
from services.import_reports import Import, ImportReport, Plan, Progress, carry_out
from storage.ids import new_id
from storage.records import Records

# A pass mark of at most this is a percentage.
PERCENT = 100
PLACES = {Format.GRADESCOPE: "Gradescope", Format.GRADESCOPE_ONE: "Gradescope", Format.CANVAS: "Canvas"}
_CENT = Decimal("0.01")
_BETWEEN = re.compile(r"(?<=[^\W\d])[\s-]+(?=\d)")

Key = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Scored:
    """One score on the scale of the pass mark, and whose it is."""

    mark: Mark
    student: Member
    score: float

    @property
    def assignment(self) -> Assignment:
        """What it is a score of."""
        return self.mark.assignment

    @property
    def called(self) -> str:
        """What it is called in a report."""
        return f"{self.student.email} {self.assignment.slug}"


@dataclass(slots=True)
class Sheet:
    """What an import of grades works with: by whom, what is written so far, and what of the hand-ins is planned."""

    plan: Plan
    book: Gradebook
    by: Member | None
    now: datetime
    desk: Desk
    planned: dict[str, float] = field(default_factory=dict)
    zeros: int = 0


def import_grades(  # noqa: PLR0913 - what every importer takes, who brings it, and what it is about
    source: str | bytes,
    now: datetime,
    desk: Desk,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    expects: str = "",
    by: Member | None = None,
    about: str = "",
) -> ImportReport:
    """Write the scores of a gradebook, all or nothing; what was handed in through the bot is graded with them.

    `by` is whoever brings the file, None at a terminal: a TA imports what they grade. `about` names the assignment
    of a file that does not say it. What waits for a grade is told like any other grade; other scores are only
    written, as those of `import submissions` are.
    """
    with desk.store.reading() as records:
        assignments = records.assignments.all()
        book = gradebooks.read(source, partial(meant, assignments), desk.policy.programme.tz, about)
    wanted = Import("grades", len(book.marks), book.problems, partial(_plan, book=book, by=by, now=now, desk=desk))
    return carry_out(wanted, now, desk, dry_run=dry_run, progress=progress, expects=expects)


def meant(assignments: Sequence[Assignment], name: str) -> Assignment | None:
    """Return the assignment that a column means: by slug or title, where “HW 3” and “HW_3” stand for hw3 as well."""
    plain = name.replace("_", " ")
    candidates = (named(assignments, one) for one in (name, plain, _BETWEEN.sub("", plain)))
    return next((found for found in candidates if found is not None), None)


def _plan(records: Records, book: Gradebook, by: Member | None, now: datetime, desk: Desk) -> Plan:
    plan = Plan(left_out=list(book.left_out))
    sheet = Sheet(plan, book, by, now, desk)
    known = _attempts(records.submissions.every())
    for scored in _once(_of_students(records, _allowed(records, sheet), sheet)):
        _plan_score(records, sheet, scored, known.get((scored.student.id, scored.assignment.id), ()))
    plan.notes.extend(_scales(book))
    if sheet.zeros:
        plan.left_out.append(f"{sheet.zeros} times 0 where nothing was handed in")
    return plan


def _scales(book: Gradebook) -> list[str]:
    """Return a line about every pass mark that could be meant in points as well as in percent."""
    found = {mark.assignment.slug: (mark.most, mark.assignment.pass_mark) for mark in book.marks}
    return [
        f"{slug}: points of {most.normalize():f} are written in percent, and {written_number(passes)} % passes"
        for slug, (most, passes) in found.items()
        if most and most != PERCENT and passes is not None and passes <= PERCENT and passes <= most
    ]


def _attempts(submissions: Iterable[Submission]) -> Mapping[tuple[str, str], list[Submission]]:
    found: dict[tuple[str, str], list[Submission]] = {}
    for submission in submissions:
        found.setdefault((submission.student_id, submission.assignment_id), []).append(submission)
    return found


def _allowed(records: Records, sheet: Sheet) -> list[Mark]:
    """Return the scores of assignments that are for whoever brings the file; the rest is left out."""
    marks = sheet.book.marks
    if sheet.by is None or sheet.by.role is Role.ORGANIZER:
        return marks
    theirs = {assignment_id for assignment_id, graders in records.graders.every().items() if sheet.by.id in graders}
    others = dict.fromkeys(mark.assignment.slug for mark in marks if mark.assignment.id not in theirs)
    sheet.plan.left_out.extend(f"{slug}: not yours to grade" for slug in others)
    return [mark for mark in marks if mark.assignment.id in theirs]


def _of_students(records: Records, marks: Iterable[Mark], sheet: Sheet) -> list[Scored]:
    """Return the scores of students, on the scale of the pass mark; whom nobody knows is a problem."""
    known: dict[str, dict[str, Member]] = {}
    for member in records.roster.all():
        for name in filter(None, (member.email.casefold(), member.sid.casefold(), member.id)):
            known.setdefault(name, {})[member.id] = member
    barred = records.graders.in_conflict(sheet.by.id) if sheet.by else set()
    found = []
    for mark in marks:
        try:
            student = _person(mark.person, known)
            score = scale(mark.score, mark.most, mark.assignment)
        except Unfit as unfit:
            mark.row.refuse(mark.column[:60], str(unfit))
            continue
        if student.role is not Role.STUDENT or student.id in barred:
            why = "no student" if student.role is not Role.STUDENT else "for another grader, by a conflict of interest"
            sheet.plan.left_out.append(f"line {mark.row.line}: {student.email} is {why}")
        else:
            found.append(Scored(mark, student, score))
    return found


def _person(names: Sequence[str], known: Mapping[str, Mapping[str, Member]]) -> Member:
    found = {member_id: m for name in names for member_id, m in known.get(name.casefold(), {}).items()}
    if not found:
        raise Unfit(f"“{names[0][:80]}” is nobody on the roster, by address or by sid")
    if len(found) > 1:
        raise Unfit(f"“{names[0][:80]}” stands for more than one person on the roster")
    return next(iter(found.values()))


def scale(score: Decimal, most: Decimal | None, assignment: Assignment) -> float:
    """Return a score on the scale of the pass mark: in percent where the file knows what the whole is worth.

    A pass mark over 100 is in points, and so are the scores then. A percentage is rounded down to two places, so
    that no score is rounded up to a pass. Raises Unfit for more than a score can be.
    """
    in_points = assignment.pass_mark is not None and assignment.pass_mark > PERCENT
    scaled = score if in_points or not most else (score * PERCENT / most).quantize(_CENT, ROUND_DOWN)
    if scaled > SCORE_MOST:
        raise Unfit(f"comes to {scaled:.0f}, and {SCORE_MOST} is the most")
    return float(scaled)


def _once(scores: Iterable[Scored]) -> list[Scored]:
    """Return the scores, and note as problem those of an attempt that another row has."""
    lines: dict[Key, int] = {}
    kept = []
    for scored in scores:
        mark = scored.mark
        first = lines.setdefault((scored.student.id, mark.assignment.id, mark.attempt), mark.row.line)
        if first != mark.row.line:
            mark.row.refuse("", f"says the same attempt again as line {first}; number attempts in the column attempt")
        kept.append(scored)
    return kept


def _plan_score(records: Records, sheet: Sheet, scored: Scored, attempts: Sequence[Submission]) -> None:
    """Plan what one score changes of the attempt it is about."""
    mark, old = scored.mark, _attempt_of(scored.mark, attempts)
    is_latest = mark.attempt is None and mark.submitted_at is None
    if old is None:
        _plan_new(sheet, scored)
    elif is_latest and not old.is_graded and any(s.score == scored.score for s in attempts):
        # The score of an earlier attempt, which the gradebook still shows: the new one is not graded by it.
        sheet.plan.keep()
    elif old.hand_in_id:
        _plan_grade(records, sheet, scored, old)
    elif old.score == scored.score:
        sheet.plan.keep()
    else:
        before = "no score" if old.score is None else written_number(old.score)
        step = partial(_save, submission=replace(old, score=scored.score))
        sheet.plan.change(f"{scored.called}: {before} → {written_number(scored.score)}", step)


def _attempt_of(mark: Mark, attempts: Sequence[Submission]) -> Submission | None:
    """Return the attempt that a score is about: the one it names, the nearest to its time, or else the latest."""
    if mark.attempt is not None:
        return next((s for s in attempts if s.attempt == mark.attempt), None)
    at = mark.submitted_at
    if at is None:
        return max(attempts, key=lambda s: s.attempt, default=None)
    return min(attempts, key=lambda s: (abs(s.submitted_at - at), -s.attempt), default=None)


def _plan_new(sheet: Sheet, scored: Scored) -> None:
    """Plan an attempt that was handed in elsewhere; a 0 without one is what gradebooks write for missing work."""
    mark, assignment = scored.mark, scored.assignment
    if not scored.score and mark.submitted_at is None:
        sheet.zeros += 1
        return
    # Where nobody says when it was handed in, it was in time.
    at = mark.submitted_at or min(assignment.due_at or sheet.now, sheet.now)
    new = Submission(new_id("sub"), assignment.id, scored.student.id, mark.attempt or 1, at, scored.score)
    sheet.plan.add(partial(_save, submission=new))


def _save(records: Records, submission: Submission) -> None:
    records.submissions.save_many([submission])


def _plan_grade(records: Records, sheet: Sheet, scored: Scored, submission: Submission) -> None:
    """Plan a grade for what was handed in through the bot; partners share it."""
    hand_in = records.hand_ins.get(submission.hand_in_id)
    if hand_in is None:
        return
    if sheet.planned.setdefault(hand_in.id, scored.score) != scored.score:
        what = "is not the score of the partner with whom it was handed in"
        scored.mark.row.refuse(scored.mark.column[:60], what)
        return
    last = records.grading.latest(hand_in.id)
    if hand_in.state is HandInState.GRADED and last is not None and last.score == scored.score:
        sheet.plan.keep()
        return
    marked, grader = _marked(scored, sheet), _grader(records, hand_in, sheet)
    if sheet.by is not None and hand_in.id in records.grading.in_conflict(sheet.by.id):
        sheet.plan.left_out.append(f"{scored.called}: for another grader, by a conflict of interest")
        return
    why = _why_left(scored, hand_in, marked, grader, sheet)
    if why:
        sheet.plan.left_out.append(f"{scored.called}: {why}")
    elif grader is not None:
        step = partial(_grade, hand_in_id=hand_in.id, marked=marked, grader=grader, now=sheet.now, desk=sheet.desk)
        sheet.plan.change(f"{scored.called}: graded with {written_number(scored.score)}", step)


def _marked(scored: Scored, sheet: Sheet) -> Marked:
    """Return what a grader would have filled in; feedback that stands elsewhere is named by its place."""
    place = PLACES.get(sheet.book.format)
    elsewhere = f"The feedback is in {place}." if place else ""
    return Marked(score=scored.score, feedback=scored.mark.feedback or elsewhere)


def _grader(records: Records, hand_in: HandIn, sheet: Sheet) -> Member | None:
    """Return in whose name it is graded: of who brings the file, else of its owner, else of an organizer."""
    if sheet.by is not None:
        return sheet.by
    owner = records.roster.get(hand_in.owner_id) if hand_in.owner_id else None
    people = [owner, *records.roster.with_role(Role.ORGANIZER)]
    return next((one for one in people if one is not None and one.is_active(sheet.now)), None)


def _why_left(scored: Scored, hand_in: HandIn, marked: Marked, grader: Member | None, sheet: Sheet) -> str:
    """Return why what was handed in is not graded by an import; empty where it is."""
    if hand_in.state is HandInState.GRADED:
        return "has another grade already; a question about the grade changes it"
    if hand_in.claimed_by not in {None, sheet.by and sheet.by.id} or hand_in.state is HandInState.IN_REVIEW:
        return "somebody is looking at it now"
    if hand_in.is_part:
        return "a part, which needs feedback instead of a score"
    if grader is None:
        return "there is nobody in whose name it could be graded"
    fault = fault_of(marked, scored.assignment, is_part=False)
    return f"to grade it needs {grading.NEEDED[fault]}" if fault else ""


def _grade(records: Records, hand_in_id: str, marked: Marked, grader: Member, now: datetime, desk: Desk) -> None:
    """Grade what waits as its grader would, and tell it or hold it."""
    records.hand_ins.claim(hand_in_id, grader.id, now, now)
    hand_in = records.hand_ins.get(hand_in_id)
    if hand_in is None or not records.hand_ins.finish(hand_in_id, grader.id):
        return
    graded = grading.write(records, hand_in, marked, grader, now)
    if not grading.waits_for_release(records, graded, desk):
        grading.tell(records, graded, now, desk)
