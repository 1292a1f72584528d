"""`python -m tests.benchmarks.several [--people 50] [--seconds 600] [--restarting 20]`: two servers behind nginx.

The invented LA, its records on PostgreSQL. People do what they do in `tests.benchmarks.people`, signed in, through the
proxy. Prints each server's memory every minute, how long the reruns took, and what went wrong. Then some put schools on
their watch list and take them off again, while one server and then the other is restarted: prints what they were told
was kept and is not, and what they saw that nobody should.
"""

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from websockets.exceptions import WebSocketException

from risk_model.casework import close_records, copy_records, open_records
from risk_model.domain.paths import DataDir, records_in
from risk_model.domain.viewer import local_viewer
from risk_model.services.preparing import make_demo_copy
from tests.benchmarks.people import THINK_S, Diary, one_step
from tests.postgres_kit import databases
from tests.servers.proxy_kit import Person, Site, site
from tests.servers.shift import work_through

_MEGABYTE = 1 << 20
_LOOKED_AT, _LOOK_EVERY_S = 40, 60.0


def at_work(there: Site, urns: Sequence[str], number: int, until: float, diary: Diary) -> None:
    """One person's time at work."""
    chance = random.Random(number)
    time.sleep(chance.uniform(0, 2 * THINK_S))
    try:
        visitor = Person(there).sign_in().come()
        diary.note("coming", visitor.open("schools_at_risk", la="999"), visitor)
        while time.monotonic() < until:
            time.sleep(chance.uniform(THINK_S / 2, 3 * THINK_S / 2))
            what, rerun = one_step(visitor, chance, "999", urns)
            diary.note(what, rerun, visitor)
        visitor.connection.close()
    except (AssertionError, LookupError, OSError, RuntimeError, WebSocketException) as error:
        with diary.lock:
            diary.troubles.append(f"person {number}: {error!r}")


def _memory(there: Site) -> str:
    """What each server holds, in MB."""
    told = []
    for name, app in there.apps.items():
        assert app.process is not None
        pages = Path(f"/proc/{app.process.pid}/statm").read_text("ascii").split()[1]
        told.append(f"{name} {int(pages) * 4096 / _MEGABYTE:.0f} MB")
    return ", ".join(told)


def _restarted(there: Site, urns: Sequence[str]) -> str:
    """What happens to people at work while each server is restarted."""
    shifts = work_through(there, urns, THINK_S)
    troubles = [trouble for one in shifts for trouble in one.troubles]
    for trouble in troubles[:5]:
        sys.stdout.write(f"went wrong: {trouble}\n")
    acts, lost = sum(one.acts for one in shifts), sum(one.lost for one in shifts)
    return (
        f"{len(shifts)} people, each server restarted: {acts} changes confirmed and found again, {lost} times "
        f"a page was lost and came back, {len(troubles)} errors\n"
    )


def main(people: int, seconds: float, restarting: int) -> None:
    """Make the demo, serve it twice, let people work, then restart it under some of them."""
    with tempfile.TemporaryDirectory() as folder, databases() as made, made.fresh() as url:
        data = DataDir(Path(folder) / "data")
        make_demo_copy(local_viewer(), data)
        old, new = open_records(records_in(data)), open_records(url)
        copy_records(old, new)
        close_records(old)
        close_records(new)
        urns = [str(900_001 + number) for number in range(_LOOKED_AT)]
        with site(Path(folder), {"RISK_DATA_DIR": str(data.root), "RECORDS_URL": url}) as there:
            diary = Diary()
            at_work(there, urns, 0, time.monotonic() + 5, diary)
            before, until = _memory(there), time.monotonic() + seconds
            threads = [
                threading.Thread(target=at_work, args=(there, urns, number, until, diary)) for number in range(people)
            ]
            for one in threads:
                one.start()
            sys.stdout.write(f"before: {before}\n")
            while time.monotonic() < until:
                time.sleep(min(_LOOK_EVERY_S, max(0.0, until - time.monotonic())))
                sys.stdout.write(f"{len(diary.seconds)} reruns: {_memory(there)}\n")
                sys.stdout.flush()
            for one in threads:
                one.join()
            times = statistics.quantiles(diary.seconds, n=100)
            for trouble in diary.troubles[:5]:
                sys.stdout.write(f"went wrong: {trouble}\n")
            sys.stdout.write(
                f"{people} people, {len(diary.seconds)} reruns, {len(diary.troubles)} errors; half within "
                f"{times[49]:.2f} s, 95% within {times[94]:.2f} s, slowest {max(diary.seconds):.2f} s\n"
            )
            sys.stdout.flush()
            sys.stdout.write(_restarted(there, urns[:restarting]))


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--restarting", type=int, default=20)
    given = asked.parse_args()
    main(given.people, given.seconds, given.restarting)
