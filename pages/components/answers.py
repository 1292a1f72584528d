"""What services have answered, remembered while nothing that they read has changed."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

# a profile takes about thirty: a hundred of them, with every other page, in some hundred megabytes
MOST = 3_000


@dataclass(frozen=True)
class This:
    """A thing that is told from others by being itself: it cannot be compared cheaply, and nobody changes it."""

    one: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, This) and other.one is self.one

    def __hash__(self) -> int:
        return id(self.one)


@dataclass(frozen=True)
class Aside:
    """An argument that says nothing beyond the others: two answers never differ by it alone."""

    one: Any = field(compare=False)


def as_key(value: object) -> Hashable:
    """What stands for an argument in the key of an answer; values of different types are never the same.

    A list stands for what is in it now; a frame, or a dataclass that holds one, for itself alone.
    """
    if isinstance(value, list | tuple):
        return type(value), tuple(as_key(one) for one in value)
    if isinstance(value, dict):
        return dict, tuple((as_key(name), as_key(one)) for name, one in value.items())
    if isinstance(value, set | frozenset):
        return type(value), frozenset(as_key(one) for one in value)
    try:
        hash(value)
    except TypeError:
        return This(value)
    return type(value), value


class _Key:
    """A key whose hash is worked out once: that of a chart's description takes a while."""

    __slots__ = ("_hash", "_parts")

    def __init__(self, parts: Hashable) -> None:
        self._parts = parts
        self._hash = hash(parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other._parts == self._parts

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True)
class State:
    """Of everything that services read: the records, and what else there is."""

    rest: Hashable
    records: Hashable


@dataclass
class _Answer:
    """One answer, and the lock that lets only one person wait for it to be worked out."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    state: State | None = None
    reads_records: bool = False
    value: Any = None

    def holds(self, state: State) -> bool:
        """Whether it is worked out, and nothing that it rests on has changed since."""
        if self.state is None or self.state.rest != state.rest:
            return False
        return not self.reads_records or self.state.records == state.records


class Answers:
    """The last answers, for all sessions. What is in them is never changed by anybody: pages only read.

    An answer belongs to a state of the data, one that rests on no record whatever the records say.
    """

    def __init__(self, most: int = MOST) -> None:
        """Nothing is known yet.

        Args:
            most: answers that are kept; the one that was not asked for longest goes first.
        """
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[_Key, _Answer] = OrderedDict()
        self._state: State | None = None

    def answer(self, key: Hashable, state: State, work: Callable[[], tuple[Any, bool]]) -> Any:
        """What is remembered under a key, or what the work finds now; what it raises is not remembered.

        Args:
            work: gives the answer, and whether it rests on the records.
        """
        one = self._place(_Key(key), state)
        with one.lock:
            if not one.holds(state):
                one.value, one.reads_records = work()
                one.state = state
            return one.value

    def values(self) -> list[Any]:
        """Every answer that is remembered, the one that was asked for longest ago first."""
        with self._lock:
            return [one.value for one in self._known.values() if one.state is not None]

    def _place(self, key: _Key, state: State) -> _Answer:
        with self._lock:
            if state != self._state:
                self._state = state
                self._known = OrderedDict((old, one) for old, one in self._known.items() if one.holds(state))
            one = self._known.setdefault(key, _Answer())
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
            return one
