"""What the invented LA knows of its youngest pupils: phonics, good level of development, multiplication check."""

from collections.abc import Iterator, Sequence
from datetime import date

from risk_model.demo.randomness import stream
from risk_model.demo.schools import School

EARLY_COLUMNS = "urn,seen_on,recorded_by,assessment,academic_year,pupils,pupils_reached"
EARLY_YEARS = (2024, 2025, 2026)
# the share that reaches each in a school like the average one of England
_USUAL = {"phonics year 1": 0.80, "good level of development": 0.68, "multiplication check": 0.35}
_AGE_AFTER = {"phonics year 1": 6, "good level of development": 5, "multiplication check": 9}


def early_lines(seed: int, schools: Sequence[School]) -> Iterator[list[object]]:
    """A line for each school, assessment and year: of every maintained school with pupils of that age, and of one
    academy in two, for an academy need not say."""
    for school in schools:
        chance = stream(seed, "early", school.urn)
        tells = not school.is_academy or chance.random() < 0.5
        if tells and school.kind in ("infant", "primary", "all-through") and school.closed is None:
            yield from _of_school(seed, school)


def _of_school(seed: int, school: School) -> Iterator[list[object]]:
    chance = stream(seed, "early results", school.urn)
    size = max(3, round(school.roll / (school.high_age - school.low_age)))
    for assessment, usual in _USUAL.items():
        if not school.low_age < _AGE_AFTER[assessment] <= school.high_age:
            continue
        for summer in EARLY_YEARS:
            if school.opened is not None and school.predecessor is None and school.opened.year >= summer:
                continue
            known = school.nature.quality.get(summer, school.nature.quality[max(school.nature.quality)])
            share = usual - 0.02 * school.nature.disadvantaged_z + 0.015 * known + chance.gauss(0, 0.01)
            pupils = max(3, size + chance.randrange(-3, 4))
            reached = sum(chance.random() < share for _ in range(pupils))
            seen_on = date(summer, 7, 10)
            yield [school.urn, seen_on, "Early years team", assessment, f"{summer - 1}-{summer}", pupils, reached]
