"""Ways to try records: written and undone, or by many threads at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier
from typing import TypeVar

from storage.database import Database
from storage.records import Records

T = TypeVar("T")
THREADS = 16


class _UndoneError(Exception):
    pass


@contextmanager
def a_trial(store: Database) -> Iterator[Records]:
    """Hand out records whose writing is undone at the end."""
    with suppress(_UndoneError), store.transaction() as records:
        yield records
        raise _UndoneError


def at_once(work: Callable[[int], T], threads: int = THREADS) -> list[T]:
    """Do the same in so many threads, all starting together, and return what each returned."""
    ready = Barrier(threads)

    def one(number: int) -> T:
        ready.wait(10)
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))


def in_transactions(store: Database, change: Callable[[Records, int], T]) -> list[T]:
    """Make the same change in a transaction of each thread, all starting together."""

    def one(number: int) -> T:
        with store.transaction() as records:
            return change(records, number)

    return at_once(one)
