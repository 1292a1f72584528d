"""A table laid out for its checks: every cell that the product reads, typed, and each text of a column only once.

A column has few different texts, however many rows there are, and a text is read in the same way wherever it stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from risk_model.sources.contract import Field, Source, matched_columns
from risk_model.sources.reading import Sheet
from risk_model.sources.typing import scope_fields, scope_sql, sql_type, value_of
from risk_model.warehouse.engine import Connection, arrow_table
from risk_model.warehouse.lake import ROW

_ARROW_TYPES = {"varchar": pa.string(), "date": pa.date32(), "double": pa.float64()}
_READ_AS = {"varchar": "word", "date": "day", "double": "number"}


@dataclass(frozen=True)
class _Column:
    """A field's cells as places in the list of the column's different texts.

    Attributes:
        first: where those texts begin among the texts of all fields.
    """

    field: Field
    places: pa.Array
    texts: pa.Array
    first: int


def lay_out(con: Connection, source: Source, sheet: Sheet) -> None:
    """Lay a sheet's rows out as `typed` and `cells`, and the different texts of its columns as `texts`.

    `typed` has `_row`, `scope` and the value of each field; `cells`, apart because it is seldom asked, has `_row` and,
    of each field that is no text, what stands in the file as `<field>_cell`. `texts` has a row for each field and
    text: `field`, `cell`, and what it is read as, which is one of `number`, `day` and `word` or none.
    """
    columns = list(_columns(source, sheet))
    texts = _texts(con, columns)
    read_as = {name: _whole(texts.column(name)) for name in ("cell", *_READ_AS.values())}
    typed = _typed(source, sheet, columns, read_as)
    con.register("typed", typed.select(list(scope_fields(source))))
    scope = arrow_table(con, f"select {scope_sql(source)} as scope from typed").column("scope")
    con.register("typed", typed.append_column("scope", _whole(scope.dictionary_encode())))
    con.register("cells", _cells(sheet, columns, read_as["cell"]))
    con.register("texts", texts)


def _columns(source: Source, sheet: Sheet) -> Iterator[_Column]:
    found = matched_columns(source, sheet.header)
    first = 0
    for one in source.fields:
        if one.name in found:
            encoded = _whole(sheet.rows.column(found[one.name]).dictionary_encode())
            yield _Column(one, encoded.indices, encoded.dictionary, first)
            first += len(encoded.dictionary)


def _texts(con: Connection, columns: Sequence[_Column]) -> pa.Table:
    """The different texts of all columns, one column after the other, and what each is read as."""
    # columns of one kind are read by the same SQL: it stands in the statement once
    kinds = dict.fromkeys((value_of(one.field, "cell"), sql_type(one.field)) for one in columns)
    numbers = {kind: number for number, kind in enumerate(kinds)}
    of_columns = [numbers[value_of(one.field, "cell"), sql_type(one.field)] for one in columns]
    as_published = pa.table(
        {
            "field": _repeated([one.field.name for one in columns], columns),
            "kind": _repeated(of_columns, columns),
            "text": pa.concat_arrays([one.texts for one in columns]),
        }
    )
    con.register("texts", as_published)
    read = ", ".join(f"{_cases(numbers, kind)} as {name}" for kind, name in _READ_AS.items())
    cells = "select field, kind, trim(text) as cell from texts"
    # the engine keeps the order of one table's rows: `first` of each column goes on being right
    return arrow_table(con, f"with cells as ({cells}) select field, cell, {read} from cells").combine_chunks()


def _repeated(values: Sequence[str | int], columns: Sequence[_Column]) -> pa.Array:
    """A value for each column, repeated for each of its texts."""
    return pa.concat_arrays([pa.repeat(value, len(one.texts)) for value, one in zip(values, columns, strict=True)])


def _cases(numbers: Mapping[tuple[str, str], int], wanted: str) -> str:
    """SQL for the value of a text of one of the kinds that have the wanted type."""
    cases = " ".join(f"when kind = {number} then {sql}" for (sql, kind), number in numbers.items() if kind == wanted)
    return f"case {cases} end" if cases else f"cast(null as {wanted})"


def _typed(source: Source, sheet: Sheet, columns: Sequence[_Column], read_as: Mapping[str, pa.Array]) -> pa.Table:
    """The rows with the value of each field."""
    # one for all fields that the file does not have
    absent = {kind: pa.nulls(sheet.rows.num_rows, arrow) for kind, arrow in _ARROW_TYPES.items()}
    by_field = {one.field.name: one for one in columns}
    laid = {ROW: sheet.rows.column(ROW)}
    for one in source.fields:
        column = by_field.get(one.name)
        if column is None:
            laid[one.name] = absent[sql_type(one)]
            continue
        values = read_as[_READ_AS[sql_type(one)]].slice(column.first, len(column.texts))
        laid[one.name] = _of_rows(column.places, values)
    return pa.table(laid)


def _cells(sheet: Sheet, columns: Sequence[_Column], cells: pa.Array) -> pa.Table:
    """The rows with what stands in the file, without the spaces around it."""
    laid = {ROW: sheet.rows.column(ROW)}
    for one in columns:
        if one.field.kind != "text":
            own = cells.slice(one.first, len(one.texts))
            laid[f"{one.field.name}_cell"] = pa.DictionaryArray.from_arrays(one.places, own)
    return pa.table(laid)


def _of_rows(places: pa.Array, values: pa.Array) -> pa.Array:
    """For each row the value at its place."""
    if not pa.types.is_string(values.type):
        return values.take(places)
    # texts stay in their list, of which the engine wants no entry to be NULL
    if values.null_count:
        places = pc.if_else(values.is_null().take(places), pa.scalar(None, places.type), places)
    return pa.DictionaryArray.from_arrays(places, values)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    return column.combine_chunks() if column.num_chunks else pa.array([], column.type)
