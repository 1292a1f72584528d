"""The demo, written once for all tests of this folder."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from risk_model.demo import make_demo

Rows = list[dict[str, str]]
ReadRows = Callable[..., Rows]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    make_demo(folder)
    return folder


@pytest.fixture(scope="session")
def read(demo: Path) -> ReadRows:
    """Reads one file of the demo as rows; a field that a short row lacks is blank."""

    def read_rows(path: str, encoding: str = "utf-8-sig") -> Rows:
        with (demo / path).open(encoding=encoding, newline="") as file:
            return [
                {name: value or "" for name, value in row.items() if name is not None} for row in csv.DictReader(file)
            ]

    return read_rows
