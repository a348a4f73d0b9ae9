"""The clock over HTTP: a person moves it from the page, and the app follows it."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox import Json
from sandbox.control import cannot
from sandbox.demo_clock import CannotMove, Deadline, DemoClock
from sandbox.workspace import Workspace

LONGEST_WAIT = 5.0


class ClockDesk:
    """Answers /sandbox/time; `rang` is told whenever the clock has changed."""

    def __init__(self, workspace: Workspace, clock: DemoClock, rang: Callable[[], None]) -> None:
        self._workspace, self._clock, self._rang = workspace, clock, rang

    def routes(self) -> list[web.RouteDef]:
        """Return what this answers."""
        return [web.get("/sandbox/time", self._read), web.post("/sandbox/time", self._change)]

    async def _read(self, request: web.Request) -> web.Response:
        """Return the clock; with `follow`, wait for a change since a turn, as the app does."""
        if "follow" not in request.query:
            return web.json_response(self._clock.shown())
        wait = min(float(request.query.get("wait", 0)), LONGEST_WAIT)
        return web.json_response(await self._clock.asked(int(request.query["follow"]), wait))

    async def _change(self, request: web.Request) -> web.Response:
        body = await request.json()
        try:
            await self._do(body)
        except (CannotMove, LookupError, KeyError, TypeError, ValueError) as error:
            return cannot(request, str(error.args[0]) if error.args else "no such order")
        self._rang()
        return web.json_response(self._clock.shown())

    async def _do(self, body: Json) -> None:
        match body["do"]:
            case "move":
                user = self._workspace.find_user(str(body["who"]))
                await self._clock.move(str(body["to"]), ZoneInfo(user.tz))
            case "reached":
                await self._clock.reached(float(body["ahead"]), is_there=bool(body["is_there"]))
            case "deadline":
                at = datetime.fromisoformat(body["at"]) if body.get("at") else None
                await self._clock.due_next(Deadline(at, str(body["name"])) if at is not None else None)
            case _:
                raise CannotMove("the clock can be moved, and the app says where it is and what is due next")
