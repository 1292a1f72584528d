"""A back-test is kept, said in words, and published with the rules."""

from datetime import date
from pathlib import Path

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.reader import read_rules
from risk_model.scoring.model_figures import read_figures, write_figures
from risk_model.services.accuracy import backtest_in_words, fairness_report, keep_backtest, publish_figures
from risk_model.services.copy import Copy
from tests.scoring.frames import frame_of, ten_times

FIRST, LAST = date(2022, 9, 1), date(2023, 8, 31)
VIEWER = local_viewer()


def _frame():
    return frame_of([{**row, "fsm_fifth": "5" if int(row["urn"]) % 2 else "1"} for row in ten_times(50)])


def test_a_kept_back_test_says_what_it_found(tmp_path: Path) -> None:
    kept = keep_backtest(VIEWER, DataDir(tmp_path), _frame(), FIRST, LAST)
    lines = backtest_in_words(VIEWER, kept.figures)
    text = "\n".join(lines)
    assert lines[0].startswith(f"Rules {read_rules().rule_set} on 500 inspections from 1 September 2022")
    assert lines[1].startswith("Graded inspections, primary and secondary schools: n = 500, 200 of them")
    assert lines[1].endswith(": 0.40 (0.36 to 0.44).")
    # the ten by hand: 16.5 of 24 pairs; a quarter found in the riskiest fifth, of which half failed
    assert "AUC 0.69 (" in text
    assert "riskiest 20%: 0.25 (" in text
    assert "precision 0.50 (" in text
    assert "Report cards, every area and standard counted: none in the period." in text
    # both fifths are alike
    assert "times the overall rate: 1.00 (" in text
    assert lines[-1] == "What came of these inspections has been looked at 1 time."


def test_keeping_it_again_is_no_new_look(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    keep_backtest(VIEWER, data, _frame(), FIRST, LAST)
    assert keep_backtest(VIEWER, data, _frame(), FIRST, LAST).figures.test_year_looks == 1


def test_publishing_goes_on_from_what_stood_there(tmp_path: Path) -> None:
    kept = keep_backtest(VIEWER, DataDir(tmp_path), _frame(), FIRST, LAST)
    path = tmp_path / "figures.json"
    assert publish_figures(VIEWER, kept, path).test_year_looks == 1
    other = kept.figures.__class__(**{**vars(kept.figures), "fingerprint": "another", "test_year_looks": 4})
    write_figures(path, other)
    assert publish_figures(VIEWER, kept, path).test_year_looks == 5
    found = read_figures(path)
    assert found is not None
    assert found.test_year_looks == 5
    assert found.accuracy == kept.figures.accuracy


def test_fairness_without_a_back_test_says_how_to_make_one(demo_copy: Copy) -> None:
    found = fairness_report(VIEWER, demo_copy)
    assert any("python -m risk_model backtest" in one for one in found.sentences)
    everybody = found.table.iloc[0]
    assert (everybody["By"], everybody["Flagged today"]) == ("all", "20%")
    assert set(found.table["False positive"]) == {""}


def test_fairness_stands_beside_the_kept_back_test(own_copy: Copy) -> None:
    keep_backtest(VIEWER, own_copy.data, _frame(), FIRST, LAST)
    found = fairness_report(VIEWER, own_copy)
    rows = {(row["By"], row["Group"]): row for row in found.table.to_dict("records")}
    # of six that did not fail one is flagged: in everybody as in both fifths
    assert rows["all", "primary and secondary schools"]["False positive"].startswith("0.17 (")
    assert rows["fsm fifth", "5"]["Times overall"].startswith("1.00 (")
    assert rows["fsm fifth", "5"]["Inspections"] == "250"
    assert any(
        one.startswith("Back-test: flagged = riskiest fifth of the primary and secondary") for one in found.sentences
    )


def test_a_group_that_was_not_inspected_has_no_rate_rather_than_nought(own_copy: Copy) -> None:
    keep_backtest(VIEWER, own_copy.data, _frame(), FIRST, LAST)
    table = fairness_report(VIEWER, own_copy).table
    absent = table[(table["By"] == "fsm fifth") & ~table["Group"].isin(["5", "1"])]
    assert sorted(absent["Group"])[:3] == ["2", "3", "4"]
    assert set(absent["False positive"]) == {""}
