"""One chart of every kind, with a gap, a break, a long name, names that meet, and names that look like markup."""

import pandas as pd

from risk_model.domain.charts import (
    Axis,
    Bars,
    Break,
    Chart,
    Dot,
    Dots,
    Drawing,
    Line,
    Lines,
    Outline,
    Part,
    Places,
    Role,
    Scatter,
    Spot,
    Strip,
    Strips,
)

HOSTILE = "$x^2$ <b>bold</b> **School** &amp; =1+1"
_PERCENT = Axis("Pupils who reached the expected standard, %", "%", better="higher is better")
_YEARS = ("2015-16", "2016-17", "2017-18", "2018-19", "2019-20", "2020-21", "2021-22", "2022-23", "2023-24")
_OWN = (48.0, 52.0, 55.0, 61.0, None, None, None, 58.0, 60.0)
_ROWS = ("Riverside", "Hillside and the villages of the northern moors together", HOSTILE)


def _spots(count: int) -> tuple[Spot, ...]:
    many = tuple(Spot(f"9{n:05}", f"School {n}", Role.REST, 40 + n * 37 % 41, n * 53 % 29) for n in range(count))
    return (*many, Spot("900901", HOSTILE, Role.FIRST, 47, 12, label=HOSTILE, told="12 of 26 pupils"))


def _levels() -> tuple[Part, ...]:
    return tuple(
        Part(role.value, role, shares, tuple(f"{mark} {share:.0f}%" for share in shares))
        for role, mark, shares in (
            (Role.UNLIKELY, "■", (12.0, 30.0, 4.0)),
            (Role.UNCERTAIN, "▲", (20.0, 25.0, 6.0)),
            (Role.LIKELY, "●", (58.0, 25.0, 50.0)),
            (Role.NOT_ENOUGH_EVIDENCE, "○", (10.0, 20.0, 40.0)),
        )
    )


def drawings() -> dict[str, Drawing]:
    """A drawing of every kind, by the name of its kind."""
    ring = ((400_000.0, 300_000.0), (440_000.0, 310_000.0), (430_000.0, 345_000.0), (395_000.0, 330_000.0))
    beside = tuple((east + 45_000, north) for east, north in ring)
    return {
        "lines": Lines(
            _YEARS,
            _PERCENT,
            (
                Line(
                    HOSTILE,
                    Role.OWN,
                    _OWN,
                    lower=tuple(None if one is None else one - 6 for one in _OWN),
                    upper=tuple(None if one is None else one + 6 for one in _OWN),
                    notes=("", "", "", "", "not published", "not published", "suppressed", "", ""),
                ),
                Line("England", Role.NATIONAL, (53.0, 54.0, 56.0, 60.0, None, None, None, 59.0, 59.5)),
                Line("Similar schools", Role.SIMILAR, (50.0, 51.0, 54.0, 59.0, None, None, None, 58.0, 59.8)),
            ),
            (Break("2017-18", "The framework changed."), Break("2022-23", "No results for three years.")),
        ),
        "bars": Bars(_ROWS, Axis("Schools, %", "%"), _levels(), (("England", (15.0, 15.0, None)),)),
        "dots": Dots(
            _ROWS,
            _PERCENT,
            (
                Dot("Disadvantaged", Role.FIRST, (41.0, None, 50.0), (35.0, None, 44.0), (47.0, None, 56.0)),
                Dot("Others", Role.OWN, (66.0, 61.0, 70.0)),
            ),
            joined=True,
            at=(("England 46%", 46.0),),
        ),
        "strips": Strips(
            _PERCENT,
            (
                Strip(HOSTILE, _spots(60), (("median", 61.0),), without=4),
                Strip("England", _spots(400), (("median", 59.0),)),
            ),
        ),
        "scatter": Scatter(Axis("Absence, %", "%"), _PERCENT, _spots(120), (("England", 60.0),), (("England", 15.0),)),
        "places": Places(
            (Outline("The LA", (ring,)), Outline("Its neighbour", (beside,), is_own=False)),
            (
                Spot("900001", "Alder", Role.PRIORITY, 410_000, 315_000, label="Alder", told="priority"),
                Spot("900002", HOSTILE, Role.FIND_OUT, 420_000, 330_000),
                Spot("900003", "Elm", Role.WATCH, 415_000, 325_000),
                Spot("900004", "Ash", Role.UNIVERSAL, 405_000, 320_000),
            ),
        ),
    }


def chart_of(kind: str) -> Chart:
    """A chart with the drawing of a kind."""
    return Chart(
        key=kind,
        finding=f"{HOSTILE} stands 6 points below England in {kind}, and nobody knows why the other four schools "
        "of the locality do not",
        drawing=drawings()[kind],
        table=pd.DataFrame({"School": [HOSTILE], "Value": [1.5]}),
        source="DfE, key stage 2, 2023-24",
        notes=("4 schools have no figure: suppressed.",),
    )
