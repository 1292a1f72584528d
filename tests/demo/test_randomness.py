"""Small parts on which the rest depends."""

from random import Random
from statistics import correlation, fmean, pstdev

import pytest

from risk_model.demo.files import half_up, percent, rows_of, short
from risk_model.demo.ks2_file import progress_band as ks2_band
from risk_model.demo.ks4_file import progress_band as ks4_band
from risk_model.demo.randomness import dealt_normals, drifting, stream, uncorrelated, whole_quotas


def test_stream_of_the_same_topic_repeats() -> None:
    assert stream(1, "a", 2).random() == stream(1, "a", 2).random() != stream(1, "a", 3).random()


def test_dealt_normals_are_as_wide_as_a_normal() -> None:
    values = dealt_normals(Random(1), 40)
    assert fmean(values) == pytest.approx(0, abs=1e-9)
    assert pstdev(values) == pytest.approx(1, abs=0.05)


def test_uncorrelated_takes_chance_correlation_out() -> None:
    one, two = uncorrelated([dealt_normals(Random(1), 30), dealt_normals(Random(2), 30)])
    assert correlation(one, two) == pytest.approx(0, abs=1e-9)
    assert pstdev(two) == pytest.approx(1)


def test_drifting_passes_through_its_anchor() -> None:
    values = drifting(Random(1), 0.7, 2025, range(2017, 2027), 0.9)
    assert values[2025] == 0.7
    assert sorted(values) == list(range(2017, 2027))


def test_whole_quotas_sum_to_the_count() -> None:
    # 7 x 0.5 = 3.5 and 7 x 0.25 = 1.75 twice: the two larger remainders round up.
    labels = whole_quotas({"a": 0.5, "b": 0.25, "c": 0.25}, 7)
    assert len(labels) == 7
    assert labels.count("a") == 3
    assert labels.count("b") == 2


@pytest.mark.parametrize(
    ("value", "decimals", "text"), [(2.5, 0, "3"), (-0.004, 2, "0.00"), (-2.25, 1, "-2.3"), (13.0, 1, "13.0")]
)
def test_half_up_rounds_away_from_zero(value: float, decimals: int, text: str) -> None:
    assert half_up(value, decimals) == text


def test_short_drops_trailing_zeros() -> None:
    assert [short(13.0, 1), short(5.5, 1), short(-0.03, 2), short(100, 1)] == ["13", "5.5", "-0.03", "100"]


def test_percent_of_nobody_is_blank() -> None:
    assert percent(0, 0) == ""
    assert percent(1, 8) == "13%"
    assert percent(1, 8, 1) == "12.5%"


def test_rows_of_refuses_a_column_that_the_layout_lacks() -> None:
    with pytest.raises(KeyError, match="B"):
        rows_of(["A"], [{"A": 1, "B": 2}])


@pytest.mark.parametrize(
    ("value", "low", "high", "band"),
    [(0.6, 0.3, 0.9, "1"), (0.3, 0.1, 0.5, "2"), (-0.26, -0.52, 0.01, "3"), (-0.3, -0.5, -0.1, "4")],
)
def test_progress_8_bands(value: float, low: float, high: float, band: str) -> None:
    assert ks4_band(value, low, high) == band
    assert ks4_band(-0.6, -0.9, -0.3) == "5"


def test_ks2_bands() -> None:
    assert [ks2_band(4, 2, 6), ks2_band(1, 0.1, 2), ks2_band(0, -1, 1)] == ["1", "2", "3"]
    assert [ks2_band(-1, -2, -0.1), ks2_band(-4, -6, -2)] == ["4", "5"]
