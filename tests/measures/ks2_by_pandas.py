"""Every measure of key stage 2 a second time, in pandas, from the published files themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from risk_model.warehouse.builds import Build
from tests.scoring.kit import build_rows

Z = 1.959964
SUBJECTS = {
    "READ": "reading",
    "WRIT": "writing",
    "MAT": "maths",
}
SHARES = {
    "reading": "PTREAD_EXP",
    "writing": "PTWRITTA_EXP",
    "maths": "PTMAT_EXP",
    "grammar, punctuation and spelling": "PTGPS_EXP",
}
SCORES = {
    "reading": "READ_AVERAGE",
    "maths": "MAT_AVERAGE",
    "grammar, punctuation and spelling": "GPS_AVERAGE",
}
FIGURES = (
    "TELIG",
    "TFSM6CLA1A",
    "PTRWM_EXP",
    "PTRWM_EXP_FSM6CLA1A",
    *SHARES.values(),
    *SCORES.values(),
    *(f"{stem}PROG{end}" for stem in SUBJECTS for end in ("", "_LOWER", "_UPPER", "_DESCR")),
)


@dataclass(frozen=True)
class Results:
    """Schools' rows of several years (one per school and summer), the national row of each summer, and how many
    primary and junior schools there are."""

    schools: pd.DataFrame
    national: pd.DataFrame
    primaries: int


def read_results(files: Mapping[int, Path], build: Build) -> Results:
    """The files ({summer: path}) as numbers, for the schools of a build, under the numbers that they have today."""
    tables = []
    for summer, path in files.items():
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False)
        for column in FIGURES:
            cells = table[column] if column in table else pd.Series("", index=table.index)
            table[column] = pd.to_numeric(cells.fillna("").str.strip().str.removesuffix("%"), errors="coerce")
        tables.append(table.assign(year=summer)[["RECTYPE", "URN", "year", *FIGURES]])
    rows = pd.concat(tables, ignore_index=True)
    national = rows[rows["RECTYPE"].str.strip() == "5"].set_index("year")[list(FIGURES)]
    assert list(national.index) == sorted(files)
    schools = rows[rows["RECTYPE"].str.strip().isin(["1", "2"])].rename(columns={"URN": "urn"}).drop(columns="RECTYPE")
    roster = pd.DataFrame(
        build_rows(build, "select urn, phase, phase_group, is_mainstream, year_group_estimate from schools")
    )
    schools = _under_todays_numbers(schools, build).merge(roster, on="urn")
    schools["pupils"] = schools["TELIG"].fillna(schools["year_group_estimate"])
    assert not schools.duplicated(["urn", "year"]).any()
    primaries = int((roster["is_mainstream"] & roster["phase"].isin(["primary", "junior"])).sum())
    return Results(schools, national, primaries)


def _under_todays_numbers(schools: pd.DataFrame, build: Build) -> pd.DataFrame:
    found = build_rows(build, "select urn, year, predecessor_urn from inherited_figures where source_id = 'ks2'")
    heirs = pd.DataFrame(found, columns=["urn", "year", "predecessor_urn"])
    own = schools.merge(heirs[["urn", "year"]], on=["urn", "year"], how="left", indicator="is_inherited")
    own["is_inherited"] = own["is_inherited"] == "both"
    missing = heirs.merge(schools[["urn", "year"]], on=["urn", "year"], how="left", indicator="found")
    missing = missing[missing["found"] == "left_only"].drop(columns="found")
    taken = missing.merge(schools.rename(columns={"urn": "predecessor_urn"}), on=["predecessor_urn", "year"])
    return pd.concat([own, taken.drop(columns="predecessor_urn").assign(is_inherited=True)], ignore_index=True)


def latest_three(results: Results, column: str) -> pd.DataFrame:
    """Rows of the last three years with any figure, and without a predecessor's where the school has its own."""
    schools = results.schools
    latest = schools.loc[schools[column].notna(), "year"].max()
    recent = schools[schools["year"] > latest - 3]
    own = set(recent.loc[~recent["is_inherited"] & recent[column].notna(), "urn"])
    return recent[~(recent["is_inherited"] & recent["urn"].isin(own))]


def pooled_gap(results: Results, column: str, pupils: str, *, least: int, against: str = "") -> dict[Any, float]:
    """{urn: (gap, lower, upper)} of pupils counted together over three years."""
    recent = latest_three(results, column)
    found = {}
    for urn, rows in recent[recent[column].notna() & recent[pupils].notna()].groupby("urn"):
        n = rows[pupils].sum()
        if n < least:
            continue
        passed = np.floor(rows[column] * rows[pupils] / 100 + 0.5).sum()
        share = min(passed / n, 1.0)
        national = (rows["year"].map(results.national[against or column]) * rows[pupils]).sum() / n
        centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
        half = Z * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
        found[urn] = (
            100 * share - national,
            100 * (centre - half) - national,
            100 * (centre + half) - national,
        )
    return found


def yearly(results: Results, column: str) -> dict[Any, float]:
    """{(urn, period): figure}."""
    rows = results.schools[results.schools[column].notna()]
    return dict(zip(zip(rows["urn"], rows["year"].map(period), strict=True), rows[column], strict=True))


def period(summer: int) -> str:
    """The academic year that ends in a summer."""
    return f"{summer - 1}-{summer}"


SPREADS = {"READ": 6.18, "WRIT": 5.71, "MAT": 5.39}


def progress_below(results: Results) -> dict[Any, float]:
    """Subjects below average: 2 in the lowest band, 1 in the second lowest or with the upper limit below nought.

    Without either, the limit is that of so many pupils.
    """
    found = {}
    for row in results.schools.to_dict("records"):
        points = []
        for stem in SUBJECTS:
            band, upper = row[f"{stem}PROG_DESCR"], row[f"{stem}PROG_UPPER"]
            if pd.isna(upper) and pd.isna(band) and pd.notna(row["pupils"]):
                upper = row[f"{stem}PROG"] + 1.96 * SPREADS[stem] / row["pupils"] ** 0.5
            if pd.isna(row[f"{stem}PROG"]) or (pd.isna(band) and pd.isna(upper)):
                continue
            points.append(2 if band == 5 else int(band == 4 or upper < 0))
        if points:
            found[row["urn"], period(row["year"])] = float(sum(points))
    return found


def gaps(results: Results) -> pd.DataFrame:
    """One line per school, one column per summer: reading, writing and maths against national."""
    schools = results.schools.assign(
        gap=lambda t: t["PTRWM_EXP"] - t["year"].map(results.national["PTRWM_EXP"]),
    )
    return schools.pivot(index="urn", columns="year", values=["gap", "pupils", "PTRWM_EXP"])


def _three_in_a_row(table: pd.DataFrame) -> list[tuple[int, int, int]]:
    years = sorted(set(table["gap"].columns))
    return [(year - 2, year - 1, year) for year in years if {year - 2, year - 1} <= set(years)]


def falls(results: Results) -> dict[Any, float]:
    """Two falls in a row together, where it is below national now; else nought."""
    table = gaps(results)
    found = {}
    for years in _three_in_a_row(table):
        gap, pupils = table["gap"][list(years)], table["pupils"][list(years)]
        known = gap.notna().all(axis=1) & (pupils.min(axis=1) >= 16) & pupils.notna().all(axis=1)
        first, second, third = (gap[year] for year in years)
        fell = (third < second) & (second < first) & (third < 0)
        total = (first - third).where(fell, 0.0)[known]
        found.update({(urn, period(years[-1])): value for urn, value in total.items()})
    return found


def trends(results: Results) -> dict[Any, tuple[float, float, float]]:
    """{(urn, period): (slope, lower, upper)} by numpy's least squares."""
    table = gaps(results)
    found = {}
    for years in _three_in_a_row(table):
        part = table.loc[:, (slice(None), list(years))]
        for urn, row in part.dropna().iterrows():
            pupils = row["pupils"].to_numpy(dtype=float)
            if pupils.min() <= 10:
                continue
            slope = float(np.polyfit(np.array(years, dtype=float) - years[1], row["gap"].to_numpy(dtype=float), 1)[0])
            share = (row["PTRWM_EXP"].to_numpy(dtype=float) / 100 * pupils + 2) / (pupils + 4)
            variance = 1e4 * share * (1 - share) / (pupils + 4)
            # of three years the slope is half of the last less the first
            half = Z * sqrt(variance[0] + variance[2]) / 2
            found[urn, period(years[-1])] = (slope, slope - half, slope + half)
    return found


def weak_years(results: Results) -> dict[Any, float]:
    """Most years in which reading, or maths, was in the lowest fifth; two years must be known."""
    schools = results.schools
    both = []
    for subject in ("reading", "maths"):
        part = schools.assign(
            figure=schools[SCORES[subject]].fillna(schools[SHARES[subject]]), is_score=schools[SCORES[subject]].notna()
        )
        both.append(part.assign(subject=subject))
    table = pd.concat(both)
    latest = table.loc[table["figure"].notna(), "year"].max()
    table = table[table["figure"].notna() & table["is_mainstream"]].copy()
    groups = table.groupby(["year", "subject", "is_score"])["figure"]
    higher, others = groups.rank(method="min", ascending=False) - 1, groups.transform("size") - 1
    table["place"] = 100 - 100 * higher / others.where(others > 0)
    table.loc[others == 0, "place"] = 100.0
    whole = table.groupby(["year", "subject"])["figure"].transform("size") * 2 >= results.primaries
    table = table[whole & (table["pupils"] > 10) & (table["year"] > latest - 3)]
    weak = table.assign(is_weak=table["place"] <= 20).groupby(["urn", "subject"])["is_weak"].agg(["sum", "count"])
    by_school = weak.groupby("urn").agg({"sum": "max", "count": "max"})
    return {urn: float(value) for urn, value in by_school.loc[by_school["count"] >= 2, "sum"].items()}


def spreads(results: Results, columns: Mapping[str, str]) -> dict[Any, float]:
    """The weakest subject's gap below the mean of the others', three years together; nought where none is below."""
    schools = results.schools
    any_figure = schools[list(columns.values())].notna().any(axis=1)
    recent = schools[schools["year"] > schools.loc[any_figure, "year"].max() - 3]
    found = {}
    for urn, rows in recent.groupby("urn"):
        subject_gaps, years = [], set()
        for column in columns.values():
            known = rows[rows[column].notna() & rows["pupils"].notna()]
            years |= set(known["year"])
            if len(known):
                gap = known[column] - known["year"].map(results.national[column])
                subject_gaps.append(round(float((gap * known["pupils"]).sum() / known["pupils"].sum()), 6))
        if len(subject_gaps) < 3 or rows.loc[rows["year"].isin(years), "pupils"].sum() <= 10:
            continue
        weakest, *others = sorted(subject_gaps)
        found[urn] = sum(others) / len(others) - weakest if weakest < 0 else 0.0
    return found


def all_measures(results: Results) -> dict[str, dict[Any, Any]]:
    """Every measure of key stage 2: {measure: {urn, or (urn, period): value, or (value, lower, upper)}}."""
    return {
        "rwm_expected_pct": yearly(results, "PTRWM_EXP"),
        "rwm_disadvantaged_pct": yearly(results, "PTRWM_EXP_FSM6CLA1A"),
        "reading_progress_score": yearly(results, "READPROG"),
        "writing_progress_score": yearly(results, "WRITPROG"),
        "maths_progress_score": yearly(results, "MATPROG"),
        "ks2_progress_below_count": progress_below(results),
        "rwm_expected_gap_pp": pooled_gap(results, "PTRWM_EXP", "pupils", least=11),
        "rwm_disadvantaged_gap_pp": pooled_gap(results, "PTRWM_EXP_FSM6CLA1A", "TFSM6CLA1A", least=11),
        "rwm_disadvantaged_vs_all_pp": {
            urn: gap
            for urn, (gap, _, _) in pooled_gap(
                results, "PTRWM_EXP_FSM6CLA1A", "TFSM6CLA1A", least=20, against="PTRWM_EXP"
            ).items()
        },
        "rwm_fall_pp": falls(results),
        "rwm_trend_pp": trends(results),
        "weak_subject_years_count": weak_years(results),
        "subject_spread_pp": spreads(results, SHARES),
        "subject_spread_score": spreads(results, SCORES),
    }


MEASURES: Sequence[str] = (
    "rwm_expected_pct",
    "rwm_disadvantaged_pct",
    "reading_progress_score",
    "writing_progress_score",
    "maths_progress_score",
    "ks2_progress_below_count",
    "rwm_expected_gap_pp",
    "rwm_disadvantaged_gap_pp",
    "rwm_disadvantaged_vs_all_pp",
    "rwm_fall_pp",
    "rwm_trend_pp",
    "weak_subject_years_count",
    "subject_spread_pp",
    "subject_spread_score",
)


def compared(build: Build, expected: Mapping[str, Mapping[Any, Any]], measure_id: str) -> int:
    """Compare a build's measure with what pandas found: the same schools, the same values. How many there are."""
    rows = build_rows(build, "select * from measure_values where measure_id = $id and value is not null", id=measure_id)
    wanted = expected[measure_id]
    is_yearly = any(isinstance(key, tuple) for key in wanted)
    found = {(row["urn"], row["period"]) if is_yearly else row["urn"]: row for row in rows}
    assert len(found) == len(rows)
    assert set(found) == set(wanted), sorted(set(found) ^ set(wanted))[:5]
    for key, value in wanted.items():
        row = found[key]
        got = (row["value"], row["lower"], row["upper"]) if isinstance(value, tuple) else row["value"]
        assert got == pytest.approx(value, abs=1e-5), key
    return len(found)
