"""Sending files into someone's direct messages: copies of what lies in Slack, and what was made from the records."""

from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPResponse
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from slack_sdk import WebClient

from bot.posting import Answer, Posted, Refused, attempt
from cohort.hand_ins import File
from services.letters import Attached

# The bytes are held in memory while they are copied.
LARGEST: Final = 50 * 1024 * 1024
SLACKS_OWN: Final = ".slack.com"
READ_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy of a file stands there; `sha256` is that of its bytes, in hexadecimal."""

    channel: str
    sha256: str


class NotReadable(Exception):
    """What Slack answered is not the file."""


def send(client: WebClient, slack_id: str, file: File, words: str) -> Answer | Copied:
    """Copy a file into someone's direct messages, with some words.

    A file that is too large is only named. Never raises for anything Slack or the network does.
    """
    try:
        return attempt(lambda: _copy(client, slack_id, file, words))
    except NotReadable:
        return Refused("file_not_readable")


def upload(client: WebClient, slack_id: str, attached: Attached, words: str) -> Answer:
    """Send a file into someone's direct messages, with some words. Slack does not say where it stands then.

    Never raises for anything Slack or the network does.
    """
    try:
        return attempt(lambda: Posted(_share(client, slack_id, attached, words), ""))
    except NotReadable:
        return Refused("file_not_taken")


def _copy(client: WebClient, slack_id: str, file: File, words: str) -> Posted | Copied:
    shown: dict[str, Any] = dict(client.files_info(file=file.id)["file"])
    if int(shown.get("size", 0)) > LARGEST:
        return _only_named(client, slack_id, file, words)
    content = read(client, str(shown["url_private_download"]), str(shown.get("mimetype", "")), LARGEST)
    return Copied(_share(client, slack_id, Attached(file.name, content), words), sha256(content).hexdigest())


def _share(client: WebClient, slack_id: str, attached: Attached, words: str) -> str:
    """Upload a file into someone's direct messages, and return their channel."""
    channel = str(client.conversations_open(users=slack_id)["channel"]["id"])
    place = client.files_getUploadURLExternal(
        filename=attached.name, length=len(attached.content), alt_txt=attached.alt_text or None
    )
    _write(client, str(place["upload_url"]), attached.content)
    files: list[dict[str, str | None]] = [{"id": str(place["file_id"]), "title": attached.name}]
    client.files_completeUploadExternal(files=files, channel_id=channel, initial_comment=words)
    return channel


def _only_named(client: WebClient, slack_id: str, file: File, words: str) -> Posted:
    text = f"{words} The file {file.name} is too large to be copied: please ask for a link to it."
    response = client.chat_postMessage(channel=slack_id, text=text)
    return Posted(str(response["channel"]), str(response["ts"]))


def read(client: WebClient, address: str, mimetype: str, most: int) -> bytes:
    """Return the bytes at an address, so many at most.

    Raises NotReadable where there are more, none, or a page to sign in comes in their place.
    """
    request = Request(_own(client, address), headers={"Authorization": f"Bearer {client.token}"})  # noqa: S310 - checked
    with _opened(request) as answer:
        kind = answer.headers.get_content_type()
        content: bytes = answer.read(most + 1)
    if (kind == "text/html" and mimetype != "text/html") or not 0 < len(content) <= most:
        raise NotReadable
    return content


def _write(client: WebClient, address: str, content: bytes) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    request = Request(_own(client, address), content, headers)  # noqa: S310 - checked
    with _opened(request):
        pass


def _opened(request: Request) -> HTTPResponse:
    """Make a call. Raises NotReadable where Slack says no, and what urllib raises where it can't be reached."""
    try:
        answer: HTTPResponse = urlopen(request, timeout=READ_SECONDS)  # noqa: S310 - the address is checked
    except HTTPError as error:
        if error.code < 500:
            raise NotReadable from error
        raise
    return answer


def _own(client: WebClient, address: str) -> str:
    """Return an address of Slack's; the token goes nowhere else. Raises NotReadable."""
    wanted, home = urlsplit(address), urlsplit(client.base_url)
    is_home = (wanted.scheme, wanted.netloc) == (home.scheme, home.netloc)
    if not is_home and not (wanted.scheme == "https" and (wanted.hostname or "").endswith(SLACKS_OWN)):
        raise NotReadable
    return address
