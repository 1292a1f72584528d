"""From an earlier version to this one, and back: the backup before it holds the earlier form, and builds are told."""

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from risk_model.casework import close_records
from risk_model.casework.looking import records_state
from risk_model.casework.snapshot import records_url_of
from risk_model.domain.errors import NotFound, RecordRefused
from risk_model.domain.paths import RECORDS_FILE, DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.backup import make_backup, restore_backup
from risk_model.services.copy import open_data_records, require_build
from risk_model.services.doctor import check_health
from risk_model.services.preparing import Lacking, get_ready, lacking
from tests.backup.kit import contents
from tests.casework.test_migrations import fill, migrated_to, rows_of
from tests.postgres_kit import databases

WHO = local_viewer()
EARLIER = "r0004"


def _written_by_earlier(address: str) -> dict[str, list[dict[str, str]]]:
    """Records of an earlier version, with a row in each table; what they say."""
    engine = create_engine(address)
    with engine.begin() as connection:
        migrated_to(connection, EARLIER)
        names = fill(connection)
        said = rows_of(connection, names)
    engine.dispose()
    return said


def _said(file: Path, names: list[str]) -> dict[str, list[dict[str, str]]]:
    engine = create_engine(records_url_of(file))
    with engine.connect() as connection:
        found = rows_of(connection, names)
    engine.dispose()
    return found


def test_a_backup_before_an_update_holds_the_earlier_form_and_leaves_it(
    own_small_data: DataDir, tmp_path: Path
) -> None:
    file = own_small_data.root / RECORDS_FILE
    for one in own_small_data.root.glob(f"{RECORDS_FILE}*"):
        one.unlink()
    before = _written_by_earlier(records_url_of(file))
    made = make_backup(WHO, own_small_data, tmp_path / "before.zip")
    assert made.records_revision == EARLIER
    assert any("The log of exports does not have it" in one for one in made.notes)
    assert records_state(records_url_of(file)).revision == EARLIER
    inside = tmp_path / "inside.sqlite"
    inside.write_bytes(contents(made.path)[RECORDS_FILE])
    assert _said(inside, list(before)) == before
    # this version takes them over at its first look
    close_records(open_data_records(own_small_data))
    assert records_state(records_url_of(file)).revision != EARLIER
    # and one goes back: what the backup gives is what the earlier version wrote
    there = DataDir(tmp_path / "back")
    restore_backup(WHO, there, made.path, is_alone=True)
    assert _said(there.root / RECORDS_FILE, list(before)) == before


def test_an_earlier_form_on_a_server_is_left_to_who_can_copy_it(
    own_small_data: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases() as server, server.fresh(is_empty=True) as address:
        _written_by_earlier(address)
        monkeypatch.setenv("RECORDS_URL", address)
        with pytest.raises(RecordRefused, match="are of form r0004") as refused:
            make_backup(WHO, own_small_data, tmp_path / "before.zip")
        assert "pg_dump" in str(refused.value.details)
        assert records_state(address).revision == EARLIER
        assert not (tmp_path / "before.zip").exists()


def test_builds_of_an_earlier_version_are_told_of_and_one_is_made_in_their_place(own_small_data: DataDir) -> None:
    for description in own_small_data.builds.glob("risk_*.json"):
        stored = json.loads(description.read_text("utf-8"))
        description.write_text(json.dumps(stored | {"form": stored["form"] - 1}), "utf-8")
    with pytest.raises(NotFound, match="were made by an earlier version") as told:
        require_build(own_small_data)
    assert "python -m risk_model build" in str(told.value.details)
    found = check_health(WHO, own_small_data).findings
    assert [one.level for one in found if one.about == "build"] == ["problem"]
    assert any("earlier version" in one.words for one in found if one.about == "build")
    # never the demo in the place of somebody's schools
    assert lacking(own_small_data) is Lacking.BUILD
    assert get_ready(WHO, own_small_data) == require_build(own_small_data)
