"""A strict Slack workspace on loopback, to try a Slack app and to test it; it knows nothing of the app."""

from typing import Any

Json = dict[str, Any]
