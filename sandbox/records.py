"""The things a workspace holds: users, channels, messages, views, in the shapes Slack gives them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sandbox import Json, elements

Typed = dict[tuple[str, str], Json]


@dataclass(slots=True)
class User:
    """Someone with an account, or the app's own bot user."""

    id: str
    name: str
    real_name: str
    email: str
    tz: str
    display_name: str = ""
    title: str = ""
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False

    @property
    def shown_as(self) -> str:
        """The name others see."""
        return self.display_name or self.real_name or self.name

    def as_json(self, team_id: str, *, with_email: bool) -> Json:
        """Return the user object of users.info; the offset holds for this moment only, as Slack's does."""
        offset = datetime.now(UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        profile = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "first_name": self.real_name.partition(" ")[0],
            "last_name": self.real_name.partition(" ")[2],
            "title": self.title,
            "team": team_id,
        }
        if with_email and not self.is_bot:
            profile["email"] = self.email
        return {
            "id": self.id,
            "team_id": team_id,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1700000000,
        }


@dataclass(slots=True)
class Channel:
    """A place to talk; `kind` is public, private, im or mpim."""

    id: str
    name: str
    kind: str
    members: set[str] = field(default_factory=set)
    is_general: bool = False

    @property
    def name_in_commands(self) -> str:
        """The channel name a command payload carries."""
        return {"im": "directmessage", "private": "privategroup"}.get(self.kind, self.name)

    def other_member(self, user_id: str) -> str:
        """Return who else is in a direct conversation."""
        return next((member for member in self.members if member != user_id), user_id)

    def as_json(self, bot_id: str) -> Json:
        """Return the conversation object of conversations.info, as the app sees it."""
        shared: Json = {
            "id": self.id,
            "created": 1700000000,
            "is_archived": False,
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "public",
            "is_org_shared": False,
        }
        if self.kind == "im":
            return shared | {"user": self.other_member(bot_id), "is_user_deleted": False}
        return shared | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind in ("public", "private"),
            "is_group": False,
            "is_general": self.is_general,
            "is_member": bot_id in self.members,
            "creator": bot_id,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass(slots=True)
class Message:
    """One message; `only_for` is set where it is ephemeral, `from_app` where the app wrote it."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json]
    from_app: bool
    only_for: str | None = None
    thread_ts: str | None = None
    edited_ts: str | None = None
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    deleted: bool = False
    seq: int = 0

    def as_json(self, team_id: str, app: Json) -> Json:
        """Return the message object Slack shows an app; `app` has bot_id, app_id and name."""
        shown: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text, "team": team_id}
        if self.from_app:
            shown |= {
                "bot_id": app["bot_id"],
                "app_id": app["app_id"],
                "bot_profile": {"id": app["bot_id"], "app_id": app["app_id"], "name": app["name"]},
            }
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.edited_ts:
            shown["edited"] = {"user": self.user, "ts": self.edited_ts}
        if self.metadata:
            shown["metadata"] = self.metadata
        if self.files:
            shown |= {"files": self.files, "upload": True}
        return shown


@dataclass(slots=True)
class View:
    """A modal or a Home tab on one person's screen, with what that person typed so far."""

    user: str
    body: Json
    typed: Typed = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    seq: int = 0

    @property
    def id(self) -> str:
        """The view's id."""
        return str(self.body["id"])

    def as_json(self) -> Json:
        """Return the view with `state.values`, as presses and submissions carry it."""
        return self.body | {"state": {"values": elements.state_values(self.body["blocks"], self.typed)}}

    def replace(self, body: Json) -> None:
        """Show new content; what was typed stays where block_id, action_id and type are the same."""
        kinds = {(placed.block_id, placed.action_id): placed.type for placed in elements.walk(body["blocks"])}
        self.typed = {key: value for key, value in self.typed.items() if kinds.get(key) == value["type"]}
        self.body, self.errors = body, {}


@dataclass(slots=True)
class Screen:
    """What one person has open of the app: a stack of modals, and Home."""

    stack: list[View] = field(default_factory=list)
    home: View | None = None

    @property
    def top(self) -> View | None:
        """The modal in front, if any."""
        return self.stack[-1] if self.stack else None


@dataclass(slots=True)
class Interaction:
    """One thing a person did, and what visibly came of it."""

    id: str
    user: str
    trigger_id: str
    issued_at: float
    view_id: str | None = None
    channel: str | None = None
    source: Message | None = None
    exchanged: bool = False
    responses_left: int = 5
    messages: list[Message] = field(default_factory=list)
    opened: View | None = None
    effects: int = 0
