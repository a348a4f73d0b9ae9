"""What a person does, from the keystroke to what they see: commands, presses, modals, Home, direct messages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox import Json
from sandbox.calls import Refused
from sandbox.choosing import CannotDo, choose, missing_or_wrong
from sandbox.elements import Placed, action, state_values, walk
from sandbox.files import Files
from sandbox.finding import Found, exactly, find, in_blocks
from sandbox.interactions import Payloads
from sandbox.records import Channel, Interaction, Message, User, View
from sandbox.responses import CannotShow, Responses
from sandbox.socketmode import Ack, SocketMode
from sandbox.webapi_views import change, put_on_top, read_view
from sandbox.workspace import Change, Workspace

NOT_A_COMMAND = (
    "{0} is not a valid command. In Slack, all messages that start with the “/” character are interpreted as commands."
)
FAILED = "{0} failed with the error “{1}”"
TROUBLE = "We had some trouble connecting. Try again?"
NOT_INTERACTIVE = "This app is not configured to handle interactive responses."


@dataclass(slots=True)
class Reaction:
    """What came of an act, as far as the person sees it."""

    ack: Ack = field(default_factory=Ack)
    error: str = ""
    messages: list[Message] = field(default_factory=list)
    view: View | None = None
    errors: dict[str, str] = field(default_factory=dict)
    closed: bool = False


class Acting:
    """Acts as people in one workspace."""

    def __init__(
        self, workspace: Workspace, socket: SocketMode, payloads: Payloads, responses: Responses, files: Files
    ) -> None:
        self._workspace, self._socket, self._payloads, self._responses = workspace, socket, payloads, responses
        self._files = files
        self.refusals: list[str] = []

    # commands

    async def command(self, user: User, typed: str, where: str | None, patience: float) -> Reaction:
        """Type a command; waits for its answer, or `patience` seconds for what follows an empty one."""
        name, _, text = typed.strip().partition(" ")
        channel = self._place(user, where)
        command = self._workspace.manifest.commands.get(name)
        if command is None:
            return Reaction(error=NOT_A_COMMAND.format(name))
        did = self._workspace.interact(user.id, channel=channel.id)
        text = self._payloads.typed(text.strip(), should_escape=command.should_escape)
        payload = self._payloads.command(user, channel, name, text, did)
        ack = await self._socket.deliver("slash_commands", payload, what=typed.strip(), user=user.name)
        if ack.failed:
            return Reaction(ack, FAILED.format(name, ack.failed))
        reaction = Reaction(ack)
        if any(ack.payload.get(key) for key in ("text", "blocks")):
            self._answer(user, did, ack, reaction, name)
        else:
            await self._workspace.wait_until(user.id, lambda: did.effects > 0, patience)
        reaction.messages, reaction.view = self._seen(user, did.messages), did.opened
        return reaction

    def _answer(self, user: User, did: Interaction, ack: Ack, reaction: Reaction, name: str) -> None:
        try:
            self._responses.show(did, ack.payload)
        except CannotShow as cannot:
            reaction.error = FAILED.format(name, cannot)
            self._refuse(user, name, str(cannot))

    def _refuse(self, user: User, what: str, why: str) -> None:
        """Note an answer that Slack would not show, beside the refused calls and in the traffic."""
        self.refusals.append(f"{what}: {why}")
        self._socket.note("answer", what, user.name, failed=why)

    def _place(self, user: User, where: str | None) -> Channel:
        if where is None:
            return self._workspace.direct({user.id, self._workspace.bot.id})[0]
        channel = self._workspace.channel_named(where)
        if channel is None or user.id not in channel.members:
            raise CannotDo(f"{user.name} is not in a channel called {where!r}")
        return channel

    async def shortcut(self, user: User, callback_id: str, patience: float) -> Reaction:
        """Use a global shortcut and wait for the modal it opens."""
        if self._workspace.manifest.shortcuts.get(callback_id) != "global":
            raise CannotDo(f"this app has no global shortcut {callback_id!r}")
        did = self._workspace.interact(user.id)
        payload = self._payloads.shortcut(user, callback_id, did)
        return await self._pressed(user, payload, did, callback_id, patience)

    # presses

    async def press(self, user: User, what: Any, where: object, value: object, patience: float) -> Reaction:  # noqa: ANN401
        """Press or choose something; `what` is as in finding.find, or a whole action for a forged press."""
        if isinstance(what, dict):
            return await self._forged(user, what, where, patience)
        return await self._use(user, find(self._workspace, user, what, where), value, patience)

    async def use(self, user: User, where: Json, element: Json, value: object, patience: float) -> Reaction:
        """Use exactly one element, by the ids of its block and its action, of one message or view."""
        return await self._use(user, exactly(self._workspace, user, where, element), value, patience)

    async def _use(self, user: User, found: Found, value: object, patience: float) -> Reaction:
        if found.placed.type == "button":
            chosen: Json = {}
        else:
            chosen = choose(found.placed, value, user, self._workspace, self._files)
            self._remember(user, found, chosen)
        if not found.placed.dispatches:
            return Reaction(view=self._workspace.screens[user.id].top)
        return await self._dispatch(user, found, chosen, patience)

    def _remember(self, user: User, found: Found, chosen: Json) -> None:
        key = (found.placed.block_id, found.placed.action_id)
        if found.placed.type == "overflow":
            return
        if isinstance(found.surface, View):
            found.surface.typed[key] = chosen
            found.surface.errors.pop(found.placed.block_id, None)
            self._workspace.view_changed(found.surface)
        else:
            self._chosen_in(user, found.surface)[key] = chosen

    def _chosen_in(self, user: User, message: Message) -> dict[tuple[str, str], Json]:
        return self._workspace.chosen.setdefault((message.channel, message.ts, user.id), {})

    async def _dispatch(self, user: User, found: Found, chosen: Json, patience: float) -> Reaction:
        surface = found.surface
        pressed = action(found.placed, chosen, self._workspace.new_ts())
        if isinstance(surface, View):
            did = self._workspace.interact(user.id, view=surface)
            payload = self._payloads.press_in_view(user, surface, pressed, did)
        else:
            did = self._workspace.interact(user.id, channel=surface.channel, source=surface)
            state = state_values(surface.blocks, self._chosen_in(user, surface))
            payload = self._payloads.press_in_message(user, surface, pressed, state, did)
        return await self._pressed(user, payload, did, found.placed.action_id, patience)

    async def _forged(self, user: User, pressed: Json, where: object, patience: float) -> Reaction:
        place = where if isinstance(where, dict) else {}
        if "blocks" in place and "ts" not in place:
            view = View(user.id, {"type": "modal", "id": "V0FORGED", **place})
            did = self._workspace.interact(user.id, view=view)
            payload = self._payloads.press_in_view(user, view, _completed(pressed), did)
        else:
            message = self._stale(user, place)
            did = self._workspace.interact(user.id, channel=message.channel, source=message)
            payload = self._payloads.press_in_message(user, message, _completed(pressed), {}, did)
        return await self._pressed(user, payload, did, str(pressed.get("action_id")), patience)

    def _stale(self, user: User, place: Json) -> Message:
        channel = place.get("channel") or self._place(user, None).id
        ts = str(place.get("ts") or self._workspace.new_ts())
        there = self._workspace.messages.get(channel, {}).get(ts)
        author = self._workspace.bot.id
        return there or Message(
            channel, ts, author, place.get("text", ""), place.get("blocks", []), from_app=True, deleted=True
        )

    async def _pressed(self, user: User, payload: Json, did: Interaction, what: str, patience: float) -> Reaction:
        if not self._workspace.manifest.interactivity:
            return Reaction(error=NOT_INTERACTIVE)
        since = len(self._workspace.log)
        ack = await self._socket.deliver("interactive", payload, what=what, user=user.name)
        if ack.failed:
            return Reaction(ack, FAILED.format(what, ack.failed), view=self._in_front(user, did))
        await self._workspace.wait_until(user.id, self._felt(user, did, since), patience)
        return Reaction(ack, messages=self._after(user, did, since), view=self._in_front(user, did))

    def _in_front(self, user: User, did: Interaction) -> View | None:
        """Return the modal in front, or Home if that is where the person pressed."""
        screen = self._workspace.screens[user.id]
        return screen.home if screen.top is None and self._is_home(user, did) else screen.top

    def _is_home(self, user: User, did: Interaction) -> bool:
        home = self._workspace.screens[user.id].home
        return home is not None and home.id == did.view_id

    def _felt(self, user: User, did: Interaction, since: int) -> Callable[[], bool]:
        def felt() -> bool:
            return did.effects > 0 or any(self._came_of(user, did, each) for each in self._workspace.log[since:])

        return felt

    def _came_of(self, user: User, did: Interaction, change: Change) -> bool:
        if not self._workspace.concerns(user.id, change):
            return False
        if change.message is None:
            # Home is published again for many reasons: it is what came of a press in it alone.
            return change.kind != "home" or self._is_home(user, did)
        return change.message is did.source or (change.message.from_app and change.message.channel == did.channel)

    def _after(self, user: User, did: Interaction, since: int) -> list[Message]:
        found = list(did.messages)
        for each in self._workspace.log[since:]:
            if each.message is not None and each.message not in found and self._came_of(user, did, each):
                found.append(each.message)
        return self._seen(user, found)

    def _seen(self, user: User, messages: list[Message]) -> list[Message]:
        return [each for each in messages if not each.deleted and self._workspace.sees(user.id, each)]

    # modals

    async def fill(self, user: User, fields: Json, patience: float) -> Reaction:
        """Fill fields of the modal in front, by label, block_id or action_id."""
        reaction = Reaction(view=self._modal(user))
        for name, wanted in fields.items():
            placed = in_blocks(self._modal(user).body["blocks"], name)
            if placed is None:
                there = ", ".join(each.label or each.action_id for each in walk(self._modal(user).body["blocks"]))
                raise CannotDo(f"the modal has no field {name!r}; there is {there}")
            reaction = await self._use(user, Found(placed, self._modal(user)), wanted, patience)
        return reaction

    def _modal(self, user: User) -> View:
        view = self._workspace.screens[user.id].top
        if view is None:
            raise CannotDo(f"{user.name} has no modal open")
        return view

    async def submit(self, user: User) -> Reaction:
        """Submit the modal in front; Slack itself refuses what is missing or malformed."""
        view = self._modal(user)
        if not view.body["submit"]:
            raise CannotDo("this modal can't be submitted")
        inputs = [placed for placed in walk(view.body["blocks"]) if placed.is_input]
        view.errors = {each.block_id: wrong for each in inputs if (wrong := missing_or_wrong(view, each))}
        self._workspace.view_changed(view)
        if view.errors:
            return Reaction(errors=view.errors, view=view)
        did = self._workspace.interact(user.id, view=view)
        payload = self._payloads.submission(user, view, did)
        what = view.body["callback_id"] or "modal"
        ack = await self._socket.deliver("interactive", payload, what=what, user=user.name)
        if ack.failed:
            return Reaction(ack, TROUBLE, view=view)
        return self._submitted(user, view, did, ack)

    def _submitted(self, user: User, view: View, did: Interaction, ack: Ack) -> Reaction:
        screen = self._workspace.screens[user.id]
        reaction = Reaction(ack)
        try:
            reaction.closed = self._respond(view, ack.payload, inputs=list(walk(view.body["blocks"])))
        except (Refused, CannotShow) as refused:
            said = refused.said if isinstance(refused, Refused) else {}
            self._refuse(user, f"view_submission {view.body['callback_id']}", f"{refused} {said or ''}".strip())
            reaction.error = TROUBLE
        reaction.errors = view.errors
        reaction.view = screen.top
        reaction.messages = self._seen(user, did.messages)
        return reaction

    def _respond(self, view: View, answer: Json, inputs: list[Placed]) -> bool:
        """Do what response_action says, and say whether the modal is gone."""
        stack = self._workspace.screens[view.user].stack
        match answer.get("response_action"):
            case None if not answer:
                self._close(view)
            case "clear":
                stack.clear()
                self._workspace.changed("modal", user=view.user)
            case "errors":
                view.errors = _errors(answer, inputs)
                self._workspace.view_changed(view)
            case "update":
                change(self._workspace, view, read_view(self._workspace, answer.get("view"), "modal"))
            case "push":
                put_on_top(self._workspace, view.user, read_view(self._workspace, answer.get("view"), "modal"))
            case _:
                raise CannotShow("response_action is none of errors, update, push, clear")
        return view not in stack

    def _close(self, view: View) -> None:
        stack = self._workspace.screens[view.user].stack
        if view in stack:
            stack.remove(view)
        self._workspace.changed("modal", user=view.user)

    async def close(self, user: User, *, every: bool) -> Reaction:
        """Close the modal in front, or all of them; tells the app where it asked to be told."""
        view = self._modal(user)
        stack = self._workspace.screens[user.id].stack
        gone = list(stack) if every or view.body["clear_on_close"] else [view]
        for each in gone:
            self._close(each)
        ack = Ack()
        for each in gone:
            if each.body["notify_on_close"]:
                payload = self._payloads.closed(user, each, cleared=every)
                ack = await self._socket.deliver("interactive", payload, what="view_closed", user=user.name)
        return Reaction(ack, closed=True, view=self._workspace.screens[user.id].top)


def _errors(answer: Json, inputs: list[Placed]) -> dict[str, str]:
    errors = answer.get("errors")
    known = {placed.block_id for placed in inputs if placed.is_input}
    if not isinstance(errors, dict) or not errors:
        raise CannotShow("response_action errors needs errors")
    strange = [key for key in errors if key not in known]
    if strange:
        raise CannotShow(f"errors for blocks that are no inputs of the modal: {', '.join(strange)}")
    return {key: str(value) for key, value in errors.items()}


def _completed(pressed: Json) -> Json:
    return {"type": "button", "block_id": "forged", "action_ts": "1.000000", **pressed}
