"""Long work is stopped: it says so, nothing half done is left, and it can be done again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from risk_model.domain.paths import DataDir
from risk_model.warehouse.builds import read_builds
from tests.browser.browsing import Visitor, serving
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
