"""`python -m tests.benchmarks.people [DATA_DIR LA_CODE] [--people 20 50] [--seconds 60]`: many people at work at once.

Each is a session of its own on a real server: comes to the list, filters it, looks for a school, selects rows, opens
profiles of the forty most urgent schools and other pages, and thinks for two seconds between clicks. `--first` lets
them begin on a server that nobody has asked anything; else somebody has looked at each page and profile before.
Prints how long the reruns took and what went wrong. `--soak 2000` lets one person after the other rerun pages without
thinking, and prints the server's memory.
"""

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from risk_model.domain.paths import PROJECT, DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.preparing import get_ready
from tests.benchmarks.pages import urns_of
from tests.benchmarks.serving import Server, served
from tests.benchmarks.visitor import Rerun, Visitor, arriving, selected

THINK_S = 2.0
_ROWS = 10
_LOOKED_AT = 40
_WORDS = ("primary", "academy", "st", "church", "park", "")
_PRIORITIES = (["priority"], ["watch"], ["priority", "find out"], [])
_PHASES = ("Primary", "Secondary", None)
_SUPPORT_VIEWS = ("gaps", "matrix", "leaders", "capacity")
_OTHER_PAGES = ("", "core_group", "regional_director", "history", "rules", "model", "data")
_MEGABYTE = 1 << 20


@dataclass
class Diary:
    """What happened to all of them."""

    seconds: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, rerun: Rerun, visitor: Visitor) -> None:
        """Write one rerun down."""
        with self.lock:
            self.seconds.append(rerun.seconds)
            if not rerun.went_well:
                self.troubles.append(f"{what}: {visitor.errors()}")


def one_step(visitor: Visitor, chance: random.Random, la: str, urns: Sequence[str]) -> tuple[str, Rerun]:
    """One click of somebody at work, by chance; what it was and what it brought."""
    on_list = visitor.page_name == "schools_at_risk"
    steps: list[tuple[str, Callable[[], Rerun]]] = [
        ("a profile", lambda: visitor.go("school", la=la, urn=chance.choice(urns))),
        ("support", lambda: visitor.go("support", la=la, view=chance.choice(_SUPPORT_VIEWS))),
        ("another page", lambda: visitor.go(chance.choice(_OTHER_PAGES), la=la)),
    ]
    if on_list:
        steps += [
            ("a filter", lambda: visitor.choose("priority", list(chance.choice(_PRIORITIES)))),
            ("a search", lambda: visitor.choose("q", chance.choice(_WORDS))),
            ("a phase", lambda: visitor.choose("phase", chance.choice(_PHASES))),
            ("a row", lambda: visitor.choose("schools", selected(chance.randrange(_ROWS)))),
            ("a row", lambda: visitor.choose("schools", selected(chance.randrange(_ROWS)))),
        ]
    else:
        steps += [("the list", lambda: visitor.go("schools_at_risk", la=la))] * 3
    what, act = chance.choice(steps)
    return what, act()


def at_work(server: Server, la: str, urns: Sequence[str], number: int, until: float, diary: Diary) -> None:
    """One person's time at work."""
    chance = random.Random(number)
    time.sleep(chance.uniform(0, 2 * THINK_S))
    try:
        visitor = arriving(server.address)
        diary.note("coming", visitor.open("schools_at_risk", la=la), visitor)
        while time.monotonic() < until:
            time.sleep(chance.uniform(THINK_S / 2, 3 * THINK_S / 2))
            what, rerun = one_step(visitor, chance, la, urns)
            diary.note(what, rerun, visitor)
        visitor.connection.close()
    except (OSError, RuntimeError, LookupError) as error:
        with diary.lock:
            diary.troubles.append(f"person {number}: {error!r}")


def look_at_all(server: Server, la: str, urns: Sequence[str]) -> None:
    """Somebody who was there before: each page, each view of support, each profile, once."""
    visitor = arriving(server.address)
    visitor.open("schools_at_risk", la=la)
    for row in range(_ROWS):
        visitor.choose("schools", selected(row))
    for page in _OTHER_PAGES:
        visitor.go(page, la=la)
    for view in _SUPPORT_VIEWS:
        visitor.go("support", la=la, view=view)
    for urn in urns:
        visitor.go("school", la=la, urn=urn)
    visitor.connection.close()


def work_together(server: Server, la: str, urns: Sequence[str], people: int, seconds: float) -> str:
    """Let them work at once; what it came to, in a line of the table."""
    diary, before, began = Diary(), server.cost(), time.monotonic()
    until = began + seconds
    threads = [
        threading.Thread(target=at_work, args=(server, la, urns, number, until, diary)) for number in range(people)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    after, took = server.cost(), time.monotonic() - began
    share = (after.seconds - before.seconds) / took
    times = statistics.quantiles(diary.seconds, n=100)
    under = sum(one < 1 for one in diary.seconds) / len(diary.seconds)
    for trouble in diary.troubles[:5]:
        sys.stdout.write(f"went wrong: {trouble}\n")
    told = [people, len(diary.seconds), f"{times[49]:.2f}", f"{times[94]:.2f}", f"{max(diary.seconds):.2f}"]
    return " | ".join(["", *map(str, told), f"{under:.1%}", str(len(diary.troubles)), f"{share:.2f}", ""]).strip()


HEAD = """| people | reruns | half within, s | 95% within, s | slowest, s | under 1 s | errors | processors used |
|---|---|---|---|---|---|---|---|"""


def soak(server: Server, la: str, urns: Sequence[str], reruns: int) -> None:
    """Rerun pages without a pause, a new person every hundred; print the memory as it goes."""
    chance = random.Random(1)
    done = 0
    sys.stdout.write("| reruns | memory, MB |\n|---|---|\n")
    while done < reruns:
        visitor = arriving(server.address)
        visitor.open("schools_at_risk", la=la)
        for _ in range(99):
            what, rerun = one_step(visitor, chance, la, urns)
            if not rerun.went_well:
                raise RuntimeError(f"{what}: {visitor.errors()}")
        with suppress(OSError):
            visitor.connection.close()
        done += 100
        memory = server.cost().memory
        if done % 200 == 0:
            sys.stdout.write(f"| {done} | {'not measured' if memory is None else f'{memory / _MEGABYTE:.0f}'} |\n")
            sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """Print how they fared."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.people", description=__doc__)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("la", nargs="?", default="999")
    parser.add_argument("--people", type=int, nargs="+", default=[20, 50])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--first", action="store_true", help="nobody has asked the server anything before")
    parser.add_argument("--soak", type=int, help="so many reruns, one after the other, instead")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder) / "data"
        if not asked.data:
            get_ready(local_viewer(), DataDir(data), lambda text: None)
        with served(PROJECT / "app.py", {"RISK_DATA_DIR": str(data)}, Path(folder) / "log.txt") as server:
            urns = urns_of(server, asked.la)[:_LOOKED_AT]
            if not asked.first:
                look_at_all(server, asked.la, urns)
            if asked.soak:
                soak(server, asked.la, urns, asked.soak)
                return
            sys.stdout.write(f"LA {asked.la}\n{HEAD}\n")
            for people in asked.people:
                sys.stdout.write(f"{work_together(server, asked.la, urns, people, asked.seconds)}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
