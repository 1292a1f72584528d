"""The command `download`: what it says, how it ends."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from risk_model.domain.paths import PROJECT, DataDir
from risk_model.warehouse.lake import read_releases
from tests.cli.conftest import Run
from tests.loopback import Reply, Service, catalogue_text, serving

TABLE = (
    b"time_period,time_identifier,geographic_level,old_la_code,school_laestab,school_urn,headcount\r\n"
    b"202425,Academic year,School,999,9992001,900001,210\r\n"
)
LATEST = "/api/publications/rolls/releases/latest"


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as one:
        listed = {"id": "r1", "downloadFiles": [{"id": "f1", "name": "Rolls by school", "fileName": "rolls[1].csv"}]}
        one.at(LATEST, Reply(json.dumps(listed).encode()))
        one.at("/api/releases/r1/files/f1", Reply(TABLE))
        yield one


@pytest.fixture
def catalogue(service: Service, tmp_path: Path) -> Path:
    path = tmp_path / "downloads.toml"
    entry = {
        "id": "rolls",
        "name": "Rolls",
        "publisher": "Department for Education",
        "how": "EES release",
        "base": "ees",
        "path": "/api",
        "publication": "rolls",
        "title": "by school",
        "cadence": "yearly",
        "layouts": ["ees_schools"],
        "page": "https://www.gov.uk/rolls",
        "known": "for tests",
    }
    path.write_text(catalogue_text({"ees": service.base}, [entry]), "utf-8")
    return path


def test_download_says_what_came_and_where_it_is(empty_data: DataDir, run: Run, catalogue: Path) -> None:
    ran = run("download", "--catalogue", catalogue)
    assert ran.code == 0, ran.err
    assert "downloaded" in ran.out
    assert "rolls/rolls_1_.csv" in ran.out
    assert (empty_data.downloads / "rolls" / "rolls_1_.csv").read_bytes() == TABLE
    assert read_releases(empty_data) == []
    assert "unchanged" in run("download", "rolls", "--catalogue", catalogue).out


def test_download_and_import_lands_in_the_lake(empty_data: DataDir, run: Run, catalogue: Path) -> None:
    ran = run("download", "--import", "--catalogue", catalogue)
    assert ran.code == 0, ran.err
    assert "1 imported." in ran.out
    assert [release.source_id for release in read_releases(empty_data)] == ["ees_schools"]


def test_list_shows_the_sources_and_fetches_nothing(
    empty_data: DataDir, run: Run, catalogue: Path, service: Service
) -> None:
    ran = run("download", "--list", "--catalogue", catalogue)
    assert ran.code == 0
    assert "rolls" in ran.out
    assert "1 sources are in the catalogue." in ran.out
    assert service.asked == []


def test_list_of_our_own_catalogue_names_its_addresses(empty_data: DataDir, run: Run) -> None:
    ran = run("download", "--list")
    assert ran.code == 0
    assert "edubasealldata{date}.csv" in ran.out.replace("\n", "")


def test_download_that_is_refused_ends_with_1_and_says_why(
    empty_data: DataDir, run: Run, catalogue: Path, service: Service
) -> None:
    service.at("/api/releases/r1/files/f1", Reply(b"<html><title>[red]Sorry[/red]</title>"))
    ran = run("download", "--import", "--catalogue", catalogue)
    assert ran.code == 1
    assert 'the service sent a web page titled "[red]Sorry[/red]"' in ran.err
    assert "https://www.gov.uk/rolls" in ran.err
    assert "Traceback" not in ran.err + ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("nonsense",), "no source called nonsense"), (("--catalogue", "nowhere.toml"), "nowhere.toml was not read")],
)
def test_what_is_not_in_the_catalogue_is_refused(
    empty_data: DataDir, run: Run, arguments: tuple[str, ...], said: str
) -> None:
    ran = run("download", *arguments)
    assert ran.code == 1
    assert said in ran.err


def test_killed_download_is_never_imported_and_goes_on_where_it_broke_off(
    empty_data: DataDir, run: Run, catalogue: Path, service: Service
) -> None:
    rows = b"".join(b"202425,Academic year,School,999,9992001,%d,210\r\n" % (900_001 + i) for i in range(8000))
    whole = Reply(TABLE + rows, headers={"ETag": '"one"'})
    service.at("/api/releases/r1/files/f1", replace(whole, silent=True, cut_after=200_000))
    part = empty_data.downloads / "rolls" / "unfinished.part"
    command = [sys.executable, "-m", "risk_model", "download", "--import", "--catalogue", str(catalogue)]
    with subprocess.Popen(command, cwd=PROJECT, env=dict(os.environ), stderr=subprocess.PIPE) as process:
        while process.poll() is None and not (part.is_file() and part.stat().st_size > 100_000):
            time.sleep(0.01)
        process.kill()
        _, said = process.communicate()
    assert process.returncode != 0, said
    assert part.stat().st_size <= 200_000
    assert read_releases(empty_data) == []
    service.at("/api/releases/r1/files/f1", whole)
    ran = run("download", "--import", "--catalogue", catalogue)
    assert ran.code == 0, ran.err
    assert (empty_data.downloads / "rolls" / "rolls_1_.csv").read_bytes() == whole.body
    assert service.header(-1, "range") is not None
    assert not part.exists()
