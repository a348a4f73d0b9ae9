"""The sandbox's own HTTP interface: act as a person, read what they see, set faults, look at the traffic."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from sandbox import Json
from sandbox.acting import Acting, Reaction
from sandbox.choosing import CannotDo
from sandbox.faults import Fault, Faults
from sandbox.people import SeedUser
from sandbox.records import Channel, Message, User, View
from sandbox.socketmode import SocketMode
from sandbox.telling import Said, Telling
from sandbox.text import Screenwriter
from sandbox.webapi import WebApi
from sandbox.workspace import Workspace

LONGEST_WAIT = 60.0


class Control:
    """Answers everything below /sandbox/."""

    def __init__(
        self,
        workspace: Workspace,
        acting: Acting,
        telling: Telling,
        socket: SocketMode,
        api: WebApi,
        faults: Faults,
        restart: Callable[[float], None],
    ) -> None:
        self._workspace, self._acting, self._telling = workspace, acting, telling
        self._socket, self._api, self._faults, self._restart = socket, api, faults, restart
        self._acts: dict[str, Callable[[User, Json, float], Awaitable[Reaction]]] = {
            "command": lambda user, body, patience: acting.command(
                user, str(body["text"]), body.get("channel"), patience
            ),
            "press": lambda user, body, patience: acting.press(
                user, body["what"], body.get("where"), body.get("value"), patience
            ),
            "use": lambda user, body, patience: acting.use(
                user, body["where"], body["element"], body.get("value"), patience
            ),
            "fill": lambda user, body, patience: acting.fill(user, body["fields"], patience),
            "submit": lambda user, _body, _patience: acting.submit(user),
            "close": lambda user, body, _patience: acting.close(user, every=bool(body.get("all"))),
            "home": lambda user, body, patience: telling.open_home(user, body.get("tab", "home"), patience),
            "shortcut": lambda user, body, patience: acting.shortcut(user, body["callback_id"], patience),
            "write": self._write,
            "raw": self._raw,
        }

    def routes(self) -> list[web.RouteDef]:
        """Return what this answers."""
        return [
            web.post("/sandbox/act", self._act),
            web.get("/sandbox/read", self._read),
            web.get("/sandbox/screen", self._screen),
            web.get("/sandbox/people", self._people),
            web.get("/sandbox/state", self._state),
            web.get("/sandbox/connected", self._connected),
            web.post("/sandbox/admin", self._admin),
        ]

    # acting

    async def _act(self, request: web.Request) -> web.Response:
        body = await request.json()
        try:
            user = self._workspace.find_user(str(body["who"]))
            act = self._acts[body["do"]]
            began = len(self._workspace.log)
            reaction = await act(user, body, float(body.get("patience", 1.5)))
        except (CannotDo, LookupError) as error:
            return cannot(request, _sentence(error))
        return web.json_response(self._reaction(user, reaction) | {"began": began})

    async def _write(self, user: User, body: Json, patience: float) -> Reaction:
        channel = self._channel(body["channel"]) if body.get("channel") else None
        said = Said(str(body["text"]), body.get("files", []), body.get("thread_ts"))
        return await self._telling.write(user, said, channel, patience)

    async def _raw(self, user: User, body: Json, _patience: float) -> Reaction:
        did = self._workspace.interact(user.id, channel=body.get("channel"))
        return await self._telling.raw(user, body["kind"], body["payload"], did)

    def _reaction(self, user: User, reaction: Reaction) -> Json:
        writer = Screenwriter(self._workspace, user)
        return {
            "ack_ms": round(reaction.ack.ms, 1),
            "ack": reaction.ack.payload,
            "timed_out": reaction.ack.failed == "operation_timeout",
            "error": reaction.error,
            "messages": [self._message(message, writer) for message in reaction.messages],
            "view": self._view(reaction.view, writer),
            "errors": reaction.errors,
            "closed": reaction.closed,
        }

    def _message(self, message: Message, writer: Screenwriter) -> Json:
        channel = self._workspace.channels[message.channel]
        return {
            "channel": message.channel,
            "channel_name": channel.name or channel.kind,
            "ts": message.ts,
            "user": message.user,
            "user_name": self._workspace.users[message.user].shown_as,
            "text": message.text,
            "blocks": message.blocks,
            "thread_ts": message.thread_ts,
            "ephemeral": message.only_for is not None,
            "edited": message.edited_ts is not None,
            "from_app": message.from_app,
            "seq": message.seq,
            "shown": writer.message(message),
        }

    def _view(self, view: View | None, writer: Screenwriter) -> Json | None:
        if view is None:
            return None
        return view.as_json() | {"errors": view.errors, "seq": view.seq, "shown": writer.view(view)}

    # reading

    async def _read(self, request: web.Request) -> web.Response:
        """Return the messages a person sees that changed after `since`, waiting up to `wait` seconds for one."""
        user = self._user(request.query["who"])
        name = request.query.get("channel")
        channel = self._channel(name) if name else None
        since, limit = int(request.query.get("since", -1)), int(request.query.get("limit", 100))
        wait = min(float(request.query.get("wait", 0)), LONGEST_WAIT)
        if wait:
            await self._workspace.wait_until(user.id, lambda: bool(self._changed(user, since)), wait)
        messages = self._changed(user, since) if since >= 0 else self._workspace.visible(user.id, channel, limit)
        if channel is not None:
            messages = [message for message in messages if message.channel == channel.id]
        writer = Screenwriter(self._workspace, user)
        shown = [self._message(message, writer) for message in messages[-limit:]]
        return web.json_response({"messages": shown, "seq": len(self._workspace.log)} | self._both(user, writer))

    def _changed(self, user: User, since: int) -> list[Message]:
        found: dict[tuple[str, str], Message] = {}
        for change in self._workspace.log[since:]:
            message = change.message
            if message is not None and not message.deleted and self._workspace.sees(user.id, message):
                found[message.channel, message.ts] = message
        return sorted(found.values(), key=lambda message: message.seq)

    def _both(self, user: User, writer: Screenwriter) -> Json:
        screen = self._workspace.screens[user.id]
        return {
            "view": self._view(screen.top, writer),
            "home": self._view(screen.home, writer),
            "stacked": len(screen.stack),
        }

    async def _screen(self, request: web.Request) -> web.Response:
        """Return a person's modal and Home, waiting up to `wait` seconds for a change after `since`."""
        user = self._user(request.query["who"])
        since = int(request.query.get("since", 0))
        wait = min(float(request.query.get("wait", 0)), LONGEST_WAIT)
        if wait:
            await self._workspace.wait_until(user.id, lambda: self._screen_changed(user, since), wait)
        both = self._both(user, Screenwriter(self._workspace, user))
        return web.json_response(both | {"seq": len(self._workspace.log)})

    def _screen_changed(self, user: User, since: int) -> bool:
        return any(change.user == user.id for change in self._workspace.log[since:])

    async def _people(self, _request: web.Request) -> web.Response:
        people = [self._person(user) for user in self._workspace.people()]
        channels = [
            {"id": channel.id, "name": channel.name, "kind": channel.kind, "members": sorted(channel.members)}
            for channel in self._workspace.channels.values()
        ]
        bot = self._workspace.bot
        return web.json_response({"people": people, "channels": channels, "bot": {"id": bot.id, "name": bot.name}})

    def _person(self, user: User) -> Json:
        return {
            "id": user.id,
            "name": user.name,
            "real_name": user.real_name,
            "email": user.email,
            "tz": user.tz,
            "title": user.title,
            "local_time": f"{self._workspace.clock.now().astimezone(ZoneInfo(user.tz)):%a %H:%M}",
        }

    async def _state(self, _request: web.Request) -> web.Response:
        """Return the log of calls, the traffic, refusals and faults."""
        return web.json_response(
            {
                "calls": list(self._api.calls),
                "traffic": list(self._socket.traffic),
                "refusals": self._refusals(),
                "faults": self._faults.as_json(),
                "connections": self._socket.connections,
                "seq": len(self._workspace.log),
            }
        )

    def _refusals(self) -> list[str]:
        refused = [
            f"{call['method']}: {call['error']} {'; '.join(call['messages'])}".strip()
            for call in self._api.calls
            if not call["ok"] and call["status"] == 200
        ]
        refused += [
            f"{call['method']}: {call['error']}"
            for call in self._api.calls
            if not call["ok"] and call["status"] in (400, 404)
        ]
        return refused + self._acting.refusals

    async def _connected(self, request: web.Request) -> web.Response:
        """Wait until the app has so many connections."""
        count, wait = int(request.query.get("count", 1)), float(request.query.get("wait", 0))
        there = await self._socket.wait_connected(count, min(wait, LONGEST_WAIT))
        return web.json_response({"connected": there, "connections": self._socket.connections})

    def _user(self, who: str) -> User:
        try:
            return self._workspace.find_user(who)
        except LookupError as error:
            raise web.HTTPConflict(text=_refusal(error), content_type="application/json") from error

    def _channel(self, name: str) -> Channel:
        channel = self._workspace.channel_named(name)
        if channel is None:
            error = CannotDo(f"there is no channel {name!r}")
            raise web.HTTPConflict(text=_refusal(error), content_type="application/json")
        return channel

    # administration

    async def _admin(self, request: web.Request) -> web.Response:
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict) or not isinstance(body.get("do"), str):
            wanted = "say what to do: a JSON object with “do” and what belongs to it"
            return web.json_response({"error": wanted}, status=400)
        run = getattr(self, f"_admin_{body.pop('do')}", None)
        if run is None:
            return web.json_response({"error": "there is no such order"}, status=409)
        try:
            answer = run(**body)
            if asyncio.iscoroutine(answer):
                answer = await answer
        except (CannotDo, LookupError, TypeError, ValueError, ZoneInfoNotFoundError) as error:
            return web.json_response({"error": _sentence(error)}, status=409)
        return web.json_response(answer or {})

    def _admin_add_user(self, **fields: Any) -> Json:  # noqa: ANN401 - the fields of SeedUser
        seed = SeedUser(**fields)
        ZoneInfo(seed.tz)
        user = self._workspace.add_user(seed)
        self._telling.joined(user)
        return self._person(user)

    def _admin_change_user(self, who: str, **fields: Any) -> Json:  # noqa: ANN401 - the fields of User
        user = self._workspace.find_user(who)
        ZoneInfo(fields.get("tz", user.tz))
        for name, value in fields.items():
            if name not in ("name", "real_name", "display_name", "email", "tz", "deleted", "is_admin"):
                raise CannotDo(f"a person's {name} can't be changed")
            setattr(user, name, value)
        self._telling.changed(user)
        return self._person(user)

    def _admin_add_member(self, channel: str, who: str) -> None:
        place, user = self._channel(channel), self._workspace.find_user(who)
        place.members.add(user.id)
        self._telling.moved(user, place, into=True)

    def _admin_remove_member(self, channel: str, who: str) -> None:
        place, user = self._channel(channel), self._workspace.find_user(who)
        place.members.discard(user.id)
        self._telling.moved(user, place, into=False)

    def _admin_add_channel(self, name: str, private: bool = False, members: list[str] | None = None) -> Json:  # noqa: FBT001, FBT002 - called with keywords from JSON
        ids = {self._workspace.find_user(who).id for who in members or []}
        return {"id": self._workspace.add_channel(name, "private" if private else "public", ids).id}

    def _admin_fault(self, **rule: Any) -> None:  # noqa: ANN401 - the fields of Fault
        self._faults.add(Fault(**rule))

    def _admin_clear_faults(self, seed: int | None = None) -> None:
        self._faults.clear(seed)

    def _admin_rates(self, on: bool, scale: float = 1.0) -> None:  # noqa: FBT001 - called with keywords from JSON
        self._api.rates.enforce(on=on, scale=scale)

    async def _admin_disconnect(self, reason: str = "refresh_requested") -> None:
        await self._socket.ask_to_leave(reason)

    def _admin_drop(self) -> None:
        self._socket.drop()

    def _admin_restart(self, seconds: float = 1.0) -> None:
        self._restart(seconds)

    def _admin_forget_calls(self) -> None:
        self._api.calls.clear()
        self._socket.traffic.clear()
        self._acting.refusals.clear()


def cannot(request: web.Request, why: str) -> web.Response:
    """Return what a person can't do; `soft` for a page, whose browser takes other answers for its own faults."""
    return web.json_response({"error": why}, status=200 if "soft" in request.query else 409)


def _sentence(error: Exception) -> str:
    return str(error.args[0]) if error.args else type(error).__name__


def _refusal(error: Exception) -> str:
    return json.dumps({"error": _sentence(error)})
