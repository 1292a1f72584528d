"""Searching the directory by need, phase, place, role and free days; what is not known stays in and is named."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from risk_model.casework import SystemLeader
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.copy import Copy
from risk_model.services.directory import PHASE_GROUPS, Directory, Entry
from risk_model.services.need_words import area_topics
from risk_model.services.school_facts import SchoolFacts, distance_km


@dataclass(frozen=True)
class DirectoryFilters:
    """What is sought; None or "" seeks nothing.

    Attributes:
        need: titles of topics of which specialisms or strengths should name one: those of an area of need.
        topic: the title of the one that they should name.
        text: a part of the label, specialisms, strengths, training or home school's name.
        role: held now, or the one in which they are asked.
        near, within_km: only leaders whose own school is so near to that school.
        free_days: at least so many free this term.
        now: only those who help now.
    """

    need: tuple[str, ...] = ()
    topic: str | None = None
    text: str = ""
    phase: str | None = None
    locality: str | None = None
    role: str | None = None
    near: SchoolFacts | None = None
    within_km: float | None = None
    free_days: float | None = None
    now: bool = False


@dataclass(frozen=True)
class Found:
    """An entry that fits, how far its school is from the one that was named, and what could not be checked."""

    entry: Entry
    km: float | None
    not_known: tuple[str, ...]


@dataclass(frozen=True)
class DirectoryChoices:
    """What the search offers: areas of need {title: topics}; topics; phases, localities and roles that a leader has."""

    needs: dict[str, tuple[str, ...]]
    topics: tuple[str, ...]
    phases: tuple[str, ...]
    localities: tuple[str, ...]
    roles: tuple[str, ...]


def directory_choices(viewer: Viewer, copy: Copy, known: Directory) -> DirectoryChoices:
    """What there is to search by in a directory, each in its own order.

    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    return DirectoryChoices(
        needs=area_topics(viewer, copy, known.rules),
        topics=tuple(one.title for one in known.rules.topic),
        phases=tuple(one for one in PHASE_GROUPS if any(one in entry.phases for entry in known.entries)),
        localities=tuple(sorted({entry.locality for entry in known.entries if entry.locality})),
        roles=tuple(sorted({role for entry in known.entries for role in entry.roles_held})),
    )


def search(known: Directory, filters: DirectoryFilters) -> list[Found]:
    """The entries that fit; first those of which everything asked is known, each part by label.

    An entry of which something asked is not known stays in, and says what. Eligibility leaves nobody out.
    """
    kept = []
    for entry in known.entries:
        km = distance_km(entry.home, filters.near)
        answers = _answers(entry, filters, km)
        if all(answer is not False for answer in answers.values()):
            unknown = tuple(name for name, answer in answers.items() if answer is None)
            kept.append(Found(entry, km, unknown))
    return sorted(kept, key=lambda one: bool(one.not_known))


def _answers(entry: Entry, filters: DirectoryFilters, km: float | None) -> dict[str, bool | None]:
    """For each thing that is asked whether the entry fits; None where it is not known."""
    answers: dict[str, bool | None] = {}
    named = {*entry.topics, *entry.strength_topics}
    is_silent = entry.specialisms is None and entry.leader.strengths is None
    if filters.need:
        answers["need"] = None if is_silent else bool(named & set(filters.need))
    if filters.topic:
        answers["specialism"] = None if is_silent else filters.topic in named
    if filters.phase:
        answers["phase"] = filters.phase in entry.phases if entry.phases else None
    if filters.locality:
        answers["locality"] = None if entry.locality is None else entry.locality == filters.locality
    if filters.within_km is not None and filters.near is not None:
        answers["distance"] = None if km is None else km <= filters.within_km
    if filters.free_days is not None:
        answers["free days"] = None if entry.free is None else entry.free >= filters.free_days
    if filters.role:
        answers["role"] = filters.role in entry.roles_held
    if filters.now:
        answers["helps now"] = entry.helps_now
    if filters.text.strip():
        answers["text"] = filters.text.strip().casefold() in _said(entry)
    return answers


def _said(entry: Entry) -> str:
    leader = entry.leader
    parts = (leader.label, entry.specialisms, leader.strengths, leader.training, entry.home and entry.home.name)
    return "\n".join(part for part in parts if part).casefold()


def directory_table(listed: Sequence[Found]) -> pd.DataFrame:
    """Entries as the screen and its exports show them, a row each, in their order.

    Returns:
        Among its columns are Distance km where a distance of any is known, and Not known where anything that was asked
        is not known of any.
    """
    table = pd.DataFrame([_row(one) for one in listed])
    asked = {
        "Distance km": any(one.km is not None for one in listed),
        "Not known": any(one.not_known for one in listed),
    }
    return table.drop(columns=[name for name, is_there in asked.items() if not is_there and name in table])


def _row(one: Found) -> dict[str, object]:
    entry, leader, home = one.entry, one.entry.leader, one.entry.home
    return {
        "System leader": leader.label,
        "Role": leader.role.value,
        "Helps": entry.helps,
        "Eligibility": entry.standing,
        "Free days": entry.free,
        "Distance km": one.km,
        "Not known": ", ".join(one.not_known),
        "Days a term": leader.days_per_term,
        "Specialisms": entry.specialisms,
        "Phase": leader.phase,
        "Locality": entry.locality,
        "Own school": home.name if home else home_not_known(leader),
        "Its place": home.priority if home else None,
        "Its last inspection": home.last_inspection_outcome if home else None,
        "Its direction": (home.changes or "the same levels") if home else None,
        "Strengths": leader.strengths,
        "Training": leader.training,
        "Number": leader.id,
    }


def home_not_known(leader: SystemLeader) -> str:
    """Why nothing is said of a leader's own school."""
    return "not recorded" if leader.home_urn is None else f"URN {leader.home_urn}, not loaded"
