"""Slack may deliver a thing twice: the second time waits for the first and says the same."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from handlers.answers import Answer, FieldErrors


class Repeats:
    """Answers by delivery key, the latest two thousand; what outlives them lies in the records."""

    def __init__(self, most: int = 2000) -> None:
        self._most = most
        self._guard = threading.Lock()
        self._answers: OrderedDict[str, _Slot] = OrderedDict()

    def once(self, key: str, work: Callable[[], Answer]) -> tuple[Answer, bool]:
        """Return the answer to a delivery, and whether it is a repeated one.

        A form that was refused keeps its id when it is corrected, so its errors are never remembered.
        """
        with self._guard:
            slot = self._answers.setdefault(key, _Slot())
            self._answers.move_to_end(key)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        with slot.lock:
            if slot.answer is not None:
                return slot.answer, True
            answer = work()
            if not isinstance(answer, FieldErrors):
                slot.answer = answer
            return answer, False


class _Slot:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answer: Answer | None = None
