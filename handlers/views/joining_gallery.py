"""One example of every view of joining, for the gallery."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cohort.assignments import Assignment
from cohort.joining import HardDates, Moved
from cohort.policy import Policy
from cohort.roster import Member
from handlers.views import joining as views
from handlers.views.blocks import Rendered, View
from services.joining import Proposed, Welcome


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
    yield from (("hard dates", views.dates_form(named)) for named in ([], dates[:1], dates))
    for found in (Proposed([], []), Proposed(dates, []), Proposed(dates, moved[:1]), Proposed(dates, moved)):
        yield "what hard dates move", views.proposed(found, zone)
    yield "moved", views.proposed(Proposed(dates, moved, is_done=True), zone)
    yield from (("counted in", views.counted_in(is_new=is_new)) for is_new in (True, False))
    for contacts in (members, []):
        yield "put right", views.put_right(Welcome(members[0], policy, now, None, contacts, can_name_dates=True))
