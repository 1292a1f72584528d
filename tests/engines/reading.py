"""The figures that a build's rules read, for another engine."""

from risk_model.warehouse.builds import Build
from tests.engines.in_pandas import World

_FIGURES = """
    select s.urn, n.measure_id, c.value, c.lower, c.upper, c.missing_reason, c.measured_on, c.weight
    from current_values as c
    inner join numbered_schools as s using (school_no)
    inner join measure_numbers as n using (measure_no)
    where n.measure_id not in ('outcomes_level_score', 'leadership_level_score')"""


def world_of(build: Build) -> World:
    """The schools and current figures of a build, without the levels that are carried forward."""
    with build.reader() as reader:
        schools = reader.frame("select urn, phase from numbered_schools order by urn")
        figures = reader.frame(_FIGURES)
    by_measure = {str(name): table.set_index("urn") for name, table in figures.groupby("measure_id")}
    return World(schools, by_measure)
