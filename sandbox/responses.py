"""response_url: five answers within half an hour, ephemeral unless told otherwise."""

import asyncio
import json
import time
from collections import deque
from typing import Any

from aiohttp import web

from sandbox import Json, limits
from sandbox.elements import with_ids
from sandbox.faults import Faults
from sandbox.records import Interaction, Message
from sandbox.timing import Timing
from sandbox.webapi import cut
from sandbox.workspace import Workspace

PLACE = "response_url"


class CannotShow(Exception):
    """The app's answer is not one Slack would show; the text says why."""


class Responses:
    """Shows what the app answers to one interaction."""

    def __init__(self, workspace: Workspace, faults: Faults, timing: Timing, calls: deque[Json]) -> None:
        self._workspace, self._faults, self._timing, self._calls = workspace, faults, timing, calls

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Take one answer."""
        began = time.monotonic()
        try:
            payload = json.loads(await request.text())
        except ValueError:
            payload = None
        struck = self._faults.strike(PLACE)
        if "latency" in struck:
            await asyncio.sleep(struck["latency"].seconds)
        if "drop_before" in struck:
            return cut(request)
        if "500" in struck or "429" in struck:
            kind = 500 if "500" in struck else 429
            return web.json_response({"ok": False, "error": "failed"}, status=kind, headers={"Retry-After": "1"})
        status, error = self._take(request.match_info["interaction"], payload)
        self._note(payload, status, error, began)
        if "drop_after" in struck:
            return cut(request)
        if error:
            return web.json_response({"ok": False, "error": error}, status=status)
        return web.Response(text="ok")

    def _take(self, key: str, payload: Any) -> tuple[int, str]:  # noqa: ANN401 - whatever the app sent
        interaction = self._workspace.interactions.get(key)
        if interaction is None or interaction.id != key:
            return 404, "no_service"
        if time.monotonic() - interaction.issued_at > self._timing.response_url:
            return 404, "expired_url"
        if interaction.responses_left == 0:
            return 404, "used_url"
        if not isinstance(payload, dict):
            return 400, "invalid_payload"
        try:
            self.show(interaction, payload)
        except CannotShow as cannot:
            return 400, str(cannot)
        interaction.responses_left -= 1
        return 200, ""

    def show(self, interaction: Interaction, payload: Json) -> None:
        """Show an answer to the person who asked, or to the channel; raises CannotShow."""
        source = interaction.source
        if payload.get("delete_original") and source is not None:
            self._workspace.delete(source)
        elif payload.get("replace_original") and source is not None:
            self._replace(interaction, source, payload)
        else:
            interaction.messages.append(self._post(interaction, payload))
        interaction.effects += 1
        self._workspace.changed("interaction", user=interaction.user)

    def _replace(self, interaction: Interaction, source: Message, payload: Json) -> None:
        words, blocks = _content(payload)
        if source.deleted:
            raise CannotShow("message_not_found")
        self._workspace.edit(source, words, blocks)
        interaction.messages.append(source)

    def _post(self, interaction: Interaction, payload: Json) -> Message:
        if interaction.channel is None:
            raise CannotShow("channel_not_found")
        words, blocks = _content(payload)
        to_all = payload.get("response_type") == "in_channel"
        return self._workspace.post(
            Message(
                interaction.channel,
                self._workspace.new_ts(),
                self._workspace.bot.id,
                words,
                blocks,
                from_app=True,
                only_for=None if to_all else interaction.user,
                thread_ts=payload.get("thread_ts"),
            )
        )

    def _note(self, payload: object, status: int, error: str, began: float) -> None:
        self._calls.append(
            {
                "method": PLACE,
                "args": payload,
                "at": time.time(),
                "ms": round((time.monotonic() - began) * 1000, 1),
                "status": status,
                "ok": not error,
                "error": error,
                "messages": [],
            }
        )


def _content(payload: Json) -> tuple[str, list[Json]]:
    words, blocks = payload.get("text") or "", payload.get("blocks") or []
    if isinstance(blocks, str):
        try:
            blocks = json.loads(blocks)
        except ValueError:
            raise CannotShow("invalid_blocks") from None
    if not isinstance(words, str) or (not words and not blocks):
        raise CannotShow("no_text")
    problems = limits.check_blocks(blocks, "message")
    if problems:
        raise CannotShow("invalid_blocks: " + "; ".join(problems))
    return words, with_ids(blocks)
