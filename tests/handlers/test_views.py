"""Every view the bot can show, at its fullest: within Slack's limits, and true to what people are promised."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.views.blocks import date, escape, first_day, plain_date, unmarked
from handlers.views.gallery import Exhibit, gallery
from handlers.views.messages import RENDERERS
from sandbox.limits import check_message, check_view

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
EXHIBITS = gallery(NOW, ZoneInfo("Europe/London"))


def problems(exhibit: Exhibit) -> list[str]:
    if exhibit.view is not None:
        return list(check_view(exhibit.view))
    return list(check_message({"channel": "C1", "text": exhibit.text, "blocks": exhibit.blocks}))


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.name)
def test_slack_would_take_it(exhibit: Exhibit) -> None:
    assert problems(exhibit) == []


def test_every_message_of_the_outbox_hangs_in_the_gallery() -> None:
    names = {exhibit.name.partition(",")[0] for exhibit in EXHIBITS}
    by_title = {"RequestCard": "card", "WaitingNote": "reminder to staff", "ClaimedHandIn": "claimed"}
    missing = [c.__name__ for c in RENDERERS if by_title.get(c.__name__, c.__name__) not in names]
    assert missing == []


def buttons(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        own = [node] if node.get("type") == "button" else []
        return own + [found for value in node.values() for found in buttons(value)]
    if isinstance(node, list):
        return [found for value in node for found in buttons(value)]
    return []


def test_every_button_has_a_listener() -> None:
    from handlers.registration import LISTENING

    pressed = {b["action_id"].partition("#")[0] for e in EXHIBITS for b in buttons(e.blocks or e.view)}
    assert pressed <= set(LISTENING.presses)
    submitted = {e.view["callback_id"] for e in EXHIBITS if e.view and "submit" in e.view}
    assert submitted <= set(LISTENING.submissions)


def test_the_reason_stands_in_its_own_view_only() -> None:
    private = [exhibit.name for exhibit in EXHIBITS if "nobody else." in str((exhibit.blocks, exhibit.view))]
    assert private == ["reason"]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/London", "Wed 1 Jul 13:00 BST"),
        ("America/New_York", "Wed 1 Jul 08:00 EDT"),
        ("America/Sao_Paulo", "Wed 1 Jul 09:00 UTC-03:00"),
        ("Asia/Kathmandu", "Wed 1 Jul 17:45 UTC+05:45"),
    ],
)
def test_a_plain_date_names_its_zone(zone: str, shown: str) -> None:
    assert plain_date(NOW, ZoneInfo(zone)) == shown
    assert date(NOW, ZoneInfo(zone)).endswith(f"|{shown}>")


def test_what_begins_with_a_day_is_said_without_an_hour_in_its_zone_alone() -> None:
    midnight = datetime(2026, 7, 2, 23, tzinfo=UTC)
    assert first_day(midnight, ZoneInfo("Europe/London")).endswith("{date_short_pretty}|Fri 3 Jul>")
    assert first_day(midnight, ZoneInfo("Asia/Tokyo")) == date(midnight, ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize("text", ["<!channel>", "a & b", "<@U1|x>", "x > y"])
def test_what_people_write_is_shown_as_text(text: str) -> None:
    assert "<" not in escape(text)
    assert ">" not in escape(text)
    assert unmarked(escape(text)) == text
