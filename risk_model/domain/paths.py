"""Where things are kept."""

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LOOKUPS = PROJECT / "data" / "lookups"
RECORDS_FILE = "records.sqlite"


@dataclass(frozen=True)
class DataDir:
    """The data directory: lake, builds, demo files and records of one copy of the product."""

    root: Path

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def typed(self) -> Path:
        """The releases' rows, typed: made from the lake when a build first needs them, and made again if removed."""
        return self.root / "typed"

    @property
    def builds(self) -> Path:
        return self.root / "builds"

    @property
    def demo(self) -> Path:
        return self.root / "demo"

    @property
    def downloads(self) -> Path:
        """Published files as they were fetched, each with a description of where it came from."""
        return self.root / "downloads"

    @property
    def backtests(self) -> Path:
        """Back-tests that were made here: the scored inspections, and their figures beside them."""
        return self.root / "backtests"

    @property
    def withdrawn(self) -> Path:
        """Which releases count no longer."""
        return self.lake / "withdrawn"

    @property
    def flags(self) -> Path:
        """What each build said of each school, for ever."""
        return self.builds / "flags"

    @property
    def records_heads(self) -> Path:
        """The newest rows of the records' chains as each build found them, outside the records' own database."""
        return self.root / "records_heads.txt"

    @property
    def records_url(self) -> str:
        """Where the records are: RECORDS_URL, or a SQLite file in this data directory."""
        return os.environ.get("RECORDS_URL") or records_in(self)


def records_in(data: DataDir) -> str:
    """The address of records that are a file of a data directory, whatever RECORDS_URL names."""
    return f"sqlite:///{(data.root / RECORDS_FILE).as_posix()}"


def downloads_catalogue() -> Path:
    """Where the addresses of the official files are: RISK_DOWNLOADS, or the catalogue among the lookups."""
    configured = os.environ.get("RISK_DOWNLOADS")
    return Path(configured).resolve() if configured else LOOKUPS / "downloads.toml"


def data_dir() -> DataDir:
    """The data directory of this process: RISK_DATA_DIR, or `data/` in the project."""
    configured = os.environ.get("RISK_DATA_DIR")
    # not resolve(): it asks the disk of every folder on the way, and pages ask for this many times a run
    return DataDir(Path(configured).absolute() if configured else PROJECT / "data")
