"""Each comparing measure worked out a second way, in plain Python, from the cells of the small LA's files."""

from collections.abc import Callable, Sequence
from datetime import date
from math import floor, sqrt
from statistics import fmean
from typing import Any

import pytest

from risk_model.domain.paths import DataDir
from risk_model.scoring.building import make_build
from risk_model.warehouse.builds import Build
from tests.measures import world
from tests.measures.world import PRIMARY, SECONDARY, SPECIAL, YEARS, label
from tests.scoring.kit import build_rows

Row = dict[str, Any]
NEAR = 1e-6


def measure(build: Build, measure_id: str) -> dict[tuple[int, str], Row]:
    """A measure's rows by URN and period."""
    found = build_rows(build, "select * from measure_values where measure_id = $id", id=measure_id)
    keyed = {(int(row["urn"]), row["period"]): row for row in found}
    assert len(keyed) == len(found)
    assert found
    return keyed


def by_urn(build: Build, measure_id: str) -> dict[int, Row]:
    """A measure with one row per school."""
    rows = measure(build, measure_id)
    found = {urn: row for (urn, _), row in rows.items()}
    assert len(found) == len(rows)
    return found


# --- shares of three years together


def wilson(passed: int, n: int) -> tuple[float, float]:
    """The 95% limits as the two roots of (p - x)² = z² x (1 - x) / n, in percent."""
    z2 = 1.959964**2
    p = passed / n
    a, b, c = 1 + z2 / n, -(2 * p + z2 / n), p * p
    root = sqrt(b * b - 4 * a * c)
    return 100 * (-b - root) / (2 * a), 100 * (-b + root) / (2 * a)


def test_wilson_by_hand_is_the_published_one() -> None:
    # largest number of passes that is significantly below 61%: 5 of 15, 29 of 60, 96 of 180
    for n, passes in ((15, 5), (60, 29), (180, 96)):
        assert wilson(passes, n)[1] < 61
        assert wilson(passes + 1, n)[1] > 61


Year = tuple[int, int, float, float]  # pupils, percent, national, national of all


def pooled(years: Sequence[Year]) -> dict[str, float]:
    """Pupils counted together; the national figure with the same weights."""
    n = sum(pupils for pupils, *_ in years)
    passed = sum(floor(pct * pupils / 100 + 0.5) for pupils, pct, *_ in years)
    lower, upper = wilson(passed, n)
    national = sum(pupils * nat for pupils, _, nat, _ in years) / n
    return {
        "value": 100 * passed / n - national,
        "lower": lower - national,
        "upper": upper - national,
        "figure": 100 * passed / n,
        "benchmark": national,
        "denominator": n,
    }


def compare(row: Row, expected: dict[str, float]) -> None:
    assert row["missing_reason"] is None
    for name, value in expected.items():
        assert row[name] == pytest.approx(value, abs=NEAR), (row["urn"], name)


def expected_years(urn: int) -> list[Year]:
    found: list[Year] = []
    for summer in YEARS:
        cells = world.ks2(urn, summer)
        if cells is not None and isinstance(cells.expected, int):
            # 210 pupils over seven years of age: the roll stands in for a count that is not published
            pupils = cells.pupils if cells.pupils is not None else round((world.roll(urn, 2025) or 0) / 7)
            national = world.NATIONAL_EXPECTED[summer]
            found.append((pupils, cells.expected, national, national))
    return found


def test_rwm_expected_gap(build: Build) -> None:
    rows = by_urn(build, "rwm_expected_gap_pp")
    assert set(rows) == set(PRIMARY)
    for urn in set(PRIMARY) - {world.NO_RESULTS, world.TINY}:
        compare(rows[urn], pooled(expected_years(urn)))
        assert rows[urn]["weight"] == (0.5 if urn == world.SMALL else 1.0)
    assert (rows[world.NO_RESULTS]["value"], rows[world.NO_RESULTS]["missing_reason"]) == (None, "suppressed")
    # three pupils a year are nine in all
    assert (rows[world.TINY]["value"], rows[world.TINY]["missing_reason"]) == (None, "too_few_pupils")
    # three times eight are enough, at half points
    assert (rows[world.SMALL]["denominator"], rows[world.SMALL]["caveat"]) == (24, "small cohort")
    # the year that is suppressed is left out of both sides, and the period says how far it reaches
    assert rows[world.NO_LATEST]["period"] == "2023-2024"
    assert rows[world.NO_COUNTS]["caveat"] == "pupil numbers estimated from the roll"


def test_rwm_expected_gap_of_one_school_worked_out_on_paper(build: Build) -> None:
    # school 10: 29 pupils each year; 48, 49, 50%: 13.92 -> 14, 14.21 -> 14, 14.5 -> 15: 43 of 87 = 49.425%
    # national (60 + 61 + 62) / 3 = 61; gap -11.575
    urn = PRIMARY[9]
    assert [(y[0], y[1]) for y in expected_years(urn)] == [(29, 48), (29, 49), (29, 50)]
    row = by_urn(build, "rwm_expected_gap_pp")[urn]
    assert row["value"] == pytest.approx(-11.5747, abs=1e-4)
    # Wilson for 43 of 87 by the usual formula: (0.49425 + 0.02208 ± 0.10711) / 1.04416
    assert row["lower"] == pytest.approx(39.149 - 61, abs=0.05)
    assert row["upper"] == pytest.approx(59.730 - 61, abs=0.05)


def disadvantaged_years(urn: int) -> list[Year]:
    found: list[Year] = []
    for summer in YEARS:
        cells = world.ks2(urn, summer)
        if cells is not None and isinstance(cells.disadvantaged, int):
            national, everyone = world.NATIONAL_DISADVANTAGED[summer], world.NATIONAL_EXPECTED[summer]
            found.append((cells.disadvantaged_pupils, cells.disadvantaged, national, everyone))
    return found


def test_rwm_disadvantaged_gap(build: Build) -> None:
    rows = by_urn(build, "rwm_disadvantaged_gap_pp")
    for urn in PRIMARY:
        years = disadvantaged_years(urn)
        n = sum(pupils for pupils, *_ in years)
        if not years:
            assert rows[urn]["missing_reason"] == "suppressed"
        elif n <= 10:
            assert (rows[urn]["value"], rows[urn]["missing_reason"]) == (None, "too_few_pupils")
        else:
            compare(rows[urn], pooled(years))
            assert rows[urn]["weight"] == (0.5 if max(pupils for pupils, *_ in years) <= 10 else 1.0)


def test_rwm_disadvantaged_against_all_pupils_needs_twenty(build: Build) -> None:
    rows = by_urn(build, "rwm_disadvantaged_vs_all_pp")
    reasons = set()
    for urn in PRIMARY:
        years = disadvantaged_years(urn)
        n = sum(pupils for pupils, *_ in years)
        if n >= 20:
            share = 100 * sum(floor(p * pct / 100 + 0.5) for p, pct, *_ in years) / n
            everyone = sum(p * nat for p, _, _, nat in years) / n
            compare(rows[urn], {"value": share - everyone, "figure": share, "benchmark": everyone})
        else:
            reasons.add(rows[urn]["missing_reason"])
    assert reasons == {"too_few_pupils", "suppressed"}


def test_basics_grade5_gap(build: Build) -> None:
    rows = by_urn(build, "basics_grade5_gap_pp")
    for urn in SECONDARY:
        years: list[Year] = []
        for summer in YEARS:
            cells = world.ks4(urn, summer)
            if isinstance(cells.grade5, int):
                national = world.NATIONAL_GRADE5[summer]
                years.append((cells.pupils, cells.grade5, national, national))
        if years:
            compare(rows[urn], pooled(years))
            assert rows[urn]["caveat"] == "includes provisional results"
        else:
            assert (rows[urn]["value"], rows[urn]["missing_reason"]) == (None, "no_entries")


# --- ranks


def percentile(values: dict[int, float], *, highest_first: bool = False) -> dict[int, float]:
    """100 x how many stand before it / (how many others there are); equals share a place."""
    return {
        urn: 100
        * sum((other > value) if highest_first else (other < value) for other in values.values())
        / (len(values) - 1)
        for urn, value in values.items()
    }


def attainment_of_three_years() -> dict[int, float]:
    found = {}
    for urn in SECONDARY:
        years = [world.ks4(urn, summer) for summer in YEARS]
        scored = [(year.attainment, year.pupils) for year in years if isinstance(year.attainment, float)]
        if scored:
            found[urn] = sum(score * pupils for score, pupils in scored) / sum(pupils for _, pupils in scored)
    return found


def test_attainment8_rank(build: Build) -> None:
    rows = by_urn(build, "attainment8_rank_pct")
    figures = attainment_of_three_years()
    for urn, rank in percentile(figures).items():
        assert rows[urn]["value"] == pytest.approx(rank)
        assert rows[urn]["figure"] == pytest.approx(figures[urn])
        years = [world.ks4(urn, summer) for summer in YEARS]
        national = sum(world.NATIONAL_ATTAINMENT[s] * y.pupils for s, y in zip(YEARS, years, strict=True)) / sum(
            y.pupils for y in years
        )
        assert rows[urn]["benchmark"] == pytest.approx(national)
    assert (rows[world.NO_SCORES]["value"], rows[world.NO_SCORES]["missing_reason"]) == (None, "no_entries")


def compare_with_similar(row: Row, figures: dict[int, float], urn: int) -> None:
    """The small LA has fewer than fifty schools of a kind: all others with an intake are similar schools."""
    others = [figure for other, figure in figures.items() if other != urn]
    assert row["missing_reason"] is None
    assert row["value"] == pytest.approx(100 * sum(figure < figures[urn] for figure in others) / len(others), abs=NEAR)
    assert row["figure"] == pytest.approx(figures[urn], abs=NEAR)
    assert row["benchmark"] == pytest.approx(fmean(others), abs=NEAR)


def test_attainment8_rank_among_similar_schools(build: Build) -> None:
    rows = by_urn(build, "attainment8_similar_rank_pct")
    figures = {urn: figure for urn, figure in attainment_of_three_years().items() if urn != world.NO_INTAKE}
    assert len(figures) == 28
    for urn in figures:
        compare_with_similar(rows[urn], figures, urn)
    no_intake = rows[world.NO_INTAKE]
    assert (no_intake["value"], no_intake["missing_reason"]) == (None, "no_similar_schools")
    assert rows[world.NO_SCORES]["missing_reason"] == "no_entries"


@pytest.mark.parametrize(
    ("measure_id", "pooled_id"),
    [
        ("rwm_similar_rank_pct", "rwm_expected_gap_pp"),
        ("rwm_disadvantaged_similar_rank_pct", "rwm_disadvantaged_gap_pp"),
    ],
)
def test_primary_results_among_similar_schools(build: Build, measure_id: str, pooled_id: str) -> None:
    # the pooled figures themselves are worked out by hand above
    pooled_rows = by_urn(build, pooled_id)
    figures = {urn: row["figure"] for urn, row in pooled_rows.items() if row["missing_reason"] is None}
    rows = by_urn(build, measure_id)
    assert set(rows) == set(pooled_rows)
    assert len(figures) > 20
    for urn, row in rows.items():
        if urn in figures:
            compare_with_similar(row, figures, urn)
        else:
            assert (row["value"], row["missing_reason"]) == (None, pooled_rows[urn]["missing_reason"])


def test_persistent_absence_rank(build: Build) -> None:
    rows = measure(build, "persistent_absence_rank_pct")
    for schools in (PRIMARY, SECONDARY):
        for summer in world.ABSENCE_YEARS:
            cells = {urn: world.persistent(urn, summer) for urn in schools}
            figures = {urn: cell for urn, cell in cells.items() if isinstance(cell, float)}
            for urn, rank in percentile(figures).items():
                assert rows[urn, label(summer)]["value"] == pytest.approx(rank)
    assert rows[PRIMARY[3], "2023-2024"]["missing_reason"] == "suppressed"
    # one special school is no field to rank in
    assert rows[SPECIAL, "2023-2024"]["missing_reason"] == "no_ranking"
    assert (PRIMARY[2], "2022-2023") not in rows


def test_results_ranked_for_the_order_of_schools(build: Build) -> None:
    rows = by_urn(build, "rwm_rank_pct")
    years = {urn: expected_years(urn) for urn in PRIMARY if expected_years(urn)}
    # each year's share less England's, weighted by pupils: three pupils a year count here as well
    gaps = {
        urn: round(sum(n * (pct - nat) for n, pct, nat, _ in of) / sum(n for n, *_ in of), 6)
        for urn, of in years.items()
    }
    assert set(gaps) == set(PRIMARY) - {world.NO_RESULTS}
    for urn, rank in percentile(gaps).items():
        assert rows[urn]["value"] == pytest.approx(rank)
        assert rows[urn]["figure"] - rows[urn]["benchmark"] == pytest.approx(gaps[urn], abs=1e-5)
    assert rows[world.NO_LATEST]["period"] == "2023-2024"
    assert (rows[world.NO_RESULTS]["value"], rows[world.NO_RESULTS]["missing_reason"]) == (None, "suppressed")


def test_each_year_ranked_by_itself_for_the_order_of_schools(build: Build) -> None:
    rows = measure(build, "rwm_newest_rank_pct")
    alike = measure(build, "rwm_newest_similar_rank_pct")
    assert set(alike) == set(rows)
    for summer in YEARS:
        cells = {urn: world.ks2(urn, summer) for urn in PRIMARY}
        shown = {urn: float(of.expected) for urn, of in cells.items() if of and isinstance(of.expected, int)}
        # one year of ten pupils or fewer says nothing: three years together are asked instead
        figures = {urn: figure for urn, figure in shown.items() if urn not in (world.SMALL, world.TINY)}
        assert len(figures) > 20
        for urn, rank in percentile(figures).items():
            row = rows[urn, label(summer)]
            assert row["value"] == pytest.approx(rank)
            assert (row["figure"], row["benchmark"]) == (figures[urn], world.NATIONAL_EXPECTED[summer])
            compare_with_similar(alike[urn, label(summer)], figures, urn)
        for few in (rows[world.SMALL, label(summer)], alike[world.TINY, label(summer)]):
            assert (few["value"], few["missing_reason"]) == (None, "too_few_pupils")
    for found in (rows, alike):
        row = found[world.NO_RESULTS, label(YEARS[-1])]
        assert (row["value"], row["missing_reason"]) == (None, "suppressed")


def test_progress_ranked_for_the_order_of_schools(build: Build) -> None:
    rows = measure(build, "ks2_progress_rank_pct")
    means = {
        urn: round(fmean(score for score, *_ in world.progress(urn).values()), 6)
        for urn in set(PRIMARY) - {world.NO_RESULTS}
    }
    for urn, rank in percentile(means).items():
        assert rows[urn, "2022-2023"]["value"] == pytest.approx(rank)
        assert rows[urn, "2022-2023"]["figure"] == pytest.approx(means[urn])
    assert rows[PRIMARY[9], "2023-2024"]["missing_reason"] == "not_published_that_year"
    assert rows[world.NO_RESULTS, "2022-2023"]["missing_reason"] == "not_published"


def test_progress8_ranked_for_the_order_of_schools(build: Build) -> None:
    scores = {urn: world.progress8(urn)[0] for urn in SECONDARY}
    rows = measure(build, "progress8_rank_pct")
    for urn, rank in percentile(scores).items():
        assert rows[urn, "2023-2024"]["value"] == pytest.approx(rank)
        assert rows[urn, "2023-2024"]["benchmark"] == -0.03
        assert rows[urn, "2024-2025"]["missing_reason"] == "not_published_that_year"
    alike = measure(build, "progress8_similar_rank_pct")
    known = {urn: score for urn, score in scores.items() if urn != world.NO_INTAKE}
    for urn in known:
        compare_with_similar(alike[urn, "2023-2024"], known, urn)
    assert alike[world.NO_INTAKE, "2023-2024"]["missing_reason"] == "no_similar_schools"


def test_persistent_absence_among_similar_schools(build: Build) -> None:
    rows = measure(build, "persistent_absence_similar_rank_pct")
    for schools in (PRIMARY, SECONDARY):
        for summer in world.ABSENCE_YEARS:
            cells = {urn: world.persistent(urn, summer) for urn in schools if urn != world.NO_INTAKE}
            figures = {urn: cell for urn, cell in cells.items() if isinstance(cell, float)}
            for urn in figures:
                compare_with_similar(rows[urn, label(summer)], figures, urn)
    assert rows[PRIMARY[3], "2023-2024"]["missing_reason"] == "suppressed"
    assert (PRIMARY[2], "2022-2023") not in rows
    assert (SPECIAL, "2023-2024") not in rows


def test_results_concern_rank(build: Build) -> None:
    rows = by_urn(build, "results_concern_rank_pct")
    gaps = {urn: row["value"] for urn, row in by_urn(build, "rwm_expected_gap_pp").items() if row["value"] is not None}
    concern = {urn: [rank] for urn, rank in percentile(gaps, highest_first=True).items()}
    for values in (
        {urn: row["value"] for (urn, _), row in measure(build, "progress8_score").items() if row["value"] is not None},
        {u: r["value"] for u, r in by_urn(build, "attainment8_rank_pct").items() if r["value"] is not None},
    ):
        for urn, rank in percentile(values, highest_first=True).items():
            concern.setdefault(urn, []).append(rank)
    for urn, ranks in concern.items():
        assert rows[urn]["value"] == pytest.approx(fmean(ranks))
    assert rows[SPECIAL]["missing_reason"] == "no_ranking"
    assert rows[world.NO_RESULTS]["missing_reason"] == "no_ranking"


# --- progress


def test_ks2_progress_below(build: Build) -> None:
    rows = measure(build, "ks2_progress_below_count")
    met = set()
    for urn in set(PRIMARY) - {world.NO_RESULTS}:
        # well below counts twice, an upper limit below zero once
        expected = sum(
            2 if band == 5 else int(upper < 0 or band == 4) for _, _, upper, band in world.progress(urn).values()
        )
        row = rows[urn, "2022-2023"]
        assert (row["value"], row["denominator"]) == (expected, 3)
        assert row["figure"] == min(score for score, *_ in world.progress(urn).values())
        met.add(expected)
    assert met >= {0, 1, 2}
    assert max(met) > 3
    # of that year no school has the figure; of the year before, one school lacks its own
    assert rows[PRIMARY[9], "2023-2024"]["missing_reason"] == "not_published_that_year"
    assert rows[world.NO_RESULTS, "2022-2023"]["missing_reason"] == "not_published"


def test_progress8_limits(build: Build) -> None:
    rows = measure(build, "progress8_score")
    for urn in SECONDARY:
        value, lower, upper = world.progress8(urn)
        row = rows[urn, "2023-2024"]
        if lower is None or upper is None:
            # 64 pupils: 1.96 x 1.27 / 8 = 0.31115
            lower, upper = value - 0.31115, value + 0.31115
            assert row["caveat"] == "limits estimated from the number of pupils"
        else:
            assert row["caveat"] is None
        compare(row, {"value": value, "lower": lower, "upper": upper, "benchmark": -0.03})
        assert rows[urn, "2024-2025"]["missing_reason"] == "not_published_that_year"


def test_attainment8_of_disadvantaged_pupils_against_all(build: Build) -> None:
    rows = measure(build, "attainment8_disadvantaged_vs_all_score")
    for urn in SECONDARY:
        for summer in world.DISADVANTAGED_YEARS:
            row, cells = rows[urn, label(summer)], world.ks4(urn, summer)
            if urn == world.UNKNOWN_DISADVANTAGED:
                # not known how many: that is not the same as none
                assert (row["value"], row["missing_reason"]) == (None, "blank")
            elif urn == world.FEW_DISADVANTAGED:
                assert (row["value"], row["missing_reason"]) == (None, "too_few_pupils")
            else:
                compare(row, {"value": cells.disadvantaged - world.NATIONAL_ATTAINMENT[summer]})
        assert rows[urn, "2024-2025"]["missing_reason"] == "not_in_file"


# --- changes


def phase_code(urn: int) -> str:
    return "PRI" if urn in PRIMARY else "SEC"


def absence_gap(urn: int, summer: int) -> float | None:
    cell = world.persistent(urn, summer)
    return cell - world.NATIONAL_PA[phase_code(urn), summer] if isinstance(cell, float) else None


def test_persistent_absence_gap_change(build: Build) -> None:
    rows = measure(build, "persistent_absence_gap_change_pp")
    for urn in (*PRIMARY, *SECONDARY):
        for summer in (2023, 2024):
            now, before = absence_gap(urn, summer), absence_gap(urn, summer - 1)
            if now is not None and before is not None:
                assert rows[urn, label(summer)]["value"] == pytest.approx(now - before)
    assert rows[PRIMARY[2], "2023-2024"]["missing_reason"] == "no_earlier_figure"
    assert rows[PRIMARY[0], "2021-2022"]["missing_reason"] == "no_earlier_figure"
    # its own reason comes before that of the comparison
    assert rows[PRIMARY[3], "2023-2024"]["missing_reason"] == "suppressed"
    assert rows[SPECIAL, "2023-2024"]["missing_reason"] == "no_benchmark"


def improved(gaps: Sequence[float | None]) -> int | None:
    first, second, third = gaps
    if first is None or second is None or third is None:
        return None
    return int(first < second < third)


def test_improving_series(build: Build) -> None:
    rows = by_urn(build, "improving_series_count")
    met = set()
    for urn in (*PRIMARY, *SECONDARY):
        attendance = improved([None if (g := absence_gap(urn, s)) is None else -g for s in world.ABSENCE_YEARS])
        results = improved([results_gap(urn, summer) for summer in YEARS])
        if attendance is None or results is None:
            assert (rows[urn]["value"], rows[urn]["missing_reason"]) == (None, "no_earlier_figure")
        else:
            assert rows[urn]["value"] == attendance + results
            met.add(attendance + results)
    assert met == {0, 1, 2}


def results_gap(urn: int, summer: int) -> float | None:
    if urn in PRIMARY:
        ks2 = world.ks2(urn, summer)
        known = ks2 is not None and isinstance(ks2.expected, int)
        return ks2.expected - world.NATIONAL_EXPECTED[summer] if known else None  # type: ignore[union-attr,operator]
    score = world.ks4(urn, summer).attainment
    return score - world.NATIONAL_ATTAINMENT[summer] if isinstance(score, float) else None


def test_roll_change(build: Build) -> None:
    rows = measure(build, "roll_change_pct")
    for urn in (*PRIMARY, *SECONDARY):
        now, before = world.roll(urn, 2025), world.roll(urn, 2022)
        assert now is not None
        row = rows[urn, "2024-2025"]
        if before is None:
            assert (row["value"], row["missing_reason"]) == (None, "no_earlier_figure")
        else:
            compare(row, {"value": 100 * (now / before - 1), "figure": now, "benchmark": before})
    assert rows[PRIMARY[0], "2021-2022"]["missing_reason"] == "no_earlier_figure"


def test_unfilled_places(build: Build) -> None:
    rows = by_urn(build, "unfilled_places_pct")
    for urn in PRIMARY:
        if urn == PRIMARY[7]:
            assert (rows[urn]["value"], rows[urn]["missing_reason"]) == (None, "not_in_release")
        else:
            pupils = world.roll(urn, 2025) or 0
            compare(rows[urn], {"value": 100 - 100 * pupils / world.CAPACITY, "benchmark": world.CAPACITY})


def test_unfilled_places_of_a_later_register_are_not_known_yet(world_data: DataDir) -> None:
    """Before the register came out its roll and places are no evidence, though its schools are named by it."""
    early = make_build(world_data, date(2025, 8, 31), make_current=False).build
    rows = by_urn(early, "unfilled_places_pct")
    # one school has no capacity in any register, and another no roll in a census
    assert rows.pop(PRIMARY[7])["missing_reason"] == rows.pop(SPECIAL)["missing_reason"] == "not_in_release"
    assert {(row["value"], row["missing_reason"]) for row in rows.values()} == {(None, "not_loaded")}


# --- money


def test_deficit_years(build: Build) -> None:
    rows = measure(build, "deficit_years_count")
    met = set()
    for urn in (*PRIMARY, *SECONDARY):
        now, before = world.balance(urn, 2024), world.balance(urn, 2023)
        row = rows[urn, "2023-2024"]
        if not isinstance(now, int):
            assert (row["value"], row["missing_reason"]) == (None, "not_published")
        elif now >= 0:
            assert row["value"] == 0
        elif not isinstance(before, int):
            assert (row["value"], row["missing_reason"]) == (None, "no_earlier_figure")
        else:
            assert row["value"] == (2 if before < 0 else 1)
        met.add(row["value"])
        met.add(row["missing_reason"])
    assert met == {0, 1, 2, None, "not_published", "no_earlier_figure"}


def test_in_year_balance_and_reserve(build: Build) -> None:
    balances, reserves = measure(build, "in_year_balance_gbp"), measure(build, "revenue_reserve_gbp")
    for urn in (*PRIMARY, *SECONDARY):
        balance = world.balance(urn, 2024)
        row = balances[urn, "2023-2024"]
        expected = (balance, None) if isinstance(balance, int) else (None, "not_published")
        assert (row["value"], row["missing_reason"]) == expected
        row, reserve = reserves[urn, "2023-2024"], world.reserve(urn)
        # an academy's nought is the trust's pot, a maintained school's nought is a nought
        held = urn in world.ACADEMIES and reserve == 0
        assert (row["value"], row["missing_reason"]) == ((None, "held_at_trust") if held else (reserve, None))


# --- plain figures: the cell, its reason and its benchmark


def cell_of_ks2(name: str) -> Callable[[int, int], object]:
    return lambda urn, summer: getattr(world.ks2(urn, summer), name, None)


def cell_of_ks4(name: str) -> Callable[[int, int], object]:
    return lambda urn, summer: getattr(world.ks4(urn, summer), name)


PLAIN = [
    ("rwm_expected_pct", PRIMARY, YEARS, cell_of_ks2("expected"), world.NATIONAL_EXPECTED),
    ("rwm_disadvantaged_pct", PRIMARY, YEARS, cell_of_ks2("disadvantaged"), world.NATIONAL_DISADVANTAGED),
    ("attainment8_score", SECONDARY, YEARS, cell_of_ks4("attainment"), world.NATIONAL_ATTAINMENT),
    ("basics_grade5_pct", SECONDARY, YEARS, cell_of_ks4("grade5"), world.NATIONAL_GRADE5),
    (
        "persistent_absence_pct",
        PRIMARY,
        world.ABSENCE_YEARS,
        world.persistent,
        {s: world.NATIONAL_PA["PRI", s] for s in world.ABSENCE_YEARS},
    ),
    ("pupils_count", PRIMARY, (2022, 2025), world.roll, {}),
    ("fsm6_pct", SECONDARY, (2025,), lambda urn, _: world.fsm6(urn), {}),
]
REASONS = {"SUPP": "suppressed", "NE": "no_entries", "NP": "not_published"}


@pytest.mark.parametrize(
    ("measure_id", "schools", "summers", "cell", "national"), [pytest.param(*one, id=one[0]) for one in PLAIN]
)
def test_a_plain_figure_is_the_cell(
    build: Build,
    measure_id: str,
    schools: Sequence[int],
    summers: Sequence[int],
    cell: Callable[[int, int], object],
    national: dict[int, float],
) -> None:
    rows = measure(build, measure_id)
    for urn in schools:
        for summer in summers:
            expected, row = cell(urn, summer), rows.get((urn, label(summer)))
            if expected is None:
                assert row is None
                continue
            assert row is not None
            if isinstance(expected, str):
                assert (row["value"], row["missing_reason"]) == (None, REASONS[expected])
            else:
                assert (row["value"], row["missing_reason"]) == (expected, None)
            if national:
                assert row["benchmark"] == pytest.approx(national[summer])


@pytest.mark.parametrize(("subject", "stem"), [("reading", "READ"), ("writing", "WRIT"), ("maths", "MAT")])
def test_a_subjects_progress_is_the_cell_with_its_limits(build: Build, subject: str, stem: str) -> None:
    rows = measure(build, f"{subject}_progress_score")
    for urn in set(PRIMARY) - {world.NO_RESULTS}:
        score, lower, upper, _ = world.progress(urn)[stem]
        compare(rows[urn, "2022-2023"], {"value": score, "lower": lower, "upper": upper, "benchmark": 0})
    assert rows[world.NO_RESULTS, "2022-2023"]["missing_reason"] == "not_published"


# --- of all measures


def test_exactly_one_of_value_and_missing_reason(build: Build) -> None:
    odd = "select measure_id, urn from measure_values where (value is null) = (missing_reason is null)"
    assert build_rows(build, odd) == []


def test_every_figure_can_be_followed_to_its_file_and_row(build: Build) -> None:
    lost = """
        select distinct measure_id from measure_values
        where value is not null and (release_id is null or source_row is null)
            and measure_id not in ('outcomes_level_score', 'leadership_level_score')"""
    assert build_rows(build, lost) == []


def test_no_figure_is_newer_than_the_as_at_date(build: Build) -> None:
    newer = "select measure_id from measure_values where published_on > $as_at or measured_on > $as_at"
    assert build_rows(build, newer, as_at=world.AS_AT) == []
