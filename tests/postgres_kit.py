"""A PostgreSQL of the tests' own: Debian's programs, a folder that goes away again, a free port of this machine.

PostgreSQL refuses to run as root, so root lets the user `postgres`, which Debian's package makes, run it.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from risk_model.casework import close_records, open_records

SERVICE_USER = "postgres"
PASSWORD = "not-to-be-shown"  # pragma: allowlist secret
TEMPLATE = "records_template"
_DEADLINE_S = "60"
_STOP_SIGNALS = ("fast", "immediate")


def programs() -> Path:
    """The folder of PostgreSQL's programs; without it the test is skipped, and fails in CI."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    reason = "PostgreSQL is not installed: see .ci/run for the package."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass
class Cluster:
    """A server with its folder, as somebody who looks after one handles it."""

    folder: Path
    port: int
    options: str

    def url(self, database: str, user: str = "tester", password: str = PASSWORD) -> str:
        """The address of the records in a database."""
        return f"postgresql+psycopg://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A connection past the product, each statement for itself."""
        address = self.url(database).replace("+psycopg", "")
        return psycopg.connect(address, autocommit=True, connect_timeout=60)

    def start(self) -> None:
        """Start it and wait until it answers; after a crash that is when it has recovered."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {self.options}"
        _run("pg_ctl", "-D", str(self.data), "-w", "-t", _DEADLINE_S, "-o", options, "-l", str(self.log), "start")

    def start_again(self) -> None:
        """Start it after a crash: what is left of the old one must be gone first."""
        deadline = time.monotonic() + float(_DEADLINE_S)
        while True:
            try:
                self.start()
                return
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def stop(self, mode: str = "fast") -> None:
        """Stop it and wait until it is gone; nothing where it does not run."""
        with suppress(subprocess.CalledProcessError):
            _run("pg_ctl", "-D", str(self.data), "-w", "-t", _DEADLINE_S, "-m", mode, "stop")

    def kill(self) -> None:
        """End the server's first process at once, as a failing machine does (SIGKILL)."""
        os.kill(self.process, signal.SIGKILL)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Every process of the server stands still for a while (SIGSTOP): its connections stay open, nothing comes."""
        with self.connect() as connection:
            found = connection.execute("select pid from pg_stat_activity where pid <> pg_backend_pid()").fetchall()
        stopped = [self.process, *(int(str(one)) for (one,) in found)]
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in reversed(stopped):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)

    @property
    def process(self) -> int:
        """The number of the server's first process."""
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def limit_files(self, most: int | None) -> None:
        """No file of its may grow beyond so many bytes, what a full disk looks like to it; None for any size."""
        with self.connect() as connection:
            found = connection.execute("select pid from pg_stat_activity").fetchall()
        for process in (self.process, *(int(str(one)) for (one,) in found)):
            # by the server's own user: others may not. A process that ended meanwhile needs none.
            with suppress(subprocess.CalledProcessError):
                _as_its_user("prlimit", "--pid", str(process), f"--fsize={'unlimited' if most is None else most}:")

    @property
    def data(self) -> Path:
        """Where it keeps its databases."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / "log.txt"


@contextmanager
def cluster(options: str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off") -> Iterator[Cluster]:
    """A running server, until the end.

    Args:
        options: of the server. By default it does not wait for the disk: nothing is meant to survive the test.
    """
    programs()
    folder = Path(tempfile.mkdtemp(prefix="records-"))
    made = Cluster(folder, _free_port(), options)
    try:
        word = folder / "password"
        word.write_text(PASSWORD)
        for path in (folder, word):
            _give_away(path)
        told = ("-D", str(made.data), "-U", "tester", "--pwfile", str(word), "-A", "scram-sha-256", "-E", "UTF8")
        # small files of the log, so that a small disk can be played
        _run("initdb", *told, "--locale=C.UTF-8", "--no-sync", "--wal-segsize=1")
        made.start()
        yield made
    finally:
        for mode in _STOP_SIGNALS:
            made.stop(mode)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Databases:
    """Fresh databases with empty records, each a copy of one that was migrated once."""

    cluster: Cluster
    numbers: Iterator[int]

    @contextmanager
    def fresh(self, *, is_empty: bool = False) -> Iterator[str]:
        """The address of a database of its own, until the end.

        Args:
            is_empty: without any table, as before the first start.
        """
        name = f"records_{next(self.numbers)}"
        template = "" if is_empty else f" template {TEMPLATE}"
        with self.cluster.connect() as connection:
            connection.execute(f"create database {name}{template}")
        try:
            yield self.cluster.url(name)
        finally:
            with self.cluster.connect() as connection:
                connection.execute(f"drop database {name} with (force)")


@contextmanager
def databases() -> Iterator[Databases]:
    """A server with a migrated template, until the end."""
    with cluster() as made:
        with made.connect() as connection:
            connection.execute(f"create database {TEMPLATE}")
        close_records(open_records(made.url(TEMPLATE)))
        yield Databases(made, count(1))


def _run(program: str, *arguments: str) -> None:
    _as_its_user(str(programs() / program), *arguments)


def _as_its_user(*command: str) -> None:
    # C.UTF-8, so that what it says can be read anywhere
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    user = SERVICE_USER if os.geteuid() == 0 else None
    subprocess.run(
        command,
        check=True,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        env=environment,
        cwd="/",
        # not a pipe: the server would keep its end open for ever
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=120,
    )


def _give_away(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, SERVICE_USER, SERVICE_USER)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
