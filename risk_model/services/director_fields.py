"""The fields that the regional director's list may hold. What is not here cannot be chosen, whoever asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

import pandas as pd

from risk_model.domain.errors import NotAllowed
from risk_model.domain.words import Statement, level_in_words
from risk_model.services.at_risk import LEVEL_TITLES
from risk_model.services.director_list import NOT_RAISED
from risk_model.services.director_told import AcademyTold
from risk_model.services.shareable import FEWEST_PUPILS

Cell = str | int | date
NOT_RECORDED = "not recorded"
NOT_KNOWN = "not known"


class Source(StrEnum):
    """Where a field comes from; the list keeps the three apart."""

    PUBLISHED = "published"
    COMPUTED = "computed from evidence"
    LA = "local authority"


class Sensitivity(StrEnum):
    """How carefully a field is to be passed on."""

    PUBLIC = "public"
    OFFICIAL = "official"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class ListField:
    """One column of the list.

    Attributes:
        code: in links and in the log; never reused.
        is_default: it is chosen until somebody takes it off.
        is_fixed: it is always on the list.
    """

    code: str
    title: str
    source: Source
    sensitivity: Sensitivity
    read: Callable[[AcademyTold], Cell]
    is_default: bool = True
    is_fixed: bool = False

    @property
    def heading(self) -> str:
        """Its column's heading: what the LA says is marked as that."""
        return f"LA: {self.title}" if self.source is Source.LA else self.title


def _row(name: str, missing: str = NOT_KNOWN) -> Callable[[AcademyTold], Cell]:
    def read(one: AcademyTold) -> Cell:
        value = one.academy.row[name]
        if value is None or pd.isna(value):
            return missing
        return pd.Timestamp(value).date() if isinstance(value, date) else str(value)

    return read


def _said(name: str) -> Callable[[AcademyTold], Cell]:
    return lambda one: one.said(name) or NOT_RECORDED


def _on(name: str) -> Callable[[AcademyTold], Cell]:
    return lambda one: one.day(name) or NOT_RECORDED


def _level(statement: Statement) -> Callable[[AcademyTold], Cell]:
    return lambda one: level_in_words(str(one.academy.row[f"{statement.value}_level"]))


def _rules(statement: Statement) -> Callable[[AcademyTold], Cell]:
    def read(one: AcademyTold) -> Cell:
        lines = [rule.line for rule in one.rules[statement.value]]
        few = one.few[statement.value]
        if few:
            lines.append(f"Left out, of fewer than {FEWEST_PUPILS} pupils: {few} more.")
        if statement.value in one.carried:
            lines.append("It also rests on the levels of the other statements.")
        return "\n".join(lines) or "No rule that can be shown here is raised."

    return read


def _held(one: AcademyTold) -> Cell:
    lines = [rule.line for statement in Statement for rule in one.held[statement.value]]
    return "\n".join(lines) or "Nothing that can be shown here is raised."


def _evidence(one: AcademyTold) -> Cell:
    said = [f"{title} {one.academy.row[f'{s.value}_coverage']:.0%}" for s, title in LEVEL_TITLES.items()]
    return "; ".join(said)


def _status(one: AcademyTold) -> Cell:
    return one.academy.referral.status.value if one.academy.referral else NOT_RAISED


def _roll(one: AcademyTold) -> Cell:
    return one.pupils if one.pupils is not None else one.pupils_missing


_PUBLIC, _OFFICIAL, _SENSITIVE = Sensitivity.PUBLIC, Sensitivity.OFFICIAL, Sensitivity.SENSITIVE
_PUBLISHED, _COMPUTED, _LA = Source.PUBLISHED, Source.COMPUTED, Source.LA
FIELDS: tuple[ListField, ...] = (
    ListField("urn", "URN", _PUBLISHED, _PUBLIC, lambda one: one.academy.urn, is_fixed=True),
    ListField("name", "Academy", _PUBLISHED, _PUBLIC, _row("name"), is_fixed=True),
    ListField("phase", "Phase", _PUBLISHED, _PUBLIC, _row("phase")),
    ListField("type", "Type", _PUBLISHED, _PUBLIC, _row("type"), is_default=False),
    ListField("trust", "Trust", _PUBLISHED, _PUBLIC, lambda one: one.academy.trust),
    ListField("uid", "Trust UID", _PUBLISHED, _PUBLIC, _row("trust_uid")),
    ListField("opened", "Opened", _PUBLISHED, _PUBLIC, lambda one: one.academy.opened or NOT_KNOWN),
    ListField(
        "before", "Predecessor", _PUBLISHED, _PUBLIC, lambda one: one.academy.predecessors or "none in the register"
    ),
    ListField("pupils", "Pupils on roll", _PUBLISHED, _PUBLIC, _roll, is_default=False),
    ListField("inspected", "Last inspected on", _PUBLISHED, _PUBLIC, _row("last_inspection_date", "not yet inspected")),
    ListField("found", "Last inspection", _PUBLISHED, _PUBLIC, _row("last_inspection_outcome")),
    ListField(
        "history",
        "Inspections of every framework",
        _PUBLISHED,
        _PUBLIC,
        lambda one: "\n".join(one.academy.inspections) or "not yet inspected",
    ),
    ListField(
        "standing",
        "Category, stuck or monitored",
        _PUBLISHED,
        _PUBLIC,
        lambda one: "\n".join(one.academy.standing),
    ),
    ListField(
        "reserve",
        "Revenue reserve, as published",
        _PUBLISHED,
        _PUBLIC,
        lambda one: one.academy.reserve or "not published for this school",
    ),
    ListField("due", "Next inspection due", _PUBLISHED, _PUBLIC, _row("next_inspection_standing"), is_default=False),
    ListField("place", "Priority for support", _COMPUTED, _OFFICIAL, _row("priority")),
    *(
        one
        for statement, title in LEVEL_TITLES.items()
        for one in (
            ListField(f"{statement.value}", title, _COMPUTED, _OFFICIAL, _level(statement)),
            ListField(f"{statement.value}_why", f"{title}: raised", _COMPUTED, _OFFICIAL, _rules(statement)),
        )
    ),
    ListField("evidence", "Share of the evidence there is", _COMPUTED, _OFFICIAL, _evidence, is_default=False),
    ListField("programme", "In a DfE programme", _LA, _OFFICIAL, lambda one: one.academy.programme or "none known"),
    ListField("status", "Raised?", _LA, _OFFICIAL, _status),
    ListField("raised", "Raised on", _LA, _OFFICIAL, _on("raised_on")),
    ListField("concern", "Concern", _LA, _OFFICIAL, _said("concern")),
    ListField(
        "support",
        "Support given",
        _LA,
        _OFFICIAL,
        lambda one: "\n".join(one.support) or "None that can be shown here.",
    ),
    ListField("tried", "What else was tried", _LA, _OFFICIAL, _said("tried")),
    ListField("with_trust", "Raised with the trust on", _LA, _OFFICIAL, _on("raised_with_trust_on")),
    ListField("trust_reply", "The trust's answer", _LA, _OFFICIAL, _said("trust_reply")),
    ListField("ask_kind", "Kind of ask", _LA, _OFFICIAL, _said("ask_kind")),
    ListField("ask", "What is asked", _LA, _OFFICIAL, _said("ask")),
    ListField("next", "Next date", _LA, _OFFICIAL, _on("next_date")),
    ListField("owner", "Owner", _LA, _OFFICIAL, _said("owner"), is_default=False),
    ListField("reply", "Regional director's answer", _LA, _OFFICIAL, _said("reply"), is_default=False),
    ListField("why_again", "Why raised all the same", _LA, _OFFICIAL, _said("programme_reason"), is_default=False),
    ListField("locality", "Locality", _LA, _OFFICIAL, _row("locality"), is_default=False),
    ListField("held", "What it holds, by rule", _LA, _SENSITIVE, _held, is_default=False),
    ListField("intelligence", "Intelligence it shares", _LA, _SENSITIVE, _said("intelligence"), is_default=False),
)
FIELDS_BY_CODE: Mapping[str, ListField] = MappingProxyType({one.code: one for one in FIELDS})
DEFAULT_FIELDS = tuple(one.code for one in FIELDS if one.is_default and not one.is_fixed)
CHOICES = tuple(one.code for one in FIELDS if not one.is_fixed)


def chosen_fields(codes: Sequence[str]) -> tuple[ListField, ...]:
    """The fields of some codes and those that are always there, in the list's own order.

    Raises:
        NotAllowed: a code is not one that can be chosen.
    """
    unknown = [code for code in codes if code not in FIELDS_BY_CODE]
    if unknown:
        raise NotAllowed(
            f"{', '.join(repr(code[:40]) for code in unknown)}: there is no such field, or it never leaves.",
            ["Nothing was made. Choose among the fields that are listed."],
        )
    return tuple(one for one in FIELDS if one.is_fixed or one.code in codes)


def field_table() -> pd.DataFrame:
    """What may be chosen: Field, Source, Sensitivity, On the list at first; in the list's own order."""
    return pd.DataFrame(
        {
            "Field": [one.heading for one in FIELDS],
            "Source": [one.source.value for one in FIELDS],
            "Sensitivity": [one.sensitivity.value for one in FIELDS],
            "At first": ["always" if one.is_fixed else "on" if one.is_default else "off" for one in FIELDS],
        }
    )
