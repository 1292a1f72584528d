"""The files look like the real ones: headers, encodings, line ends, markers, summary rows."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

Rows = list[dict[str, str]]
ReadRows = Callable[..., Rows]


LAYOUTS = Path(__file__).resolve().parents[2] / "risk_model" / "demo" / "layouts"
PROJECT = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("RISK_REAL_DATA") or PROJECT.parent / "shared" / "data")

# Layout, file of the demo, the real file that it was taken from, encoding.
HEADERS = [
    (
        "ofsted_2025",
        "ofsted/State-funded_schools_inspections_and_outcomes_as_at_31_August_2025.csv",
        "derived/ofsted/State-funded_schools_inspections_and_outcomes_as_at_31_August_2025.csv",
        "cp1252",
    ),
    (
        "ofsted_2026",
        "ofsted/2026-10-31_latest_inspections.csv",
        "raw/ofsted/2026-02-28_leeds_latest_inspections.csv",
        "cp1252",
    ),
    (
        "ofsted_events",
        "ofsted/inspection_events_2016_2025.csv",
        "derived/ofsted/inspection_events_2005_2025.csv",
        "utf-8-sig",
    ),
    ("gias", "gias/edubasealldata20261102.csv", "raw/gias/edubasealldata_sample_2024.csv", "cp1252"),
    (
        "gias_links",
        "gias/links_edubasealldata20261102.csv",
        "raw/gias/links_edubasealldata20250422.csv",
        "cp1252",
    ),
    ("ks2_2017", "ks2/2016-2017/999_ks2final.csv", "raw/ks2/2016-2017/850_ks2final.csv", "utf-8-sig"),
    ("ks2_2018", "ks2/2017-2018/999_ks2final.csv", "raw/ks2/2017-2018/850_ks2final.csv", "utf-8-sig"),
    ("ks2_2019", "ks2/2018-2019/999_ks2final.csv", "raw/ks2/2018-2019/850_ks2final.csv", "utf-8-sig"),
    ("ks4_2017", "ks4/2016-2017/999_ks4final.csv", "raw/ks4/2016-2017/815_ks4final.csv", "utf-8-sig"),
    ("ks4_2018", "ks4/2017-2018/999_ks4final.csv", "raw/ks4/2017-2018/815_ks4final.csv", "utf-8-sig"),
    (
        "ks4_provisional",
        "ks4/2025-2026/999_ks4provisional.csv",
        "raw/ks4/2018-2019/england_ks4provisional.csv",
        "utf-8-sig",
    ),
    ("absence", "absence/2023-2024/england_abs.csv", "raw/absence/2023-2024/england_abs.csv", "utf-8-sig"),
    (
        "census_2019",
        "census/2018-2019/england_census.csv",
        "raw/census/2018-2019/england_census.csv",
        "utf-8-sig",
    ),
    (
        "census_2025",
        "census/2024-2025/england_census.csv",
        "raw/census/2024-2025/england_census.csv",
        "utf-8-sig",
    ),
    ("finance", "finance/2024-2025/finance.csv", "derived/finance/2024-2025/finance.csv", "utf-8-sig"),
]
WIDTHS = {
    "ofsted_2025": 76,
    "ofsted_2026": 85,
    "gias": 140,
    "ks2_2017": 290,
    "ks2_2018": 326,
    "ks2_2019": 318,
}
WIDTHS |= {"ks4_2017": 416, "ks4_2018": 496, "ks4_provisional": 25, "absence": 5, "census_2019": 22}


def _header(path: Path, encoding: str) -> list[str]:
    with path.open(encoding=encoding, newline="") as file:
        return next(csv.reader(file))


@pytest.mark.parametrize(("layout", "made", "real", "encoding"), HEADERS)
def test_header_is_that_of_the_layout(demo: Path, layout: str, made: str, real: str, encoding: str) -> None:
    expected = _header(LAYOUTS / f"{layout}.csv", "utf-8")
    assert _header(demo / made, encoding) == expected
    assert len(expected) == WIDTHS.get(layout, len(expected))


@pytest.mark.parametrize(("layout", "made", "real", "encoding"), HEADERS)
def test_layout_is_that_of_the_real_file(layout: str, made: str, real: str, encoding: str) -> None:
    path = REAL / real
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the real data is not at {REAL}")
        pytest.skip(f"the real data is not at {REAL}")
    assert _header(LAYOUTS / f"{layout}.csv", "utf-8") == _header(path, encoding)


@pytest.mark.parametrize(
    ("path", "start", "line_end"),
    [
        ("ks2/2018-2019/999_ks2final.csv", b"\xef\xbb\xbfRECTYPE", b"\r\n"),
        ("ks4/2017-2018/999_ks4final.csv", b"\xef\xbb\xbfRECTYPE", b"\r\n"),
        ("absence/2023-2024/england_abs.csv", b"\xef\xbb\xbfLA", b"\r\n"),
        ("census/2018-2019/england_census.csv", b"\xef\xbb\xbfURN", b"\n"),
        ("gias/edubasealldata20261102.csv", b'"URN","LA (code)"', b"\r\n"),
        ("ofsted/2026-10-31_latest_inspections.csv", b"Web Link", b"\n"),
        ("finance/2024-2025/finance.csv", b"URN,Spend", b"\n"),
    ],
)
def test_bytes_begin_and_lines_end_as_published(demo: Path, path: str, start: bytes, line_end: bytes) -> None:
    content = (demo / path).read_bytes()
    assert content.startswith(start)
    first = content.index(b"\n")
    assert (content[first - 1 : first + 1] == b"\r\n") == (line_end == b"\r\n")


def test_links_quote_text_and_leave_numbers_bare(demo: Path) -> None:
    lines = (demo / "gias/links_edubasealldata20261102.csv").read_text(encoding="cp1252").splitlines()
    assert lines[0] == '"URN","LinkURN","LinkName","LinkType","LinkEstablishedDate"'
    assert lines[1].startswith("900001,905001,") or lines[1].split(",")[0].isdigit()


def test_ks2_summary_rows_and_blanks(read: ReadRows) -> None:
    rows = read("ks2/2024-2025/999_ks2final.csv")
    by_type = {row["RECTYPE"]: row for row in rows if row["RECTYPE"] in "345"}
    assert by_type["3"]["SCHNAME"] == "Exampleshire"
    assert by_type["5"]["PTRWM_EXP"] == "62%"
    assert by_type["5"]["PTRWM_EXP_FSM6CLA1A"] == "47%"
    assert by_type["4"]["URN"] == " "
    assert by_type["5"]["READPROG"] == " "


@pytest.mark.parametrize("year", ["2023-2024", "2024-2025"])
def test_ks2_progress_is_empty_where_it_was_not_published(read: ReadRows, year: str) -> None:
    for row in read(f"ks2/{year}/999_ks2final.csv"):
        assert not any(row[f"{subject}PROG"].strip() for subject in ("READ", "WRIT", "MAT"))


def test_ks2_markers_are_present(read: ReadRows) -> None:
    seen: set[str] = set()
    for year in ("2016-2017", "2017-2018", "2018-2019", "2022-2023", "2023-2024", "2024-2025"):
        for row in read(f"ks2/{year}/999_ks2final.csv"):
            seen |= set(row.values())
            eligible = row["TELIG"].strip()
            if eligible.isdigit() and int(eligible) <= 5:
                assert row["PTRWM_EXP"] == "SUPP"
    assert {"SUPP", "LOWCOV", "NEW", "NA"} <= seen


def test_ks2_suppresses_disadvantaged_groups_of_five_or_fewer(read: ReadRows) -> None:
    for row in read("ks2/2024-2025/999_ks2final.csv"):
        group = row["TFSM6CLA1A"]
        if row["RECTYPE"] == "1" and group.isdigit() and 1 <= int(group) <= 5:
            assert row["PTRWM_EXP_FSM6CLA1A"] == "SUPP"


def test_ks2_percentages_are_counts_of_pupils(read: ReadRows) -> None:
    for row in read("ks2/2024-2025/999_ks2final.csv"):
        if row["RECTYPE"] == "1" and row["PTRWM_EXP"].endswith("%"):
            size, share = int(row["TELIG"]), int(row["PTRWM_EXP"][:-1])
            assert any(abs(100 * count / size - share) <= 0.5 + 1e-9 for count in range(size + 1))


def test_ks2_has_short_rows(demo: Path) -> None:
    with (demo / "ks2/2024-2025/999_ks2final.csv").open(encoding="utf-8-sig", newline="") as file:
        widths = {len(row) for row in csv.reader(file)}
    assert 318 in widths
    assert len(widths) > 1


def test_ks4_progress_is_na_since_2024_25(read: ReadRows) -> None:
    for path in ("ks4/2024-2025/999_ks4final.csv", "ks4/2025-2026/999_ks4provisional.csv"):
        for row in read(path):
            if row["RECTYPE"] in ("1", "2"):
                assert row["P8MEA"] in ("NA", "SUPP", "NE", "")
            else:
                assert row["P8MEA"] == ""
    assert any(row["P8MEA"] not in ("NA", "SUPP", "NE", "") for row in read("ks4/2023-2024/999_ks4final.csv"))


def test_ks4_national_row_is_rectype_7(read: ReadRows) -> None:
    rows = {row["RECTYPE"]: row for row in read("ks4/2023-2024/999_ks4final.csv")}
    assert rows["7"]["ATT8SCR"] == "45.9"
    assert rows["7"]["PTL2BASICS_95"] == "45.90%"
    assert rows["7"]["P8MEA"] == "-0.03"
    assert rows["4"]["LEA"] == "999"


def test_ks4_limits_surround_the_score(read: ReadRows) -> None:
    for row in read("ks4/2022-2023/999_ks4final.csv"):
        if row["RECTYPE"] == "1" and row["P8MEA"] not in ("", "SUPP", "NE", "NA"):
            value, low, high = float(row["P8MEA"]), float(row["P8CILOW"]), float(row["P8CIUPP"])
            # 1.96 x 1.27 / root of the pupils, to a rounding of 0.005 each.
            assert abs((high - low) / 2 - 1.96 * 1.27 / int(row["P8PUP"]) ** 0.5) <= 0.011
            assert low <= value <= high


def test_absence_has_three_national_rows_at_the_foot(demo: Path) -> None:
    lines = (demo / "absence/2023-2024/england_abs.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[-3:] == ["NAT,PRI,,5.5,14.6", "NAT,SEC,,8.9,25.6", "NAT,SPE,,13,37.2"]


def test_absence_is_suppressed_until_2019_and_absent_since(read: ReadRows) -> None:
    assert any(row["PPERSABS10"] == "SUPP" for row in read("absence/2018-2019/england_abs.csv"))
    assert not any(row["PPERSABS10"] == "SUPP" for row in read("absence/2023-2024/england_abs.csv"))


def test_census_has_percent_signs_only_after_2019(read: ReadRows) -> None:
    old, new = read("census/2018-2019/england_census.csv"), read("census/2024-2025/england_census.csv")
    assert not any("%" in row["PNUMFSMEVER"] for row in old)
    assert all(row["PNUMFSMEVER"].endswith("%") for row in new)
    assert [row["ESTAB"] for row in old[-3:]] == ["PRI", "SEC", "SPE"]


def test_finance_shows_pooled_reserves_as_nothing_and_rounds_academies(read: ReadRows) -> None:
    types = {
        row["URN"]: row["EstablishmentTypeGroup (name)"] for row in read("gias/edubasealldata20261102.csv", "cp1252")
    }
    rows = read("finance/2024-2025/finance.csv")
    academies = [row for row in rows if types[row["URN"]] in ("Academies", "Free Schools")]
    assert all(int(row["Revenue reserve (GBP)"]) % 1000 == 0 for row in academies)
    assert sum(row["Revenue reserve (GBP)"] == "0" for row in academies) >= 20
    others = [row for row in rows if row not in academies]
    assert not any(row["Revenue reserve (GBP)"] == "0" for row in others)
    assert 10 <= sum(row["Revenue reserve (GBP)"].startswith("-") for row in others) <= 45
