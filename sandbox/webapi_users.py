"""auth.*, bots.*, users.* and apps.connections.open."""

from sandbox import Json
from sandbox.calls import Call, Method, Refused

EMAIL_SCOPE = "users:read.email"


def _auth_test(call: Call) -> Json:
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.team_name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def _bots_info(call: Call) -> Json:
    workspace = call.workspace
    if call.text("bot", workspace.bot_id) != workspace.bot_id:
        raise Refused("bot_not_found")
    bot = {
        "id": workspace.bot_id,
        "deleted": False,
        "name": workspace.bot.real_name,
        "updated": 1700000000,
        "app_id": workspace.app_id,
        "user_id": workspace.bot.id,
        "icons": {},
    }
    return {"bot": bot}


def _shown(call: Call, user_id: str) -> Json:
    with_email = EMAIL_SCOPE in call.workspace.manifest.scopes
    return call.workspace.users[user_id].as_json(call.workspace.team_id, with_email=with_email)


def _users_info(call: Call) -> Json:
    return {"user": _shown(call, call.user("user", "user_not_found").id)}


def _users_list(call: Call) -> Json:
    users = [_shown(call, user_id) for user_id in call.workspace.users]
    return {"cache_ts": 1700000000} | call.page(users, "members", max(1, min(1000, len(users))))


def _lookup_by_email(call: Call) -> Json:
    email = call.text("email").lower()
    for user in call.workspace.people():
        if user.email.lower() == email and not user.deleted:
            return {"user": _shown(call, user.id)}
    raise Refused("users_not_found")


def _connections_open(call: Call) -> Json:
    if not call.workspace.manifest.socket_mode:
        raise Refused("access_denied")
    return {"url": call.new_ticket()}


METHODS = {
    "auth.test": Method(_auth_test),
    "bots.info": Method(_bots_info, ("users:read",), reads_json=False),
    "users.info": Method(_users_info, ("users:read",), reads_json=False),
    "users.list": Method(_users_list, ("users:read",), reads_json=False),
    "users.lookupByEmail": Method(_lookup_by_email, (EMAIL_SCOPE,), reads_json=False),
    "apps.connections.open": Method(_connections_open, ("connections:write",), token="app"),  # noqa: S106 - a kind
}
