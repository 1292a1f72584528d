"""What the form for new support is filled in with once a leader is chosen for a need; all of it can be changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from risk_model.casework import NewAllocation, ProviderType, SystemLeader, system_leaders
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.capacity import term_on
from risk_model.services.copy import Copy
from risk_model.services.eligibility import people_rules
from risk_model.services.need_words import school_needs
from risk_model.services.school_facts import school_facts
from risk_model.services.scope import Scope
from risk_model.services.support_changes import support_warnings

# the rule that weighs most says which statement the support is to help with
_STATEMENT_SQL = """
    select statement
    from rule_outcomes
    where status = 'raised' and urn = $urn and list_contains($rules, rule_id)
    order by points desc, rule_id
    limit 1"""


@dataclass(frozen=True)
class Draft:
    """The fields of the form that follow from a school, a leader, a need and days; None where nothing follows.

    Attributes:
        rules: the raised rules of the area of need, "L1, L4"; support_type: the first kind that answers it.
        start, until: the as-at date and, where days of a term are asked for, the last day of its term.
        review: halfway between the two.
        warnings: what speaks against it, a sentence each: too many days, a conflict of interest.
    """

    start: date
    urn: str | None = None
    leader_id: int | None = None
    role: str | None = None
    support_type: str | None = None
    statement: str | None = None
    rules: str | None = None
    need: str | None = None
    days: float | None = None
    review: date | None = None
    until: date | None = None
    warnings: tuple[str, ...] = ()


def support_draft(viewer: Viewer, copy: Copy, scope: Scope, asked: Mapping[str, str]) -> Draft:
    """What the form is filled in with.

    Args:
        asked: what a link says, as text: "for" (URN), "leader" (number), "need" (id of an area), "days". What is not
            known here, or is no number, is left out.
    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own people.toml or support.toml is not valid.
    """
    require(viewer, Right.PEOPLE)
    start, rules = copy.build.as_at, people_rules(viewer, copy)
    urn = next(iter(school_facts(viewer, copy, [asked.get("for", "")])), None)
    leader = _leader(copy, scope, asked.get("leader", ""))
    days = _days(asked.get("days", ""))
    until = term_on(rules.term, start).last if days is not None else None
    needs = school_needs(viewer, copy, [urn])[urn] if urn else []
    need = next((one for one in needs if one.area.id == asked.get("need")), None)
    return Draft(
        start=start,
        urn=urn,
        leader_id=leader.id if leader else None,
        role=leader.role.value if leader else None,
        support_type=need.area.support[0] if need else None,
        statement=_statement(copy, urn, need.rules) if need else None,
        rules=", ".join(need.rules) or None if need else None,
        need=need.area.title if need else None,
        days=days,
        review=start + (until - start) / 2 if until else None,
        until=until,
        warnings=_warnings(viewer, copy, urn, leader, days, start, until),
    )


def _leader(copy: Copy, scope: Scope, number: str) -> SystemLeader | None:
    return next((one for one in system_leaders(copy.records, la_code=scope.la_code) if str(one.id) == number), None)


def _days(text: str) -> float | None:
    """Days that a link asks for; None for what is no number of days."""
    try:
        days = float(text)
    except ValueError:
        return None
    return days if 0 < days <= 366 else None


def _statement(copy: Copy, urn: str | None, rules: Sequence[str]) -> str | None:
    found = copy.reader.rows(_STATEMENT_SQL, {"urn": urn, "rules": list(rules)})
    return str(found[0]["statement"]) if found else None


def _warnings(
    viewer: Viewer,
    copy: Copy,
    urn: str | None,
    leader: SystemLeader | None,
    days: float | None,
    start: date,
    until: date | None,
) -> tuple[str, ...]:
    if urn is None or leader is None:
        return ()
    new = NewAllocation(
        leader.la_code,
        urn,
        ProviderType.PERSON,
        leader.label,
        system_leader_id=leader.id,
        days_planned=days,
        start_date=start,
        end_date=until,
    )
    return tuple(support_warnings(viewer, copy, new))
