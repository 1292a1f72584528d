"""What a measure rests on: the sources that its SQL reads, and the fields of one of them."""

import re
from functools import cache
from importlib.resources import files

from risk_model.measures.reader import Measure, measures_by_id
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.contract import Source

# they say whose the row is, and are no figures
KEYS = frozenset({"urn", "laestab", "la_code", "name", "time_period"})
# the judging itself reads figures and no file; national figures and names come with the sources of the measure
_NOT_FOLLOWED = frozenset({"rule_outcomes", "statement_levels", "schools_at_risk", "schools", "benchmarks"})


def fields_read(source: Source, measure_id: str) -> set[str]:
    """The fields of a source that a measure rests on: those that its SQL names; where it reads no file itself, those
    that the steps before it name."""
    measure = measures_by_id().get(measure_id)
    if measure is None:
        return set()
    names = {field.name for field in source.fields} - KEYS
    return names & _words(measure.sql) or names & _all_words(measure)


@cache
def sources_read(measure_id: str) -> frozenset[str]:
    """The sources that a measure reads, itself or by the steps before it: {"ks2", "absence"}."""
    measure = measures_by_id().get(measure_id)
    if measure is None:
        return frozenset()
    words = _all_words(measure)
    endings = ("", "_rows", "_summary")
    direct = {one.id for one in SOURCES if any(f"stg_{one.id}{ending}" in words for ending in endings)}
    # one that ranks other measures reads what they read
    others = words & set(measures_by_id()) - {measure_id} if "measure_values" in words else set()
    return frozenset(direct.union(*map(sources_read, others)))


def _words(sql: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"--.*", "", sql)))


def _all_words(measure: Measure) -> set[str]:
    """All words of a measure's SQL, of the steps of the build that it reads, and of those that these read."""
    steps = _steps()
    found = _words(measure.sql)
    seen: set[str] = set()
    while waiting := (found & set(steps)) - seen:
        step = waiting.pop()
        seen.add(step)
        found |= _words(steps[step])
    return found


@cache
def _steps() -> dict[str, str]:
    folder = files("risk_model.scoring") / "sql"
    steps = {path.name.removesuffix(".sql"): path for path in folder.iterdir() if path.name.endswith(".sql")}
    return {name: path.read_text("utf-8") for name, path in steps.items() if name not in _NOT_FOLLOWED}
