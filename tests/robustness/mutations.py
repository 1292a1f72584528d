"""Published files, changed by chance as they are changed in life and in malice; and what must be true all the same.

A changed file is refused and changes nothing, or lands whole. What lands is read a second way (Python's csv and
Decimal), and every value of it must be the same, or missing for a reason.
"""

import csv
import io
import random
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from risk_model.domain.paths import DataDir
from risk_model.sources.catalogue import source_named
from risk_model.sources.contract import Field, matched_columns
from risk_model.sources.importing import FileReport, import_paths
from risk_model.sources.typing import markers, typed_columns
from risk_model.warehouse.engine import literal, rows, scratch
from risk_model.warehouse.lake import Release, parquet_path, read_releases

Rows = list[list[str]]
Chance = random.Random
ROWS_KEPT = 15
ENDED = ("imported", "refused", "not a known kind", "needs a year", "needs a day", "already loaded")
_NUMBER = re.compile(r"-?£?-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?%?")
_DATES = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")
# the space, and those that are no line's end, such as the one that does not break
_SPACES = "".join(chr(code) for code in range(0x3001) if unicodedata.category(chr(code)) == "Zs")
_KEYS = ("urn", "school_urn", "la num", "time_period")
_ODD_CELLS = (
    "1e400", "-1", "-0", "999999999999999999999", "63%", "0.63", "63,4", "1,23", "12/31/2024", "31/02/2024",
    "04/13/2023", "Infinity", "NaN", "epoch", "infinity", "=1+1", "@SUM(A1)", "<b>63</b>", "６３", "\u221263",
    "'63", "63.0.0", "0x1F", "1_000", "\u201c63\u201d", "\u00a063", "63\u00a0", "\t63", " 63 ", "£63", "63£",
    "--5", "-£-5", "%", "£", ".", "e5", "5e", "+63", "63 %", "1 000", "6 3", "true", "NULL", "null",
    "#DIV/0!", "#REF!", "SUPP ", "supp", "x" * 300, "63\n64", "63\r64", "'; drop table typed; --", "\ufeff63",
    "63\u200b", "½", "٣", "1/2", "2024-02-30", "0000-01-01", "9999-12-31",
)  # fmt: skip


@dataclass(frozen=True)
class Published:
    """A small file in a published layout: its name, which says its year, and its rows, the header first."""

    name: str
    rows: Rows


@dataclass(frozen=True)
class Mutated:
    """A file with what was done to it."""

    name: str
    content: bytes
    done: tuple[str, ...]


def published_in(folder: Path) -> list[Published]:
    """Every CSV below a folder, cut to its header, its first rows and its last."""
    found = []
    for path in sorted(folder.rglob("*.csv")):
        if "records" in path.parts:
            continue
        text = _text(path.read_bytes())
        lines = list(csv.reader(io.StringIO(text, newline="")))
        kept = [*lines[: ROWS_KEPT + 1], *lines[max(len(lines) - ROWS_KEPT, ROWS_KEPT + 1) :]]
        found.append(Published(path.relative_to(folder).as_posix(), kept))
    return found


def _text(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _drop_column(table: Rows, chance: Chance) -> Rows:
    at = chance.randrange(len(table[0]))
    return [[*row[:at], *row[at + 1 :]] for row in table]


def _repeat_column(table: Rows, chance: Chance) -> Rows:
    at = chance.randrange(len(table[0]))
    return [[*row, *row[at : at + 1]] for row in table]


def _rename_column(table: Rows, chance: Chance) -> Rows:
    at = chance.randrange(len(table[0]))
    name = chance.choice([table[0][at].lower(), f" {table[0][at]}  ", f"{table[0][at]}_2", "", "\ufeff" + table[0][at]])
    return [[*table[0][:at], name, *table[0][at + 1 :]], *table[1:]]


def _reorder_columns(table: Rows, chance: Chance) -> Rows:
    order = list(range(len(table[0])))
    chance.shuffle(order)
    return [[row[at] if at < len(row) else "" for at in order] for row in table]


def _swap_two_headers(table: Rows, chance: Chance) -> Rows:
    header = list(table[0])
    one, other = chance.randrange(len(header)), chance.randrange(len(header))
    header[one], header[other] = header[other], header[one]
    return [header, *table[1:]]


def _change_cells(table: Rows, chance: Chance) -> Rows:
    changed = [list(row) for row in table]
    for _ in range(chance.choice([1, 1, 2, 8])):
        row = changed[chance.randrange(1, len(changed))]
        if row:
            row[chance.randrange(len(row))] = chance.choice(_ODD_CELLS)
    return changed


def _change_a_column(table: Rows, chance: Chance) -> Rows:
    at, cell = chance.randrange(len(table[0])), chance.choice(_ODD_CELLS)
    return [table[0], *([*row[:at], cell, *row[at + 1 :]] for row in table[1:])]


def _fractions(table: Rows, chance: Chance) -> Rows:
    at = chance.randrange(len(table[0]))

    def divided(cell: str) -> str:
        bare = cell.strip().removesuffix("%")
        return str(Decimal(bare) / 100) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", bare) else cell

    return [table[0], *([*row[:at], *map(divided, row[at : at + 1]), *row[at + 1 :]] for row in table[1:])]


def _shift_a_row(table: Rows, chance: Chance) -> Rows:
    changed = [list(row) for row in table]
    row, at = changed[chance.randrange(1, len(changed))], chance.randrange(len(table[0]))
    if chance.random() < 0.5:
        row.insert(at, "")
    else:
        del row[at : at + 1]
    return changed


def _blank_rows(table: Rows, chance: Chance) -> Rows:
    at = chance.randrange(len(table))
    return [*table[:at], *([chance.choice([[], [""] * len(table[0]), [" "]])] * chance.randrange(1, 4)), *table[at:]]


def _repeat_a_row(table: Rows, chance: Chance) -> Rows:
    return [*table, table[chance.randrange(1, len(table))]]


def _header_again(table: Rows, chance: Chance) -> Rows:
    at = chance.randrange(1, len(table) + 1)
    return [*table[:at], table[0], *table[at:]]


def _title_above(table: Rows, chance: Chance) -> Rows:
    return [["Published figures, provisional"], *table]


def _many_columns(table: Rows, chance: Chance) -> Rows:
    count = chance.choice([100, 10_000])
    return [[*row, *(f"C{n}" for n in range(count))] for row in table]


def _long_cell(table: Rows, chance: Chance) -> Rows:
    changed = [list(row) for row in table]
    row = changed[chance.randrange(len(changed))]
    row[chance.randrange(len(row)) if row else 0 :][:1] = ["y" * chance.choice([1_000, 140_000])]
    return changed


ON_ROWS: tuple[Callable[[Rows, Chance], Rows], ...] = (
    _drop_column, _repeat_column, _rename_column, _reorder_columns, _swap_two_headers, _change_cells, _change_cells,
    _change_cells, _change_a_column, _fractions, _shift_a_row, _blank_rows, _repeat_a_row, _header_again, _title_above,
    _many_columns, _long_cell,
)  # fmt: skip


def _cut(content: bytes, chance: Chance) -> bytes:
    return content[: chance.randrange(len(content) // 2, len(content))]


def _insert(content: bytes, chance: Chance) -> bytes:
    at = chance.randrange(len(content))
    piece = chance.choice(
        [
            b"\x00",
            b"\xff",
            b"\x80",
            b"\x8d",
            b"\xef\xbb\xbf",
            b'"',
            b"\r",
            b"\n",
            b"\x1a",
            b"\xc3",
            b",",
            b";;",
            b"\x0b",
            b"\x85",
        ]
    )
    return content[:at] + piece + content[at:]


def _mix_encodings(content: bytes, chance: Chance) -> bytes:
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    lines[at] = chance.choice([lines[at] + "Zoë–".encode("cp1252"), lines[at] + "Zoë–".encode(), lines[at][::-1]])
    return b"\n".join(lines)


def _encode_otherwise(content: bytes, chance: Chance) -> bytes:
    encoding = chance.choice(["utf-16", "utf-16-le", "utf-8-sig", "cp1252", "utf-32"])
    return content.decode("utf-8", "replace").encode(encoding, "replace")


def _other_separator(content: bytes, chance: Chance) -> bytes:
    other = chance.choice([b";", b"\t", b"|"])
    if chance.random() < 0.7:
        return content.replace(b",", other)
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    return b"\n".join([*lines[:at], lines[at].replace(b",", other), *lines[at + 1 :]])


def _other_line_ends(content: bytes, chance: Chance) -> bytes:
    return content.replace(b"\r\n", chance.choice([b"\n", b"\r", b"\n\n", b"\r\r\n", b"\x0b"]))


def _garbage_behind(content: bytes, chance: Chance) -> bytes:
    return content + chance.choice(
        [b"\x1a", b"garbage", b"\r\nEnd of file\r\n", b"<html>", bytes(20), b",,,,,,\r\n" * 5]
    )


ON_BYTES: tuple[Callable[[bytes, Chance], bytes], ...] = (
    _cut, _cut, _insert, _insert, _mix_encodings, _encode_otherwise, _other_separator, _other_line_ends,
    _garbage_behind,
)  # fmt: skip


def mutated(files: Sequence[Published], seed: int) -> Mutated:
    """One of the files, changed in one to three ways; the same seed makes the same file."""
    chance = random.Random(seed)
    file = files[chance.randrange(len(files))]
    table, done = file.rows, []
    on_rows = chance.sample(ON_ROWS, chance.choice([0, 1, 1, 2]))
    for change in on_rows:
        table = change(table, chance)
        done.append(change.__name__.strip("_"))
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(table)
    content = out.getvalue().encode("utf-8", "replace")
    for to_bytes in chance.sample(ON_BYTES, 1 if not on_rows else chance.choice([0, 0, 1])):
        content = to_bytes(content, chance)
        done.append(to_bytes.__name__.strip("_"))
    return Mutated(file.name, content, tuple(done))


@dataclass(frozen=True)
class Outcome:
    """What became of a changed file.

    Attributes:
        wrong: what should not be so, in words; empty where all is well.
        compared: how many values were read a second way.
    """

    statuses: tuple[str, ...]
    compared: int
    wrong: tuple[str, ...]


def outcome(file: Mutated, desk: Path) -> Outcome:
    """Import a changed file into an empty lake beside a release that is there, and check what came of it."""
    data, given = DataDir(desk / "data"), desk / "given"
    before = _files(data)
    path = given / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.content)
    reports = import_paths(data, [given])
    shutil.rmtree(given)
    wrong = [f"ended as {report.status}" for report in reports if report.status not in ENDED]
    wrong += [
        f"refused without saying why: {one.refusal}"
        for one in reports
        if one.status == "refused" and not one.refusal[1:]
    ]
    landed = {report.release_id for report in reports if report.status == "imported"}
    after = _files(data)
    wrong += [f"{name} changed" for name, content in before.items() if after.get(name) != content]
    new = {f"{release_id}{ending}" for release_id in landed for ending in (".json", ".parquet")}
    if set(after) - set(before) != new:
        wrong.append(f"the lake has {sorted(set(after) - set(before))}, expected {sorted(new)}")
    compared = 0
    for release in read_releases(data):
        if release.release_id in landed:
            count, differing = compare(data, release, file.content)
            compared += count
            wrong.extend(differing)
    for name in new:
        (data.lake / name).unlink(missing_ok=True)
    return Outcome(tuple(report.status for report in reports), compared, tuple(wrong))


def _files(data: DataDir) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in data.lake.glob("*") if path.name != "import.lock"}


def compare(data: DataDir, release: Release, content: bytes) -> tuple[int, list[str]]:
    """How many values of a release were read a second way, and which are not the same."""
    source = source_named(release.source_id)
    header, body = second_reading(content)
    found = matched_columns(source, release.header)
    with scratch() as con:
        path = literal(parquet_path(data, release.release_id).as_posix())
        typed = rows(
            con, f"select _row, {typed_columns(source, release.header)} from read_parquet({path}) order by _row"
        )
    wrong = [] if [row["_row"] for row in typed] == sorted(body) else ["other rows than a second reading finds"]
    places = {name: header.index(column.strip()) for name, column in found.items() if column.strip() in header}
    compared = 0
    for row in typed:
        cells = body.get(row["_row"], [])
        for name, at in places.items():
            field, cell = source.field_named(name), _cell(cells, at)
            compared += 1
            missing = row.get(f"{name}_missing")
            of = places.get(field.share_of)
            if of is not None and expected_value(field, cell) == 0:
                # a share of nobody is no share
                is_of_some = expected_value(source.field_named(field.share_of), _cell(cells, of))
                if not is_of_some and (row[name], missing) == (None, "not_available"):
                    continue
            wrong.extend(_differs(field, cell, row[name], missing, row["_row"]))
    return compared, wrong[:5]


def _cell(cells: Sequence[str], at: int) -> str:
    return (cells[at] if at < len(cells) else "").strip(_SPACES)


def second_reading(content: bytes) -> tuple[list[str], dict[int, list[str]]]:
    """Header and rows by the line in which they begin, read by Python's csv alone."""
    text = _text(content)
    best: tuple[int, list[tuple[int, list[str]]]] = (-1, [])
    for separator in (",", ";", "\t"):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        lines, first = [], 1
        for row in reader:
            lines.append((first, row))
            first = reader.line_num + 1
        widest = max((len(row) for _, row in lines[:10]), default=0)
        best = max(best, (widest, lines), key=lambda pair: pair[0])
    lines = best[1]
    at = next((n for n, (_, row) in enumerate(lines[:10]) if {_bare(c).casefold() for c in row} & set(_KEYS)), 0)
    header = [_bare(cell) for cell in lines[at][1]]
    return header, {line: row for line, row in lines[at + 1 :] if any(cell.strip() for cell in row)}


def _bare(cell: str) -> str:
    return cell.replace("\ufeff", "").strip()


def _differs(field: Field, cell: str, value: object, missing: object, line: int) -> Iterator[str]:
    expected = expected_value(field, cell)
    shown = f"line {line}, {field.name} ({field.kind}): {cell[:60]!r} was read as {value!r}"
    if value is None and field.kind in ("count", "percent", "number", "money") and not missing:
        yield f"{shown}, without a reason"
    if value is None and missing == "implausible" and expected is not None:
        return
    if value != expected and not (
        isinstance(value, float) and isinstance(expected, Decimal) and value == float(expected)
    ):
        yield f"{shown}, a second reading says {expected!r} (missing: {missing})"


def expected_value(field: Field, cell: str) -> object:
    """What a cell says, by Python alone: text, date, year or Decimal; None for markers and what cannot be read."""
    if field.kind == "text":
        return None if cell in ("", "NULL") else cell
    if field.kind == "code":
        return _code(field, cell)
    if field.kind == "date":
        return _date(cell)
    if field.kind == "year":
        return _year(cell)
    if cell in markers() or not _NUMBER.fullmatch(cell) or not any(c.isdigit() for c in cell):
        return None
    if field.kind in ("count", "money") and cell.endswith("%"):
        return None
    if field.kind in ("count", "percent") and "£" in cell:
        return None
    digits = cell.replace(",", "").replace("£", "").removesuffix("%")
    try:
        number = Decimal(digits)
    except ArithmeticError:
        return None
    return number if abs(number) < Decimal("1e300") else None


def _code(field: Field, cell: str) -> str | None:
    same = dict(field.same_as)
    if field.any_case:
        return {code.casefold(): code for code in field.codes}.get(cell.casefold())
    return same.get(cell) or (cell if cell in field.codes else None)


def _date(cell: str) -> date | None:
    for form in _DATES:
        try:
            found = datetime.strptime(cell, form).date()
        except ValueError:
            continue
        return found if found.year >= 1000 else None
    return None


def _year(cell: str) -> str | None:
    found = re.fullmatch(r"(20[0-9]{2})[-/ ]?(?:20)?([0-9]{2})", cell)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        return None
    return f"{found[1]}-{int(found[1]) + 1}"


def desk_with_a_release(folder: Path) -> Path:
    """A data directory with one release that must not change, whatever comes."""
    path = folder / "first" / "localities.csv"
    path.parent.mkdir(parents=True)
    path.write_text("urn,locality\r\n100001,North\r\n100002,South\r\n", "utf-8", newline="")
    reports: list[FileReport] = import_paths(DataDir(folder / "data"), [path])
    assert [report.status for report in reports] == ["imported"], reports
    return folder
