"""`fairness` as the terminal runs it."""

from pathlib import Path

import pandas as pd

from risk_model.domain.paths import DataDir
from tests.cli.conftest import Run


def test_fairness_says_who_is_flagged_and_how_to_see_for_whom_it_errs(demo_data: DataDir, run: Run) -> None:
    ran = run("fairness")
    assert ran.code == 0
    everybody = next(line for line in ran.out.splitlines() if line.startswith("all "))
    assert everybody.split()[:6] == ["all", "primary", "and", "secondary", "schools", "236"]
    assert "python -m risk_model backtest" in ran.out


def test_fairness_writes_a_table(demo_data: DataDir, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "fairness.csv"
    assert run("fairness", "--out", out).code == 0
    table = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert {"all", "phase", "size", "fsm fifth", "type", "faith", "region", "coverage"} == set(table["By"])
    fifths = table[table["By"] == "fsm fifth"]
    assert sum(int(number) for number in fifths["Schools"]) == 236


def test_fairness_before_anything_is_built_says_what_to_do(empty_data: DataDir, run: Run) -> None:
    ran = run("fairness")
    assert ran.code == 1
    assert "Nothing has been built here yet." in ran.err


def test_fairness_refuses_an_ending_that_it_does_not_know(demo_data: DataDir, run: Run, tmp_path: Path) -> None:
    ran = run("fairness", "--out", tmp_path / "fairness.pdf")
    assert ran.code == 1
    assert "its ending is not one that is known" in ran.err
