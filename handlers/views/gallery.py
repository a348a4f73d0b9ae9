"""One example of every view the bot can show, and the fullest of those that grow: for `check --post` and for tests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import starmap
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment, Kind
from cohort.brakes import Brake, BrakeDecision
from cohort.choices import Choices
from cohort.estimates import Estimate
from cohort.extensions import (
    AlreadyCovered,
    Category,
    ExtensionRequest,
    Granted,
    Lapse,
    NeedsReview,
    NotNeeded,
    Origin,
    Outcome,
    Refused,
    State,
    Why,
)
from cohort.mistakes import Mistake
from cohort.nudge_limits import NudgeKind, PastNudge
from cohort.nudge_words import NudgeWords
from cohort.nudges import Offer, OfferState
from cohort.policy import GradingPolicy, Policy, Programme, WorkloadPolicy
from cohort.reminders import Due
from cohort.roster import Member, Role, Status
from cohort.week_plans import Progress
from cohort.workload import crowds
from handlers.views import brakes, estimates, extension_decisions, extensions, nudges, reminders
from handlers.views import choices as choice_views
from handlers.views import mistakes as mistake_views
from handlers.views import roster as roster_views
from handlers.views.asking_gallery import question_notes, question_views
from handlers.views.attendance_gallery import attendance_views
from handlers.views.blocks import Block, Rendered, View
from handlers.views.booking_gallery import booking_notes, booking_views
from handlers.views.check_ins_gallery import check_in_notes, check_in_views
from handlers.views.coverage_gallery import coverage_views
from handlers.views.desk_forms_gallery import desk_form_views
from handlers.views.digest_gallery import digest_notes
from handlers.views.events_gallery import event_notes, event_views
from handlers.views.fairness_gallery import fairness_views
from handlers.views.follow_ups_gallery import FollowUpExamples
from handlers.views.grading_gallery import Graders
from handlers.views.graduation_gallery import assignment_changes, graduation_answers, tracks
from handlers.views.groups_gallery import group_notes, group_views
from handlers.views.hand_in_gallery import hand_in_answers, hand_in_forms, hand_in_notes
from handlers.views.handover_gallery import handover_answers, handover_notes
from handlers.views.home_gallery import Homes
from handlers.views.invitations_gallery import invitation_notes
from handlers.views.joining_gallery import joining_notes, joining_views
from handlers.views.messages import render
from handlers.views.office_hours_gallery import office_hours_notes, office_hours_views
from handlers.views.open_hours_gallery import open_hours_notes, open_hours_views
from handlers.views.organizers_gallery import organizers_answers, organizers_notes
from handlers.views.plain_words_gallery import plain_words_answers
from handlers.views.policy import policy_words
from handlers.views.rotas_gallery import rota_notes, rota_views
from handlers.views.sections_gallery import section_notes, section_views
from handlers.views.waitlist_gallery import waitlist_notes, waitlist_views
from services.accounts import EmailNote, UnlinkedNote
from services.brakes import BrakeCard, BrakeDone
from services.choices import AskedFor, Chosen
from services.due_soon import DueSoon
from services.duties import QUESTIONS, DutyNote, DutySet, DutyWeek
from services.excuses import Excused, ExcuseNote
from services.extension_decisions import Reason
from services.extension_messages import (
    AllWaiting,
    ClosedNote,
    DeclinedNote,
    Earlier,
    GrantedNote,
    RequestCard,
    TalkNote,
    WaitingNote,
)
from services.extensions import Answered, Choice, Listed
from services.for_everyone import ForEveryone
from services.housekeeping import JobProblem, Problem
from services.mistakes import MistakeNote, MistakeReport, Touched
from services.nudge_answers import HandedIn, OfferOver, Over, Taken
from services.nudge_messages import ClaimedHandIn, Item, MissedWork
from services.policy_changes import PolicyChange
from services.roster import StatusChanged, StatusNote
from services.running import Undelivered, WasDown
from services.silence import Silent, SilentNote
from services.week_plans import PlanItem, ProgressSaid, WeekPlan

MANY = 300
LONG = "A very long word of theirs & <more> " * 80
PRIVATE = "For those who decide, and nobody else. " * 60


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One view by name; `view` is set for a modal or Home, and then there are no blocks."""

    name: str
    text: str
    blocks: list[Block]
    view: View | None = None

    @property
    def surface(self) -> str:
        """Where it is shown: message, modal or home."""
        return self.view["type"] if self.view is not None else "message"


def gallery(now: datetime, zone: ZoneInfo) -> list[Exhibit]:
    """Return every view around an instant, read in a zone."""
    room = _Room(now, zone)
    rooms = (room.forms(), room.answers(), room.lists(), room.notes(), room.cards(), room.running(), room.homes())
    return [exhibit for part in rooms for exhibit in part]


def _message(name: str, rendered: Rendered) -> Exhibit:
    return Exhibit(name, rendered.text, rendered.blocks)


def _view(name: str, view: View) -> Exhibit:
    return Exhibit(name, name, [], view)


def _picture(name: str, shown: Rendered | View) -> Exhibit:
    return _message(name, shown) if isinstance(shown, Rendered) else _view(name, shown)


class _Room:
    """The people and things that stand in the pictures."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.now, self.zone = now, zone
        self.ada = Member("mem_ada", "ada@example.org", "Ada", Role.STUDENT, zone.key)
        self.tara = Member("mem_tara", "tara@example.org", "Tara", Role.TA, zone.key)
        self.orla = Member("mem_orla", "orla@example.org", "Orla", Role.ORGANIZER, zone.key)
        hard = now + timedelta(days=30)
        self.work = [self._assignment(number, hard) for number in range(MANY)]
        self.hw = self.work[0]
        self.until = now + timedelta(days=3)
        self.request = ExtensionRequest(
            "req_0", self.ada.id, self.hw.id, State.PENDING, now, now + timedelta(hours=12), self.until,
            Why.LONG, Category.HEALTH, PRIVATE[:2000],
        )  # fmt: skip

    def _assignment(self, number: int, hard: datetime) -> Assignment:
        title = "Problem set" if number == 0 else f"{number} {LONG[:80]}"
        due = self.now + timedelta(hours=number)
        return Assignment(f"asg_{number}", f"hw{number}", title, Kind.WRITTEN, hard, due)

    def _listed(self, state: State = State.PENDING) -> Listed:
        request = replace(
            self.request,
            state=state,
            decline_reason=LONG[:1500],
            lapse=Lapse.HANDED_IN,
            granted_until_at=self.until,
        )
        return Listed(request, self.work[1], self.ada, self.until)

    def forms(self) -> Iterator[Exhibit]:
        choices = [Choice(assignment, self.until) for assignment in self.work]
        policy = extension_decisions
        yield _view("more time, one choice", extensions.request_form(choices[:1], self.zone, self.hw.id))
        yield _view("more time, many choices", extensions.request_form(choices, self.zone))
        yield _view("approve another date", policy.approve_form(self.request, self.work[1], self.now, "A hint."))
        move = BrakeDone(self._brake(), self.work[1], None, is_new=False)
        yield _view("move for everyone", brakes.move_form(move))
        yield _view("our mistake", mistake_views.form(Touched(self.work[1], 104, 7)))
        yield _view("decline", policy.decline_form(self.request, self.work[1]))
        yield _view("reason", policy.reason_view(Reason(self.ada, self.hw, Category.HEALTH, PRIVATE[:2000])))
        yield _view("no reason", policy.reason_view(Reason(self.ada, self.hw, None, "")))
        yield from (_picture(*each) for each in hand_in_forms(self.work, self.ada, self.now))

    def answers(self) -> Iterator[Exhibit]:
        policy = self._policy()
        outcomes: list[Outcome] = [
            Granted(self.until, Origin.POLICY, is_clipped=True),
            Granted(self.until, Origin.POLICY, offers_talk=True),
            NeedsReview(self.until, Why.LONG, is_clipped=True),
            NeedsReview(None, Why.TALK),
            AlreadyCovered(self.until, is_hard_end=True),
            *(NotNeeded(why) for why in (Why.PASSED, Why.EXCUSED, Why.NO_DUE_TIME, Why.NOT_HANDED_IN)),
            *(Refused(why) for why in (Why.CANCELLED, Why.CLOSED)),
        ]
        for outcome in outcomes:
            answered = Answered(self.work[1], outcome, "req_0", replaces=True)
            name = f"answer: {type(outcome).__name__} {getattr(outcome, 'why', '')}"
            yield _message(name, extensions.answer(answered, self.zone, policy.extensions))
        yield _message("nothing to ask", extensions.nothing_to_ask())
        for reader in (self.ada, self.tara, self.orla):
            yield _message("policy", policy_words(policy, reader))
        taken: list[Taken | OfferOver] = [
            Taken(self.work[1], self.until),
            OfferOver(self.hw, 2, Over.LAPSED, self.until),
        ]
        yield _message("offers answered", nudges.answers(taken * 10, self.zone))
        choices = Choices(frozenset(list(NudgeKind)[:2]), self.until)
        later = [(assignment.slug, self.until) for assignment in self.work]
        yield _message("chosen", choice_views.overview(Chosen(self.ada, choices, later)))
        yield _message("nothing chosen", choice_views.overview(Chosen(self.ada, Choices(), [])))
        yield _message("reminder set", choice_views.reminder_set(self.until, self.zone))
        for decision in list(BrakeDecision)[1:]:
            done = BrakeDone(replace(self._brake(), decision=decision), self.work[1], self.orla, is_new=True)
            yield _message(f"brake, {decision}", brakes.decided(done, self.zone))
        for progress in Progress:
            said = ProgressSaid(self.ada, self.work[1], progress, NudgeWords())
            yield _message(f"progress, {progress}", reminders.progress_said(said))
        yield _message("said to be handed in", nudges.handed_in(HandedIn(self.work[1], is_recorded=False)))
        yield _message("paused", roster_views.status_changed(StatusChanged(self.ada, is_new=True, lapsed=2), self.zone))
        yield _message("duty set", roster_views.duty_set(DutySet(date(2026, 7, 6), self.tara, None, is_new=True)))
        yield _message("excused", roster_views.excused(Excused(self.ada, self.hw, is_new=True)))
        yield from (_picture(*each) for each in self._graders().pictures())
        yield from (_picture(*each) for each in question_views(self.work[1], self.ada, self.tara, self.now))
        yield from (_picture(*each) for each in check_in_views(self.ada, self.now))
        joined = joining_views(self.work, [self.ada, self.orla], self._policy(), self.now, self.zone)
        yield from starmap(_picture, joined)
        yield from starmap(_picture, desk_form_views(self.ada, self.now, self.zone))
        yield from starmap(_picture, rota_views(self.work, self.tara, self.orla, self.now, self.zone))
        yield from starmap(_message, organizers_answers(self.orla, self.now, self.zone))
        yield from starmap(_message, plain_words_answers(self.ada, self.tara, self.work[1], self.now, self.zone))
        yield from (_picture(*each) for each in FollowUpExamples(self.work, self.ada, self.tara, self.now).shown())
        yield from (_picture(*each) for each in booking_views(self.work, self.ada, self.tara, self.now))
        yield from (_picture(*each) for each in open_hours_views(self.ada, self.tara, self.now))
        yield from (_picture(*each) for each in event_views(self.tara, self.now))
        yield from (_picture(*each) for each in attendance_views(self.ada, self.tara, self.now))
        yield from (_picture(*each) for each in group_views(self.ada, self.tara, self.now))
        yield from (_picture(*each) for each in office_hours_views(self.ada, self.tara, self.now))
        yield from (_picture(*each) for each in coverage_views(self.tara, self.now))
        yield from (_picture(*each) for each in waitlist_views(self.ada, self.tara, self.now))
        yield from (_picture(*each) for each in hand_in_answers(self.work, self.ada, self.tara, self.now))
        yield from (_picture(*each) for each in section_views(self.ada, self.now))
        yield from (_picture(*each) for each in graduation_answers(self.work, self.ada, self.orla, self.now))
        yield from (_picture(*each) for each in handover_answers(self.work, self.ada, self.tara, self.orla, self.now))
        yield from (_picture(*each) for each in assignment_changes(self.work, self.now, self.zone))
        yield from (_picture(*each) for each in tracks(self.work, self.ada, self.now))

    def lists(self) -> Iterator[Exhibit]:
        every = [self._listed(state) for state in State]
        yield _message("own requests", extensions.student_list(every * 10, self.zone))
        yield _message("no requests", extensions.student_list([], self.zone))
        yield _message("waiting", extensions.staff_list([self._listed()] * MANY, self.zone))
        yield _message("nobody waits", extensions.staff_list([], self.zone))
        weeks = [DutyWeek(date(2026, 7, 6), self.tara, is_this_week=True)] * 60
        weeks += [replace(week, duty=QUESTIONS) for week in weeks]
        yield _message("rota", roster_views.rota(weeks, date(2026, 7, 6)))
        yield _message("no rota", roster_views.rota([], date(2026, 7, 6)))
        yield _message("unlinked", roster_views.unlinked([self.ada] * MANY))
        hours = [Estimate(assignment, 7.5, 40, 7.5) for assignment in self.work]
        yield _message("hours", estimates.listed(hours))
        yield from (_picture(*each) for each in fairness_views())

    def notes(self) -> Iterator[Exhibit]:
        near = [(assignment, self.until) for assignment in self.work[:40]]
        items = [Item(a, self.now, offer=self._offer(a)) for a in self.work[:40]]
        contents: Sequence[object] = [
            GrantedNote(self.ada, self.hw, self.until, Origin.OFFER, self.tara, near),
            DeclinedNote(self.ada, self.hw, LONG, self.tara, self.until),
            TalkNote(self.ada, self.hw, self.tara),
            ClosedNote(self.ada, self.hw),
            MissedWork("ndg_0", self.ada, items[:1]),
            MissedWork("ndg_0", self.ada, items),
            *self._reminders(),
            *self._graders().notes(),
            *hand_in_notes(self.work, self.ada, self.tara, self.now),
            *handover_notes(self.work, self.tara, self.orla, self.now),
            StatusNote(replace(self.ada, status=Status.PAUSED), self.orla),
            StatusNote(replace(self.ada, status=Status.PAUSED), self.orla, self.until),
            ExcuseNote(self.ada, self.hw, self.orla, LONG[:500]),
            DutyNote(date(2026, 7, 6), self.tara, is_yours=True, by=self.orla),
            *self._mistakes(),
            *question_notes(self.hw, self.ada, self.tara, self.now),
            *check_in_notes(self.ada, self.now),
            *organizers_notes(),
            *rota_notes(self.orla),
            *joining_notes([self.ada, self.tara, self.orla], self._policy(), self.now),
            *FollowUpExamples(self.work, self.ada, self.tara, self.now).notes(),
            *booking_notes(self.work, self.ada, self.tara, self.now),
            *open_hours_notes(self.ada, self.tara, self.now),
            *event_notes(self.tara, self.now),
            *group_notes(self.ada, self.tara, self.now),
            *section_notes(self.tara),
            *office_hours_notes(self.ada, self.tara, self.now),
            *waitlist_notes(self.ada, self.tara, self.now),
            *invitation_notes(self.ada, self.tara, self.now),
        ]
        return (_message(type(content).__name__, render(content, self.zone)) for content in contents)

    def _mistakes(self) -> Iterator[object]:
        mistake = Mistake("mis_0", self.hw.id, "Question 2b", LONG[:1500], self.now, self.tara.id)
        yield MistakeNote(self.ada, self.hw, mistake, looked_at_again=True)
        yield MistakeNote(self.ada, self.hw, replace(mistake, question=""), looked_at_again=False)
        yield MistakeReport(mistake, self.hw, self.tara, 104, 7)

    def cards(self) -> Iterator[Exhibit]:
        near = [(assignment, self.until) for assignment in self.work[:40]]
        earlier = [Earlier(assignment, self.until, handed_in=True) for assignment in self.work[:40]]
        for state in State:
            request = self._listed(state).request
            card = RequestCard(request, self.ada, self.work[1], self.now, earlier, near, near, self.tara, self.tara)
            yield _message(f"card, {state}", render(card, self.zone))
        waiting = WaitingNote(self.request, self.ada, self.hw, self.now, is_over=True, duty=self.tara)
        yield _message("reminder to staff", render(waiting, self.zone))
        yield _message("AllWaiting", render(AllWaiting([waiting] * MANY), self.zone))
        yield _message("claimed", render(ClaimedHandIn(self.ada, self.hw), self.zone))

    def running(self) -> Iterator[Exhibit]:
        contents: Sequence[object] = [
            Undelivered("extensions.granted", "Ada", "channel_not_found"),
            WasDown(self.now - timedelta(hours=5), self.now, ("nudge-missed",) * 8, 40),
            JobProblem("nudge-missed", Problem.FAILED, "OSError", self.now),
            UnlinkedNote((self.ada,) * MANY),
            EmailNote(self.ada),
            SilentNote([self._silent()] * MANY, 2),
            *self._brakes(),
            *digest_notes(self.work, self.ada, self.tara, self.now, self.zone),
            PolicyChange(
                self._policy(), self._policy().model_copy(update={"grading": GradingPolicy(drops_allowed=1)}), self.now
            ),
        ]
        return (_message(type(content).__name__, render(content, self.zone)) for content in contents)

    def homes(self) -> Iterator[Exhibit]:
        homes = Homes(self.work, (self.ada, self.tara, self.orla), self.now)
        yield from (_view(*each) for each in homes.views())
        yield from (_message(*each) for each in homes.answers())

    def _graders(self) -> Graders:
        return Graders(self.work, self.ada, self.tara, self.now)

    def _offer(self, assignment: Assignment) -> Offer:
        return Offer(f"off_{assignment.id}", self.ada.id, assignment.id, "ndg_0", 2, OfferState.OPEN, self.until)

    def _reminders(self) -> Iterator[object]:
        dues, words = [Due(assignment, self.until) for assignment in self.work[:40]], NudgeWords()
        progress = [None, *Progress]
        items = [PlanItem(due.assignment, self.until, self.now, progress[n % 4]) for n, due in enumerate(dues)]
        lectures = [replace(assignment, kind=Kind.LECTURE) for assignment in self.work[:40]]
        yield from (DueSoon("ndg_0", self.ada, dues[:1], words), DueSoon("ndg_0", self.ada, dues, words))
        full = crowds([(due.assignment, due.due_at) for due in dues], WorkloadPolicy(), self.zone)
        yield WeekPlan("ndg_0", self.ada, items, lectures, words, full)
        yield AskedFor(self.ada, dues)

    def _brake(self) -> Brake:
        return Brake("brk_0", self.hw.id, self.now, 50, 104, self.now, self.until)

    def _brakes(self) -> Iterator[object]:
        decided = replace(self._brake(), decision=BrakeDecision.MOVED, decided_by=self.orla.id)
        yield from (BrakeCard(self._brake(), self.work[1], None), BrakeCard(decided, self.work[1], self.orla))
        for due_at in (self.until, None):
            yield ForEveryone(self.ada, self.work[1], due_at, NudgeWords())

    def _silent(self) -> Silent:
        sent = [PastNudge(f"ndg_{n}", NudgeKind.DUE_SOON, self.now) for n in range(2)]
        return Silent(self.ada, sent, self.now)

    def _policy(self) -> Policy:
        on = self.now.date()
        return Policy(
            programme=Programme(
                name="The Programme",
                zone=self.zone.key,
                starts_on=on,
                ends_on=on + timedelta(days=70),
                staff_channel="staff",
                announcement_channel="announcements",
                organizers=("orla@example.org",),
            )
        )
