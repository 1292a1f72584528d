"""What a user does, click by click."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, Position, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import opened, require_build
from risk_model.services.scope import Scope
from tests.browser.browsing import WAIT_MS, Visitor, serving
from tests.browser.conftest import OpenVisitor
from tests.conftest import copied
from tests.registers import HOSTILE

NAVIGATION = ["Overview", "Schools at risk", "School profile", "Support", "Regional director (RSC)", "Data"]
FIRST_ROW: Position = {"x": 16, "y": 53}


def _choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a box, as a user does."""
    Visitor(page).drawn()
    box = page.locator("[data-testid=stSelectbox], [data-testid=stMultiSelect]").filter(has_text=label)
    box.locator("input").click()
    page.get_by_role("option", name=option, exact=True).click()


def _count(page: Page) -> int:
    """How many schools the list says that it shows."""
    line = page.get_by_text(re.compile(r"^\d+ of \d+ schools$"))
    return int(line.inner_text().split()[0])


def _open_by_navigation(visitor: Visitor, title: str) -> Page:
    visitor.page.get_by_role("link", name=title, exact=True).click()
    expect(visitor.page.get_by_role("heading", level=1, name=title)).to_be_visible()
    return visitor.drawn()


@pytest.mark.parametrize(
    ("address", "heading", "text"),
    [
        ("/school?urn={urn}", "Alder Bank Primary School", "Place:"),
        ("/schools_at_risk?priority=priority", "Schools at risk", "72 of 259 schools"),
    ],
)
def test_the_first_visit_ever_to_a_link_stays_under_the_roof(
    address: str, heading: str, text: str, fresh_server: str, demo_dir: Path, visitor: Visitor
) -> None:
    page = visitor.open(fresh_server + address.format(urn=_urn(demo_dir, "Alder Bank Primary School")))
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.get_by_text(text).first).to_be_visible()
    for title in NAVIGATION:
        expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()
    expect(page).to_have_title("Schools at risk and their support")


def _urn(demo_dir: Path, name: str) -> str:
    with opened(DataDir(demo_dir)) as copy:
        return str(school_list(local_viewer(), copy, Scope()).set_index("name").at[name, "urn"])


def test_a_tile_opens_the_list_with_as_many_schools(server: str, visitor: Visitor) -> None:
    page = visitor.open(server)
    tile = page.get_by_role("link", name=re.compile(r"^■ unlikely: \d+$")).first
    said = int(tile.inner_text().rsplit(" ", 1)[1])
    tile.click()
    expect(page.get_by_text(re.compile(rf"^{said} of 259 schools$"))).to_be_visible()
    assert "outcomes=unlikely" in page.url


def test_a_filter_stands_in_the_url_and_survives_a_reload(server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/schools_at_risk")
    assert _count(page) == 259
    page.get_by_role("button", name="Filters").click()
    _choose(page, "Priority", "watch")
    expect(page.get_by_text(re.compile(r"^\d\d of 259 schools$"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]priority=watch(&|$)"))
    narrowed = _count(page)
    page.reload()
    visitor.drawn()
    assert _count(page) == narrowed
    assert "priority=watch" in page.url


def test_a_row_opens_its_panel_then_its_profile_and_the_way_back_keeps_the_filters(
    server: str, visitor: Visitor
) -> None:
    page = visitor.open(f"{server}/schools_at_risk?priority=priority&support=without")
    before = _count(page)
    page.get_by_test_id("stDataFrame").first.click(position=FIRST_ROW)
    link = page.get_by_role("link", name="Open the profile")
    expect(link).to_be_visible()
    name = page.locator("h2").first.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page).to_have_url(re.compile(r"/school\?.*urn=\d{6}"))
    page = _open_by_navigation(visitor, "Schools at risk")
    expect(page.get_by_text(f"{before} of 259 schools")).to_be_visible()
    expect(page).to_have_url(re.compile("priority=priority"))
    expect(page).to_have_url(re.compile("support=without"))


def test_the_locality_is_remembered_on_every_page_and_stands_in_the_url(server: str, visitor: Visitor) -> None:
    page = visitor.open(server)
    _choose(page, "Locality", "Brackenside")
    expect(page).to_have_url(re.compile("locality=Brackenside"))
    for title in [*NAVIGATION[1:], NAVIGATION[0]]:
        page = _open_by_navigation(visitor, title)
        expect(page).to_have_url(re.compile("locality=Brackenside"))
        expect(page).to_have_url(re.compile("la=999"))
        expect(page.get_by_role("combobox", name="Locality")).to_have_value("Brackenside")


def test_the_exported_rows_are_those_on_screen(server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/schools_at_risk?priority=priority&locality=Brackenside")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    content = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == _count(page)
    assert {row["Locality"] for row in rows} == {"Brackenside"}
    assert {row["Priority"] for row in rows} == {"priority"}


def test_the_plain_table_has_every_row(server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/schools_at_risk?priority=watch")
    page.get_by_text("Plain table").click()
    expect(page.locator("table tbody tr")).to_have_count(_count(page))


def test_files_are_dropped_looked_at_confirmed_built_and_what_changed_is_shown(
    fresh_server: str, tmp_path: Path, visitor: Visitor
) -> None:
    given = tmp_path / "england_abs.csv"
    given.write_text("LA,ESTAB,URN,PERCTOT,PPERSABS10\n999,2000,900001,5.5,14.5\n999,2001,900002,3.9,6.4\n", "utf-8")
    page = visitor.open(f"{fresh_server}/data?part=Import")
    page.locator("input[type=file]").set_input_files(str(given))
    expect(page.get_by_text("needs a year")).to_be_visible()
    expect(page.get_by_role("button", name="Import 0 tables")).to_be_disabled()
    _choose(page, "Which academic year does it describe?", "2020-2021")
    expect(page.get_by_text("Adds a year: 2020-2021")).to_be_visible()
    page.get_by_role("button", name="Import 1 table").click()
    expect(page.get_by_text("1 of 1 table imported.")).to_be_visible()
    page.get_by_role("button", name="Build", exact=True).click()
    expect(page.get_by_text("Build 3 is shown from now on.")).to_be_visible(timeout=4 * WAIT_MS)
    expect(page.get_by_role("heading", name="What it changed")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\d+ of 259 schools moved"))).to_be_visible()


def test_a_figure_of_a_profile_leads_to_its_row(server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/school?urn=900001")
    page.get_by_text(re.compile(r"^All \d+ rules$")).first.click()
    link = page.get_by_role("link", name=re.compile("^Figure from ")).first
    said = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1, name="Where a figure stands")).to_be_visible()
    row = int(said.rsplit("row ", 1)[1])
    expect(page.get_by_text(f"row {row:,} of the file as it was published")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/figure\?.*row={row}"))


def test_the_browsers_back_leads_to_the_list(server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/schools_at_risk?priority=watch")
    _open_by_navigation(visitor, "Data")
    expect(page).to_have_url(re.compile(r"/data\?la=999"))
    heading = page.get_by_role("heading", level=1, name="Schools at risk")
    page.go_back()
    try:
        heading.wait_for(timeout=5_000)
    except PlaywrightTimeout:
        # Streamlit may have made an entry of its own when the scope came into the URL
        page.go_back()
    expect(heading).to_be_visible()


def test_hostile_names_are_text_and_a_broken_build_shows_no_trace(
    small_dir: Path, tmp_path: Path, visitor_with: OpenVisitor
) -> None:
    visitor = visitor_with()
    dialogs: list[str] = []

    def refuse(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    visitor.page.on("dialog", refuse)
    data = DataDir(copied(small_dir, tmp_path / "data"))
    with serving(data.root, tmp_path / "log.txt") as address:
        page = visitor.open(f"{address}/school?urn=100001")
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
        page = visitor.open(f"{address}/schools_at_risk")
        page.get_by_text("Plain table").click()
        expect(page.get_by_role("rowheader", name=HOSTILE)).to_be_visible()
        for path in ("/", "/regional_director", "/support"):
            page = visitor.open(address + path)
            assert page.locator("a[href^='javascript']").count() == 0
        assert dialogs == []
        _break_build(data)
        page = visitor.open_any(address)
        expect(page.get_by_text("cannot be read: it is damaged or gone")).to_be_visible()
        shown = page.locator("body").inner_text()
        assert "Traceback" not in shown
        assert str(data.root) not in shown
        assert ".py" not in shown
        assert page.locator("a[href*='google'], a[href*='chatgpt']").count() == 0


def _break_build(data: DataDir) -> None:
    """Point at a build whose file is no database."""
    build = require_build(data)
    broken = data.builds / "risk_broken.duckdb"
    broken.write_bytes(b"no database")
    described = json.loads(build.path.with_suffix(".json").read_text("utf-8"))
    described |= {"build_id": "broken", "file": broken.name}
    broken.with_suffix(".json").write_text(json.dumps(described), "utf-8")
    (data.builds / "current.json").write_text(json.dumps({"build_id": "broken"}), "utf-8")
