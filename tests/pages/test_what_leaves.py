"""Every button by which a file leaves a page: the file is in the log of exports, with its SHA-256, as it is made."""

import ast
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st

from risk_model.casework import exports
from risk_model.domain.paths import PROJECT, DataDir
from risk_model.scoring.model_figures import ModelFigures
from risk_model.services.copy import opened
from tests.browser.views import VIEWS
from tests.conftest import Committed
from tests.pages.conftest import Visit

PAGES = PROJECT / "pages"
# no school and no person is in these: the README's security statement says so
UNLOGGED = {"template_parts.py", "sandbox_parts.py"}
# a head's own page, which takes a sign-in: tests/services/test_letters.py takes its letters
ELSEWHERE = {"own_parts.py"}
# what stands behind a choice that no address can make
CHOSEN = {"letters": "/school?urn=900027&letter=1", "my schools of another": "/my_schools?leader=7"}


def buttons() -> Iterator[tuple[str, int]]:
    """(File, line) of each place in the pages that draws a button for a file."""
    for path in sorted(PAGES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "draw_file":
                yield path.name, node.lineno


Offered = list[tuple[tuple[str, int], str, Any]]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Offered:
    """(Place, name, what makes the file) of every button that was drawn and can be pressed."""
    found: Offered = []
    draw = st.download_button

    def noted(label: str, data: Any, file_name: str | None = None, *more: Any, **named: Any) -> bool:
        # who asked for the button, past what draws them all
        caller = sys._getframe(2)
        if not named.get("disabled"):
            found.append(((Path(caller.f_code.co_filename).name, caller.f_lineno), file_name or label, data))
        return draw(label, data, file_name, *more, **named)

    monkeypatch.setattr(st, "download_button", noted)
    return found


def test_every_file_that_a_page_gives_is_logged_with_its_hash(
    own_data: DataDir, visit: Visit, offered: Offered, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    pressed = set()
    for address in [*VIEWS.values(), *CHOSEN.values()]:
        path = urlsplit(address)
        query = {key: values[0] for key, values in parse_qs(path.query).items()}
        visit(path.path.strip("/") or "overview", **query)
        for place, name, make in offered:
            kind = (place[0], name.rpartition(".")[2])
            if kind not in pressed:
                pressed.add(kind)
                press(own_data, place[0], make)
        offered.clear()
    assert {file for file, _ in pressed} == {file for file, _ in buttons()} - ELSEWHERE


def press(data: DataDir, place: str, make: Any) -> None:
    """Take the file as a browser would, and look into the log."""
    with opened(data) as copy:
        before = exports(copy.records)
        content = make() if callable(make) else make
        after = exports(copy.records)
    if place in UNLOGGED:
        assert after == before
        return
    assert len(after) == len(before) + 1, place
    assert sha256(content).hexdigest() in (after[0].content_hash, after[0].file_hash), place
    assert after[0].exported_by == "local user"


def test_a_page_draws_no_button_for_a_file_by_another_name() -> None:
    called = [
        node.attr
        for path in sorted(PAGES.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st"
    ]
    # in the one place by which all of them are drawn
    assert [one for one in called if "download" in one] == ["download_button"]
    assert len(list(buttons())) > 10
    # a table that can be edited has a button of its own; links lead to pages, never to a file
    assert not {"data_editor", "link_button"} & set(called)
