"""People who go on working while servers are restarted under them: what they were told was kept must be kept."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.benchmarks.visitor import Visitor
from tests.servers.proxy_kit import Person, Site

_PAUSE_S = 0.2
_STOP = "Stop watching this school"


@dataclass
class Shift:
    """What one person did.

    Attributes:
        urn: the school that they put on the watch list and take off again, over and over; nobody else touches it.
        is_watched: as they were last told.
        acts: changes that the page confirmed; lost: how often their page was lost, and they came back.
        servers: those that they came to; troubles: what nobody should have to see.
    """

    urn: str
    is_watched: bool = False
    acts: int = 0
    lost: int = 0
    servers: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def work_through(site: Site, urns: Sequence[str], between: float = _PAUSE_S) -> list[Shift]:
    """Let somebody work at each of these schools while every server is restarted, one after the other.

    Args:
        between: seconds that each waits between two clicks.
    """
    shifts = [Shift(urn) for urn in urns]
    ended, ready = threading.Event(), threading.Barrier(len(urns) + 1, timeout=300)
    threads = [threading.Thread(target=_work, args=(site, one, ready, ended, between)) for one in shifts]
    for thread in threads:
        thread.start()
    try:
        # everybody has changed something before the first server goes
        ready.wait()
        site.restart_each()
        _until_all_moved(shifts)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    return shifts


def _until_all_moved(shifts: Sequence[Shift]) -> None:
    """Wait until each has done something again since the last restart."""
    before = [one.acts for one in shifts]
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if all(one.acts > acts or one.troubles for one, acts in zip(shifts, before, strict=True)):
            return
        time.sleep(0.1)


def _work(site: Site, shift: Shift, ready: threading.Barrier, ended: threading.Event, between: float) -> None:
    person, visitor, is_first, is_sure = Person(site).sign_in(), None, True, True
    try:
        while not ended.is_set():
            try:
                if visitor is None:
                    visitor = _come(person, shift, is_sure=is_sure)
                _change(visitor, shift)
                is_sure = True
                if is_first:
                    is_first = False
                    ready.wait()
                ended.wait(between)
            except (ConnectionClosed, OSError):
                # as a browser does: it says that it is connecting, and comes back by itself
                shift.lost += 1
                visitor, is_sure = None, False
                time.sleep(_PAUSE_S)
    except (AssertionError, InvalidHandshake, LookupError, RuntimeError) as error:
        shift.troubles.append(repr(error))
    finally:
        if is_first:
            ready.abort()
        if visitor is not None:
            visitor.connection.close()


def _come(person: Person, shift: Shift, *, is_sure: bool) -> Visitor:
    visitor = person.come()
    rerun = visitor.open("school", la="999", urn=shift.urn)
    assert rerun.went_well, visitor.errors()
    shift.servers.append(person.server)
    # what was on its way when the page was lost was kept, or was not; what was confirmed stays
    if is_sure:
        assert is_watched(visitor, shift.urn) == shift.is_watched
    shift.is_watched = is_watched(visitor, shift.urn)
    return visitor


def _change(visitor: Visitor, shift: Shift) -> None:
    wanted = not shift.is_watched
    rerun = visitor.press(f"watch_{shift.urn}")
    assert rerun.went_well, visitor.errors()
    assert is_watched(visitor, shift.urn) == wanted, [one.body for one in visitor.elements("alert")]
    shift.is_watched = wanted
    shift.acts += 1


def is_watched(visitor: Visitor, urn: str) -> bool:
    """Whether the page that stands there says that a school is on the watch list."""
    button = visitor.widget_id(f"watch_{urn}")
    return next(one.label for one in visitor.elements("button") if one.id == button) == _STOP
