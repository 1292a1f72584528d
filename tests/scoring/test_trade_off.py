"""The trade-off of fairness: a list of points counted among all schools, among similar ones, and in between."""

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from risk_model.rules.reader import RuleSet, parse_rules, read_rules
from risk_model.rules.score_parts import ScorePart
from risk_model.rules.writer import write_rules
from risk_model.scoring.trade_off import (
    AMONG_ALL,
    AMONG_SIMILAR,
    SHARES,
    ends_of_the_curve,
    share_of_similar,
    trade_off,
    trade_point,
)
from risk_model.warehouse.engine import Connection, scratch
from tests.scoring.frames import frame_of, ten_times
from tests.scoring.kit import load

DAY = date(2023, 9, 1)
_STEP = {
    "from": date(2005, 9, 1),
    "start": 100.0,
    "each": -10.0,
    "most": 9,
    "why": "To be tested.",
    "reference": "None.",
}


def _part(part_id: str, measure: str | None, points: int, **more: object) -> ScorePart:
    given = {
        "id": part_id,
        "title": f"Line {part_id}",
        "measure": measure,
        "phases": ("all",),
        "sentence": "Points.",
        "checked_by": "this",
        "next_review": date(2030, 1, 1),
        **more,
    }
    return ScorePart.model_validate({**given, "step": ({**_STEP, "points": points, "unknown": 5},)})


def _rules(*parts: ScorePart) -> RuleSet:
    return read_rules().model_copy(update={"score": parts})


def _frame() -> pd.DataFrame:
    rows = [{**row, "fsm_fifth": "5" if int(row["urn"]) % 2 else "1"} for row in ten_times(50)]
    return frame_of(rows)


@pytest.fixture
def con() -> Iterator[Connection]:
    """One school, the eighth tenth of all and the third of the similar ones; its list reads nothing else."""
    with scratch() as con:
        load(con, "numbered_schools", [{"school_no": 1, "urn": "100001", "phase": "primary"}])
        names = ["rwm_rank_pct", "rwm_similar_rank_pct", "ks2_progress_rank_pct"]
        load(con, "measure_numbers", [{"measure_no": n, "measure_id": name} for n, name in enumerate(names)])
        values = [{"school_no": 1, "measure_no": n, "value": value} for n, value in enumerate((25.0, 75.0, 55.0))]
        schema = pa.schema(
            [
                *((name, pa.int32()) for name in ("school_no", "measure_no")),
                ("value", pa.float64()),
                ("missing_reason", pa.string()),
                ("period", pa.string()),
                ("measured_on", pa.date32()),
            ]
        )
        load(con, "current_values", [{**one, "measured_on": date(2023, 8, 31)} for one in values], schema)
        yield con


def test_each_end_reads_the_ranks_in_its_own_way(con: Connection) -> None:
    rules = _rules(
        _part("S1", "rwm_rank_pct", 1), _part("S2", "rwm_similar_rank_pct", 2), _part("S3", "ks2_progress_rank_pct", 1)
    )
    (found,) = ends_of_the_curve(con, rules, DAY).to_dict("records")
    # among all 7 full tenths did better, among similar schools 2; progress, which has one rank alone, gives 4 to both
    assert found == {"urn": "100001", AMONG_ALL: 3 * 7 + 4, AMONG_SIMILAR: 3 * 2 + 4}


def test_what_is_read_instead_is_read_in_the_same_way(con: Connection) -> None:
    con.execute("delete from current_values where measure_no = 2")
    rules = _rules(_part("S1", "ks2_progress_rank_pct", 1, instead="rwm_similar_rank_pct"))
    (found,) = ends_of_the_curve(con, rules, DAY).to_dict("records")
    assert found == {"urn": "100001", AMONG_ALL: 7.0, AMONG_SIMILAR: 2.0}


def test_rules_without_a_list_have_no_curve(con: Connection) -> None:
    assert ends_of_the_curve(con, _rules(), DAY).empty


def test_the_share_of_a_list_is_by_its_points() -> None:
    rules = _rules(
        _part("S1", "rwm_rank_pct", 1, phases=("primary",)),
        _part("S2", "rwm_similar_rank_pct", 3, phases=("primary",)),
        _part("S3", "progress8_rank_pct", 1, phases=("secondary",)),
        _part("S4", "ks2_progress_rank_pct", 9, phases=("primary",)),
    )
    # primary: 3 of 4; secondary: none of 1; progress has one rank alone and is no choice
    assert share_of_similar(rules, DAY) == pytest.approx((0.75 + 0) / 2)
    assert share_of_similar(_rules(), DAY) == 0


def test_a_point_by_hand() -> None:
    # the ten, both fifths alike: AUC 16.5 of 24, a quarter of those that failed found and three quarters missed
    point = trade_point(_frame(), 0.25)
    assert point is not None
    assert (point.share_similar, point.auc, point.found_fifth) == (0.25, 0.6875, 0.25)
    assert (point.fp_ratio, point.missed_best_off) == (1.0, 0.75)


def test_a_point_needs_all_its_figures() -> None:
    assert trade_point(frame_of(ten_times()), 0.25) is None


def test_the_curve_runs_from_one_end_to_the_other() -> None:
    frame = _frame()
    # among all the order is the score's own; among similar schools it is turned round
    frame = frame.assign(**{AMONG_ALL: frame["score"] * 4, AMONG_SIMILAR: -frame["score"] * 4})
    rules = _rules(_part("S1", "rwm_rank_pct", 1), _part("S2", "rwm_similar_rank_pct", 1))
    points = trade_off(frame, rules, DAY)
    assert [one.share_similar for one in points if not one.is_ours] == list(SHARES)
    aucs = [one.auc for one in points if not one.is_ours]
    # 16.5 of 24 pairs, and the other 7.5 turned round; at half and half all are equal
    assert aucs == [0.6875, 0.6875, 0.5, 0.3125, 0.3125]
    (ours,) = [one for one in points if one.is_ours]
    assert (ours.share_similar, ours.auc) == (0.5, 0.6875)
    assert ours.why


def test_a_frame_without_the_ends_has_no_curve() -> None:
    assert trade_off(_frame(), read_rules(), DAY) == ()


def test_the_shipped_list_can_be_ranked_either_way() -> None:
    rules = parse_rules(write_rules(read_rules()))
    assert 0 < share_of_similar(rules, DAY) < 1
