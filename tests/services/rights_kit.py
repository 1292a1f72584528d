"""Every service of the front door, and something that fits each of its parameters."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import risk_model.services
from risk_model.casework import NewAllocation, NewGrant, one_meeting
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Viewer, local_viewer
from risk_model.rules.letters import read_letter_settings
from risk_model.services.at_risk import ListFilters
from risk_model.services.copy import Copy
from risk_model.services.core_groups import Group
from risk_model.services.director_content import Choice, list_content
from risk_model.services.escalation_changes import StepTaken
from risk_model.services.explore_answers import Wanted
from risk_model.services.group_figures import TOPICS
from risk_model.services.leaving import Leaving
from risk_model.services.letter_school import letter_school
from risk_model.services.letters import LetterDraft
from risk_model.services.profile import school_profile
from risk_model.services.record_lists import preview_support
from risk_model.services.scope import Scope
from risk_model.sources.options import ImportOptions

# what opens the copy
PLUMBING = {
    ("copy", "cut_copy"),
    ("copy", "files_state"),
    ("copy", "records_state"),
    ("copy", "open_data_records"),
    ("copy", "open_reader"),
    ("copy", "opened"),
    ("copy", "require_build"),
    ("copy", "shown_state"),
    ("copy", "watched"),
    ("preparing", "is_ready"),
    ("preparing", "lacking"),
    # who decides who the viewer is
    ("access", "access_settings"),
    ("access", "reasons"),
    ("access", "rights_in_words"),
    ("access", "standing_of"),
}
# what says nothing of any school, and is open to whoever has a role
FOR_ANY_ROLE = {
    "guide_walks",
    "own_data_steps",
    "not_for",
    "accessibility",
    "changes",
    "glossary",
    "explained",
    "looked_up",
}
# parts of school_profile, which has asked already; no page may go past it
PARTS = {
    ("trends", "school_trends"),
    ("inspection_rows", "inspection_rows"),
    ("inspection_rows", "contradictions_in_words"),
}


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
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
    for module, function in public_functions()
    if _touches_data(function) and (module, function.__name__) not in PLUMBING | PARTS
]


def function_of(given: Any) -> Callable[..., Any]:
    """The function of a test's parameter."""
    function: Callable[..., Any] = given.values[0]
    return function


def arguments(function: Callable[..., Any], viewer: Viewer, copy: Copy, folder: Path) -> list[Any]:
    """Something that fits each parameter that must be given."""
    by_name: dict[str, Any] = {
        "viewer": viewer,
        "copy": copy,
        "records": copy.records,
        "table": pd.DataFrame({"URN": ["900001"]}),
        "what": "picture",
        "shown": [],
        "source": copy.data.records_url,
        "target": f"sqlite:///{(folder / 'moved.sqlite').as_posix()}",
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
        "word": "Progress 8",
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
        "sizes": [1],
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
        "number": "1",
        "leader_id": 1,
        "written": "adviser 2",
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
        "key": "compare",
        "grouping": "phase",
        "measures": [],
        "phase_group": "primary",
        "source_ids": "ks2",
        "topic": TOPICS[0],
        "picks": ("england",),
        "wanted": Wanted(),
        "taken": StepTaken("900001", 1, "informal_challenge", date(2026, 11, 20)),
        "escalation_id": 1,
        "step_id": 1,
        "today": date(2026, 11, 20),
        "granted": NewGrant("somebody@example.gov.uk", "viewer", "999"),
        "grant_id": 1,
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
