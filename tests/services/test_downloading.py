"""Downloads from a service that behaves as the publishers' do, up to the import and the build."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from risk_model.demo import make_demo
from risk_model.domain.errors import DownloadRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.downloading import DownloadReport, download_files, download_offers
from risk_model.services.preparing import build_now
from risk_model.sources.answers import Patience
from risk_model.sources.fetching import Step
from risk_model.sources.keeping import Description
from risk_model.warehouse.lake import read_releases
from risk_model.warehouse.turns import turn
from tests.loopback import Moments, Reply, Service, catalogue_text, serving

CONTENT = "/api/content/government/statistical-data-sets/monthly-management-information"
LATEST = "Management information - state-funded schools - latest inspections as at"
KNOWN = {"publisher": "Department for Education", "page": "https://www.gov.uk/files", "known": "for tests"}
GIAS = {
    **KNOWN,
    "id": "gias",
    "name": "Establishments",
    "how": "dated file",
    "base": "register",
    "path": "/public/edubasealldata{date}.csv",
    "cadence": "daily",
    "layouts": ["gias"],
}
OFSTED = {
    **KNOWN,
    "id": "ofsted",
    "name": "Latest inspections",
    "how": "GOV.UK",
    "base": "register",
    "path": CONTENT,
    "title": "state-funded schools.*latest inspections.*as at",
    "cadence": "monthly",
    "layouts": ["ofsted_report_cards", "ofsted"],
}
ABSENCE = {
    **KNOWN,
    "id": "absence",
    "name": "Absence",
    "how": "yearly file",
    "base": "register",
    "path": "/download-data?filters=PUPILABSENCE&year={year}",
    "file_name": "england_abs.csv",
    "cadence": "yearly",
    "layouts": ["absence"],
}
EES = {
    **KNOWN,
    "id": "ees_ks4",
    "name": "Key stage 4",
    "how": "EES API",
    "base": "register",
    "path": "/statistics/v1",
    "publication": "Key stage 4 performance",
    "title": "performance tables schools",
    "file_name": "ks4_schools.csv",
    "cadence": "yearly",
    "layouts": ["ks4", "ees_schools"],
}
RELEASE = {
    **KNOWN,
    "id": "ratios",
    "name": "Ratios",
    "how": "EES release",
    "base": "register",
    "path": "/api",
    "publication": "school-workforce",
    "title": "ratios.*school level",
    "cadence": "yearly",
    "layouts": ["workforce", "ees_schools"],
}
EES_TABLE = (
    b"time_period,time_identifier,geographic_level,old_la_code,school_laestab,school_urn,breakdown,avg_att8\r\n"
    b"202425,Academic year,School,999,9992001,900001,Total,45.1\r\n"
    b"202425,Academic year,School,999,9992002,900002,Total,c\r\n"
)


@dataclass
class Office:
    """Where downloads are made: a service, a catalogue that points at it, an empty data directory."""

    service: Service
    data: DataDir
    catalogue: Path
    demo: Path
    moments: Moments = field(default_factory=Moments)
    steps: list[tuple[str, Step]] = field(default_factory=list)

    def offer(self, *downloads: Mapping[str, Any]) -> None:
        """Write the catalogue."""
        self.catalogue.write_text(catalogue_text({"register": self.service.base}, downloads), "utf-8")

    def download(self, *ids: str, and_import: bool = False) -> list[DownloadReport]:
        """Run the download."""
        return download_files(
            local_viewer(),
            self.data,
            ids,
            and_import=and_import,
            catalogue=self.catalogue,
            progress=lambda source_id, step: self.steps.append((source_id, step)),
            patience=Patience(tries=2),
            clock=self.moments.clock(),
        )

    def one(self, *, and_import: bool = False) -> DownloadReport:
        """Run it for the one source of the catalogue."""
        (report,) = self.download(and_import=and_import)
        return report

    def kept(self) -> list[str]:
        """The tables that are kept, below the folder of the downloads."""
        found = self.data.downloads.rglob("*.*") if self.data.downloads.is_dir() else []
        unwanted = {".json", ".lock"}
        return sorted(p.relative_to(self.data.downloads).as_posix() for p in found if p.suffix not in unwanted)

    def description(self, file: str) -> dict[str, Any]:
        """What stands beside a kept file."""
        found: dict[str, Any] = json.loads((self.data.downloads / f"{file}.json").read_text("utf-8"))
        return found

    def demo_file(self, name: str) -> bytes:
        """A file of the invented LA."""
        return (self.demo / name).read_bytes()


@pytest.fixture(scope="module")
def demo_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented LA's files, as their publishers would have them."""
    folder = tmp_path_factory.mktemp("demo_files")
    make_demo(folder)
    return folder


@pytest.fixture
def office(demo_files: Path, tmp_path: Path) -> Iterator[Office]:
    with serving() as service:
        yield Office(service, DataDir(tmp_path / "data"), tmp_path / "downloads.toml", demo_files)


def _json(content: object) -> Reply:
    return Reply(json.dumps(content).encode(), headers={"Content-Type": "application/json"})


def _attachment(service: Service, title: str, file: str, body: bytes, **more: object) -> dict[str, object]:
    address = service.at(f"/media/{file}", Reply(body))
    return {"title": title, "url": address, "content_type": "text/csv", "file_size": len(body), **more}


def _serve_gias(office: Office) -> bytes:
    body = office.demo_file("gias/edubasealldata20261102.csv")
    office.service.at("/public/edubasealldata20261121.csv", Reply(body, headers={"ETag": '"a"'}))
    return body


def _serve_ofsted(office: Office) -> bytes:
    body = office.demo_file("ofsted/2026-10-31_latest_inspections.csv")
    name = "Management_information_-_state-funded_schools_-_latest_inspections_as_at"
    to_date = "Management information - state-funded schools - all inspections - year to date"
    office.service.at(
        CONTENT,
        _json(
            {
                "title": "Monthly management information",
                "details": {
                    "attachments": [
                        _attachment(office.service, f"{LATEST} 30 Sep 2026", f"{name}_30_Sep_2026.csv", b"old"),
                        _attachment(office.service, f"{LATEST} 31 Oct 2026 (ODS)", f"{name}_31_Oct_2026.ods", b"PK"),
                        _attachment(office.service, f"{LATEST} 31 Oct 2026", f"{name}_31_Oct_2026.csv", body),
                        _attachment(office.service, f"{to_date} by 31 Oct 2026", "ytd_31_Oct_2026.csv", b"other"),
                        "no attachment at all",
                    ]
                },
            }
        ),
    )
    return body


def _serve_absence(office: Office) -> bytes:
    body = office.demo_file("absence/2024-2025/england_abs.csv")
    page = Reply(b"<!DOCTYPE html><title>Download data</title>", headers={"Content-Type": "text/html"})
    office.service.at("/download-data?filters=PUPILABSENCE&year=2026-2027", page)
    office.service.at("/download-data?filters=PUPILABSENCE&year=2024-2025", Reply(body))
    return body


def _serve_ees(office: Office) -> None:
    root = "/statistics/v1"
    data_sets = [
        {
            "id": "old",
            "title": "Performance tables schools data",
            "latestVersion": {"version": "1.0", "published": "2025"},
        },
        {
            "id": "new",
            "title": "Performance tables schools data",
            "latestVersion": {"version": "2.1", "published": "2026"},
        },
    ]
    pages = {"page": 1, "pageSize": 20, "totalPages": 2}
    search = f"{root}/publications?search=Key%20stage%204%20performance"
    other = {"id": "p0", "title": "Key stage 4 performance (historic)"}
    office.service.at(f"{search}&page=1&pageSize=20", _json({"paging": pages, "results": [other]}))
    office.service.at(
        f"{search}&page=2&pageSize=20",
        _json({"paging": pages, "results": [{"id": "p1", "title": "Key stage 4 performance"}]}),
    )
    sets = f"{root}/publications/p1/data-sets"
    for number, one in enumerate(data_sets, start=1):
        office.service.at(f"{sets}?page={number}&pageSize=20", _json({"paging": pages, "results": [one]}))
    office.service.at(f"{root}/data-sets/new/csv?dataSetVersion=2.1", Reply(EES_TABLE))


def _serve_release(office: Office, *names: str) -> None:
    files = [{"id": f"f{i}", "name": name, "fileName": f"ratios_{i}.csv"} for i, name in enumerate(names)]
    office.service.at("/api/publications/school-workforce/releases/latest", _json({"id": "r1", "downloadFiles": files}))
    office.service.at("/api/releases/r1/files/f1", Reply(EES_TABLE))


# each way to the current file


def test_newest_daily_extract_that_is_there_is_taken(office: Office) -> None:
    office.offer(GIAS)
    body = _serve_gias(office)
    report = office.one()
    assert (report.status, report.file, report.size) == ("downloaded", "gias/edubasealldata20261121.csv", len(body))
    assert office.service.paths() == ["/public/edubasealldata20261122.csv", "/public/edubasealldata20261121.csv"]
    assert (office.data.downloads / report.file).read_bytes() == body


def test_daily_extract_that_has_ceased_is_said_to_be_missing(office: Office) -> None:
    office.offer(GIAS)
    report = office.one()
    assert report.status == "refused"
    assert "none of 8 addresses has it" in report.refusal[0]
    assert len(office.service.asked) == 8


def test_latest_attachment_of_the_right_title_is_taken_as_csv(office: Office) -> None:
    office.offer(OFSTED)
    body = _serve_ofsted(office)
    report = office.one()
    assert report.status == "downloaded", report.refusal
    name = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Oct_2026.csv"
    assert report.file == f"ofsted/{name}"
    assert report.size == len(body)


def test_attachments_are_found_in_the_text_where_there_is_no_list(office: Office) -> None:
    office.offer(OFSTED)
    body = _serve_ofsted(office)
    path = "/media/Management_information_-_state-funded_schools_-_latest_inspections_as_at_31_Oct_2026.csv"
    text = f'<p><a href="{office.service.base}{path}">latest</a> <a href="/help">help</a></p>'
    office.service.at(CONTENT, _json({"details": {"body": text}}))
    assert office.one().size == len(body)


def test_attachment_of_another_size_than_its_list_says_is_refused(office: Office) -> None:
    office.offer(OFSTED)
    title = f"{LATEST} 31 Oct 2026"
    one = _attachment(office.service, title, "a_31_Oct_2026.csv", b"URN\r\n900001\r\n", file_size=99)
    office.service.at(CONTENT, _json({"details": {"attachments": [one]}}))
    report = office.one()
    assert report.status == "refused"
    assert "and should have 99" in report.refusal[0]
    assert office.kept() == []


def test_attachment_on_another_host_is_refused(office: Office) -> None:
    office.offer(OFSTED)
    one = {"title": f"{LATEST} 31 Oct 2026", "url": "https://elsewhere.example/a_31_Oct_2026.csv"}
    office.service.at(CONTENT, _json({"details": {"attachments": [one]}}))
    report = office.one()
    assert "https://elsewhere.example/a_31_Oct_2026.csv, which is not a place" in report.refusal[0]


def test_renamed_attachment_is_said_with_what_is_there(office: Office) -> None:
    office.offer(OFSTED)
    one = _attachment(office.service, "Report cards, October", "cards.csv", b"URN")
    office.service.at(CONTENT, _json({"details": {"attachments": [one]}}))
    report = office.one()
    assert "none of the 1 files" in report.refusal[0]
    assert "Report cards, October" in report.refusal[1]


def test_two_attachments_that_fit_are_not_chosen_between(office: Office) -> None:
    office.offer(OFSTED)
    both = [_attachment(office.service, f"{LATEST} 31 Oct 2026", f"{n}_31_Oct_2026.csv", b"URN") for n in "ab"]
    office.service.at(CONTENT, _json({"details": {"attachments": both}}))
    assert "2 files of the same day fit" in office.one().refusal[0]


@pytest.mark.parametrize("content", [[], {}, {"details": []}, {"details": {"attachments": 7}}, "text", None])
def test_page_of_another_shape_is_not_understood_and_no_traceback(office: Office, content: object) -> None:
    office.offer(OFSTED)
    office.service.at(CONTENT, _json(content))
    report = office.one()
    assert report.status == "refused"
    assert report.refusal[1:]


_ODD = st.sampled_from(["http://[bad", "..", "\ud800", "a.csv", f"{LATEST} 31 Oct 2026", "\x1b[2J", "", "//x/a.csv"])
_KEYS = st.sampled_from(
    [
        "details",
        "attachments",
        "title",
        "url",
        "file_size",
        "body",
        "results",
        "paging",
        "totalPages",
        "id",
        "latestVersion",
        "version",
        "published",
        "downloadFiles",
        "fileName",
        "name",
    ]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | _ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=12,
)


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(content=_JSON, wrapped=st.booleans())
@example(content={"details": None, "fileName": "http://[bad"}, wrapped=True)
def test_list_of_any_shape_ends_in_words(office: Office, content: object, wrapped: bool) -> None:
    titled = {**EES, "publication": f"{LATEST} 31 Oct 2026", "title": "."}
    office.offer({**OFSTED, "title": "."}, titled, {**RELEASE, "title": "."})
    inner = {"details": {"attachments": [content]}, "results": [content], "id": "r", "downloadFiles": [content]}
    office.service.otherwise = _json(inner if wrapped else content)
    for report in office.download():
        assert report.status == "refused"
        assert report.refusal[1:]


def test_list_that_is_a_web_page_is_said_to_be_one(office: Office) -> None:
    office.offer(OFSTED)
    office.service.at(CONTENT, Reply(b"<html>busy</html>", headers={"Content-Type": "text/html"}))
    assert "no JSON" in office.one().refusal[0]


def test_newest_year_that_is_out_is_taken_and_the_step_back_is_noted(office: Office) -> None:
    office.offer(ABSENCE)
    _serve_absence(office)
    report = office.one()
    assert report.file == "absence/2024-2025/england_abs.csv"
    assert report.notes == ("2026-2027 is no table yet: a page came instead", "2025-2026 is not there")


def test_latest_version_of_a_data_set_is_taken_from_a_list_in_pages(office: Office) -> None:
    office.offer(EES)
    _serve_ees(office)
    report = office.one()
    assert report.status == "downloaded", report.refusal
    assert report.file == "ees_ks4/ks4_schools.csv"
    assert office.service.paths()[-1] == "/statistics/v1/data-sets/new/csv?dataSetVersion=2.1"


def test_publication_that_was_renamed_is_said_to_be_missing(office: Office) -> None:
    office.offer({**EES, "publication": "Key stage 4"})
    _serve_ees(office)
    search = "/statistics/v1/publications?search=Key%20stage%204&page=1&pageSize=20"
    office.service.at(search, _json({"paging": {"totalPages": 1}, "results": [{"id": 7, "title": None}]}))
    assert 'no publication is called "Key stage 4"' in office.one().refusal[0]


def test_file_of_a_release_is_found_by_its_title(office: Office) -> None:
    office.offer(RELEASE)
    _serve_release(office, "Vacancies", "Pupil to teacher ratios - school level")
    report = office.one()
    assert report.status == "downloaded", report.refusal
    assert report.file == "ratios/ratios_1.csv"


def test_two_files_of_a_release_that_fit_are_not_chosen_between(office: Office) -> None:
    office.offer(RELEASE)
    _serve_release(office, "Ratios - school level", "Ratios - school level (revised)")
    assert "2 files of the release fit" in office.one().refusal[0]


# kept, and never overwritten


def test_description_says_where_the_file_came_from(office: Office) -> None:
    office.offer(GIAS)
    body = _serve_gias(office)
    report = office.one()
    said = office.description(report.file)
    assert set(said) == set(Description.__dataclass_fields__)
    assert said["address"] == f"{office.service.base}/public/edubasealldata20261121.csv"
    assert (said["fetched_at"], said["fetched_by"]) == ("2026-11-22 09:00:00+00:00", "local user")
    assert (said["size"], said["etag"], said["sha256"]) == (len(body), '"a"', report.sha256)
    assert said["licence"] == "Open Government Licence v3.0"


def test_same_bytes_are_not_kept_twice(office: Office) -> None:
    office.offer(GIAS)
    _serve_gias(office)
    first, second = office.one(), office.one()
    assert (first.status, second.status) == ("downloaded", "unchanged")
    assert office.kept() == [first.file]


def test_changed_file_under_the_same_name_and_tag_is_kept_beside_the_earlier(office: Office) -> None:
    office.offer(GIAS)
    body = _serve_gias(office)
    first = office.one()
    changed = body.replace(b"Exampleshire", b"Examplesmire")
    assert len(changed) == len(body)
    assert changed != body
    office.service.at("/public/edubasealldata20261121.csv", Reply(changed, headers={"ETag": '"a"'}))
    second = office.one()
    assert second.status == "downloaded"
    assert office.kept() == ["gias/edubasealldata20261121 (2).csv", first.file]
    assert (office.data.downloads / first.file).read_bytes() == body
    assert (office.data.downloads / second.file).read_bytes() == changed


def test_file_whose_description_was_lost_gets_it_back(office: Office) -> None:
    office.offer(GIAS)
    _serve_gias(office)
    report = office.one()
    (office.data.downloads / f"{report.file}.json").unlink()
    again = office.one()
    assert (again.status, again.file) == ("unchanged", report.file)
    assert office.description(report.file)["sha256"] == report.sha256


@pytest.mark.parametrize(
    ("disposition", "kept"),
    [
        ('attachment; filename="../../evil.csv"', "evil.csv"),
        ('attachment; filename="..\\\\..\\\\evil.csv"', "evil.csv"),
        ("attachment; filename*=UTF-8''%2e%2e%2fevil%00.csv", "evil_.csv"),
        ('attachment; filename="CON.csv"', "_CON.csv"),
        ('attachment; filename="/etc/passwd"', "passwd.csv"),
        ('attachment; filename=".."', "upload.csv"),
        ('attachment; filename="table.exe"', "table.exe.csv"),
        ('attachment; filename="2024-2025_england_abs.zip"', "2024-2025_england_abs.csv"),
        ("attachment", "england_abs.csv"),
    ],
)
def test_name_from_the_service_is_never_a_path(office: Office, disposition: str, kept: str) -> None:
    office.offer(ABSENCE)
    body = _serve_absence(office)
    reply = Reply(body, headers={"Content-Disposition": disposition})
    office.service.at("/download-data?filters=PUPILABSENCE&year=2024-2025", reply)
    assert office.one().file == f"absence/2024-2025/{kept}"
    assert not list(office.data.root.parent.glob("*evil*"))


def test_archive_that_is_not_whole_is_refused(office: Office) -> None:
    office.offer(ABSENCE)
    _serve_absence(office)
    office.service.at("/download-data?filters=PUPILABSENCE&year=2024-2025", Reply(b"PK\x03\x04 and no more"))
    assert "an archive that cannot be opened" in office.one().refusal[0]
    assert office.kept() == []


# one bad service does not stop the others


def test_source_that_fails_does_not_stop_the_others(office: Office) -> None:
    office.offer(OFSTED, GIAS, ABSENCE)
    _serve_gias(office)
    _serve_absence(office)
    office.service.at(CONTENT, Reply(status=503))
    assert [report.status for report in office.download()] == ["refused", "downloaded", "downloaded"]


def test_named_sources_alone_are_fetched_and_progress_is_told(office: Office) -> None:
    office.offer(OFSTED, GIAS)
    body = _serve_gias(office)
    (report,) = office.download("gias")
    assert report.id == "gias"
    assert office.steps[-1] == ("gias", Step(len(body), len(body)))
    assert CONTENT not in office.service.paths()


def test_unknown_source_is_refused_before_anything_is_asked(office: Office) -> None:
    office.offer(GIAS)
    with pytest.raises(DownloadRefused, match="no source called ofsted"):
        office.download("gias", "ofsted")
    assert office.service.asked == []


# imported like any file


def test_downloads_are_imported_and_built_to_the_end(office: Office) -> None:
    office.offer(GIAS, OFSTED, ABSENCE, EES)
    _serve_gias(office)
    _serve_ofsted(office)
    _serve_absence(office)
    _serve_ees(office)
    reports = office.download(and_import=True)
    assert [report.refusal for report in reports] == [()] * 4
    imported = [one for report in reports for one in report.imported]
    assert [one.status for one in imported] == ["imported"] * 4
    assert [one.kind for one in imported][:3] == ["gias", "ofsted_report_cards", "absence"]
    assert imported[3].kind in EES["layouts"]
    releases = {release.source_id: release for release in read_releases(office.data)}
    assert releases["absence"].period == "2024-2025"
    assert str(releases["gias"].as_at) == "2026-11-21"
    assert str(releases["ofsted_report_cards"].as_at) == "2026-10-31"
    said = office.description("gias/edubasealldata20261121.csv")
    assert said["releases"] == [releases["gias"].release_id]
    assert said["sha256"] == releases["gias"].sha256
    assert build_now(local_viewer(), office.data, None).schools == 259


def test_download_again_imports_nothing_twice(office: Office) -> None:
    office.offer(ABSENCE)
    _serve_absence(office)
    office.one(and_import=True)
    again = office.one(and_import=True)
    assert again.status == "unchanged"
    assert [one.status for one in again.imported] == ["already loaded"]
    assert len(read_releases(office.data)) == 1


def test_half_a_file_is_never_imported_and_the_next_run_goes_on(office: Office) -> None:
    office.offer(GIAS)
    body = _serve_gias(office)
    whole = Reply(body, headers={"ETag": '"a"'})
    cut = Reply(body, headers={"ETag": '"a"'}, cut_after=200_000)
    address = "/public/edubasealldata20261121.csv"
    # twice cut off where two tries are made; the second answer to a range is cut off at its own end
    office.service.at(address, cut, Reply(body[:50], headers={"ETag": '"a"'}, announced=len(body), ranges=False))
    report = office.one(and_import=True)
    assert report.status == "refused"
    assert office.kept() == ["gias/unfinished.part"]
    assert read_releases(office.data) == []
    office.service.at(address, whole)
    again = office.one(and_import=True)
    assert [one.status for one in again.imported] == ["imported"]
    assert office.kept() == [again.file]


def test_file_that_the_import_refuses_is_kept_and_said_to_be_refused(office: Office) -> None:
    office.offer(ABSENCE)
    _serve_absence(office)
    damaged = b"URN,PERCTOT,PPERSABS10\r\n900001,nonsense,3\r\n"
    office.service.at("/download-data?filters=PUPILABSENCE&year=2024-2025", Reply(damaged))
    report = office.one(and_import=True)
    assert report.status == "downloaded"
    assert not report.is_good
    assert report.imported[0].refusal
    assert read_releases(office.data) == []


def test_file_that_came_is_reported_where_the_import_cannot_begin(office: Office) -> None:
    office.offer(ABSENCE)
    _serve_absence(office)
    office.data.root.mkdir()
    office.data.lake.write_text("a file where a folder should be", "utf-8")
    report = office.one(and_import=True)
    assert report.status == "downloaded"
    assert not report.is_good
    assert office.kept() == [report.file]


def test_table_of_another_kind_than_expected_is_noted(office: Office) -> None:
    office.offer({**ABSENCE, "layouts": ["census"]})
    _serve_absence(office)
    assert "recognised as absence, where census was expected" in office.one(and_import=True).notes


def test_downloaded_date_is_of_the_publishers_day(office: Office) -> None:
    office.offer(GIAS)
    # half past eleven in the evening by the clock of the world is the next day in England's summer
    office.moments.now = office.moments.now.replace(month=7, day=1, hour=23, minute=30)
    office.one()
    assert office.service.paths()[0] == "/public/edubasealldata20260702.csv"


# what there is


def test_offers_say_what_is_there_already(office: Office) -> None:
    office.offer(GIAS, OFSTED)
    _serve_gias(office)
    office.download("gias")
    offers = {one.id: one for one in download_offers(local_viewer(), office.data, office.catalogue)}
    assert offers["gias"].last_file == "edubasealldata20261121.csv"
    assert offers["gias"].last_fetched_at == office.moments.now
    assert offers["ofsted"].last_fetched_at is None


def test_second_download_of_a_source_at_the_same_time_is_refused(office: Office) -> None:
    office.offer(GIAS)
    _serve_gias(office)
    with turn(office.data.downloads / "gias", "download"):
        report = office.one()
    assert report.status == "refused"
    assert "another download" in report.refusal[0]
    assert office.one().status == "downloaded"


def _ids(reports: Sequence[DownloadReport]) -> list[str]:
    return [report.id for report in reports]


def test_folder_that_cannot_be_written_is_a_clear_word_for_each(office: Office) -> None:
    office.offer(GIAS, ABSENCE)
    _serve_gias(office)
    office.data.root.mkdir()
    office.data.downloads.write_text("a file where a folder should be", "utf-8")
    reports = office.download()
    assert _ids(reports) == ["gias", "absence"]
    assert all("the system refused to write" in report.refusal[0] for report in reports)
