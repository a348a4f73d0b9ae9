"""The rota: which TA decides extensions, and which answers questions, in which week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from cohort.errors import ChangedMeanwhile, NotActive, NotAllowed, Unclear
from cohort.roster import Member, Role
from cohort.rotas import Duty
from cohort.times import local_day, week_of
from services import access, outbox
from services.desk import Desk
from services.letters import Composed, Obsolete, Said
from storage.records import Records

EXTENSIONS: Final[str] = Duty.EXTENSIONS
QUESTIONS: Final[str] = Duty.QUESTIONS


@dataclass(frozen=True, slots=True)
class DutyWeek:
    """One week of the rota; `week_on` is its Monday in the programme's zone."""

    week_on: date
    member: Member
    is_this_week: bool
    duty: str = EXTENSIONS


@dataclass(frozen=True, slots=True)
class DutySet:
    """Who has the duty of a week now, and who had it before, if anyone else did."""

    week_on: date
    member: Member
    before: Member | None
    is_new: bool
    duty: str = EXTENSIONS


@dataclass(frozen=True, slots=True)
class DutyNote:
    """For a TA: a week's duty became theirs, or went to someone else."""

    week_on: date
    holder: Member
    is_yours: bool
    by: Member
    duty: str = EXTENSIONS


@dataclass(frozen=True, slots=True)
class WeeksWish:
    """Whose some weeks of a duty are to be, by their Mondays: ids of members.

    `was` are the ids of those whose the weeks were when somebody looked, empty for nobody's.
    """

    duty: Duty
    weeks: Mapping[date, str]
    was: Mapping[date, str]


@dataclass(frozen=True, slots=True)
class RotaNote:
    """For a TA whose weeks changed with others: which are theirs now, from this one on."""

    duty: str
    weeks: Sequence[date]
    by: Member


def duty_ta(records: Records, now: datetime, tz: ZoneInfo, duty: str = EXTENSIONS) -> Member | None:
    """Return who has a duty in this week of the programme's zone; None where nobody who is there does.

    The duty is to decide extensions, unless another is named.
    """
    holder = records.duties.holder(duty, _this_week(now, tz))
    member = None if holder is None else records.roster.get(holder)
    if member is None or not member.is_staff or not member.is_active(now) or member.id in records.graders.away(now):
        return None
    return member


def rota(actor: Member, now: datetime, desk: Desk) -> list[DutyWeek]:
    """Return the rota from this week on, each duty by itself, soonest first. Raises NotAllowed for students."""
    access.require_staff(actor, "duties.list", now)
    this_week = _this_week(now, desk.policy.programme.tz)
    with desk.store.reading() as records:
        return [
            DutyWeek(week_on, access.known(records, member_id), week_on == this_week, duty)
            for duty in (EXTENSIONS, QUESTIONS)
            for week_on, member_id in records.duties.from_week(duty, this_week)
        ]


def set_duty(actor: Member, member: str, on: date | None, now: datetime, desk: Desk, duty: str = EXTENSIONS) -> DutySet:
    """Put someone on duty for the week of a date, in place of whoever was; without a date, for this week.

    Organizers may put any active TA or organizer on duty, TAs only themselves. Raises NotAllowed, NotFound for
    someone who is not staff, NotActive, and Unclear for a week that is over.
    """
    access.require_staff(actor, "duties.set", now)
    this_week = _this_week(now, desk.policy.programme.tz)
    week_on = this_week if on is None else week_of(on)
    if week_on < this_week:
        raise Unclear(f"The week of {week_on} is over.", f"/cohort duty @tara {this_week}")
    with desk.transaction(now) as records:
        done = _put(records, duty, week_on, _for_duty(records, member, actor, now), actor, now)
        if done.is_new:
            _tell(records, done, actor, now)
        return done


def set_weeks(wish: WeeksWish, actor: Member, now: datetime, desk: Desk) -> list[DutySet]:
    """Give several weeks of a duty to people at once, all or none; return those that changed hands.

    Raises NotAllowed for all but organizers, ChangedMeanwhile for a week that somebody else gave away since it was
    looked at, NotFound, NotActive, and Unclear for a week that is over.
    """
    access.require_organizer(actor, "duties.set", now)
    this_week = _this_week(now, desk.policy.programme.tz)
    with desk.transaction(now) as records:
        done = [_put_unchanged(records, wish, week_on, actor, now) for week_on in sorted(wish.weeks)]
        over = [one.week_on for one in done if one.is_new and one.week_on < this_week]
        if over:
            raise Unclear(f"The week of {over[0]} is over.", f"/cohort duty @tara {this_week}")
        changed = [one for one in done if one.is_new]
        _tell_all(records, changed, actor, now)
        return changed


def _put_unchanged(records: Records, wish: WeeksWish, week_on: date, actor: Member, now: datetime) -> DutySet:
    """Give a week away that still is whose it was, or is theirs already who are to have it."""
    wanted, before = wish.weeks[week_on], _holder(records, week_on, wish.duty)
    before_id = before.id if before else ""
    if before_id not in {wish.was.get(week_on, ""), wanted}:
        raise ChangedMeanwhile(week_on.isoformat(), before.called if before else "nobody's")
    return _put(records, wish.duty, week_on, _for_duty(records, wanted, actor, now), actor, now)


def _put(records: Records, duty: str, week_on: date, holder: Member, actor: Member, now: datetime) -> DutySet:
    """Write whose a week is, and who said so, unless it is so already."""
    before = _holder(records, week_on, duty)
    if before == holder:
        return DutySet(week_on, holder, None, is_new=False, duty=duty)
    records.duties.assign(duty, week_on, holder.id)
    detail = week_on.isoformat() if duty == EXTENSIONS else f"{week_on.isoformat()} {duty}"
    records.audit.add(actor.id, "duty.set", holder.id, now, detail=detail)
    return DutySet(week_on, holder, before, is_new=True, duty=duty)


def _for_duty(records: Records, reference: str, actor: Member, now: datetime) -> Member:
    found = access.person(records, reference)
    if found.id != actor.id and actor.role is not Role.ORGANIZER:
        raise NotAllowed("duties.set", "organizers, or TAs for themselves,")
    access.must_be_staff(found)
    if not found.is_active(now):
        raise NotActive(found.status.value, about_self=False)
    return found


def _holder(records: Records, week_on: date, duty: str) -> Member | None:
    holder = records.duties.holder(duty, week_on)
    return None if holder is None else access.known(records, holder)


def _tell(records: Records, done: DutySet, actor: Member, now: datetime) -> None:
    """Let those know whose week it became or was; who made the change knows it already."""
    for member in (done.member, done.before):
        if member is None or member.id == actor.id:
            continue
        data = {"week_on": done.week_on.isoformat(), "member": member.id, "by": actor.id, "duty": done.duty}
        key = f"duty:{done.duty}:{done.week_on}:{member.id}:{now.isoformat()}"
        outbox.post(records, "duties.changed", outbox.to(member), data, key, now)


def _tell_all(records: Records, changed: Sequence[DutySet], actor: Member, now: datetime) -> None:
    """Let those know whose weeks became theirs or went: a message each, however many weeks it is about."""
    if len(changed) == 1:
        return _tell(records, changed[0], actor, now)
    concerned = {m.id: m for one in changed for m in (one.member, one.before) if m is not None and m.id != actor.id}
    for member in concerned.values():
        data = {"duty": changed[0].duty, "member": member.id, "by": actor.id}
        key = f"rota:{changed[0].duty}:{member.id}:{now.isoformat()}"
        outbox.post(records, "duties.rota", outbox.to(member), data, key, now)
    return None


def compose_rota(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return which weeks are somebody's now."""
    weeks = records.duties.from_week(data["duty"], _this_week(now, desk.policy.programme.tz))
    theirs = [week_on for week_on, member_id in weeks if member_id == data["member"]]
    return Said(RotaNote(data["duty"], theirs, access.known(records, data["by"])))


def compose_changed(records: Records, data: Mapping[str, Any], desk: Desk, now: datetime) -> Composed:
    """Return what someone reads about a week that became theirs or went to someone else."""
    # Letters from before there were several duties name none.
    week_on, duty = date.fromisoformat(data["week_on"]), data.get("duty", EXTENSIONS)
    holder = _holder(records, week_on, duty)
    if holder is None or week_on < _this_week(now, desk.policy.programme.tz):
        return Obsolete("the week is over")
    by = access.known(records, data["by"])
    return Said(DutyNote(week_on, holder, holder.id == data["member"], by, duty))


def _this_week(now: datetime, tz: ZoneInfo) -> date:
    return week_of(local_day(now, tz))


COMPOSERS = {"duties.changed": compose_changed, "duties.rota": compose_rota}
