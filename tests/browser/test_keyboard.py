"""The five main tasks by keys alone: each is reached, done, and the focus can be seen at every step."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from risk_model.casework import allocations, exports, one_meeting
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import opened
from risk_model.services.templates import template_file
from tests.browser.browsing import Visitor, serving
from tests.browser.conftest import prepared
from tests.browser.keys import Keys
from tests.conftest import copied

SCHOOL, URN = "Birchmoor Academy", "900200"


@pytest.fixture(scope="module")
def own(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, DataDir, int]]:
    """A server of a copy of the demo with a meeting that is prepared: its address, its data, the meeting's number."""
    data = DataDir(copied(demo_dir, tmp_path_factory.mktemp("keys") / "data"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        number = prepared(data)
        with serving(data.root, data.root / "server.log") as address:
            yield address, data, number


@pytest.fixture
def keys(own: tuple[str, DataDir, int], visitor: Visitor) -> Keys:
    visitor.open(own[0])
    return Keys(visitor)


def test_the_first_stop_leads_past_the_navigation(keys: Keys) -> None:
    keys.tab_to("Skip to main content")
    assert keys.page.evaluate("() => document.activeElement.tagName") == "A"


def test_a_school_at_risk_is_found_and_its_reasons_are_read(keys: Keys) -> None:
    keys.follow("Schools at risk")
    keys.tab_to("Plain table")
    keys.press("Space")
    keys.page.locator("table").wait_for()
    keys.tab_to(SCHOOL)
    with keys.page.context.expect_page() as another:
        keys.page.keyboard.press("Enter")
    profile = Keys(Visitor(another.value))
    profile.visitor.drawn()
    expect(profile.page.get_by_role("heading", level=1, name=SCHOOL)).to_be_visible()
    profile.tab_to("All ")
    profile.press("Enter")
    expect(profile.page.locator("details[open]").first).to_be_visible()


def test_support_is_allocated(keys: Keys, own: tuple[str, DataDir, int]) -> None:
    keys.follow("Support")
    keys.turn_to("Add support")
    keys.choose("School", SCHOOL)
    keys.choose("Who gives it", "LA team")
    keys.write("Name of the provider", "Governor services")
    keys.tab_to("Add support", whole=True)
    keys.press("Enter")
    expect(keys.page.get_by_test_id("stAlertContentSuccess").get_by_text(f"was added for {SCHOOL}")).to_be_visible()
    with opened(own[1]) as copy:
        made = max(allocations(copy.records), key=lambda one: one.id)
    assert (made.urn, made.provider_type, made.provider_name) == (URN, "LA team", "Governor services")


def test_a_meeting_is_held_and_locked(keys: Keys, own: tuple[str, DataDir, int]) -> None:
    address, data, number = own
    keys.visitor.open(f"{address}/core_group?view=meeting&meeting={number}")
    expect(keys.page.get_by_text("0 of 2 schools decided")).to_be_visible()
    for decided, outcome in enumerate(("step up support", "no change - monitor"), start=1):
        keys.choose("Outcome", outcome)
        keys.write("Reason", "The group has seen the plan.")
        keys.tab_to("Save and next")
        keys.press("Enter")
        expect(keys.page.get_by_text(f"{decided} of 2 schools decided")).to_be_visible()
    keys.tab_to("Lock the minutes")
    keys.press("Enter")
    expect(keys.page.get_by_text("The minutes are locked.").first).to_be_visible()
    with opened(data) as copy:
        meeting = one_meeting(copy.records, number)
    assert meeting.is_locked
    assert sorted(one.outcome for one in meeting.outcomes) == ["no change - monitor", "step up support"]
    assert {one.reason for one in meeting.outcomes} == {"The group has seen the plan."}


def test_the_regional_directors_list_is_taken_along(keys: Keys, own: tuple[str, DataDir, int]) -> None:
    keys.follow("Regional director (RSC)")
    keys.turn_to("4 Export and log")
    assert keys.take("Export as CSV").suggested_filename.endswith(".csv")
    with opened(own[1]) as copy:
        assert "regional director's list" in {one.what for one in exports(copy.records)}


def test_a_file_is_imported(keys: Keys, tmp_path: Path) -> None:
    file = tmp_path / "formal_notices_by_keys.csv"
    file.write_bytes(template_file(local_viewer(), "formal_notices", ".csv").replace(b"999999", b"900043"))
    keys.follow("Data")
    keys.turn_to("Import")
    keys.choose_file("Upload", file)
    expect(keys.page.get_by_text(re.compile("1 of 1 table can be imported"))).to_be_visible()
    keys.visitor.drawn()
    keys.tab_to("Import 1 table", whole=True)
    keys.press("Enter")
    expect(keys.page.get_by_text("1 of 1 table imported.")).to_be_visible()
