"""One page about a school for the person who helps it: what the evidence suggests, what help is there."""

from collections.abc import Sequence, Set

import pandas as pd

from risk_model.casework import Allocation, Objective, allocations, objectives
from risk_model.domain.documents import Document, Section, Table
from risk_model.domain.errors import NotFound
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, as_reader
from risk_model.domain.words import NOT_A_PREDICTION, level_in_words
from risk_model.services.briefing_support import giver, other_section, own_section, readers
from risk_model.services.copy import Copy
from risk_model.services.evidence import evidence_age
from risk_model.services.my_schools import is_given_now, own_support
from risk_model.services.profile import RuleLine, SchoolProfile, StatementCard, school_profile
from risk_model.services.scope import licence_line
from risk_model.services.shareable import FEWEST_PUPILS, LEFT_OUT, ToldRules, are_few_pupils, told_rules
from risk_model.services.trends import Trend, figure_in_words

_HEAVIEST = 3
_YEARS = 3
_HEAD_SQL = """
    select value as days, caveat as post_status, period as seen_on
    from measure_values where urn = $urn and measure_id = 'head_in_post_days' and caveat is not null"""


def school_briefing(viewer: Viewer, copy: Copy, urn: str, allocation_id: int | None = None) -> Document:
    """The page that a supporter gets about a school.

    What may be told, and what is left out and why, stands in `shareable`.

    Args:
        allocation_id: the support that the page is for; None, for a system leader, is all of their own there now.
    Returns:
        The school, the three levels with the heaviest rules in words, the main figures of three years beside the
        national ones, the support, and what is not known.
    Raises:
        NotAllowed: the viewer may neither read everything nor is allocated to the school now.
        NotFound: no school of this build has the URN, or the support is not one of this school and viewer.
    """
    own = None if viewer.may(Right.PEOPLE) else own_support(viewer, copy, urn)
    # the page is made from everything that is known; what of it is told is decided here
    reader = as_reader(viewer)
    profile = school_profile(reader, copy, urn)
    support = allocations(copy.records, urn=urn)
    theirs = _theirs(support if own is None else own, allocation_id, is_leader=own is not None)
    shown = told_rules(reader, copy, urn)
    school, build = profile.school, copy.build
    return Document(
        title=f"Briefing: {school['name']}",
        name=f"briefing_{urn}" + (f"_{allocation_id}" if allocation_id is not None else ""),
        about=(
            f"For {readers(theirs)}, from {school['la_name']}, as at {in_words(build.as_at)}, by rules "
            f"{build.rule_set}, build {build.number}. Not to be published.",
        ),
        sections=(
            Section("The school", text=_about_school(copy, profile)),
            Section(
                "What the evidence suggests",
                text=(NOT_A_PREDICTION,),
                tables=(_levels(profile, shown),),
            ),
            _figures(profile.trends),
            *((own_section(theirs, _goals(copy, theirs), urn),) if theirs else ()),
            other_section([one for one in support if one not in theirs], urn, build.as_at, beside=bool(theirs)),
            Section(
                "What is not known, and what is left out",
                text=(_unknown(profile, shown), LEFT_OUT, licence_line(reader, copy)),
            ),
        ),
    )


def briefed_support(viewer: Viewer, copy: Copy, urn: str) -> dict[int, str]:
    """The support of a school for which a page can be made: {number: who gives it, and what it is about}.

    Raises:
        NotAllowed: the viewer may neither read everything nor is allocated to the school now.
    """
    known = allocations(copy.records, urn=urn) if viewer.may(Right.PEOPLE) else own_support(viewer, copy, urn)
    return {
        one.id: f"{giver(one)}: {one.support_type or 'support'}" for one in known if is_given_now(one, copy.build.as_at)
    }


def _theirs(known: Sequence[Allocation], allocation_id: int | None, *, is_leader: bool) -> list[Allocation]:
    if allocation_id is None:
        return list(known) if is_leader else []
    found = [one for one in known if one.id == allocation_id]
    if not found:
        raise NotFound(f"There is no support number {allocation_id} for this page.", ["Load the page again."])
    return found


def _about_school(copy: Copy, profile: SchoolProfile) -> tuple[str, ...]:
    school = profile.school
    ages = f"ages {school['low_age']:.0f} to {school['high_age']:.0f}" if school["low_age"] is not None else ""
    pupils = f"{school['pupils']:.0f} pupils" if school["pupils"] is not None else "number of pupils not known"
    place = f"locality {school['locality']}" if school["locality"] else ""
    known = (school["type"], school["phase"], ages, pupils, place, school["trust_name"], f"URN {school['urn']}")
    return (" · ".join(str(one) for one in known if one) + ".", _head(copy, school["urn"]), _inspected(profile))


def _head(copy: Copy, urn: str) -> str:
    rows = copy.reader.rows(_HEAD_SQL, {"urn": urn})
    if not rows:
        return "Head teacher: the LA has recorded nothing about the post."
    days, seen_on = rows[0]["days"], pd.Timestamp(rows[0]["seen_on"]).date()
    since = f" since {in_words((pd.Timestamp(copy.build.as_at) - pd.Timedelta(days=days)).date())}" if days else ""
    return f"Head teacher: {rows[0]['post_status']}{since}, as recorded on {in_words(seen_on)}."


def _inspected(profile: SchoolProfile) -> str:
    if profile.inspections.empty:
        return "Not yet inspected. That is not the same as good."
    last = profile.inspections.iloc[0]
    of_whom = " (of the predecessor school)" if last["inherited"] else ""
    outcome, found = profile.school["last_inspection_outcome"] or "", last["found"]
    said = (last["kind"], outcome, found)
    # one may say again what another says at more length
    told = [one for one in said if one and not any(_is_within(one, other) for other in said if other != one)]
    scale = " Grades run from 1, the best, to 4." if any(one.isdigit() for one in found) else ""
    return f"Last inspection{of_whom}: {in_words(last['start_date'])}; {'; '.join(dict.fromkeys(told))}.{scale}"


def _is_within(text: str, other: str) -> bool:
    return text.casefold() in other.casefold()


def _levels(profile: SchoolProfile, shown: ToldRules) -> Table:
    rows = tuple(
        (
            f"{card.title}\n{_age(card, shown, profile)}",
            level_in_words(card.level),
            weighs_most(card, shown.rules, shown.few),
        )
        for card in profile.cards
    )
    return Table(("Statement", "Level", "What weighs most"), rows, (28, 13, 59))


def weighs_most(card: StatementCard, rules: Set[str], few: Set[str]) -> str:
    """What a page says of a statement's rules: the heaviest that are raised, and one in its favour; a line each.

    Args:
        rules: ids of those that may be told; few: of these, those of fewer pupils than may be told.
    """
    # what is carried forward from another statement stands in that statement's row
    raised = [rule for rule in card.raised if rule.rule_id in rules and not rule.is_carried]
    told = [rule.sentence for rule in raised if rule.rule_id not in few]
    lines = told[:_HEAVIEST] or ["No rule that can be shown here is raised."]
    if len(told) > _HEAVIEST:
        lines.append(f"And {len(told) - _HEAVIEST} more.")
    if len(raised) > len(told):
        lines.append(f"Of fewer than {FEWEST_PUPILS} pupils, so left out: {len(raised) - len(told)} more.")
    good = [rule for rule in card.rules if rule.status == "protective" and rule.rule_id in rules - few]
    lines += [f"In its favour: {rule.sentence}" for rule in good[:1]]
    if any(rule.is_carried for rule in card.rules):
        lines.append("It also rests on the statements above.")
    return "\n".join(lines)


def _age(card: StatementCard, shown: ToldRules, profile: SchoolProfile) -> str:
    told = [rule for rule in card.rules if rule.is_assessed and rule.rule_id in shown.rules]
    dated = [(None if rule.is_carried else rule.measured_on, rule.points_available) for rule in told]
    age = evidence_age(dated, profile.as_at)
    if age.oldest is None or age.newest is None:
        return "No dated evidence can be shown."
    span = in_words(age.newest) if age.oldest == age.newest else f"{in_words(age.oldest)} to {in_words(age.newest)}"
    dated_by = "of" if age.oldest == age.newest else "from"
    return f"Evidence {dated_by} {span}" + (f"; {age.older_share:.0%} older than two years" if age.older_share else "")


def _figures(trends: Sequence[Trend]) -> Section:
    title = "How it has gone, and nationally"
    table = yearly_figures(trends)
    if table is None:
        return Section(title, text=("No yearly figure of this school is loaded.",))
    return Section(title, tables=(table,))


def yearly_figures(trends: Sequence[Trend]) -> Table | None:
    """A school's main figures of the last years beside the national ones; None where no figure is loaded."""
    years = sorted({label for one in trends for label in one.points["label"]})[-_YEARS:]
    if not years:
        return None
    rows = tuple((one.measure.label, *(_in_year(one, year) for year in years)) for one in trends)
    return Table(("Measure", *years), rows, (34, *(22 for _ in years)))


def _in_year(trend: Trend, year: str) -> str:
    found = trend.points[trend.points["label"] == year]
    if found.empty:
        return "no figure loaded"
    point = found.iloc[0]
    if pd.isna(point["value"]):
        return str(point["missing"])
    if are_few_pupils(trend.measure.id, None if pd.isna(point["denominator"]) else float(point["denominator"])):
        return f"fewer than {FEWEST_PUPILS} pupils: left out"
    own = figure_in_words(point["value"], trend.measure)
    if pd.isna(point["benchmark"]):
        return f"{own}; no national figure"
    national = "0" if point["benchmark"] == 0 else figure_in_words(point["benchmark"], trend.measure)
    return f"{own}; nationally {national}"


def _goals(copy: Copy, theirs: Sequence[Allocation]) -> list[Objective]:
    return [goal for one in theirs for goal in objectives(copy.records, allocation_id=one.id)]


def _unknown(profile: SchoolProfile, shown: ToldRules) -> str:
    missing = [rule for card in profile.cards for rule in card.not_assessed if rule.rule_id in shown.rules]
    if not missing:
        return "Every rule that can be shown here could be assessed."
    return f"It is not known, for want of evidence, whether: {'; '.join(_title(rule) for rule in missing)}."


def _title(rule: RuleLine) -> str:
    return f"{rule.title[:1].lower()}{rule.title[1:]}"
