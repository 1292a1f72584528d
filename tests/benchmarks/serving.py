"""A Streamlit server in a process of its own, that says what it costs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from risk_model.domain.paths import PROJECT
from tests.browser.browsing import HOME, free_port, wait_for


@dataclass(frozen=True)
class Cost:
    """What a server has used since its start: seconds of processor, and bytes of memory that it holds now."""

    seconds: float
    memory: int | None


@dataclass(frozen=True)
class Server:
    """A running server."""

    address: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def cost(self) -> Cost:
        """What it has cost until now."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"cost\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith(b"{"):
                told = json.loads(line)
                return Cost(told["seconds"], told["memory"])
        raise RuntimeError("The server has ended.")


@contextmanager
def served(app: Path, environment: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Serve an app on a free port of this machine for a while.

    Args:
        log: where the server's complaints go.
    """
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.served", str(app), str(port)]
    with (
        log.open("wb") as complaints,
        subprocess.Popen(
            command,
            cwd=PROJECT,
            # what goes wrong in a measurement is told in full
            env={**os.environ, "STREAMLIT_CLIENT_SHOW_ERROR_DETAILS": "full", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        ) as process,
    ):
        try:
            address = f"http://{HOME}:{port}"
            wait_for(f"{address}/_stcore/health", process, log)
            yield Server(address, process, log)
        finally:
            # nothing is to be kept; a server that is asked to end waits for its visitors
            process.kill()
