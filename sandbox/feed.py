"""What the page shows: everything one person sees that has changed, in Slack's own shapes, and the traffic."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox import Json
from sandbox.files import Files
from sandbox.marks import Marks
from sandbox.records import Channel, Message, User, View
from sandbox.traffic import Numbering, Traffic
from sandbox.workspace import Workspace

LONGEST_WAIT = 30.0
FIRST_LOOK = 200
# Changes come in bursts: one look shows them all.
BURST = 0.04
DRAWN = {"image/png", "image/jpeg", "image/gif", "image/webp"}


@dataclass(frozen=True, slots=True)
class Lines:
    """What goes over the line to the app: envelopes to it, calls from it, and how many connections it holds."""

    envelopes: Traffic
    calls: Traffic
    connections: Callable[[], int]

    @property
    def numbering(self) -> Numbering:
        """The numbers both share."""
        return self.calls.numbering


class Feed:
    """Answers /sandbox/watch, /sandbox/about and /sandbox/file."""

    def __init__(self, workspace: Workspace, lines: Lines, files: Files, tour: Json) -> None:
        self._workspace, self._clock, self._lines = workspace, workspace.clock, lines
        self._files, self._tour = files, tour
        self.marks = Marks(workspace)

    def routes(self) -> list[web.RouteDef]:
        """Return what this answers."""
        return [
            web.get("/sandbox/about", self._about),
            web.get("/sandbox/watch", self._watch),
            web.post("/sandbox/mark", self._mark),
            web.get("/sandbox/file/{file}", self._file),
        ]

    async def _about(self, _request: web.Request) -> web.Response:
        """Return what does not change while someone looks: people, the app, its commands, the tour."""
        workspace, manifest = self._workspace, self._workspace.manifest
        return web.json_response(
            {
                "team": workspace.team_name,
                "app": {
                    "name": manifest.name,
                    "user": workspace.bot.id,
                    "description": manifest.description,
                    "about": manifest.long_description,
                    "has_home": manifest.home_tab,
                },
                "commands": [
                    {"name": each.name, "description": each.description, "usage": each.usage_hint}
                    for each in manifest.commands.values()
                ],
                "people": [self._person(user) for user in workspace.people()],
                "tour": self._tour,
            }
        )

    def _person(self, user: User) -> Json:
        return {"id": user.id, "name": user.name, "shown": user.shown_as, "tz": user.tz, "title": user.title}

    async def _watch(self, request: web.Request) -> web.Response:
        """Return what changed for a person after `since`; waits up to `wait` seconds for any change."""
        user = self._user(request.query["who"])
        since, traffic = int(request.query.get("since", -1)), int(request.query.get("traffic", 0))
        wait = min(float(request.query.get("wait", 0)), LONGEST_WAIT)
        turn = int(request.query.get("turn", -1))
        if wait and await self._workspace.wait_for_any(lambda: self._is_new(since, traffic, turn), wait):
            await asyncio.sleep(BURST)
        return web.json_response(self._seen(user, since, traffic))

    def _is_new(self, since: int, traffic: int, turn: int) -> bool:
        is_busy = self._lines.numbering.count > traffic >= 0
        return is_busy or len(self._workspace.log) > since or self._clock.turn != turn

    def _seen(self, user: User, since: int, traffic: int) -> Json:
        screen, workspace = self._workspace.screens[user.id], self._workspace
        return {
            "seq": len(workspace.log),
            "clock": self._clock.shown(),
            "conversations": [self._conversation(user, each) for each in self._conversations(user)],
            "messages": [self._message(user, each) for each in self._changed(user, since)],
            "modals": [self._view(view) for view in screen.stack],
            "home": self._view(screen.home) if screen.home is not None else None,
            "unread": self.marks.everyone(),
            "traffic": self._traffic(traffic),
            "traffic_count": self._lines.numbering.count,
            "connections": self._lines.connections(),
        }

    def _conversations(self, user: User) -> list[Channel]:
        self._workspace.direct({user.id, self._workspace.bot.id})
        return [each for each in self._workspace.channels.values() if user.id in each.members]

    def _conversation(self, user: User, channel: Channel) -> Json:
        others = sorted(channel.members - {user.id})
        return {
            "id": channel.id,
            "name": channel.name,
            "kind": channel.kind,
            "is_app": channel.kind == "im" and self._workspace.bot.id in channel.members,
            "others": others if channel.kind in ("im", "mpim") else [],
            "members": len(channel.members),
            "unread": self.marks.unread(user.id, channel.id),
        }

    def _changed(self, user: User, since: int) -> list[Message]:
        workspace = self._workspace
        if since < 0:
            places = [each for each in workspace.channels.values() if user.id in each.members]
            return [each for place in places for each in workspace.visible(user.id, place, FIRST_LOOK)]
        found: dict[tuple[str, str], Message] = {}
        for change in workspace.log[since:]:
            if change.message is not None and workspace.sees(user.id, change.message):
                found[change.message.channel, change.message.ts] = change.message
        return list(found.values())

    def _message(self, user: User, message: Message) -> Json:
        if message.deleted:
            return {"channel": message.channel, "ts": message.ts, "deleted": True}
        chosen = self._workspace.chosen.get((message.channel, message.ts, user.id), {})
        return {
            "channel": message.channel,
            "ts": message.ts,
            "user": message.user,
            "text": message.text,
            "blocks": message.blocks,
            "thread_ts": message.thread_ts,
            "ephemeral": message.only_for is not None,
            "edited": message.edited_ts is not None,
            "from_app": message.from_app,
            "files": [self._drawn(each) for each in message.files],
            "chosen": _by_block(chosen),
            "seq": message.seq,
        }

    def _drawn(self, file: Json) -> Json:
        return {
            "name": file["name"],
            "mimetype": file["mimetype"],
            "size": file["size"],
            "alt": file.get("alt_txt", ""),
            "address": f"/sandbox/file/{file['id']}",
        }

    def _view(self, view: View) -> Json:
        return view.as_json() | {"errors": view.errors, "seq": view.seq}

    def _traffic(self, since: int) -> list[Json]:
        """Return envelopes and calls that are newer, in the order of their end."""
        if since < 0:
            return []
        envelopes, calls = self._lines.envelopes.newer(since), self._lines.calls.newer(since)
        rows = [*map(_envelope, envelopes), *map(_call, calls)]
        return sorted(rows, key=lambda row: int(row["n"]))[-FIRST_LOOK:]

    async def _mark(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.marks.read(self._user(str(body["who"])).id, str(body["channel"]))
        return web.json_response({})

    async def _file(self, request: web.Request) -> web.Response:
        """Hand out a file to the page: a picture to be drawn, everything else to be kept."""
        file = self._files.stored.get(request.match_info["file"])
        if file is None or not file.is_whole:
            raise web.HTTPNotFound
        kind = file.as_json("", "")["mimetype"]
        if kind in DRAWN:
            return web.Response(body=file.content, content_type=kind)
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.content, content_type="application/octet-stream", headers=headers)

    def _user(self, who: str) -> User:
        try:
            return self._workspace.find_user(who)
        except LookupError as error:
            raise web.HTTPNotFound(text=str(error)) from error


def _by_block(chosen: dict[tuple[str, str], Json]) -> Json:
    found: Json = {}
    for (block_id, action_id), value in chosen.items():
        found.setdefault(block_id, {})[action_id] = value
    return found


def _envelope(entry: Json) -> Json:
    shown = ("n", "kind", "what", "user", "at", "ack_ms", "failed", "is_back")
    return {"way": "in", **{key: entry[key] for key in shown}}


def _call(entry: Json) -> Json:
    refusal = "; ".join(entry["messages"])
    row: dict[str, Any] = {key: entry[key] for key in ("n", "method", "at", "ms", "ok", "error")}
    return {"way": "out", **row, "why": refusal, "to": str(entry["args"].get("channel") or "")}
