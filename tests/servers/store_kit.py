"""An S3-compatible store on this machine: moto's server, in a process and with packages of its own."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyarrow import fs

from risk_model.domain.paths import PROJECT
from tests.browser.browsing import HOME, free_port, wait_for

BUCKET = "builds"
KEYS = {"AWS_ACCESS_KEY_ID": "tester", "AWS_SECRET_ACCESS_KEY": "nothing-secret", "AWS_EC2_METADATA_DISABLED": "true"}


def program() -> str:
    """The server's program; where it is not installed the test is skipped, and fails in CI."""
    found = shutil.which("moto_server", path=f"{PROJECT / '.venv-store' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        reason = "moto's server is not installed: see .ci/run."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@dataclass
class S3:
    """A store that can be stopped and started again; what it held is gone then."""

    port: int
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        """As RISK_STORE takes it."""
        return f"s3://{BUCKET}/la?endpoint_override={HOME}:{self.port}&scheme=http&region=eu-west-2"

    def start(self) -> None:
        """Let it answer, with an empty bucket."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([program(), "-H", HOME, "-p", str(self.port)], stdout=log, stderr=log)
        wait_for(f"http://{HOME}:{self.port}/moto-api/", self.process, self.log)
        address = f"{self.address}&allow_bucket_creation=true".replace(f"{BUCKET}/la", BUCKET)
        files, root = fs.FileSystem.from_uri(address)
        files.create_dir(root)

    def stop(self) -> None:
        """Let nobody answer."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def s3(folder: Path) -> Iterator[S3]:
    """A running store on a free port of this machine, until the end."""
    store = S3(free_port(), folder / "s3.log")
    store.start()
    try:
        yield store
    finally:
        store.stop()
