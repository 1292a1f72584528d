"""The demo, made once for all tests, and each test's own place to write to."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from risk_model.domain.paths import RECORDS_FILE, DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.model_figures import ModelFigures, write_figures
from risk_model.services import model_figures
from risk_model.services.copy import Copy, opened
from risk_model.services.preparing import build_now, import_files, make_demo_copy
from risk_model.sources.options import ImportOptions
from tests.model_kit import Committed, made_up_figures
from tests.registers import HOSTILE, SmallSchool, write_registers

UseData = Callable[[Path], DataDir]


@pytest.fixture(scope="session")
def demo_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory with the demo: for reading only."""
    folder = tmp_path_factory.mktemp("demo_data")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        make_demo_copy(local_viewer(), DataDir(folder))
    with _left_as_it_is(folder):
        yield folder


SMALL_AS_AT = date(2025, 10, 1)
SMALL_SCHOOLS = (
    SmallSchool(100001, HOSTILE, overall="4"),
    SmallSchool(100002, "Bramblewick Primary School"),
    SmallSchool(
        100003,
        "Quillhaven Academy",
        overall="4",
        type="Academy converter",
        phase="Secondary",
        trust_uid="5001",
        trust_name="<b>Trust</b> of *stars*",
    ),
    SmallSchool(100004, "Fennelow Primary School", overall=""),
)


@pytest.fixture(scope="session")
def small_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Four schools with real numbers and nothing but their registers: for reading only."""
    folder = tmp_path_factory.mktemp("small_data")
    files = write_registers(tmp_path_factory.mktemp("small_files"), SMALL_SCHOOLS)
    data = DataDir(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        reports = import_files(local_viewer(), data, files, ImportOptions())
        assert [report.status for report in reports] == ["imported", "imported"], reports
        build_now(local_viewer(), data, SMALL_AS_AT)
    with _left_as_it_is(folder):
        yield folder


@pytest.fixture
def use_data(monkeypatch: pytest.MonkeyPatch) -> UseData:
    """Lets the product work in a data directory for the length of a test."""

    def use(folder: Path) -> DataDir:
        monkeypatch.setenv("RISK_DATA_DIR", str(folder))
        monkeypatch.delenv("RECORDS_URL", raising=False)
        return DataDir(folder)

    return use


@pytest.fixture(scope="session")
def read_demo(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo that tests share which change nothing but the logs of what was shown and taken out."""
    return _shared(demo_dir, tmp_path_factory.mktemp("read_demo") / "data")


@pytest.fixture(scope="session")
def read_small(small_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a copy of the four schools."""
    return _shared(small_dir, tmp_path_factory.mktemp("read_small") / "data")


@pytest.fixture
def demo_data(demo_dir: Path, read_demo: Path, use_data: UseData) -> DataDir:
    """The shared demo, as the data directory of this process: for reading only."""
    _records_anew(demo_dir, read_demo)
    return use_data(read_demo)


@pytest.fixture
def own_data(demo_dir: Path, tmp_path: Path, use_data: UseData) -> DataDir:
    """A copy of the demo that a test may change."""
    return use_data(copied(demo_dir, tmp_path / "data"))


@pytest.fixture
def small_data(small_dir: Path, read_small: Path, use_data: UseData) -> DataDir:
    """The four schools, as the data directory of this process: for reading only."""
    _records_anew(small_dir, read_small)
    return use_data(read_small)


@pytest.fixture
def own_small_data(small_dir: Path, tmp_path: Path, use_data: UseData) -> DataDir:
    """A copy of the four schools that a test may change."""
    return use_data(copied(small_dir, tmp_path / "small"))


@pytest.fixture
def empty_data(tmp_path: Path, use_data: UseData) -> DataDir:
    """A data directory with nothing in it."""
    return use_data(tmp_path / "data")


@pytest.fixture
def demo_copy(demo_data: DataDir) -> Iterator[Copy]:
    """The shared demo, open: for reading only."""
    with opened(demo_data) as copy:
        yield copy


@pytest.fixture
def own_copy(own_data: DataDir) -> Iterator[Copy]:
    """A copy of the demo that a test may change, open."""
    with opened(own_data) as copy:
        yield copy


@pytest.fixture(scope="session")
def england_figures() -> ModelFigures:
    """Made-up figures of a back-test, by the rules of the files; worked out once."""
    return made_up_figures()


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Committed:
    """`committed(figures)`: the product comes with these figures of England; `committed(None)`: with none."""
    path = tmp_path / "figures_of_england.json"
    monkeypatch.setattr(model_figures, "FIGURES", path)

    def commit(figures: ModelFigures | None) -> None:
        path.unlink(missing_ok=True)
        if figures is not None:
            write_figures(path, figures)

    return commit


@contextmanager
def _left_as_it_is(folder: Path) -> Iterator[None]:
    """Tests copy a folder before they change it: who does not makes others fail, by their order alone."""
    before = _written(folder)
    yield
    assert _written(folder) == before, f"a test changed the records of {folder.name}"


def _written(folder: Path) -> dict[str, int]:
    """How many rows each table of the records has."""
    with closing(sqlite3.connect(folder / RECORDS_FILE)) as records:
        named = records.execute("select name from sqlite_master where type = 'table'").fetchall()
        return {name: records.execute(f'select count(*) from "{name}"').fetchone()[0] for (name,) in named}


def _shared(source: Path, target: Path) -> Path:
    # whole: some tests compare what is shown with the files that were imported
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("import.lock"))
    return target


def _records_anew(source: Path, target: Path) -> None:
    """What the test before has logged in the records is gone."""
    for left in target.glob(f"{RECORDS_FILE}*"):
        left.unlink()
    for file in source.glob(f"{RECORDS_FILE}*"):
        shutil.copyfile(file, target / file.name)


def copied(demo: Path, target: Path) -> Path:
    """Copy a data directory that nobody has open; the files that were imported stay behind."""
    shutil.copytree(demo, target, ignore=shutil.ignore_patterns("demo", "import.lock"))
    return target
