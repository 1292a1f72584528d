"""Long work is stopped: it says so, nothing half done is left, and it can be done again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from risk_model.domain.paths import DataDir
from risk_model.warehouse.builds import read_builds
from risk_model.warehouse.lake import lake_damage, read_releases
from tests.browser.browsing import WAIT_MS, Visitor, serving
from tests.conftest import copied
from tests.loopback import Reply, serving_absence


@pytest.fixture
def own(demo_dir: Path, tmp_path: Path) -> Iterator[tuple[str, DataDir]]:
    data = DataDir(copied(demo_dir, tmp_path / "data"))
    with serving(data.root, tmp_path / "log.txt") as address:
        yield address, data


def files_of_builds(data: DataDir) -> list[str]:
    return sorted(str(one.relative_to(data.root)) for one in data.builds.rglob("*"))


def test_a_build_is_stopped_and_made_again(own: tuple[str, DataDir], visitor: Visitor) -> None:
    address, data = own
    builds, files = read_builds(data), files_of_builds(data)
    page = visitor.open(f"{address}/data?part=Builds")
    page.get_by_role("button", name="Build", exact=True).click()
    page.get_by_role("button", name="Stop building").click()
    expect(page.get_by_text("Building was stopped.")).to_be_visible()
    visitor.drawn()
    expect(page.get_by_role("button", name="Stop building")).to_have_count(0)
    assert (read_builds(data), files_of_builds(data)) == (builds, files)
    page.get_by_role("button", name="Build", exact=True).click()
    number = builds[-1].number + 1
    expect(page.get_by_text(f"Build {number} is shown from now on.")).to_be_visible()
    expect(page.get_by_text("Building was stopped.")).to_have_count(0)
    assert [one.number for one in read_builds(data)] == [*(one.number for one in builds), number]


def test_an_import_is_stopped_and_goes_on_with_the_rest(
    own: tuple[str, DataDir], tmp_path: Path, visitor: Visitor
) -> None:
    address, data = own
    loaded = {one.release_id for one in read_releases(data)}

    def new() -> list[str]:
        return [one.release_id for one in read_releases(data) if one.release_id not in loaded]

    years = range(2006, 2018)
    given = [tmp_path / f"england_abs {year}-{year + 1}.csv" for year in years]
    for one, year in zip(given, years, strict=True):
        # another year has other figures, or else it is refused
        figures = ((urn, (urn * 7 + year * 13) % 89 / 10 + 1) for urn in range(100_000, 120_000))
        rows = "".join(f"999,2000,{urn},{figure:.1f},{2 * figure:.1f}\n" for urn, figure in figures)
        one.write_text(f"LA,ESTAB,URN,PERCTOT,PPERSABS10\n{rows}", "utf-8")
    page = visitor.open(f"{address}/data?part=Import")
    page.locator("input[type=file]").set_input_files([str(one) for one in given])
    page.get_by_role("button", name=f"Import {len(given)} tables").click(timeout=4 * WAIT_MS)
    page.get_by_role("button", name="Stop importing").click()
    expect(page.get_by_text("Importing was stopped.")).to_be_visible()
    visitor.drawn()
    assert len(new()) < len(given)
    page.get_by_role("button", name=re.compile(r"^Import \d+ tables?$")).click()
    # what was stored before the stop is loaded already; the uploader is emptied once the rest is
    expect(page.get_by_text("No file is chosen.")).to_be_visible(timeout=4 * WAIT_MS)
    assert (len(new()), lake_damage(data)) == (len(given), [])


def test_a_download_is_stopped_and_made_again(
    demo_dir: Path, tmp_path: Path, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = DataDir(copied(demo_dir, tmp_path / "data"))
    loaded = {one.release_id for one in read_releases(data)}
    rows = "".join(f"999,2000,{urn},{urn % 89 / 10:.1f},{urn % 89 / 5:.1f}\n" for urn in range(100_000, 160_000))
    content = f"LA,ESTAB,URN,PERCTOT,PPERSABS10\n{rows}".encode()
    # byte by byte it takes many times as long as somebody needs to press a button
    slow, catalogue = Reply(content, piece=1), tmp_path / "downloads.toml"
    monkeypatch.setenv("RISK_DOWNLOADS", str(catalogue))
    with serving_absence(catalogue, slow, Reply(content)), serving(data.root, tmp_path / "log.txt") as address:
        page = visitor.open(f"{address}/data?part=Download")
        page.get_by_role("combobox", name="Sources").click()
        page.get_by_role("option", name="Absence").click()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Download", exact=True).click()
        page.get_by_role("button", name="Stop downloading").click()
        expect(page.get_by_text("Downloading was stopped.")).to_be_visible()
        visitor.drawn()
        assert {one.release_id for one in read_releases(data)} == loaded
        assert not list(data.downloads.rglob("*.csv"))
        # what was chosen still is
        page.get_by_role("button", name="Download", exact=True).click()
        expect(page.get_by_text("What was imported, and the build, are under Import.")).to_be_visible()
        (new,) = (one for one in read_releases(data) if one.release_id not in loaded)
    assert (new.source_id, new.period, lake_damage(data)) == ("absence", "2018-2019", [])


def test_going_through_all_releases_is_stopped_and_done_again(server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/quality")
    page.get_by_role("button", name="Go through all releases").click()
    page.get_by_role("button", name="Stop going through all releases").click()
    expect(page.get_by_text("Going through all releases was stopped.")).to_be_visible()
    visitor.drawn()
    # the table that all of it comes to, and its file
    exported = page.get_by_role("button", name="Export as CSV")
    expect(exported).to_have_count(0)
    page.get_by_role("button", name="Go through all releases").click()
    expect(exported.first).to_be_visible(timeout=4 * WAIT_MS)
    expect(page.get_by_text("Going through all releases was stopped.")).to_have_count(0)
