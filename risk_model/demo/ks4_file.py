"""The key stage 4 tables of one LA: final ones in the full layout, the newest year's provisional ones."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from risk_model.demo.files import DFE, DFE_UNIX, half_up, header_of, header_of_year, percent, rows_of, short, write_rows
from risk_model.demo.ks2_file import folder_of
from risk_model.demo.ks4_results import (
    KS4_YEARS,
    NATIONAL,
    PROGRESS_YEARS,
    Ks4Group,
    Ks4Result,
    progress_limits,
)
from risk_model.demo.places import LA_CODE
from risk_model.demo.randomness import stream
from risk_model.demo.school_words import FINAL_TYPES, age_range, religion_in_tables
from risk_model.demo.schools import WITH_KS4, School

PROVISIONAL_YEAR = 2026
SUPPRESSED_BELOW = 6
_PROGRESS = ("P8PUP", "TP8ADJ", "P8MEACOV", "P8MEA", "P8CILOW", "P8CIUPP", "P8_BANDING")
_PROGRESS_POOR = ("P8PUP_FSM6CLA1A", "P8MEA_FSM6CLA1A", "P8CILOW_FSM6CLA1A", "P8CIUPP_FSM6CLA1A")

Results = Mapping[tuple[int, int], Ks4Result]


def layout_of(year: int) -> str:
    """The layout of a year's file; from 2018-19 the final files of the demo keep that of 2017-18."""
    if year == PROVISIONAL_YEAR:
        return "ks4_provisional"
    return "ks4_2017" if year == 2017 else "ks4_2018"


def schools_in(schools: Sequence[School], year: int) -> list[School]:
    """The schools with a Year 11 in the summer of a year, special schools last."""
    day = date(year, 5, 10)
    present = [school for school in schools if school.is_open_on(day) and not school.is_new]
    mainstream = [school for school in present if school.kind in WITH_KS4]
    return mainstream + [school for school in present if school.kind == "special"]


def write_ks4(folder: Path, seed: int, schools: Sequence[School], results: Results) -> list[Path]:
    """Write `ks4/<year>/999_ks4final.csv`, and `999_ks4provisional.csv` for 2025-26.

    Returns:
        the paths, oldest first. There are none for 2019-20 and 2020-21.
    """
    paths = []
    for year in KS4_YEARS:
        layout = layout_of(year)
        header = header_of(layout) if year == PROVISIONAL_YEAR else header_of_year(layout, year)
        listed = schools_in(schools, year)
        records = [_school_record(seed, school, results[school.urn, year]) for school in listed]
        records += [_la_record([results[school.urn, year] for school in listed])]
        records += [_england_record(year, "5"), _england_record(year, "7")]
        rows = rows_of(header, [_kept(record, header) for record in records])
        rows[len(listed) : len(listed)] = [_short_row(header, s) for s in _filling_up(schools, year)]
        name = "ks4provisional" if year == PROVISIONAL_YEAR else "ks4final"
        style = DFE_UNIX if year == PROVISIONAL_YEAR else DFE
        paths.append(write_rows(folder / "ks4" / folder_of(year) / f"{LA_CODE}_{name}.csv", header, rows, style))
    return paths


def _kept(record: Mapping[str, object], header: Sequence[str]) -> dict[str, object]:
    return {name: record[name] for name in header if name in record}


def _identity(school: School, year: int) -> dict[str, object]:
    day = date(year, 5, 10)
    special = school.kind == "special"
    return {
        "RECTYPE": "2" if special else "1",
        "ALPHAIND": 40_000 + school.number,
        "LEA": LA_CODE,
        "ESTAB": school.number,
        "URN": school.urn_on(day),
        "SCHNAME": school.name_on(day),
        "ADDRESS1": school.street,
        "TOWN": school.locality,
        "PCODE": school.postcode,
        "CONTFLAG": 0,
        "ICLOSE": 0,
        "NFTYPE": FINAL_TYPES[school.type_on(day)],
        "RELDENOM": religion_in_tables(school),
        "ADMPOL": "" if special else "SEL" if school.selective else "COMP",
        "ADMPOL_2017": "NA" if special else "SEL" if school.selective else "OTHER NON SEL",
        "EGENDER": "MIXED",
        "FEEDER": 0,
        "TABKS2": 1 if school.kind == "all-through" else 0,
        "TAB1618": 1 if school.high_age >= 18 and not special else 0,
        "AGERANGE": age_range(school),
    }


def _school_record(seed: int, school: School, result: Ks4Result) -> dict[str, object]:
    record = _identity(school, result.year) | {
        "TOTPUPS": school.roll_in(result.year),
        "TPUP": result.everybody.pupils,
    }
    decimals = 1 if result.year == PROVISIONAL_YEAR else 0
    figures = _figures(result, decimals)
    if result.everybody.pupils < SUPPRESSED_BELOW:
        return record | dict.fromkeys(figures, "SUPP")
    if school.kind == "special" and stream(seed, "entries", school.urn).random() < 0.45:
        return record | dict.fromkeys(figures, "NE") | {"TFSM6CLA1A": result.disadvantaged.pupils}
    return record | figures


def _figures(result: Ks4Result, decimals: int) -> dict[str, object]:
    everybody, poor, size = result.everybody, result.disadvantaged, result.everybody.pupils
    found: dict[str, object] = {
        "BPUP": result.boys,
        "PBPUP": percent(result.boys, size),
        "GPUP": size - result.boys,
        "PGPUP": percent(size - result.boys, size),
        "KS2APS": short(result.prior_average, 1) if result.year != 2025 else "NA",
        "TPRIORLO": result.prior_low if result.year != 2025 else "NA",
        "PTPRIORLO": percent(result.prior_low, size) if result.year != 2025 else "NA",
        "TFSM6CLA1A": poor.pupils,
        "PTFSM6CLA1A": percent(poor.pupils, size),
        "TNOTFSM6CLA1A": size - poor.pupils,
        "PTNOTFSM6CLA1A": percent(size - poor.pupils, size),
        "TEALGRP2": result.eal,
        "PTEALGRP2": percent(result.eal, size),
        "ATT8SCR": short(everybody.attainment, 1),
        "PTL2BASICS_94": percent(everybody.basics_94, size, decimals),
        "PTL2BASICS_95": percent(everybody.basics_95, size, decimals),
        "EBACCAPS": half_up(everybody.attainment / 11.35, 2),
        "ATT8SCR_FSM6CLA1A": _if_enough(poor, short(poor.attainment, 1)),
        "PTFSM6CLA1ABASICS_94": _if_enough(poor, percent(poor.basics_94, poor.pupils)),
        "PTFSM6CLA1ABASICS_95": _if_enough(poor, percent(poor.basics_95, poor.pupils)),
    }
    return found | _progress(result)


def _if_enough(group: Ks4Group, text: str) -> str:
    if group.pupils == 0:
        return "NE"
    return "SUPP" if group.pupils < SUPPRESSED_BELOW else text


def _progress(result: Ks4Result) -> dict[str, object]:
    """Progress 8 and its limits; NA in the years without key stage 2 results to measure from."""
    if result.year not in PROGRESS_YEARS:
        return dict.fromkeys((*_PROGRESS, *_PROGRESS_POOR, "P8MEA_ORIG", "P8CILOW_ORIG", "P8CIUPP_ORIG"), "NA")
    everybody, poor = result.everybody, result.disadvantaged
    low, high = progress_limits(everybody.progress, result.with_progress)
    poor_low, poor_high = progress_limits(poor.progress, max(1, poor.pupils))
    return {
        "P8PUP": result.with_progress,
        "TP8ADJ": 0,
        "P8MEACOV": percent(result.with_progress, everybody.pupils),
        "P8MEA": short(everybody.progress, 2),
        "P8CILOW": short(low, 2),
        "P8CIUPP": short(high, 2),
        "P8_BANDING": progress_band(everybody.progress, low, high),
        "P8PUP_FSM6CLA1A": _if_enough(poor, str(poor.pupils)),
        "P8MEA_FSM6CLA1A": _if_enough(poor, short(poor.progress, 2)),
        "P8CILOW_FSM6CLA1A": _if_enough(poor, short(poor_low, 2)),
        "P8CIUPP_FSM6CLA1A": _if_enough(poor, short(poor_high, 2)),
    }


def progress_band(value: float, low: float, high: float) -> str:
    """1 well above average to 5 well below, by significance and half a grade.

    Source: DfE, Secondary accountability measures: bands of Progress 8.
    """
    if low > 0:
        return "1" if value >= 0.5 else "2"
    if high < 0:
        return "5" if value < -0.5 else "4"
    return "3"


def _filling_up(schools: Sequence[School], year: int) -> list[School]:
    day = date(year, 5, 10)
    return [s for s in schools if s.kind in WITH_KS4 and s.is_new and s.is_open_on(day)]


def _short_row(header: Sequence[str], school: School) -> list[object]:
    """A new school without a Year 11: its row ends early, at the word NEW."""
    end = header.index("TPUP")
    record = _identity(school, PROVISIONAL_YEAR)
    return [*(record.get(name, "") for name in header[:end]), "NEW"]


def _la_record(results: Sequence[Ks4Result]) -> dict[str, object]:
    def mean(value: str, group: str = "everybody") -> float:
        parts = [getattr(result, group) for result in results]
        pupils = sum(part.pupils for part in parts)
        return sum(float(getattr(part, value)) * part.pupils for part in parts) / pupils if pupils else 0.0

    size = sum(result.everybody.pupils for result in results)
    poor = sum(result.disadvantaged.pupils for result in results)
    found: dict[str, object] = {
        "RECTYPE": "4",
        "LEA": LA_CODE,
        "TPUP": size,
        "TFSM6CLA1A": poor,
        "PTFSM6CLA1A": percent(poor, size, 2),
        "ATT8SCR": short(mean("attainment"), 1),
        "EBACCAPS": half_up(mean("attainment") / 11.35, 2),
        "PTL2BASICS_94": percent(sum(result.everybody.basics_94 for result in results), size, 2),
        "PTL2BASICS_95": percent(sum(result.everybody.basics_95 for result in results), size, 2),
        "ATT8SCR_FSM6CLA1A": short(mean("attainment", "disadvantaged"), 1),
        "PTFSM6CLA1ABASICS_95": percent(sum(result.disadvantaged.basics_95 for result in results), poor, 2),
    }
    if results[0].year in PROGRESS_YEARS:
        found["P8PUP"] = sum(result.with_progress for result in results)
        found["P8MEA"] = short(mean("progress"), 2)
        found["P8MEA_FSM6CLA1A"] = short(mean("progress", "disadvantaged"), 2)
    return found


def _england_record(year: int, record_type: str) -> dict[str, object]:
    """England: 7 is state-funded schools; 5 is all schools, whose independent pupils pull the means down."""
    england = NATIONAL[year]
    if record_type == "5":
        return {
            "RECTYPE": "5",
            "TPUP": round(england.pupils * 1.115),
            "ATT8SCR": short(england.attainment - 2.0, 1),
            "PTL2BASICS_94": f"{england.basics_94 - 4.8:.2f}%",
            "PTL2BASICS_95": f"{england.basics_95 - 3.1:.2f}%",
            "EBACCAPS": f"{england.ebacc - 0.19:.2f}",
        }
    found: dict[str, object] = {
        "RECTYPE": "7",
        "TPUP": england.pupils,
        "PTFSM6CLA1A": f"{england.disadvantaged:.2f}%",
        "ATT8SCR": short(england.attainment, 1),
        "PTL2BASICS_94": f"{england.basics_94:.2f}%",
        "PTL2BASICS_95": f"{england.basics_95:.2f}%",
        "EBACCAPS": f"{england.ebacc:.2f}",
        "ATT8SCR_FSM6CLA1A": short(england.disadvantaged_attainment, 1),
        "PTFSM6CLA1ABASICS_95": f"{england.disadvantaged_basics_95:.2f}%",
    }
    if england.progress is not None and england.disadvantaged_progress is not None:
        found["P8MEA"] = short(england.progress, 2)
        found["P8MEA_FSM6CLA1A"] = short(england.disadvantaged_progress, 2)
    return found
