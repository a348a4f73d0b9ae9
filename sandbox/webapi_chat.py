"""chat.*: posting, updating, and what only one person sees."""

from typing import Any

from sandbox import Json, limits
from sandbox.calls import Call, Method, Refused, invalid_blocks
from sandbox.elements import with_ids
from sandbox.records import Channel, Message
from sandbox.workspace import Workspace

LONGEST_POST = 40_000
LONGEST_UPDATE = 4_000


def read_content(call: Call) -> tuple[str, list[Json]]:
    """Return a message's text and its blocks with ids; refuses what Slack refuses."""
    blocks: Any = call.structure("blocks") or []
    words = call.text("text", "")
    if not words and not blocks and not call.structure("attachments"):
        raise Refused("no_text")
    problems = limits.check_blocks(blocks, "message")
    if problems:
        raise invalid_blocks(problems)
    return words, with_ids(blocks)


def _post(call: Call) -> Json:
    channel = _where(call)
    words, blocks = read_content(call)
    if len(words) > LONGEST_POST:
        raise Refused("msg_too_long")
    metadata: Any = call.structure("metadata")
    if metadata and limits.METADATA(metadata, "/metadata"):
        raise Refused("invalid_metadata_format")
    message = Message(
        channel.id,
        call.workspace.new_ts(),
        call.workspace.bot.id,
        words,
        blocks,
        from_app=True,
        thread_ts=_thread(call, channel),
        metadata=metadata,
    )
    call.workspace.post(message)
    return {"channel": channel.id, "ts": message.ts, "message": call.message_json(message)}


def _where(call: Call) -> Channel:
    """Find the channel; a user's id opens the direct conversation with them, a name finds a channel."""
    workspace = call.workspace
    wanted = call.text("channel", "")
    if not wanted:
        raise Refused("channel_not_found")
    if wanted in workspace.users:
        return _direct(call, wanted)
    channel = workspace.channel_named(wanted)
    if channel is None or not call.can_see(channel):
        raise Refused("channel_not_found")
    if workspace.bot.id not in channel.members and "chat:write.public" not in workspace.manifest.scopes:
        raise Refused("not_in_channel")
    if channel.kind == "im":
        _reachable(workspace, channel.other_member(workspace.bot.id))
    return channel


def _direct(call: Call, user_id: str) -> Channel:
    workspace = call.workspace
    _reachable(workspace, user_id)
    return workspace.direct({workspace.bot.id, user_id})[0]


def _reachable(workspace: Workspace, user_id: str) -> None:
    if workspace.users[user_id].is_bot:
        raise Refused("channel_not_found")
    if workspace.users[user_id].deleted:
        raise Refused("is_archived")
    if not workspace.manifest.messages_tab:
        raise Refused("messages_tab_disabled")


def _thread(call: Call, channel: Channel) -> str | None:
    thread = call.text("thread_ts", "")
    if thread and thread not in call.workspace.messages[channel.id]:
        raise Refused("invalid_thread_ts")
    return thread or None


def _update(call: Call) -> Json:
    channel = call.channel()
    message = call.workspace.messages[channel.id].get(call.text("ts", ""))
    if message is None or message.only_for is not None:
        raise Refused("message_not_found")
    if message.user != call.workspace.bot.id:
        raise Refused("cant_update_message")
    words, blocks = read_content(call)
    if len(words) > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    if "blocks" not in call.args:
        # Slack keeps the blocks that are there until it is given an empty list.
        blocks = message.blocks
    call.workspace.edit(message, words, blocks)
    return {"channel": channel.id, "ts": message.ts, "text": words, "message": call.message_json(message)}


def _post_ephemeral(call: Call) -> Json:
    channel = call.channel()
    workspace = call.workspace
    if workspace.bot.id not in channel.members:
        raise Refused("not_in_channel")
    user = call.user("user", "user_not_in_channel")
    if user.id not in channel.members:
        raise Refused("user_not_in_channel")
    words, blocks = read_content(call)
    if len(words) > LONGEST_POST:
        raise Refused("msg_too_long")
    ts = workspace.new_ts()
    workspace.post(Message(channel.id, ts, workspace.bot.id, words, blocks, from_app=True, only_for=user.id))
    return {"message_ts": ts}


METHODS = {
    "chat.postMessage": Method(_post, ("chat:write",)),
    "chat.update": Method(_update, ("chat:write",)),
    "chat.postEphemeral": Method(_post_ephemeral, ("chat:write",)),
}
