"""What the app is told without anyone pressing anything: messages, Home opened, people who come and change."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox import Json
from sandbox.acting import Reaction
from sandbox.choosing import CannotDo
from sandbox.files import Files, content_of
from sandbox.interactions import Payloads, event_name
from sandbox.records import Channel, Interaction, Message, User
from sandbox.socketmode import SocketMode
from sandbox.workspace import Workspace

_MENTION = re.compile(r"<(@\w+)\|[^>]*>")


@dataclass(frozen=True, slots=True)
class Said:
    """What a person writes; `files` are dropped into it, the name and the content of each."""

    text: str
    files: Sequence[Json] = ()
    thread_ts: str | None = None


class Telling:
    """Sends the events the manifest subscribes to, and no others."""

    def __init__(self, workspace: Workspace, socket: SocketMode, payloads: Payloads, files: Files) -> None:
        self._workspace, self._socket, self._payloads, self._files = workspace, socket, payloads, files
        workspace.on_message = self._on_message

    def _send(self, name: str, event: Json) -> None:
        if name in self._workspace.manifest.events:
            self._socket.event(self._payloads.event(event))

    def _on_message(self, message: Message, extra: Json) -> None:
        channel = self._workspace.channels[message.channel]
        if self._workspace.bot.id in channel.members:
            self._send(event_name(channel), self._payloads.message_event(message, extra))

    async def write(self, user: User, said: Said, channel: Channel | None, patience: float) -> Reaction:
        """Write a message, to the app unless a channel is given, and wait for what the app says there."""
        workspace = self._workspace
        if channel is None:
            manifest = workspace.manifest
            if not manifest.messages_tab or manifest.messages_tab_read_only:
                raise CannotDo("sending messages to this app has been turned off")
            channel = workspace.direct({user.id, workspace.bot.id})[0]
        elif user.id not in channel.members:
            raise CannotDo(f"{user.name} is not in {channel.name}")
        message = self._from_person(user, said.text, channel)
        message.files = [self._dropped(user, channel, each) for each in said.files]
        message.thread_ts = said.thread_ts
        workspace.post(message)
        since, place = len(workspace.log), channel.id

        def answers() -> list[Message]:
            new = (change.message for change in workspace.log[since:])
            return [each for each in new if each is not None and each.channel == place and each.from_app]

        await workspace.wait_until(user.id, lambda: bool(answers()), patience)
        unique = {message.ts: message for message in answers()}
        return Reaction(messages=[each for each in unique.values() if workspace.sees(user.id, each)])

    def _dropped(self, user: User, channel: Channel, file: Json) -> Json:
        stored = self._files.add(str(file["name"]), user.id, content_of(file))
        stored.channels.append(channel.id)
        return self._files.shown(stored)

    def _from_person(self, user: User, text: str, channel: Channel) -> Message:
        words = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        block = {"type": "rich_text", "block_id": "said", "elements": [words]}
        # In messages, unlike in commands, Slack leaves the name out of a mention.
        said = _MENTION.sub(r"<\1>", self._payloads.typed(text, should_escape=True))
        return Message(channel.id, self._workspace.new_ts(), user.id, said, [block], from_app=False)

    async def open_home(self, user: User, tab: str, patience: float) -> Reaction:
        """Open the app's Home (or its messages) and wait until it is published again."""
        workspace = self._workspace
        if tab == "home" and not workspace.manifest.home_tab:
            raise CannotDo("this app has no Home tab")
        screen = workspace.screens[user.id]
        before = screen.home.seq if screen.home else 0
        self._send("app_home_opened", self._home_opened(user, tab))
        await workspace.wait_until(user.id, lambda: bool(screen.home and screen.home.seq > before), patience)
        return Reaction(view=screen.home)

    def _home_opened(self, user: User, tab: str) -> Json:
        workspace = self._workspace
        home = workspace.screens[user.id].home
        event: Json = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": workspace.direct({user.id, workspace.bot.id})[0].id,
            "tab": tab,
            "event_ts": workspace.new_ts(),
        }
        return event | {"view": home.as_json()} if home is not None and tab == "home" else event

    def joined(self, user: User) -> None:
        """Tell the app that someone has joined the workspace."""
        shown = user.as_json(self._workspace.team_id, with_email=self._with_email)
        self._send("team_join", {"type": "team_join", "user": shown, "event_ts": self._workspace.new_ts()})

    def changed(self, user: User) -> None:
        """Tell the app that someone's profile has changed."""
        shown = user.as_json(self._workspace.team_id, with_email=self._with_email)
        stamp = self._workspace.new_ts()
        self._send("user_change", {"type": "user_change", "user": shown, "cache_ts": 1, "event_ts": stamp})

    def moved(self, user: User, channel: Channel, *, into: bool) -> None:
        """Tell the app that someone has come into a channel it is in, or left it."""
        name = "member_joined_channel" if into else "member_left_channel"
        if self._workspace.bot.id not in channel.members:
            return
        kind = "C" if channel.kind == "public" else "G"
        event = {"type": name, "user": user.id, "channel": channel.id, "channel_type": kind}
        self._send(name, event | {"team": self._workspace.team_id, "event_ts": self._workspace.new_ts()})

    @property
    def _with_email(self) -> bool:
        return "users:read.email" in self._workspace.manifest.scopes

    async def raw(self, user: User, kind: str, payload: Json, did: Interaction) -> Reaction:
        """Send an envelope exactly as given, with a fresh trigger and response_url where it has none."""
        if kind != "events_api":
            fresh = {"trigger_id": did.trigger_id, "response_url": self._payloads.response_url(did)}
            payload = fresh | payload
        ack = await self._socket.deliver(kind, payload, what="raw", user=user.name)
        return Reaction(ack, ack.failed, messages=did.messages, view=did.opened)
