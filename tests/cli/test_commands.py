"""Each command: what it does, how it ends, and what it refuses."""

import csv
import io
import re
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from risk_model.demo import DEMO_AS_AT
from risk_model.domain.paths import DataDir
from risk_model.services.copy import require_build
from tests.cli.conftest import Ran, Run
from tests.registers import SmallSchool, write_registers

# the contract of `list`: what other tools read
COLUMNS = [
    "urn",
    "laestab",
    "name",
    "la_code",
    "la_name",
    "locality",
    "phase",
    "type",
    "route",
    "trust_name",
    "pupils",
    "priority",
    "outcomes_level",
    "outcomes_score",
    "outcomes_coverage",
    "leadership_level",
    "leadership_score",
    "leadership_coverage",
    "inspection_level",
    "inspection_score",
    "inspection_coverage",
    "reasons",
    "last_inspection_date",
    "last_inspection_outcome",
    "support_days_planned",
    "support_days_used",
    "support_active",
    "build_id",
    "rule_set",
    "as_at",
    "outcomes_adviser_level",
    "outcomes_agreed_level",
    "leadership_adviser_level",
    "leadership_agreed_level",
    "inspection_adviser_level",
    "inspection_agreed_level",
    "adviser_disagrees",
    "agreed_differs",
    "adviser_lapsed",
    "adviser_review_by",
    "next_inspection_due_by",
    "next_inspection_standing",
]


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _refused(ran: Ran) -> None:
    assert ran.code == 1
    assert ran.err.strip()
    assert "Traceback" not in ran.err + ran.out


# demo, releases, quality


def test_demo_in_an_empty_directory_makes_imports_and_builds(empty_data: DataDir, run: Run) -> None:
    ran = run("demo")
    assert ran.code == 0
    assert "Exampleshire" in ran.out
    # one as at the spring, so that there is something to compare with
    assert (require_build(empty_data).number, require_build(empty_data).as_at) == (2, DEMO_AS_AT)
    assert len(_rows(run("list").out)) == 259


def test_demo_twice_gives_the_same_schools_and_the_same_records(own_data: DataDir, run: Run) -> None:
    before = run("list").out
    again = run("demo")
    assert again.code == 0, again.err
    after = run("list").out
    without_build = [{**row, "build_id": ""} for row in _rows(before)]
    assert [{**row, "build_id": ""} for row in _rows(after)] == without_build
    assert run("releases").out.count("ks2-2024-2025") == 1


def test_demo_where_real_schools_are_loaded_is_refused_and_changes_nothing(own_small_data: DataDir, run: Run) -> None:
    before = run("list").out
    ran = run("demo")
    _refused(ran)
    assert "real schools are loaded" in ran.err
    assert run("list").out == before
    assert not own_small_data.demo.exists()


def test_releases_names_every_release_with_its_date(demo_data: DataDir, run: Run) -> None:
    ran = run("releases")
    assert ran.code == 0
    assert "ks2-2024-2025" in ran.out
    number = re.search(r"^(\d+) releases are loaded", ran.out, re.MULTILINE)
    assert number is not None
    assert int(number.group(1)) == len(list(demo_data.lake.glob("*.json")))


def test_quality_of_one_release_tells_of_it_alone(demo_data: DataDir, run: Run) -> None:
    release_id = sorted(path.stem for path in demo_data.lake.glob("ks2-2024-2025*.json"))[0]
    ran = run("quality", release_id)
    assert ran.code == 0
    assert ran.out.startswith(release_id)
    assert "1 releases" in ran.out


def test_quality_of_one_release_says_what_became_of_its_rows_and_figures(demo_data: DataDir, run: Run) -> None:
    release_id = sorted(path.stem for path in demo_data.lake.glob("ks2-2024-2025*.json"))[0]
    said = run("quality", release_id).out
    assert re.search(r"[\d,]+ rows in = [\d,]+ kept \+ [\d,]+ left out: they add up", said)
    assert "kept: rows of schools that are open and judged" in said
    assert "cells without a value: suppressed by the publisher" in said
    assert "figures of local authorities compared" in said


def test_quality_writes_the_values_that_cannot_be_true(demo_data: DataDir, tmp_path: Path, run: Run) -> None:
    ran = run("quality", "--out", tmp_path / "beyond.csv")
    assert ran.code == 0
    header = (tmp_path / "beyond.csv").read_text("utf-8-sig").splitlines()[0]
    assert header == "URN,School,Column,Value,What counts,Line,File,Year"


def test_quality_of_an_unknown_release_is_refused(demo_data: DataDir, run: Run) -> None:
    ran = run("quality", "nonsense")
    _refused(ran)
    assert "nonsense" in ran.err


# import


def test_import_and_build_of_registers_lists_their_schools(empty_data: DataDir, tmp_path: Path, run: Run) -> None:
    write_registers(tmp_path / "files", [SmallSchool(100002, "Bramblewick Primary School")])
    imported = run("import", tmp_path / "files")
    assert imported.code == 0, imported.err
    assert "2 imported" in imported.out
    built = run("build", "--as-at", "2025-10-01")
    assert built.code == 0, built.err
    assert [row["name"] for row in _rows(run("list").out)] == ["Bramblewick Primary School"]


def test_import_of_the_same_file_again_says_so_and_is_no_failure(
    own_small_data: DataDir, tmp_path: Path, run: Run
) -> None:
    files = write_registers(tmp_path / "files", [SmallSchool(100009, "Copperholt Primary School")])
    assert run("import", files[0], "--as-at", "2025-09-30").code == 0
    again = run("import", files[0], "--as-at", "2025-09-30")
    assert again.code == 0
    assert "already loaded" in again.out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("words.csv", b"nobody,knows\n1,2\n"),
        ("binary.csv", bytes(range(256)) * 20),
        ("broken.zip", b"PK\x03\x04 this is no archive"),
        ("broken.xlsx", b"PK\x03\x04 this is no workbook"),
    ],
)
def test_import_of_what_cannot_be_read_is_refused_and_the_list_unchanged(
    name: str, content: bytes, own_small_data: DataDir, tmp_path: Path, run: Run
) -> None:
    before = run("list").out
    releases = run("releases").out
    given = tmp_path / name
    given.write_bytes(content)
    ran = run("import", given)
    _refused(ran)
    assert name in ran.err
    assert run("releases").out == releases
    assert run("list").out == before


def test_import_of_a_year_that_is_not_certain_is_refused_with_the_years_it_may_be(
    empty_data: DataDir, tmp_path: Path, run: Run
) -> None:
    given = tmp_path / "england_abs_2016.csv"
    given.write_text("LA,ESTAB,URN,PERCTOT,PPERSABS10\n999,2001,100001,4.0,10\n", "utf-8")
    ran = run("import", given)
    _refused(ran)
    assert "1 needs a year" in ran.out
    assert '"2016" alone, which can mean 2015-2016 or 2016-2017' in ran.err
    assert run("import", given, "--period", "2015-2016").code == 0


def test_import_of_a_path_that_is_not_there_is_refused(own_small_data: DataDir, tmp_path: Path, run: Run) -> None:
    ran = run("import", tmp_path / "nothing.csv")
    _refused(ran)
    assert "nothing.csv" in ran.err


def test_import_of_an_impossible_value_is_refused_and_the_good_file_lands(
    own_small_data: DataDir, tmp_path: Path, run: Run
) -> None:
    good, bad = write_registers(tmp_path / "files", [SmallSchool(100009, "Copperholt Primary School")])
    content = bad.read_bytes()
    bad.write_bytes(content.replace(b"18/04/2023", b"31/02/2023"))
    ran = run("import", tmp_path / "files")
    _refused(ran)
    assert "31/02/2023" in ran.err
    assert "1 imported" in ran.out
    assert "1 refused" in ran.out
    assert good.name in run("releases").out


@pytest.mark.parametrize(
    ("option", "value"), [("--period", "2023"), ("--as-at", "31 Smarch"), ("--published-on", "soon")]
)
def test_import_with_an_option_that_is_no_date_is_refused(
    option: str, value: str, own_small_data: DataDir, tmp_path: Path, run: Run
) -> None:
    files = write_registers(tmp_path / "files", [SmallSchool(100009, "Copperholt Primary School")])
    ran = run("import", files[0], option, value)
    _refused(ran)
    assert value in ran.err


def test_a_register_of_real_schools_sets_the_demo_aside(own_data: DataDir, tmp_path: Path, run: Run) -> None:
    write_registers(tmp_path / "files", [SmallSchool(100002, "Bramblewick Primary School")])
    assert run("import", tmp_path / "files").code == 0
    built = run("build", "--as-at", "2026-11-20")
    assert built.code == 0, built.err
    assert [row["urn"] for row in _rows(run("list").out)] == ["100002"]


# build


def test_build_moves_the_pointer_to_the_new_build(own_small_data: DataDir, run: Run) -> None:
    before = require_build(own_small_data)
    ran = run("build", "--as-at", "2025-11-01")
    assert ran.code == 0
    now = require_build(own_small_data)
    assert (now.number, now.as_at) == (before.number + 1, date(2025, 11, 1))
    assert now.build_id in ran.out


def test_build_of_nothing_is_refused(empty_data: DataDir, run: Run) -> None:
    _refused(run("build"))


def test_build_with_a_rule_folder_that_is_not_there_is_refused_and_the_build_stays(
    own_small_data: DataDir, tmp_path: Path, run: Run
) -> None:
    before = require_build(own_small_data)
    _refused(run("build", "--rules", tmp_path / "nothing"))
    assert require_build(own_small_data) == before


def test_build_on_an_engine_that_is_not_installed_is_refused_with_what_to_install(
    own_small_data: DataDir, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    before = require_build(own_small_data)
    ran = run("build", "--engine", "spark")
    _refused(ran)
    assert "pip install pyspark==4.0.5" in ran.err
    assert require_build(own_small_data) == before
    assert run("build", "--engine", "abacus").code == 2


# list


def test_list_to_a_pipe_has_exactly_the_columns_of_the_contract(demo_data: DataDir, run: Run) -> None:
    ran = run("list")
    assert ran.code == 0
    assert ran.out.splitlines()[0].split(",") == COLUMNS


@pytest.mark.parametrize("ending", ["csv", "CSV", "parquet", "xlsx"])
def test_list_to_a_file_has_exactly_the_columns_and_the_schools(
    ending: str, demo_data: DataDir, tmp_path: Path, run: Run
) -> None:
    out = tmp_path / "deep" / f"list.{ending}"
    ran = run("list", "--out", out)
    assert ran.code == 0, ran.err
    listed = _rows(run("list").out)
    assert f"{len(listed)} schools" in ran.out
    columns, urns = _read(out)
    assert columns == COLUMNS
    assert urns == [row["urn"] for row in listed]


def _read(path: Path) -> tuple[list[str], list[str]]:
    if path.suffix == ".parquet":
        table = pd.read_parquet(path)
        return list(table.columns), list(table["urn"])
    if path.suffix == ".xlsx":
        rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Schools").to_python()
        return [str(name) for name in rows[0]], [str(row[0]) for row in rows[1:]]
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or ()), [row["urn"] for row in reader]


def test_list_values_in_csv_are_the_values_on_the_pipe(demo_data: DataDir, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "list.csv"
    run("list", "--out", out)
    assert _rows(out.read_text("utf-8-sig")) == _rows(run("list").out)


def test_list_leaves_a_missing_value_empty_in_csv(small_data: DataDir, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "list.csv"
    run("list", "--out", out)
    by_urn = {row["urn"]: row for row in _rows(out.read_text("utf-8-sig"))}
    never_inspected = by_urn["100004"]
    assert never_inspected["last_inspection_date"] == ""
    assert never_inspected["locality"] == never_inspected["trust_name"] == ""
    assert never_inspected["support_days_planned"] == never_inspected["support_days_used"] == ""
    assert never_inspected["last_inspection_outcome"] == "Not yet inspected"


def test_list_of_one_la_has_its_schools_alone(demo_data: DataDir, run: Run) -> None:
    assert {row["la_code"] for row in _rows(run("list", "--la", "999").out)} == {"999"}


def test_list_of_an_unknown_la_is_refused(demo_data: DataDir, run: Run) -> None:
    ran = run("list", "--la", "123")
    _refused(ran)
    assert "123" in ran.err


def test_list_to_an_unknown_ending_is_refused_and_nothing_is_written(
    demo_data: DataDir, tmp_path: Path, run: Run
) -> None:
    ran = run("list", "--out", tmp_path / "list.docx")
    _refused(ran)
    assert ".csv, .parquet or .xlsx" in ran.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [["list"], ["explain", "900001"]])
def test_reading_where_nothing_is_built_is_refused_with_what_to_do(
    command: list[str], empty_data: DataDir, run: Run
) -> None:
    ran = run(*command)
    _refused(ran)
    assert "python -m risk_model demo" in ran.err


def test_list_as_at_judges_by_that_date_and_leaves_the_pointer(own_small_data: DataDir, run: Run) -> None:
    before = require_build(own_small_data)
    ran = run("list", "--as-at", "2025-12-31")
    assert ran.code == 0, ran.err
    assert {row["as_at"] for row in _rows(ran.out)} == {"2025-12-31"}
    assert require_build(own_small_data) == before
    assert {row["as_at"] for row in _rows(run("list").out)} == {before.as_at.isoformat()}


def test_explain_as_at_judges_by_that_date_and_leaves_the_pointer(own_small_data: DataDir, run: Run) -> None:
    before = require_build(own_small_data)
    ran = run("explain", "100001", "--as-at", "2025-12-31")
    assert ran.code == 0, ran.err
    assert "as at 2025-12-31" in ran.out
    assert require_build(own_small_data) == before


def test_list_as_at_a_date_before_any_register_uses_no_evidence_of_later(own_small_data: DataDir, run: Run) -> None:
    rows = _rows(run("list", "--as-at", "2023-05-01").out)
    assert len(rows) == 4
    # the inspection of April 2023 was published on 23 May
    assert {row["inspection_level"] for row in rows} == {"not enough evidence"}


@pytest.mark.parametrize("command", [["list"], ["explain", "100001"], ["build"]])
def test_a_date_that_does_not_exist_is_refused(command: list[str], own_small_data: DataDir, run: Run) -> None:
    ran = run(*command, "--as-at", "2025-02-30")
    _refused(ran)
    assert "2025-02-30" in ran.err


# explain


def test_explain_tells_every_rule_of_the_three_statements(demo_data: DataDir, run: Run) -> None:
    urn = next(row["urn"] for row in _rows(run("list").out) if row["name"] == "Alder Bank Primary School")
    ran = run("explain", urn)
    assert ran.code == 0
    assert ran.out.startswith(f"Alder Bank Primary School (URN {urn}), Exampleshire")
    for title in ("Likely good outcomes", "Leaders and governors", "Likely good or better"):
        assert title in ran.out
    assert "row" in ran.out
    assert "not a prediction" in ran.out
    assert ran.out.count("How firm it is: ") == 3
    assert "What would make it" in ran.out


def test_explain_since_a_build_tells_what_moved_in_each_statement(demo_data: DataDir, run: Run) -> None:
    ran = run("explain", "900001", "--since", "1")
    assert ran.code == 0, ran.err
    assert ran.out.count("Since build 1, as at 30 April 2026: ") == 3


def test_explain_since_a_build_that_is_not_kept_is_refused(demo_data: DataDir, run: Run) -> None:
    ran = run("explain", "900001", "--since", "nonsense")
    _refused(ran)
    assert "nonsense" in ran.err


@pytest.mark.parametrize("urn", ["999999", "abc", "' or '1'='1", "-"])
def test_explain_of_an_unknown_urn_is_refused(urn: str, demo_data: DataDir, run: Run) -> None:
    ran = run("explain", urn)
    _refused(ran)
    assert urn in ran.err


# wrong usage


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["list", "--nonsense"], ["explain"], ["import"], ["list", "--la"], ["demo", "extra"], []],
)
def test_wrong_usage_ends_with_2(arguments: list[str], demo_data: DataDir, run: Run) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_help_ends_with_0_and_names_every_command(demo_data: DataDir, run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    for command in ("demo", "import", "releases", "quality", "build", "list", "explain"):
        assert command in ran.out


def test_template_lists_the_kinds_and_writes_one(run: Run, tmp_path: Path) -> None:
    listed = run("template")
    assert listed.code == 0
    assert all(kind in listed.out for kind in ("la_visits", "localities", "system_leaders", "allocations"))
    shown = run("template", "la_visits")
    assert shown.out.startswith("urn,seen_on,recorded_by,visit_kind,impact,")
    out = tmp_path / "new" / "visits.xlsx"
    assert run("template", "la_visits", "--out", out).code == 0
    assert CalamineWorkbook.from_path(str(out)).sheet_names[0] == "LA visits and their judgement"
    _refused(run("template", "nothing"))
    _refused(run("template", "la_visits", "--out", tmp_path / "visits.doc"))


def test_records_of_a_file_are_written_once_and_whole(run: Run, own_data: DataDir, tmp_path: Path) -> None:
    path = tmp_path / "leaders.csv"
    run("template", "system_leaders", "--out", path)
    header = path.read_text("utf-8-sig").splitlines()[0]
    rest = "," * (header.count(",") - 1)
    path.write_text(f"{header}\nSystem leader 91,NLE{rest}\nSystem leader 92,SLE{rest}\n", "utf-8")
    first = run("records", path)
    assert (first.code, first.out) == (0, "2 system leaders were recorded; 0 were there already.\n")
    assert run("records", path, "--la", "999").out == "0 system leaders were recorded; 2 were there already.\n"
    path.write_text(f"{header}\nSystem leader 93,NLE{rest}\nSystem leader 94,hero{rest}\n", "utf-8")
    refused = run("records", path)
    _refused(refused)
    assert "line 3, role: 'hero' is not a known word." in refused.err
    path.write_text(f"{header}\nSystem leader 93,NLE{rest}\n", "utf-8")
    assert "1 system leaders were recorded" in run("records", path).out, "nothing of the refused file was written"
    _refused(run("records", tmp_path / "none.csv"))


def test_import_of_a_list_that_becomes_records_says_where(run: Run, empty_data: DataDir, tmp_path: Path) -> None:
    path = tmp_path / "support.xlsx"
    run("template", "allocations", "--out", path)
    ran = run("import", path)
    _refused(ran)
    assert "python -m risk_model records FILE" in ran.err
    assert ran.err.count("was not imported") == 1, "the sheets that explain are no tables"
