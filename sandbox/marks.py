"""What each person has read: unread marks beside channels, and beside the people one can act as."""

from sandbox.records import Message
from sandbox.workspace import Workspace

NOTHING = ""


class Marks:
    """The newest timestamp each person has read in each conversation."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._read: dict[tuple[str, str], str] = {}

    def read(self, user_id: str, channel_id: str) -> None:
        """Note that a person has read what stands in a conversation now."""
        messages = self._workspace.messages.get(channel_id, {})
        self._read[user_id, channel_id] = max(messages, default=NOTHING)

    def unread(self, user_id: str, channel_id: str) -> int:
        """Return how many messages of others a person has not read in a conversation."""
        seen = self._read.get((user_id, channel_id), NOTHING)
        count = 0
        for ts, message in reversed(self._workspace.messages[channel_id].items()):
            if ts <= seen:
                break
            count += self._counts(user_id, message)
        return count

    def _counts(self, user_id: str, message: Message) -> bool:
        return message.user != user_id and self._workspace.sees(user_id, message)

    def everyone(self) -> dict[str, int]:
        """Return how many messages each person has not read, for those who have any."""
        counts: dict[str, int] = {}
        for channel in self._workspace.channels.values():
            if not self._workspace.messages[channel.id]:
                continue
            for user_id in channel.members:
                counts[user_id] = counts.get(user_id, 0) + self.unread(user_id, channel.id)
        return {user_id: count for user_id, count in counts.items() if count}
