"""files.*: what the app learns of a file, and the two calls around an upload of its own."""

from collections.abc import Mapping

from sandbox import Json
from sandbox.calls import Call, Method, Refused, invalid
from sandbox.files import Files, StoredFile
from sandbox.records import Channel, Message

LARGEST = 1024**3
ALT_MOST = 1000


class FileMethods:
    """The methods about the files of one workspace."""

    def __init__(self, files: Files) -> None:
        self._files = files

    @property
    def methods(self) -> Mapping[str, Method]:
        """Return the methods by name."""
        return {
            "files.info": Method(self._info, ("files:read",), reads_json=False),
            "files.getUploadURLExternal": Method(self._announce, ("files:write",), reads_json=False),
            "files.completeUploadExternal": Method(self._complete, ("files:write",)),
        }

    def _info(self, call: Call) -> Json:
        file = self._files.stored.get(call.text("file"))
        if file is None or not file.is_whole:
            raise Refused("file_not_found")
        return {"file": self._files.shown(file), "comments": [], "response_metadata": {"next_cursor": ""}}

    def _announce(self, call: Call) -> Json:
        name, length = call.text("filename"), call.number("length", 0)
        if not 0 < length <= LARGEST:
            raise invalid("length must be the number of bytes")
        alt_text = call.text("alt_txt", "")
        if len(alt_text) > ALT_MOST:
            raise invalid(f"alt_txt must have at most {ALT_MOST} characters")
        file = self._files.add(name, call.workspace.bot.id, is_whole=False)
        file.alt_text = alt_text
        return {"upload_url": f"{self._files.base_url}/upload/v1/{file.id}", "file_id": file.id}

    def _complete(self, call: Call) -> Json:
        files = self._announced(call)
        channel = call.channel("channel_id") if call.text("channel_id", "") else None
        if channel is not None and call.workspace.bot.id not in channel.members:
            raise Refused("not_in_channel")
        for file in files:
            file.is_whole = True
        if channel is not None:
            self._share(call, files, channel)
        return {"files": [self._files.shown(file) for file in files]}

    def _announced(self, call: Call) -> list[StoredFile]:
        told = call.structure("files")
        ids = [str(each.get("id")) for each in told if isinstance(each, dict)] if isinstance(told, list) else []
        found = [file for each in ids if (file := self._files.stored.get(each)) is not None and not file.is_whole]
        if not found or len(found) < len(ids):
            raise Refused("file_not_found")
        return found

    def _share(self, call: Call, files: list[StoredFile], channel: Channel) -> None:
        """Post the files as a message of the app."""
        for file in files:
            file.channels.append(channel.id)
        ts, words = call.workspace.new_ts(), call.text("initial_comment", "")
        thread = call.text("thread_ts", "") or None
        message = Message(channel.id, ts, call.workspace.bot.id, words, [], from_app=True, thread_ts=thread)
        message.files = [self._files.shown(file) for file in files]
        call.workspace.post(message)
