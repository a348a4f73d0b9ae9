"""The Home tab: the frame around it, and what those see who take no part or are not on the roster."""

from collections.abc import Iterable, Sequence

from cohort.roster import Member, Status
from handlers.views.blocks import Block, View, actions, button, context, date, header, mention, one_of, section
from handlers.views.home_organizer import cohort_today
from handlers.views.home_student import student_parts
from handlers.views.home_ta import staff_parts
from handlers.views.leavings import stay_button
from services.follow_ups import Listed
from services.home import Home, RestingHome
from services.home_student import StudentHome

BLOCKS_MOST = 100
RESTING = {
    Status.PAUSED: (
        "You are paused. Rest: nothing is due for you, and I won't remind you of anything. When you want to come back, "
        "tell an organizer."
    ),
    Status.GRADUATED: ":tada: You have graduated. Congratulations! Nothing is due for you any more.",
}
GONE = (
    "You take no part in the programme at the moment, so nothing is due for you and I don't write to you about work. "
    "If you would like to come back, or if this is a mistake, say so: it can be undone."
)


def home(found: Home) -> View:
    """Return the Home of someone on the roster."""
    if isinstance(found, RestingHome):
        return _view(found.member, _resting(found))
    if isinstance(found, StudentHome):
        return _view(found.student, student_parts(found))
    today = cohort_today(found.cohort, found.member, found.now) if found.cohort is not None else []
    return _view(found.member, [*_urgent(found.urgent), *today, *staff_parts(found)])


def _urgent(cases: Sequence[Listed]) -> list[Block]:
    """Return whom to write to now, above everything else."""
    return [
        section(
            f":sos: *{mention(each.student)} may be in distress. Please write to them now.*",
            button("Open the follow-up", f"follow_ups.show#{each.case.id}", each.case.id, "primary"),
        )
        for each in cases
    ]


def stranger(organizers: Sequence[Member]) -> View:
    """Return Home for someone who is not on the roster, with whom to ask."""
    text = (
        "This is the bot of a cohort programme: it helps students with due times, office hours and whatever gets in "
        "the way, and the staff to keep up with them. I don't find you on its roster. If you take part or teach in it, "
        f"ask {one_of(organizers)} to add the email address of your Slack account."
    )
    return {"type": "home", "blocks": [header("Welcome"), section(text)]}


def _view(member: Member, parts: Iterable[Block]) -> View:
    """Return Home with a greeting, cut to what Slack takes: the most important stands on top."""
    blocks = [header(f"Hello, {member.called}"), *parts]
    if len(blocks) > BLOCKS_MOST - 1:
        blocks = [*blocks[: BLOCKS_MOST - 2], context("There is more than Home can show; the commands show all of it.")]
    small = context("`/cohort help` shows all you can do, `/cohort policy` the rules in plain words.")
    return {"type": "home", "blocks": [*blocks, small]}


def _resting(found: RestingHome) -> list[Block]:
    member, who = found.member, mention(found.contact) if found.contact else "an organizer"
    if found.leaving is not None:
        text = (
            f"You are leaving the programme, {date(found.leaving.takes_effect_at, member.tz)}. Until then one press "
            "undoes it, and nothing is due for you meanwhile."
        )
        blocks = [section(text), actions(stay_button(found.leaving.id))]
    elif member.joined_at is not None and found.now < member.joined_at:
        blocks = [section(f"You are on the roster from {date(member.joined_at, member.tz)} on. See you then!")]
    else:
        blocks = [section(RESTING.get(member.status, GONE))]
    ways = [button("Leave the programme", "leavings.form")] if _may_leave(found) else []
    questions = section(f"Questions? Write to {who}, who will be glad to.")
    return [*blocks, questions, *([actions(*ways)] if ways else [])]


def _may_leave(found: RestingHome) -> bool:
    return not found.member.is_staff and found.member.status is Status.PAUSED and found.leaving is None
