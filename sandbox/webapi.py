"""The Web API over HTTP: arguments, tokens, scopes, rates, faults, the log of calls."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from sandbox import Json, webapi_chat, webapi_conversations, webapi_users
from sandbox.calls import Call, Method, Refused, Tokens
from sandbox.faults import Fault, Faults
from sandbox.files import Files
from sandbox.rates import Rates
from sandbox.timing import Timing
from sandbox.traffic import Numbering, Traffic
from sandbox.webapi_files import FileMethods
from sandbox.webapi_views import Views
from sandbox.workspace import Workspace

APP_SCOPES = ("connections:write",)


@dataclass(frozen=True, slots=True)
class _Caller:
    kind: str
    scopes: tuple[str, ...]


class WebApi:
    """Answers /api/METHOD, and remembers every call."""

    def __init__(
        self,
        workspace: Workspace,
        tokens: Tokens,
        faults: Faults,
        timing: Timing,
        new_ticket: Callable[[], str],
        files: Files,
        numbering: Numbering,
    ) -> None:
        self.rates = Rates()
        self.calls = Traffic(50_000, numbering)
        self._workspace, self._tokens, self._faults, self._new_ticket = workspace, tokens, faults, new_ticket
        self._methods: Mapping[str, Method] = {
            **webapi_users.METHODS,
            **webapi_conversations.METHODS,
            **webapi_chat.METHODS,
            **Views(timing).methods,
            **FileMethods(files).methods,
        }

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        name = request.match_info["method"]
        began = time.monotonic()
        args = await read_arguments(request)
        token = _token(request, args)
        struck = self._faults.strike(name)
        status, headers, body = await self._answer(name, args, token, request, struck)
        self._note(name, args, status, body, began)
        if status == 0 or "drop_after" in struck:
            return cut(request)
        return web.json_response(body, status=status, headers=headers)

    async def _answer(
        self, name: str, args: Json, token: str, request: web.Request, struck: Mapping[str, Fault]
    ) -> tuple[int, dict[str, str], Json]:
        if "latency" in struck:
            await asyncio.sleep(struck["latency"].seconds)
        if "drop_before" in struck:
            return 0, {}, {"ok": False, "error": "connection dropped before"}
        if "429" in struck:
            return _limited(int(struck["429"].seconds))
        if "500" in struck:
            return 500, {}, {"ok": False, "error": "internal_error"}
        wait = self.rates.retry_after(name, str(args.get("channel")), time.monotonic())
        if wait:
            return _limited(wait)
        return self._run(name, args, token, request, struck.get("error"))

    def _run(
        self, name: str, args: Json, token: str, request: web.Request, told: Fault | None
    ) -> tuple[int, dict[str, str], Json]:
        headers: dict[str, str] = {}
        try:
            method = self._method(name)
            caller = self._caller(token, method)
            headers = {"x-oauth-scopes": ",".join(caller.scopes), "x-accepted-oauth-scopes": ",".join(method.scopes)}
            _as_told(told)
            if not method.reads_json and request.content_type == "application/json":
                args = dict(request.query)
            call = Call(name, args, self._workspace, self._new_ticket)
            if method.token == "bot":  # noqa: S105 - a kind of token, not one
                call.need(*method.scopes)
            return 200, headers, {"ok": True} | method.run(call)
        except Refused as refused:
            return 200, headers, {"ok": False, "error": refused.error} | refused.said

    def _method(self, name: str) -> Method:
        if name not in self._methods:
            raise Refused("unknown_method", req_method=name)
        return self._methods[name]

    def _caller(self, token: str, method: Method) -> _Caller:
        if not token:
            raise Refused("not_authed")
        callers = {
            self._tokens.bot: _Caller("bot", tuple(sorted(self._workspace.manifest.scopes))),
            self._tokens.app: _Caller("app", APP_SCOPES),
        }
        if token not in callers:
            raise Refused("invalid_auth")
        if callers[token].kind != method.token:
            raise Refused("not_allowed_token_type")
        return callers[token]

    def _note(self, name: str, args: Json, status: int, body: Json, began: float) -> None:
        self.calls.append(
            {
                "method": name,
                "args": {key: value for key, value in args.items() if key != "token"},
                "at": time.time(),
                "ms": round((time.monotonic() - began) * 1000, 1),
                "status": status,
                "ok": bool(body.get("ok")),
                "error": body.get("error", ""),
                "messages": body.get("response_metadata", {}).get("messages", []),
            }
        )


def _as_told(told: Fault | None) -> None:
    if told is not None:
        raise Refused(told.error)


def cut(request: web.Request) -> web.Response:
    """Cut the connection instead of answering."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _limited(seconds: int) -> tuple[int, dict[str, str], Json]:
    return 429, {"Retry-After": str(seconds)}, {"ok": False, "error": "ratelimited"}


async def read_arguments(request: web.Request) -> Json:
    """Return a call's arguments: query, form or JSON body."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            return args
        return args | body if isinstance(body, dict) else args
    form = await request.post()
    return args | {key: value for key, value in form.items() if isinstance(value, str)}


def _token(request: web.Request, args: Json) -> str:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ")
    # Slack takes the token from a form, never from a JSON body.
    return "" if request.content_type == "application/json" else str(args.get("token", ""))
