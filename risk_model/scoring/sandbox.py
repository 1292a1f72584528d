"""Judge the schools of a build by another rule set, in memory beside it: the build stays as it is.

The figures are those of the build, and the SQL is that of every build. So the build's own rules give the build's own
levels again, and whatever moves is the work of the rules alone.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd

from risk_model.domain.words import Priority
from risk_model.rules.reader import RuleSet
from risk_model.scoring.evaluating import current_values_of, judge, read_sql
from risk_model.warehouse.builds import Build
from risk_model.warehouse.engine import Connection, frame, rows, scratch_of

_TRIED_PLACES = f"({read_sql('schools_at_risk')})"


@dataclass(frozen=True)
class Judged:
    """What a rule set says of the schools.

    Attributes:
        places: one row per school, by URN: urn, name, la_name, phase, locality, route, priority.
        levels: one row per school and statement: urn, statement, level, points.
        outcomes: one row per school and rule of its phase: urn, rule_id, status, points.
    """

    places: pd.DataFrame
    levels: pd.DataFrame
    outcomes: pd.DataFrame


class Bench:
    """The figures of a build's schools, ready to be judged by one rule set after another."""

    def __init__(self, con: Connection, build: Build) -> None:
        self._con = con
        self._build = build

    def built(self) -> Judged:
        """What the build itself says, by its own rules."""
        return self._told("built.schools_at_risk", "built.statement_levels", "built.outcomes", "built.rules")

    def judged(self, rule_set: RuleSet) -> Judged:
        """What a rule set says, on the build's as-at date."""
        self._judge(rule_set)
        return self._told(_TRIED_PLACES, "levels", "outcomes", "rules")

    def priority_schools(self, rule_set: RuleSet) -> frozenset[str]:
        """The URNs of the schools that are a priority by a rule set."""
        self._judge(rule_set)
        found = rows(
            self._con, f"select urn from {_TRIED_PLACES} where priority = $place", {"place": Priority.PRIORITY}
        )
        return frozenset(row["urn"] for row in found)

    def _judge(self, rule_set: RuleSet) -> None:
        judge(self._con, rule_set, self._build.as_at)
        # the build's own statement of SQL tells the place
        self._con.execute("create or replace view statement_levels as from levels")

    def _told(self, places: str, levels: str, outcomes: str, rules: str) -> Judged:
        asked = (
            f"""
            select s.urn, s.name, s.la_name, s.phase, s.locality, s.route, p.priority
            from schools as s
            inner join {places} as p on p.urn = s.urn
            order by s.urn""",
            f"""
            select l.urn, l.statement, l.level, l.points
            from {levels} as l
            inner join schools as s on s.urn = l.urn
            order by l.urn, l.statement""",
            f"""
            select n.urn, r.rule_id, o.status, o.points
            from {outcomes} as o
            inner join numbered_schools as n on n.school_no = o.school_no
            inner join {rules} as r on r.rule_no = o.rule_no
            order by n.urn, r.rule_id""",
        )
        return Judged(*(frame(self._con, sql) for sql in asked))


@contextmanager
def bench(build: Build, scope: Mapping[str, str | None]) -> Iterator[Bench]:
    """Take the figures of a build's schools to a bench.

    Args:
        scope: la_code, locality and phase; None is all of them.
    """
    with scratch_of({"built": build.path}) as con:
        con.execute(
            """
            create table schools as
            select * from built.schools as s
            where ($la_code is null or s.la_code = $la_code)
                and ($locality is null or s.locality = $locality)
                and ($phase is null or s.phase = $phase)""",
            dict(scope),
        )
        # the build's own numbers for schools and measures, so that its outcomes can be read beside the new ones
        con.execute(
            "create table numbered_schools as "
            "select n.* from built.numbered_schools as n inner join schools as s on s.urn = n.urn"
        )
        con.execute("create table measure_numbers as from built.measure_numbers")
        con.execute(f"create table current_values as {current_values_of('built')}")
        # the place needs neither sentences nor inspections, which the same statement reads
        con.execute("create table latest_inspections as from built.latest_inspections limit 0")
        con.execute(
            "create table rule_outcomes "
            "(urn varchar, rule_id varchar, status varchar, points double, is_gate boolean, sentence varchar)"
        )
        yield Bench(con, build)
