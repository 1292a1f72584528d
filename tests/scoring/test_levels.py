"""From points to levels, from levels to a school's place: the published table of levels, line by line.

The numbers are written down here and not read from levels.toml: what is proved is how they are used.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pytest

from risk_model.rules.reader import read_rules
from risk_model.scoring.evaluating import read_sql
from risk_model.scoring.rule_tables import create_rule_tables
from risk_model.warehouse.engine import Connection, rows, scratch
from tests.scoring.kit import AS_AT, create_measure_values_table, create_no_score_points, load

GREY = "not enough evidence"
URN = "110001"


@dataclass(frozen=True)
class Came:
    """What came of one rule; as the level reads it."""

    points: float = 0.0
    available: float = 2.0
    significant: bool = False
    gate: bool = False
    core: bool = False
    status: str = ""

    def row(self, urn: str, statement: str, number: int) -> dict[str, object]:
        """As outcomes and rule_outcomes hold it."""
        plain = "raised" if self.points > 0 else "protective" if self.points < 0 else "clear"
        status = self.status or plain
        return {
            "urn": urn,
            "school_no": 1,
            "rule_no": number,
            "rule_id": rule_id(statement, number),
            "statement": statement,
            "status": status,
            "missing_reason": {"not assessed": "suppressed", "not applicable": "not_applicable"}.get(status),
            "points": self.points,
            "points_available": 0.0 if status == "not applicable" else self.available,
            "is_gate": self.gate,
            "is_significant": self.significant,
            "is_core_evidence": self.core,
            "sentence": f"Sentence {number}.",
        }


def rule_id(statement: str, number: int) -> str:
    return f"{statement[0].upper()}{number:02d}"


_OUTCOMES = pa.schema(
    [
        ("school_no", pa.int32()),
        ("rule_no", pa.int32()),
        *((name, pa.string()) for name in ("urn", "rule_id", "statement", "status", "missing_reason")),
        ("points", pa.float64()),
        ("points_available", pa.float64()),
        *((name, pa.bool_()) for name in ("is_gate", "is_significant", "is_core_evidence")),
        ("sentence", pa.string()),
    ]
)
_LEVELS = pa.schema([(name, pa.string()) for name in ("urn", "statement", "level")])
STATEMENT_RULES = [
    {
        "statement": "outcomes",
        "unlikely_points": 5.0,
        "needs_significant": True,
        "uncertain_points": 2.0,
        "protective_cap": 2.0,
        "min_coverage": 0.5,
        "carried_levels_can_stand_in": False,
    },
    {
        "statement": "leadership",
        "unlikely_points": 4.0,
        "needs_significant": False,
        "uncertain_points": 2.0,
        "protective_cap": 2.0,
        "min_coverage": 0.0,
        "carried_levels_can_stand_in": False,
    },
    {
        "statement": "inspection",
        "unlikely_points": 5.0,
        "needs_significant": False,
        "uncertain_points": 2.0,
        "protective_cap": 2.0,
        "min_coverage": 0.0,
        "carried_levels_can_stand_in": True,
    },
]


@pytest.fixture(scope="module")
def con() -> Iterator[Connection]:
    with scratch() as opened:
        load(opened, "statement_rules", STATEMENT_RULES)
        create_measure_values_table(opened)
        create_no_score_points(opened)
        yield opened


def judge(
    con: Connection,
    statement: str,
    came: Sequence[Came],
    *,
    earlier: str | None = None,
    first_two: Sequence[str] = (),
    rank: float | None = None,
) -> dict[str, object]:
    """The row of statement_levels for one school."""
    load(con, "numbered_schools", [{"school_no": 1, "urn": URN}])
    load(con, "outcomes", [one.row(URN, statement, n) for n, one in enumerate(came, 1)], _OUTCOMES)
    load(con, "rules", [{"rule_no": n, "rule_id": rule_id(statement, n)} for n in range(1, 10)])
    before = [{"urn": URN, "statement": statement, "level": earlier}] if earlier else []
    load(con, "earlier_levels", before, _LEVELS)
    names = ("outcomes", "leadership")
    carried = [{"urn": URN, "statement": name, "level": level} for name, level in zip(names, first_two, strict=False)]
    load(con, "levels", carried, _LEVELS)
    con.execute("delete from measure_values")
    if rank is not None:
        con.execute(
            "insert into measure_values (urn, measure_id, value) values ($urn, 'results_concern_rank_pct', $rank)",
            {"urn": URN, "rank": rank},
        )
    con.execute(f"create or replace table levels as {read_sql('levels')}", {"statements": [statement]})
    (found,) = rows(con, read_sql("statement_levels"))
    return found


CORE = Came(core=True)
PROVEN = Came(2, significant=True, core=True)
RAISED = Came(2)
ONE = Came(1)
GOOD = Came(-1, available=0.0)
UNKNOWN = Came(status="not assessed")
NOT_HERE = Came(available=0.0, status="not applicable")

LEVELS = [
    # statement 1: five points, one of them proven beyond chance; two to four, or more without proof; up to one
    ("outcomes", "five points with proof", [PROVEN, RAISED, ONE], "unlikely"),
    ("outcomes", "four points with proof", [PROVEN, RAISED], "uncertain"),
    ("outcomes", "four and a half", [PROVEN, RAISED, Came(0.5)], "uncertain"),
    ("outcomes", "six points without proof", [RAISED, RAISED, RAISED, CORE], "uncertain"),
    ("outcomes", "two points", [RAISED, CORE], "uncertain"),
    ("outcomes", "one and a half", [ONE, Came(0.5), CORE], "likely"),
    ("outcomes", "one point", [ONE, CORE], "likely"),
    ("outcomes", "nothing raised", [CORE, Came()], "likely"),
    ("outcomes", "no core rule assessed", [Came(), Came()], GREY),
    ("outcomes", "nothing assessed", [UNKNOWN, UNKNOWN], GREY),
    ("outcomes", "no rule at all", [], GREY),
    # 2 of 4 points assessed is half; 2 of 6 is not
    ("outcomes", "half assessed", [CORE, UNKNOWN], "likely"),
    ("outcomes", "a third assessed", [CORE, UNKNOWN, UNKNOWN], GREY),
    ("outcomes", "uncertain points but a quarter assessed", [Came(2, core=True), *[UNKNOWN] * 3], GREY),
    ("outcomes", "what does not apply is not missing", [CORE, NOT_HERE, NOT_HERE, NOT_HERE], "likely"),
    # missing evidence cannot cancel "unlikely": 6 of 16 points assessed, and no core rule
    (
        "outcomes",
        "unlikely although most is missing",
        [Came(2, significant=True), RAISED, RAISED, *[UNKNOWN] * 5],
        "unlikely",
    ),
    # protection: 5 - 1 = 4; 7 - 3 is 7 - 2 = 5, because it is capped
    ("outcomes", "one protective point", [PROVEN, RAISED, ONE, GOOD], "uncertain"),
    ("outcomes", "protection is capped", [PROVEN, RAISED, RAISED, ONE, GOOD, GOOD, GOOD], "unlikely"),
    ("outcomes", "two protective points", [PROVEN, RAISED, RAISED, GOOD, GOOD], "uncertain"),
    ("outcomes", "protection alone founds nothing", [GOOD, GOOD], GREY),
    # statement 2: a gate, or four points
    ("leadership", "gate alone", [Came(4, gate=True)], "unlikely"),
    ("leadership", "gate against protection", [Came(4, gate=True, core=True), GOOD, GOOD], "unlikely"),
    ("leadership", "gate with everything else unknown", [Came(4, gate=True), *[UNKNOWN] * 9], "unlikely"),
    ("leadership", "four points without a gate", [RAISED, RAISED], "unlikely"),
    ("leadership", "three and a half", [RAISED, ONE, Came(0.5), CORE], "uncertain"),
    ("leadership", "two points", [RAISED, CORE], "uncertain"),
    ("leadership", "one point", [ONE, CORE], "likely"),
    ("leadership", "two points but no recent inspection of leadership", [RAISED], GREY),
    ("leadership", "clear but no recent inspection of leadership", [Came(), Came()], GREY),
    ("leadership", "little assessed but core", [CORE, *[UNKNOWN] * 9], "likely"),
]


@pytest.mark.parametrize(
    ("statement", "came", "level"),
    [pytest.param(s, c, level, id=f"{s}-{name}".replace(" ", "_")) for s, name, c, level in LEVELS],
)
def test_level(con: Connection, statement: str, came: list[Came], level: str) -> None:
    assert judge(con, statement, came)["level"] == level


INSPECTION = [
    ("gate", [Came(4, gate=True)], (GREY, GREY), "unlikely"),
    ("five points", [RAISED, RAISED, ONE], ("likely", "likely"), "unlikely"),
    ("four points", [RAISED, RAISED, CORE], ("likely", "likely"), "uncertain"),
    ("two points", [RAISED, CORE], ("likely", "likely"), "uncertain"),
    ("one point", [ONE, CORE], ("likely", "likely"), "likely"),
    # never inspected: both other statements stand in, but not one of them
    ("never inspected, both others known", [UNKNOWN, Came()], ("likely", "uncertain"), "likely"),
    ("never inspected, first unknown", [UNKNOWN, Came()], (GREY, "likely"), GREY),
    ("never inspected, second unknown", [UNKNOWN, Came()], ("likely", GREY), GREY),
    ("inspected, both others unknown", [CORE, UNKNOWN], (GREY, GREY), "likely"),
]


@pytest.mark.parametrize(
    ("came", "first_two", "level"),
    [pytest.param(c, two, level, id=name.replace(" ", "_")) for name, c, two, level in INSPECTION],
)
def test_level_of_the_third_statement(
    con: Connection, came: list[Came], first_two: tuple[str, str], level: str
) -> None:
    assert judge(con, "inspection", came, first_two=first_two)["level"] == level


@pytest.mark.parametrize("available", [1.0, 2.0, 4.0])
def test_missing_evidence_never_reads_as_likely(con: Connection, available: float) -> None:
    for statement in ("outcomes", "leadership"):
        came = [Came(available=available, status="not assessed")] * 4
        assert judge(con, statement, came)["level"] == GREY


def test_coverage_is_points_assessed_over_points_that_apply(con: Connection) -> None:
    # assessed 2 + 4 + 0 (protective), missing 2, not applicable 9: 6 of 8
    came = [PROVEN, Came(available=4.0), GOOD, UNKNOWN, Came(available=9.0, status="not applicable")]
    found = judge(con, "outcomes", came)
    assert (found["coverage"], found["points_available"], found["points"]) == (0.75, 8.0, 1.0)


def test_coverage_of_a_statement_without_rules_is_nothing(con: Connection) -> None:
    assert judge(con, "outcomes", [])["coverage"] == 0.0


def test_coverage_where_no_rule_applies_is_nothing(con: Connection) -> None:
    assert judge(con, "outcomes", [NOT_HERE, NOT_HERE])["coverage"] == 0.0


def test_schools_and_statements_are_kept_apart(con: Connection) -> None:
    judge(con, "outcomes", [])
    first, second = {"urn": URN, "school_no": 1}, {"urn": "110002", "school_no": 2}
    load(con, "numbered_schools", [first, second])
    came = [CORE.row(URN, "outcomes", 1), RAISED.row(URN, "outcomes", 2)]
    came += [{**one.row("110002", "leadership", n), **second} for n, one in ((3, CORE), (4, Came(3)))]
    load(con, "outcomes", came, _OUTCOMES)
    earlier = [(URN, "outcomes", "likely"), ("110002", "leadership", "unlikely")]
    load(con, "earlier_levels", [dict(zip(_LEVELS.names, one, strict=True)) for one in earlier], _LEVELS)
    con.execute(f"create or replace table levels as {read_sql('levels')}", {"statements": ["outcomes", "leadership"]})
    found = rows(con, read_sql("statement_levels"))
    told = {(row["urn"], row["statement"]): (row["level"], row["points"], row["direction"]) for row in found}
    assert len(found) == len(told)
    assert told == {
        (URN, "outcomes"): ("uncertain", 2.0, "worse"),
        (URN, "leadership"): (GREY, 0.0, "first build"),
        ("110002", "outcomes"): (GREY, 0.0, "first build"),
        ("110002", "leadership"): ("uncertain", 3.0, "better"),
    }


def test_the_gate_is_named(con: Connection) -> None:
    found = judge(con, "leadership", [ONE, Came(4, gate=True), Came(4, gate=True)])
    assert found["gate_rule_id"] == "L02"
    assert judge(con, "leadership", [ONE, RAISED])["gate_rule_id"] is None


DIRECTIONS = [
    (None, "first build"),
    ("uncertain", "same"),
    ("likely", "worse"),
    ("unlikely", "better"),
    (GREY, "evidence changed"),
]


@pytest.mark.parametrize(("earlier", "direction"), DIRECTIONS)
def test_direction_against_the_earlier_build(con: Connection, earlier: str | None, direction: str) -> None:
    found = judge(con, "outcomes", [RAISED, CORE], earlier=earlier)
    assert (found["level"], found["direction"]) == ("uncertain", direction)


@pytest.mark.parametrize(("earlier", "direction"), [(GREY, "same"), ("unlikely", "evidence changed")])
def test_direction_into_not_enough_evidence(con: Connection, earlier: str, direction: str) -> None:
    assert judge(con, "outcomes", [UNKNOWN], earlier=earlier)["direction"] == direction


SCORES = [
    # points plus the rank's share of 0.99: a tie-break that never outweighs a point
    ("outcomes", 100.0, 2.99),
    ("outcomes", 0.0, 2.0),
    ("outcomes", 40.0, 2.396),
    # a school without results stands in the middle of its points
    ("outcomes", None, 2.495),
    ("inspection", 40.0, 2.396),
    # results say nothing about leadership
    ("leadership", 100.0, 2.0),
]


@pytest.mark.parametrize(("statement", "rank", "score"), SCORES)
def test_score_breaks_ties_by_results(con: Connection, statement: str, rank: float | None, score: float) -> None:
    found = judge(con, statement, [RAISED, CORE], rank=rank)
    assert found["score"] == pytest.approx(score)
    assert found["points"] == 2.0


def test_of_all_figures_only_the_rank_of_results_breaks_ties(con: Connection) -> None:
    judge(con, "outcomes", [RAISED, CORE], rank=40.0)
    con.execute("insert into measure_values (urn, measure_id, value) values ($urn, 'rwm_fall_pp', 99)", {"urn": URN})
    (found,) = rows(con, read_sql("statement_levels"))
    assert found["score"] == pytest.approx(2.396)


L, U, X = "likely", "uncertain", "unlikely"
PRIORITIES = [
    ((L, L, L), "universal"),
    ((L, L, GREY), "universal"),
    ((U, L, L), "watch"),
    ((L, U, L), "watch"),
    ((L, L, U), "watch"),
    ((U, U, L), "priority"),
    ((L, U, U), "priority"),
    ((U, U, U), "priority"),
    ((X, L, L), "priority"),
    ((L, X, L), "priority"),
    ((L, L, X), "priority"),
    ((X, GREY, GREY), "priority"),
    ((GREY, L, L), "find out"),
    ((L, GREY, L), "find out"),
    ((GREY, GREY, GREY), "find out"),
    # one uncertain statement is watched even where another is unknown
    ((U, GREY, L), "watch"),
    ((GREY, U, U), "priority"),
]


@pytest.mark.parametrize(("levels", "priority"), PRIORITIES)
def test_priority(con: Connection, levels: tuple[str, str, str], priority: str) -> None:
    assert place(con, levels)["priority"] == priority


_LATEST = pa.schema(
    [
        *((name, pa.date32()) for name in ("last_date", "full_date", "ungraded_date")),
        *(
            (name, pa.string())
            for name in (
                "urn",
                "ungraded_outcome",
                "full_kind",
                "rc_outcome",
                "category_of_concern",
                "overall",
                "full_mapping",
            )
        ),
        ("inherited", pa.bool_()),
    ]
)


def place(
    con: Connection, levels: Sequence[str], came: Sequence[Came] = (), latest: Mapping[str, object] | None = None
) -> dict[str, object]:
    """The row of schools_at_risk for one maintained school; it was never inspected, where the test does not say how."""
    load(con, "schools", [{"urn": URN, "route": "LA support"}])
    names = ("outcomes", "leadership", "inspection")
    load(
        con,
        "statement_levels",
        [{"urn": URN, "statement": s, "level": level} for s, level in zip(names, levels, strict=True)],
    )
    load(con, "rule_outcomes", [one.row(URN, "outcomes", n) for n, one in enumerate(came, 1)], _OUTCOMES)
    load(con, "latest_inspections", [] if latest is None else [{"urn": URN, **latest}], _LATEST)
    (found,) = rows(con, read_sql("schools_at_risk"))
    return found


GRADED, CARD = {"full_kind": "graded"}, {"full_kind": "report card"}
LAST = [
    ({**GRADED, "overall": "1"}, "Outstanding"),
    ({**GRADED, "overall": "2"}, "Good"),
    # the framework of 1 September 2012 gave the third grade its new name
    ({**GRADED, "overall": "3", "full_date": date(2012, 8, 31)}, "Satisfactory"),
    ({**GRADED, "overall": "3", "full_date": date(2012, 9, 1)}, "Requires improvement"),
    ({**GRADED, "overall": "4"}, "Inadequate"),
    # an ungraded inspection since then says more
    ({**GRADED, "overall": "2", "ungraded_date": date(2024, 5, 1), "ungraded_outcome": "Still good"}, "Still good"),
    ({**GRADED, "full_mapping": "M12"}, "No overall grade: every judgement good or better"),
    ({**GRADED, "full_mapping": "M13"}, "No overall grade: a judgement requires improvement"),
    ({**GRADED, "full_mapping": "M14"}, "No overall grade: a judgement requires improvement"),
    (
        {**GRADED, "full_mapping": "M15"},
        "No overall grade: a judgement inadequate, or safeguarding not effective",
    ),
    ({**CARD, "rc_outcome": "meets"}, "Report card: met every expected standard"),
    ({**CARD, "rc_outcome": "mixed"}, "Report card: an area needs attention"),
    ({**CARD, "rc_outcome": "below"}, "Report card: leadership and governance needs attention"),
    ({**CARD, "rc_outcome": "gate", "category_of_concern": "SM"}, "Report card: special measures"),
    (
        {**CARD, "rc_outcome": "gate", "category_of_concern": "RSI"},
        "Report card: requires significant improvement",
    ),
    ({**CARD, "rc_outcome": "gate", "category_of_concern": "SWK"}, "Report card: serious weaknesses"),
    ({**CARD, "rc_outcome": "gate"}, "Report card: urgent improvement or safeguarding not met"),
    ({}, "Not yet inspected"),
    (None, "Not yet inspected"),
]


@pytest.mark.parametrize(("latest", "words"), LAST)
def test_the_last_inspection_in_words(con: Connection, latest: dict[str, object] | None, words: str) -> None:
    found = place(con, (L, L, L), latest=latest)
    assert (found["last_inspection_outcome"], found["last_inspection_inherited"]) == (words, False)


def test_a_school_without_raised_rules_keeps_its_place_and_its_last_inspection(con: Connection) -> None:
    latest = {**GRADED, "overall": "2", "last_date": date(2023, 3, 1), "inherited": True}
    found = place(con, (U, L, L), [Came(), UNKNOWN, GOOD], latest)
    assert (found["priority"], found["reasons"], found["main_reason"]) == ("watch", "", "")
    assert (found["last_inspection_date"], found["last_inspection_inherited"]) == (date(2023, 3, 1), True)


def test_reasons_are_raised_and_have_points(con: Connection) -> None:
    found = place(con, (U, L, L), [Came(0, status="raised"), Came(1, status="not assessed"), ONE, Came(3)])
    assert found["reasons"] == "Sentence 4. Sentence 3."


def test_a_level_carried_forward_is_no_reason(con: Connection) -> None:
    place(con, (X, L, L))
    # N6 and N7 say again what the first two statements have found
    carried = [{**Came(3).row(URN, "inspection", n), "rule_id": f"N{n}"} for n in (6, 7)]
    load(con, "rule_outcomes", [*carried, ONE.row(URN, "inspection", 1)], _OUTCOMES)
    (found,) = rows(con, read_sql("schools_at_risk"))
    assert found["reasons"] == "Sentence 1."


def test_a_reason_of_the_predecessor_says_so_first(con: Connection) -> None:
    place(con, (X, L, L))
    noted = [
        {**Came(3).row(URN, "inspection", 1), "sentence": "It was X. Note: inherited from the predecessor school."},
        {
            **Came(2).row(URN, "outcomes", 2),
            "sentence": "9%. Note: inherited from the predecessor school (URN 1), so it counts for half.",
        },
        ONE.row(URN, "outcomes", 3),
    ]
    load(con, "rule_outcomes", noted, _OUTCOMES)
    (found,) = rows(con, read_sql("schools_at_risk"))
    assert found["main_reason"] == "Predecessor school: It was X."
    assert found["reasons"] == (
        "Predecessor school: It was X. Predecessor school: 9%. Note: inherited from the predecessor school (URN 1), "
        "so it counts for half. Sentence 3."
    )


def test_reasons_are_the_three_weightiest_the_gate_first(con: Connection) -> None:
    came = [ONE, Came(2), Came(4, gate=True), Came(3), GOOD, Came(), UNKNOWN]
    found = place(con, (X, L, L), came)
    assert found["reasons"] == "Sentence 3. Sentence 4. Sentence 2."
    assert found["main_reason"] == "Sentence 3."


def test_a_school_without_reasons_has_an_empty_text_and_is_not_called_good(con: Connection) -> None:
    found = place(con, (GREY, GREY, GREY), [UNKNOWN])
    assert (found["reasons"], found["last_inspection_outcome"]) == ("", "Not yet inspected")


def test_numbers_of_the_levels_are_in_order() -> None:
    for one in read_rules().levels:
        assert 0 < one.uncertain_points < one.unlikely_points
        # so many single points by chance must not make a school uncertain
        assert one.uncertain_points >= 2
        assert 0 <= one.min_coverage <= 1
        assert one.protective_cap == 2


@pytest.fixture(scope="module")
def own_numbers() -> Iterator[Connection]:
    """With the levels of the product itself."""
    with scratch() as opened:
        create_rule_tables(opened, read_rules(), AS_AT)
        create_measure_values_table(opened)
        create_no_score_points(opened)
        yield opened


@dataclass(frozen=True)
class Own:
    """The numbers of a statement, written down a second time: who changes one in levels.toml changes it here."""

    statement: str
    unlikely: float
    needs_proof: bool
    uncertain: float
    protective_cap: float
    min_coverage: float
    can_stand_in: bool


OWN = [
    Own("outcomes", 4.0, True, 2.0, 2.0, 0.3, False),
    Own("leadership", 4.0, False, 2.0, 2.0, 0.0, False),
    Own("inspection", 5.0, False, 3.0, 2.0, 0.0, True),
]


def assessed(percent: float) -> list[Came]:
    """So many points of a hundred assessed, and nothing found."""
    return [Came(available=percent, core=True), Came(available=100 - percent, status="not assessed")]


@pytest.mark.parametrize("own", OWN, ids=[one.statement for one in OWN])
def test_level_by_the_numbers_of_the_product(own_numbers: Connection, own: Own) -> None:
    def level(*came: Came, first_two: Sequence[str] = ()) -> object:
        return judge(own_numbers, own.statement, came, first_two=first_two)["level"]

    proof = PROVEN if own.needs_proof else Came(2, core=True)
    assert level(proof, Came(own.unlikely - 2)) == "unlikely"
    assert level(proof, Came(own.unlikely - 2.1)) == "uncertain"
    assert level(CORE, Came(own.unlikely + 9)) == ("uncertain" if own.needs_proof else "unlikely")
    assert level(CORE, Came(own.uncertain)) == "uncertain"
    assert level(CORE, Came(own.uncertain - 0.1)) == "likely"
    # more protection than the cap takes away no more
    protected = [Came(-1, available=0.0)] * (int(own.protective_cap) + 1)
    assert level(proof, Came(own.unlikely - 2 + own.protective_cap), *protected) == "unlikely"
    assert level(proof, Came(own.unlikely - 2.1 + own.protective_cap), *protected) == "uncertain"
    least = own.min_coverage * 100
    assert level(*assessed(max(least, 1.0))) == "likely"
    if least:
        assert level(*assessed(least - 1)) == GREY
    # without core evidence
    assert level(Came(), first_two=("likely", "likely")) == ("likely" if own.can_stand_in else GREY)
