"""What may be told of an academy outside the LA: suppression is applied here, again, whatever a screen has shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from risk_model.casework import Allocation
from risk_model.domain.periods import in_words, school_year
from risk_model.domain.viewer import Right, Viewer, require_la
from risk_model.domain.words import Statement
from risk_model.scoring.held_rules import held_rule_set
from risk_model.scoring.measuring import CARRIED
from risk_model.services.at_risk import provider_in_words
from risk_model.services.copy import Copy
from risk_model.services.director_list import Academy, academies
from risk_model.services.giving import was_given
from risk_model.services.measure_reading import sources_read
from risk_model.services.shareable import (
    FEWEST_PUPILS,
    are_few_pupils,
    is_rule_shown,
    is_support_shown,
    without_few_pupils,
)
from risk_model.sources.catalogue import SOURCES

# of the LA's own evidence, what others publish
_PUBLISHED_ALL_THE_SAME = frozenset({"monitoring_letters"})
_SOURCE_IDS = frozenset(one.id for one in SOURCES)
_RAISED_SQL = """
    select urn, rule_id, statement, sentence, measure_id, denominator, period, measured_on, source_id
    from rule_outcomes
    where status = 'raised' and list_contains($urns, urn)
    order by urn, statement, is_gate desc, points desc, rule_id"""


@dataclass(frozen=True)
class RuleTold:
    """A raised rule that may be told.

    Attributes:
        sentence: with its value and what it is compared with.
        when: the year or the day that it is about; "" where it is of no day.
        pupils: how many are counted; None where the figure counts none.
    """

    rule_id: str
    sentence: str
    when: str
    pupils: int | None

    @property
    def line(self) -> str:
        """The rule in one line, with its year and cohort where the sentence does not say them."""
        cohort = f"{self.pupils} pupils" if self.pupils is not None else ""
        more = [one for one in (self.when, cohort) if one and one not in self.sentence]
        return f"{self.rule_id}: {self.sentence}" + (f" [{'; '.join(more)}]" if more else "")


@dataclass(frozen=True)
class AcademyTold:
    """What may be told of an academy.

    Attributes:
        rules: of each statement the raised rules that rest on published data; held: those that rest on what the LA
            holds, and may be told.
        few: of each statement how many raised rules count fewer pupils than may be told.
        carried: the statements that also rest on the levels of the others.
        support: what was given or is under way, a line each.
        pupils: on roll; None where it is not known or may not be told.
        pupils_missing: why, then.
    """

    academy: Academy
    rules: dict[str, tuple[RuleTold, ...]]
    held: dict[str, tuple[RuleTold, ...]]
    few: dict[str, int]
    carried: frozenset[str]
    support: tuple[str, ...]
    pupils: int | None
    pupils_missing: str

    def said(self, field: str) -> str:
        """What its referral says, without counts of few pupils; "" where there is nothing."""
        text = getattr(self.academy.referral, field) if self.academy.referral else None
        return without_few_pupils(str(text)) if text else ""

    def day(self, field: str) -> date | None:
        """A date of its referral."""
        found = getattr(self.academy.referral, field) if self.academy.referral else None
        return found if isinstance(found, date) else None


def academies_told(viewer: Viewer, copy: Copy, la_code: str, urns: Sequence[str]) -> list[AcademyTold]:
    """What may be told of some academies, by trust and most urgent first.

    Raises:
        NotAllowed: the viewer may not take this LA's list out, or one of them cannot be on it.
    """
    require_la(viewer, la_code, Right.RAISE)
    found = academies(viewer, copy, la_code, urns)
    raised: dict[str, list[dict[str, Any]]] = {}
    for row in copy.reader.rows(_RAISED_SQL, {"urns": [one.urn for one in found]}):
        raised.setdefault(row["urn"], []).append(row)
    shown = {rule.id for rule in held_rule_set(copy.reader).rules if is_rule_shown(rule)}
    held = frozenset(one.id for one in SOURCES if one.held_by_la) - _PUBLISHED_ALL_THE_SAME
    return [
        _told(one, [row for row in raised.get(one.urn, []) if row["rule_id"] in shown], held, copy.build.as_at)
        for one in found
    ]


def _told(academy: Academy, raised: Sequence[dict[str, Any]], held: frozenset[str], as_at: date) -> AcademyTold:
    # what is carried forward from another statement is told there
    own = [row for row in raised if row["measure_id"] not in CARRIED]
    many = [row for row in own if not are_few_pupils(row["measure_id"] or "", row["denominator"])]
    pupils, missing = _pupils(academy.row["pupils"])
    return AcademyTold(
        academy=academy,
        rules=_by_statement([row for row in many if not _is_held(row, held)]),
        held=_by_statement([row for row in many if _is_held(row, held)]),
        few={s.value: sum(row["statement"] == s.value for row in own if row not in many) for s in Statement},
        carried=frozenset(row["statement"] for row in raised if row["measure_id"] in CARRIED),
        support=tuple(
            f"{provider_in_words(piece)}: {piece.support_type}, {piece.status}, {_dates(piece)}"
            for piece in academy.support
            if was_given(piece, as_at) and is_support_shown(piece)
        ),
        pupils=pupils,
        pupils_missing=missing,
    )


def _is_held(row: dict[str, Any], held: frozenset[str]) -> bool:
    """Whether a figure is the LA's own; of one that rests on several sources, whether any of them may be."""
    if row["source_id"] in _SOURCE_IDS:
        return row["source_id"] in held
    return bool(sources_read(row["measure_id"] or "") & held)


def _by_statement(rows: Sequence[dict[str, Any]]) -> dict[str, tuple[RuleTold, ...]]:
    return {s.value: tuple(_rule(row) for row in rows if row["statement"] == s.value) for s in Statement}


def _rule(row: dict[str, Any]) -> RuleTold:
    counts_pupils = row["denominator"] is not None and not (row["measure_id"] or "").endswith(("_count", "places_pct"))
    return RuleTold(
        row["rule_id"],
        row["sentence"],
        _when(row["period"] or "", row["measured_on"]),
        int(row["denominator"]) if counts_pupils else None,
    )


def _when(period: str, measured_on: Any) -> str:
    year = school_year(period)
    if year != period:
        return year
    return "" if measured_on is None or pd.isna(measured_on) else in_words(pd.Timestamp(measured_on).date())


def _pupils(roll: Any) -> tuple[int | None, str]:
    if roll is None or pd.isna(roll):
        return None, "not known"
    return (None, f"fewer than {FEWEST_PUPILS}") if roll < FEWEST_PUPILS else (int(roll), "")


def _dates(piece: Allocation) -> str:
    begun = f"from {in_words(piece.start_date)}" if piece.start_date else "start not recorded"
    return f"{begun} to {in_words(piece.end_date)}" if piece.end_date else f"{begun}, no end recorded"
