"""Two ways to prove the model: rules on a handful of figures, and whole builds from small files as published."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from risk_model.demo.files import header_of_year
from risk_model.domain.paths import DataDir
from risk_model.domain.words import Statement
from risk_model.rules.reader import read_rules
from risk_model.scoring.evaluating import create_current_values, create_no_findings, create_rule_outcomes, evaluate
from risk_model.scoring.rule_tables import create_rule_tables
from risk_model.sources.contract import Source, matched_columns
from risk_model.sources.importing import ImportOptions, import_paths
from risk_model.warehouse.builds import Build
from risk_model.warehouse.engine import Connection, rows, scratch

PROJECT = Path(__file__).resolve().parents[2]
LAYOUTS = PROJECT / "risk_model" / "demo" / "layouts"
AS_AT = date(2025, 12, 31)
RESULTS_DAY = date(2025, 8, 31)
URN = "110001"
OTHER = "110002"
ABSENT = "no row"


@dataclass(frozen=True)
class Figure:
    """One figure of the school under test, as a row of measure_values."""

    measure_id: str
    value: float | None = None
    missing: str | None = None
    lower: float | None = None
    upper: float | None = None
    figure: float | None = None
    benchmark: float | None = None
    n: float | None = None
    on: date | None = RESULTS_DAY
    period: str = "2024-2025"
    weight: float = 1.0
    caveat: str | None = None

    def row(self, urn: str) -> dict[str, object]:
        """The figure as measure_values holds it."""
        return {
            "urn": urn,
            "measure_id": self.measure_id,
            "period": self.period,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "denominator": self.n,
            "figure": self.figure,
            "benchmark": self.benchmark,
            "missing_reason": self.missing,
            "measured_on": self.on,
            "weight": self.weight,
            "caveat": self.caveat,
        }


_FIGURES = pa.schema(
    [
        *((name, pa.string()) for name in ("urn", "measure_id", "period")),
        *((name, pa.float64()) for name in ("value", "lower", "upper", "denominator", "figure", "benchmark")),
        ("missing_reason", pa.string()),
        ("measured_on", pa.date32()),
        ("weight", pa.float64()),
        ("caveat", pa.string()),
    ]
)


@dataclass(frozen=True)
class Outcome:
    """What came of one rule for the school under test."""

    status: str
    missing_reason: str | None
    points: float
    points_available: float
    near_miss: bool
    is_gate: bool
    is_significant: bool
    is_capped: bool
    is_core_evidence: bool
    sentence: str


class Bench:
    """The real rules and the real SQL, over figures that a test writes down."""

    def __init__(self, con: Connection) -> None:
        self.con = con
        self._rule_set = read_rules()
        self._in_force = self._rule_set
        self._rules_of: tuple[date, str] | None = None
        con.execute("create table schools (urn varchar, phase varchar)")
        create_measure_values_table(con)

    def rules_on(self, as_at: date, only: str = "") -> None:
        """Put the rules of a date into their tables; one alone is quicker to judge."""
        if self._rules_of == (as_at, only):
            return
        alone = tuple(rule for rule in self._rule_set.on(as_at) if rule.id == only)
        rule_set = self._rule_set.model_copy(update={"rules": alone}) if alone else self._rule_set
        create_rule_tables(self.con, rule_set, as_at)
        self._in_force = rule_set
        self._rules_of = (as_at, only)

    def place(self, schools: Mapping[str, str], figures: Mapping[str, Sequence[Figure]]) -> None:
        """Replace the schools ({urn: phase}) and their figures ({urn: figures})."""
        self.con.execute("delete from schools")
        self.con.execute("delete from measure_values")
        for urn, phase in schools.items():
            self.con.execute("insert into schools values ($urn, $phase)", {"urn": urn, "phase": phase})
        given = [one.row(urn) for urn, of_school in figures.items() for one in of_school]
        insert_figures(self.con, given)

    def evaluate(self, as_at: date) -> None:
        """What comes of the rules; figures of the levels are those that the test gave."""
        create_current_values(self.con)
        create_no_findings(self.con)
        evaluate(self.con, self._in_force, set(Statement), as_at)
        create_rule_outcomes(self.con)

    def judge(
        self,
        figures: Sequence[Figure],
        *,
        phase: str = "primary",
        as_at: date = AS_AT,
        others: Sequence[Figure] = (),
        only: str = "",
    ) -> dict[str, Outcome]:
        """Every rule's outcome for one school; `others` are figures of a second school, so that they are loaded."""
        self.rules_on(as_at, only)
        self.place({URN: phase, OTHER: phase}, {URN: figures, OTHER: others})
        self.evaluate(as_at)
        return {row["rule_id"]: _outcome(row) for row in rows(self.con, _OUTCOMES, {"urn": URN})}


_OUTCOMES = "select * from rule_outcomes where urn = $urn order by rule_id"


def _outcome(row: Mapping[str, Any]) -> Outcome:
    return Outcome(**{name: row[name] for name in Outcome.__dataclass_fields__})


@contextmanager
def open_bench() -> Iterator[Bench]:
    """A bench, gone at the end."""
    with scratch() as con:
        yield Bench(con)


@dataclass(frozen=True)
class Case:
    """One line of a rule's table: what the school has, and what must come of it."""

    name: str
    figures: tuple[Figure, ...]
    status: str
    points: float = 0.0
    reason: str | None = None
    phase: str = "primary"
    as_at: date = AS_AT
    near: bool = False
    gate: bool = False
    significant: bool = False
    capped: bool = False
    core: bool = False
    others: tuple[Figure, ...] = ()


def check(bench: Bench, rule_id: str, case: Case) -> Outcome | None:
    """Judge a case and compare everything that a level reads."""
    found = bench.judge(case.figures, phase=case.phase, as_at=case.as_at, others=case.others, only=rule_id)
    if case.status == ABSENT:
        assert rule_id not in found
        return None
    got = found[rule_id]
    assert (got.status, got.missing_reason, got.points) == (case.status, case.reason, case.points)
    assert (got.is_gate, got.is_significant, got.is_capped) == (case.gate, case.significant, case.capped)
    assert (got.near_miss, got.is_core_evidence) == (case.near, case.core)
    assert "{" not in got.sentence
    assert got.sentence
    return got


def named(cases: Iterable[Case]) -> list[Any]:
    """Cases for parametrize, each under its own name."""
    return [pytest.param(case, id=case.name.replace(" ", "_")) for case in cases]


def missing_cases(measure_id: str, *reasons: str, phase: str = "primary") -> list[Case]:
    """A missing figure scores nothing and keeps its reason; with no row the reason is where the row is lacking."""
    known = Figure(measure_id, value=0.0)
    return [
        *(
            Case(
                f"missing {reason}",
                (Figure(measure_id, missing=reason),),
                "not assessed",
                reason=reason,
                phase=phase,
            )
            for reason in reasons
        ),
        Case("no row of this school", (), "not assessed", reason="not_in_release", phase=phase, others=(known,)),
        Case("measure not loaded", (), "not assessed", reason="not_loaded", phase=phase),
    ]


def create_measure_values_table(con: Connection) -> None:
    """The empty table, as a build makes it."""
    con.execute("""
        create table measure_values (
            urn varchar, measure_id varchar, period varchar, value double, lower double, upper double,
            denominator double, figure double, benchmark double, missing_reason varchar,
            source_id varchar, release_id varchar, source_row integer, published_on date, measured_on date,
            weight double default 1.0, caveat varchar
        )""")


def create_no_score_points(con: Connection) -> None:
    """The list of points that orders the schools of the third statement, without a line in it."""
    con.execute("create or replace table score_points (urn varchar, points double)")


def insert_figures(con: Connection, given: Sequence[Mapping[str, object]]) -> None:
    """Add rows to measure_values."""
    con.register("given_figures", pa.Table.from_pylist([dict(row) for row in given], schema=_FIGURES))
    con.execute("insert into measure_values by name select * from given_figures")
    con.unregister("given_figures")


def load(con: Connection, name: str, given: Sequence[Mapping[str, object]], schema: pa.Schema | None = None) -> None:
    """A table made of rows that a test writes down."""
    con.register("given_rows", pa.Table.from_pylist([dict(row) for row in given], schema=schema))
    con.execute(f"create or replace table {name} as from given_rows")
    con.unregister("given_rows")


def header_of(layout: str) -> list[str]:
    """The header of a published file, as it was published."""
    with (LAYOUTS / f"{layout}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def write_file(
    path: Path,
    layout: str,
    records: Sequence[Mapping[str, object]],
    *,
    fill: str = "",
    encoding: str = "utf-8-sig",
    summer: int | None = None,
) -> Path:
    """Write a small file under the full header of a published one; a column that is not in the layout is a mistake.

    Args:
        summer: of another year than the layout's, under whose header its columns repeat earlier years.
    """
    header = header_of_year(layout, summer) if summer else header_of(layout)
    unknown = {name for record in records for name in record} - set(header)
    assert not unknown, f"not in {layout}: {sorted(unknown)}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([[record.get(name, fill) for name in header] for record in records])
    return path


def import_all(data: DataDir, folder: Path, options: ImportOptions | None = None) -> None:
    """Import a folder through the front door; every file must land."""
    reports = import_paths(data, [folder], options)
    refused = [(one.name, one.refusal) for one in reports if one.status != "imported"]
    assert reports
    assert not refused, refused


def published_names(layout: str, source: Source, records: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """Records by the product's names for fields, under the columns that a layout has for them."""
    columns = matched_columns(source, header_of(layout))
    return [{columns[name]: cell_of(value) for name, value in record.items()} for record in records]


def cell_of(value: object) -> object:
    """A value as Ofsted and the register write it."""
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else value


def write_ofsted(path: Path, layout: str, source: Source, records: Sequence[Mapping[str, object]]) -> Path:
    """A file of Ofsted's: Windows-1252, NULL where there is nothing."""
    return write_file(path, layout, published_names(layout, source, records), fill="NULL", encoding="cp1252")


def school(urn: int, **more: object) -> dict[str, object]:
    """One open community primary school of Camden, by the product's names for an Ofsted file's columns."""
    return {
        "urn": urn,
        "laestab": f"202{urn % 10_000:04d}",
        "name": f"Test School {urn}",
        "ofsted_phase": "Primary",
        "type": "Community School",
        "open_date": date(1990, 9, 1),
        "region": "London",
        "la_name": "Camden",
        "pupils": 210,
        "low_age": 4,
        "high_age": 11,
        **more,
    }


def build_rows(build: Build, sql: str, **params: object) -> list[dict[str, Any]]:
    """Ask a build."""
    with build.reader() as reader:
        return reader.rows(sql, params)
