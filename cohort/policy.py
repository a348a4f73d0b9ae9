"""The programme's policy: every number a programme might want otherwise, with its default and bounds."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from cohort.assignments import Kind
from cohort.errors import UnknownZone
from cohort.nudge_words import NudgeWords
from cohort.tables import Table
from cohort.times import at_wall, is_waking_clock, zone


def _known_zone(name: str) -> str:
    try:
        zone(name)
    except UnknownZone:
        raise ValueError("not a time zone; use a name like Europe/London or America/New_York") from None
    return name


def _looks_like_email(address: str) -> str:
    local, at, domain = address.strip().partition("@")
    if not (local and at and "." in domain):
        raise ValueError("not an email address; write it like orla@example.org")
    return address.strip()


Email = Annotated[str, AfterValidator(_looks_like_email)]
ZoneName = Annotated[str, AfterValidator(_known_zone)]
Days = Annotated[int, Field(ge=0, le=60)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Programme(Table):
    """`[programme]`: what it is called, when it runs, who runs it and where they talk."""

    name: str = Field(min_length=1, max_length=60)
    zone: ZoneName
    starts_on: date
    ends_on: date
    wrap_up_days: Days = 7
    staff_channel: str = Field(min_length=1)
    announcement_channel: str = Field(min_length=1)
    organizers: tuple[Email, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_on <= self.starts_on:
            raise ValueError("ends_on must be after starts_on")
        return self

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which the programme counts its days."""
        return zone(self.zone)

    @property
    def closes_at(self) -> datetime:
        """The last moment anything counts: the end of the last wrap-up day (23:59 wall time), in UTC."""
        return at_wall(self.ends_on + timedelta(days=self.wrap_up_days), time(23, 59), self.tz)


def _none_in_words(limit: object) -> object:
    return None if limit == "none" else limit


# TOML has no null, and a key that is left out means its default: so that there is no limit is said in a word.
Limit = Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(_none_in_words)]


class ExtensionRules(Table):
    """How much time is granted without asking anyone. Days are calendar days."""

    auto_approve_days: Days = 3
    auto_approved_limit: Limit = 4
    grace_days: Days = 2
    offer_days: Days = 2


class ExtensionRulesOfKind(Table):
    """The same rules for one kind of assignment; what is left out is as for all."""

    auto_approve_days: Days | None = None
    auto_approved_limit: Limit = None
    grace_days: Days | None = None
    offer_days: Days | None = None


# Whatever else is set: no exam is put off without a person's decision unless cohort.toml says so, key by key.
EXAMS_ASK = {Kind.EXAM: ExtensionRulesOfKind(auto_approve_days=0, grace_days=0, offer_days=0)}


class ExtensionPolicy(ExtensionRules):
    """`[extensions]`: the rules, those of single kinds, and how fast a person answers."""

    review_within_hours: int = Field(default=12, ge=1, le=168)
    kinds: dict[Kind, ExtensionRulesOfKind] = Field(default=EXAMS_ASK, validate_default=True)

    @field_validator("kinds", mode="after")
    @classmethod
    def _exams_keep_what_is_not_said(cls, kinds: dict[Kind, ExtensionRulesOfKind]) -> dict[Kind, ExtensionRulesOfKind]:
        own = kinds.get(Kind.EXAM, ExtensionRulesOfKind()).model_dump(exclude_unset=True)
        exam = EXAMS_ASK[Kind.EXAM].model_dump(exclude_unset=True)
        return kinds | {Kind.EXAM: ExtensionRulesOfKind(**exam | own)}

    def rules_for(self, kind: Kind) -> ExtensionRules:
        """Return the rules that hold for one kind of assignment."""
        own = self.kinds.get(kind)
        if own is None:
            return self
        return self.model_copy(update=own.model_dump(exclude_unset=True))


class NudgePolicy(Table):
    """`[nudges]`: when nobody is disturbed, how often anyone is written to, and how long an offer stands."""

    quiet_from: time = time(21, 0)
    quiet_until: time = time(8, 0)
    offer_lapses_hours: int = Field(default=72, ge=1, le=336)
    a_day: int = Field(default=1, ge=1, le=10)
    a_week: int = Field(default=3, ge=1, le=50)
    stop_after: int = Field(default=2, ge=1, le=20)
    silent_after_hours: int = Field(default=24, ge=1, le=168)
    due_soon_hours: int = Field(default=24, ge=1, le=336)
    due_soon_long_hours: int = Field(default=72, ge=1, le=336)
    long_from_hours: float = Field(default=6, gt=0, le=200)
    hours_a_day: float = Field(default=3, gt=0, le=24)
    plan_on: Weekday = "sunday"
    plan_at: time = time(18, 0)
    brake_percent: int = Field(default=40, ge=1, le=100)
    brake_hours: int = Field(default=4, ge=0, le=24)
    words: NudgeWords = NudgeWords()

    @model_validator(mode="after")
    def _someone_is_awake(self) -> Self:
        if self.quiet_from == self.quiet_until:
            raise ValueError("quiet_from and quiet_until must differ, or nobody is ever awake")
        if not is_waking_clock(self.plan_at, self.quiet_from, self.quiet_until):
            raise ValueError("plan_at must not lie in the quiet hours")
        return self


class HandInPolicy(Table):
    """`[hand_ins]`: what is taken in. Lengths are in characters."""

    late: Literal["marked", "refused"] = "marked"
    summary_at_least: int = Field(default=200, ge=0, le=2000)
    strength_at_least: int = Field(default=60, ge=0, le=1000)
    weakness_at_least: int = Field(default=60, ge=0, le=1000)
    partners: int = Field(default=3, ge=0, le=20)


class GradingPolicy(Table):
    """`[grading]`: how fast work is graded, how long a claim holds, what follows. Days are calendar days."""

    grade_within_days: int = Field(default=4, ge=1, le=30)
    retry_within_days: int = Field(default=2, ge=1, le=30)
    claim_expires_hours: int = Field(default=48, ge=1, le=336)
    claim_reminder_hours: int = Field(default=6, ge=0, le=48)
    resubmit_days: int = Field(default=5, ge=1, le=60)
    drops_allowed: int = Field(default=2, ge=0, le=50)
    held: frozenset[Kind] = frozenset()


class WorkloadPolicy(Table):
    """`[workload]`: from where on two days hold too much, in estimated hours and in things due."""

    hours_in_two_days: float = Field(default=16, gt=0, le=48)
    things_in_two_days: int = Field(default=3, ge=1, le=50)


class OfficeHoursPolicy(Table):
    """`[office_hours]`: what can be booked, how many at once, and how the waiting list and the line work."""

    notice_minutes: int = Field(default=30, ge=0, le=2880)
    days_ahead: int = Field(default=14, ge=1, le=90)
    open_with_one_ta: int = Field(default=1, ge=1, le=20)
    a_week: int = Field(default=2, ge=1, le=50)
    open_at_once: int = Field(default=3, ge=1, le=50)
    limits_end_hours: int = Field(default=24, ge=0, le=336)
    offer_minutes: int = Field(default=120, ge=5, le=1440)
    unstarted_minutes: int = Field(default=10, ge=1, le=120)
    reminder_minutes: int = Field(default=10, ge=1, le=120)


class EventPolicy(Table):
    """`[events]`: how many discussion sections a week are to be attended, and when people are reminded."""

    sections_a_week: int = Field(default=1, ge=0, le=7)
    reminder_hours: int = Field(default=24, ge=1, le=168)


class CheckInPolicy(Table):
    """`[checkins]`: when students are asked how their week goes, in their own zone, and what they are asked."""

    is_on: bool = True
    weekday: Weekday = "thursday"
    at: time = time(17, 0)
    hours_promised: tuple[float, float] = (20, 30)
    hours_last_time: tuple[float, float] | None = None
    over_by_hours: float = Field(default=10, gt=0, le=100)
    obstacles: tuple[str, ...] = Field(
        default=("Too little time", "Stuck on a problem", "Work or family", "Health", "Motivation", "Something else"),
        min_length=1,
        max_length=12,
    )
    remind_after_hours: int = Field(default=24, ge=1, le=120)

    @model_validator(mode="after")
    def _range_goes_up(self) -> Self:
        for name, (least, most) in (("promised", self.hours_promised), ("last_time", self.hours_last_time or (0, 0))):
            if not 0 <= least <= most:
                raise ValueError(f"hours_{name} is the least and the most hours a week, like [20, 30]")
        return self


class LadderPolicy(Table):
    """`[ladder]`: which level leads to which step."""

    is_on: bool = True
    to_do_from: Literal["slipping", "at_risk", "critical"] = "slipping"
    offer_from: Literal["slipping", "at_risk", "critical"] = "slipping"
    follow_up_from: Literal["slipping", "at_risk", "critical"] = "at_risk"
    organizer_from: Literal["slipping", "at_risk", "critical"] = "critical"
    offer_after_days: int = Field(default=2, ge=0, le=30)
    follow_up_after_days: int = Field(default=3, ge=0, le=30)
    organizer_after_days: int = Field(default=5, ge=0, le=60)


class FollowUpPolicy(Table):
    """`[follow_ups]`: how many a TA has at once, and how soon a person gets in touch. Days are calendar days."""

    open_per_ta: int = Field(default=5, ge=1, le=50)
    due_days: int = Field(default=2, ge=1, le=30)
    organizer_after_days: int = Field(default=1, ge=1, le=30)
    leaving_days: int = Field(default=3, ge=1, le=30)


class HelpPolicy(Table):
    """`[help]`: the named person who writes to a student in distress, and whom they can turn to besides."""

    person: Email | Literal[""] = ""
    contacts: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = Field(default=(), max_length=10)


class QuestionPolicy(Table):
    """`[questions]`: how long whoever was asked has for an answer, in their waking hours."""

    answer_hours: int = Field(default=8, ge=1, le=168)


class DigestPolicy(Table):
    """`[digest]`: when the week's digest goes out, in the programme's zone."""

    weekday: Weekday = "monday"
    at: time = time(9, 0)


class DeliveryPolicy(Table):
    """`[delivery]`: how fast messages go out."""

    messages_a_minute: int = Field(default=240, ge=1, le=600)


class Policy(Table):
    """All of cohort.toml."""

    programme: Programme
    extensions: ExtensionPolicy = ExtensionPolicy()
    nudges: NudgePolicy = NudgePolicy()
    hand_ins: HandInPolicy = HandInPolicy()
    grading: GradingPolicy = GradingPolicy()
    workload: WorkloadPolicy = WorkloadPolicy()
    office_hours: OfficeHoursPolicy = OfficeHoursPolicy()
    events: EventPolicy = EventPolicy()
    checkins: CheckInPolicy = CheckInPolicy()
    ladder: LadderPolicy = LadderPolicy()
    follow_ups: FollowUpPolicy = FollowUpPolicy()
    help: HelpPolicy = HelpPolicy()
    questions: QuestionPolicy = QuestionPolicy()
    digest: DigestPolicy = DigestPolicy()
    delivery: DeliveryPolicy = DeliveryPolicy()
