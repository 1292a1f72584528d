"""Pages through app.py, as a user's session runs them, without a browser."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, app_test
from streamlit.testing.v1.element_tree import Block

from risk_model.domain.paths import PROJECT

PAGES = (
    "overview",
    "schools_at_risk",
    "school",
    "support",
    "explore",
    "core_group",
    "my_schools",
    "regional_director",
    "history",
    "rules",
    "model",
    "data",
    "quality",
    "help",
)
Visit = Callable[..., AppTest]
# a run may hold a build; slow machines are no failures
TIMEOUT_S = 120


class _AfterNavigation(PagesManager):
    """A server on which st.navigation has run once, as every server's has after its first visit.

    AppTest begins each run as a server that never ran: it would serve pages/ past app.py, and the rerun with
    which the pages prevent that would swallow the click. The first visit itself is tested in a real browser.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        PagesManager.uses_pages_directory = False


@pytest.fixture(autouse=True)
def _under_the_roof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_test, "PagesManager", _AfterNavigation)


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def visit() -> Visit:
    """`visit("school", urn="900001")`: a new session that comes to a page by a link."""

    def open_page(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=TIMEOUT_S)
        for key, value in query.items():
            app.query_params[key] = value
        app.switch_page(f"pages/{page}.py")
        return well(app.run())

    return open_page


def well(app: AppTest) -> AppTest:
    """The session, once it is sure that its last run raised nothing."""
    assert not app.exception, app.exception[0].value
    return app


def markdown_of(app: AppTest) -> list[str]:
    """Every text on the page that Streamlit reads as markdown: bodies, labels, messages and cells of plain tables."""
    found: list[str] = []
    _gather(app.main, found)
    for table in app.table:
        found += [str(cell) for cell in [*table.value.index, *table.value.to_numpy().ravel()]]
    return found


def _gather(block: Block, found: list[str]) -> None:
    for child in block.children.values():
        proto: Any = getattr(child, "proto", None)
        # the two that show what they are given as it is
        if child.type not in ("code", "text"):
            found += [str(getattr(proto, name)) for name in ("body", "label", "text") if hasattr(proto, name)]
        if isinstance(child, Block):
            _gather(child, found)


def shows_no_markup(app: AppTest) -> bool:
    """Whether nothing that came from a file or a link is read as HTML, as a link or as bold."""
    texts = markdown_of(app)
    return not any(re.search(r"(?<!\\)<\w", t) or "**bold**" in t or "](javascript" in t for t in texts)


def said(app: AppTest) -> str:
    """What a reader sees of the page's markdown, as one text."""
    return re.sub(r"\\(.)", r"\1", "\n".join(markdown_of(app)))
