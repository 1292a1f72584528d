"""Figures of groups of pupils, published for whole LAs or pooled from the files of schools: context, never points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from risk_model.domain.viewer import Viewer, require_reader
from risk_model.measures.reader import Break, measures_by_id
from risk_model.scoring.intervals import Limits, share_limits
from risk_model.services.copy import Copy
from risk_model.services.school_sets import ENGLAND, IN_SET, NEIGHBOURS, SchoolSet

# how each group is called, in the order of the screen
GROUP_NAMES = {
    "all": "All pupils",
    "disadvantaged": "Disadvantaged",
    "fsm": "Free school meals",
    "others": "Others",
    "eal": "EAL",
    "no_send": "No SEND",
    "sen_support": "SEN support",
    "ehc_plan": "EHC plan",
}


@dataclass(frozen=True)
class GroupTopic:
    """A figure that is known of groups of pupils.

    Attributes:
        in_schools: {group: figure id in `result_figures`, or the id of a yearly measure for all pupils}.
        measure: the yearly measure whose breaks are those of the schools' figures; "" for none.
        published_breaks: of the figures of whole LAs, which have years that the schools' figures lack.
    """

    id: str
    title: str
    unit: str
    suffix: str
    decimals: int
    phase: str
    source: str
    in_schools: Mapping[str, str]
    measure: str = ""
    published_breaks: tuple[Break, ...] = ()

    def breaks(self, *, is_published: bool) -> tuple[Break, ...]:
        """Where its years cannot be compared, oldest first."""
        if is_published:
            return self.published_breaks
        return measures_by_id()[self.measure].breaks if self.measure else ()


TOPICS = (
    GroupTopic(
        "rwm",
        "Expected standard in reading, writing and maths",
        "% of pupils",
        "%",
        0,
        "primary",
        "ks2",
        {
            "all": "rwm_expected_pct",
            "disadvantaged": "rwm_disadvantaged_pct",
            "others": "rwm_others_pct",
            "eal": "rwm_eal_pct",
        },
        "rwm_expected_pct",
        (
            Break(since="2017-2018", why="The framework by which teachers assess writing changed."),
            Break(since="2021-2022", why="There were no tests for two years: other pupils."),
        ),
    ),
    GroupTopic(
        "attainment8",
        "Attainment 8",
        "score",
        "",
        1,
        "secondary",
        "ks4",
        {
            "all": "attainment8_score",
            "disadvantaged": "attainment8_disadvantaged_score",
            "others": "attainment8_others_score",
            "eal": "attainment8_eal_score",
        },
        "attainment8_score",
        (
            Break(since="2016-2017", why="GCSEs in English and mathematics came with grades 9 to 1."),
            Break(since="2019-2020", why="Teachers gave the grades of this year and the next."),
            Break(since="2021-2022", why="Exams came back, and were graded more generously."),
            Break(since="2022-2023", why="Grading went back to the standard of before the pandemic."),
        ),
    ),
    GroupTopic(
        "basics",
        "Grade 5 or above in English and maths",
        "% of pupils",
        "%",
        0,
        "secondary",
        "ks4",
        {
            "all": "basics_grade5_pct",
            "disadvantaged": "basics_grade5_disadvantaged_pct",
            "others": "basics_grade5_others_pct",
            "eal": "basics_grade5_eal_pct",
        },
        "basics_grade5_pct",
    ),
    GroupTopic("phonics", "Phonics check in year 1", "% of pupils", "%", 0, "primary", "", {}),
)


@dataclass(frozen=True)
class GroupFigure:
    """One group's figure in one year and set.

    Attributes:
        limits, pupils, schools: where it is pooled from schools; None where it is published for an LA.
        suppressed: schools of which it is suppressed; without: schools of the phase that have none for another reason.
            None where it is published for an LA.
    """

    value: float | None
    limits: Limits | None = None
    pupils: float | None = None
    schools: int | None = None
    suppressed: int | None = None
    without: int | None = None


# {group: {period: figure}}
GroupYears = dict[str, dict[str, GroupFigure]]

_PUBLISHED_SQL = """
    select pupil_group, period, value from la_group_figures
    where topic = $topic and scope = $scope and la_code is not distinct from $la
    order by pupil_group, period"""
_POOLED_SQL = f"""
    with figures as (
        select figure_id, urn, period, value, pupils, missing_reason from result_figures
        where figure_id in (select unnest($ids))
        union all
        select measure_id, urn, period, value, denominator, missing_reason from measure_values
        where measure_id in (select unnest($ids)) and measure_id not in (select distinct figure_id from result_figures)
    )
    select f.figure_id, f.period, count(f.value) as schools,
           count(*) filter (f.missing_reason = 'suppressed') as suppressed,
           sum(f.value * f.pupils) filter (f.value is not null and f.pupils > 0)
               / sum(f.pupils) filter (f.value is not null and f.pupils > 0) as value,
           sum(f.pupils) filter (f.value is not null and f.pupils > 0) as pupils
    from figures as f inner join schools as s using (urn)
    where s.phase_group = $phase_group and {IN_SET}
    group by all
    order by 1, 2"""
_SCHOOLS_SQL = f"select count(*) as n from schools as s where s.phase_group = $phase_group and {IN_SET}"
_NATIONAL_SQL = """
    select measure_id, period, value from benchmarks
    where scope = 'national' and origin = 'published' and phase = $phase_group
        and measure_id in (select unnest($ids))
    order by 1, 2"""


def is_published_for(one: SchoolSet) -> bool:
    """Whether a set is a whole LA or England, for which groups are published."""
    return (one.code == ENGLAND and one.phase is None) or (one.whole_la is not None and one.code != NEIGHBOURS)


def published_groups(viewer: Viewer, copy: Copy, topic: GroupTopic, one: SchoolSet) -> GroupYears:
    """The figures of groups as they are published for a whole LA or for England.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    la = None if one.code == ENGLAND or one.las is None else one.las[0]
    params = {"topic": topic.id, "scope": "national" if la is None else "la", "la": la}
    found: GroupYears = {}
    for row in copy.reader.rows(_PUBLISHED_SQL, params):
        found.setdefault(row["pupil_group"], {})[row["period"]] = GroupFigure(row["value"])
    return found


def pooled_groups(viewer: Viewer, copy: Copy, topic: GroupTopic, one: SchoolSet) -> GroupYears:
    """The figures of groups in the files of schools, their pupils counted together; suppressed ones are not in them.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    groups = {figure: group for group, figure in topic.in_schools.items()}
    params = {**one.params, "ids": list(groups), "phase_group": topic.phase}
    schools = copy.reader.rows(_SCHOOLS_SQL, {**one.params, "phase_group": topic.phase})[0]["n"]
    found: GroupYears = {}
    for row in copy.reader.rows(_POOLED_SQL, params):
        value, pupils = row["value"], row["pupils"]
        limits = share_limits(value, pupils) if value is not None and topic.suffix == "%" else None
        without = schools - row["schools"] - row["suppressed"]
        told = GroupFigure(value, limits, pupils, row["schools"], row["suppressed"], without)
        found.setdefault(groups[row["figure_id"]], {})[row["period"]] = told
    return found


def national_groups(viewer: Viewer, copy: Copy, topic: GroupTopic) -> GroupYears:
    """England's figures of groups in the same files, as they are published.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    groups = {figure: group for group, figure in topic.in_schools.items()}
    found: GroupYears = {}
    for row in copy.reader.rows(_NATIONAL_SQL, {"ids": list(groups), "phase_group": topic.phase}):
        found.setdefault(groups[row["measure_id"]], {})[row["period"]] = GroupFigure(row["value"])
    return found


def groups_with_figures(found: GroupYears, wanted: Sequence[str]) -> tuple[str, ...]:
    """Those of some groups that have a figure in any year, in the order given."""
    return tuple(group for group in wanted if any(figure.value is not None for figure in found.get(group, {}).values()))
