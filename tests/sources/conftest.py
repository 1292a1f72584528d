"""A desk to import at."""

from pathlib import Path

import pytest

from risk_model.domain.paths import DataDir
from tests.sources.kit import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty data directory beside a folder for files."""
    folder = tmp_path / "given"
    folder.mkdir()
    return Desk(DataDir(tmp_path / "data"), folder)
