"""A file's own national rows beside what is known of each year's: a file under the wrong year gives itself away.

The known figures are those of `data/lookups/national_figures.csv`, each with its reference: what published files have
in their national rows, and England's figures of the local authority interactive tool. An edition is one set of them:
provisional, final, or the tool's. A provisional and a final figure differ a little, and the tool rounds otherwise;
"tolerance" in the lookup says how much of that is usual.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import LOOKUPS
from risk_model.sources.contract import Source
from risk_model.sources.typing import summary_phase_sql
from risk_model.warehouse.engine import Connection, rows

_ROUNDED = 0.051  # what one decimal in a file hides of a figure with two
_FEWEST_SHARED = 3

Figure = tuple[str, str]  # field and phase


@dataclass(frozen=True)
class Edition:
    """One set of known national figures of one source and year.

    Attributes:
        figures: value and usual difference by field and phase.
    """

    period: str
    name: str
    figures: Mapping[Figure, tuple[float, float]]


def check_national_rows(con: Connection, source: Source, name: str, period: str | None) -> Iterator[str]:
    """Compare a table's national rows with the years that are known; notes on what is only nearly so.

    Args:
        con: has the table as `typed`.
        period: the academic year that the file is imported as; nothing is compared where rows say theirs.
    Raises:
        FileRefused: they are another year's figures, and not nearly those of this year.
    """
    known = _editions().get(source.id, [])
    if not known or period is None:
        return
    own = _national_figures(con, source, known)
    of_year = [edition for edition in known if edition.period == period]
    others = [edition for edition in known if edition.period != period and _is_equal(own, edition)]
    if any(_is_near(own, edition) for edition in of_year):
        yield from _differences(own, of_year, "a little from the figures that are known")
    elif others and any(_shared(own, edition) for edition in of_year):
        raise _other_years(source, name, period, own, of_year, others[0])
    elif others:
        yield f"its national figures are those of {others[0].period}, not of {period}: check its year"
    else:
        yield from _differences(own, of_year, "more than revisions do from the figures that are known: check its year")


def _other_years(
    source: Source,
    name: str,
    period: str,
    own: Mapping[Figure, float],
    of_year: list[Edition],
    other: Edition,
) -> FileRefused:
    field, phase = max(
        _shared(own, of_year[0]) & _shared(own, other),
        key=lambda figure: abs(own[figure] - of_year[0].figures[figure][0]),
        default=next(iter(_shared(own, other))),
    )
    column = source.field_named(field).columns[0]
    here = of_year[0].figures.get((field, phase))
    of_this = f", that of {period} {here[0]:,g}" if here else ""
    return FileRefused(
        f"{name} was not imported: it says {period}, but its national row is that of {other.period}.",
        [
            f"{column}, {phase}: it has {own[field, phase]:,g}; England's figure of {other.period} is "
            f"{other.figures[field, phase][0]:,g}{of_this}.",
            f"All {len(_shared(own, other))} figures that can be compared are those of {other.period}. "
            "Schools would be judged by another year's results.",
            f"If it is the file of {other.period}, import it as that. Nothing was changed.",
        ],
    )


def _differences(own: Mapping[Figure, float], of_year: list[Edition], how: str) -> Iterator[str]:
    """A note where the nearest edition of the year differs by more than rounding."""
    if not of_year or any(_is_equal(own, edition) for edition in of_year):
        return
    nearest = max(of_year, key=lambda edition: (_is_near(own, edition), len(_shared(own, edition))))
    apart = {f: own[f] - nearest.figures[f][0] for f in sorted(_shared(own, nearest))}
    apart = {figure: difference for figure, difference in apart.items() if abs(difference) > _ROUNDED}
    if apart:
        field, phase = max(apart, key=lambda figure: abs(apart[figure]) / nearest.figures[figure][1])
        yield (
            f"its national row differs {how} ({nearest.name}; {field}, {phase}: {own[field, phase]:,g} here, "
            f"{nearest.figures[field, phase][0]:,g} there)"
        )


def _shared(own: Mapping[Figure, float], edition: Edition) -> set[Figure]:
    return own.keys() & edition.figures.keys()


def _is_equal(own: Mapping[Figure, float], edition: Edition) -> bool:
    """Whether enough figures can be compared, and all are the same but for rounding."""
    shared = _shared(own, edition)
    return len(shared) >= _FEWEST_SHARED and all(abs(own[f] - edition.figures[f][0]) <= _ROUNDED for f in shared)


def _is_near(own: Mapping[Figure, float], edition: Edition) -> bool:
    """Whether all figures that can be compared differ by no more than editions of a year do."""
    shared = _shared(own, edition)
    return bool(shared) and all(abs(own[f] - edition.figures[f][0]) <= edition.figures[f][1] for f in shared)


def _national_figures(con: Connection, source: Source, known: list[Edition]) -> dict[Figure, float]:
    """The figures of a table's national rows that are known of any year."""
    fields = sorted({field for edition in known for field, _ in edition.figures})
    phase = summary_phase_sql(source)
    asked = f"select {phase} as phase, {', '.join(fields)} from typed where scope = 'national'"
    return {(field, row["phase"]): row[field] for row in rows(con, asked) for field in fields if row[field] is not None}


@cache
def _editions() -> dict[str, list[Edition]]:
    """The known editions by source."""
    figures: dict[tuple[str, str, str], dict[Figure, tuple[float, float]]] = {}
    with (LOOKUPS / "national_figures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            edition = figures.setdefault((row["source"], row["period"], row["edition"]), {})
            edition[row["field"], row["phase"]] = (float(row["value"]), float(row["tolerance"]))
    by_source: dict[str, list[Edition]] = {}
    for (source, period, name), known in figures.items():
        by_source.setdefault(source, []).append(Edition(period, name, known))
    return by_source
