"""The real files, cut to thirty rows and changed by chance: refused, or landed whole and read rightly."""

from pathlib import Path

from tests.robustness.mutations import desk_with_a_release, mutated, outcome, published_in

SEEDS = range(5_000, 5_040)


def test_changed_real_file_lands_whole_and_right_or_not_at_all(real_data: Path, tmp_path: Path) -> None:
    files = published_in(real_data / "raw")
    desk = desk_with_a_release(tmp_path)
    found = {seed: outcome(mutated(files, seed), desk) for seed in SEEDS}
    assert {seed: one.wrong for seed, one in found.items() if one.wrong} == {}
    assert sum(one.compared for one in found.values()) > 1_000
