"""Builds what Slack tells the app: commands, presses, submissions, closed views and events, in Slack's shapes."""

import re
import secrets

from sandbox import Json
from sandbox.records import Channel, Interaction, Message, User, View
from sandbox.workspace import Workspace

VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105 - deprecated by Slack and the same for everyone

_LINK = re.compile(r"https?://[^\s<>]+")
_NAMED = re.compile(r"(?<![\w.])([@#])([\w.\-]+)")


class Payloads:
    """Builds payloads for one workspace; `base_url` is where response_urls point."""

    def __init__(self, workspace: Workspace, base_url: str) -> None:
        self.workspace = workspace
        self.base_url = base_url

    def command(self, user: User, channel: Channel, name: str, text: str, interaction: Interaction) -> Json:
        """Return a slash command."""
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": self.workspace.team_id,
            "team_domain": self.workspace.domain,
            "channel_id": channel.id,
            "channel_name": channel.name_in_commands,
            "user_id": user.id,
            "user_name": user.name,
            "command": name,
            "text": text,
            "api_app_id": self.workspace.app_id,
            "is_enterprise_install": "false",
            "response_url": self.response_url(interaction),
            "trigger_id": interaction.trigger_id,
        }

    def press_in_message(self, user: User, message: Message, action: Json, state: Json, did: Interaction) -> Json:
        """Return a press in a message; an ephemeral message is not repeated in it."""
        channel = self.workspace.channels[message.channel]
        ephemeral = message.only_for is not None
        container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
        payload = self._interactive("block_actions", user, did) | {
            "container": container,
            "channel": {"id": channel.id, "name": channel.name_in_commands},
            "state": {"values": state},
            "response_url": self.response_url(did),
            "actions": [action],
        }
        if not ephemeral:
            payload["message"] = message.as_json(self.workspace.team_id, self.workspace.app())
        return payload

    def press_in_view(self, user: User, view: View, action: Json, did: Interaction) -> Json:
        """Return a press in a modal or in Home: with the view, without channel or response_url."""
        return self._interactive("block_actions", user, did) | {
            "container": {"type": "view", "view_id": view.id},
            "view": view.as_json(),
            "actions": [action],
        }

    def submission(self, user: User, view: View, did: Interaction) -> Json:
        """Return a submitted modal."""
        return self._interactive("view_submission", user, did) | {"view": view.as_json(), "response_urls": []}

    def closed(self, user: User, view: View, *, cleared: bool) -> Json:
        """Return a closed modal."""
        payload = self._interactive("view_closed", user, None)
        return payload | {"view": view.as_json(), "is_cleared": cleared}

    def shortcut(self, user: User, callback_id: str, did: Interaction) -> Json:
        """Return a global shortcut."""
        return self._interactive("shortcut", user, did) | {
            "callback_id": callback_id,
            "action_ts": f"{self.workspace.clock.time():.6f}",
        }

    def event(self, event: Json) -> Json:
        """Wrap an event the way the Events API does."""
        team = self.workspace.team_id
        authorization = {
            "enterprise_id": None,
            "team_id": team,
            "user_id": self.workspace.bot.id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": team,
            "context_team_id": team,
            "context_enterprise_id": None,
            "api_app_id": self.workspace.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(self.workspace.clock.time()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_hex(12)}",
        }

    def message_event(self, message: Message, extra: Json) -> Json:
        """Return the message event for a new, changed or deleted message."""
        channel = self.workspace.channels[message.channel]
        content = message.as_json(self.workspace.team_id, self.workspace.app())
        shared = {"channel": channel.id, "channel_type": _channel_type(channel), "event_ts": message.ts}
        if not extra:
            subtype = {"subtype": "file_share"} if message.files and not message.from_app else {}
            return content | shared | subtype | {"client_msg_id": secrets.token_hex(8)}
        stamp = message.edited_ts or message.ts
        return {"type": "message", "ts": stamp, "hidden": True, "message": content} | extra | shared

    def response_url(self, interaction: Interaction) -> str:
        """Return where the app may answer this interaction."""
        return f"{self.base_url}/response/{self.workspace.team_id}/{interaction.id}"

    def typed(self, text: str, *, should_escape: bool) -> str:
        """Return a command's text as Slack sends what a person typed."""
        if not should_escape:
            return text
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        pieces, end = [], 0
        for link in _LINK.finditer(text):
            pieces += [_NAMED.sub(self._mention, text[end : link.start()]), f"<{link.group()}>"]
            end = link.end()
        return "".join(pieces) + _NAMED.sub(self._mention, text[end:])

    def _mention(self, match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "@":
            for user in self.workspace.users.values():
                if user.name.lower() == name.lower():
                    return f"<@{user.id}|{user.name}>"
        else:
            channel = self.workspace.channel_named(name)
            if channel is not None:
                return f"<#{channel.id}|{channel.name}>"
        return match.group()

    def _interactive(self, kind: str, user: User, interaction: Interaction | None) -> Json:
        team = self.workspace.team_id
        payload: Json = {
            "type": kind,
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team},
            "api_app_id": self.workspace.app_id,
            "token": VERIFICATION_TOKEN,
            "team": {"id": team, "domain": self.workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }
        if interaction is not None:
            payload["trigger_id"] = interaction.trigger_id
        return payload


def _channel_type(channel: Channel) -> str:
    return {"public": "channel", "private": "group"}.get(channel.kind, channel.kind)


def event_name(channel: Channel) -> str:
    """Return the subscription a message in this channel needs."""
    return {"public": "message.channels", "private": "message.groups"}.get(channel.kind, f"message.{channel.kind}")
