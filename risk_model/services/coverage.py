"""Coverage: of how many of the schools that should be in a source's file a figure is known, and why not of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import MISSING_IN_WORDS, MissingReason
from risk_model.services.copy import Copy
from risk_model.services.scope import IN_SCOPE, Scope
from risk_model.sources.catalogue import SOURCES, source_named


@dataclass(frozen=True)
class _Headline:
    """By which figure a yearly source is known to have spoken of a school, and of which schools it is expected to.

    Attributes:
        among: SQL over `schools`; an age range that is not known is no reason to expect nothing.
    """

    source_id: str
    measure_id: str
    schools: str
    among: str = "true"


# sources that no rule reads have none
_HEADLINES = (
    _Headline(
        "ks2",
        "rwm_expected_pct",
        "schools with a year 6",
        "phase in ('primary', 'junior', 'middle', 'all-through') and coalesce(high_age, 11) >= 11",
    ),
    _Headline(
        "ks4",
        "attainment8_score",
        "schools with a year 11",
        "phase in ('secondary', 'all-through') and coalesce(high_age, 16) >= 16 and coalesce(low_age, 11) < 16",
    ),
    # nursery schools are in no absence table
    _Headline("absence", "persistent_absence_pct", "schools", "phase <> 'nursery'"),
    _Headline("census", "pupils_count", "schools"),
    _Headline("finance", "in_year_balance_gbp", "schools"),
)
_HAS, _NOT_IN_FILE, _OPENED_LATER = "has", "not in the file", "opened later"
_NEARLY_ALL = 0.95


@dataclass(frozen=True)
class Coverage:
    """One source and academic year.

    Attributes:
        schools: of which schools it is expected: "schools with a year 6", or "schools".
        known, expected: in the scope; known_in_england, expected_in_england: of all schools that are loaded.
        missing: why it is not known, in words, and of how many schools in the scope, the most frequent first.
    """

    source_id: str
    period: str
    schools: str
    known: int
    expected: int
    missing: dict[str, int]
    known_in_england: int
    expected_in_england: int

    @property
    def sentence(self) -> str:
        """The coverage in one sentence."""
        rest = "; " + ", ".join(f"{n:,} {why}" for why, n in self.missing.items()) if self.missing else ""
        return f"{_short(self.period)}: {self.known:,} of {self.expected:,} {self.schools}{rest}."

    @property
    def in_england(self) -> str:
        """The same of all schools that are loaded."""
        return f"In all that is loaded: {self.known_in_england:,} of {self.expected_in_england:,}."

    @property
    def cell(self) -> str:
        """The coverage as a cell of the grid: a shape and two numbers."""
        if not self.expected:
            return "– no such school"
        share = self.known / self.expected
        shape = "●" if share >= _NEARLY_ALL else "◐" if self.known else "○"
        return f"{shape} {self.known:,} of {self.expected:,}"


_SQL = f"""
    with headlines as (select unnest($sources) as source_id, unnest($measures) as measure_id),
    years as (
        select distinct h.source_id, h.measure_id, v.period
        from headlines as h inner join measure_values as v using (source_id, measure_id)
        where regexp_full_match(v.period, '[0-9]{{4}}-[0-9]{{4}}')
    ),
    schools_of as (
        {
    " union all ".join(
        f"select '{one.source_id}' as source_id, s.urn, s.open_date, ({IN_SCOPE}) as in_scope "
        f"from schools as s where {one.among}"
        for one in _HEADLINES
    )
}
    )
    select y.source_id, y.period,
           case when v.value is not null then '{_HAS}'
                when v.missing_reason is not null then v.missing_reason
                when s.open_date > make_date(right(y.period, 4)::integer, 8, 31) then '{_OPENED_LATER}'
                else '{_NOT_IN_FILE}' end as outcome,
           count(*) filter (s.in_scope) as n, count(*) as n_england
    from years as y
    inner join schools_of as s using (source_id)
    left join measure_values as v on v.urn = s.urn and v.measure_id = y.measure_id and v.period = y.period
    group by y.source_id, y.period, outcome
    order by y.source_id, y.period desc, n desc, outcome"""


def coverage(viewer: Viewer, copy: Copy, scope: Scope) -> list[Coverage]:
    """What the yearly sources say of the schools in the scope, by source, the newest year first.

    The schools are those of the build: one that closed since is not expected, and one that opened later is told apart.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    found = copy.reader.frame(
        _SQL,
        {
            **scope.params,
            "sources": [one.source_id for one in _HEADLINES],
            "measures": [one.measure_id for one in _HEADLINES],
        },
    )
    words = {one.source_id: one.schools for one in _HEADLINES}
    lines = []
    for (source_id, period), rows in found.groupby(["source_id", "period"], sort=False):
        known = rows[rows["outcome"] == _HAS]
        lacking = rows[(rows["outcome"] != _HAS) & (rows["n"] > 0)]
        lines.append(
            Coverage(
                source_id=str(source_id),
                period=str(period),
                schools=words[str(source_id)],
                known=int(known["n"].sum()),
                expected=int(rows["n"].sum()),
                missing={_why(why): int(n) for why, n in zip(lacking["outcome"], lacking["n"], strict=True)},
                known_in_england=int(known["n_england"].sum()),
                expected_in_england=int(rows["n_england"].sum()),
            )
        )
    return lines


# as they read after a number
_AFTER_A_NUMBER = {
    MissingReason.SUPPRESSED: "suppressed",
    MissingReason.BLANK: "left blank",
    MissingReason.NOT_IN_FILE: "in a file without this column",
    MissingReason.NO_ENTRIES: "without pupils entered",
}


def _why(outcome: str) -> str:
    if outcome in (_NOT_IN_FILE, _OPENED_LATER):
        return outcome
    reason = MissingReason(outcome)
    return _AFTER_A_NUMBER.get(reason, f"({MISSING_IN_WORDS[reason]})")


def _short(period: str) -> str:
    return f"{period[:4]}-{period[7:]}"


def coverage_grid(viewer: Viewer, copy: Copy, lines: Sequence[Coverage]) -> pd.DataFrame:
    """Sources by academic year, in words and shapes: Source, then a column for each year, the newest first.

    A source that is loaded and that no rule reads says so; a year that is not loaded is "not loaded".

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    cells = {(one.source_id, one.period): one.cell for one in lines}
    loaded = copy.reader.rows(
        "select distinct source_id, label from releases where regexp_full_match(label, '[0-9]{4}-[0-9]{4}')"
    )
    for row in loaded:
        cells.setdefault((row["source_id"], row["label"]), "□ loaded, no rule reads it")
    years = sorted({period for _, period in cells}, reverse=True)
    with_years = {source_id for source_id, _ in cells}
    return pd.DataFrame(
        [
            {
                "Source": source.title,
                **{_short(year): cells.get((source.id, year), "· not loaded") for year in years},
            }
            for source in SOURCES
            if source.id in with_years
        ],
        columns=["Source", *map(_short, years)],
    )


def coverage_table(lines: Sequence[Coverage]) -> pd.DataFrame:
    """The coverage as a table, to export: Source, Year, Known, Expected, Of, Why not, Known and expected in England."""
    return pd.DataFrame(
        [
            {
                "Source": source_named(one.source_id).title,
                "Year": _short(one.period),
                "Known": one.known,
                "Expected": one.expected,
                "Of": one.schools,
                "Why not": ", ".join(f"{n} {why}" for why, n in one.missing.items()),
                "Known in England": one.known_in_england,
                "Expected in England": one.expected_in_england,
            }
            for one in lines
        ]
    )
