"""The catalogue of downloads: read strictly, and only places that can be trusted."""

from pathlib import Path
from typing import Any

import pytest

from risk_model.domain.errors import DownloadRefused
from risk_model.domain.paths import LOOKUPS, downloads_catalogue
from risk_model.sources.catalogue import source_named
from risk_model.sources.downloads import read_catalogue
from risk_model.sources.naming import safe_file_name
from tests.loopback import catalogue_text

CATALOGUE = LOOKUPS / "downloads.toml"
ONE: dict[str, Any] = {
    "id": "gias",
    "name": "Establishments",
    "publisher": "Department for Education",
    "how": "dated file",
    "base": "register",
    "path": "/public/edubasealldata{date}.csv",
    "cadence": "daily",
    "layouts": ["gias"],
    "page": "https://www.gov.uk/files",
    "known": "for tests",
}
BASES = {"register": "https://www.gov.uk"}


def _refused(tmp_path: Path, text: str) -> str:
    path = tmp_path / "downloads.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(DownloadRefused) as caught:
        read_catalogue(path)
    assert "downloads.toml was not read" in caught.value.message
    return str(caught.value)


def test_our_catalogue_is_read_and_comes_from_encrypted_places_alone() -> None:
    catalogue = read_catalogue(CATALOGUE)
    assert {origin.scheme for origin in catalogue.allowed} == {"https"}
    assert {"gias", "gias_links", "ofsted", "ks2", "ks4", "absence", "census", "ees_ks4"} <= {
        one.id for one in catalogue.download
    }


@pytest.mark.parametrize("download", read_catalogue(CATALOGUE).download, ids=lambda one: one.id)
def test_each_download_is_of_a_kind_that_is_read_and_says_how_sure_its_address_is(download: Any) -> None:
    assert all(source_named(layout).licence == download.licence for layout in download.layouts)
    assert download.known
    assert download.page


@pytest.mark.parametrize(
    ("download", "title"),
    [
        ("ofsted", "Management information - state-funded schools - latest inspections as at 31 Oct 2026"),
        ("ees_ks2", "Key stage 2 institution level - Schools (performance)"),
        ("ees_ks2", "Key stage 2 institutional level - Schools (performance)"),
        ("ees_ks4", "Performance tables schools data"),
        ("pupil_teacher_ratios", "Pupil to teacher ratios - school level"),
        ("staff_turnover", "Teacher turnover - school level"),
        ("staff_absence", "Teacher absences - school level"),
    ],
)
def test_title_as_it_was_published_is_found(download: str, title: str) -> None:
    (one,) = read_catalogue(CATALOGUE).chosen([download])
    assert one.is_titled(title)


@pytest.mark.parametrize(
    ("download", "title"),
    [
        (
            "ofsted",
            "Management information - state-funded schools - all inspections - year to date published by 31 Oct",
        ),
        ("ees_ks2", "Key stage 2 institution level - Schools (School information)"),
    ],
)
def test_title_of_another_file_is_not_taken(download: str, title: str) -> None:
    (one,) = read_catalogue(CATALOGUE).chosen([download])
    assert not one.is_titled(title)


def test_chosen_downloads_stand_in_the_order_of_the_catalogue() -> None:
    catalogue = read_catalogue(CATALOGUE)
    assert [one.id for one in catalogue.chosen(["ofsted", "gias"])] == ["gias", "ofsted"]
    assert catalogue.chosen([]) == catalogue.download


@pytest.mark.parametrize(
    "address",
    [
        "http://www.gov.uk",
        "ftp://www.gov.uk",
        "https://user@www.gov.uk",
        "https://www.gov.uk/path",
        "www.gov.uk",
        "http://127.0.0.1.elsewhere.example",
        "http://10.0.0.1",
    ],
)
def test_base_that_is_not_encrypted_or_not_a_host_is_refused(tmp_path: Path, address: str) -> None:
    said = _refused(tmp_path, catalogue_text({"register": address}, [ONE]))
    assert "the base register is not https://host" in said


def test_this_machine_may_be_a_base(tmp_path: Path) -> None:
    path = tmp_path / "downloads.toml"
    path.write_text(catalogue_text({"register": "http://127.0.0.1:8123"}, [ONE]), "utf-8")
    catalogue = read_catalogue(path)
    assert catalogue.address_of(catalogue.download[0]) == "http://127.0.0.1:8123/public/edubasealldata{date}.csv"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"path": "/public/edubasealldata.csv"}, "has {date} once"),
        ({"how": "yearly file"}, "has {year} once"),
        ({"how": "GOV.UK"}, "no one is given|none is given"),
        ({"how": "EES API", "title": "a"}, "no publication is given"),
        ({"how": "GOV.UK", "title": "("}, "not a regular expression"),
        ({"layouts": ["nonsense"]}, "no kind of file is called nonsense"),
        ({"base": "elsewhere"}, "the base of gias is not listed"),
        ({"id": "../evil"}, "id"),
        ({"path": "no slash {date}"}, "path"),
        ({"surprise": "yes"}, "surprise"),
        ({"days_back": 9999}, "days_back"),
    ],
)
def test_entry_that_cannot_be_is_refused_with_what_is_wrong(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    found = _refused(tmp_path, catalogue_text(BASES, [{**ONE, **changed}]))
    assert any(part in found for part in said.split("|"))


def test_source_that_stands_twice_is_refused(tmp_path: Path) -> None:
    assert "twice in the catalogue: gias" in _refused(tmp_path, catalogue_text(BASES, [ONE, ONE]))


def test_what_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    assert "not TOML" in _refused(tmp_path, "[bases\n")
    with pytest.raises(DownloadRefused, match="was not read"):
        read_catalogue(tmp_path / "nowhere.toml")


def test_another_catalogue_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RISK_DOWNLOADS", raising=False)
    assert downloads_catalogue() == CATALOGUE
    monkeypatch.setenv("RISK_DOWNLOADS", str(tmp_path / "ours.toml"))
    assert downloads_catalogue() == tmp_path / "ours.toml"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("a/b\\c.csv", "c.csv"),
        ("nul.txt", "_nul.txt"),
        ("LPT1", "_LPT1"),
        ("console.csv", "console.csv"),
        ("a:b?c*.csv", "a_b_c_.csv"),
        (" .. ", "upload"),
        ("x" * 300 + " 31 August 2025.csv", "x" * 101 + " 31 August 2025.csv"),
    ],
)
def test_name_is_safe_to_write_on_every_system(given: str, written: str) -> None:
    assert safe_file_name(given) == written
