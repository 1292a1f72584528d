"""Within schools: one subject beside another, each against England, over three years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Any

import pandas as pd

from risk_model.domain.charts import Axis, Chart, Dot, Dots, Role, Scatter, Spot
from risk_model.domain.periods import school_year
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.services.copy import Copy
from risk_model.services.explore_answers import Answer, NamedSchool, Select, Wanted
from risk_model.services.pooled_figures import source_line
from risk_model.services.school_sets import IN_SET, picked_sets, usual_sets
from risk_model.services.scope import Scope


@dataclass(frozen=True)
class _Subjects:
    """Two figures of one school in the same unit.

    Attributes:
        a, b: ids in `result_figures`; name_a, name_b: the subjects.
        unit: of both, and of their difference; decimals of it.
        spread: standard deviation among pupils; of a share it follows from the share.
        slots: by which both are divided, so that they are in grades.
    """

    source: str
    phase: str
    a: str
    name_a: str
    b: str
    name_b: str
    unit: str
    suffix: str = ""
    decimals: int = 0
    spread: float = 0.0
    slots: tuple[int, int] = (1, 1)


_EXPECTED = ("% at the expected standard", "%", 0)
# how far scores and grades of pupils spread is not published with them: our estimates
_SCORE = ("scaled score", "", 1, 8.0)
_GRADES = ("grades, Attainment 8", "", 1, 2.0)
_PAIRS = {
    "reading_maths": _Subjects(
        "ks2", "primary", "reading_expected_pct", "Reading", "maths_expected_pct", "Maths", *_EXPECTED
    ),
    "reading_writing": _Subjects(
        "ks2", "primary", "reading_expected_pct", "Reading", "writing_expected_pct", "Writing", *_EXPECTED
    ),
    "writing_maths": _Subjects(
        "ks2", "primary", "writing_expected_pct", "Writing", "maths_expected_pct", "Maths", *_EXPECTED
    ),
    "reading_maths_scores": _Subjects("ks2", "primary", "reading_score", "Reading", "maths_score", "Maths", *_SCORE),
    "reading_spelling_scores": _Subjects(
        "ks2", "primary", "reading_score", "Reading", "spelling_score", "Grammar, punctuation and spelling", *_SCORE
    ),
    "english_maths": _Subjects(
        "ks4",
        "secondary",
        "ebacc_english_grade5_pct",
        "English",
        "ebacc_maths_grade5_pct",
        "Maths",
        "% with grade 5 or above",
        "%",
        0,
    ),
    "english_maths_attainment": _Subjects(
        "ks4",
        "secondary",
        "attainment8_english_score",
        "English",
        "attainment8_maths_score",
        "Maths",
        *_GRADES,
        slots=(2, 2),
    ),
    "ebacc_open_attainment": _Subjects(
        "ks4",
        "secondary",
        "attainment8_ebacc_score",
        "EBacc subjects",
        "attainment8_open_score",
        "The open group",
        *_GRADES,
        slots=(3, 3),
    ),
}
# Years of results together, as the rules look at them; and how many schools are named: our choices.
_YEARS = 3
_NAMED = 10
# with so few pupils in the three years together one pupil decides
_FEW_PUPILS = 10
_Z = 1.959964
_LOADED_SQL = f"""
    select f.figure_id, count(f.value) as schools
    from result_figures as f inner join schools as s using (urn)
    where {IN_SET} group by all"""
# the newest years in which anybody has both; pupils of the years counted together, and England's figure likewise
_SUBJECTS_SQL = f"""
    with both_figures as (
        select a.urn, a.period, a.value / $slots_a as a, b.value / $slots_b as b,
               coalesce(a.pupils, s.year_group_estimate) as pupils, a.pupils is null as is_estimated
        from result_figures as a
        inner join result_figures as b on b.urn = a.urn and b.period = a.period and b.figure_id = $b
        inner join schools as s on s.urn = a.urn
        where a.figure_id = $a and a.value is not null and b.value is not null
    ),
    recent as (
        select * from both_figures
        where right(period, 4)::integer > (select max(right(period, 4)::integer) from both_figures) - $years
    ),
    england as (
        select r.period,
               coalesce(max(na.value) / $slots_a, if($is_england, sum(r.a * r.pupils) / sum(r.pupils), null)) as a,
               coalesce(max(nb.value) / $slots_b, if($is_england, sum(r.b * r.pupils) / sum(r.pupils), null)) as b
        from recent as r
        left join benchmarks as na
            on na.measure_id = $a and na.period = r.period and na.scope = 'national' and na.phase = $phase_group
        left join benchmarks as nb
            on nb.measure_id = $b and nb.period = r.period and nb.scope = 'national' and nb.phase = $phase_group
        group by r.period
    )
    select s.urn, s.name, s.la_code, s.locality, s.phase, sum(r.pupils) as pupils, count(*) as years,
           min(r.period) as first_period, max(r.period) as last_period, bool_or(r.is_estimated) as is_estimated,
           sum(r.a * r.pupils) / sum(r.pupils) as a, sum(r.b * r.pupils) / sum(r.pupils) as b,
           sum(e.a * r.pupils) / sum(r.pupils) as england_a, sum(e.b * r.pupils) / sum(r.pupils) as england_b
    from recent as r
    inner join schools as s using (urn)
    inner join england as e using (period)
    where r.pupils > 0 and s.phase_group = $phase_group and e.a is not null and e.b is not null and {IN_SET}
    group by all
    order by s.urn"""
_SCHOOLS_SQL = f"select count(*) as n from schools as s where s.phase_group = $phase_group and {IN_SET}"


@dataclass(frozen=True)
class _School:
    """One school: how far each subject is from England, and how far they are apart."""

    row: Mapping[str, Any]

    @property
    def urn(self) -> str:
        return str(self.row["urn"])

    @property
    def name(self) -> str:
        return str(self.row["name"])

    @property
    def a(self) -> float:
        """The first subject less England's."""
        return float(self.row["a"] - self.row["england_a"])

    @property
    def b(self) -> float:
        """The second subject less England's."""
        return float(self.row["b"] - self.row["england_b"])

    @property
    def apart(self) -> float:
        """Rounded as everything is before it is ordered."""
        return round(self.a - self.b, 6)

    @property
    def pupils(self) -> float:
        return float(self.row["pupils"])


def within_selects(viewer: Viewer, copy: Copy, scope: Scope) -> tuple[Select, ...]:
    """It asks back which two subjects, of those with figures in the scope.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    own = usual_sets(viewer, copy, scope)[0]
    loaded = {row["figure_id"]: row["schools"] for row in copy.reader.rows(_LOADED_SQL, own.params)}
    known = {code: one for code, one in _PAIRS.items() if loaded.get(one.a) and loaded.get(one.b)}
    # the pair that most schools have comes first
    ordered = sorted(known, key=lambda code: (known[code].phase, -min(loaded[known[code].a], loaded[known[code].b])))
    options = {
        code: f"{known[code].phase.capitalize()}: {known[code].name_a} and {known[code].name_b.lower()}, "
        f"{known[code].unit}"
        for code in ordered
    }
    return (Select("subjects", "Two subjects", options),)


def within(viewer: Viewer, copy: Copy, scope: Scope, wanted: Wanted) -> Answer:
    """Which schools differ most between two subjects, each against England.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    code = wanted.of(within_selects(viewer, copy, scope)[0])
    if not code:
        return Answer("No figures of single subjects are loaded for these schools: import key stage 2 or 4 results.")
    pair = _PAIRS[code]
    own_set = usual_sets(viewer, copy, scope)[0]
    asked = {"a": pair.a, "b": pair.b, "slots_a": pair.slots[0], "slots_b": pair.slots[1], "years": _YEARS}
    asked |= {"phase_group": pair.phase, "is_england": _is_england(viewer, copy, scope)}
    every = [_School(row) for row in copy.reader.rows(_SUBJECTS_SQL, {**own_set.params, **asked})]
    if not every:
        return Answer(
            f"No {pair.phase} school of {own_set.name} has both subjects and a figure of England beside them."
        )
    enough = [one for one in every if one.pupils > _FEW_PUPILS]
    schools = copy.reader.rows(_SCHOOLS_SQL, {**own_set.params, "phase_group": pair.phase})[0]["n"]
    picked = {one.urn: one.role for one in picked_sets(viewer, copy, scope, wanted.picks) if one.urn is not None}
    most = sorted(enough, key=lambda one: (not _is_clear(pair, one), -abs(one.apart), one.urn))[:_NAMED]
    named = [*(one for one in every if one.urn in picked), *(one for one in most if one.urn not in picked)]
    notes = (*_notes(pair, every, enough, schools), *_by_chance(len(enough)))
    source = source_line(viewer, copy, pair.source)
    charts = (
        Chart(
            f"within_{code}",
            _spread(pair, enough),
            _scatter(pair, every, picked),
            _table(pair, every),
            source,
            notes,
        ),
        Chart(f"within_{code}_most", _most_finding(pair, most), _dots(pair, named), _table(pair, named), source),
    )
    told = tuple(NamedSchool(one.urn, one.name, _told(pair, one)) for one in named)
    return Answer(_finding(pair, enough, own_set.name) + ".", charts, (), _how(pair), told, selects_schools=True)


def _is_england(viewer: Viewer, copy: Copy, scope: Scope) -> bool:
    return any(one.name == "England" for one in usual_sets(viewer, copy, scope))


def _is_clear(pair: _Subjects, one: _School) -> bool:
    """Whether chance alone would seldom bring it: one time in twenty at most.

    The subjects are taken as if other pupils sat them, so that the answer is rather too careful.
    """
    if one.pupils <= _FEW_PUPILS:
        return False
    if pair.suffix == "%":
        # a share of none or all would leave no room for chance
        variance = sum(max(share, 1.0) * max(100 - share, 1.0) for share in (one.row["a"], one.row["b"]))
    else:
        variance = 2 * pair.spread**2
    return abs(one.apart) > _Z * sqrt(variance / one.pupils)


def _finding(pair: _Subjects, enough: Sequence[_School], name: str) -> str:
    if not enough:
        return f"In {name} every school has too few pupils to set the subjects beside each other"
    a, b = pair.name_a.lower(), pair.name_b.lower()
    weaker_a = sum(one.apart < 0 for one in enough)
    told = f"Against England, {weaker_a} of {len(enough)} schools in {name} are weaker in {a} than in {b}"
    clear = [one for one in enough if _is_clear(pair, one)]
    both = f"{sum(one.apart < 0 for one in clear)} in {a} and {sum(one.apart > 0 for one in clear)} in {b}"
    return f"{told}; clearly weaker are {both}"


def _spread(pair: _Subjects, enough: Sequence[_School]) -> str:
    if not enough:
        return f"{pair.name_a} and {pair.name_b.lower()}: no school has more than ten pupils"
    half = median(abs(one.apart) for one in enough)
    return (
        f"{pair.name_a} and {pair.name_b.lower()}, against England, are within {half:.{max(pair.decimals, 1)}f} of "
        f"each other in half of the {len(enough)} schools"
    )


def _most_finding(pair: _Subjects, most: Sequence[_School]) -> str:
    if not most:
        return "No school has enough pupils to be named"
    first = most[0]
    weaker, stronger = (pair.name_a, pair.name_b) if first.apart < 0 else (pair.name_b, pair.name_a)
    by = f"{abs(first.apart):.{pair.decimals}f}{' points' if pair.suffix else ''}"
    return f"{first.name}: {weaker.lower()} {by} behind {stronger.lower()}, each against England"


def _told(pair: _Subjects, one: _School) -> str:
    own = "; ".join(
        f"{name} {one.row[key]:.{pair.decimals}f}{pair.suffix} (England {one.row[f'england_{key}']:.{pair.decimals}f}"
        f"{pair.suffix})"
        for name, key in ((pair.name_a, "a"), (pair.name_b, "b"))
    )
    clear = "clearly apart" if _is_clear(pair, one) else "could be chance"
    return f"{own}; {one.pupils:,.0f} pupils: {'few pupils' if one.pupils <= _FEW_PUPILS else clear}"


def _scatter(pair: _Subjects, every: Sequence[_School], picked: Mapping[str, Role]) -> Scatter:
    spots = [
        Spot(
            one.urn,
            one.name,
            picked.get(one.urn, Role.OWN if one.pupils > _FEW_PUPILS else Role.REST),
            one.row["a"],
            one.row["b"],
            one.name if one.urn in picked else "",
            _told(pair, one),
        )
        for one in sorted(every, key=lambda one: (one.urn in picked, one.urn))
    ]
    newest = max(every, key=lambda one: one.row["last_period"])
    return Scatter(
        Axis(f"{pair.name_a}, {pair.unit}", pair.suffix, pair.decimals, better="higher is better"),
        Axis(f"{pair.name_b}, {pair.unit}", pair.suffix, pair.decimals, better="higher is better"),
        tuple(spots),
        (("England", newest.row["england_a"]),),
        (("England", newest.row["england_b"]),),
    )


def _dots(pair: _Subjects, named: Sequence[_School]) -> Dots:
    return Dots(
        tuple(one.name for one in named),
        Axis(f"Less England, {pair.unit}", pair.suffix and " points", pair.decimals, better="higher is better"),
        (
            Dot(pair.name_a, Role.FIRST, tuple(one.a for one in named)),
            Dot(pair.name_b, Role.SECOND, tuple(one.b for one in named)),
        ),
        joined=True,
        at=(("England", 0.0),),
    )


def _table(pair: _Subjects, every: Sequence[_School]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "School": one.name,
                "Phase": one.row["phase"],
                pair.name_a: one.row["a"],
                f"{pair.name_a}, England": one.row["england_a"],
                pair.name_b: one.row["b"],
                f"{pair.name_b}, England": one.row["england_b"],
                "Apart": one.apart,
                "Clearly apart": "yes" if _is_clear(pair, one) else "no",
                "Pupils": one.pupils,
                "Years": f"{school_year(one.row['first_period'])} to {school_year(one.row['last_period'])}",
                "URN": one.urn,
            }
            for one in sorted(every, key=lambda one: (-abs(one.apart), one.urn))
        ]
    )


def _notes(pair: _Subjects, every: Sequence[_School], enough: Sequence[_School], schools: int) -> tuple[str, ...]:
    notes = [f"{len(every)} of {schools} {pair.phase} schools have both subjects."]
    if schools > len(every):
        lacking = schools - len(every)
        notes[0] += f" Lacking one or both: {lacking:,} (suppressed, not published, or not in the loaded files)."
    if len(enough) < len(every):
        notes.append(
            f"With ten pupils or fewer in the years together: {len(every) - len(enough)}. They are drawn quietly, and "
            "neither counted nor named."
        )
    if any(one.row["is_estimated"] for one in every):
        notes.append("Numbers of pupils are estimated from rolls where the file has none.")
    if "Writing" in (pair.name_a, pair.name_b):
        notes.append("Writing is teachers' own assessment; the other subjects are tests.")
    return tuple(notes)


def _by_chance(schools: int) -> tuple[str, ...]:
    if schools < 20:
        return ()
    return (
        f"Of {schools} schools about {schools // 20} would be clearly apart by chance alone, were all alike: ask the "
        "school before saying why.",
    )


def _how(pair: _Subjects) -> tuple[str, ...]:
    spread = (
        "" if pair.suffix == "%" else f" Pupils are taken to spread by {pair.spread:g} in each subject, our estimate."
    )
    told = [
        f"The newest {_YEARS} years of results are counted together, each with its pupils; England likewise, with the "
        "school's own weights. A subject is compared with England first, since subjects differ in how many reach the "
        "standard everywhere.",
        "Schools that are clearly apart come first, those furthest apart before the others. A school may be strong in "
        "both subjects.",
        "“Clearly apart” is what chance would bring one time in twenty at most, with so many pupils. The subjects are "
        f"taken as if different pupils sat them; the same pupils did, so that it is rather too careful.{spread}",
    ]
    if pair.slots != (1, 1):
        told.append("Points of Attainment 8 are divided by the slots of the element, so that they are grades.")
    return tuple(told)
