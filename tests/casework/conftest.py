"""Fresh records for each test: in a file, and in a database of a server, since both must behave alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from risk_model.casework import Records, close_records, open_records
from tests.postgres_kit import Databases, databases


@pytest.fixture(scope="session")
def server() -> Iterator[Databases]:
    """A PostgreSQL of this worker's own."""
    with databases() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine."""
    return str(request.param)


@pytest.fixture
def address(request: pytest.FixtureRequest, engine_name: str) -> Iterator[str]:
    """Where records are to be, on each engine."""
    with place(request, engine_name, is_empty=False) as made:
        yield made


@pytest.fixture
def empty_address(request: pytest.FixtureRequest, engine_name: str) -> Iterator[str]:
    """Where there is no table yet, on each engine."""
    with place(request, engine_name, is_empty=True) as made:
        yield made


@contextmanager
def place(request: pytest.FixtureRequest, engine_name: str, *, is_empty: bool) -> Iterator[str]:
    """A place of records; a server is started only for whoever needs one."""
    if engine_name == "sqlite":
        yield str(request.getfixturevalue("file_address"))
        return
    server: Databases = request.getfixturevalue("server")
    with server.fresh(is_empty=is_empty) as made:
        yield made


@pytest.fixture
def file_address(tmp_path: Path) -> str:
    """Where records are to be, in a file."""
    return f"sqlite:///{(tmp_path / 'records.sqlite').as_posix()}"


@pytest.fixture
def records(address: str) -> Iterator[Records]:
    """Open records, on each engine."""
    opened = open_records(address)
    yield opened
    close_records(opened)


@pytest.fixture
def file_records(file_address: str) -> Iterator[Records]:
    """Open records, in a file."""
    opened = open_records(file_address)
    yield opened
    close_records(opened)
