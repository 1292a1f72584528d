"""By when the next inspection is due: each state on its own, by the rules of each era, with dates counted by hand."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest

from risk_model.domain.paths import LOOKUPS
from risk_model.scoring.evaluating import read_sql
from risk_model.warehouse.engine import Connection, rows, scratch
from tests.scoring.kit import load

AS_AT = date(2026, 11, 20)
LISTED = date(2026, 10, 31)
_DATE, _TEXT, _BOOL = pa.date32(), pa.string(), pa.bool_()
_LATEST = pa.schema(
    [
        *((name, _TEXT) for name in ("urn", "full_kind", "full_mapping", "rc_outcome", "category_of_concern")),
        *((name, _TEXT) for name in ("overall", "ungraded_mapping", "ungraded_outcome")),
        *((name, _DATE) for name in ("full_date", "full_published_on", "ungraded_date")),
        ("concern", pa.int32()),
        ("inherited", _BOOL),
    ]
)
_INSPECTIONS = pa.schema(
    [
        *((name, _TEXT) for name in ("inspection_id", "urn", "kind", "rc_outcome")),
        *((name, _TEXT) for name in ("leadership_and_governance", "curriculum_and_teaching", "achievement")),
        ("start_date", _DATE),
        *((name, _BOOL) for name in ("safeguarding", "inherited", "is_one_of_several")),
    ]
)
_LISTS = pa.schema([("urn", _TEXT), ("scope", _TEXT), ("release_as_at", _DATE), ("published_on", _DATE)])
_SCHOOLS = pa.schema([("urn", _TEXT), ("type", _TEXT), ("open_date", _DATE), ("is_mainstream", _BOOL)])


@pytest.fixture
def con() -> Iterator[Connection]:
    with scratch() as opened:
        yield opened


def due(
    con: Connection,
    *,
    as_at: date = AS_AT,
    listed: date | None = LISTED,
    school: dict[str, Any] | None = None,
    card: dict[str, Any] | None = None,
    **latest: Any,
) -> dict[str, Any]:
    """What is said of one school with this latest inspection; `card` are the grades of its report card."""
    with (LOOKUPS / "inspection_intervals.csv").open(encoding="utf-8", newline="") as file:
        # an empty cell is NULL, as the build reads it
        lines = [{name: cell or None for name, cell in line.items()} for line in csv.DictReader(file)]
    load(con, "inspection_intervals", lines)
    facts = {"urn": "1", "type": "Community school", "open_date": date(1990, 9, 1), "is_mainstream": True}
    load(con, "schools", [{**facts, **(school or {})}], _SCHOOLS)
    known = {"urn": "1", "inherited": False, **latest} if latest else {"urn": "1"}
    load(con, "latest_inspections", [known], _LATEST)
    cards = [] if card is None else [{"inspection_id": "a", "urn": "1", "kind": "report card", **card}]
    same_day = {"start_date": latest.get("full_date"), "inherited": False, "is_one_of_several": False}
    load(con, "inspections", [{**same_day, **one} for one in cards], _INSPECTIONS)
    lists = [] if listed is None else [{"urn": "1", "scope": "school", "release_as_at": listed, "published_on": listed}]
    load(con, "stg_ofsted_rows", [], _LISTS)
    load(con, "stg_ofsted_report_cards_rows", lists, _LISTS)
    for name in ("inspection_due_dates", "next_inspections"):
        con.execute(f"create or replace table {name} as {read_sql(name)}", {"as_at": as_at})
    found = rows(con, "select * from next_inspections")
    assert len(found) == 1
    return found[0]


@dataclass(frozen=True)
class Case:
    """One school, and what must be said of it."""

    name: str
    latest: dict[str, Any]
    state: str
    due_by: date | None
    standing: str
    school: dict[str, Any] | None = None
    missing: str | None = None
    as_at: date = AS_AT


def graded(on: date, concern: int = 0, *, published: date | None = None, **more: Any) -> dict[str, Any]:
    """A graded inspection, good where nothing else is said."""
    overall = {0: "2", 2: "3", 3: "4"}[concern]
    basic = {"full_kind": "graded", "full_mapping": "M4", "overall": overall, "full_date": on, "concern": concern}
    return {**basic, "full_published_on": published, **more}


def report_card(on: date, outcome: str) -> dict[str, Any]:
    concern = {"meets": 0, "mixed": 1, "below": 2, "category": 3}[outcome]
    return {
        "full_kind": "report card",
        "full_mapping": "M16",
        "full_date": on,
        "rc_outcome": outcome,
        "concern": concern,
    }


ACADEMY = {"type": "Academy sponsor led", "open_date": date(2024, 9, 1)}
CASES = [
    # the school year 2022-23 ends on 31 August 2023; four more
    Case("good", graded(date(2023, 3, 1)), "good", date(2027, 8, 31), "within 12 months"),
    Case("good in the first days of a school year", graded(date(2023, 9, 1)), "good", date(2028, 8, 31), "later"),
    Case(
        "good in the last days of a school year",
        graded(date(2023, 8, 31)),
        "good",
        date(2027, 8, 31),
        "within 12 months",
    ),
    Case("good before the pause", graded(date(2019, 3, 1)), "good", date(2025, 7, 31), "overdue"),
    Case("good on the last day before the pause ended", graded(date(2021, 5, 3)), "good", date(2025, 7, 31), "overdue"),
    Case("good on the first day after it", graded(date(2021, 5, 4)), "good", date(2025, 8, 31), "overdue"),
    Case(
        "confirmed by an ungraded inspection",
        graded(date(2018, 3, 1), ungraded_date=date(2024, 1, 9), ungraded_mapping="M8"),
        "good",
        date(2028, 8, 31),
        "later",
    ),
    Case(
        "warned by an ungraded inspection",
        graded(date(2018, 3, 1), ungraded_date=date(2025, 1, 9), ungraded_mapping="M10"),
        "graded next",
        date(2027, 1, 9),
        "within 12 months",
    ),
    Case("outstanding", graded(date(2023, 3, 1), overall="1"), "outstanding", date(2027, 8, 31), "within 12 months"),
    Case(
        "outstanding, once exempt", graded(date(2010, 3, 1), overall="1"), "outstanding", date(2025, 7, 31), "overdue"
    ),
    # thirty months from publication
    Case(
        "requires improvement",
        graded(date(2025, 1, 14), 2, published=date(2025, 3, 10)),
        "requires improvement",
        date(2027, 9, 10),
        "within 12 months",
    ),
    Case(
        "no day of publication",
        graded(date(2025, 1, 14), 2),
        "requires improvement",
        date(2027, 7, 14),
        "within 12 months",
    ),
    Case(
        "special measures",
        graded(date(2024, 1, 14), 3, category_of_concern="SM"),
        "special measures",
        date(2026, 7, 14),
        "overdue",
    ),
    Case(
        "serious weaknesses",
        graded(date(2025, 6, 14), 3, category_of_concern="SWK"),
        "serious weaknesses",
        date(2027, 12, 14),
        "later",
    ),
    Case("a report card that meets all", report_card(date(2026, 1, 20), "meets"), "met", date(2030, 1, 20), "later"),
    *(
        Case(
            f"a report card: {one}",
            report_card(date(2026, 1, 20), one),
            "monitored",
            None,
            "monitored",
            missing="monitored",
        )
        for one in ("mixed", "below", "category")
    ),
    Case("a new school", {}, "new school", date(2027, 9, 1), "within 12 months", school=ACADEMY),
    Case(
        "a new school from before September 2021",
        {},
        "new school",
        date(2024, 3, 1),
        "overdue",
        school={"type": "Free school", "open_date": date(2019, 9, 1)},
    ),
    Case(
        "an opening day that nobody knows",
        {},
        "new school",
        None,
        "no date",
        school={"open_date": None},
        missing="not_known",
    ),
    Case(
        "a sponsored academy with its predecessor's record",
        graded(date(2023, 3, 1), inherited=True),
        "new school",
        date(2027, 9, 1),
        "within 12 months",
        school=ACADEMY,
    ),
    Case(
        "a converter with its predecessor's record",
        graded(date(2023, 10, 1), inherited=True),
        "good",
        date(2028, 8, 31),
        "later",
        school={"type": "Academy converter", "open_date": date(2024, 9, 1)},
    ),
    # by the rules of the time
    Case("paused", graded(date(2016, 3, 1)), "good", None, "no date", missing="paused", as_at=date(2020, 10, 1)),
    Case(
        "exempt",
        graded(date(2010, 3, 1), overall="1"),
        "outstanding",
        None,
        "no date",
        missing="exempt",
        as_at=date(2019, 1, 15),
    ),
    Case(
        "an outstanding special school was never exempt",
        graded(date(2016, 3, 1), overall="1"),
        "outstanding",
        date(2020, 3, 1),
        "later",
        school={"is_mainstream": False},
        as_at=date(2019, 1, 15),
    ),
    Case(
        "good in 2017",
        graded(date(2014, 9, 30)),
        "good",
        date(2017, 9, 30),
        "within 12 months",
        as_at=date(2017, 1, 15),
    ),
    Case("good in 2019", graded(date(2014, 9, 30)), "good", date(2018, 9, 30), "overdue", as_at=date(2019, 1, 15)),
    Case(
        "before any rule that is held",
        graded(date(2013, 3, 1)),
        "",
        None,
        "no date",
        missing="no_rule",
        as_at=date(2015, 8, 31),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
def test_the_next_inspection_is_due(con: Connection, case: Case) -> None:
    listed = min(LISTED, case.as_at)
    found = due(con, as_at=case.as_at, listed=listed, school=case.school, **case.latest)
    assert (found["due_by"], found["standing"], found["missing_reason"]) == (case.due_by, case.standing, case.missing)
    assert (found["state"] or "") == case.state
    assert found["is_overdue"] == (case.standing == "overdue")
    assert found["within_12_months"] == (case.standing == "within 12 months")
    # exactly one of a date and a reason; and always why, and from where
    assert (found["due_by"] is None) == (found["missing_reason"] is not None)
    assert found["why"]
    assert bool(found["source"]) == bool(found["rule_version"])
    if case.due_by:
        assert found["due_from"] == case.due_by.replace(year=case.due_by.year - 1)


def test_on_the_very_day_it_is_due_and_not_overdue(con: Connection) -> None:
    on_the_day = due(con, as_at=date(2027, 8, 31), listed=date(2027, 8, 31), **graded(date(2023, 3, 1)))
    assert (on_the_day["standing"], on_the_day["is_overdue"]) == ("within 12 months", False)
    the_day_after = due(con, as_at=date(2027, 9, 1), listed=date(2027, 9, 1), **graded(date(2023, 3, 1)))
    assert (the_day_after["standing"], the_day_after["is_overdue"]) == ("overdue", True)
    a_year_before = due(con, as_at=date(2026, 8, 31), listed=date(2026, 8, 31), **graded(date(2023, 3, 1)))
    assert a_year_before["standing"] == "within 12 months"
    one_day_more = due(con, as_at=date(2026, 8, 30), listed=date(2026, 8, 30), **graded(date(2023, 3, 1)))
    assert one_day_more["standing"] == "later"


def test_what_happened_after_the_newest_list_is_not_said_to_be_overdue(con: Connection) -> None:
    old = due(con, listed=date(2025, 8, 31), **graded(date(2022, 3, 1)))
    assert (old["due_by"], old["standing"]) == (date(2026, 8, 31), "overdue as far as known")
    new = due(con, listed=date(2026, 8, 31), **graded(date(2022, 3, 1)))
    assert new["standing"] == "overdue"
    none = due(con, listed=None, **graded(date(2022, 3, 1)))
    assert (none["known_until"], none["standing"]) == (None, "overdue as far as known")


def test_each_era_since_the_last_inspection_speaks_for_itself(con: Connection) -> None:
    due(con, **graded(date(2017, 10, 10)))
    eras = rows(con, "select rule_version, due_by, missing_reason from inspection_due_dates order by rule_version")
    assert [tuple(era.values()) for era in eras] == [
        ("2015-09", date(2020, 10, 10), None),
        ("2018-04", date(2021, 10, 10), None),
        ("2020-03", None, "paused"),
        ("2021-09", date(2025, 7, 31), None),
        ("2025-11", date(2025, 7, 31), None),
    ]


EXPECTED, ATTENTION = "Expected standard", "Needs attention"


def grades(leadership: str, curriculum: str, achievement: str, *, is_safe: bool = True) -> dict[str, Any]:
    return {
        "leadership_and_governance": leadership,
        "curriculum_and_teaching": curriculum,
        "achievement": achievement,
        "safeguarding": is_safe,
    }


@pytest.mark.parametrize(
    ("outcome", "card", "strict", "soft"),
    [
        ("meets", grades(EXPECTED, "Strong standard", "Exceptional"), True, True),
        ("mixed", grades(EXPECTED, EXPECTED, EXPECTED), False, True),
        ("mixed", grades(EXPECTED, EXPECTED, ATTENTION), False, False),
        ("mixed", grades(EXPECTED, ATTENTION, EXPECTED), False, False),
        ("below", grades(ATTENTION, EXPECTED, EXPECTED), False, False),
        ("category", grades(EXPECTED, EXPECTED, EXPECTED), False, False),
        ("category", grades(EXPECTED, EXPECTED, EXPECTED, is_safe=False), False, False),
    ],
)
def test_a_report_card_stands_against_both_versions_of_the_target(
    con: Connection, outcome: str, card: dict[str, Any], strict: bool, soft: bool
) -> None:
    day = date(2026, 1, 20)
    found = due(con, card={**card, "rc_outcome": outcome}, **report_card(day, outcome))
    assert (found["meets_strict"], found["meets_soft"]) == (strict, soft)


def test_an_inspection_before_report_cards_stands_against_neither(con: Connection) -> None:
    found = due(con, **graded(date(2023, 3, 1)))
    assert (found["meets_strict"], found["meets_soft"]) == (None, None)


def test_every_state_has_a_rule_in_every_era_and_every_rule_a_source() -> None:
    with (LOOKUPS / "inspection_intervals.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    before_report_cards = {
        "good",
        "outstanding",
        "graded next",
        "requires improvement",
        "serious weaknesses",
        "special measures",
        "new school",
    }
    states: dict[str, set[str]] = {}
    for line in lines:
        states.setdefault(line["version"], set()).add(line["state"])
        assert line["why"]
        assert line["source"]
        said = [name for name in ("months", "school_years", "fixed_by", "no_date") if line[name]]
        assert len(said) == 1, line
        assert bool(line["no_date"]) != bool(line["counted_from"])
    assert states.pop("2020-03") == {"any"}
    assert all(before_report_cards <= found for found in states.values())
    assert {"met", "monitored"} <= states["2025-11"]


def test_the_versions_follow_one_another_without_a_gap() -> None:
    with (LOOKUPS / "inspection_intervals.csv").open(encoding="utf-8", newline="") as file:
        spans = sorted({(line["in_force_from"], line["in_force_to"]) for line in csv.DictReader(file)})
    for (_, until), (begins, _) in pairwise(spans):
        assert (date.fromisoformat(begins) - date.fromisoformat(until)).days == 1
    assert spans[-1][1] == ""
