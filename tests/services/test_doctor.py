"""The doctor: each fault of an installation is found, told in words, with how to mend it."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from risk_model.casework.looking import records_state
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import close_records, open_data_records, require_build
from risk_model.services.doctor import Health, check_health, check_ready
from risk_model.services.findings import Finding
from risk_model.services.machine import version_findings
from tests.cli.conftest import Run, run

__all__ = ["run"]

WHO = local_viewer()
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LOCAL = '[server]\naddress = "127.0.0.1"\n'
SIGN_IN = """[auth]
redirect_uri = "https://schools.example.gov.uk/oauth2callback"
cookie_secret = "0123456789012345678901234567890123456789"
client_id = "dashboard"
client_secret = "not one"  # pragma: allowlist secret
server_metadata_url = "https://login.example.gov.uk/.well-known/openid-configuration"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with settings of its own, and nobody's home."""
    folder = tmp_path / "project"
    (folder / ".streamlit").mkdir(parents=True)
    (folder / "requirements.txt").write_text("# none\n", "utf-8")
    (folder / ".streamlit" / "config.toml").write_text(LOCAL, "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    return folder


def _health(
    data: DataDir, project: Path, *, now: datetime | None = None, environment: Mapping[str, str] | None = None
) -> Health:
    return check_health(WHO, data, now=now, project=project, environment=environment or {})


def _about(health: Health, about: str) -> Finding:
    """What was found worst of one thing."""
    order = ("problem", "warning", "fine")
    return min((one for one in health.findings if one.about == about), key=lambda one: order.index(one.level))


def _found(health: Health, about: str) -> tuple[str, str]:
    found = _about(health, about)
    assert bool(found.remedy) == (found.level != "fine")
    return found.level, found.words


def test_an_installation_without_a_fault_is_fine(own_small_data: DataDir, project: Path) -> None:
    own_small_data.root.chmod(0o700)
    found = _health(own_small_data, project)
    assert [one for one in found.findings if one.level == "problem"] == []
    assert {one.about for one in found.findings if one.level == "warning"} <= {"freshness", "build", "disk"}


def test_looking_changes_nothing_and_makes_no_records(small_dir: Path, tmp_path: Path, project: Path) -> None:
    empty = DataDir(tmp_path / "nothing")
    found = _health(empty, project)
    assert not empty.root.exists()
    assert _found(found, "data directory")[0] == "problem"
    assert _about(found, "releases").level == "warning"
    assert _found(found, "build") == ("problem", "Nothing has been built here yet.")
    assert "Nobody has recorded anything yet" in _about(found, "records").words


@pytest.mark.parametrize(("python", "level"), [((3, 10), "problem"), ((3, 12), "fine"), ((3, 14), "problem")])
def test_a_python_that_was_never_tried_is_told(python: tuple[int, int], level: str, project: Path) -> None:
    assert version_findings(project / "requirements.txt", python)[0].level == level


def test_packages_that_are_not_those_that_were_tested_are_named(own_small_data: DataDir, project: Path) -> None:
    (project / "requirements.txt").write_text("duckdb==0.0.1\nno-such-package==1.0\ntyper[all]>=1\n", "utf-8")
    level, words = _found(_health(own_small_data, project), "packages")
    assert level == "warning"
    assert "2 of 2 packages" in words
    assert "duckdb 2.0.0 instead of 0.0.1; no-such-package (none) instead of 1.0" in words


def test_a_damaged_release_and_a_damaged_build_are_named(own_small_data: DataDir, project: Path) -> None:
    release = next(own_small_data.lake.glob("*.parquet"))
    release.write_bytes(b"else")
    build = require_build(own_small_data)
    with build.path.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\xff")
    found = _health(own_small_data, project)
    assert release.stem in _about(found, "releases").remedy
    assert _found(found, "build") == ("problem", "Build 1 is not as it was written.")
    kept = next(own_small_data.flags.glob("*.parquet"))
    kept.write_bytes(b"else")
    assert "not as it was written" in _found(_health(own_small_data, project), "kept judgements")[1]


def test_a_pointer_to_nowhere_is_no_build_and_not_ready(own_small_data: DataDir, project: Path) -> None:
    (own_small_data.builds / "current.json").write_text('{"build_id": "00099-x"}', "utf-8")
    for found in (_health(own_small_data, project), check_ready(WHO, own_small_data)):
        assert "00099-x" in _found(found, "build")[1]
        assert found.level == "problem"


def test_what_is_old_is_a_warning(own_small_data: DataDir, project: Path) -> None:
    late = datetime(2029, 1, 1, tzinfo=UTC)
    found = _health(own_small_data, project, now=late)
    assert _found(found, "build")[0] == "warning"
    assert _found(found, "freshness")[0] == "warning"


def test_a_clock_that_is_behind_what_it_made_is_told(own_small_data: DataDir, project: Path) -> None:
    level, words = _found(_health(own_small_data, project, now=datetime(2024, 1, 1, tzinfo=UTC)), "clock")
    assert level == "problem"
    assert "2 of" not in words
    assert "release gias" in words
    assert "build 1" in words


def test_records_that_cannot_be_reached_are_told_without_the_password(
    own_small_data: DataDir, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_small_data.root / "broken.sqlite").write_bytes(b"no database" * 500)
    monkeypatch.setenv("RECORDS_URL", f"sqlite:///{(own_small_data.root / 'broken.sqlite').as_posix()}")
    found = check_ready(WHO, own_small_data)
    assert "cannot be reached" in _found(found, "records")[1]
    address = "postgresql+psycopg://who:secret-word@127.0.0.1:1/records"  # pragma: allowlist secret
    monkeypatch.setenv("RECORDS_URL", address)
    found = check_ready(WHO, own_small_data)
    level, words = _found(found, "records")
    assert level == "problem"
    assert "who:***@127.0.0.1:1" in words
    assert "secret-word" not in repr(found)


def test_records_of_a_newer_version_and_of_an_older_one_are_told(own_small_data: DataDir, project: Path) -> None:
    close_records(open_data_records(own_small_data))
    newest = records_state(own_small_data.records_url).newest
    for revision, level in (("r9999", "problem"), ("r0001", "warning")):
        records = open_data_records(own_small_data)
        with records.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"update alembic_version set version_num = '{revision}'")
        close_records(records)
        found = _found(_health(own_small_data, project), "records")
        assert found[0] == level
        assert revision in found[1]
        with records.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"update alembic_version set version_num = '{newest}'")
        close_records(records)


def _configured(project: Path, config: str, secrets: str, mode: int = 0o600) -> None:
    (project / ".streamlit" / "config.toml").write_text(config, "utf-8")
    path = project / ".streamlit" / "secrets.toml"
    path.write_text(secrets, "utf-8")
    path.chmod(mode)


@pytest.mark.parametrize(
    ("config", "secrets", "about", "level", "words"),
    [
        (LOCAL, "", "sign-in", "fine", "No sign-in"),
        (LOCAL, SIGN_IN, "sign-in", "fine", "https://schools.example.gov.uk"),
        ("", "", "address", "problem", "nobody has to sign in"),
        ('[server]\naddress = "0.0.0.0"\n', "", "address", "problem", "0.0.0.0"),
        ('[server]\naddress = "0.0.0.0"\n', SIGN_IN, "address", "warning", "past the proxy"),
        ('[server]\naddress = "::1"\n', "", "address", "fine", "this machine alone"),
        (LOCAL, SIGN_IN.replace("client_id", "client"), "sign-in", "problem", "without client_id"),
        (LOCAL, SIGN_IN.replace("0123456789", "0"), "sign-in", "problem", "shorter than 32"),
        (LOCAL, SIGN_IN.replace("https://schools", "http://schools"), "sign-in", "problem", "over http"),
        (LOCAL, SIGN_IN.replace("https://schools.example.gov.uk", "http://127.0.0.1:8501"), "sign-in", "fine", "127"),
        (LOCAL, "[auth", "settings", "problem", "secrets.toml cannot be read"),
    ],
)
def test_how_it_can_be_reached_is_looked_at(
    config: str, secrets: str, about: str, level: str, words: str, small_data: DataDir, project: Path
) -> None:
    _configured(project, config, secrets)
    found = _found(_health(small_data, project), about)
    assert found[0] == level
    assert words in found[1]


def test_the_address_of_the_environment_wins(small_data: DataDir, project: Path) -> None:
    found = _health(small_data, project, environment={"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"})
    assert _about(found, "address").level == "problem"


@pytest.mark.skipif(os.name != "posix", reason="Windows says who may read in another way.")
def test_secrets_and_data_that_others_may_read_are_told(own_small_data: DataDir, project: Path) -> None:
    _configured(project, LOCAL, SIGN_IN, mode=0o644)
    own_small_data.root.chmod(0o755)
    found = _health(own_small_data, project)
    assert _found(found, "secrets")[0] == "problem"
    assert _found(found, "rights")[0] == "warning"
    own_small_data.root.chmod(0o700)
    assert _found(_health(own_small_data, project), "rights")[0] == "fine"


def test_the_command_ends_with_1_where_something_is_to_mend_and_speaks_json(run: Run, own_small_data: DataDir) -> None:
    ran = run("doctor", "--ready", "--json")
    assert ran.code == 0
    assert {one["about"]: one["level"] for one in json.loads(ran.out)["findings"]} == {
        "build": "fine",
        "records": "fine",
    }
    (own_small_data.builds / "current.json").write_text("{", "utf-8")
    ran = run("doctor")
    assert ran.code == 1
    assert "problem build: " in ran.out
    assert json.loads(run("doctor", "--json").out)["level"] == "problem"
    assert run("doctor", "--nonsense").code == 2
