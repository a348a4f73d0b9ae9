"""One example of everything said of the ladder, of follow-ups and new plans, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from cohort.assignments import Assignment
from cohort.follow_ups import FollowUp, Note, NoteKind, Origin, Outcome
from cohort.graduation import NoDrop
from cohort.ladder import Help, Step
from cohort.leavings import Instead, Leaving, LeavingReason
from cohort.levels import Level, LevelSince, Reason
from cohort.new_plans import LoadChange, NewPlan, PlanItem, PlanState, WeekLoad
from cohort.nudge_limits import NudgeKind, PastNudge
from cohort.office_hours import Session, Slot
from cohort.reminders import Due
from cohort.roster import Member
from cohort.times import week_of
from handlers.views import follow_ups as views
from handlers.views import ladder as ladder_views
from handlers.views import leavings
from handlers.views import new_plans as plan_views
from handlers.views.blocks import Rendered, View
from handlers.views.distress import ended, help_now, with_you
from services.distress import HelpAsked, HelpNow
from services.follow_up_cards import Acted
from services.follow_up_messages import FollowUpCard, Introduced, Line, Overdue, Tried
from services.follow_ups import CaseList, Listed, Which
from services.ladder_answers import Accepted
from services.ladder_messages import Critical, CriticalNote, HelpItem, Offered
from services.leavings import LeavingShown, StaysNote
from services.new_plans import ITEMS_MOST, Choice, PlanAnswered, PlanForm, PlanShown

DAY = timedelta(days=1)
LONG = "A <long> word & more. " * 90
MANY = 60


class FollowUpExamples:
    """The people and things of the examples."""

    def __init__(self, work: Sequence[Assignment], student: Member, ta: Member, now: datetime) -> None:
        self.work, self.student, self.ta, self.now = work, student, ta, now
        reasons = tuple(Reason(f"signal_{n}", f"{n} of 5 pieces <not> handed in. {LONG[:200]}") for n in range(3))
        self.level = LevelSince(student.id, now, Level.CRITICAL, 2.0, reasons)
        case = FollowUp("fup_0", student.id, Origin.LADDER, LONG[:300], now, now + DAY)
        self.case = replace(case, owner_id=ta.id, owned_at=now)

    def notes(self) -> Iterator[object]:
        """Yield the contents of messages."""
        yield self._card()
        distress = replace(self.case, origin=Origin.DISTRESS)
        yield replace(self._card(), case=distress, owner=None, tried=[], missed=[], is_quiet=True)
        yield replace(
            self._card(),
            case=replace(self.case, closed_at=self.now, closed_by=self.ta.id, outcome=Outcome.BACK_ON_TRACK),
            closed_by=self.ta,
            is_quiet=True,
        )
        yield HelpNow(self.student, self.ta, [LONG[:300]] * 10)
        yield HelpAsked(self.student, "fup_0")
        yield StaysNote(self.student, "fup_0")
        yield replace(self._card(), leaving=self._leaving().leaving)
        for own in (True, False):
            yield Overdue(self._list(Which.OVERDUE), own)
        yield Introduced(self.student, self.ta)
        yield self._leaving()
        yield LeavingShown(replace(self._leaving().leaving, undone_at=self.now), self.student)
        yield LeavingShown(replace(self._leaving().leaving, done_at=self.now), self.student)
        for step in (Step.TO_DO, Step.OFFER):
            yield self._offered(step)
        yield replace(self._offered(Step.OFFER), is_nudge=False, reasons=())
        yield replace(self._offered(Step.TO_DO), to_do=None, due_at=None)
        yield CriticalNote([Critical(self.student, self.level, owner) for owner in [self.ta, None] * 40])
        for state in PlanState:
            yield self._plan(state)
            yield PlanAnswered(self._plan(state).plan, self.student)

    def shown(self) -> Iterator[tuple[str, Rendered | View]]:
        """Yield answers and forms."""
        tz = self.student.tz
        card = self._card()
        yield "follow-up opened", views.opened(Listed(self.case, self.student, self.ta, None))
        yield "follow-up opened, nobody's", views.opened(Listed(self.case, self.student, None, None))
        for which in Which:
            yield f"follow-ups, {which}", views.listed(self._list(which), tz)
        yield "no follow-ups", views.listed(CaseList(Which.MINE, []), tz)
        yield "follow-up notes", views.notes(card)
        yield "follow-up without notes", views.notes(replace(card, lines=[], owner=None))
        for callback in ("follow_ups.note", "follow_ups.contact"):
            yield callback, views.words_form(callback, "fup_0", "A word")
        yield "hand on", views.hand_on_form("fup_0")
        yield "close a follow-up", views.close_form("fup_0")
        done = Acted(self.case, self.student)
        yield "noted in a follow-up", views.noted()
        yield "leaving", leavings.form(3)
        yield "leaving, told to somebody", leavings.form(3, "fup_0")
        full = replace(self._leaving().leaving, reasons=tuple(LeavingReason), helps=tuple(Instead), words=LONG)
        yield "why they leave", leavings.why(LeavingShown(full, self.student))
        yield (
            "why they leave, nothing said",
            leavings.why(LeavingShown(replace(full, reasons=(), helps=(), words=""), self.student)),
        )
        for is_new in (True, False):
            yield (
                f"noted that they leave, {is_new}",
                leavings.begun_for(LeavingShown(full, self.student, is_new), self.student.tz),
            )
        for found in (None, HelpNow(self.student, self.ta, [LONG[:300]] * 10)):
            yield f"wants to leave, {found is None}", leavings.begun(self._leaving(), found, self.student.tz)
        one = self._leaving().leaving
        for name, left in (("undone", replace(one, undone_at=self.now)), ("done", replace(one, done_at=self.now))):
            yield f"stays, {name}", leavings.stays(LeavingShown(left, self.student))
        for person in (self.ta, None):
            contacts = [LONG[:300]] * 10 if person else []
            yield f"help now, {len(contacts)}", help_now(HelpNow(self.student, person, contacts))
        yield "the bot writes again", ended(self.student.called)
        yield "somebody is with you", with_you(self.ta)
        yield "in touch", views.contacted(self.case, tz)
        yield "conversation begun", views.introduced(done)
        yield "help offered", views.offered(done)
        yield "handed on", views.handed_on(self.ta)
        yield "closed", views.closed(replace(self.case, outcome=Outcome.PAUSED))
        yield from self._answers()
        yield from self._plans()

    def _answers(self) -> Iterator[tuple[str, Rendered]]:
        answer = partial(ladder_views.answer, zone=self.student.tz)
        piece = self.work[1]
        yield "more days accepted", answer(Accepted(Help.MORE_DAYS, piece, self.now))
        yield "more days accepted before", answer(Accepted(Help.MORE_DAYS, piece, self.now, is_new=False))
        yield "more days no more", answer(Accepted(Help.MORE_DAYS, piece, is_over=True))
        yield "left out", answer(Accepted(Help.DROP, piece))
        yield "can't be left out", answer(Accepted(Help.DROP, piece, why=NoDrop.USED_UP))
        yield "lighter plan", answer(Accepted(Help.LIGHTER_PLAN))

    def _plans(self) -> Iterator[tuple[str, Rendered | View]]:
        choices = [Choice(a, self.now, [(2, self.now + 2 * DAY)], can_drop=True) for a in self.work[:ITEMS_MOST]]
        yield "new plan", plan_views.plan_form(PlanForm(self.student, choices, self._weeks()))
        yield "nothing to plan", plan_views.plan_form(PlanForm(self.student, [], []))
        shown = self._plan(PlanState.PROPOSED)
        yield "plan preview", plan_views.preview(shown, {a.id: "drop" for a in self.work[:ITEMS_MOST]})
        yield "plan proposed", plan_views.proposed(shown)
        for state in PlanState:
            if state is not PlanState.PROPOSED:
                yield f"plan {state}", plan_views.answered(self._plan(state))

    def _card(self) -> FollowUpCard:
        nudge = PastNudge("ndg_0", NudgeKind.MISSED, self.now, reacted_at=self.now)
        tried = [Tried(replace(nudge, kind=kind, reacted_at=None)) for kind in NudgeKind] + [Tried(nudge)]
        notes = [Note(f"fun_{n}", "fup_0", self.now, kind, LONG, self.ta.id) for n, kind in enumerate(NoteKind)]
        lines = [Line(note, self.ta) for note in notes * 9]
        ahead = [Due(assignment, self.now + DAY) for assignment in self.work[:MANY]]
        late = [(assignment, self.now - DAY) for assignment in self.work[:MANY]]
        case = replace(self.case, settled_at=self.now)
        return FollowUpCard(case, self.student, self.ta, self.level, tried, late, ahead, [], lines)

    def _leaving(self) -> LeavingShown:
        return LeavingShown(Leaving("lea_0", self.student.id, self.now, self.now + 3 * DAY), self.student)

    def _list(self, which: Which) -> CaseList:
        rows = [Listed(replace(self.case, id=f"fup_{n}"), self.student, self.ta, self.level) for n in range(MANY)]
        return CaseList(which, rows)

    def _offered(self, step: Step) -> Offered:
        ends = self.now + timedelta(minutes=30)
        session = Session("ses_0", self.ta.id, self.now.date(), self.now, ends, self.now, "Room 3")
        slot = Slot("slt_0", session.id, self.now, ends)
        piece = self.work[1]
        helps = [
            HelpItem(Help.MORE_DAYS, piece, 2),
            HelpItem(Help.DROP, piece),
            HelpItem(Help.SLOT, slot=slot, session=session, ta=self.ta),
            HelpItem(Help.LIGHTER_PLAN),
        ]
        helps += [replace(item, is_accepted=True) for item in helps]
        offered = helps if step is Step.OFFER else []
        return Offered("lad_0", "ndg_0", self.student, step, piece, self.now, offered, self.level.reasons)

    def _plan(self, state: PlanState) -> PlanShown:
        items = tuple(PlanItem(assignment.id, None) for assignment in self.work[:ITEMS_MOST])
        plan = NewPlan("npl_0", self.student.id, self.ta.id, self.now, items, state)
        changes = [(assignment, self.now, self.now + DAY) for assignment in self.work[:ITEMS_MOST]]
        return PlanShown(plan, self.student, self.ta, [*changes, (self.work[0], self.now, None)], self._weeks())

    def _weeks(self) -> list[LoadChange]:
        first = week_of(self.now.date())
        weeks = [WeekLoad(first + 7 * n * DAY, n, 6.5 * n) for n in range(20)]
        return [LoadChange(week, replace(week, things=1)) for week in weeks]
