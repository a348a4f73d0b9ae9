"""views.*: opening, pushing, updating and publishing, against trigger ids that live 3 s and work once."""

import secrets
import time
from typing import Any

from sandbox import Json, limits
from sandbox.calls import Call, Method, Refused, invalid
from sandbox.elements import with_ids
from sandbox.records import Interaction, View
from sandbox.timing import Timing
from sandbox.workspace import Workspace

MOST_IN_STACK = 3


def read_view(workspace: Workspace, view: Any, kind: str) -> Json:  # noqa: ANN401 - whatever the app sent
    """Return a view's body with everything Slack adds; refuses what Slack refuses."""
    problems = limits.check_view(view)
    if not problems and view["type"] != kind:
        problems = [f"/view/type: must be {kind}"]
    if isinstance(view, dict) and limits.view_size(view) > limits.LARGEST_VIEW:
        raise Refused("view_too_large")
    if problems:
        raise invalid(*problems)
    external_id = view.get("external_id")
    if external_id and _with_external_id(workspace, external_id) is not None:
        raise Refused("duplicate_external_id")
    return _completed(workspace, view)


def _completed(workspace: Workspace, view: Json) -> Json:
    modal = view["type"] == "modal"
    return {
        "id": workspace.new_view_id(),
        "team_id": workspace.team_id,
        "type": view["type"],
        "title": view.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "submit": view.get("submit"),
        "close": view.get("close"),
        "blocks": with_ids(view["blocks"]),
        "private_metadata": view.get("private_metadata") or "",
        "callback_id": view.get("callback_id") or "",
        "external_id": view.get("external_id") or "",
        "hash": f"{int(time.time())}.{secrets.token_hex(4)}",
        "clear_on_close": bool(view.get("clear_on_close")) and modal,
        "notify_on_close": bool(view.get("notify_on_close")) and modal,
        "previous_view_id": None,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }


def put_on_top(workspace: Workspace, user_id: str, body: Json) -> View:
    """Show a modal above what is there; refuses a fourth."""
    stack = workspace.screens[user_id].stack
    if len(stack) >= MOST_IN_STACK:
        raise Refused("push_limit_reached")
    below = stack[-1] if stack else None
    body["previous_view_id"] = below.id if below else None
    body["root_view_id"] = stack[0].id if stack else body["id"]
    view = View(user_id, body)
    stack.append(view)
    workspace.view_changed(view)
    return view


def change(workspace: Workspace, view: View, body: Json) -> None:
    """Show other content in a view that is open; it keeps its id and its place."""
    kept = ("id", "root_view_id", "previous_view_id")
    view.replace(body | {key: view.body[key] for key in kept})
    workspace.view_changed(view)


def shown_to_app(view: View) -> Json:
    """Return a view as the answers of views.* carry it; no state at all is an empty list there."""
    shown = view.as_json()
    shown["state"]["values"] = shown["state"]["values"] or []
    return {"view": shown}


class Views:
    """The methods, with how long a trigger lives."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self.methods = {
            "views.open": Method(self._open),
            "views.push": Method(self._push),
            "views.update": Method(self._update),
            "views.publish": Method(self._publish),
        }

    def _exchange(self, call: Call) -> Interaction:
        trigger = call.workspace.interactions.get(call.text("trigger_id"))
        if trigger is None or trigger.trigger_id != call.args["trigger_id"]:
            raise Refused("invalid_trigger_id")
        if trigger.exchanged:
            raise Refused("exchanged_trigger_id")
        if time.monotonic() - trigger.issued_at > self._timing.trigger:
            raise Refused("expired_trigger_id")
        return trigger

    def _open(self, call: Call) -> Json:
        trigger = self._exchange(call)
        body = read_view(call.workspace, call.structure("view"), "modal")
        screen = call.workspace.screens[trigger.user]
        if trigger.view_id not in [view.id for view in screen.stack]:
            screen.stack.clear()
        return self._show(call, trigger, body)

    def _push(self, call: Call) -> Json:
        trigger = self._exchange(call)
        body = read_view(call.workspace, call.structure("view"), "modal")
        if not call.workspace.screens[trigger.user].stack:
            raise Refused("not_found")
        return self._show(call, trigger, body)

    def _show(self, call: Call, trigger: Interaction, body: Json) -> Json:
        view = put_on_top(call.workspace, trigger.user, body)
        trigger.exchanged, trigger.opened = True, view
        trigger.effects += 1
        call.workspace.changed("interaction", user=trigger.user)
        return shown_to_app(view)

    def _update(self, call: Call) -> Json:
        workspace = call.workspace
        view = self._named(call)
        body = _replacing(workspace, view, call.structure("view"))
        if call.text("hash", view.body["hash"]) != view.body["hash"]:
            raise Refused("hash_conflict")
        change(workspace, view, body)
        return shown_to_app(view)

    def _named(self, call: Call) -> View:
        external_id = call.text("external_id", "")
        if external_id:
            view = _with_external_id(call.workspace, external_id)
        else:
            view = call.workspace.find_view(call.text("view_id"))
        if view is None:
            raise Refused("not_found")
        return view

    def _publish(self, call: Call) -> Json:
        workspace = call.workspace
        if not workspace.manifest.home_tab:
            raise Refused("not_enabled")
        user = call.user("user_id", "user_not_found")
        screen = workspace.screens[user.id]
        wanted = call.text("hash", "")
        if wanted and (screen.home is None or wanted != screen.home.body["hash"]):
            raise Refused("hash_conflict")
        if screen.home is None:
            body = read_view(workspace, call.structure("view"), "home")
            screen.home = View(user.id, body | {"root_view_id": body["id"]})
            workspace.view_changed(screen.home)
        else:
            change(workspace, screen.home, _replacing(workspace, screen.home, call.structure("view")))
        return shown_to_app(screen.home)


def _replacing(workspace: Workspace, view: View, wanted: Any) -> Json:  # noqa: ANN401 - whatever the app sent
    """Read a view that takes another's place, and may keep its external_id."""
    if isinstance(wanted, dict) and wanted.get("external_id") == view.body["external_id"]:
        own = view.body["external_id"]
        body = read_view(workspace, {key: value for key, value in wanted.items() if key != "external_id"}, _kind(view))
        return body | {"external_id": own}
    return read_view(workspace, wanted, _kind(view))


def _kind(view: View) -> str:
    return str(view.body["type"])


def _with_external_id(workspace: Workspace, external_id: str) -> View | None:
    for screen in workspace.screens.values():
        for view in (*screen.stack, screen.home):
            if view is not None and view.body["external_id"] == external_id:
                return view
    return None
