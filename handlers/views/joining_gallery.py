"""One example of every view of joining, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.joining import HardDates, Kept, Moved, Why
from cohort.policy import Policy
from cohort.roster import Member
from cohort.workload import Crowd, DayLoad
from handlers.views import joining as views
from handlers.views.blocks import Rendered, View
from services.joining import Named, Proposed, Welcome


def joining_notes(members: Sequence[Member], policy: Policy, now: datetime) -> Iterator[object]:
    """Yield the welcomes."""
    for member in members:
        yield Welcome(member, policy, now, None, members, can_name_dates=True)
        yield Welcome(replace(member, accommodation_days=5), policy, now, 27.4, [], can_name_dates=False)


def joining_views(
    work: Sequence[Assignment], members: Sequence[Member], policy: Policy, now: datetime, zone: ZoneInfo
) -> Iterator[tuple[str, Rendered | View]]:
    """Yield answers and forms."""
    dates = [HardDates(now.date() + timedelta(days=7 * n), now.date() + timedelta(days=7 * n + 3)) for n in range(3)]
    moved = [Moved(one, now, now + timedelta(days=4)) for one in work]
    for named in (Named([], []), Named(dates[:1], dates[1:]), Named(dates, [])):
        yield "hard dates", views.dates_form(named, policy)
    for found in (Proposed([], []), Proposed(dates, []), Proposed(dates, moved[:1]), Proposed(dates, moved)):
        yield "what hard dates move", views.proposed(found, zone)
    yield "moved", views.proposed(Proposed(dates, moved, is_done=True), zone)
    kept = [Kept(one, now, why) for one in work for why in Why]
    day, none = DayLoad(now.date(), work), DayLoad(now.date() + timedelta(days=1), [])
    full = Crowd(day, none, [day, none])
    cut = [replace(moved[0], is_cut=True), *moved * 12]
    yield "hard dates that move nothing", views.proposed(Proposed(dates, [], kept), zone)
    for is_done in (False, True):
        yield "much at once", views.proposed(Proposed(dates, cut, kept * 7, [full] * 5, [day], is_done=is_done), zone)
        yield "one day", views.proposed(Proposed(dates, moved, kept[:1], [], [day] * 20, is_done=is_done), zone)
    yield from (("counted in", views.counted_in(is_new=is_new)) for is_new in (True, False))
    for contacts in (members, []):
        yield "put right", views.put_right(Welcome(members[0], policy, now, None, contacts, can_name_dates=True))
