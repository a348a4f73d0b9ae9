"""The files of a workspace: what people upload and what the app uploads, and the addresses they are fetched from."""

import mimetypes
from base64 import b64decode
from dataclasses import dataclass, field
from urllib.parse import quote

from aiohttp import web

from sandbox import Json
from sandbox.calls import Tokens
from sandbox.workspace import Workspace

LOGIN_PAGE = "<!DOCTYPE html><title>Sign in | Slack</title>"


@dataclass(slots=True)
class StoredFile:
    """One file; `user` is who uploaded it, `is_whole` False while the app has only announced it."""

    id: str
    name: str
    user: str
    content: bytes = b""
    is_whole: bool = True
    channels: list[str] = field(default_factory=list)
    alt_text: str = ""

    def as_json(self, team_id: str, base_url: str) -> Json:
        """Return the file object of Slack, as in a form's state, in a message and in files.info."""
        mimetype = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        address = f"{base_url}/files-pri/{team_id}-{self.id}/{quote(self.name)}"
        return {
            "id": self.id,
            "created": 1700000000,
            "timestamp": 1700000000,
            "name": self.name,
            "title": self.name,
            "mimetype": mimetype,
            "filetype": self.name.rpartition(".")[2].lower(),
            "user": self.user,
            "user_team": team_id,
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "size": len(self.content),
            "url_private": address,
            "url_private_download": f"{address}?download=1",
            "channels": list(self.channels),
            "groups": [],
            "ims": [],
        } | ({"alt_txt": self.alt_text} if self.alt_text else {})


def content_of(file: Json) -> bytes:
    """Return the content of a file that a person chose: as text, or as base64 where a page has read its bytes."""
    if "base64" in file:
        return b64decode(str(file["base64"]))
    return str(file.get("content", "")).encode()


class Files:
    """Every file by id; used from one event loop only. `base_url` is where they are fetched from."""

    def __init__(self, workspace: Workspace, base_url: str, tokens: Tokens) -> None:
        self._workspace, self._tokens = workspace, tokens
        self.base_url = base_url
        self.stored: dict[str, StoredFile] = {}

    def add(self, name: str, user_id: str, content: bytes = b"", *, is_whole: bool = True) -> StoredFile:
        """Keep a file that someone uploads, or announce one that the app is about to send."""
        file = StoredFile(self._workspace.new_file_id(), name, user_id, content, is_whole)
        self.stored[file.id] = file
        return file

    def shown(self, file: StoredFile) -> Json:
        """Return a file as Slack shows it."""
        return file.as_json(self._workspace.team_id, self.base_url)

    def routes(self) -> list[web.RouteDef]:
        """Return what this answers."""
        return [web.get("/files-pri/{file}/{name}", self._fetch), web.post("/upload/v1/{file}", self._receive)]

    async def _fetch(self, request: web.Request) -> web.Response:
        """Hand out a file to the app; whoever shows no token that may read files gets the page to sign in."""
        file = self.stored.get(request.match_info["file"].rpartition("-")[2])
        allowed = request.headers.get("Authorization") == f"Bearer {self._tokens.bot}"
        if not allowed or "files:read" not in self._workspace.manifest.scopes:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        if file is None or not file.is_whole:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _receive(self, request: web.Request) -> web.Response:
        """Take in the bytes of a file that was announced with files.getUploadURLExternal."""
        file = self.stored.get(request.match_info["file"])
        if file is None or file.is_whole:
            raise web.HTTPNotFound
        file.content = await request.read()
        return web.Response(text=f"OK - {len(file.content)}")
