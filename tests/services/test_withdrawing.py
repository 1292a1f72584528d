"""Releases that are taken out: they count no longer, stay, explain themselves, and come back."""

from pathlib import Path

import pytest

from risk_model.casework import audit_trail
from risk_model.domain.errors import FileRefused, NotFound, RecordRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy, opened, require_build
from risk_model.services.data import releases
from risk_model.services.preparing import ImportOptions, build_now, import_files, import_uploads
from risk_model.services.profile import school_profile
from risk_model.services.withdrawing import data_acts, restore_release, withdraw_release, withdrawn_releases
from risk_model.warehouse.lake import parquet_path
from tests.conftest import SMALL_AS_AT, SMALL_SCHOOLS
from tests.registers import write_registers

WHO = local_viewer()


def _release_id(data: DataDir, source_id: str) -> str:
    return next(one.release_id for one in releases(WHO, data) if one.source_id == source_id)


def _withdraw(data: DataDir, release_id: str, reason: str = "It is the wrong file.") -> None:
    with opened(data) as copy:
        withdraw_release(WHO, copy, release_id, reason)


def _read_by(data: DataDir) -> set[str]:
    """The releases that the shown build read."""
    with opened(data) as copy:
        return {row["release_id"] for row in copy.reader.rows("select release_id from releases")}


def test_a_withdrawn_release_counts_from_the_next_build_on_no_longer_and_stays(own_small_data: DataDir) -> None:
    release_id = _release_id(own_small_data, "gias")
    _withdraw(own_small_data, release_id)
    assert release_id in _read_by(own_small_data), "the build that is shown was made with it"
    report = build_now(WHO, own_small_data, SMALL_AS_AT)
    assert release_id not in _read_by(own_small_data)
    assert f"Withdrawn, and not counted: {release_id}." in report.set_aside
    assert parquet_path(own_small_data, release_id).exists()
    assert release_id in {one.release_id for one in releases(WHO, own_small_data)}


def test_a_restored_release_counts_again(own_small_data: DataDir) -> None:
    release_id = _release_id(own_small_data, "gias")
    before = _read_by(own_small_data)
    _withdraw(own_small_data, release_id)
    with opened(own_small_data) as copy:
        restore_release(WHO, copy, release_id, "It was right.")
        assert withdrawn_releases(WHO, copy) == []
    build_now(WHO, own_small_data, SMALL_AS_AT)
    assert _read_by(own_small_data) == before


def test_the_audit_trail_says_who_did_what_to_which_release_and_why(own_small_data: DataDir) -> None:
    release_id = _release_id(own_small_data, "ofsted")
    _withdraw(own_small_data, release_id, "  Of the wrong month. ")
    with opened(own_small_data) as copy:
        restore_release(WHO, copy, release_id, "It was the right one.")
        entries = audit_trail(copy.records, table="release")
        acts = data_acts(WHO, copy)
    assert [one.what.value for one in entries] == ["restored", "withdrawn"]
    taken_out = entries[1]
    assert (taken_out.who, taken_out.reason) == (WHO.name, "Of the wrong month.")
    assert taken_out.before is not None
    assert taken_out.after is not None
    assert taken_out.before["standing"] == "counts"
    assert taken_out.after["standing"] == "withdrawn"
    assert taken_out.after["release_id"] == release_id
    assert list(acts["Why"]) == ["It was the right one.", "Of the wrong month."]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_without_a_fit_reason_nothing_is_withdrawn(reason: str, own_small_data: DataDir) -> None:
    with pytest.raises(RecordRefused, match="reason"):
        _withdraw(own_small_data, _release_id(own_small_data, "ofsted"), reason)
    with opened(own_small_data) as copy:
        assert withdrawn_releases(WHO, copy) == []
        assert audit_trail(copy.records, table="release") == []


@pytest.mark.parametrize("release_id", ["nonsense", "../../etc/passwd", ""])
def test_what_is_not_loaded_can_be_neither_withdrawn_nor_restored(release_id: str, own_small_data: DataDir) -> None:
    with opened(own_small_data) as copy:
        for act in (withdraw_release, restore_release):
            with pytest.raises(NotFound):
                act(WHO, copy, release_id, "Because.")


def test_a_release_is_withdrawn_once_and_restored_once(own_small_data: DataDir) -> None:
    release_id = _release_id(own_small_data, "ofsted")
    with opened(own_small_data) as copy:
        with pytest.raises(NotFound, match="is not withdrawn"):
            restore_release(WHO, copy, release_id, "Because.")
        withdraw_release(WHO, copy, release_id, "Because.")
        with pytest.raises(NotFound, match="is withdrawn already"):
            withdraw_release(WHO, copy, release_id, "Because.")
        assert len(audit_trail(copy.records, table="release")) == 1


def test_the_same_file_again_says_that_it_was_withdrawn_by_whom_and_why(
    own_small_data: DataDir, tmp_path: Path
) -> None:
    _withdraw(own_small_data, _release_id(own_small_data, "gias"), "Half of it was missing.")
    files = write_registers(tmp_path / "files", SMALL_SCHOOLS)
    report = import_files(WHO, own_small_data, files[:1], ImportOptions())[0]
    assert report.status == "refused"
    text = " ".join(report.refusal)
    assert "withdrawn" in text
    assert WHO.name in text
    assert "Half of it was missing." in text
    assert "restore" in text


def test_a_file_that_was_withdrawn_for_its_date_comes_back_under_the_right_one_and_not_twice(
    own_small_data: DataDir,
) -> None:
    content = b"LA,ESTAB,URN,PERCTOT,PPERSABS10\n850,2001,100001,5.5,14.5\n850,2002,100002,3.9,6.4\n"
    upload = [("england_abs.csv", content)]
    first = import_uploads(WHO, own_small_data, upload, ImportOptions(period="2022-2023"))[0]
    assert first.status == "imported"
    assert import_uploads(WHO, own_small_data, upload, ImportOptions(period="2023-2024"))[0].status == "refused"
    _withdraw(own_small_data, first.release_id, "It is of another year.")
    again = import_uploads(WHO, own_small_data, upload, ImportOptions(period="2023-2024"))[0]
    assert (again.status, again.period) == ("imported", "2023-2024")
    with opened(own_small_data) as copy, pytest.raises(FileRefused, match="the same file counts"):
        restore_release(WHO, copy, first.release_id, "No reason.")


def test_an_old_build_goes_on_explaining_itself_after_a_withdrawal(own_small_data: DataDir) -> None:
    shown = require_build(own_small_data)
    for source_id in ("gias", "ofsted"):
        _withdraw(own_small_data, _release_id(own_small_data, source_id))
    with opened(own_small_data) as copy:
        assert copy.build == shown
        assert _has_sources(copy)


def _has_sources(copy: Copy) -> bool:
    rules = [rule for card in school_profile(WHO, copy, "100001").cards for rule in card.rules]
    return any(rule.source for rule in rules)
