"""Similar schools: the same fifty by a second way, in numpy, and what happens where something is not known."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from risk_model.domain.paths import LOOKUPS
from risk_model.scoring.likeness import SIMILAR_SCHOOLS, create_similar_schools
from risk_model.warehouse.engine import Connection, rows, scratch
from tests.scoring.kit import load

YEAR = 2025


@dataclass(frozen=True)
class One:
    """A school with its intake, as the register, the census and the results have it."""

    urn: str
    phase: str = "primary"
    is_mainstream: bool = True
    is_selective: bool = False
    is_technical: bool = False
    character: str | None = "Does not apply"
    fsm6: float | None = 20.0
    eal: float | None = 10.0
    pupils: float | None = 210.0
    year: int = YEAR
    prior: float | None = None
    settled: float | None = None

    @property
    def is_secondary(self) -> bool:
        return self.phase in ("secondary", "all-through")

    @property
    def low_age(self) -> int:
        return {"secondary": 11, "all-through": 4, "junior": 7, "middle": 9}.get(self.phase, 4)

    @property
    def high_age(self) -> int:
        return {"secondary": 16, "all-through": 18, "infant": 7, "first": 9, "middle": 13}.get(self.phase, 11)

    @property
    def year_group(self) -> float:
        assert self.pupils is not None
        return self.pupils / (self.high_age - self.low_age)


_SCHOOLS = pa.schema(
    [
        *((name, pa.string()) for name in ("urn", "phase", "phase_group", "religious_character")),
        *((name, pa.float64()) for name in ("pupils", "low_age", "high_age")),
        *((name, pa.bool_()) for name in ("is_mainstream", "is_selective", "is_technical")),
    ]
)
_CENSUS = pa.schema(
    [
        *((name, pa.string()) for name in ("urn", "period", "inherited_from", "release_id")),
        *((name, pa.float64()) for name in ("fsm6_pct", "eal_pct", "pupils")),
        ("year", pa.int32()),
        ("row_number", pa.int32()),
    ]
)
_RESULTS = pa.schema(
    [
        ("urn", pa.string()),
        ("period", pa.string()),
        ("year", pa.int32()),
        *((name, pa.float64()) for name in ("key_stage1_score", "key_stage2_score", "not_mobile_pct")),
    ]
)


def place(con: Connection, schools: Sequence[One]) -> None:
    """Put schools where a build has them, and find their similar schools."""
    with (LOOKUPS / "similar_parts.csv").open(encoding="utf-8", newline="") as file:
        load(con, "similar_parts", list(csv.DictReader(file)))
    load(
        con,
        "schools",
        [
            {
                "urn": one.urn,
                "phase": one.phase,
                "phase_group": "secondary" if one.is_secondary else "primary",
                "religious_character": one.character,
                "pupils": one.pupils,
                "low_age": one.low_age,
                "high_age": one.high_age,
                "is_mainstream": one.is_mainstream,
                "is_selective": one.is_selective,
                "is_technical": one.is_technical,
            }
            for one in schools
        ],
        _SCHOOLS,
    )
    load(
        con,
        "stg_census",
        [
            {
                "urn": one.urn,
                "period": f"{one.year - 1}-{one.year}",
                "fsm6_pct": one.fsm6,
                "eal_pct": one.eal,
                "pupils": one.pupils,
                "year": one.year,
                "row_number": number,
                "release_id": "census",
            }
            for number, one in enumerate(schools)
        ],
        _CENSUS,
    )
    for table, is_secondary in (("stg_ks2", False), ("stg_ks4", True)):
        results = [
            {
                "urn": one.urn,
                "period": f"{YEAR - 1}-{YEAR}",
                "year": YEAR,
                "key_stage2_score" if is_secondary else "key_stage1_score": one.prior,
                "not_mobile_pct": one.settled,
            }
            for one in schools
            if one.is_secondary == is_secondary
        ]
        load(con, table, results, _RESULTS)
    create_similar_schools(con)


@pytest.fixture
def con() -> Iterator[Connection]:
    with scratch() as opened:
        yield opened


def groups(con: Connection) -> dict[str, list[tuple[str, float]]]:
    """Every school's similar schools, the nearest first: {urn: [(urn, distance), …]}."""
    found: dict[str, list[tuple[str, float]]] = {}
    for row in rows(con, "select * from similar_schools order by urn, place"):
        of_school = found.setdefault(row["urn"], [])
        of_school.append((row["similar_urn"], row["distance"]))
        assert row["place"] == len(of_school)
    return found


def intake(con: Connection, urn: str) -> dict[str, Any]:
    return rows(con, "select * from intakes where urn = $urn", {"urn": urn})[0]


# --- a second way

WEIGHTS = {"fsm6": 2.0, "eal": 1.0, "size": 1.0, "prior": 2.0, "settled": 1.0}


def band_of(one: One) -> str | None:
    if not one.is_mainstream:
        return None
    if one.is_selective or one.is_technical:
        return "selective" if one.is_selective else "technical"
    return {"junior": "primary", "first": "infant", "all-through": "secondary"}.get(one.phase, one.phase)


def faith_of(one: One) -> str | None:
    if one.character == "Unknown":
        return None
    if one.character in (None, "None", "Does not apply"):
        return "none"
    for faith in ("Roman Catholic", "Church of England"):
        if one.character.startswith(faith):
            return faith
    return "another"


def by_hand(schools: Sequence[One], urn: str) -> list[tuple[str, float]]:
    """The nearest schools by a loop over all of the band, with numpy's own mean and standard deviation."""
    own = next(one for one in schools if one.urn == urn)
    band = sorted((one for one in schools if band_of(one) == band_of(own)), key=lambda one: one.urn)
    figures = {
        "fsm6": [one.fsm6 for one in band],
        "eal": [one.eal for one in band],
        "size": [float(np.log(one.year_group)) for one in band],
        "prior": [one.prior for one in band],
        "settled": [one.settled for one in band],
    }
    place_of = [one.urn for one in band].index(urn)
    total, squared = 0.0, np.zeros(len(band))
    for part, values in figures.items():
        figure = np.array([np.nan if value is None else value for value in values], dtype=float)
        if 2 * np.count_nonzero(~np.isnan(figure)) < len(band) or np.isnan(figure[place_of]):
            continue
        spread = np.nanstd(figure)
        scaled = figure * 0 if spread == 0 else (figure - np.nanmean(figure)) / spread
        squared = squared + WEIGHTS[part] * (scaled - scaled[place_of]) ** 2
        total += WEIGHTS[part]
    if faith_of(own) is not None:
        apart = [np.nan if faith_of(one) is None else 0.5**2 * (faith_of(one) != faith_of(own)) for one in band]
        squared = squared + np.array(apart, dtype=float)
        total += 1
    distances = np.sqrt(squared / total)
    known = [
        (one.urn, float(distance))
        for one, distance in zip(band, distances, strict=True)
        if one.urn != urn and not np.isnan(distance)
    ]
    return sorted(known, key=lambda pair: (round(pair[1], 6), pair[0]))[:SIMILAR_SCHOOLS]


def country(seed: int, n: int = 420) -> list[One]:
    """Schools of every band, with figures as skewed as real ones, some of them alone and some with a part missing."""
    chance = Random(seed)
    phases = ("primary",) * 6 + ("junior", "infant", "first", "secondary", "secondary", "all-through")
    faiths = (
        "Does not apply",
        None,
        "None",
        "Church of England",
        "Church of England/Methodist",
        "Roman Catholic",
        "Sikh",
    )
    made = []
    for number in range(n):
        phase = chance.choice(phases)
        one = One(
            urn=f"{100_000 + number}",
            phase=phase,
            is_selective=phase == "secondary" and chance.random() < 0.1,
            is_technical=phase == "secondary" and chance.random() < 0.1,
            character=chance.choice(faiths),
            fsm6=round(chance.betavariate(2, 5) * 100, 2),
            eal=round(chance.betavariate(0.6, 4) * 100, 1),
            pupils=float(chance.randrange(30, 1800 if phase in ("secondary", "all-through") else 700)),
            prior=round(chance.gauss(104, 3), 1) if phase in ("secondary", "all-through") else None,
            settled=round(chance.uniform(70, 100)) if phase == "primary" else None,
        )
        if number % 37 == 0:
            one = replace(one, eal=None)
        if number % 41 == 0:
            one = replace(one, character="Unknown")
        if number % 43 == 0:
            one = replace(one, prior=None, settled=None)
        if number % 101 == 0:
            one = replace(one, fsm6=99.0, eal=99.0, pupils=20.0)
        made.append(one)
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_similar_schools_are_the_nearest_by_a_second_way(con: Connection, seed: int) -> None:
    schools = country(seed)
    place(con, schools)
    found = groups(con)
    assert set(found) == {one.urn for one in schools}
    for one in schools:
        expected = by_hand(schools, one.urn)
        assert [distance for _, distance in found[one.urn]] == pytest.approx([d for _, d in expected], abs=3e-6)
        # where two are as far away, either may come first by the rounding of the last figure
        clear = [urn for urn, d in expected if sum(abs(d - other) < 1e-5 for _, other in expected) == 1][:-1]
        assert set(clear) <= {urn for urn, _ in found[one.urn]}


def test_similar_schools_do_not_depend_on_the_order_of_the_rows(con: Connection) -> None:
    schools = country(7)
    place(con, schools)
    before = groups(con)
    place(con, schools[::-1])
    assert groups(con) == before


def test_every_school_has_one_intake_and_no_school_is_like_itself(con: Connection) -> None:
    schools = [*country(5), One("900001", phase="special", is_mainstream=False)]
    place(con, schools)
    counted = rows(con, "select urn, count(*) as n from intakes group by urn")
    assert {row["urn"]: row["n"] for row in counted} == {one.urn: 1 for one in schools}
    assert not [urn for urn, group in groups(con).items() if urn in {similar for similar, _ in group}]


def line(n: int, **more: Any) -> list[One]:
    """Schools that differ in their disadvantaged pupils alone: one per cent from one to the next."""
    return [One(f"{100_000 + number}", fsm6=10.0 + number, **more) for number in range(n)]


def test_similar_schools_of_a_line_are_its_neighbours(con: Connection) -> None:
    place(con, line(120))
    found = groups(con)
    # 50 neighbours: 25 on either side, and at the end the 50 next ones
    assert {urn for urn, _ in found["100060"]} == {f"{100_060 + step}" for step in range(-25, 26) if step}
    assert {urn for urn, _ in found["100000"]} == {f"{100_000 + step}" for step in range(1, 51)}
    # weights 2 + 1 + 1 + 1, and one step is 1 / 34.6387 standard deviations (of 0 to 119: √((120² − 1) / 12))
    assert found["100060"][0][1] == pytest.approx((2 / 5) ** 0.5 / 34.638_609, abs=1e-6)


def test_similar_schools_are_fewer_than_fifty_where_there_are_fewer(con: Connection) -> None:
    place(con, line(8))
    assert {len(group) for group in groups(con).values()} == {7}


def test_a_single_school_of_its_band_has_nobody(con: Connection) -> None:
    place(con, [*line(8), One("200000", phase="secondary", pupils=900)])
    assert "200000" not in groups(con)
    assert intake(con, "200000")["missing_reason"] is None


BANDS: Mapping[str, Mapping[str, Any]] = {
    "100000": {"phase": "primary"},
    "100001": {"phase": "junior"},
    "100002": {"phase": "infant"},
    "100003": {"phase": "first"},
    "100004": {"phase": "middle"},
    "100005": {"phase": "secondary"},
    "100006": {"phase": "all-through"},
    "100007": {"phase": "secondary", "is_selective": True},
    "100008": {"phase": "secondary", "is_technical": True},
}


def test_only_schools_of_the_same_band_are_similar(con: Connection) -> None:
    place(con, [One(urn, **more) for urn, more in BANDS.items()])
    assert {urn: [similar for similar, _ in group] for urn, group in groups(con).items()} == {
        "100000": ["100001"],
        "100001": ["100000"],
        "100002": ["100003"],
        "100003": ["100002"],
        "100005": ["100006"],
        "100006": ["100005"],
    }


@pytest.mark.parametrize(
    ("school", "reason"),
    [
        (One("200000", phase="special", is_mainstream=False), "not_applicable"),
        (One("200000", fsm6=None), "not_in_release"),
        (One("200000", pupils=0.0), "not_in_release"),
        (One("200000", year=YEAR - 3), "not_in_release"),
        (One("200000", year=2016), "not_in_release"),
    ],
    ids=["special", "no share", "no pupils", "three years old", "a share that is nought for most"],
)
def test_a_school_without_an_intake_says_why_and_is_in_nobodys_group(con: Connection, school: One, reason: str) -> None:
    place(con, [*line(20), school])
    assert intake(con, "200000")["missing_reason"] == reason
    found = groups(con)
    assert "200000" not in found
    assert not [urn for urn, group in found.items() if "200000" in {similar for similar, _ in group}]


def test_an_intake_of_two_years_before_counts(con: Connection) -> None:
    place(con, [*line(20), One("200000", year=YEAR - 2)])
    assert intake(con, "200000")["census_period"] == "2022-2023"
    assert len(groups(con)["200000"]) == 20


def test_a_part_that_is_not_known_of_a_school_is_left_out_and_said(con: Connection) -> None:
    place(con, [*line(20), One("200000", fsm6=20.0, eal=None, character="Unknown")])
    found = intake(con, "200000")
    assert (found["lacks_eal"], found["lacks_character"], found["lacks_prior"]) == (True, True, False)
    # on the rest it is the same school as that of 20%
    assert groups(con)["200000"][0] == ("100010", 0.0)
    # and nobody is like a school in a part that only one of them has
    assert not [urn for urn, group in groups(con).items() if "200000" in {similar for similar, _ in group}]


def test_a_part_counts_only_where_half_of_the_band_has_it(con: Connection) -> None:
    few = [replace(one, prior=15.0 + number) if number < 9 else one for number, one in enumerate(line(20))]
    place(con, few)
    assert {row["prior_counts"] for row in rows(con, "select prior_counts from intakes")} == {False}
    assert len(groups(con)["100015"]) == 19
    half = [replace(one, prior=15.0 + number) if number < 10 else one for number, one in enumerate(line(20))]
    place(con, half)
    assert {row["prior_counts"] for row in rows(con, "select prior_counts from intakes")} == {True}
    # a school that has it is compared with those that have it, and the others with everybody
    assert (len(groups(con)["100005"]), len(groups(con)["100015"])) == (9, 19)


def test_another_character_counts_as_half_a_standard_deviation(con: Connection) -> None:
    place(con, [*line(20), One("200000", fsm6=15.0, character="Sikh")])
    # weights 2 + 1 + 1 + 1
    assert dict(groups(con)["200000"])["100005"] == pytest.approx((0.25 / 5) ** 0.5, abs=1e-6)


def test_an_intake_that_is_alike_everywhere_tells_nobody_apart(con: Connection) -> None:
    place(con, [One(f"{100_000 + number}") for number in range(60)])
    found = groups(con)
    assert {distance for group in found.values() for _, distance in group} == {0.0}
    assert [urn for urn, _ in found["100059"]] == [f"{100_000 + number}" for number in range(50)]
