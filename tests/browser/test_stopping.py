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
    rows = "".join(f"999,2000,{number},5.5,14.5\n" for number in range(100_000, 120_000))
    given = [tmp_path / f"england_abs {year}-{year + 1}.csv" for year in range(2006, 2018)]
    for one in given:
        one.write_text(f"LA,ESTAB,URN,PERCTOT,PPERSABS10\n{rows}", "utf-8")
    page = visitor.open(f"{address}/data?part=Import")
    page.locator("input[type=file]").set_input_files([str(one) for one in given])
    page.get_by_role("button", name=f"Import {len(given)} tables").click(timeout=4 * WAIT_MS)
    page.get_by_role("button", name="Stop importing").click()
    expect(page.get_by_text("Importing was stopped.")).to_be_visible()
    visitor.drawn()
    kept = [one for one in read_releases(data) if one.release_id not in loaded]
    assert len(kept) < len(given)
    assert lake_damage(data) == []
    expect(page.get_by_text(f"{len(kept)} of {len(kept)} table")).to_have_count(1 if kept else 0)
    left = len(given) - len(kept)
    page.get_by_role("button", name=re.compile(f"Import {left} tables?")).click()
    expect(page.get_by_text(re.compile(f"^{left} of {left} tables? imported"))).to_be_visible(timeout=4 * WAIT_MS)
    assert len([one for one in read_releases(data) if one.release_id not in loaded]) == len(given)
