"""Changed by chance, a published file is refused and changes nothing, or lands whole and is read rightly."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.robustness.mutations import Published, desk_with_a_release, mutated, outcome, published_in

EXAMPLES = 50  # `python -m tests.robustness mutate 1000` makes a thousand


@pytest.fixture(scope="module")
def files(demo_dir: Path) -> list[Published]:
    """The demo's files, in the published layouts, cut to thirty rows."""
    return published_in(demo_dir / "demo")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with one release."""
    return desk_with_a_release(tmp_path_factory.mktemp("mutations"))


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32 - 1))
@example(seed=1)
def test_changed_file_lands_whole_and_right_or_not_at_all(files: list[Published], desk: Path, seed: int) -> None:
    file = mutated(files, seed)
    found = outcome(file, desk)
    assert not found.wrong, (seed, file.name, file.done, found)


def test_most_mutations_do_something_and_values_are_compared(files: list[Published], desk: Path) -> None:
    found = [outcome(mutated(files, seed), desk) for seed in range(12)]
    statuses = {status for one in found for status in one.statuses}
    assert "refused" in statuses
    assert sum(one.compared for one in found) > 100
