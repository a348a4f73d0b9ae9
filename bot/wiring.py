"""The composition root: settings and policy become the parts of one running bot, and nothing else does."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Final

from slack_bolt import App
from slack_bolt.error import BoltError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import Clock, MovedClock
from bot.connection import Gate
from bot.delivery import Delivery
from bot.demonstration import Demonstration, SandboxTime
from bot.directory import NoDirectory, SlackDirectory
from bot.dropping import SlackFiles
from bot.keeping import Keeper
from bot.lease import Lease, holder_name
from bot.pacing import Pacing
from bot.senders import Senders
from bot.settings import Settings
from bot.slack import Self, bot_client, unreachable, who_am_i
from cohort.policy import Policy
from handlers.registration import Understanding, register
from handlers.views.messages import render
from scheduler.jobs import Job, jobs
from scheduler.runner import Runner
from scheduler.times import is_overdue
from services import running
from services.desk import Desk, Directory
from storage.database import Database
from storage.opening import open_database
from storage.places import check_place
from storage.programme import Identity

log = logging.getLogger(__name__)

LAZY_THREADS: Final = 32


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one running bot. `stopping` is set when it is to stop."""

    me: Self
    desk: Desk
    clock: Clock
    lease: Lease
    gate: Gate
    lazy: ThreadPoolExecutor
    senders: Senders
    runner: Runner
    keeper: Keeper
    demonstration: Demonstration | None
    stopping: Event


def desk_without_slack(settings: Settings, policy: Policy) -> Desk:
    """Return the desk for a command that needs no Slack. Raises StoreUnusable."""
    return Desk(_opened(settings, policy, None), policy, NoDirectory())


def desk_with_slack(settings: Settings, policy: Policy) -> Desk:
    """Return the desk for a command that may look people up in Slack. Raises Problems and StoreUnusable."""
    client = bot_client(settings)
    store = _opened(settings, policy, who_am_i(client))
    return Desk(store, policy, _directory(client, policy, Event()))


@contextmanager
def desk_to_try_out(settings: Settings, policy: Policy) -> Iterator[Desk]:
    """Hand out the desk for what only says what it would do; where there is no database, none is left behind.

    Raises StoreUnusable.
    """
    check_place(settings.database)
    if settings.database.exists():
        yield desk_without_slack(settings, policy)
        return
    with TemporaryDirectory() as folder:
        desk = desk_without_slack(settings.model_copy(update={"database": Path(folder) / "cohort.db"}), policy)
        try:
            yield desk
        finally:
            desk.store.close()


def assemble(settings: Settings, policy: Policy, clock: Clock, pace: float = 1.0) -> Parts:
    """Make all parts of the bot; nothing runs yet. Raises Problems and StoreUnusable.

    `pace` says how many times as many messages may be sent as Slack would take.
    """
    client, stopping = bot_client(settings), Event()
    me = who_am_i(client)
    desk = Desk(_opened(settings, policy, me), policy, _directory(client, policy, stopping), files=SlackFiles(client))
    running.enrol_organizers(desk, clock.now())
    lazy = ThreadPoolExecutor(LAZY_THREADS, thread_name_prefix="lazy")
    app = _bolt(client, lazy)
    register(app, desk, clock)
    gate = Gate(app, settings.app_token.get_secret_value(), client)
    lease = Lease(desk.store, holder_name())
    delivery = Delivery(desk, client, render, lease, Pacing(policy.delivery.messages_a_minute, pace))
    table = jobs(policy)
    runner = Runner(desk, clock.now, table, lease.holds)
    keeper = Keeper(
        desk=desk,
        clock=clock,
        lease=lease,
        delivery=delivery,
        is_connected=lambda: gate.is_connected,
        overdue=partial(_overdue, table, desk, clock),
        catch_up=runner.wake_overdue,
    )
    demonstration = _demonstration(clock, settings, desk, table, runner)
    return Parts(me, desk, clock, lease, gate, lazy, Senders(delivery, clock), runner, keeper, demonstration, stopping)


def _demonstration(
    clock: Clock, settings: Settings, desk: Desk, table: tuple[Job, ...], runner: Runner
) -> Demonstration | None:
    """Return what follows a sandbox's clock; None everywhere else, where no clock can be moved."""
    if not isinstance(clock, MovedClock):
        return None
    return Demonstration(clock, SandboxTime(settings.api_url), desk, table, runner)


def _opened(settings: Settings, policy: Policy, me: Self | None) -> Database:
    name = policy.programme.name
    return open_database(settings.database, Identity(name, me.team_id, me.app_id) if me else Identity(name))


def _directory(client: WebClient, policy: Policy, stopping: Event) -> Directory:
    return SlackDirectory(client, policy.programme.zone, stopping)


def _bolt(client: WebClient, lazy: ThreadPoolExecutor) -> App:
    """Return the Bolt app. Acknowledgements wait for the local work; what needs Slack runs on `lazy`."""
    logger = logging.getLogger("slack_bolt.app")
    # Its warnings are about deliveries that no listener wants, and tokens in the environment: neither is news.
    logger.setLevel(logging.ERROR)
    try:
        return App(
            client=client,
            process_before_response=True,
            before_authorize=Understanding(),
            listener_executor=lazy,
            logger=logger,
        )
    # Bolt asks once more who we are, and blames the token whatever the answer was.
    except (BoltError, SlackApiError, OSError, HTTPException):
        raise unreachable(client) from None


def _overdue(table: tuple[Job, ...], desk: Desk, clock: Clock) -> list[str]:
    return [job.id for job in table if is_overdue(job, desk, clock.now())]
