"""Limits of shares and correlations, against figures of textbooks and of sums by hand."""

import pytest

from risk_model.scoring.intervals import correlation_limits, mean_limits, share_limits


def test_wilson_limits_of_a_share_are_those_worked_by_hand() -> None:
    # 10 of 40: middle (0.25 + 3.8415/80) / (1 + 3.8415/40) = 0.27191;
    # half 1.96 √(0.25 × 0.75/40 + 3.8415/6400) / 1.09604 = 0.13003
    found = share_limits(25, 40)
    assert (found.lower, found.upper) == (pytest.approx(14.19, abs=0.01), pytest.approx(40.19, abs=0.01))


@pytest.mark.parametrize("percent", [0.0, 100.0])
def test_a_share_of_none_or_all_lies_within_its_limits(percent: float) -> None:
    found = share_limits(percent, 7)
    assert 0 <= found.lower <= percent <= found.upper <= 100
    assert found.upper - found.lower > 20


def test_mean_has_its_limits_two_errors_away() -> None:
    assert mean_limits(50, 2).upper == pytest.approx(53.92, abs=0.001)


def test_correlation_limits_follow_fisher() -> None:
    # artanh 0.5 = 0.5493; 1.96 / √(28 - 3) = 0.392; tanh 0.1573 and tanh 0.9413
    found = correlation_limits(0.5, 28)
    assert found is not None
    assert (found.lower, found.upper) == (pytest.approx(0.156, abs=0.001), pytest.approx(0.736, abs=0.001))


def test_fewer_than_ten_pairs_have_no_correlation() -> None:
    assert correlation_limits(0.9, 9) is None
    assert correlation_limits(1.0, 10) is not None
