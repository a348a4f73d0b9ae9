"""conversations.*: opening, describing and listing them."""

from sandbox import Json
from sandbox.calls import Call, Method, Refused
from sandbox.records import Channel

READ_SCOPES = {"public": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}
TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
MOST_IN_MPIM = 8


def _open(call: Call) -> Json:
    if call.text("channel", ""):
        return _answer(call, call.channel(), already_open=True)
    users = [user for user in call.text("users", "").split(",") if user]
    if not users:
        raise Refused("users_list_not_supplied")
    call.need("im:write" if len(users) == 1 else "mpim:write")
    if len(users) > MOST_IN_MPIM:
        raise Refused("too_many_users")
    for user_id in users:
        _can_talk_to(call, user_id)
    channel, already_open = call.workspace.direct({call.workspace.bot.id, *users})
    return _answer(call, channel, already_open=already_open)


def _can_talk_to(call: Call, user_id: str) -> None:
    user = call.workspace.users.get(user_id)
    if user is None:
        raise Refused("user_not_found")
    if user.is_bot:
        raise Refused("cannot_dm_bot")
    if user.deleted:
        raise Refused("user_disabled")


def _answer(call: Call, channel: Channel, *, already_open: bool) -> Json:
    shown = channel.as_json(call.workspace.bot.id) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown} | ({"no_op": True, "already_open": True} if already_open else {})


def _info(call: Call) -> Json:
    channel = call.channel()
    call.need(READ_SCOPES[channel.kind])
    shown = channel.as_json(call.workspace.bot.id)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def _list(call: Call) -> Json:
    wanted = call.text("types", "public_channel").replace(" ", "").split(",")
    unknown = [each for each in wanted if each not in TYPES]
    if unknown:
        raise Refused("invalid_types")
    kinds = {TYPES[each] for each in wanted}
    call.need(*(READ_SCOPES[kind] for kind in sorted(kinds)))
    bot = call.workspace.bot.id
    channels = [
        channel.as_json(bot)
        for channel in call.workspace.channels.values()
        if channel.kind in kinds and call.can_see(channel)
    ]
    return call.page(channels, "channels", 100)


def _members(call: Call) -> Json:
    channel = call.channel()
    call.need(READ_SCOPES[channel.kind])
    members = [{"id": member} for member in sorted(channel.members)]
    page = call.page(members, "members", 100)
    return page | {"members": [member["id"] for member in page["members"]]}


METHODS = {
    "conversations.open": Method(_open),
    "conversations.info": Method(_info, reads_json=False),
    "conversations.list": Method(_list, reads_json=False),
    "conversations.members": Method(_members, reads_json=False),
}
