"""How an answer travels, by where the question came from: in the acknowledgement, or by a call to Slack."""

from typing import Any

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from handlers.answers import Answer, FieldErrors, Lazily, Nothing, OpenModal, Say, ShowHome
from handlers.questions import Kind, Question
from handlers.views.blocks import Rendered, View, notice


def acknowledgement(question: Question, answer: Answer) -> dict[str, Any]:
    """Return what the acknowledgement carries; empty where the answer follows by a call."""
    match question.kind, answer:
        case Kind.COMMAND, Say(rendered):
            return {"response_type": "ephemeral"} | _message(rendered)
        case Kind.SUBMISSION, Say(rendered):
            return {"response_action": "update", "view": notice("Cohort Bot", rendered)}
        case Kind.SUBMISSION, OpenModal(view):
            return {"response_action": "update", "view": view}
        case Kind.SUBMISSION, FieldErrors(errors):
            return {"response_action": "errors", "errors": dict(errors)}
        case _:
            return {}


def is_complete(question: Question, answer: Answer) -> bool:
    """Say whether the acknowledgement alone brings the answer to the person."""
    return isinstance(answer, Nothing | FieldErrors) or bool(acknowledgement(question, answer))


def follow(question: Question, answer: Answer, slack: WebClient) -> None:
    """Bring an answer by a call to Slack. Raises SlackApiError."""
    match answer:
        case OpenModal(view):
            _open(question, view, slack)
        case ShowHome(view):
            slack.views_publish(user_id=question.slack_id, view=view)
        case Say(rendered):
            _say(question, rendered, slack)
        case FieldErrors(errors):
            _say(question, Rendered(" ".join(errors.values())), slack)
        case Nothing() | Lazily():
            pass


def _open(question: Question, view: View, slack: WebClient) -> None:
    """Open a modal: in the place of one that only said something, since Slack stacks three, else on top."""
    if question.notice_id:
        slack.views_update(view_id=question.notice_id, view=view)
    elif question.kind is Kind.MODAL_PRESS:
        slack.views_push(trigger_id=question.trigger_id, view=view)
    else:
        slack.views_open(trigger_id=question.trigger_id, view=view)


def _say(question: Question, rendered: Rendered, slack: WebClient) -> None:
    if question.response_url:
        reply = {"response_type": "ephemeral", "replace_original": False}
        WebhookClient(question.response_url, retry_handlers=[]).send_dict(reply | _message(rendered))
    elif question.kind in {Kind.MODAL_PRESS, Kind.HOME_PRESS}:
        _open(question, notice("Cohort Bot", rendered), slack)
    else:
        slack.chat_postMessage(channel=question.channel or question.slack_id, **_message(rendered))


def _message(rendered: Rendered) -> dict[str, Any]:
    return {"text": rendered.text} | ({"blocks": rendered.blocks} if rendered.blocks else {})
