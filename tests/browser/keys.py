"""A person who uses keys alone; at every stop it must be seen where they are."""

import re
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Download, TimeoutError, expect

from tests.browser.browsing import Visitor

MOST_STOPS = 160
_TRIES, _SOON_MS = 4, 5_000
_NAMED = """() => {
    const one = document.activeElement;
    const labels = [...(one.labels || [])].map(label => label.innerText);
    const copied = one.cloneNode(true);
    // an icon is a word of a font of pictures
    for (const icon of copied.querySelectorAll('[data-testid=stIconMaterial]')) icon.remove();
    return (one.getAttribute('aria-label') || labels[0] || copied.textContent || '').trim().slice(0, 80);
}"""
# What changes on the element that has the focus, around it or in it, when it has not: an outline, a border, a shadow …
_SEEN = """async () => {
    const one = document.activeElement;
    if (!one || one === document.body) return false;
    const near = [one, ...one.children];
    for (let at = one.parentElement; near.length < 12 && at && at !== document.body; at = at.parentElement) {
        near.push(at);
    }
    // who has the focus is told to the page's own code, which draws a moment later
    const moment = () => new Promise(then => setTimeout(then, 120));
    const drawn = () => near.map(each => [null, '::before', '::after'].map(part => {
        const its = getComputedStyle(each, part);
        const ring = its.outlineStyle !== 'none' && parseFloat(its.outlineWidth) > 0 ? its.outline : '';
        const border = ['Top', 'Bottom', 'Left', 'Right'].map(side => its[`border${side}Color`]);
        return [ring, its.boxShadow, ...border, its.backgroundColor, its.color, its.textDecorationLine].join();
    }).join()).join();
    for (const each of [document.documentElement, ...near]) each.style.setProperty('transition', 'none', 'important');
    await moment();
    const focused = drawn();
    one.blur();
    await moment();
    const left = drawn();
    one.focus({focusVisible: true});
    await moment();
    for (const each of [document.documentElement, ...near]) each.style.removeProperty('transition');
    return focused !== left;
}"""


class Keys:
    """Somebody without a mouse."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    def tab_to(self, name: str, *, whole: bool = False) -> None:
        """Press Tab until the focus is on what is called so, or begins so, and can be seen there."""
        wanted = re.compile(re.escape(name) + ("$" if whole else ""))
        passed: list[str] = []
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            passed.append(self.page.evaluate(_NAMED))
            if wanted.match(passed[-1]):
                assert self.page.evaluate(_SEEN), f"it cannot be seen that the focus is on {name}"
                # what is drawn anew at that moment loses the focus; one goes on to where it is now
                if wanted.match(self.page.evaluate(_NAMED)):
                    return
        raise AssertionError(f"{name} is not reached by keyboard; passed: {passed}")

    def press(self, key: str) -> None:
        """Press a key, and wait until the page has answered."""
        self.page.keyboard.press(key)
        self.visitor.drawn()

    def follow(self, title: str) -> None:
        """Go to a page by its link in the navigation."""
        self.tab_to(title, whole=True)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        self.visitor.drawn()

    def turn_to(self, tab: str) -> None:
        """From the tab that is open to another of its row, by the arrow keys."""
        wanted = self.page.get_by_role("tab", name=tab, exact=True)
        beside = self.page.get_by_role("tablist").filter(has=wanted)
        for _ in range(_TRIES):
            self.tab_to(beside.get_by_role("tab", selected=True).inner_text(), whole=True)
            for _ in range(20):
                if self.page.evaluate(_NAMED) == tab:
                    break
                self.press("ArrowRight")
            # an arrow opens the tab that it leads to; one that came while the page was drawn only leads there
            if self.page.evaluate(_NAMED) == tab and wanted.get_attribute("aria-selected") != "true":
                self.press("Enter")
            with suppress(AssertionError):
                expect(wanted).to_have_attribute("aria-selected", "true", timeout=_SOON_MS)
                return
        raise AssertionError(f"the tab {tab} does not open")

    def choose_file(self, button: str, file: Path) -> None:
        """Press the button that opens the window of files, and choose one there."""
        for _ in range(_TRIES):
            self.tab_to(button)
            # a button that is drawn anew while the page settles loses the focus: nothing happens, and one tries again
            with suppress(TimeoutError):
                with self.page.expect_file_chooser(timeout=_SOON_MS) as window:
                    self.page.keyboard.press("Enter")
                window.value.set_files(file)
                return
        raise AssertionError(f"{button} opens no window")

    def take(self, button: str) -> Download:
        """Press the button that makes a file."""
        for _ in range(_TRIES):
            self.tab_to(button, whole=True)
            with suppress(TimeoutError):
                with self.page.expect_download(timeout=2 * _SOON_MS) as made:
                    self.page.keyboard.press("Enter")
                return made.value
        raise AssertionError(f"{button} gives no file")

    def choose(self, label: str, option: str) -> None:
        """Type into a box of choices, and take the first that fits."""
        self.tab_to(label)
        wanted = self.page.get_by_role("option").filter(has_text=option).first
        # a page that is still drawing itself may take back what is typed
        for _ in range(_TRIES):
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.type(option)
            with suppress(AssertionError):
                expect(wanted).to_be_visible(timeout=_SOON_MS)
                break
        self.press("Enter")

    def write(self, label: str, text: str) -> None:
        """Type into a field."""
        self.tab_to(label)
        self.page.keyboard.type(text)
