"""Nobody reads or writes through the front door without the right to."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from risk_model.casework import NewAllocation, audit_trail
from risk_model.domain.errors import NotAllowed
from risk_model.domain.paths import PROJECT
from risk_model.domain.viewer import Right, Viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy, require_build
from risk_model.services.scope import Scope
from risk_model.services.support_changes import add_support
from tests.services.rights_kit import FOR_ANY_ROLE, GUARDED, PARTS, PLUMBING, arguments, function_of, public_functions

NOBODY = Viewer("Somebody else")
READER = Viewer("Somebody who reads", frozenset({Right.READ, Right.PEOPLE, Right.EXPORT}), la_codes=None)
LEADER = Viewer("System leader 12", system_leader_id=12)
_CHANGES = re.compile(
    r"require\(viewer, Right\.(SUPPORT|JUDGE|MEET|LETTERS|RAISE|LOAD|APPROVE|ADMIN)\)"
    r"|require_chair\(viewer\)|held_meeting\(viewer"
)
# a system leader's own view, of the schools that they are allocated to
OWN_VIEW = {"briefed_support", "briefing_file", "hand_over_own", "my_schools", "own_support", "school_briefing"}


@pytest.mark.parametrize("function", GUARDED)
def test_every_service_takes_the_viewer_first(function: Callable[..., Any]) -> None:
    first = next(iter(inspect.signature(function, eval_str=True).parameters.values()))
    assert (first.name, first.annotation) == ("viewer", Viewer)


def _state(copy: Copy) -> tuple[object, ...]:
    """What a forbidden call could have changed: the build that is shown, the audit trail, the files."""
    audited = len(audit_trail(copy.records, limit=10_000))
    return (require_build(copy.data), audited, sorted(copy.data.root.rglob("*")))


@pytest.mark.parametrize("function", GUARDED)
def test_every_service_denies_a_viewer_without_rights_before_it_does_anything(
    function: Callable[..., Any], own_copy: Copy, tmp_path: Path
) -> None:
    before = _state(own_copy)
    with pytest.raises(NotAllowed, match="Somebody else"):
        function(*arguments(function, NOBODY, own_copy, tmp_path))
    after = _state(own_copy)
    assert after == before


@pytest.mark.parametrize("function", [one for one in GUARDED if _CHANGES.search(inspect.getsource(function_of(one)))])
def test_every_service_that_writes_denies_a_viewer_who_may_only_read(
    function: Callable[..., Any], own_copy: Copy, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed, match="may not change"):
        function(*arguments(function, READER, own_copy, tmp_path))


def test_a_system_leader_is_denied_everything_but_their_own_view(own_copy: Copy, tmp_path: Path) -> None:
    before = _state(own_copy)
    asked = [function_of(one) for one in GUARDED]
    others = [function for function in asked if function.__name__ not in OWN_VIEW | FOR_ANY_ROLE]
    assert len(asked) - len(others) == len(OWN_VIEW | FOR_ANY_ROLE)
    for function in others:
        with pytest.raises(NotAllowed, match="System leader 12"):
            function(*arguments(function, LEADER, own_copy, tmp_path))
    assert _state(own_copy) == before


def test_the_walk_finds_the_services() -> None:
    found = {function.__name__ for _, function in public_functions()}
    assert {"school_list", "overview", "school_profile", "add_support", "import_files", "build_now"} <= found
    assert {name for _, name in PLUMBING | PARTS} <= found


@pytest.mark.parametrize("page", sorted((PROJECT / "pages").rglob("*.py")), ids=lambda path: path.name)
def test_no_page_calls_a_part_of_a_service_that_does_not_ask_for_rights(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not [name for _, name in PARTS if f"{name}(" in text or f"import {name}" in text]


def test_a_reader_reads(demo_copy: Copy) -> None:
    assert len(school_list(READER, demo_copy, Scope("999"))) == 259


def test_a_reader_cannot_add_support_and_nothing_is_recorded(own_copy: Copy) -> None:
    before = len(audit_trail(own_copy.records, limit=10_000))
    with pytest.raises(NotAllowed):
        add_support(READER, own_copy, NewAllocation("999", "900001", "LA team", "Finance"))
    assert len(audit_trail(own_copy.records, limit=10_000)) == before
