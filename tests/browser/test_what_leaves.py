"""A table's own button for a file would let it leave without a line in the log: there is none."""

from playwright.sync_api import expect

from tests.browser.browsing import Visitor


def test_a_table_has_no_button_of_its_own_for_a_file(server: str, visitor: Visitor) -> None:
    page = visitor.open(f"{server}/schools_at_risk")
    page.get_by_test_id("stDataFrame").first.hover()
    # its other buttons are there: this one would be among them
    expect(page.locator('[aria-label^="Search: "]')).to_have_count(1)
    expect(page.locator('[aria-label^="Download as CSV"]')).to_have_count(0)
