"""What schools were judged at all, and what became of each grade: the full history, by phase and academic year.

The eras are never put together: each row names its own. "Satisfactory", before September 2012, is not what "Requires
improvement" became; a report card is no grade.
"""

from dataclasses import dataclass

import pandas as pd

from risk_model.scoring.evaluating import read_sql
from risk_model.warehouse.builds import Reader

NOTES = (
    "Counted are the full inspections of the schools of today and, where one school took the place of another, of that "
    "one before it. Schools that closed and left no successor are not in it, so early years look too good.",
    "An inspection counts from the day on which its report was published; the academic year is the one in which it "
    "began, the phase the one that the school has today.",
    "“Satisfactory” was officially acceptable until August 2012; “Requires improvement” took its place and is not. The "
    "two are never added up.",
    "From September 2024 there is no overall grade: good or better is then derived from the key judgements. From "
    "November 2025 there are report cards, which have no grade that could be compared.",
    "Full inspections of good schools were not random between 2015 and 2025: they followed a sign that something had "
    "changed. A flow says what became of those that were inspected, not of all with that grade.",
)


@dataclass(frozen=True)
class GradeFlows:
    """The reference table of base rates and flows.

    Attributes:
        rates: one row per phase, academic_year, era and grade: n inspections with that grade `of` so many, share n/of.
        flows: one row per phase, academic_year, era, era_before, grade_before and grade: n schools that came from one
            grade to the other `of` so many inspected that year that had the first, share n/of.
        notes: what is counted and what is not, in words.
    """

    rates: pd.DataFrame
    flows: pd.DataFrame
    notes: tuple[str, ...] = NOTES


def grade_flows(reader: Reader) -> GradeFlows:
    """Base rates of grades and grade-to-grade flows of a build's inspections, the newest academic year first."""
    return GradeFlows(rates=reader.frame(_counted("")), flows=reader.frame(_counted("era_before, grade_before, ")))


def _counted(before: str) -> str:
    """SQL that counts grades, among all of a phase, year and era, or among those with the same grade before."""
    within = f"phase, academic_year, era{', era_before, grade_before' if before else ''}"
    known = "where grade_before <> 'none on record'" if before else ""
    return f"""
        with history as ({read_sql("grade_history")}),
        counted as (
            select phase, academic_year, era, {before}grade, count(*) as n from history {known}
            group by phase, academic_year, era, {before}grade
        )
        select phase, academic_year, era, {before}grade, cast(n as integer) as n,
               cast(sum(n) over (partition by {within}) as integer) as "of",
               round(n / sum(n) over (partition by {within}), 6) as share
        from counted
        order by academic_year desc, phase, era, {before}grade"""
