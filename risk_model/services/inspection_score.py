"""A school's place in the order of schools: every line of the list of points, with what is known and what is not."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import MISSING_IN_WORDS, NOT_A_PREDICTION, MissingReason
from risk_model.measures.reader import Measure, measures_by_id
from risk_model.rules.score_parts import ScoreStep
from risk_model.scoring.held_rules import held_rule_set
from risk_model.scoring.inspection_score import Line, lines_on
from risk_model.services.copy import Copy
from risk_model.services.scope import licence_line

DECIDES_NO_LEVEL = "The order decides no level: levels come from the rules alone."
NO_POINT_FOR_INTAKE = "Nobody gets a point for the intake itself."
_RESULTS = ("ks2", "ks4")
_MOST_DECIMALS = 6


@dataclass(frozen=True)
class ScoreLine:
    """One line of the list, counted for a school.

    Attributes:
        measure: what the figure is; "" for a line that every school of its phases has. is_instead: it was read instead
            of the line's own, which is not known or too old.
        figure: the school's, in words, with its unit; "" where there is none.
        period: the year of a yearly figure; measured_on: the last day that it speaks of, or the day of an inspection.
        points: counted; fewest, most: what the line can give.
        reason: why the figure is not known, in words; "" where it is known.
        unknown_why: why it then counts as it does.
        sentence: how the points are counted; why, reference: why so, and by which source.
        source: the file and the row in which the figure stands; note: what to know of it.
        compares_results: it speaks of results; with_like_intake: it compares with schools of a like intake.
    """

    part_id: str
    title: str
    measure: str
    is_instead: bool
    figure: str
    period: str
    measured_on: date | None
    points: int
    fewest: int
    most: int
    is_known: bool
    reason: str
    unknown_why: str
    sentence: str
    why: str
    reference: str
    source: str
    note: str
    compares_results: bool
    with_like_intake: bool

    @property
    def points_in_words(self) -> str:
        """The points beside what the line can give: "3 of 9 points", "−5 points, of −5 to 0"."""
        if self.fewest < 0:
            return f"{signed(self.points)} points, of {signed(self.fewest)} to {self.most}"
        return f"{self.points} of {points_in_words(self.most)}"

    @property
    def found(self) -> str:
        """What is known, or why nothing is, in words."""
        parts = [
            self.figure,
            self.period,
            in_words(self.measured_on) if self.measured_on else "",
            "" if self.is_known else f"not known: {self.reason}",
            f"read instead: “{self.measure}”" if self.is_instead else "",
            self.note,
        ]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class ScoreShown:
    """How a school's place in the order is counted.

    Attributes:
        total: the sum of the lines; None where there is no list.
        places: where it stands among the schools of its LA, and among all that are judged, ties said.
        why_none: why there is no list; "" where there is one.
        lines: in the order of the list.
        notes: what a reader must know: how much of it is not known, what it is for and not for.
        table: the lines as the screen and its exports show them.
        about: what an export is.
    """

    total: int | None
    places: list[str]
    why_none: str
    lines: list[ScoreLine]
    notes: list[str]
    table: pd.DataFrame
    about: list[str]

    @property
    def title(self) -> str:
        """What is counted, and how much it comes to."""
        words = "How its place in the order is counted"
        return words if self.total is None else f"{words}: {points_in_words(self.total)}"


def score_of(viewer: Viewer, copy: Copy, urn: str) -> ScoreShown:
    """A school's points in the order of schools, line by line.

    Returns:
        Lines of the school's phase in the order of the list; the table has a row for each: Line, What counts, Points,
        Fewest, Most, Its figure, Known, Year, Date, Figure of, Note, How it is counted, Where it is not known, Why,
        Reference, From. Without a list, or for a URN that is not judged, there are none, and `why_none` says why.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: the build was made before builds kept their rules.
    """
    require_reader(viewer)
    why_none = why_no_list(viewer, copy)
    lines = [] if why_none else _lines(copy, urn)
    if not why_none and not lines:
        why_none = f"No school with the URN {urn[:20]} is judged in this build."
    total = sum(line.points for line in lines) if lines else None
    places = _places(copy, urn)
    return ScoreShown(
        total=total,
        places=places,
        why_none=why_none,
        lines=lines,
        notes=[*_of_results(lines), *_not_known(lines), DECIDES_NO_LEVEL, NOT_A_PREDICTION] if lines else [],
        table=_table(lines),
        about=[
            f"How the place of URN {urn[:20]} in the order of schools is counted.",
            *places,
            f"As at {copy.build.as_at:%d/%m/%Y}, rules {copy.build.rule_set}, build {copy.build.build_id}.",
            DECIDES_NO_LEVEL,
            NOT_A_PREDICTION,
            NO_POINT_FOR_INTAKE,
            licence_line(viewer, copy),
        ],
    )


def score_in_plain_text(found: ScoreShown) -> list[str]:
    """The same in lines of text, for the terminal."""
    if found.why_none:
        return [found.title, found.why_none, *found.places]
    lines = []
    for one in found.lines:
        lines.append(
            f"  {one.part_id:>4} [{one.points_in_words}] {one.title}: {one.found or 'every school of its phase'}"
        )
        lines.append(f"       {one.sentence}" + ("" if one.is_known else f" {one.unknown_why}"))
        if one.source:
            lines.append(f"       from {one.source}")
    return [found.title, *found.places, *lines, *found.notes]


def why_no_list(viewer: Viewer, copy: Copy) -> str:
    """Why a build has no list of points for the order of its schools; "" where it has one.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    asked = "select 1 from information_schema.tables where table_name = 'score_points'"
    if not copy.reader.rows(asked):
        return (
            f"Build {copy.build.number} does not hold how the order was counted: an earlier version of the product "
            "made it. Build again, and it will."
        )
    if not copy.reader.rows("select 1 from score_parts limit 1"):
        return (
            f"The rules {copy.build.rule_set} have no list of points for the order in force: schools stand in the "
            "order of the third statement's own points, and of their results among those with as many."
        )
    return ""


_LINES_SQL = """
    select p.*, l.measure_id, l.value, l.missing_reason, l.measured_on, l.period, l.counted, l.points, l.is_known,
           v.caveat, v.source_row, r.original_name
    from score_points as l
    inner join score_parts as p on p.part_id = l.part_id
    left join measure_values as v
        on v.urn = l.urn and v.measure_id = l.measure_id and v.period is not distinct from l.period
    left join releases as r on r.release_id = v.release_id
    where l.urn = $urn
    order by p.place"""

_PLACES_SQL = """
    with own as (
        select l.score, s.la_code
        from statement_levels as l
        inner join schools as s on s.urn = l.urn
        where l.urn = $urn and l.statement = 'inspection'
    )
    select s.la_code = o.la_code as is_here, count(*) as schools,
           count(*) filter (where l.score > o.score) as before,
           count(*) filter (where l.score = o.score and l.urn <> $urn) as equals
    from own as o
    cross join statement_levels as l
    inner join schools as s on s.urn = l.urn
    where l.statement = 'inspection'
    group by 1"""


def _places(copy: Copy, urn: str) -> list[str]:
    rows = copy.reader.rows(_PLACES_SQL, {"urn": urn})
    here = [row for row in rows if row["is_here"]]
    if not here:
        return []
    said = [_place("schools of this local authority", here)]
    # where no other LA is loaded, both are the same
    return said if len(rows) == 1 else [*said, _place("schools of all local authorities that are loaded", rows)]


def _place(whose: str, rows: Sequence[Mapping[str, Any]]) -> str:
    schools, before, equals = (sum(row[name] for row in rows) for name in ("schools", "before", "equals"))
    ties = "no other has" if not equals else "one other has" if equals == 1 else f"{equals:,} others have"
    return f"{ordinal(before + 1)} of {schools:,} {whose}, the one with the most points first; {ties} as many."


def ordinal(number: int) -> str:
    """A place in words: 1st, 22nd, 113th, 1,204th."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number % 100 in (11, 12, 13) else endings.get(number % 10, "th")
    return f"{number:,}{ending}"


def _lines(copy: Copy, urn: str) -> list[ScoreLine]:
    counting = {line.part.id: line for line in lines_on(held_rule_set(copy.reader), copy.build.as_at)}
    return [_line(row, counting[row["part_id"]]) for row in copy.reader.rows(_LINES_SQL, {"urn": urn})]


def _line(row: Mapping[str, Any], counting: Line) -> ScoreLine:
    measure = measures_by_id()[row["measure_id"]] if row["measure_id"] else None
    is_known, file = row["is_known"], row["original_name"]
    # an inspection's period is its day, and "none" where there was none
    is_yearly = (row["period"] or "none") not in ("none", str(row["measured_on"]))
    return ScoreLine(
        part_id=row["part_id"],
        title=row["title"],
        measure=measure.label if measure else "",
        is_instead=measure is not None and measure.id != counting.part.measure,
        figure=figure_in_words(row["value"], measure, counting.step, row["counted"]) if measure else "",
        period=row["period"] if is_yearly else "",
        measured_on=row["measured_on"],
        points=row["points"],
        fewest=row["fewest"],
        most=row["most"],
        is_known=is_known,
        reason="" if is_known else MISSING_IN_WORDS[MissingReason(row["missing_reason"])],
        unknown_why=row["unknown_why"],
        sentence=row["sentence"],
        why=row["why"],
        reference=row["reference"],
        source=f"{file}, row {row['source_row']}" if file and row["source_row"] else "",
        note=row["caveat"] or "",
        compares_results=measure is not None and measure.source in _RESULTS,
        with_like_intake=is_like_intake(row["measure_id"] or ""),
    )


def is_like_intake(measure_id: str) -> bool:
    """Whether a measure is a place among schools with a like intake."""
    return "_similar_" in measure_id


def figure_in_words(value: float | None, measure: Measure, step: ScoreStep, counted: int | None) -> str:
    """A figure in words, with its unit and as many decimals as a reader needs to count the same points.

    Args:
        value: in the measure's unit, rounded to six decimals; None where there is none.
        step: how the line counts.
        counted: how often; None where the figure is not known, or too old.
    """
    if value is None:
        return ""
    if measure.unit in ("yes or no", "category"):
        # its number would tell a reader nothing; the line's title is the question
        return "" if counted is None else "yes" if counted else "no"
    number = f"{value:,.{_decimals(value, measure.decimals, step)}f}"
    if measure.unit == "percentile":
        return f"higher than {number} of 100 {'similar ' if is_like_intake(measure.id) else ''}schools"
    return f"{number}%" if measure.unit == "percent" else f"{number} {measure.unit}"


def _decimals(value: float, fewest: int, step: ScoreStep) -> int:
    """As many as it takes: 90.000001 is one tenth fewer than 90."""
    own = _counted(value, step)
    fitting = (n for n in range(fewest, _MOST_DECIMALS) if _counted(round(value, n), step) == own)
    return next(fitting, _MOST_DECIMALS)


def _counted(value: float, step: ScoreStep) -> int:
    return min(max(math.floor(round(value - step.start, 6) / step.each), 0), step.most)


def _of_results(lines: Sequence[ScoreLine]) -> list[str]:
    """How much of what speaks of results compares the school with those of a like intake."""
    of_results = [line for line in lines if line.compares_results]
    if not of_results:
        return [NO_POINT_FOR_INTAKE]
    like = sum(line.most for line in of_results if line.with_like_intake)
    most = sum(line.most for line in of_results)
    return [
        f"Of the {points_in_words(most)} at most that speak of its results, {like} are for its "
        f"place among schools with a like intake. {NO_POINT_FOR_INTAKE}"
    ]


def _not_known(lines: Sequence[ScoreLine]) -> list[str]:
    """How many of the points stand for figures that are not known; a line that gives none is told by itself."""
    unknown = [line for line in lines if not line.is_known and line.points]
    if not unknown:
        return []
    given = sum(line.points for line in unknown)
    names = ", ".join(line.part_id for line in unknown)
    return [
        f"The {'figure of one line is' if len(unknown) == 1 else f'figures of {len(unknown)} lines are'} not known "
        f"({names}): {points_in_words(given)} of the sum {'stands' if given == 1 else 'stand'} in their place."
    ]


def _table(lines: Sequence[ScoreLine]) -> pd.DataFrame:
    columns = {
        "Line": [line.part_id for line in lines],
        "What counts": [line.title for line in lines],
        "Points": [line.points for line in lines],
        "Fewest": [line.fewest for line in lines],
        "Most": [line.most for line in lines],
        "Its figure": [_cell(line) for line in lines],
        "Known": ["yes" if line.is_known else f"no: {line.reason}" for line in lines],
        "Year": [line.period for line in lines],
        "Date": [line.measured_on for line in lines],
        "Figure of": [line.measure for line in lines],
        "Note": [line.note for line in lines],
        "How it is counted": [line.sentence for line in lines],
        "Where it is not known": [line.unknown_why for line in lines],
        "Why": [line.why for line in lines],
        "Reference": [line.reference for line in lines],
        "From": [line.source for line in lines],
    }
    return pd.DataFrame(columns)


def _cell(line: ScoreLine) -> str:
    if not line.measure:
        return "every school of its phase"
    return f"{line.figure} (read instead)" if line.is_instead else line.figure


def points_in_words(number: int) -> str:
    """A number of points: "1 point", "−5 points".

    Args:
        number: whole points.
    """
    return f"{signed(number)} {'point' if abs(number) == 1 else 'points'}"


def signed(number: int) -> str:
    """A number of points with a minus sign that reads as one."""
    return f"{number}".replace("-", "−")
