"""Each measure of what the LA holds worked out a second way, in plain Python, from lines drawn at random; and by hand.

The lines stand in the staged tables of their kinds, as a build has them: seen by the day, the newest of each line.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from risk_model.measures.reader import measures_by_id
from risk_model.rules.reader import Rule, read_rules
from risk_model.sources.catalogue import source_named
from risk_model.warehouse.engine import Connection, rows, scratch
from tests.scoring.kit import create_measure_values_table, load

AS_AT = date(2025, 12, 31)
DAY = timedelta(days=1)
ONE = "100001"
Row = dict[str, Any]
Lines = Sequence[Mapping[str, Any]]

_TYPES = {"text": pa.string(), "code": pa.string(), "year": pa.string(), "date": pa.date32()}
_SCHOOLS = pa.schema([(name, pa.string()) for name in ("urn", "la_code", "control", "phase_group")]).append(
    pa.field("is_mainstream", pa.bool_())
)
_LATEST = pa.schema(
    [
        ("urn", pa.string()),
        ("full_kind", pa.string()),
        ("full_date", pa.date32()),
        ("full_published_on", pa.date32()),
        ("concern", pa.int32()),
        ("inherited", pa.bool_()),
        ("current_category", pa.string()),
        ("safeguarding", pa.bool_()),
        ("safeguarding_on", pa.date32()),
        ("safeguarding_inherited", pa.bool_()),
        ("release_id", pa.string()),
        ("source_row", pa.int32()),
    ]
)
_GRADES = pa.schema(
    [
        *((name, pa.string()) for name in ("urn", "area", "changed")),
        *((name, pa.date32()) for name in ("inspected_on", "graded_on", "first_told_on")),
        ("is_latest", pa.bool_()),
    ]
)


class Desk:
    """The tables that the measures read, with what a test writes down."""

    def __init__(self, con: Connection) -> None:
        self.con = con
        self.schools([{"urn": ONE}])
        self.latest([{"urn": ONE}])

    def schools(self, given: Lines) -> None:
        usual = {"la_code": "850", "control": "maintained", "phase_group": "primary", "is_mainstream": True}
        load(self.con, "schools", [usual | dict(one) for one in given], _SCHOOLS)

    def latest(self, given: Lines) -> None:
        empty = dict.fromkeys(_LATEST.names)
        load(self.con, "latest_inspections", [empty | dict(one) for one in given], _LATEST)

    def lines(self, kind: str, given: Lines, *, table: str | None = None) -> None:
        """The staged lines of a kind; each row has a number, and its file is of 30 June 2025."""
        source = source_named(kind)
        figures = [one.name for one in source.fields if one.kind not in _TYPES]
        schema = pa.schema(
            [
                *((one.name, _TYPES.get(one.kind, pa.float64())) for one in source.fields),
                *((f"{name}_missing", pa.string()) for name in figures),
                *((name, pa.date32()) for name in ("release_as_at", "published_on", "measured_on")),
                *((name, pa.string()) for name in ("release_id", "scope", "period")),
                *((name, pa.int32()) for name in ("row_number", "year")),
            ]
        )
        usual = {"release_id": "file", "release_as_at": date(2025, 6, 30), "scope": "school"}
        numbered = [
            dict.fromkeys(schema.names) | usual | {"row_number": place, "urn": ONE} | dict(one)
            for place, one in enumerate(given, start=2)
        ]
        load(self.con, table or f"stg_{kind}", numbered, schema)

    def work_out(self, measure_id: str) -> dict[str, Row]:
        """The measure's rows by URN; it has one for a school."""
        sql = measures_by_id()[measure_id].sql
        found = rows(self.con, sql, {"as_at": AS_AT} if "$as_at" in sql else {})
        assert len({row["urn"] for row in found}) == len(found)
        return {row["urn"]: shown(row) for row in found}

    def one(self, measure_id: str) -> Row:
        return self.work_out(measure_id)[ONE]

    def told(self, measure_id: str) -> tuple[float | None, str | None]:
        """The value and the reason of the one school."""
        row = self.one(measure_id)
        return row["value"], row["missing_reason"]


def shown(row: Row) -> Row:
    """A measure's row as a build keeps it: a value with a reason is no value; and one of the two is always there."""
    assert row["value"] is not None or row["missing_reason"] is not None, row
    return row if row["missing_reason"] is None else row | {"value": None}


@pytest.fixture
def desk() -> Iterator[Desk]:
    with scratch() as con:
        yield Desk(con)


def days_before(days: int) -> date:
    return AS_AT - timedelta(days=days)


# --- drawn at random


KINDS = (
    "la_visits",
    "monitoring_letters",
    "formal_notices",
    "head_teacher_posts",
    "governance",
    "la_finance",
    "complaints",
    "engagement",
    "action_plan_reviews",
    "safeguarding_audits",
)
URNS = tuple(str(100_001 + place) for place in range(60))
LA_OF = {urn: "850" if place % 3 else "851" for place, urn in enumerate(URNS)}
CONTROL = {urn: "academy" if place % 4 == 0 else "maintained" for place, urn in enumerate(URNS)}


def drawn_lines(chance: Random, kind: str) -> list[Row]:
    """Up to four lines of each school, by the template of the kind; no two that the template takes for one."""
    source = source_named(kind)
    found: dict[tuple[Any, ...], Row] = {}
    for urn in URNS:
        if LA_OF[urn] == "851" and kind in ("formal_notices", "complaints"):
            continue  # an LA that keeps no register
        for _ in range(chance.choice((0, 0, 1, 2, 4))):
            line = {
                one.name: drawn_cell(chance, one.kind, sorted(one.codes), one.must_be_filled) for one in source.fields
            }
            line |= {"urn": urn, "seen_on": days_before(chance.randrange(0, 1_000)), "reference": str(chance.random())}
            line["release_id"] = chance.choice(("file 1", "file 2"))
            line["release_as_at"] = line["seen_on"] + timedelta(days=chance.randrange(0, 40))
            put_in_order(line)
            found[tuple(line[name] for name in source.one_row_per)] = line
    return list(found.values())


def drawn_cell(chance: Random, kind: str, codes: Sequence[str], is_needed: bool) -> Any:
    if not is_needed and chance.random() < 0.3:
        return None
    if kind == "code":
        return chance.choice(codes)
    if kind == "date":
        return days_before(chance.randrange(0, 2_000))
    return float(chance.randrange(0, 7)) if kind in ("count", "percent", "money") else "x"


def put_in_order(line: Row) -> None:
    """What the template refuses is no line: more vacancies than seats, a start after the day on which it was seen."""
    for smaller, larger in (
        ("vacancies", "seats"),
        ("milestones_met", "milestones_due"),
        ("success_measures_missed", "success_measures_due"),
        ("issued_on", "ended_on"),
        ("issued_on", "seen_on"),
        ("ended_on", "seen_on"),
        ("started_on", "seen_on"),
        ("offered_on", "seen_on"),
        ("chair_since", "seen_on"),
        ("external_review_on", "seen_on"),
        ("inspected_on", "seen_on"),
    ):
        first, second = line.get(smaller), line.get(larger)
        if first is not None and second is not None and first > second:
            line[smaller] = second


def drawn_inspections(chance: Random) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for urn in URNS:
        row: Row = {"urn": urn}
        if chance.random() < 0.85:
            judged_on = days_before(chance.randrange(0, 1_500))
            concern = chance.choice((0, 0, 1, 2, 2, 3))
            row |= {
                "full_kind": "graded",
                "full_date": judged_on,
                "full_published_on": judged_on + 30 * DAY,
                "concern": concern,
                "inherited": chance.random() < 0.2,
                "current_category": "RSI" if concern == 3 else None,
                "safeguarding": chance.random() < 0.7,
                "safeguarding_on": judged_on,
                "safeguarding_inherited": chance.random() < 0.2,
            }
        found[urn] = dict.fromkeys(_LATEST.names) | row
    return found


class World:
    """The drawn schools, inspections and lines, as the tables have them and as Python has them."""

    def __init__(self, con: Connection, seed: int) -> None:
        chance = Random(seed)
        self.desk = Desk(con)
        self.inspections = drawn_inspections(chance)
        self.of_kind = {kind: drawn_lines(chance, kind) for kind in KINDS}
        self.desk.schools([{"urn": urn, "la_code": LA_OF[urn], "control": CONTROL[urn]} for urn in URNS])
        self.desk.latest(list(self.inspections.values()))
        for kind, lines in self.of_kind.items():
            self.desk.lines(kind, lines)

    def of(self, kind: str, urn: str) -> list[Row]:
        """A school's lines, the newest first."""
        own = [line for line in self.of_kind[kind] if line["urn"] == urn]
        return sorted(own, key=lambda line: line["seen_on"], reverse=True)


Answer = tuple[float | None, str | None, date | None]
NOTHING: Answer = (None, "not_held", None)


def visit_impact(world: World, urn: str) -> Answer:
    scores = {"not effective": 2, "partly effective": 1, "effective": 0, "effective and evidenced": -1}
    lines = world.of("la_visits", urn)
    if not lines:
        return NOTHING
    newest = lines[0]["seen_on"]
    return max(scores[line["impact"]] for line in lines if line["seen_on"] == newest), None, newest


def review_areas(world: World, urn: str) -> Answer:
    areas = ("leadership_and_governance", "curriculum_and_teaching", "achievement")
    found: dict[date, list[int]] = {}
    for line in world.of("la_visits", urn):
        words = [line[area] for area in areas]
        if line["visit_kind"] in ("review day", "pre-inspection review", "peer review") and (
            "secure" in words or "below expected" in words
        ):
            score = 1 if "below expected" in words else -1 if words == ["secure"] * 3 else 0
            found.setdefault(line["seen_on"], []).append(score)
    return (max(found[max(found)]), None, max(found)) if found else NOTHING


def monitoring(world: World, urn: str) -> Answer:
    inspection = world.inspections[urn]
    letters = [
        (line["inspected_on"] or line["seen_on"], line["seen_on"], line["action"])
        for line in world.of("monitoring_letters", urn)
    ]
    later = [one for one in letters if inspection["full_date"] is None or one[0] > inspection["full_date"]]
    if later:
        visited_on, _, action = max(later)
        scores = {"not effective action": 1, "some progress": 0, "effective action": -1}
        return scores[action], None, visited_on
    is_monitored = inspection["concern"] is not None and inspection["concern"] >= 1
    return None, "not_held" if is_monitored else "not_applicable", None


def open_concerns(world: World, urn: str) -> Answer:
    lines = world.of("safeguarding_audits", urn)
    inspection = world.inspections[urn]
    if not lines:
        return NOTHING
    met_on = inspection["safeguarding_on"] if inspection["safeguarding"] else None
    met_on = None if inspection["safeguarding_inherited"] else met_on
    gaps: date | None = None
    concern: date | None = None
    # told as a story, the oldest first
    for line in reversed(lines):
        if line["gaps"] == "serious":
            gaps = line["seen_on"]
        elif line["gaps"] in ("none", "minor"):
            gaps = None
        concern = line["seen_on"] if line["open_concern"] == "yes" else None
    known = [day for day in (gaps, concern) if day is not None and not (met_on is not None and met_on > day)]
    if known:
        return len(known), None, max(known)
    newest = lines[0]["seen_on"]
    return (None, "stale", newest) if (AS_AT - newest).days > 731 else (0, None, newest)


def kept_until(world: World, kind: str, la_code: str) -> date | None:
    """Until when an LA's register is known to be complete: its newest line, or the day of its newest file."""
    lines = [line for line in world.of_kind[kind] if LA_OF[line["urn"]] == la_code]
    return max((max(line["seen_on"], min(line["release_as_at"], AS_AT)) for line in lines), default=None)


def formal_notices(world: World, urn: str) -> Answer:
    lines = world.of("formal_notices", urn)
    kept = kept_until(world, "formal_notices", LA_OF[urn])
    none_on = max((line["seen_on"] for line in lines if line["notice"] == "none"), default=date.min)
    in_force = [
        line
        for line in lines
        if line["notice"] not in ("none", "academy order")
        and (line["ended_on"] is None or line["ended_because"] == "not complied with")
        and line["seen_on"] >= none_on
    ]
    if in_force:
        return len(in_force), None, max(line["issued_on"] or line["seen_on"] for line in in_force)
    if kept is None:
        return None, "no_register", None
    return (None, "stale", kept) if (AS_AT - kept).days > 731 else (0, None, kept)


def head_changes(world: World, urn: str) -> Answer:
    lines = world.of("head_teacher_posts", urn)
    if not lines:
        return NOTHING
    newest = lines[0]
    if newest["changes_in_36_months"] is not None:
        return newest["changes_in_36_months"], None, newest["seen_on"]
    if newest["started_on"] is not None and (newest["seen_on"] - newest["started_on"]).days > 1096:
        return 0, None, newest["seen_on"]
    return None, "record_incomplete", newest["seen_on"]


def head_unfilled(world: World, urn: str) -> Answer:
    lines = world.of("head_teacher_posts", urn)
    if not lines:
        return NOTHING
    run: list[Row] = []
    for line in lines:
        if line["post_status"] in ("permanent", "executive head", "co-heads"):
            break
        run.append(line)
    seen_on = lines[0]["seen_on"]
    if not run:
        return 0, None, seen_on
    if len(run) == 1 and run[0]["started_on"] is None:
        return None, "record_incomplete", seen_on
    return (seen_on - min(line["started_on"] or line["seen_on"] for line in run)).days, None, seen_on


def head_in_post(world: World, urn: str) -> Answer:
    lines = world.of("head_teacher_posts", urn)
    if not lines:
        return NOTHING
    if lines[0]["started_on"] is None:
        return None, "record_incomplete", lines[0]["seen_on"]
    return (AS_AT - lines[0]["started_on"]).days, None, lines[0]["seen_on"]


def governance(world: World, urn: str) -> Answer:
    lines = world.of("governance", urn)
    if not lines:
        return None, "held_at_trust" if CONTROL[urn] == "academy" else "not_held", None
    line, inspection = lines[0], world.inspections[urn]
    of_file = [one for one in world.of_kind["governance"] if one["release_id"] == line["release_id"]]
    names_chairs = any(one["chair_since"] for one in of_file)
    names_reviews = any(one["external_review_on"] for one in of_file)
    signs = 0
    signs += line["seats"] > 0 and line["vacancies"] / line["seats"] >= 0.25
    signs += names_chairs if line["chair_since"] is None else (line["seen_on"] - line["chair_since"]).days < 365
    if inspection["concern"] is not None and inspection["concern"] >= 2 and not inspection["inherited"]:
        is_reviewed = (
            line["external_review_on"] >= inspection["full_date"] if line["external_review_on"] else not names_reviews
        )
        signs += not is_reviewed and (line["seen_on"] - inspection["full_date"]).days >= 183
    signs += line["clerk_concern"] == "yes"
    return float(signs), None, line["seen_on"]


def deficit_plan(world: World, urn: str) -> Answer:
    lines = world.of("la_finance", urn)
    if not lines:
        return None, "held_at_trust" if CONTROL[urn] == "academy" else "not_held", None
    line = lines[0]
    if line["deficit"] == "no deficit":
        return 0, None, line["seen_on"]
    is_planned = line["deficit"] == "licensed" and line["recovery_plan"] in ("agreed", "not needed")
    return 1 if is_planned else 2, None, line["seen_on"]


def complaints(world: World, urn: str) -> Answer:
    kept = kept_until(world, "complaints", LA_OF[urn])
    if kept is None:
        return None, "no_register", None
    count = 0
    for line in world.of("complaints", urn):
        is_open = line["finding"] == "open" and (line["qualifies"] == "yes" or line["passed_on_by"] == "Ofsted")
        count += (AS_AT - line["seen_on"]).days <= 365 and (line["finding"] in ("upheld", "partly upheld") or is_open)
    return count, None, kept


def engagement(world: World, urn: str) -> Answer:
    lines = world.of("engagement", urn)
    if not lines:
        return (None, "not_applicable", None) if CONTROL[urn] == "academy" else NOTHING
    newest: dict[str, Row] = {}
    for line in lines:
        key = (line["seen_on"], line["offered_on"] or date.min)
        if line["offer"] not in newest or key > newest[line["offer"]]["key"]:
            newest[line["offer"]] = line | {"key": key}
    refused = []
    for offer, line in newest.items():
        is_no = line["answer"] in ("declined", "did not take part") and offer in ("entitlement", "core group")
        waited = (line["seen_on"] - line["offered_on"]).days if line["offered_on"] else 0
        is_silent = line["answer"] == "no answer" and offer in ("entitlement", "core group", "visit", "review")
        if is_no or (is_silent and waited > 122):
            refused.append(line["seen_on"])
    known_on = max(refused) if refused else lines[0]["seen_on"]
    return (None, "not_applicable", known_on) if CONTROL[urn] == "academy" else (len(refused), None, known_on)


def owes_a_plan(world: World, urn: str) -> bool:
    concern = world.inspections[urn]["concern"]
    return concern is not None and concern >= 2


def plan_missed(world: World, urn: str) -> Answer:
    lines = world.of("action_plan_reviews", urn)
    if not lines:
        return None, "not_held" if owes_a_plan(world, urn) else "not_applicable", None
    missed = [line["success_measures_missed"] for line in lines[:2]]
    if missed[0] == 0 or len(missed) == 2:
        return min(missed), None, lines[0]["seen_on"]
    return None, "no_earlier_figure", lines[0]["seen_on"]


def plan_on_track(world: World, urn: str) -> Answer:
    lines = world.of("action_plan_reviews", urn)
    if not lines:
        return None, "not_held" if owes_a_plan(world, urn) else "not_applicable", None
    line = lines[0]
    is_on_track = line["progress"] == "on track" and not line["success_measures_missed"]
    return float(is_on_track and line["milestones_met"] == line["milestones_due"]), None, line["seen_on"]


SECOND_WAYS: dict[str, Callable[[World, str], Answer]] = {
    "visit_impact_score": visit_impact,
    "review_areas_score": review_areas,
    "monitoring_action_score": monitoring,
    "safeguarding_open_concern_count": open_concerns,
    "formal_notice_count": formal_notices,
    "head_changes_count": head_changes,
    "head_post_unfilled_days": head_unfilled,
    "head_in_post_days": head_in_post,
    "governance_signs_count": governance,
    "deficit_plan_score": deficit_plan,
    "complaints_upheld_count": complaints,
    "engagement_refused_count": engagement,
    "plan_measures_missed_count": plan_missed,
    "plan_on_track_count": plan_on_track,
}


@pytest.fixture(scope="module", params=range(4))
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with scratch() as con:
        yield World(con, request.param)


@pytest.mark.parametrize("measure_id", SECOND_WAYS)
def test_a_measure_is_what_plain_python_makes_of_the_lines(world: World, measure_id: str) -> None:
    found = world.desk.work_out(measure_id)
    got = {urn: (row["value"], row["missing_reason"], row["measured_on"]) for urn, row in found.items()}
    assert got == {urn: SECOND_WAYS[measure_id](world, urn) for urn in URNS}


@pytest.mark.parametrize("measure_id", SECOND_WAYS)
def test_the_drawn_lines_reach_every_answer_of_a_measure(measure_id: str) -> None:
    """A comparison of nothing with nothing would always hold."""
    answers: set[float | str | None] = set()
    for seed in range(4):
        with scratch() as con:
            found = World(con, seed).desk.work_out(measure_id)
            answers |= {row["value"] if row["value"] is not None else row["missing_reason"] for row in found.values()}
    assert len(answers) >= 3, answers


# --- by hand


def visit(days: int, impact: str = "effective", kind: str = "routine visit", **areas: str) -> Row:
    return {"seen_on": days_before(days), "impact": impact, "visit_kind": kind, **areas}


def test_of_two_visits_on_one_day_the_weaker_finding_counts(desk: Desk) -> None:
    both = [
        visit(30, "effective and evidenced"),
        visit(30, "partly effective", "peer review"),
        visit(31, "not effective"),
    ]
    desk.lines("la_visits", both)
    assert desk.told("visit_impact_score") == (1, None)
    desk.lines("la_visits", list(reversed(both)))
    assert desk.told("visit_impact_score") == (1, None)


def test_where_no_visit_is_recorded_nobody_says_that_all_is_well(desk: Desk) -> None:
    desk.lines("la_visits", [])
    assert desk.told("visit_impact_score") == (None, "not_held")
    assert desk.told("review_areas_score") == (None, "not_held")


def test_a_routine_visit_is_no_review_of_areas_and_a_review_that_looked_at_none_is_none_either(desk: Desk) -> None:
    secure = {"leadership_and_governance": "secure", "curriculum_and_teaching": "secure", "achievement": "secure"}
    desk.lines("la_visits", [visit(5, **secure), visit(6, kind="peer review", achievement="not looked at")])
    assert desk.told("review_areas_score") == (None, "not_held")
    desk.lines("la_visits", [visit(5, kind="peer review", **secure)])
    assert desk.told("review_areas_score") == (-1, None)
    desk.lines("la_visits", [visit(5, kind="peer review", **secure | {"achievement": "not looked at"})])
    assert desk.told("review_areas_score") == (0, None)
    desk.lines("la_visits", [visit(5, kind="peer review", **secure | {"achievement": "below expected"})])
    assert desk.told("review_areas_score") == (1, None)
    assert desk.one("review_areas_score")["caveat"] == (
        "peer review; below expected: achievement; secure: leadership and governance, curriculum and teaching"
    )


def letter(days: int, action: str) -> Row:
    return {"inspected_on": days_before(days), "seen_on": days_before(days - 20), "action": action}


def test_a_letter_counts_until_a_whole_inspection_answers_for_itself(desk: Desk) -> None:
    desk.lines("monitoring_letters", [letter(200, "not effective action"), letter(500, "effective action")])
    judged = {"urn": ONE, "full_kind": "graded", "concern": 2, "inherited": False}
    desk.latest([judged | {"full_date": days_before(600)}])
    assert desk.told("monitoring_action_score") == (1, None)
    desk.latest([judged | {"full_date": days_before(200)}])
    assert desk.told("monitoring_action_score") == (None, "not_held")
    # good since then, and monitored no more
    desk.latest([judged | {"full_date": days_before(150), "concern": 0}])
    assert desk.told("monitoring_action_score") == (None, "not_applicable")


def audit(days: int, gaps: str, concern: str = "no") -> Row:
    return {"seen_on": days_before(days), "gaps": gaps, "open_concern": concern}


@pytest.mark.parametrize(
    ("lines", "met_days_ago", "value"),
    [
        ([audit(100, "serious")], None, 1),
        ([audit(100, "minor", "yes")], None, 1),
        ([audit(100, "serious", "yes")], None, 2),
        # only a later audit that found no more than minor gaps clears serious ones
        ([audit(100, "serious"), audit(50, "minor")], None, 0),
        ([audit(100, "serious"), audit(50, "not returned")], None, 1),
        ([audit(100, "none", "yes"), audit(50, "not returned")], None, 0),
        # a later inspection clears, one of the same day or before it does not
        ([audit(100, "serious", "yes")], 99, 0),
        ([audit(100, "serious", "yes")], 100, 2),
        ([audit(100, "serious", "yes")], 200, 2),
        # what is open does not grow old
        ([audit(2_000, "none", "yes")], None, 1),
        ([audit(731, "none")], None, 0),
    ],
)
def test_a_safeguarding_concern_stays_open_until_something_later_clears_it(
    desk: Desk, lines: Lines, met_days_ago: int | None, value: int
) -> None:
    desk.lines("safeguarding_audits", lines)
    met = (
        {"safeguarding": True, "safeguarding_on": days_before(met_days_ago), "safeguarding_inherited": False}
        if met_days_ago
        else {}
    )
    desk.latest([{"urn": ONE, **met}])
    assert desk.told("safeguarding_open_concern_count") == (value, None)


def test_a_sound_audit_of_more_than_two_years_ago_says_nothing_of_today(desk: Desk) -> None:
    desk.lines("safeguarding_audits", [audit(732, "none")])
    assert desk.told("safeguarding_open_concern_count") == (None, "stale")


def test_a_predecessors_inspection_clears_nothing(desk: Desk) -> None:
    desk.lines("safeguarding_audits", [audit(100, "serious")])
    desk.latest(
        [{"urn": ONE, "safeguarding": True, "safeguarding_on": days_before(50), "safeguarding_inherited": True}]
    )
    assert desk.told("safeguarding_open_concern_count") == (1, None)


def notice(seen: int, what: str = "performance standards warning notice", **more: Any) -> Row:
    return {"seen_on": days_before(seen), "notice": what, "issued_on": days_before(300), **more}


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ([notice(100)], 1),
        ([notice(100), notice(100, "suspended budget")], 2),
        ([notice(100, ended_on=days_before(120), ended_because="complied with")], 0),
        ([notice(100, ended_on=days_before(120), ended_because="withdrawn")], 0),
        ([notice(100, ended_on=days_before(120))], 0),
        # a notice that ran out without being complied with is the very case that the law goes on from
        ([notice(100, ended_on=days_before(120), ended_because="not complied with")], 1),
        ([notice(100, ended_on=days_before(120), ended_because="not complied with"), notice(30, "none")], 0),
        ([notice(100), notice(30, "none", issued_on=None)], 0),
        ([notice(30), notice(100, "none", issued_on=None)], 1),
        ([notice(100, "academy order")], 0),
        ([notice(100, "none", issued_on=None)], 0),
    ],
)
def test_a_notice_counts_while_it_is_in_force(desk: Desk, lines: Lines, value: int) -> None:
    desk.lines("formal_notices", lines)
    assert desk.told("formal_notice_count") == (value, None)


def test_a_register_of_the_la_speaks_for_all_of_its_schools_and_for_no_others(desk: Desk) -> None:
    desk.schools([{"urn": ONE}, {"urn": "100002"}, {"urn": "100003", "la_code": "851"}])
    desk.lines("formal_notices", [notice(100)])
    found = desk.work_out("formal_notice_count")
    assert {urn: (row["value"], row["missing_reason"]) for urn, row in found.items()} == {
        ONE: (1, None),
        "100002": (0, None),
        "100003": (None, "no_register"),
    }
    desk.lines("complaints", [{"seen_on": days_before(10), "finding": "upheld", "reference": "C-1"}])
    found = desk.work_out("complaints_upheld_count")
    assert {urn: (row["value"], row["missing_reason"]) for urn, row in found.items()} == {
        ONE: (1, None),
        "100002": (0, None),
        "100003": (None, "no_register"),
    }


def test_a_register_brought_after_the_day_of_the_build_is_known_until_that_day(desk: Desk) -> None:
    line = {"seen_on": days_before(400), "finding": "upheld", "reference": "C-1"}
    desk.lines("complaints", [line | {"release_as_at": AS_AT + 60 * DAY}])
    assert desk.one("complaints_upheld_count")["measured_on"] == AS_AT
    desk.lines("complaints", [line | {"release_as_at": days_before(380)}])
    assert desk.one("complaints_upheld_count")["measured_on"] == days_before(380)


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({"finding": "upheld"}, True),
        ({"finding": "partly upheld"}, True),
        ({"finding": "not upheld", "passed_on_by": "Ofsted", "qualifies": "yes"}, False),
        ({"finding": "withdrawn", "qualifies": "yes"}, False),
        ({"finding": "open"}, False),
        ({"finding": "open", "qualifies": "yes"}, True),
        ({"finding": "open", "passed_on_by": "Ofsted"}, True),
        ({"finding": "upheld", "seen_on": days_before(365)}, True),
        ({"finding": "upheld", "seen_on": days_before(366)}, False),
    ],
)
def test_which_complaints_count(desk: Desk, more: Row, counts: bool) -> None:
    desk.lines("complaints", [{"seen_on": days_before(5), "reference": "C-1", **more}])
    assert desk.told("complaints_upheld_count") == (1 if counts else 0, None)


def post(days: int, status: str, started: int | None = None, changes: int | None = None) -> Row:
    return {
        "seen_on": days_before(days),
        "post_status": status,
        "started_on": None if started is None else days_before(started),
        "changes_in_36_months": changes,
    }


def test_acting_then_interim_then_vacant_is_one_gap(desk: Desk) -> None:
    lines = [post(10, "vacant"), post(100, "interim", 150), post(200, "acting", 260), post(400, "permanent", 2_000)]
    desk.lines("head_teacher_posts", lines)
    assert desk.told("head_post_unfilled_days") == (250, None)
    # the present state alone was seen, and not since when
    desk.lines("head_teacher_posts", lines[:1])
    assert desk.told("head_post_unfilled_days") == (None, "record_incomplete")
    assert desk.told("head_in_post_days") == (None, "record_incomplete")
    desk.lines("head_teacher_posts", [post(5, "executive head", 40, 1), *lines])
    assert desk.told("head_post_unfilled_days") == (0, None)
    assert desk.told("head_in_post_days") == (40, None)
    assert desk.told("head_changes_count") == (1, None)


def test_a_head_of_more_than_three_years_means_no_change_in_three_years(desk: Desk) -> None:
    desk.lines("head_teacher_posts", [post(10, "permanent", 10 + 1_097)])
    assert desk.told("head_changes_count") == (0, None)
    desk.lines("head_teacher_posts", [post(10, "permanent", 10 + 1_096)])
    assert desk.told("head_changes_count") == (None, "record_incomplete")


def board(**more: Any) -> Row:
    usual = {"seats": 12, "vacancies": 0, "chair_since": days_before(900), "external_review_on": days_before(800)}
    return {"seen_on": days_before(10), "clerk_concern": "no", **usual, **more}


@pytest.mark.parametrize(
    ("more", "signs"),
    [
        ({}, 0),
        ({"vacancies": 3}, 1),
        ({"vacancies": 2}, 0),
        ({"seats": 0}, 0),
        ({"chair_since": days_before(10 + 364)}, 1),
        ({"chair_since": days_before(10 + 365)}, 0),
        ({"clerk_concern": "yes"}, 1),
        ({"vacancies": 6, "chair_since": days_before(60), "clerk_concern": "yes"}, 3),
    ],
)
def test_each_sign_of_fragile_governance(desk: Desk, more: Row, signs: int) -> None:
    desk.lines("governance", [board(**more)])
    assert desk.told("governance_signs_count") == (signs, None)


@pytest.mark.parametrize(
    ("more", "inspection", "signs"),
    [
        ({"external_review_on": days_before(401)}, {}, 1),
        ({"external_review_on": days_before(400)}, {}, 0),
        ({"external_review_on": days_before(401)}, {"concern": 1}, 0),
        ({"external_review_on": days_before(401)}, {"inherited": True}, 0),
        # half a year is time enough to have one
        ({"external_review_on": days_before(600)}, {"full_date": days_before(10 + 183)}, 1),
        ({"external_review_on": days_before(600)}, {"full_date": days_before(10 + 182)}, 0),
    ],
)
def test_no_review_of_governance_since_a_judgement_below_good_is_a_sign(
    desk: Desk, more: Row, inspection: Row, signs: int
) -> None:
    desk.latest([{"urn": ONE, "full_date": days_before(400), "concern": 2, "inherited": False, **inspection}])
    desk.lines("governance", [board(**more)])
    assert desk.told("governance_signs_count") == (signs, None)


def test_a_blank_is_no_answer_in_a_file_that_never_fills_the_column(desk: Desk) -> None:
    blank = {"chair_since": None, "external_review_on": None}
    desk.latest([{"urn": ONE, "full_date": days_before(400), "concern": 2, "inherited": False}])
    desk.lines("governance", [board(**blank), board(urn="100002", **blank)])
    assert desk.told("governance_signs_count") == (0, None)
    # another school of the same file has both: so this one has neither a chair nor a review
    desk.lines("governance", [board(**blank), board(urn="100002")])
    assert desk.told("governance_signs_count") == (2, None)
    assert desk.one("governance_signs_count")["caveat"] == (
        "the chair is new in post, or there is none; no external review since a judgement below good"
    )


def test_an_academy_answers_for_board_and_budget_itself_and_owes_the_la_no_answer(desk: Desk) -> None:
    desk.schools([{"urn": ONE, "control": "academy"}])
    for kind in ("governance", "la_finance", "engagement"):
        desk.lines(kind, [])
    assert desk.told("governance_signs_count") == (None, "held_at_trust")
    assert desk.told("deficit_plan_score") == (None, "held_at_trust")
    assert desk.told("engagement_refused_count") == (None, "not_applicable")
    # what the LA knows by agreement counts
    desk.lines("governance", [board(vacancies=6)])
    assert desk.told("governance_signs_count") == (1, None)


def offered(days: int, offer: str, answer: str, offered_days: int = 700) -> Row:
    return {
        "seen_on": days_before(days),
        "offer": offer,
        "answer": answer,
        "offered_on": days_before(offered_days),
    }


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ([offered(10, "entitlement", "declined")], 1),
        ([offered(10, "core group", "did not take part")], 1),
        ([offered(10, "training", "declined")], 0),
        ([offered(10, "visit", "no answer", 10 + 123)], 1),
        ([offered(10, "visit", "no answer", 10 + 122)], 0),
        ([offered(10, "training", "no answer", 900)], 0),
        ([offered(10, "core group", "accepted")], 0),
        # a later answer takes it away, for the same offer alone
        ([offered(90, "core group", "declined"), offered(10, "core group", "accepted", 50)], 0),
        ([offered(90, "core group", "declined"), offered(10, "entitlement", "accepted", 50)], 1),
    ],
)
def test_which_answers_are_a_refusal(desk: Desk, lines: Lines, count: int) -> None:
    desk.lines("engagement", lines)
    assert desk.told("engagement_refused_count") == (count, None)


def review(days: int, missed: int, progress: str = "behind", met: int = 5) -> Row:
    return {
        "seen_on": days_before(days),
        "success_measures_due": 4,
        "success_measures_missed": missed,
        "milestones_due": 6,
        "milestones_met": met,
        "progress": progress,
    }


@pytest.mark.parametrize(
    ("lines", "missed", "on_track"),
    [
        ([review(10, 2), review(130, 3)], (2, None), 0),
        ([review(10, 3), review(130, 1)], (1, None), 0),
        ([review(10, 3), review(130, 1), review(250, 4)], (1, None), 0),
        ([review(10, 2)], (None, "no_earlier_figure"), 0),
        ([review(10, 0, "on track", 6)], (0, None), 1),
        ([review(10, 0, "on track", 5)], (0, None), 0),
        ([review(10, 0, "behind", 6)], (0, None), 0),
    ],
)
def test_a_plan_by_its_last_two_reviews(
    desk: Desk, lines: Lines, missed: tuple[float | None, str | None], on_track: int
) -> None:
    desk.lines("action_plan_reviews", lines)
    assert desk.told("plan_measures_missed_count") == missed
    assert desk.told("plan_on_track_count") == (on_track, None)


def test_a_school_judged_below_good_owes_a_plan_and_another_does_not(desk: Desk) -> None:
    desk.lines("action_plan_reviews", [])
    for concern, reason in ((2, "not_held"), (1, "not_applicable"), (None, "not_applicable")):
        desk.latest([{"urn": ONE, "concern": concern}])
        assert desk.told("plan_measures_missed_count") == (None, reason)
        assert desk.told("plan_on_track_count") == (None, reason)


CARD_DAY = date(2025, 11, 18)


def grade(area: str, changed: str | None, *, latest: bool = True, inspected: date = CARD_DAY) -> Row:
    days = {"inspected_on": inspected, "graded_on": inspected + 30 * DAY, "first_told_on": inspected + 40 * DAY}
    return {"urn": ONE, "area": area, "changed": changed, "is_latest": latest, **days}


def test_areas_that_monitoring_graded_up_are_those_of_the_latest_card_as_they_stand_now(desk: Desk) -> None:
    card = {"urn": ONE, "full_kind": "report card", "full_date": CARD_DAY, "concern": 1, "inherited": False}
    desk.latest([card])
    given = [
        grade("inclusion", "up"),
        grade("achievement", "down"),
        grade("curriculum and teaching", "up", latest=False),
        grade("leadership and governance", "up"),
        grade("post-16", "up", inspected=date(2025, 1, 7)),
        grade("early years", None),
    ]
    load(desk.con, "inspection_area_grades", given, _GRADES)
    assert desk.told("report_card_regraded_up_count") == (1, None)
    load(desk.con, "inspection_area_grades", given[1:], _GRADES)
    assert desk.told("report_card_regraded_up_count") == (0, None)
    desk.latest([card | {"full_kind": "graded"}])
    assert desk.told("report_card_regraded_up_count") == (None, "not_applicable")


def survey(as_at: date, **more: Any) -> Row:
    usual = {"recommend_pct": 81.0, "responses": 40.0, "published_on": as_at}
    return {"release_as_at": as_at, "release_id": f"parents {as_at}", **usual, **more}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([survey(date(2025, 8, 31), recommend_pct=69.0)], (69, None)),
        ([survey(date(2025, 8, 31)), survey(date(2024, 8, 31), recommend_pct=50.0)], (81, None)),
        ([survey(date(2025, 8, 31), responses=20.0)], (81, None)),
        ([survey(date(2025, 8, 31), responses=19.0)], (None, "too_few_responses")),
        ([survey(date(2025, 8, 31), responses=None, responses_missing="blank")], (None, "blank")),
        ([survey(date(2025, 8, 31), recommend_pct=None, recommend_pct_missing="blank")], (None, "blank")),
        # what came out after the day of the build does not count
        (
            [survey(date(2024, 8, 31), recommend_pct=50.0), survey(date(2025, 12, 31), published_on=AS_AT + DAY)],
            (50, None),
        ),
    ],
)
def test_what_parents_say_is_of_the_newest_file_published_by_then(
    desk: Desk, lines: Lines, expected: tuple[float | None, str | None]
) -> None:
    desk.lines("parent_view", lines, table="stg_parent_view_rows")
    assert desk.told("parents_recommend_pct") == expected


# --- attendance and behaviour together


def figures(**values: float | None) -> list[Row]:
    names = {
        "absence": "persistent_absence_rank_pct",
        "change": "persistent_absence_gap_change_pp",
        "suspensions": "suspensions_rank_pct",
        "exclusions": "permanent_exclusions_rank_pct",
    }
    return [
        {
            "urn": ONE,
            "measure_id": names[name],
            "value": value,
            "missing_reason": None if value is not None else "suppressed",
            "period": "2024-2025",
            "measured_on": date(2025, 8, 31),
        }
        for name, value in values.items()
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"absence": 90, "suspensions": 90}, (2, None)),
        ({"absence": 80, "suspensions": 90}, (2, None)),
        ({"absence": 79.9, "suspensions": 90}, (1, None)),
        ({"absence": 80, "suspensions": 89.9}, (1, None)),
        ({"absence": 10, "suspensions": 10, "exclusions": 10}, (0, None)),
        # improving by a point against national: the highest fifth is then no sign, the highest tenth is one still
        ({"absence": 80, "change": -1, "suspensions": 95}, (1, None)),
        ({"absence": 80, "change": -0.9, "suspensions": 95}, (2, None)),
        ({"absence": 90, "change": -9, "suspensions": 95}, (2, None)),
        ({"absence": 85, "suspensions": 10, "exclusions": 90}, (2, None)),
        ({"absence": 85, "suspensions": None, "exclusions": 90}, (2, None)),
        ({"absence": 85, "suspensions": None}, (None, "suppressed")),
        ({"absence": 85}, (None, "not_in_release")),
        ({"absence": None, "suspensions": 95}, (None, "suppressed")),
    ],
)
def test_attendance_and_behaviour(desk: Desk, values: Row, expected: tuple[float | None, str | None]) -> None:
    assert _signs(desk, figures(**values)) == expected


def _signs(desk: Desk, given: Lines) -> tuple[float | None, str | None]:
    desk.con.execute("drop table if exists measure_values")
    create_measure_values_table(desk.con)
    desk.con.execute("alter table measure_values add column inherited_from varchar")
    load(desk.con, "given_values", given)
    desk.con.execute("insert into measure_values by name select * from given_values")
    return desk.told("attendance_behaviour_signs_count")


def test_the_signs_of_attendance_and_behaviour_are_the_thresholds_of_their_own_rules(desk: Desk) -> None:
    """N8 says that it reads the figures of O10 and O11: so its numbers must be theirs, and change with them."""
    rules = {rule.id: rule for rule in read_rules().rules}
    mildest, excuse = _mildest(rules["O10"]), rules["O10"].threshold[-1].unless
    behaviour = _mildest(rules["O11"])
    assert excuse is not None
    beyond = {"change": excuse.value - 1e-5}
    on = {"absence": mildest, "suspensions": behaviour}
    assert _signs(desk, figures(**on)) == (2, None)
    assert _signs(desk, figures(**on | {"absence": mildest - 1e-5})) == (1, None)
    assert _signs(desk, figures(**on | {"suspensions": behaviour - 1e-5})) == (1, None)
    assert _signs(desk, figures(**on | beyond)) == (1, None)
    assert _signs(desk, figures(**on | {"change": excuse.value + 1e-5})) == (2, None)


def _mildest(rule: Rule) -> float:
    return min(one.value for one in rule.threshold)


# --- staff


def turnover_rows(chance: Random) -> list[Row]:
    """Two years of thirty schools; a few are small, lack a figure, or have one year only."""
    found: list[Row] = []
    for place in range(30):
        for year in (2023, 2024):
            teachers = 9.9 if place == 3 else 12.0 + place
            row: Row = {
                "urn": str(100_001 + place),
                "year": year,
                "period": f"{year - 1}-{year}",
                "measured_on": date(year, 8, 31),
                "teachers_fte": teachers,
                "remained_fte": round(teachers * chance.uniform(0.6, 1.0), 1),
                "days_lost": round(teachers * chance.uniform(0, 14), 1),
            }
            row["days_per_teacher"] = row["days_lost"] / teachers
            if place == 5:
                row |= {"remained_fte": None, "remained_fte_missing": "suppressed"}
                row |= {"days_lost": None, "days_per_teacher": None, "days_per_teacher_missing": "suppressed"}
            if place == 6:
                row |= {"remained_fte": teachers + 1, "days_lost": 0.0, "days_per_teacher": 0.0}
            if not (place == 7 and year == 2023):
                found.append(row)
    return found


def by_pandas(frame: pd.DataFrame, figure: pd.Series, teachers: pd.Series) -> dict[tuple[str, int], float]:
    """Of each school and year the lower of its places that year and the year before, from 0 to 100."""
    ranked = frame.assign(figure=figure)[(teachers >= 10) & figure.notna()]
    place = (ranked.groupby("year")["figure"].rank(method="min") - 1) / (
        ranked.groupby("year")["figure"].transform("size") - 1
    )
    wide = ranked.assign(place=100 * place).pivot_table(index="urn", columns="year", values="place")
    lower = wide.min(axis=1, skipna=False).dropna()
    return {(str(urn), 2024): float(value) for urn, value in lower.items()}


@pytest.fixture
def staff(desk: Desk) -> list[Row]:
    given = turnover_rows(Random(7))
    desk.schools([{"urn": str(100_001 + place)} for place in range(30)])
    numbers = {one.name for kind in ("staff_turnover", "staff_absence") for one in source_named(kind).fields}
    for kind in ("staff_turnover", "staff_absence"):
        own = {one.name for one in source_named(kind).fields}
        own_rows = [
            {
                name: cell
                for name, cell in row.items()
                if name.removesuffix("_missing") in own or name not in _every(numbers)
            }
            for row in given
        ]
        desk.lines(kind, own_rows)
    return given


def _every(names: set[str]) -> set[str]:
    return (names | {f"{name}_missing" for name in names}) - {"urn"}


def staff_measure(desk: Desk, measure_id: str) -> dict[tuple[str, int], Row]:
    found = rows(desk.con, measures_by_id()[measure_id].sql)
    keyed = {(row["urn"], row["measured_on"].year): shown(row) for row in found}
    assert len(keyed) == len(found)
    return keyed


def test_teacher_turnover_is_ranked_among_schools_with_ten_teachers(desk: Desk, staff: list[Row]) -> None:
    frame = pd.DataFrame(staff)
    remained = pd.to_numeric(frame["remained_fte"])
    figure = 100 * (frame["teachers_fte"] - remained) / frame["teachers_fte"]
    expected = by_pandas(frame, figure.where(remained <= frame["teachers_fte"]), frame["teachers_fte"])
    found = staff_measure(desk, "teacher_turnover_rank_pct")
    assert {key: row["value"] for key, row in found.items() if row["value"] is not None} == pytest.approx(
        expected, abs=1e-5
    )
    assert len(expected) == 26
    reasons = {key: row["missing_reason"] for key, row in found.items() if row["value"] is None}
    assert {key[0]: reason for key, reason in reasons.items() if key[1] == 2024} == {
        "100004": "too_few_teachers",
        "100006": "suppressed",
        "100007": "implausible",
        "100008": "no_earlier_figure",
    }
    kept = frame[(frame["year"] == 2024) & (frame["teachers_fte"] >= 10) & (remained <= frame["teachers_fte"])]
    of_phase = 100 - 100 * pd.to_numeric(kept["remained_fte"]).sum() / kept["teachers_fte"].sum()
    assert found["100001", 2024]["benchmark"] == pytest.approx(of_phase)


def test_teacher_absence_is_ranked_by_the_days_of_all_teachers(desk: Desk, staff: list[Row]) -> None:
    frame = pd.DataFrame(staff)
    figure = pd.to_numeric(frame["days_per_teacher"])
    # how many teachers there are follows from the days; without a day it does not, and the school is not ranked
    teachers = (pd.to_numeric(frame["days_lost"]) / figure).where(figure > 0)
    expected = by_pandas(frame, figure, teachers) | {("100007", 2024): 0.0, ("100007", 2023): 0.0}
    found = staff_measure(desk, "teacher_absence_rank_pct")
    assert {key: row["value"] for key, row in found.items() if row["value"] is not None} == pytest.approx(
        expected, abs=1e-5
    )
    reasons = {key[0]: row["missing_reason"] for key, row in found.items() if row["value"] is None and key[1] == 2024}
    assert reasons == {"100004": "too_few_teachers", "100006": "suppressed", "100008": "no_earlier_figure"}


def test_too_few_schools_are_no_ranking(desk: Desk, staff: list[Row]) -> None:
    desk.schools([{"urn": str(100_001 + place)} for place in range(60)])
    found = staff_measure(desk, "teacher_turnover_rank_pct")
    assert {row["missing_reason"] for row in found.values() if row["urn"] == "100001"} == {"no_ranking"}
