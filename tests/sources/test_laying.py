"""A table laid out by the different texts of its columns is the one that is read cell by cell."""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from risk_model.sources.contract import Field, Source
from risk_model.sources.desk import open_desk
from risk_model.sources.laying import lay_out
from risk_model.sources.reading import Sheet
from risk_model.sources.typing import cell_sql, scope_sql, value_of
from risk_model.warehouse.engine import Connection, rows

URN = Field("urn", ("URN",))
PUPILS = Field("pupils_count", ("Pupils",), "count", low=0)
ABSENT = Field("absent_pct", ("Absent",), "percent", low=0, high=100)
OPENED = Field("opened_on", ("Opened",), "date")
GRADE = Field("grade", ("Grade",), "code", codes=frozenset({"1", "2"}), same_as=(("One", "1"),))
CLOSED = Field("closed_on", ("Closed",), "date")  # which no file here has
SOURCE = Source(
    id="invented",
    title="Invented",
    publisher="Nobody",
    fields=(URN, PUPILS, ABSENT, OPENED, GRADE, CLOSED),
    required=("urn",),
    dating="academic year",
)
HEADER = ("URN", "Pupils", "Absent", "Opened", "Grade")
CELLS = (
    "", " ", "NULL", "100001", "100002 ", " 100003", "7", "7%", "1,000", "£5", "SUPP", "x", "01/09/2020", "31/02/2020",
    "1", "2", "One", "\u00a07", "é",
)  # fmt: skip


def _sheet(body: Sequence[Sequence[str]], *, first: int = 2) -> Sheet:
    numbered = [pa.array(range(first, first + len(body)), pa.int32())]
    columns = [pa.array([row[place] for row in body], pa.string()) for place in range(len(HEADER))]
    return Sheet("invented.csv", HEADER, pa.Table.from_arrays([*numbered, *columns], names=["_row", *HEADER]))


@pytest.fixture
def con() -> Iterator[Connection]:
    with open_desk() as desk, desk.place() as place:
        yield place


def _cell_by_cell(con: Connection, sheet: Sheet) -> list[dict[str, Any]]:
    """The table as it is when every cell of every row is read by itself."""
    items = ["_row"]
    for one in SOURCE.fields:
        if one.columns[0] in HEADER:
            items.append(f"{value_of(one, cell_sql(one.columns[0]))} as {one.name}")
    con.register("published", sheet.rows)
    typed = f"select {', '.join(items)}, cast(null as date) as closed_on from published"
    return rows(con, f"select *, {scope_sql(SOURCE)} as scope from ({typed}) order by _row")


def test_each_row_has_the_values_that_its_cells_have_by_themselves(con: Connection) -> None:
    chance = random.Random(1)
    body = [chance.choices(CELLS, k=len(HEADER)) for _ in range(2_000)]
    sheet = _sheet(body)
    lay_out(con, SOURCE, sheet)
    assert rows(con, "select * from typed order by _row") == _cell_by_cell(con, sheet)
    cells = rows(con, "select * from cells order by _row")
    trimmed = [[cell.strip(" \u00a0") for cell in row] for row in body]
    assert [[row["pupils_count_cell"], row["grade_cell"]] for row in cells] == [[row[1], row[4]] for row in trimmed]


def test_a_table_longer_than_the_engine_reads_at_once_keeps_its_order(con: Connection) -> None:
    count = 300_000  # DuckDB hands out 122,880 rows at a time, to several threads
    sheet = _sheet([[str(100_000 + n % 7), str(n), "SUPP", "", "1"] for n in range(count)], first=0)
    lay_out(con, SOURCE, sheet)
    wrong = "select count(*) as n from typed inner join cells using (_row) where pupils_count <> _row or "
    wrong += "pupils_count_cell <> cast(_row as varchar) or urn <> cast(100000 + _row % 7 as varchar)"
    assert rows(con, wrong) == [{"n": 0}]
    assert rows(con, "select count(pupils_count) as n from typed") == [{"n": count}]


def test_texts_stand_once_for_each_column_however_many_rows_have_them(con: Connection) -> None:
    lay_out(con, SOURCE, _sheet([["100001", "7", "7", "01/09/2020", "One"], ["100001", "7", "SUPP", "", "2"]]))
    texts = rows(con, "select field, cell, number, day, word from texts order by field, cell")
    assert texts == [
        {"field": "absent_pct", "cell": "7", "number": 7.0, "day": None, "word": None},
        {"field": "absent_pct", "cell": "SUPP", "number": None, "day": None, "word": None},
        {"field": "grade", "cell": "2", "number": None, "day": None, "word": "2"},
        {"field": "grade", "cell": "One", "number": None, "day": None, "word": "1"},
        {"field": "opened_on", "cell": "", "number": None, "day": None, "word": None},
        {"field": "opened_on", "cell": "01/09/2020", "number": None, "day": date(2020, 9, 1), "word": None},
        {"field": "pupils_count", "cell": "7", "number": 7.0, "day": None, "word": None},
        {"field": "urn", "cell": "100001", "number": None, "day": None, "word": "100001"},
    ]


def test_a_table_takes_the_place_of_the_one_before(con: Connection) -> None:
    lay_out(con, SOURCE, _sheet([["100001", "7", "7", "", "1"]]))
    lay_out(con, SOURCE, _sheet([["100002", "8", "", "", "2"], ["x", "", "", "", ""]]))
    assert rows(con, "select urn, scope from typed order by _row") == [
        {"urn": "100002", "scope": "school"},
        {"urn": "x", "scope": None},
    ]
    assert rows(con, "select pupils_count_cell as cell from cells order by _row") == [{"cell": "8"}, {"cell": ""}]


def test_tables_at_one_desk_do_not_see_each_other() -> None:
    with open_desk() as desk, desk.place() as one, desk.place() as other:
        lay_out(one, SOURCE, _sheet([["100001", "7", "", "", ""]]))
        lay_out(other, SOURCE, _sheet([["100002", "8", "", "", ""]]))
        assert rows(one, "select urn from typed") == [{"urn": "100001"}]
        assert rows(other, "select urn from typed") == [{"urn": "100002"}]


def test_what_a_desk_has_made_is_seen_by_every_table_and_made_once() -> None:
    with open_desk() as desk, desk.place() as place:
        table = desk.made('figures of "one"', "select 1 as figure")
        assert desk.made('figures of "one"', "select 2 as figure") == table
        assert rows(place, f"select figure from {table}") == [{"figure": 1}]
