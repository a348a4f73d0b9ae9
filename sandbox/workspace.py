"""The state of one workspace: who is there, what was said, what is on each screen, and a log to wait on."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from sandbox import Json
from sandbox.demo_clock import DemoClock
from sandbox.manifest import Manifest
from sandbox.people import BOT, People, SeedUser
from sandbox.records import Channel, Interaction, Message, Screen, User, View

GENERAL = "general"
# Whoever waits under this name is woken by every change.
ANYONE = "*"
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changed for one person, or for those who see a message."""

    seq: int
    kind: str
    user: str | None = None
    message: Message | None = None


class Workspace:
    """Everything Slack would remember; used from one event loop only."""

    def __init__(self, people: People, manifest: Manifest) -> None:
        self.team_id, self.team_name, self.domain = people.team_id, people.team_name, people.team_domain
        self.manifest = manifest
        self.app_id, self.bot_id = "A0SANDBOX1", "B0SANDBOX1"
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.screens: dict[str, Screen] = {}
        self.chosen: dict[tuple[str, str, str], dict[tuple[str, str], Json]] = {}
        self.interactions: dict[str, Interaction] = {}
        self.log: list[Change] = []
        self.on_message: Callable[[Message, Json], None] = lambda _message, _extra: None
        self.clock = DemoClock()
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._last_ts = (0, 0)
        self._counts: dict[str, int] = {}
        self._directs: dict[frozenset[str], Channel] = {}
        self._move_in(people)

    def _move_in(self, people: People) -> None:
        name = self.manifest.bot_name or "bot"
        self.bot = self._settle(User(self._new_id("UB"), name.lower().replace(" ", ""), name, "", "UTC", is_bot=True))
        # Slackbot stands in every listing of users, and is not marked as a bot.
        self._settle(User(SLACKBOT, "slackbot", "Slackbot", "", "UTC"))
        for seed in people.users:
            self.add_user(seed)
        for channel in people.channels:
            members = {self.find_user(key).id for key in channel.members}
            self.add_channel(channel.name, "private" if channel.private else "public", members)
        if not any(channel.name == GENERAL for channel in self.channels.values()):
            self.add_channel(GENERAL, "public", {user.id for user in self.people()})

    # people

    def add_user(self, seed: SeedUser) -> User:
        """Create an account; it joins #general once that exists."""
        user = self._settle(
            User(
                seed.id or self._new_id("U"),
                seed.name,
                seed.real_name,
                seed.email,
                seed.tz,
                seed.display_name,
                seed.title,
                seed.is_admin,
            )
        )
        general = self.channel_named(GENERAL)
        if general is not None:
            general.members.add(user.id)
        return user

    def _settle(self, user: User) -> User:
        self.users[user.id] = user
        self.screens[user.id] = Screen()
        return user

    def people(self) -> list[User]:
        """Return everyone who is not a bot."""
        return [user for user in self.users.values() if not user.is_bot and user.id != SLACKBOT]

    def find_user(self, who: str) -> User:
        """Find by id, name, display name, real name or email; "bot" is the app; raises LookupError."""
        if who in self.users:
            return self.users[who]
        wanted = who.lstrip("@").lower()
        for names in (_accounts, _real_names):
            for user in self.users.values():
                if wanted and wanted in names(user):
                    return user
        if wanted == BOT:
            return self.bot
        raise LookupError(f"nobody here is called {who!r}")

    def app(self) -> Json:
        """Return what a message of the app says about it."""
        return {"bot_id": self.bot_id, "app_id": self.app_id, "name": self.bot.real_name}

    # channels

    def add_channel(self, name: str, kind: str, members: Iterable[str]) -> Channel:
        """Create a channel."""
        channel = Channel(self._new_id("D" if kind == "im" else "C"), name, kind, set(members), name == GENERAL)
        self.channels[channel.id] = channel
        self.messages[channel.id] = {}
        return channel

    def channel_named(self, name: str) -> Channel | None:
        """Find a channel by id, or by name with or without #."""
        wanted = name.lstrip("#")
        for channel in self.channels.values():
            if wanted in (channel.id, channel.name) and (channel.kind != "im" or channel.id == wanted):
                return channel
        return None

    def direct(self, users: Iterable[str]) -> tuple[Channel, bool]:
        """Return the direct conversation of exactly these people, and whether it was there already."""
        members = frozenset(users)
        if members in self._directs:
            return self._directs[members], True
        kind = "im" if len(members) == 2 else "mpim"
        names = "--".join(sorted(self.users[user].name for user in members))
        channel = self.add_channel("" if kind == "im" else f"mpdm-{names}-1", kind, members)
        self._directs[members] = channel
        return channel, False

    # messages

    def new_ts(self) -> str:
        """Return a message's timestamp, later than every one before it."""
        now = int(self.clock.time() * 1_000_000)
        stamp = max((now // 1_000_000, now % 1_000_000), self._after_last())
        self._last_ts = stamp
        return f"{stamp[0]}.{stamp[1]:06d}"

    def _after_last(self) -> tuple[int, int]:
        seconds, micros = self._last_ts
        return (seconds, micros + 1) if micros < 999_999 else (seconds + 1, 0)

    def post(self, message: Message) -> Message:
        """Put a message up and tell those who see it."""
        self.messages[message.channel][message.ts] = message
        self._message_changed("message", message, {})
        return message

    def edit(self, message: Message, text: str, blocks: list[Json]) -> None:
        """Change a message's content."""
        before = message.as_json(self.team_id, self.app())
        message.text, message.blocks, message.edited_ts = text, blocks, self.new_ts()
        self._message_changed("edit", message, {"subtype": "message_changed", "previous_message": before})

    def delete(self, message: Message) -> None:
        """Take a message away."""
        before = message.as_json(self.team_id, self.app())
        message.deleted = True
        self.messages[message.channel].pop(message.ts, None)
        self._message_changed("delete", message, {"subtype": "message_deleted", "previous_message": before})

    def _message_changed(self, kind: str, message: Message, extra: Json) -> None:
        message.seq = len(self.log) + 1
        self.changed(kind, message=message)
        if message.only_for is None:
            self.on_message(message, extra)

    def sees(self, user_id: str, message: Message) -> bool:
        """Whether a person can read a message."""
        if message.only_for is not None:
            return message.only_for == user_id
        return user_id in self.channels[message.channel].members

    def visible(self, user_id: str, channel: Channel | None, limit: int) -> list[Message]:
        """Return the newest messages a person can read, oldest first."""
        if channel is not None:
            places = [channel.id]
        else:
            places = [place.id for place in self.channels.values() if user_id in place.members]
        newest: list[Message] = []
        for place in places:
            seen = (each for each in reversed(self.messages[place].values()) if self.sees(user_id, each))
            newest.extend(islice(seen, limit))
        return sorted(newest, key=lambda message: message.ts)[-limit:]

    # views

    def new_file_id(self) -> str:
        """Return an id for a file."""
        return self._new_id("F")

    def new_view_id(self) -> str:
        """Return an id for a view."""
        return self._new_id("V")

    def find_view(self, view_id: str) -> View | None:
        """Find a view that is on someone's screen."""
        for screen in self.screens.values():
            for view in (*screen.stack, screen.home):
                if view is not None and view.id == view_id:
                    return view
        return None

    def view_changed(self, view: View) -> None:
        """Tell the person whose screen it is on."""
        view.seq = len(self.log) + 1
        self.changed("home" if view.body["type"] == "home" else "modal", user=view.user)

    # interactions

    def interact(
        self, user_id: str, *, view: View | None = None, channel: str | None = None, source: Message | None = None
    ) -> Interaction:
        """Begin an interaction: a fresh trigger and a fresh response_url."""
        trigger = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        interaction = Interaction(
            secrets.token_urlsafe(18),
            user_id,
            trigger,
            time.monotonic(),
            view.id if view else None,
            channel,
            source,
        )
        self.interactions[trigger] = self.interactions[interaction.id] = interaction
        return interaction

    # the log

    def changed(self, kind: str, *, user: str | None = None, message: Message | None = None) -> None:
        """Note a change and wake whoever waits for it."""
        change = Change(len(self.log) + 1, kind, user, message)
        self.log.append(change)
        for who, bells in self._waiting.items():
            if who == ANYONE or self.concerns(who, change):
                for bell in bells:
                    bell.set()

    def concerns(self, user_id: str, change: Change) -> bool:
        """Whether a person sees a change."""
        if change.message is not None:
            return self.sees(user_id, change.message)
        return change.user == user_id

    async def wait_until(self, user_id: str, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until a condition holds, asking again at each change this person sees; say whether it did."""
        bell = asyncio.Event()
        bells = self._waiting.setdefault(user_id, set())
        bells.add(bell)
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    bell.clear()
                    await bell.wait()
        except TimeoutError:
            return condition()
        finally:
            bells.discard(bell)
            if not bells:
                self._waiting.pop(user_id, None)
        return True

    async def wait_for_any(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until a condition holds, asking again at each change anyone sees; say whether it did."""
        return await self.wait_until(ANYONE, condition, seconds)

    def ring(self) -> None:
        """Wake those who wait for any change, where something is new that stands in no log: traffic, the clock."""
        for bell in self._waiting.get(ANYONE, ()):
            bell.set()

    def _new_id(self, prefix: str) -> str:
        self._counts[prefix] = self._counts.get(prefix, 0) + 1
        return f"{prefix}0{self._counts[prefix]:0{10 - len(prefix)}X}"


def _accounts(user: User) -> tuple[str, ...]:
    return (user.name.lower(), user.email.lower(), user.display_name.lower())


def _real_names(user: User) -> tuple[str, ...]:
    return (user.real_name.lower(),)
