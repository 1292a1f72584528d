"""The quality report: every row and marker of each release, its national figures worked out again, its outliers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from risk_model.domain.errors import NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import MISSING_IN_WORDS
from risk_model.scoring.national_checks import ENGLAND, Comparison, compare, load_indicators, read_checks
from risk_model.scoring.quality import MarkerCount, ReleaseQuality, quality_desk, release_quality
from risk_model.sources.catalogue import source_named
from risk_model.warehouse.lake import Release, read_standing

NOT_EXPLAINED = "not explained"


@dataclass(frozen=True)
class QualityReport:
    """What a statistician would ask of one release.

    Attributes:
        quality: its rows, markers and outliers; compared: its published figures beside the schools' own.
        sentence: the report in one line.
    """

    release: Release
    quality: ReleaseQuality
    compared: tuple[Comparison, ...]

    @property
    def not_explained(self) -> tuple[Comparison, ...]:
        """The differences that nothing explains."""
        return tuple(one for one in self.compared if one.verdict == NOT_EXPLAINED)

    @property
    def sentence(self) -> str:
        """The rows in one line: in, kept, left out, and whether they add up."""
        one = self.quality
        adds_up = "they add up" if one.is_accounted_for else "they do not add up"
        return f"{one.rows_in:,} rows in = {one.kept:,} kept + {one.left_out:,} left out: {adds_up}"


def quality_choices(viewer: Viewer, data: DataDir) -> dict[str, str]:
    """The releases that count, by id, as a list shows them: "Key stage 2 results, 2024-2025 (file)".

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    return {
        one.release_id: f"{source_named(one.source_id).title}, {one.label} ({one.original_name})"
        for one in read_standing(data)
    }


def quality_reports(
    viewer: Viewer, data: DataDir, release_id: str | None, progress: Callable[[str], None] = lambda _: None
) -> list[QualityReport]:
    """Report on one release, or on all of them, in the order of the list of releases. Nothing is written.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: there is no release of that id.
    """
    require_reader(viewer)
    loaded = read_standing(data)
    chosen = [one for one in loaded if release_id in (None, one.release_id)]
    if release_id is not None and not chosen:
        raise NotFound(f'No release "{release_id[:80]}" is loaded.', ["`python -m risk_model releases` lists them."])
    by_id: dict[str, QualityReport] = {}
    for of_demo in sorted({one.is_demo for one in chosen}):
        by_id |= _reports(data, loaded, [one for one in chosen if one.is_demo == of_demo], of_demo, progress)
    return [by_id[one.release_id] for one in chosen]


def _reports(
    data: DataDir, loaded: Sequence[Release], chosen: Sequence[Release], of_demo: bool, progress: Callable[[str], None]
) -> dict[str, QualityReport]:
    """Reports on releases of the invented LA, or on real ones: registers of one never speak for the other."""
    with_indicator = {check.source_id for check in read_checks() if check.indicator}
    found = {}
    with quality_desk(data, loaded, of_demo=of_demo) as con:
        is_wanted = any(one.source_id in with_indicator for one in chosen)
        load_indicators(con, data, loaded if is_wanted and not of_demo else [])
        for number, release in enumerate(chosen, start=1):
            progress(f"{release.original_name} ({number} of {len(chosen)})")
            quality = release_quality(con, data, release)
            found[release.release_id] = QualityReport(release, quality, tuple(compare(con, data, release)))
    return found


def summary_table(reports: Sequence[QualityReport]) -> pd.DataFrame:
    """A row per release: rows in, kept and left out, cells without a value, outliers, figures compared."""
    return pd.DataFrame(
        {
            "Source": [source_named(one.release.source_id).title for one in reports],
            "For": [one.release.label for one in reports],
            "Rows in": [one.quality.rows_in for one in reports],
            "Kept": [one.quality.kept for one in reports],
            "Left out": [one.quality.left_out for one in reports],
            "Adds up": ["yes" if one.quality.is_accounted_for else "no" for one in reports],
            "Cells without a value": [sum(m.cells for m in one.quality.marked) for one in reports],
            "Outliers": [len(one.quality.outliers) for one in reports],
            "Figures compared": [len(one.compared) for one in reports],
            "Not explained": [len(one.not_explained) for one in reports],
            "Of these for England": [sum(c.place == ENGLAND for c in one.not_explained) for one in reports],
            "File": [one.release.original_name for one in reports],
            "Release": [one.release.release_id for one in reports],
        }
    )


def rows_table(report: QualityReport) -> pd.DataFrame:
    """What became of the rows, a group a row, kept ones first."""
    groups = report.quality.groups
    return pd.DataFrame(
        {
            "Fate": ["kept" if one.is_kept else "left out" for one in groups],
            "Rows": [one.rows for one in groups],
            "What they are": [one.in_words for one in groups],
            "Schools": [one.schools or None for one in groups],
            "First line": [one.first_row for one in groups],
        }
    ).astype({"Schools": "Int64", "First line": "Int64"})


def cover_table(report: QualityReport) -> pd.DataFrame:
    """Open schools of the register, in the LAs of the release, by phase: in the release or not."""
    cover = report.quality.cover
    return pd.DataFrame(
        {
            "Phase in the register": [one.phase for one in cover],
            "In the register": [one.in_register for one in cover],
            "Also in this file": [one.in_both for one in cover],
            "Not in this file": [one.in_register_only for one in cover],
        }
    )


def markers_table(report: QualityReport) -> pd.DataFrame:
    """Cells without a value in schools' rows, by column and reason, with their share in percent."""
    marked = report.quality.marked
    return pd.DataFrame(
        {
            "Column": [one.column for one in marked],
            "Why": [MISSING_IN_WORDS[one.reason] for one in marked],
            "Cells": [one.cells for one in marked],
            "Share of rows %": [_share(one) for one in marked],
            "Cells with a value": [report.quality.filled[one.column] for one in marked],
            "Reason": [one.reason.value for one in marked],
        }
    )


def _share(one: MarkerCount) -> float:
    return round(100 * one.cells / one.of_rows, 1) if one.of_rows else 0.0


def compared_table(compared: Sequence[Comparison]) -> pd.DataFrame:
    """Published figures beside the same worked out from schools' rows; differences in the figure's own unit."""
    return pd.DataFrame(
        {
            "Figure": [one.check.figure for one in compared],
            "Of": [one.check.phase or "all phases" for one in compared],
            "Year": [one.period for one in compared],
            "Place": [one.place for one in compared],
            "Published": [round(one.published, 2) for one in compared],
            "From schools": [round(one.recomputed, 2) for one in compared],
            "Difference": [round(one.difference, 2) for one in compared],
            "Verdict": [("▲ " if one.verdict == NOT_EXPLAINED else "") + one.verdict for one in compared],
            "Why": [one.explanation for one in compared],
            "Could be from": [round(one.lowest, 2) for one in compared],
            "Could be to": [round(one.highest, 2) for one in compared],
            "Schools": [one.schools for one in compared],
            "Without a figure": [one.without_value for one in compared],
            "Weighted": [one.weighted_by for one in compared],
            "Published in": [one.origin for one in compared],
        }
    )


def for_england(report: QualityReport) -> list[Comparison]:
    """The comparisons for the whole country."""
    return [one for one in report.compared if one.place == ENGLAND]


def for_las(report: QualityReport) -> list[Comparison]:
    """The comparisons LA by LA, those that nothing explains first, each the largest difference first."""
    of_las = [one for one in report.compared if one.place != ENGLAND]
    return sorted(of_las, key=lambda one: (one.verdict != NOT_EXPLAINED, -abs(one.difference)))


def outliers_table(reports: Sequence[QualityReport]) -> pd.DataFrame:
    """Every value beyond its column's limits: school, file, line, column, value, and which values count."""
    found = [(report.release, one) for report in reports for one in report.quality.outliers]
    return pd.DataFrame(
        {
            "URN": [one.urn for _, one in found],
            "School": [one.school for _, one in found],
            "Column": [one.column for _, one in found],
            "Value": [one.cell for _, one in found],
            "What counts": [one.limits for _, one in found],
            "Line": [one.row for _, one in found],
            "File": [release.original_name for release, _ in found],
            "Year": [release.label for release, _ in found],
        }
    )
