"""Reading a file that somebody dropped into the bot's direct messages."""

import logging
from dataclasses import dataclass
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.copying import NotReadable, read
from services.desk import Dropped

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SlackFiles:
    """The files of a workspace, as far as the bot may read them."""

    client: WebClient

    def read(self, file_id: str, most: int) -> Dropped | None:
        """Return a file of at most so many bytes; None for what is larger or can't be read. The log has the reason."""
        try:
            shown = dict(self.client.files_info(file=file_id)["file"])
            if int(shown.get("size", 0)) > most:
                return None
            content = read(self.client, str(shown["url_private_download"]), str(shown.get("mimetype", "")), most)
        except SlackApiError as error:
            log.warning("a dropped file could not be read: %s", error.response.get("error"))
        except (SlackClientError, NotReadable, OSError, HTTPException, KeyError, ValueError) as error:
            log.warning("a dropped file could not be read: %s", type(error).__name__)
        else:
            return Dropped(file_id, str(shown.get("name", "")), content, str(shown.get("user", "")))
        return None
