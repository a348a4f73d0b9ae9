"""What people read in the terminal."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from slack_sdk import WebClient

from sandbox.client import Person
from sandbox.mrkdwn import Reader
from tests.sandbox.small_world import Json
from tests.sandbox.test_presses import CARD, options, plain

NOW = datetime(2026, 7, 4, 12, tzinfo=UTC)
STAMP = int(datetime(2026, 7, 4, 22, 30, tzinfo=UTC).timestamp())
READER = Reader({"U1": "Ada", "C1": "lounge"}, ZoneInfo("Europe/Paris"), NOW)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U1> and <@U1|someone> and <@U2|bo> and <@U3>", "@Ada and @Ada and @bo and @U3"),
        ("<#C1> <#C2|other>", "#lounge #other"),
        ("<https://example.org> <https://example.org|here>", "https://example.org here (https://example.org)"),
        ("<!channel> <!subteam^S1|@tas>", "@channel @tas"),
        ("a &lt; b &amp; c", "a < b & c"),
        (f"<!date^{STAMP}^{{date_num}} {{time}}|then>", "2026-07-05 12:30 AM"),
        (f"<!date^{STAMP}^{{date_short_pretty}} at {{time}}|then>", "tomorrow at 12:30 AM"),
        (f"<!date^{STAMP - 86400}^{{date_pretty}}|then>", "today"),
        (f"<!date^{STAMP + 86400}^{{date_long_pretty}}|then>", "Monday, July 6th, 2026"),
        (f"<!date^{STAMP}^{{date_long}}|then>", "Sunday, July 5th, 2026"),
        (f"<!date^{STAMP}^{{date_short}}|then>", "Jul 5, 2026"),
        (f"<!date^{STAMP}^{{date_slash}} {{time_secs}}|then>", "07/05/2026 12:30:00 AM"),
        (f"<!date^{STAMP}^{{ago}}|then>", "in 10 hours"),
        (f"<!date^{STAMP - 86400 * 3}^{{ago}}|then>", "2 days ago"),
        (f"<!date^{int(NOW.timestamp())}^{{ago}}|then>", "now"),
        (f"<!date^{STAMP + 86400 * 7}^{{date}} {{bogus}}|then>", "July 12th, 2026 {bogus}"),
        ("<!date^soon^{date}|then>", "then"),
        (f"<!date^{STAMP}|then>", "July 5th, 2026"),
    ],
)
def test_mrkdwn_is_read_as_slack_shows_it(written: str, read: str) -> None:
    assert READER.read(written) == read


PHOTO = {"type": "image", "image_url": "https://example.org/c.png", "alt_text": "photo"}
A_OR_B: Json = {"options": options("A", "B"), "initial_option": options("B")[0]}
BLOCKS: list[Json] = [
    {"type": "header", "text": plain("Title")},
    {"type": "divider"},
    *CARD,
    {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Due*"}, plain("Friday")]},
    {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a map", "title": plain("Map")},
    {
        "type": "context",
        "elements": [plain("small"), {"type": "image", "image_url": "https://example.org/b.png", "alt_text": "icon"}],
    },
    {"type": "section", "text": plain("with"), "accessory": PHOTO},
    {
        "type": "input",
        "label": plain("Pick"),
        "hint": plain("Only one"),
        "element": {"type": "radio_buttons", "action_id": "r", **A_OR_B},
    },
    {
        "type": "actions",
        "elements": [
            {"type": "static_select", "action_id": "s", **A_OR_B},
            {"type": "datetimepicker", "action_id": "d", "initial_date_time": STAMP},
            {"type": "channels_select", "action_id": "c", "initial_channel": "C404"},
        ],
    },
    {"type": "markdown", "text": "**bold**"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "To "},
                    {"type": "user", "user_id": "U404"},
                    {"type": "text", "text": " in "},
                    {"type": "channel", "channel_id": "C404"},
                    {"type": "emoji", "name": "wave"},
                    {"type": "link", "url": "https://example.org"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}],
            },
        ],
    },
]  # fmt: skip

SHOWN = """\
== Title ==
────────────────────────────────────────
*Who decides*
  <empty>
  [Approve] [Approve] <Why> [… Hide / Mute] <empty> ☐ One  ☐ Two
  *Due*
  Friday
(image: a map)
  small  (icon)
with
  (image: photo)
Pick: ○ A  ◉ B
    Only one
  <B> 2026-07-04 23:30 BST <C404>
**bold**
a | b
To @U404 in #C404:wave:https://example.org
• one"""


def test_every_block_is_drawn(slack: WebClient, ada: Person, ids: dict[str, str]) -> None:
    slack.chat_postMessage(channel=ids["ada"], text="fallback", blocks=BLOCKS)
    assert ada.read()[0].shown == SHOWN


def test_modals_are_boxes(slack: WebClient, ada: Person, ids: dict[str, str]) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": f"<@{ids['tara']}>"}}]
    slack.views_publish(user_id=ids["ada"], view={"type": "home", "blocks": blocks})
    home = ada.home
    assert home is not None
    assert home.shown == "@Tara Q"
    assert "@Tara Q" in home
