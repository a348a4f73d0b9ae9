"""What Slack allows in every interactive element, and on which surface each works."""

from collections.abc import Mapping
from typing import Any

from sandbox.elements import options_of
from sandbox.shapes import (
    PLAIN,
    Check,
    Problems,
    Shape,
    anything,
    boolean,
    choice,
    integer,
    listing,
    matching,
    string,
    text,
)

ACTION_ID = string(255)
URL = matching(r"https?://.{1,2990}", "an http or https URL of at most 3000 characters")
STYLE = choice("primary", "danger")
DATE = matching(r"\d{4}-\d\d-\d\d", "a date, YYYY-MM-DD")
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time, HH:MM")
INSTANT = integer(1_000_000_000, 9_999_999_999)
PLACEHOLDER = {"placeholder": text(150, PLAIN)}
CONFIRM = Shape(
    required={"title": text(100, PLAIN), "text": text(300)},
    optional={"confirm": text(30, PLAIN), "deny": text(30, PLAIN), "style": STYLE},
)
DISPATCH = Shape(
    optional={"trigger_actions_on": listing(choice("on_enter_pressed", "on_character_entered"), 2)},
)


def option(*kinds: str) -> Shape:
    """Return the shape of an option whose text is of these kinds."""
    return Shape(
        required={"text": text(75, *kinds), "value": string(150)},
        optional={"description": text(75, *kinds), "url": string(3000)},
    )


PLAIN_OPTION = option(PLAIN)
ANY_OPTION = option()
GROUP = Shape(required={"label": text(75, PLAIN), "options": listing(PLAIN_OPTION, 100)})
SHARED: dict[str, Check] = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": boolean}
MANY: dict[str, Check] = {"max_selected_items": integer(1, 100)}
FILTER = Shape(
    optional={
        "include": listing(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def _options_or_groups(element: Mapping[str, Any], at: str) -> Problems:
    has = [name for name in ("options", "option_groups") if element.get(name)]
    return [] if len(has) == 1 else [f"{at}: exactly one of options and option_groups is needed"]


def _initial_is_option(element: Mapping[str, Any], at: str) -> Problems:
    options = options_of(element)
    chosen = element.get("initial_options") or [element.get("initial_option")]
    return [f"{at}: an initial option is not among the options" for each in chosen if each and each not in options]


def _no_doubles(element: Mapping[str, Any], at: str) -> Problems:
    values = [each["value"] for each in options_of(element)]
    return [f"{at}: two options have the same value"] if len(set(values)) < len(values) else []


def _decimals_in_order(element: Mapping[str, Any], at: str) -> Problems:
    bounds = [element.get("min_value"), element.get("max_value")]
    if None not in bounds and float(bounds[0] or 0) > float(bounds[1] or 0):
        return [f"{at}: min_value is above max_value"]
    return []


def _lengths_in_order(element: Mapping[str, Any], at: str) -> Problems:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    return [f"{at}: min_length is above max_length"] if least > most else []


def _select(*fields: tuple[str, Check]) -> Shape:
    return Shape(optional={**SHARED, **PLACEHOLDER, **dict(fields)})


def _static(*, many: bool) -> Shape:
    initial: dict[str, Check] = (
        {"initial_options": listing(PLAIN_OPTION, 100), **MANY} if many else {"initial_option": PLAIN_OPTION}
    )
    choices = {"options": listing(PLAIN_OPTION, 100), "option_groups": listing(GROUP, 100)}
    return Shape(
        optional={**SHARED, **PLACEHOLDER, **choices, **initial},
        together=(_options_or_groups, _initial_is_option, _no_doubles),
    )


def _typed(longest_field: Mapping[str, Check]) -> dict[str, Check]:
    return {
        "action_id": ACTION_ID,
        "focus_on_load": boolean,
        "dispatch_action_config": DISPATCH,
        **PLACEHOLDER,
        **longest_field,
    }


NUMBER = matching(r"-?\d+(\.\d+)?", "a number written as a string")
ELEMENTS: dict[str, Check] = {
    "button": Shape(
        required={"text": text(75, PLAIN)},
        optional={
            "action_id": ACTION_ID,
            "url": URL,
            "value": string(2000),
            "style": STYLE,
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "overflow": Shape(
        required={"options": listing(PLAIN_OPTION, 5)},
        optional={"action_id": ACTION_ID, "confirm": CONFIRM},
        together=(_no_doubles,),
    ),
    "static_select": _static(many=False),
    "multi_static_select": _static(many=True),
    "external_select": _select(("initial_option", PLAIN_OPTION), ("min_query_length", integer(0, 255))),
    "multi_external_select": _select(
        ("initial_options", listing(PLAIN_OPTION, 100)),
        ("min_query_length", integer(0, 255)),
        *MANY.items(),
    ),
    "users_select": _select(("initial_user", string(255))),
    "multi_users_select": _select(("initial_users", listing(string(255), 100)), *MANY.items()),
    "conversations_select": _select(
        ("initial_conversation", string(255)),
        ("default_to_current_conversation", boolean),
        ("response_url_enabled", boolean),
        ("filter", FILTER),
    ),
    "multi_conversations_select": _select(
        ("initial_conversations", listing(string(255), 100)),
        ("default_to_current_conversation", boolean),
        ("filter", FILTER),
        *MANY.items(),
    ),
    "channels_select": _select(("initial_channel", string(255)), ("response_url_enabled", boolean)),
    "multi_channels_select": _select(("initial_channels", listing(string(255), 100)), *MANY.items()),
    "datepicker": _select(("initial_date", DATE)),
    "timepicker": _select(("initial_time", TIME), ("timezone", string(255))),
    "datetimepicker": Shape(optional={**SHARED, "initial_date_time": INSTANT}),
    "checkboxes": Shape(
        required={"options": listing(ANY_OPTION, 10)},
        optional={**SHARED, "initial_options": listing(ANY_OPTION, 10)},
        together=(_initial_is_option, _no_doubles),
    ),
    "radio_buttons": Shape(
        required={"options": listing(ANY_OPTION, 10)},
        optional={**SHARED, "initial_option": ANY_OPTION},
        together=(_initial_is_option, _no_doubles),
    ),
    "plain_text_input": Shape(
        optional=_typed(
            {
                "initial_value": string(3000, 0),
                "multiline": boolean,
                "min_length": integer(0, 3000),
                "max_length": integer(1, 3000),
            }
        ),
        together=(_lengths_in_order,),
    ),
    "email_text_input": Shape(optional=_typed({"initial_value": string(3000)})),
    "url_text_input": Shape(optional=_typed({"initial_value": string(3000)})),
    "number_input": Shape(
        required={"is_decimal_allowed": boolean},
        optional=_typed({"initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER}),
        together=(_decimals_in_order,),
    ),
    "rich_text_input": Shape(optional=_typed({"initial_value": anything})),
    "file_input": Shape(
        optional={
            "action_id": ACTION_ID,
            "filetypes": listing(string(50), 100),
            "max_files": integer(1, 10),
        },
    ),
}

TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"})
SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
IN_ACTIONS = frozenset(ELEMENTS) - TEXT_INPUTS - {"file_input"}
AS_ACCESSORY = IN_ACTIONS
IN_INPUT = frozenset(ELEMENTS) - {"button", "overflow"}
NOT_IN: Mapping[str, frozenset[str]] = {
    "message": frozenset({"file_input", "number_input", "email_text_input", "url_text_input"}),
    "home": frozenset({"file_input", "datetimepicker", "number_input", "email_text_input", "url_text_input"}),
    "modal": frozenset(),
}
