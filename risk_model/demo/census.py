"""The school census of each January: pupils and their characteristics."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from risk_model.demo.files import DFE, DFE_UNIX, half_up, header_of, short, write_rows
from risk_model.demo.ks2_file import folder_of
from risk_model.demo.places import LA_CODE
from risk_model.demo.randomness import stream
from risk_model.demo.schools import School

CENSUS_YEARS = (2019, 2023, 2024, 2025, 2026)

_KINDS = {
    "secondary": "State-funded secondary",
    "all-through": "State-funded secondary",
    "special": "State-funded special school",
    "alternative provision": "State-funded AP school",
    "nursery": "State-funded nursery",
}

# England's rows in the two releases that they come from; the columns follow the layout.
# Source: DfE, Schools, pupils and their characteristics, January 2019 and January 2025.
_NATIONAL_2019 = (
    "NAT,,PRI,State-funded primary,4727089,2318560,2408528,49,51,74404,1.6,595708,12.6,1002292,3716282,8515,"
    "21.2,78.6,0.2,745453,1018995,23",
    "NAT,,SEC,State-funded secondary,3327970,1658168,1669802,49.8,50.2,55233,1.7,358555,10.8,561002,2751742,"
    "15226,16.9,82.7,0.5,468779,808599,27.7",
    "NAT,,SPE,State-funded special school,121738,33793,87945,27.8,72.2,122268,98.3,2014,1.6,18345,105750,337,"
    "14.7,85,0.3,47048,53935,50.3",
)
_NATIONAL_2025 = (
    "NAT,,PRI,State-funded primary,4554974,2238181,2316793,49.1%,51%,157716,3.5%,671977,15%,1065551,3474334,"
    "15089,23.4%,76.3%,0.3%,1126353,1126825,4284933,{fsm_pri}%",
    "NAT,,SEC,State-funded secondary,3671427,1825267,1846160,49.7%,50.3%,113452,3.09%,493210,13.4%,703666,"
    "2946050,21711,19.2%,80.2%,0.6%,948951,934389,3233095,{fsm_sec}%",
    "NAT,,SPE,Special school,168890,47155,121735,27.9%,72%,168077,99.5%,769,0.5%,24309,144049,532,14.4%,"
    "85.3%,0.3%,82385,76981,148300,{fsm_spe}%",
)
# Pupils eligible for free meals in the last six years, in percent; other years than 2025 are near, not exact.
_NATIONAL_SHARES: Mapping[int, tuple[float, float, float]] = {
    2023: (25.9, 27.4, 50.1),
    2024: (26.1, 28.2, 51.0),
    2025: (26.3, 28.9, 51.9),
    2026: (26.2, 29.3, 52.3),
}


def _national_rows(year: int) -> list[list[object]]:
    if year == 2019:
        return [list(line.split(",")) for line in _NATIONAL_2019]
    primary, secondary, special = _NATIONAL_SHARES[year]
    found: list[list[object]] = []
    for line in _NATIONAL_2025:
        text = line.format(fsm_pri=primary, fsm_sec=secondary, fsm_spe=special)
        found.append(list(text.split(",")))
    return found


def write_census(folder: Path, seed: int, schools: Sequence[School]) -> list[Path]:
    """Write `census/<year>/england_census.csv`, with the percent signs that came after 2018-19."""
    paths = []
    for year in CENSUS_YEARS:
        header = header_of("census_2019" if year == 2019 else "census_2025")
        day = date(year, 1, 16)
        open_then = [school for school in schools if school.is_open_on(day) and school.roll_in(year) > 0]
        rows = [_row(seed, school, year, day) for school in open_then] + _national_rows(year)
        style = DFE_UNIX if year == 2019 else DFE
        path = folder / "census" / folder_of(year) / "england_census.csv"
        paths.append(write_rows(path, header, rows, style))
    return paths


def _row(seed: int, school: School, year: int, day: date) -> list[object]:
    chance = stream(seed, "census", school.urn, year)
    nature, roll = school.nature, school.roll_in(year)

    def some(share: float) -> int:
        return min(roll, max(0, round(roll * share * chance.gauss(1, 0.05))))

    girls = some(0.28 if school.kind in ("special", "alternative provision") else 0.49)
    plans, support = some(nature.ehc_plans), some(nature.sen_support)
    support = min(support, roll - plans)
    eal = some(nature.eal)
    unknown = round(roll * 0.003)
    poor_now, poor_ever = some(nature.disadvantaged * 0.93), some(nature.disadvantaged * 1.02)
    counted = round(roll * (0.88 if school.low_age <= 3 else 1.0))
    ever = min(counted, round(poor_ever * counted / roll))
    kind = _KINDS.get(school.kind, "State-funded primary")
    start = [school.urn_on(day), LA_CODE, school.number, kind, roll]
    english = roll - eal - unknown
    languages = [eal, max(0, english), unknown]
    if year == 2019:
        return [
            *start,
            girls,
            roll - girls,
            _bare(girls, roll),
            _bare(roll - girls, roll),
            plans,
            _bare(plans, roll),
            support,
            _bare(support, roll),
            *languages,
            *(_bare(count, roll) for count in languages),
            poor_now,
            ever,
            _bare(ever, counted),
        ]
    nursery = school.kind == "nursery"
    return [
        *start,
        girls,
        roll - girls,
        _signed(girls, roll),
        _signed(roll - girls, roll),
        plans,
        _signed(plans, roll),
        support,
        _signed(support, roll),
        *languages,
        f"{half_up(100 * eal / roll, 1)}0%",
        f"{half_up(100 * languages[1] / roll, 1)}0%",
        # A bare fraction among percent signs, as published in January 2025.
        short(unknown / roll, 3),
        poor_now,
        "NA" if nursery else ever,
        "NA" if nursery else counted,
        "0.00%" if nursery else _signed(ever, counted),
    ]


def _bare(count: int, of: int) -> str:
    return short(100 * count / of, 1)


def _signed(count: int, of: int) -> str:
    return f"{half_up(100 * count / of, 2)}%"
