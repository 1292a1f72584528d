"""Where the real published files are."""

import os
from pathlib import Path

import pytest

from risk_model.domain.paths import PROJECT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with real published files: RISK_REAL_DATA, or beside the project.

    They are not part of the project, so without them the tests are skipped; in CI they are there, and their
    absence is a failure.
    """
    folder = Path(os.environ.get("RISK_REAL_DATA") or PROJECT.parent / "shared" / "data")
    if folder.is_dir():
        return folder
    reason = "the real published files are neither beside the project nor where RISK_REAL_DATA says"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI must run on real data, but {reason}")
    pytest.skip(reason)
