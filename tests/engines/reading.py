"""The figures that a build's rules read, for another engine."""

import polars as pl

from risk_model.warehouse.builds import Build
from tests.engines.in_pandas import World

_FIGURES = """
    select s.urn, s.school_no, n.measure_id, c.value, c.lower, c.upper, c.missing_reason, c.measured_on, c.weight
    from current_values as c
    inner join numbered_schools as s using (school_no)
    inner join measure_numbers as n using (measure_no)
    where n.measure_id not in ('outcomes_level_score', 'leadership_level_score')
        -- what a school has no row of, each engine finds lacking by itself
        and c.period is not null"""


def world_of(build: Build) -> World:
    """The schools and current figures of a build, without the levels that are carried forward."""
    with build.reader() as reader:
        schools = reader.frame("select urn, phase from numbered_schools order by urn")
        figures = reader.frame(_FIGURES)
    by_measure = {
        str(name): table.drop(columns="school_no").set_index("urn") for name, table in figures.groupby("measure_id")
    }
    return World(schools, by_measure)


def polars_world_of(build: Build) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same as polars has it: the schools, and the current figures, by the school's number."""
    with build.reader() as reader:
        schools = pl.from_pandas(reader.frame("select school_no, phase from numbered_schools order by school_no"))
        figures = pl.from_pandas(reader.frame(_FIGURES)).drop("urn").with_columns(pl.col("measured_on").cast(pl.Date))
    return schools, figures
