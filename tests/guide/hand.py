"""What a person does with mouse and keyboard, counted."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Download, Locator, Page, TimeoutError, expect

from tests.browser.browsing import Visitor

_TRIES, _SOON_MS, _A_FINGER_MS = 6, 5_000, 60
# from the left edge of a table to the middle of its first box; its heading; a row of three lines, as the list has them
BOX_X, HEADING_HEIGHT, ROW_HEIGHT = 16, 36, 66


@dataclass
class Hand:
    """A person at a browser whose clicks and filled fields are counted.

    Attributes:
        clicks: presses of the mouse; choosing in a box takes two.
        fields: boxes into which something was typed.
        files: texts of files that were taken along, for a later step to fill in.
    """

    visitor: Visitor
    clicks: int = 0
    fields: int = 0
    files: dict[str, str] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        """The page that is open."""
        return self.visitor.page

    def press(self, name: str) -> None:
        """Press a button."""
        self._click(self.page.get_by_role("button", name=name, exact=True))

    def press_with_keys(self, name: str) -> None:
        """Press a button that says its keys after its name."""
        self._click(self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")))

    def follow(self, name: str) -> None:
        """Follow a link of the navigation."""
        self._click(self.page.get_by_role("link", name=name, exact=True))

    def follow_like(self, beginning: str) -> None:
        """Follow the first link that begins so, where a number follows that nobody can know before."""
        self._click(self.page.get_by_role("link", name=re.compile(f"^{re.escape(beginning)}")).first)

    def turn_to(self, tab: str) -> None:
        """Turn to a tab."""
        self._click(self.page.get_by_role("tab", name=tab, exact=True))

    def select_row(self, table: Locator, text: str) -> None:
        """Select the row of a table in which a cell says this; the table itself is a drawing, so by its place."""
        row = table.locator("tr[aria-rowindex]").filter(has_text=text)
        # the heading is row 1 of those that a screen reader counts
        place = int(row.get_attribute("aria-rowindex") or "0") - 2
        y = HEADING_HEIGHT + ROW_HEIGHT * place + ROW_HEIGHT // 2
        table.click(position={"x": BOX_X, "y": y})
        self.clicks += 1
        self.visitor.drawn()

    def fill(self, label: str, text: str) -> None:
        """Type into a field."""
        box = self._field(label)
        # a list that closes may take the keys back for a moment
        for _ in range(_TRIES):
            # key by key, as a person does: a value that is put in at once is lost in Firefox
            box.press("ControlOrMeta+a")
            box.press_sequentially(text)
            if box.input_value() == text:
                break
        self.fields += 1

    def fill_and_enter(self, label: str, text: str) -> None:
        """Type into a field outside of a form, and press Enter."""
        self.fill(label, text)
        self._field(label).press("Enter")
        self.visitor.drawn()

    def fill_day(self, label: str, day: str) -> None:
        """Type a day, as 20/11/2026, and leave the box; the calendar that opens beside it is closed."""
        box = self.page.get_by_test_id("stDateInput").filter(has_text=label).filter(visible=True)
        # the box is made of three: day, month and year; a page that still draws itself may take back what is typed
        parts = box.get_by_role("spinbutton")
        for _ in range(_TRIES):
            for part, figures in enumerate(day.split("/")):
                # not every browser goes on to the next part by itself
                parts.nth(part).click()
                self.page.keyboard.type(figures, delay=_A_FINGER_MS)
            self.page.keyboard.press("Escape")
            self.page.keyboard.press("Tab")
            self.visitor.drawn()
            if self._stands(parts, day.split("/")):
                break
        self.fields += 1

    def _stands(self, parts: Locator, wanted: list[str]) -> bool:
        try:
            expect(parts).to_have_text(wanted, timeout=_SOON_MS)
        except AssertionError:
            return False
        return True

    def choose(self, label: str, option: str) -> None:
        """Open a box and choose in it."""
        box = self.page.get_by_test_id("stSelectbox").filter(has_text=label).filter(visible=True)
        self._pick(box.locator("input"), option)

    def look_up(self, label: str, text: str) -> None:
        """Type into a box of many choices, and take the one that says this."""
        box = self.page.get_by_role("combobox", name=label, exact=True).filter(visible=True)
        wanted = self.page.get_by_role("option").filter(has_text=text)
        # a page that is still drawing itself may take back what is typed
        for _ in range(_TRIES):
            box.press("ControlOrMeta+a")
            box.press_sequentially(text)
            if _taken(wanted):
                break
        else:
            raise AssertionError(f"{text} cannot be chosen in {label}")
        self.clicks += 1
        self.fields += 1
        self.visitor.drawn()

    def choose_in(self, part: str, label: str, option: str) -> None:
        """Choose in a box of one form, where the page has several of that name."""
        form = self.page.get_by_test_id("stForm").filter(has_text=part).filter(visible=True)
        box = form.get_by_role("combobox", name=label, exact=True)
        self._pick(box, option)

    def _pick(self, box: Locator, option: str) -> None:
        """Open a box in the middle of the screen, and choose in it; counts as two clicks."""
        wanted = self.page.get_by_role("option", name=option, exact=True)
        # while the page still moves, as when a part of it folds up, a box that is opened closes again
        for _ in range(_TRIES):
            box.evaluate("one => one.scrollIntoView({block: 'center'})")
            box.press("ArrowDown")
            if _taken(wanted):
                break
        else:
            raise AssertionError(f"{option} cannot be chosen")
        self.clicks += 2
        self.visitor.drawn()

    def unfold(self, title: str) -> None:
        """Open a part of the page that is folded up."""
        self._click(self.page.locator("summary").filter(has_text=title).first)

    def download(self, name: str) -> Download:
        """Press a button that makes a file."""
        with self.page.expect_download() as made:
            self.press(name)
        return made.value

    def upload(self, label: str, name: str, text: str) -> None:
        """Choose a file: one click to open the window, another on the file."""
        box = self.page.get_by_test_id("stFileUploader").filter(has_text=label).filter(visible=True)
        content = text.encode("utf-8")
        box.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        self.clicks += 2
        expect(self.page.get_by_text(name).first).to_be_visible()
        self.visitor.drawn()

    def _field(self, label: str) -> Locator:
        named = self.page.get_by_role("textbox", name=label, exact=True)
        return named.or_(self.page.get_by_role("spinbutton", name=label, exact=True)).filter(visible=True)

    def _click(self, wanted: Locator) -> None:
        wanted.filter(visible=True).click()
        self.clicks += 1
        self.visitor.drawn()


def _taken(wanted: Locator) -> bool:
    """Whether an option came, and stayed long enough to be clicked: a list that closes again takes it along."""
    try:
        expect(wanted).to_be_visible(timeout=_SOON_MS)
        wanted.click(timeout=_SOON_MS)
    except (AssertionError, TimeoutError):
        return False
    return True


def panel(hand: Hand) -> Locator:
    """The tab of the piece of support that is open, inside that of the page."""
    return hand.page.get_by_role("tabpanel").filter(visible=True).last


def shown(hand: Hand, text: str | re.Pattern[str]) -> Locator:
    """A text that must come onto the screen before a step is over."""
    found = hand.page.get_by_text(text).filter(visible=True).first
    expect(found).to_be_visible()
    # what stands below it may still be that of the step before, and a click there is lost
    hand.visitor.drawn()
    return found
