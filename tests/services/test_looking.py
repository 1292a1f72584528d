"""A look at files before they are stored: the same checks, the same words, nothing written."""

from pathlib import Path

import pytest

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import opened
from risk_model.services.data import releases
from risk_model.services.preparing import (
    MOST_UPLOADED_BYTES,
    MOST_UPLOADS,
    FileReport,
    ImportOptions,
    Said,
    check_uploads,
    import_uploads,
    lake_state,
    look_at_upload,
)
from risk_model.services.withdrawing import withdraw_release
from tests.conftest import SMALL_SCHOOLS
from tests.registers import SmallSchool, write_registers

WHO = local_viewer()
HEADER = b"LA,ESTAB,URN,PERCTOT,PPERSABS10\n"
ABSENCE = HEADER + b"850,2001,100001,5.5,14.5\n850,2002,100002,3.9,6.4\n"
CORRECTED = HEADER + b"850,2001,100001,5.5,16.5\n850,2004,100004,4.1,7.4\n"


def _files(data: DataDir) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in data.root.rglob("*") if path.is_file()}


def _look(data: DataDir, name: str, content: bytes, options: ImportOptions | None = None) -> FileReport:
    return look_at_upload(WHO, data, name, content, options or ImportOptions())[0]


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("abs_2023-2024.csv", ABSENCE, "can be imported"),
        ("england_abs.csv", ABSENCE, "needs a year"),
        ("words.csv", b"nobody,knows\n1,2\n", "refused"),
        ("broken.zip", b"PK\x03\x04 this is no archive", "refused"),
        ("abs_2023-2024.csv", HEADER + b"850,2001,100001,5.5,many\n", "refused"),
        ("../../abs_2023-2024.csv", ABSENCE, "can be imported"),
        ("", b"", "refused"),
    ],
)
def test_a_look_says_what_would_become_of_a_file_and_writes_nothing(
    name: str, content: bytes, status: str, own_small_data: DataDir
) -> None:
    before = _files(own_small_data)
    report = _look(own_small_data, name, content)
    assert report.status == status, report
    assert _files(own_small_data) == before
    assert bool(report.refusal) == (status != "can be imported")


def test_the_import_says_what_the_look_said(own_small_data: DataDir, tmp_path: Path) -> None:
    register = write_registers(tmp_path / "files", [*SMALL_SCHOOLS, SmallSchool(100009, "Copperholt School")])[0]
    for name, content in (("abs_2023-2024.csv", ABSENCE), (register.name, register.read_bytes())):
        seen = _look(own_small_data, name, content)
        stored = import_uploads(WHO, own_small_data, [(name, content)], ImportOptions())[0]
        assert stored.status == "imported"
        assert (stored.kind, stored.period, stored.rows_kept, stored.schools, stored.change) == (
            seen.kind,
            seen.period,
            seen.rows_kept,
            seen.schools,
            seen.change,
        )
        assert _look(own_small_data, name, content).status == "already loaded"


def test_what_is_said_of_one_table_counts_for_it_alone(own_small_data: DataDir) -> None:
    said = ImportOptions(by_table={"england_abs.csv": Said(period="2023-2024")})
    assert _look(own_small_data, "england_abs.csv", ABSENCE, said).period == "2023-2024"
    assert _look(own_small_data, "other_abs.csv", ABSENCE, said).status == "needs a year"


def test_a_first_file_is_a_new_source_and_another_year_adds_a_year(own_small_data: DataDir) -> None:
    assert _look(own_small_data, "abs_2022-2023.csv", ABSENCE).change[0].startswith("A new source")
    import_uploads(WHO, own_small_data, [("abs_2022-2023.csv", ABSENCE)], ImportOptions())
    other = _look(own_small_data, "abs_2023-2024.csv", CORRECTED)
    assert other.change == ("Adds a year: 2023-2024. Loaded so far: 2022-2023.",)


def test_a_corrected_file_replaces_the_earlier_one_and_says_by_how_much_they_differ(own_small_data: DataDir) -> None:
    import_uploads(WHO, own_small_data, [("abs_2023-2024.csv", ABSENCE)], ImportOptions())
    report = _look(own_small_data, "corrected_abs_2023-2024.csv", CORRECTED)
    assert report.change[0].startswith("Replaces abs_2023-2024.csv for 2023-2024, school by school")
    assert report.change[1] == "Rows: 2, there 2."
    assert report.change[2].startswith("Schools: 1 only here, 1 only there")


def test_an_older_register_is_said_to_be_older(own_small_data: DataDir, tmp_path: Path) -> None:
    register = write_registers(tmp_path / "files", [SmallSchool(100009, "Copperholt School")])[0]
    older = _look(own_small_data, "edubasealldata20240831.csv", register.read_bytes())
    newer = _look(own_small_data, "edubasealldata20250930.csv", register.read_bytes())
    assert older.change[0].startswith("Older than the one as at 31/08/2025")
    assert newer.change[0].startswith("Newer than the one as at 31/08/2025")


def test_the_state_of_the_lake_tells_imports_and_withdrawals(own_small_data: DataDir) -> None:
    first = lake_state(WHO, own_small_data)
    assert lake_state(WHO, own_small_data) == first
    release_id = import_uploads(WHO, own_small_data, [("abs_2023-2024.csv", ABSENCE)], ImportOptions())[0].release_id
    assert lake_state(WHO, own_small_data) != first
    with opened(own_small_data) as copy:
        withdraw_release(WHO, copy, release_id, "A trial.")
    assert lake_state(WHO, own_small_data) == first
    assert len(releases(WHO, own_small_data)) == 3


def test_too_many_files_at_once_are_refused_and_nothing_is_stored(own_small_data: DataDir) -> None:
    before = _files(own_small_data)
    uploads = [(f"abs_{number}.csv", ABSENCE) for number in range(MOST_UPLOADS + 1)]
    with pytest.raises(FileRefused, match="201 files are too many at once"):
        import_uploads(WHO, own_small_data, uploads, ImportOptions())
    assert _files(own_small_data) == before
    check_uploads(WHO, [1] * MOST_UPLOADS)


def test_files_that_are_together_too_large_are_refused() -> None:
    check_uploads(WHO, [MOST_UPLOADED_BYTES // 2] * 2)
    with pytest.raises(FileRefused, match="at most 1,000 MB are taken at once"):
        check_uploads(WHO, [MOST_UPLOADED_BYTES // 2, MOST_UPLOADED_BYTES // 2 + 1])
