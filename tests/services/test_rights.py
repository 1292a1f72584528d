"""Nobody reads or writes through the front door without the right to."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import risk_model.services
from risk_model.casework import NewAllocation, audit_trail, one_meeting
from risk_model.domain.errors import NotAllowed
from risk_model.domain.paths import PROJECT, DataDir
from risk_model.domain.viewer import Viewer, local_viewer
from risk_model.rules.letters import read_letter_settings
from risk_model.services.at_risk import ListFilters, school_list
from risk_model.services.copy import Copy, require_build
from risk_model.services.core_groups import Group
from risk_model.services.director_content import Choice, list_content
from risk_model.services.escalation_changes import StepTaken
from risk_model.services.leaving import Leaving
from risk_model.services.letter_school import letter_school
from risk_model.services.letters import LetterDraft
from risk_model.services.profile import school_profile
from risk_model.services.record_lists import preview_support
from risk_model.services.scope import Scope
from risk_model.services.support_changes import add_support
from risk_model.sources.options import ImportOptions

NOBODY = Viewer("Somebody else")
READER = Viewer("Somebody who reads", may_see_all=True)
LEADER = Viewer("System leader 12", system_leader_id=12)
# a system leader's own view, of the schools that they are allocated to
OWN_VIEW = {"briefed_support", "my_schools", "own_support", "school_briefing"}

# what opens the copy
PLUMBING = {
    ("copy", "open_data_records"),
    ("copy", "open_reader"),
    ("copy", "opened"),
    ("copy", "require_build"),
    ("preparing", "is_ready"),
}
# parts of school_profile, which has asked already; no page may go past it
PARTS = {
    ("trends", "school_trends"),
    ("inspection_rows", "inspection_rows"),
    ("inspection_rows", "contradictions_in_words"),
}


def _public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function that a module of the services defines."""
    for found in pkgutil.iter_modules(risk_model.services.__path__):
        module = importlib.import_module(f"risk_model.services.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield found.name, function


def _touches_data(function: Callable[..., Any]) -> bool:
    kinds = {parameter.annotation for parameter in inspect.signature(function, eval_str=True).parameters.values()}
    return bool(kinds & {Copy, DataDir, Viewer})


GUARDED = [
    pytest.param(function, id=f"{module}.{function.__name__}")
    for module, function in _public_functions()
    if _touches_data(function) and (module, function.__name__) not in PLUMBING | PARTS
]


def _function_of(given: Any) -> Callable[..., Any]:
    """The function of a test's parameter."""
    function: Callable[..., Any] = given.values[0]
    return function


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
        function(*_arguments(function, NOBODY, own_copy, tmp_path))
    after = _state(own_copy)
    assert after == before


@pytest.mark.parametrize(
    "function", [one for one in GUARDED if "require_writer" in inspect.getsource(_function_of(one))]
)
def test_every_service_that_writes_denies_a_viewer_who_may_only_read(
    function: Callable[..., Any], own_copy: Copy, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed, match="may not change"):
        function(*_arguments(function, READER, own_copy, tmp_path))


def test_a_system_leader_is_denied_everything_but_their_own_view(own_copy: Copy, tmp_path: Path) -> None:
    before = _state(own_copy)
    asked = [_function_of(one) for one in GUARDED]
    others = [function for function in asked if function.__name__ not in OWN_VIEW]
    assert len(asked) - len(others) == len(OWN_VIEW)
    for function in others:
        with pytest.raises(NotAllowed, match="System leader 12"):
            function(*_arguments(function, LEADER, own_copy, tmp_path))
    assert _state(own_copy) == before


def test_the_walk_finds_the_services() -> None:
    found = {function.__name__ for _, function in _public_functions()}
    assert {"school_list", "overview", "school_profile", "add_support", "import_files", "build_now"} <= found
    assert {name for _, name in PLUMBING | PARTS} <= found


@pytest.mark.parametrize("page", sorted((PROJECT / "pages").rglob("*.py")), ids=lambda path: path.name)
def test_no_page_calls_a_part_of_a_service_that_does_not_ask_for_rights(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not [name for _, name in PARTS if f"{name}(" in text or f"import {name}" in text]


def _arguments(function: Callable[..., Any], viewer: Viewer, copy: Copy, folder: Path) -> list[Any]:
    """Something that fits each parameter that must be given."""
    by_name: dict[str, Any] = {
        "viewer": viewer,
        "copy": copy,
        "data": copy.data,
        "scope": Scope("999"),
        "urn": "900001",
        "la_code": "999",
        "measure_id": "rwm_expected_pct",
        "by": "locality",
        "when": "now",
        "allocation_id": 1,
        "version": 1,
        "changes": {"days_used": 1.0},
        "status": "completed",
        "end_date": date(2026, 11, 1),
        "reason": "It is done.",
        "text": "",
        "name": "support.csv",
        "content": b"",
        "kind": "allocations",
        "ending": ".csv",
        "new": NewAllocation("999", "900001", "LA team", "Finance"),
        "release_id": None,
        "build_id": copy.build.build_id,
        "filters": ListFilters(),
        "n": 1,
        "raised": [],
        "paths": [folder],
        "ids": [],
        "uploads": [("a.csv", b"a\n1\n")],
        "options": ImportOptions(),
        "as_at": date(2026, 11, 1),
        "earlier_id": copy.build.build_id,
        "later_id": copy.build.build_id,
        "seen": None,
        "made_on": date(2026, 11, 1),
        "lines": [],
        "row": 2,
        "codes": [],
        "before": "shown",
        "after": "shown",
        "choice": "shown",
        "approved_by": "School improvement board",
        "approved_on": date(2026, 11, 1),
        "approval": None,
        "catalogue": None,
        "view_id": 1,
        "comment_id": 1,
        "schools": None,
        "frame": None,
        "first": date(2022, 9, 1),
        "last": date(2023, 8, 31),
        "kept": None,
        "figures": None,
        "level": "unlikely",
        "phase": "primary",
        "question": "graded",
        "card": None,
        "path": folder / "figures.json",
        "urns": ["900001"],
        "leader_id": 1,
        "days_planned": 2.0,
        "start_date": date(2026, 11, 1),
        "interest_id": 1,
        "available_from": date(2026, 11, 1),
        "accredited_by": "LA",
        "known": [],
        "one": None,
        "visit_id": 1,
        "asked": {"for": "900001"},
        "objective_id": 1,
        "role_id": 1,
        "to_date": date(2026, 11, 1),
        "progress": "on track",
        "checked_on": date(2026, 11, 1),
        "rules": None,
        "group": Group("999", "Alder Valley", "Alder Valley"),
        "day": date(2026, 12, 3),
        "people": [],
        "meeting": one_meeting(copy.records, 1),
        "meeting_id": 1,
        "locality": "Alder Valley",
        "why": "The chair asked.",
        "held_on": date(2026, 12, 3),
        "chair": "LA adviser",
        "attendance_id": 1,
        "presence": "present",
        "conflict_id": 1,
        "action_id": 1,
        "state": "in progress",
        "referral_id": 1,
        "chosen": Choice("999", ("900034",)),
        "found": None,
        "leaving": Leaving("999", "history of a school", "history.pdf", ["900001"]),
        "letter_id": 1,
        "settings": read_letter_settings(),
        "draft": LetterDraft("900001", "review_maintained", None, "The head", "Review", "Dear head", None),
        "school": letter_school(local_viewer(), copy, "900001"),
        "template_id": "review_maintained",
        "addressed_to": "The head teacher",
        "subject": "What our review found",
        "body": "Dear colleagues",
        "answer_by": date(2026, 12, 11),
        "written_on": date(2026, 11, 20),
        "sent_on": date(2026, 11, 20),
        "sent_how": "by post",
        "reply_kind": "accepted",
        "replied_on": date(2026, 11, 20),
        "reply": "Yes.",
        "opened_on": date(2026, 11, 20),
        "concern": "Results stay low.",
        "taken": StepTaken("900001", 1, "informal_challenge", date(2026, 11, 20)),
        "escalation_id": 1,
        "step_id": 1,
    }
    needed = [p for p in inspect.signature(function).parameters.values() if p.default is inspect.Parameter.empty]
    names = [parameter.name for parameter in needed]
    if "profile" in names:
        by_name["profile"] = school_profile(local_viewer(), copy, "900001")
    # the name of a file that leaves, and of a list's content that does
    if "listed" in names:
        by_name["listed"] = list_content(local_viewer(), copy, by_name["chosen"])
    if "preview" in names:
        by_name["preview"] = preview_support(local_viewer(), copy, "support.csv", b"", "999")
    return [by_name[name] for name in names]


def test_a_reader_reads(demo_copy: Copy) -> None:
    assert len(school_list(READER, demo_copy, Scope("999"))) == 259


def test_a_reader_cannot_add_support_and_nothing_is_recorded(own_copy: Copy) -> None:
    before = len(audit_trail(own_copy.records, limit=10_000))
    with pytest.raises(NotAllowed):
        add_support(READER, own_copy, NewAllocation("999", "900001", "LA team", "Finance"))
    assert len(audit_trail(own_copy.records, limit=10_000)) == before
