"""The same through a real process: ends, streams, and text that a Windows terminal cannot hold."""

import os
import subprocess
import sys
from pathlib import Path

from risk_model.domain.paths import PROJECT, DataDir


def _run(data: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    inherited = {key: value for key, value in os.environ.items() if key != "RECORDS_URL"}
    return subprocess.run(
        [sys.executable, "-m", "risk_model", *arguments],
        cwd=PROJECT,
        env={**inherited, "RISK_DATA_DIR": str(data), **environment},
        capture_output=True,
        check=False,
    )


def test_list_through_a_process_ends_with_0_and_writes_to_the_output_alone(demo_data: DataDir) -> None:
    ran = _run(demo_data.root, "list")
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == b""
    assert len(ran.stdout.decode("utf-8").splitlines()) == 260


def test_refusal_through_a_process_ends_with_1_on_the_error_output(demo_data: DataDir) -> None:
    ran = _run(demo_data.root, "explain", "999999")
    assert ran.returncode == 1
    assert ran.stdout == b""
    assert b"999999" in ran.stderr
    assert b"Traceback" not in ran.stderr


def test_wrong_usage_through_a_process_ends_with_2(demo_data: DataDir) -> None:
    ran = _run(demo_data.root, "list", "--nonsense")
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr


def test_shapes_are_written_whatever_the_encoding_of_the_terminal(small_data: DataDir) -> None:
    ran = _run(small_data.root, "explain", "100001", PYTHONIOENCODING="cp1252")
    assert ran.returncode == 0, ran.stderr
    assert "NOT ENOUGH EVIDENCE" in ran.stdout.decode("utf-8")
