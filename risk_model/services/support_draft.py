"""What the form for new support is filled in with once a leader is chosen for a need; all of it can be changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from risk_model.casework import NewAllocation, ProviderType, SystemLeader, system_leaders
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.rules.support import Area, read_support_settings
from risk_model.services.capacity import term_on
from risk_model.services.copy import Copy
from risk_model.services.eligibility import people_rules
from risk_model.services.school_facts import school_facts
from risk_model.services.scope import Scope
from risk_model.services.support_changes import support_warnings

# the rules that weigh most say which statement the support is to help with
_RAISED_SQL = """
    select rule_id, statement
    from rule_outcomes
    where status = 'raised' and urn = $urn
    order by points desc, rule_id"""


@dataclass(frozen=True)
class Draft:
    """The fields of the form that follow from a school, a leader, a need and days; None where nothing follows.

    Attributes:
        rules: raised rules that the need is about, "L1, L6"; support_type: the first kind that answers them.
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
        asked: what a link says, as text: "for" (URN), "leader" (number), "need" (id of a topic), "days". What is not
            known here, or is no number, is left out.
    Raises:
        NotAllowed: the viewer may not read.
        RulesRefused: the LA's own people.toml or support.toml is not valid.
    """
    require_reader(viewer)
    start, rules = copy.build.as_at, people_rules(viewer, copy)
    urn = next(iter(school_facts(viewer, copy, [asked.get("for", "")])), None)
    leader = _leader(copy, scope, asked.get("leader", ""))
    topic = next((one for one in rules.topic if one.id == asked.get("need")), None)
    days = _days(asked.get("days", ""))
    until = term_on(rules.term, start).last if days is not None else None
    raised = copy.reader.rows(_RAISED_SQL, {"urn": urn}) if urn and topic else []
    areas = [one for one in read_support_settings(copy.data.root).areas if topic and topic.id in one.topics]
    answered = [row for row in raised if any(row["rule_id"] in area.rules for area in areas)]
    return Draft(
        start=start,
        urn=urn,
        leader_id=leader.id if leader else None,
        role=leader.role.value if leader else None,
        support_type=_kind(areas, [row["rule_id"] for row in answered]),
        statement=answered[0]["statement"] if answered else None,
        rules=", ".join(sorted(row["rule_id"] for row in answered)) or None,
        need=topic.title if topic else None,
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


def _kind(areas: Sequence[Area], raised: Sequence[str]) -> str | None:
    """The first kind of support of the area that most of the raised rules are in."""
    if not areas:
        return None
    return max(areas, key=lambda area: len(set(raised) & set(area.rules))).support[0]


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
