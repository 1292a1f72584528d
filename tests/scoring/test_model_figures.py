"""A back-test's figures as a file: whole, the same again, and honest about how often was looked."""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from risk_model.domain.errors import Damaged
from risk_model.domain.paths import DataDir
from risk_model.rules.reader import read_rules
from risk_model.rules.writer import fingerprint
from risk_model.scoring.model_figures import (
    ModelFigures,
    Month,
    differences,
    figures_of,
    last_backtest,
    read_figures,
    save_backtest,
    write_figures,
)
from tests.scoring.frames import frame_of, inspection, ten_times

FIRST, LAST = date(2022, 9, 1), date(2023, 8, 31)
MADE_ON = date(2026, 11, 22)


def _frame() -> pd.DataFrame:
    """The ten, fifty times over, of both ends of the intake, so that no figure is withheld."""
    rows = ten_times(50)
    return frame_of([{**row, "fsm_fifth": "5" if int(row["urn"]) % 2 else "1"} for row in rows])


@cache
def _figures() -> ModelFigures:
    return _figures_of(_frame())


def _figures_of(frame: pd.DataFrame) -> ModelFigures:
    return figures_of(frame, read_rules(), FIRST, LAST, [], MADE_ON)


def test_figures_name_the_rules_and_the_period() -> None:
    found = _figures()
    assert (found.rule_set, found.fingerprint) == (read_rules().rule_set, fingerprint(read_rules()))
    assert (found.first, found.last, found.made_on, found.test_year_looks) == (FIRST, LAST, MADE_ON, 1)


def test_months_are_what_a_short_check_repeats() -> None:
    rows = [
        inspection(100001, 4.0, True, inspection_date=date(2022, 9, 30)),
        inspection(100002, 5.5, False, inspection_date=date(2022, 9, 1)),
        inspection(100003, 9.0, True, inspection_date=date(2022, 10, 1), phase="special"),
        inspection(100004, 1.0, False, inspection_date=date(2023, 1, 9)),
    ]
    assert _figures_of(frame_of(rows)).months == (Month("2022-09", 2, 1, 4.75), Month("2023-01", 1, 0, 1.0))


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "figures.json"
    write_figures(path, _figures())
    assert read_figures(path) == _figures()
    assert b"\r" not in path.read_bytes()


def test_no_file_means_no_figures(tmp_path: Path) -> None:
    assert read_figures(tmp_path / "figures.json") is None


@pytest.mark.parametrize("text", ["", "{", '{"rule_set": "x"}', "[]"])
def test_a_file_that_is_damaged_says_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "figures.json"
    path.write_text(text, "utf-8")
    with pytest.raises(Damaged, match="backtest --from"):
        read_figures(path)


def test_the_same_rules_again_are_no_new_look() -> None:
    earlier = replace(_figures(), test_year_looks=3, made_on=date(2026, 11, 1))
    assert _figures().following([earlier]).test_year_looks == 3


def test_other_rules_on_the_same_days_are_another_look() -> None:
    earlier = replace(_figures(), test_year_looks=3, fingerprint="another")
    assert _figures().following([earlier]).test_year_looks == 4


def test_days_that_only_touch_count_as_looked_at() -> None:
    before = replace(_figures(), fingerprint="another", first=date(2021, 9, 1), last=FIRST)
    assert _figures().following([before]).test_year_looks == 2
    assert _figures().following([replace(before, last=date(2022, 8, 31))]).test_year_looks == 1


def test_of_several_looks_the_most_counts() -> None:
    once, often = (replace(_figures(), fingerprint=name, test_year_looks=n) for name, n in (("a", 1), ("b", 5)))
    assert _figures().following([often, once]).test_year_looks == 6
    assert _figures().following([]).test_year_looks == 1


def test_when_they_were_made_is_no_difference_and_a_figure_is() -> None:
    figures = _figures()
    assert differences(figures, replace(figures, made_on=date(2027, 1, 1), test_year_looks=2)) == []
    worse = _figures_of(frame_of(ten_times()))
    assert {"accuracy", "months"} <= set(differences(figures, worse))


def test_a_kept_back_test_comes_back_whole(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    assert last_backtest(data) is None
    kept = save_backtest(data, _frame(), _figures())
    found = last_backtest(data)
    assert found is not None
    assert found.figures == kept.figures
    pd.testing.assert_frame_equal(
        found.frame[["urn", "score", "failed"]], _frame()[["urn", "score", "failed"]], check_dtype=False
    )
    assert kept.path.name == f"{read_rules().rule_set}_20220901_20230831.parquet"


def test_the_last_kept_is_the_one_kept_last(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    for rule_set in ("b", "a"):
        save_backtest(data, _frame(), replace(_figures(), rule_set=rule_set))
    found = last_backtest(data)
    assert found is not None
    assert found.figures.rule_set == "a"


def test_a_rule_sets_name_is_no_path(tmp_path: Path) -> None:
    kept = save_backtest(DataDir(tmp_path), _frame(), replace(_figures(), rule_set="../../2026 x"))
    assert kept.path.parent == tmp_path / "backtests"


def test_a_kept_one_whose_inspections_are_damaged_says_what_to_do(tmp_path: Path) -> None:
    kept = save_backtest(DataDir(tmp_path), _frame(), _figures())
    kept.path.write_bytes(b"not a table")
    found = last_backtest(DataDir(tmp_path))
    assert found is not None
    with pytest.raises(Damaged, match="backtest --from"):
        _ = found.frame


def test_one_of_an_earlier_form_is_none_and_a_new_one_takes_its_place(tmp_path: Path) -> None:
    kept = save_backtest(DataDir(tmp_path), _frame(), _figures())
    kept.path.with_suffix(".json").write_text(json.dumps({"figures": {}}), "utf-8")
    assert last_backtest(DataDir(tmp_path)) is None
    save_backtest(DataDir(tmp_path), _frame(), _figures())
    assert last_backtest(DataDir(tmp_path)) is not None
