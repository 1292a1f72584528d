"""Academies at risk, by trust: what the LA's lead takes to the DfE regional director (RSC)."""

from dataclasses import dataclass

import pandas as pd

from risk_model.casework import Referral, referrals
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import Priority, Route, level_in_words
from risk_model.services.at_risk import LEVEL_TITLES, beside_computed, school_list
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope

SHARED_COLUMNS = (
    "urn",
    "name",
    "la_name",
    "locality",
    "phase",
    "type",
    "trust_name",
    "trust_uid",
    "pupils",
    "priority",
    "outcomes_level",
    "outcomes_coverage",
    "leadership_level",
    "leadership_coverage",
    "inspection_level",
    "inspection_coverage",
    "reasons",
    "last_inspection_date",
    "last_inspection_outcome",
    "last_inspection_inherited",
    "referral_status",
    "raised_on",
    "ask",
    "as_at",
    "rule_set",
    "build_id",
    "outcomes_adviser_level",
    "outcomes_agreed_level",
    "leadership_adviser_level",
    "leadership_agreed_level",
    "inspection_adviser_level",
    "inspection_agreed_level",
)


@dataclass(frozen=True)
class TrustGroup:
    """A trust's academies at risk in this LA.

    Attributes:
        academies: rows of `SHARED_COLUMNS`, most urgent first.
        in_la: how many academies the trust has in this LA.
    """

    trust_name: str
    trust_uid: str
    academies: pd.DataFrame
    in_la: int

    @property
    def shown(self) -> pd.DataFrame:
        """What the screen shows of its academies."""
        levels = {f"{s.value}_level": title for s, title in LEVEL_TITLES.items()}
        table = self.academies.assign(
            **{column: self.academies[column].map(level_in_words) for column in levels},
            adviser=beside_computed(self.academies, "adviser"),
            agreed=beside_computed(self.academies, "agreed"),
        )
        names = {
            "name": "Academy",
            **levels,
            "adviser": "Adviser's view",
            "agreed": "Core group agreed",
            "reasons": "Reasons",
            "last_inspection_outcome": "Last inspection",
            "referral_status": "Raised?",
            "raised_on": "Raised on",
            "locality": "Locality",
            "urn": "URN",
        }
        return table[list(names)].rename(columns=names)


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
    """Academies and free schools of the chosen places; never a maintained school.

    Args:
        priorities: which places count as at risk.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    schools = school_list(viewer, copy, scope)
    academies = schools[schools["route"] == Route.REGIONAL_DIRECTOR.value]
    raised = referrals(copy.records, la_code=scope.la_code)
    latest = {one.urn: one for one in sorted(raised, key=lambda r: r.id)}
    chosen = academies[academies["priority"].isin(priorities)].copy()
    chosen["referral_status"] = [latest[u].status if u in latest else "not raised" for u in chosen["urn"]]
    chosen["raised_on"] = [latest[u].raised_on if u in latest else None for u in chosen["urn"]]
    chosen["ask"] = [latest[u].ask if u in latest else None for u in chosen["urn"]]
    chosen["trust_name"] = chosen["trust_name"].fillna("Trust not known")
    table = chosen[list(SHARED_COLUMNS)]
    in_la = academies["trust_name"].fillna("Trust not known").value_counts().to_dict()
    return AcademyList(
        table=table,
        trusts=[
            TrustGroup(str(name), str(group["trust_uid"].iloc[0] or ""), group, int(in_la.get(name, len(group))))
            for name, group in table.groupby("trust_name", sort=True)
        ],
        raised=raised,
        not_raised=int((table["referral_status"] == "not raised").sum()),
    )


def raised_table(viewer: Viewer, copy: Copy, raised: list[Referral]) -> pd.DataFrame:
    """What has been raised, the newest first: academy, status, dates, concern, ask, reply, owner.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    names = {row["urn"]: row["name"] for row in copy.reader.rows("select urn, name from schools")}
    rows = [
        {
            "Academy": names.get(one.urn, one.urn),
            "Status": one.status,
            "Raised on": one.raised_on,
            "Concern": one.concern,
            "Ask": one.ask,
            "Reply": one.reply,
            "Next date": one.next_date,
            "Owner": one.owner,
        }
        for one in sorted(raised, key=lambda r: r.id, reverse=True)
    ]
    return pd.DataFrame(rows)
