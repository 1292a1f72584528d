"""Killed in the middle, an import or a build leaves the earlier state whole, and the next run succeeds."""

from pathlib import Path

import pytest

from tests.robustness.killing import jobs, kill_at, moments

MOMENTS = 2  # of each; `python -m tests.robustness kill 60` takes sixty


def test_killed_at_any_moment_the_earlier_state_stands(small_dir: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        killed = [
            kill_at(job, at, tmp_path / f"{job.name}_{number}")
            for job in jobs(small_dir, tmp_path)
            for number, at in enumerate(moments(job, MOMENTS))
        ]
    assert len(killed) == 2 * MOMENTS
    assert [one for one in killed if one.wrong] == []
