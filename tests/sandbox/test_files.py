"""Files: chosen in a form, dropped into a conversation, fetched and uploaded by the app."""

from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

from sandbox.client import CannotDo, Person
from sandbox.server import Sandbox
from tests.sandbox.small_world import Answer, BareApp, Json
from tests.sandbox.test_modals import field, modal, opening
from tests.sandbox.test_web_api import refused

App = Callable[[Answer], BareApp]
WORK = field("Work", {"type": "file_input", "max_files": 1, "filetypes": ["pdf", "txt"]}, optional=True)
PEOPLE = field("People", {"type": "multi_users_select"}, optional=True)


def fetched(url: str, token: str = "") -> bytes:
    request = Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})  # noqa: S310 - loopback
    with urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
        content: bytes = answer.read()
        return content


def submitted_with(app: App, slack: WebClient, ada: Person, **filled: object) -> Json:
    connected = app(opening(slack, modal(WORK, PEOPLE)))
    ada.command("/hello")
    ada.fill(filled)
    ada.submit()
    while True:
        payload: Json = connected.next("interactive")["payload"]
        if payload["type"] == "view_submission":
            return dict(payload["view"]["state"]["values"])


def test_a_chosen_file_stands_in_the_state_as_slack_describes_it(app: App, slack: WebClient, ada: Person) -> None:
    values = submitted_with(app, slack, ada, Work={"name": "my essay.txt", "content": "words"}, People=["bo"])
    [file] = values["work"]["x"]["files"]
    assert (file["name"], file["size"], file["mimetype"]) == ("my essay.txt", 5, "text/plain")
    assert values["people"]["x"]["selected_users"]
    assert slack.files_info(file=file["id"])["file"]["id"] == file["id"]


def test_nothing_chosen_is_an_empty_list(app: App, slack: WebClient, ada: Person) -> None:
    assert submitted_with(app, slack, ada)["work"]["x"] == {"type": "file_input", "files": []}


@pytest.mark.parametrize("wanted", ["a.exe", ["a.pdf", "b.pdf"]])
def test_what_the_form_does_not_take_can_not_be_chosen(app: App, slack: WebClient, ada: Person, wanted: object) -> None:
    app(opening(slack, modal(WORK)))
    ada.command("/hello")
    with pytest.raises(CannotDo):
        ada.fill({"Work": wanted})


def test_only_the_app_can_fetch_a_file(app: App, slack: WebClient, sandbox: Sandbox, ada: Person) -> None:
    values = submitted_with(app, slack, ada, Work={"name": "essay.txt", "content": "words"})
    [file] = values["work"]["x"]["files"]
    assert fetched(file["url_private_download"], sandbox.tokens.bot) == b"words"
    assert b"Sign in" in fetched(file["url_private"])
    assert "words" not in str(ada.read())


def test_a_file_dropped_into_the_conversation_comes_with_the_message(app: App, ada: Person) -> None:
    connected = app(lambda _frame: {})
    ada.write("", files={"grades.csv": "a,b\n1,2\n"}, patience=0)
    event = connected.next_event("message")
    assert event["subtype"] == "file_share"
    assert [file["name"] for file in event["files"]] == ["grades.csv"]
    assert ada.read()[-1].shown == "(file: grades.csv)"


def test_the_app_uploads_a_file_into_a_conversation(
    app: App, slack: WebClient, sandbox: Sandbox, ada: Person, ids: dict[str, str]
) -> None:
    app(lambda _frame: {})
    place = slack.conversations_open(users=ids["ada"])["channel"]["id"]
    done = slack.files_upload_v2(channel=place, filename="essay.txt", content="words", initial_comment="Here it is")
    shown = ada.wait_for("Here it is").shown
    assert shown == "Here it is\n(file: essay.txt)"
    assert fetched(done["file"]["url_private"], sandbox.tokens.bot) == b"words"


def test_what_is_not_there_is_refused(slack: WebClient, sandbox: Sandbox, ids: dict[str, str]) -> None:
    assert refused(slack.files_info, file="F0NOTHING")["error"] == "file_not_found"
    assert refused(slack.files_completeUploadExternal, files=[{"id": "F0"}])["error"] == "file_not_found"
    assert refused(slack.files_getUploadURLExternal, filename="a", length=0)["error"] == "invalid_arguments"
    announced = slack.files_getUploadURLExternal(filename="a.txt", length=1)
    assert refused(slack.files_info, file=announced["file_id"])["error"] == "file_not_found"
    closed = {"files": [{"id": announced["file_id"]}], "channel_id": ids["lounge"]}
    assert refused(slack.files_completeUploadExternal, **closed)["error"] == "not_in_channel"
    for path in ("files-pri/T0-F0NOTHING/a", f"files-pri/T0-{announced['file_id']}/a"):
        with pytest.raises(HTTPError, match="404"):
            fetched(f"{sandbox.url}/{path}", sandbox.tokens.bot)
    with pytest.raises(HTTPError, match="404"):
        urlopen(Request(f"{sandbox.url}/upload/v1/F0NOTHING", data=b"x"), timeout=5)  # noqa: S310 - loopback
