"""The key stage 2 tables of one LA, in the layout of the performance tables' download."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from risk_model.demo.files import DFE, half_up, header_of_year, percent, rows_of, short, write_rows
from risk_model.demo.ks2_results import KS2_YEARS, NATIONAL, PROGRESS_YEARS, SUBJECTS, Group, Ks2Result
from risk_model.demo.places import LA_CODE, LA_NAME
from risk_model.demo.randomness import stream
from risk_model.demo.school_words import FINAL_TYPES, age_range, religion_in_tables
from risk_model.demo.schools import WITH_KS2, School

# The later years keep the layout of 2018-19, the newest one that is known with all its columns.
LAYOUT_OF = {2017: "ks2_2017", 2018: "ks2_2018"} | dict.fromkeys((2019, 2023, 2024, 2025), "ks2_2019")
SUPPRESSED_BELOW = 6  # the tables withhold five pupils or fewer

Results = Mapping[tuple[int, int], Ks2Result]


def folder_of(year: int) -> str:
    """The academic year that ended in `year`, as folders are named: 2024-2025."""
    return f"{year - 1}-{year}"


def schools_in(schools: Sequence[School], year: int) -> list[School]:
    """The schools with a Year 6 in the summer of a year, special schools with one last."""
    day = date(year, 5, 10)
    present = [school for school in schools if school.is_open_on(day) and not _still_filling(school, year)]
    mainstream = [school for school in present if school.kind in WITH_KS2]
    return mainstream + [school for school in present if school.kind == "special" and school.number % 3 != 2]


def _still_filling(school: School, year: int) -> bool:
    """A new school takes its first Year 6 only when its first pupils have grown up."""
    return school.is_new


def write_ks2(folder: Path, seed: int, schools: Sequence[School], results: Results) -> list[Path]:
    """Write `ks2/<year>/999_ks2final.csv` for each year that has school tables.

    Returns:
        the paths, oldest first. There are none for 2019-20 to 2021-22, as in England.
    """
    paths = []
    for year in KS2_YEARS:
        header = header_of_year(LAYOUT_OF[year], year)
        rows: list[list[object]] = []
        listed = schools_in(schools, year)
        records = [_school_record(seed, school, year, results, set(header)) for school in listed]
        rows += [_cut_short(*pair) for pair in zip(records, rows_of(header, records), strict=True)]
        rows += [_short_row(header, school, year) for school in _without_results(schools, year)]
        whole = [results[school.urn, year] for school in listed]
        rows += rows_of(header, [_la_record(whole, header)], fill=" ")
        rows += rows_of(header, [_england_record(year, kind, header) for kind in ("4", "5")], fill=" ")
        path = folder / "ks2" / folder_of(year) / f"{LA_CODE}_ks2final.csv"
        paths.append(write_rows(path, header, rows, DFE))
    return paths


def _identity(school: School, year: int) -> dict[str, object]:
    day = date(year, 5, 10)
    return {
        "RECTYPE": "2" if school.kind == "special" else "1",
        "ALPHAIND": 10_000 + school.number,
        "LEA": LA_CODE,
        "ESTAB": school.number,
        "URN": school.urn_on(day),
        "SCHNAME": school.name_on(day),
        "ADDRESS1": school.street,
        "TOWN": school.locality,
        "PCODE": school.postcode,
        **_successor(school, year),
        "NFTYPE": FINAL_TYPES[school.type_on(day)],
        "ICLOSE": 1 if school.closed and school.closed <= _spine_day(year) else 0,
        "RELDENOM": religion_in_tables(school),
        "AGERANGE": age_range(school),
        "TAB15": 1 if school.kind == "all-through" else 0,
        "TAB1618": 0,
    }


def _spine_day(year: int) -> date:
    """The day in September whose list of schools the tables use."""
    return date(year, 9, 12)


def _successor(school: School, year: int) -> dict[str, object]:
    """The academy that a school became between the tests and the list of schools; 0 when it did not."""
    if school.predecessor and school.opened and date(year, 5, 10) < school.opened <= _spine_day(year):
        opened = school.opened.strftime("%Y%m%d")
        return {"URN_AC": school.urn, "SCHNAME_AC": school.name, "OPEN_AC": opened}
    return {"URN_AC": 0}


def _cut_short(record: dict[str, object], row: list[object]) -> list[object]:
    """Rows of special schools end early where their last fields are blank, as they do in the real files."""
    if record["RECTYPE"] != "2" or any(row[-2:]):
        return row
    return row[:-2]


def _school_record(seed: int, school: School, year: int, results: Results, columns: set[str]) -> dict[str, object]:
    result = results[school.urn, year]
    roll = school.roll_in(year)
    record = _identity(school, year) | {"TOTPUPS": roll, "TPUPYEAR": result.everybody.pupils}
    record |= measures(result, low_coverage=stream(seed, "coverage", school.urn, year).random() < 0.012)
    record |= _three_years(school, year, results)
    if year == 2019:
        for earlier in (2018, 2017):
            past = measures(results[school.urn, earlier], low_coverage=False)
            record |= {f"{name}_{earlier % 100}": value for name, value in past.items()}
    return {name: value for name, value in record.items() if name in columns}


def measures(result: Ks2Result, *, low_coverage: bool) -> dict[str, object]:
    """One year's figures of one school as the tables print them, suppressed where the group is small.

    Args:
        low_coverage: progress covers less than half of the pupils, so it is withheld.
    """
    everybody = result.everybody
    found: dict[str, object] = {"TELIG": everybody.pupils}
    if everybody.pupils < SUPPRESSED_BELOW:
        return found | dict.fromkeys((*_figures(result), *_progress(result, low_coverage)), "SUPP")
    return found | _figures(result) | _progress(result, low_coverage)


def _figures(result: Ks2Result) -> dict[str, object]:
    everybody, size = result.everybody, result.everybody.pupils
    averages = [half_up(value) for value in result.averages] if result.averages else ["", "", ""]
    return {
        "BELIG": result.boys,
        "GELIG": size - result.boys,
        "PBELIG": percent(result.boys, size),
        "PGELIG": percent(size - result.boys, size),
        "TFSM6CLA1A": result.disadvantaged.pupils,
        "PTFSM6CLA1A": percent(result.disadvantaged.pupils, size),
        "TNotFSM6CLA1A": result.others.pupils,
        "PTNotFSM6CLA1A": percent(result.others.pupils, size),
        "TEALGRP2": result.eal,
        "PTEALGRP2": percent(result.eal, size),
        "PTRWM_EXP": percent(everybody.meets, size),
        "PTRWM_HIGH": percent(everybody.higher, size),
        "PTREAD_EXP": percent(everybody.reading, size),
        "PTGPS_EXP": percent(everybody.grammar, size),
        "PTMAT_EXP": percent(everybody.mathematics, size),
        "PTWRITTA_EXP": percent(everybody.writing, size),
        "READ_AVERAGE": averages[0],
        "MAT_AVERAGE": averages[1],
        "GPS_AVERAGE": averages[2],
        "PTRWM_EXP_FSM6CLA1A": _of_group(result.disadvantaged),
        "PTRWM_EXP_NotFSM6CLA1A": _of_group(result.others),
        "DIFFN_RWM_EXP": _difference(result),
        "TSENELE": result.ehc_plans,
        "PSENELE": percent(result.ehc_plans, size),
        "TSENELK": result.sen_support,
        "PSENELK": percent(result.sen_support, size),
    }


def _of_group(group: Group) -> str:
    """A group's share at the standard: blank when it is empty, SUPP when it is small."""
    if group.pupils and group.pupils < SUPPRESSED_BELOW:
        return "SUPP"
    return percent(group.meets, group.pupils)


def _difference(result: Ks2Result) -> str:
    """Disadvantaged pupils here minus other pupils nationally, in whole points."""
    group = result.disadvantaged
    if group.pupils < SUPPRESSED_BELOW:
        return "SUPP" if group.pupils else ""
    return half_up(100 * group.meets / group.pupils - NATIONAL[result.year].others)


def _progress(result: Ks2Result, low_coverage: bool) -> dict[str, object]:
    names = [f"{subject}PROG{ending}" for subject in SUBJECTS for ending in ("", "_LOWER", "_UPPER", "_DESCR")]
    coverage: dict[str, object] = {
        f"{subject}COV": percent(result.covered, result.everybody.pupils) for subject in SUBJECTS
    }
    if result.year not in PROGRESS_YEARS:
        return {}
    if low_coverage:
        # The real tables withhold the coverage together with the progress.
        return dict.fromkeys((*names, *coverage), "LOWCOV")
    if not result.progress:
        return dict.fromkeys((*names, *coverage), "NA")
    found = dict(coverage)
    for subject, (value, lower, upper) in zip(SUBJECTS, result.progress, strict=True):
        found[f"{subject}PROG"] = short(value, 1)
        found[f"{subject}PROG_LOWER"] = short(lower, 1)
        found[f"{subject}PROG_UPPER"] = short(upper, 1)
        found[f"{subject}PROG_DESCR"] = progress_band(value, lower, upper)
    return found


def progress_band(value: float, lower: float, upper: float) -> str:
    """1 well above average to 5 well below: significant, the outer two about the top and bottom tenth."""
    if lower > 0:
        return "1" if value >= 3.2 else "2"
    if upper < 0:
        return "5" if value <= -3.2 else "4"
    return "3"


def _three_years(school: School, year: int, results: Results) -> dict[str, object]:
    if year not in (2019, 2025):
        return {}
    years = [results[school.urn, past] for past in (year - 2, year - 1, year) if (school.urn, past) in results]
    if len(years) < 3:
        return {"PTRWM_EXP_3YR": "NA"}
    pupils = sum(result.everybody.pupils for result in years)
    meets = sum(result.everybody.meets for result in years)
    return {"TELIG_3YR": pupils, "PTRWM_EXP_3YR": percent(meets, pupils) if pupils > 10 else "SUPP"}


def _without_results(schools: Sequence[School], year: int) -> list[School]:
    """Schools that are listed with a short row: new ones still filling up, and the one that closed."""
    day = _spine_day(year)
    new = [s for s in schools if s.kind in WITH_KS2 and s.is_new and s.opened and s.opened <= day]
    return new + [s for s in schools if s.closed and s.closed.year == year - 1]


def _short_row(header: Sequence[str], school: School, year: int) -> list[object]:
    """A row that ends early, as those of new and closed schools do."""
    record = _identity(school, year) | {"TOTPUPS": "NEW" if school.is_new else 0}
    end = header.index("TOTPUPS") + 1
    return [record.get(name, "") for name in header[:end]]


def _la_record(results: Sequence[Ks2Result], header: Sequence[str]) -> dict[str, object]:
    def together(group: str) -> Group:
        parts = [getattr(result, group) for result in results]
        fields = ("pupils", "meets", "higher", "reading", "writing", "mathematics", "grammar")
        return Group(*(sum(getattr(part, name) for part in parts) for name in fields))

    everybody = together("everybody")
    poor, rest = together("disadvantaged"), together("others")
    found: dict[str, object] = {"RECTYPE": "3", "LEA": LA_CODE, "SCHNAME": LA_NAME, "TELIG": everybody.pupils}
    found |= {
        "PTFSM6CLA1A": percent(poor.pupils, everybody.pupils),
        "TFSM6CLA1A": poor.pupils,
        "PTEALGRP2": percent(sum(result.eal for result in results), everybody.pupils),
        "PSENELK": percent(sum(result.sen_support for result in results), everybody.pupils),
        "PSENELE": percent(sum(result.ehc_plans for result in results), everybody.pupils),
        "PTRWM_EXP": percent(everybody.meets, everybody.pupils),
        "PTRWM_HIGH": percent(everybody.higher, everybody.pupils),
        "PTREAD_EXP": percent(everybody.reading, everybody.pupils),
        "PTGPS_EXP": percent(everybody.grammar, everybody.pupils),
        "PTMAT_EXP": percent(everybody.mathematics, everybody.pupils),
        "PTWRITTA_EXP": percent(everybody.writing, everybody.pupils),
        "PTRWM_EXP_FSM6CLA1A": percent(poor.meets, poor.pupils),
        "PTRWM_EXP_NotFSM6CLA1A": percent(rest.meets, rest.pupils),
    }
    return {name: value for name, value in found.items() if name in header}


def _england_record(year: int, record_type: str, header: Sequence[str]) -> dict[str, object]:
    england = NATIONAL[year]
    found: dict[str, object] = {
        "RECTYPE": record_type,
        "TELIG": england.eligible if record_type == "5" else england.eligible + 4_300,
        "PTFSM6CLA1A": f"{england.eligible_disadvantaged}%",
        "PTEALGRP2": f"{england.eal}%",
        "PSENELK": f"{england.sen_support}%",
        "PSENELE": f"{england.ehc_plans}%",
        "PTRWM_EXP": f"{england.meets}%",
        "PTRWM_HIGH": f"{england.higher}%",
        "PTREAD_EXP": f"{england.reading}%",
        "PTGPS_EXP": f"{england.grammar}%",
        "PTMAT_EXP": f"{england.mathematics}%",
        "PTWRITTA_EXP": f"{england.writing}%",
        "READ_AVERAGE": england.reading_average,
        "MAT_AVERAGE": england.mathematics_average,
        "GPS_AVERAGE": england.grammar_average,
        "PTRWM_EXP_FSM6CLA1A": f"{england.disadvantaged}%",
        "PTRWM_EXP_NotFSM6CLA1A": f"{england.others}%",
    }
    if year == 2019:
        found |= {"PTRWM_EXP_18": "64%", "PTRWM_EXP_17": "61%", "PTRWM_EXP_3YR": "63%"}
    if year == 2025:
        found["PTRWM_EXP_3YR"] = "61%"
    return {name: value for name, value in found.items() if name in header}
