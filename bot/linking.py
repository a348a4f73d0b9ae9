"""Linking accounts at a roster's import: as far as Slack answers now; what is left is linked by the running bot."""

from collections.abc import Iterator

from bot import wiring
from bot.clock import real_now
from bot.problems import Problems
from bot.settings import Settings
from cohort.policy import Policy
from cohort.roster import Member
from services import accounts
from services.desk import Desk

NAMED = 10


def desk_to_link(settings: Settings, policy: Policy) -> tuple[Desk, str]:
    """Return the desk to import a roster with, and why nobody can be linked now; empty where Slack answers.

    Raises StoreUnusable, also for the database of another Slack team.
    """
    try:
        return wiring.desk_with_slack(settings, policy), ""
    except Problems as problems:
        return wiring.desk_without_slack(settings, policy), str(problems.problems[0].what)


def link(desk: Desk, why_not: str) -> Iterator[str]:
    """Link who is on the roster to their Slack accounts by email, and yield a line about it.

    Waits as long as Slack's limits ask for; each link is kept at once, so it can be stopped and done again.
    """
    if why_not:
        yield f"{why_not.removesuffix('.')}; accounts are linked by email when the bot runs."
        return
    try:
        report = accounts.link_all(desk, real_now())
    except ConnectionError as error:
        yield f"{error}; the accounts that are left are linked when the bot runs."
        return
    linked, missing = len(report.linked), len(report.unlinked)
    yield f"Slack accounts: {linked} linked by email, {missing} not found{_few(report.unlinked)}."


def _few(members: tuple[Member, ...]) -> str:
    if not members:
        return ""
    named = ", ".join(member.email for member in members[:NAMED])
    return f": {named}{' …' if len(members) > NAMED else ''}"
