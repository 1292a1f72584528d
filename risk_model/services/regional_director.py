"""Academies at risk, by trust: what the LA's lead chooses from for the DfE regional director (RSC)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from risk_model.casework import Referral, active_allocations
from risk_model.domain.viewer import Right, Viewer, require_la, require_reader
from risk_model.domain.words import Level, Priority, Statement, level_in_words
from risk_model.services.at_risk import LEVEL_TITLES, beside_computed
from risk_model.services.copy import Copy
from risk_model.services.director_list import NOT_RAISED, academy_rows, dfe_programmes, latest_referrals, seen_referrals
from risk_model.services.scope import Scope
from risk_model.services.shareable import is_support_shown

_SHOWN = {
    "name": "Academy",
    **{f"{s.value}_level": title for s, title in LEVEL_TITLES.items()},
    "adviser": "Adviser's view",
    "agreed": "Core group agreed",
    "last_inspection_outcome": "Last inspection",
    "programme": "In a DfE programme?",
    "referral_status": "Raised?",
    "raised_on": "Raised on",
    "locality": "Locality",
    "urn": "URN",
}


@dataclass(frozen=True)
class TrustGroup:
    """A trust's academies on the list, and its picture across all its academies in this LA.

    Attributes:
        academies: rows of the school list with referral_status, raised_on, ask and programme, most urgent first.
        in_la: how many academies the trust has in this LA.
        picture: of all of these a sentence each, by the code of the field that it tells of; "" for none.
    """

    trust_name: str
    trust_uid: str
    academies: pd.DataFrame
    in_la: int
    picture: dict[str, str]

    @cached_property
    def shown(self) -> pd.DataFrame:
        """What the screen shows of its academies, to the LA's own people."""
        levels = {f"{s.value}_level": self.academies[f"{s.value}_level"].map(level_in_words) for s in Statement}
        table = self.academies.assign(
            **levels,
            adviser=beside_computed(self.academies, "adviser"),
            agreed=beside_computed(self.academies, "agreed"),
            programme=self.academies["programme"].replace("", "none known"),
        )
        return table[list(_SHOWN)].rename(columns=_SHOWN)


@dataclass(frozen=True)
class AcademyList:
    """Academies at risk, by trust, and those raised already."""

    table: pd.DataFrame
    trusts: list[TrustGroup]
    raised: list[Referral]
    not_raised: int


def academies_at_risk(
    viewer: Viewer, copy: Copy, scope: Scope, priorities: tuple[str, ...] = (Priority.PRIORITY.value,)
) -> AcademyList:
    """Academies and free schools of the chosen places; never a maintained school, nor one of an LA not the viewer's.

    Args:
        priorities: which places count as at risk.
    Raises:
        NotAllowed: the viewer may not read, or not this LA.
    """
    require_reader(viewer)
    if scope.la_code is not None:
        require_la(viewer, scope.la_code, Right.RAISE)
    # a trust's picture is of all its academies of the LA, however the list is narrowed
    across = academy_rows(viewer, copy, Scope(scope.la_code))
    academies = across if scope == Scope(scope.la_code) else academy_rows(viewer, copy, scope)
    raised = seen_referrals(viewer, copy, scope.la_code)
    latest = latest_referrals(raised)
    chosen = academies[academies["priority"].isin(priorities)].copy()
    urns = list(chosen["urn"])
    chosen["referral_status"] = [latest[u].status.value if u in latest else NOT_RAISED for u in urns]
    chosen["raised_on"] = [latest[u].raised_on if u in latest else None for u in urns]
    chosen["ask"] = [latest[u].ask if u in latest else None for u in urns]
    known, helped = dfe_programmes(viewer, copy, scope.la_code), _helped(copy, scope.la_code)
    chosen["programme"] = [known.get(u, "") for u in urns]
    return AcademyList(
        table=chosen,
        trusts=[
            _trust_group(str(name), group, across[across["trust_name"] == name], helped)
            for name, group in chosen.groupby("trust_name", sort=True)
        ],
        raised=raised,
        not_raised=int((chosen["referral_status"] == NOT_RAISED).sum()),
    )


def trust_pictures(viewer: Viewer, copy: Copy, la_code: str) -> dict[str, dict[str, str]]:
    """Of each trust with academies in an LA its picture across them: {trust: {code of a field: sentence}}.

    Raises:
        NotAllowed: the viewer may not read this LA.
    """
    require_la(viewer, la_code, Right.RAISE)
    academies = academy_rows(viewer, copy, Scope(la_code))
    helped = _helped(copy, la_code)
    return {str(name): _picture(group, helped) for name, group in academies.groupby("trust_name", sort=True)}


def _trust_group(name: str, listed: pd.DataFrame, here: pd.DataFrame, helped: frozenset[str]) -> TrustGroup:
    uid = listed["trust_uid"].iloc[0]
    return TrustGroup(name, "" if pd.isna(uid) else str(uid), listed, len(here), _picture(here, helped))


def _helped(copy: Copy, la_code: str | None) -> frozenset[str]:
    """The schools with support under way that may be told of."""
    active = active_allocations(copy.records, copy.build.as_at, la_code=la_code)
    return frozenset(urn for piece in active if is_support_shown(piece) for urn in piece.urns)


def _picture(here: pd.DataFrame, helped: frozenset[str]) -> dict[str, str]:
    """A trust across all its academies in this LA, by the field that a sentence tells of: who leaves out the field
    leaves out the sentence. What only the trust publishes is not held."""
    levels = {
        s.value: f"{title}: "
        + ", ".join(f"{level_in_words(level)} {n}" for level, n in _counts(here[f"{s.value}_level"]))
        + "."
        for s, title in LEVEL_TITLES.items()
    }
    places = ", ".join(f"{n} {place}" for place, n in Counter(here["priority"]).most_common())
    inspected = ", ".join(f"{n} {what}" for what, n in Counter(here["last_inspection_outcome"]).most_common())
    supported = int(here["urn"].isin(helped).sum())
    schools = "academy" if len(here) == 1 else "academies"
    return {
        "": f"{len(here)} {schools} in this local authority.",
        "place": f"By priority for support: {places}.",
        **levels,
        "support": f"Support that can be told of is under way at {supported} of {len(here)}.",
        "found": f"Last inspections: {inspected}.",
        "uid": "Finance of the trust as a whole, and who leads it: not held in this copy; the trust publishes both.",
    }


def _counts(levels: Iterable[str]) -> list[tuple[str, int]]:
    counted = Counter(levels)
    return [(level.value, counted[level.value]) for level in Level if level.value in counted]
