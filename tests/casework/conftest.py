"""A fresh SQLite file for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from risk_model.casework import Records, close_records, open_records


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{(tmp_path / 'records.sqlite').as_posix()}"


@pytest.fixture
def records(address: str) -> Iterator[Records]:
    opened = open_records(address)
    yield opened
    close_records(opened)
