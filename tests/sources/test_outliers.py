"""Values beyond what can be true: a few are kept out and named, many refuse the file, none is deleted."""

import pyarrow as pa
import pytest

from risk_model.sources.contract import Field
from risk_model.sources.typing import within_limits
from risk_model.warehouse.engine import query_table, rows, scratch
from risk_model.warehouse.lake import parquet_path
from tests.sources.kit import ABSENCE_HEADER, Desk, absence_rows, csv_text

NAME = "2023-2024/england_abs.csv"
FINANCE = "2024-2025/finance.csv"
FINANCE_HEADER = ("URN", "Spend per pupil (GBP)", "Revenue reserve (GBP)", "In-year balance (GBP)")


def _absences(count: int, *cells: str) -> str:
    """Absence rows with a whole figure each, the first of which are replaced."""
    body = [[la, estab, urn, "5.4", "10.2"] for la, estab, urn, *_ in absence_rows(count)]
    for row, cell in zip(body, cells, strict=False):
        row[3] = cell
    return csv_text(ABSENCE_HEADER, body)


def _spends(count: int, *cells: str) -> str:
    spends = [*cells, *["6500"] * (count - len(cells))]
    return csv_text(FINANCE_HEADER, [[str(100_001 + i), spend, "1000", "-50"] for i, spend in enumerate(spends)])


def test_one_impossible_value_among_200_is_kept_out_and_named(desk: Desk) -> None:
    report = desk.take(NAME, _absences(200, "140"))
    assert report.status == "imported"
    notes = [note for note in report.problems if "140" in note]
    assert len(notes) == 1
    assert 'Line 2, column PERCTOT: "140" is not a percentage from 0 to 100' in notes[0]
    assert "kept out of every judgement, not deleted" in notes[0]
    staged = desk.staged("stg_absence_rows")
    assert (staged[0]["absence_pct"], staged[0]["absence_pct_missing"]) == (None, "implausible")
    assert (staged[1]["absence_pct"], staged[1]["absence_pct_missing"]) == (5.4, None)


def test_a_value_that_is_kept_out_stays_in_the_lake(desk: Desk) -> None:
    desk.take(NAME, _absences(200, "140"))
    with scratch() as con:
        path = parquet_path(desk.data, desk.releases()[0].release_id).as_posix()
        found = rows(con, f"""select "PERCTOT" as cell from read_parquet('{path}') where _row = 2""")
    assert found == [{"cell": "140"}]


@pytest.mark.parametrize(("schools", "impossible"), [(199, 1), (200, 2), (399, 2), (3, 1)])
def test_more_than_one_impossible_value_in_200_refuses_the_file(desk: Desk, schools: int, impossible: int) -> None:
    said = desk.refused(NAME, _absences(schools, *["140"] * impossible))
    assert 'Line 2, column PERCTOT: "140"' in said


def test_an_impossible_national_figure_refuses_the_file(desk: Desk) -> None:
    text = _absences(400) + "NAT,PRI,,140,14.6\r\n"
    assert "140" in desk.refused(NAME, text)


def test_a_text_that_is_no_number_refuses_the_file_however_rare(desk: Desk) -> None:
    assert '"XYZ"' in desk.refused(NAME, _absences(2000, "XYZ"))


def test_spending_that_nobody_can_believe_is_kept_out_of_a_small_file_too(desk: Desk) -> None:
    report = desk.take(FINANCE, _spends(10, "577161"))
    assert report.status == "imported"
    staged = desk.staged("stg_finance_rows")
    assert (staged[0]["spend_per_pupil_gbp"], staged[0]["spend_per_pupil_gbp_missing"]) == (None, "implausible")
    assert staged[0]["revenue_reserve_gbp"] == 1000


def test_spending_that_nobody_can_believe_in_one_school_of_ten_refuses_the_file(desk: Desk) -> None:
    said = desk.refused(FINANCE, _spends(100, *["7.2"] * 10))
    assert 'column Spend per pupil (GBP): "7.2" is not a number from 1,000 to 200,000' in said
    assert "(and 9 more)" in said


@pytest.mark.parametrize(
    ("field", "counts"),
    [
        (Field("a", ("A",), "number", low=0, high=150, usual=(0, 100)), [0.0, 100.0]),
        (Field("a", ("A",), "number", low=10), [99.0, 100.0, 150.0]),
        (Field("a", ("A",), "money", usual=(-5, 99)), [-1.0, 0.0, 99.0]),
    ],
)
def test_limits_are_the_narrower_of_possible_and_usual(field: Field, counts: list[float]) -> None:
    values = pa.table({"a": [-1.0, 0.0, 99.0, 100.0, 150.0]})
    found = [row["a"] for row in query_table(values, f"select a from published where {within_limits(field, 'a')}")]
    expected = [value for value in values["a"].to_pylist() if _by_hand(field, value)]
    assert found == expected
    assert set(counts) <= set(found)


def _by_hand(field: Field, value: float) -> bool:
    low, high = field.usual or (float("-inf"), float("inf"))
    low = max(low, field.low if field.low is not None else low)
    high = min(high, field.high if field.high is not None else high)
    return low <= value <= high
