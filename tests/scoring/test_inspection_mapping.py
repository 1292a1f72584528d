"""Every row of the mapping of inspections, through the real import of small files in each layout."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from risk_model.domain.paths import DataDir
from risk_model.scoring.building import make_build
from risk_model.sources.ofsted import EVENTS, MANAGEMENT_INFORMATION, REPORT_CARDS
from risk_model.sources.registers import LINKS
from risk_model.warehouse.builds import Build
from tests.scoring.kit import build_rows, import_all, published_names, school, write_file, write_ofsted

AS_AT = date(2026, 4, 30)
DAY = timedelta(days=1)
OLD, LAST_SATISFACTORY, FIRST_RI = date(2010, 5, 10), date(2012, 8, 31), date(2012, 9, 1)
OEIF, NO_OVERALL = date(2022, 6, 14), date(2025, 1, 21)
NINES = {"quality_of_education": "9", "behaviour": "9", "personal_development": "9"}


@dataclass(frozen=True)
class Graded:
    """A graded inspection and the row of the mapping that must answer for it."""

    name: str
    mapping: str
    answer: str | None
    on: date
    grades: Mapping[str, str]
    gate: bool = False


def judged(**other: str) -> dict[str, str]:
    """The judgements since September 2024: no overall grade, everything else good, as given otherwise."""
    return {
        "overall": "Not judged",
        "quality_of_education": "2",
        "behaviour": "2",
        "personal_development": "2",
        "leadership": "2",
        "safeguarding": "Yes",
        "early_years": "9",
        "sixth_form": "9",
        **other,
    }


GRADED = [
    Graded("outstanding in 2010", "M1", "yes", OLD, {"overall": "1", **NINES}),
    Graded("good in 2010", "M1", "yes", OLD, {"overall": "2", **NINES}),
    Graded("satisfactory", "M2", "no", OLD, {"overall": "3", **NINES}),
    Graded("last day of satisfactory", "M2", "no", LAST_SATISFACTORY, {"overall": "3"}),
    Graded("first day of requires improvement", "M5", "no", FIRST_RI, {"overall": "3"}),
    Graded("inadequate in 2010", "M3", "no", OLD, {"overall": "4", "category": "NTI"}, gate=True),
    Graded("inadequate", "M3", "no", OEIF, {"overall": "4", "category": "SM", "leadership": "4"}, gate=True),
    Graded("outstanding", "M4", "yes", OEIF, {"overall": "1", "leadership": "1"}),
    Graded("good", "M4", "yes", OEIF, {"overall": "2", "leadership": "2"}),
    Graded(
        "good with weak parts",
        "M4",
        "yes",
        OEIF,
        {"overall": "2", "leadership": "3", "behaviour": "3", "early_years": "3"},
    ),
    Graded("inadequate, leaders not judged", "M3", "no", OEIF, {"overall": "4", "leadership": "9"}, gate=True),
    Graded("requires improvement", "M5", "no", OEIF, {"overall": "3", "leadership": "2"}),
    Graded("all good without overall", "M12", "yes", NO_OVERALL, judged()),
    Graded(
        "all outstanding without overall",
        "M12",
        "yes",
        NO_OVERALL,
        judged(quality_of_education="1", behaviour="1", personal_development="1", leadership="1"),
    ),
    Graded("all good with early years", "M12", "yes", NO_OVERALL, judged(early_years="1", sixth_form="2")),
    Graded("quality of education 3", "M13", "no", NO_OVERALL, judged(quality_of_education="3")),
    Graded("leadership 3", "M13", "no", NO_OVERALL, judged(leadership="3")),
    Graded("behaviour 3", "M14", "no", NO_OVERALL, judged(behaviour="3")),
    Graded("personal development 3", "M14", "no", NO_OVERALL, judged(personal_development="3")),
    Graded("early years 3", "M14", "no", NO_OVERALL, judged(early_years="3")),
    Graded("sixth form 3", "M14", "no", NO_OVERALL, judged(sixth_form="3")),
    Graded("a judgement of 4", "M15", "no", NO_OVERALL, judged(behaviour="4"), gate=True),
    Graded("early years 4", "M15", "no", NO_OVERALL, judged(early_years="4"), gate=True),
    Graded("safeguarding not effective", "M15", "no", NO_OVERALL, judged(safeguarding="No"), gate=True),
    Graded("category without overall", "M15", "no", NO_OVERALL, judged(category="SWK"), gate=True),
    # what is not known is not good
    Graded("quality of education not given", "M23", None, NO_OVERALL, judged(quality_of_education="NULL")),
    Graded("safeguarding not given", "M23", None, NO_OVERALL, judged(safeguarding="NULL")),
    Graded("leadership nine", "M23", None, NO_OVERALL, judged(leadership="9")),
    Graded("code 0", "M23", None, OEIF, {"overall": "0"}),
    Graded("code 8", "M23", None, OEIF, {"overall": "8"}),
    Graded("code 9", "M23", None, OEIF, {"overall": "9"}),
]
LAYOUTS = ("latest", "previous", "oeif", "events", "history")


def urn_of(layout: str, number: int) -> int:
    return 110_000 + 1_000 * LAYOUTS.index(layout) + number


# in the history of 2005 to 2019 only the overall grade stands
def cases_of(layout: str) -> list[tuple[int, Graded]]:
    numbered = list(enumerate(GRADED))
    return [(n, g) for n, g in numbered if layout != "history" or set(g.grades) <= {"overall", *NINES}]


@dataclass(frozen=True)
class Visit:
    """An ungraded inspection after a graded one (or none), and what must come of it."""

    name: str
    graded: str | None
    outcome: str
    mapping: str | None
    answer: str | None
    warning: bool = False
    score: float | None = 0
    converted: bool = False


VISITS = [
    Visit("remains good", "2", "School remains Good", "M6", "yes"),
    Visit("remains outstanding", "1", "School remains Outstanding", "M6", "yes"),
    Visit("remains good without a grade on file", None, "School remains Good", "M6", "yes"),
    Visit("improving", "2", "School remains Good (Improving) - S5 Next", "M6", "yes", score=-1),
    Visit("good with concerns", "2", "School remains Good (Concerns) - S5 Next", "M7", "yes", True, 1),
    Visit(
        "outstanding with concerns",
        "1",
        "School remains Outstanding (Concerns) - S5 Next",
        "M7",
        "yes",
        True,
        1,
    ),
    Visit("maintained after good", "2", "Standards maintained", "M8", "yes"),
    Visit("maintained after requires improvement", "3", "Standards maintained", "M8", "no"),
    Visit("maintained after nothing", None, "Standards maintained", "M8", "not_comparable"),
    Visit("maintained after a code", "9", "Standards maintained", "M8", "not_comparable"),
    Visit("improved after good", "2", "Improved significantly", "M9", "yes", score=-1),
    Visit("improved after nothing", None, "Improved significantly", "M9", "not_comparable", score=-1),
    Visit("weaker after good", "2", "Some aspects not as strong", "M10", "yes", True, 1),
    Visit("weaker after requires improvement", "3", "Some aspects not as strong", "M10", "no", True, 1),
    Visit("weaker after nothing", None, "Some aspects not as strong", "M10", "not_comparable", True, 1),
    # converted to a graded inspection that no file has: seen, and no answer
    Visit("converted", "2", "School remains Good", "M11", None, score=None, converted=True),
]
VISITED = date(2024, 11, 12)
FIRST_VISIT = 116_000


def card(**other: str) -> dict[str, str]:
    """A report card on which everything is at the expected standard, as given otherwise."""
    expected = dict.fromkeys(
        (
            "inclusion",
            "curriculum_and_teaching",
            "achievement",
            "attendance_and_behaviour",
            "personal_development_and_wellbeing",
            "early_years_area",
            "leadership_and_governance",
        ),
        "Expected standard",
    )
    return {**expected, "post_16": "Not applicable", "safeguarding": "Met", **other}


AREAS = tuple(name for name in card() if name not in ("safeguarding", "post_16", "leadership_and_governance"))
ATTENTION, URGENT = "Needs attention", "Urgent improvement"
# name, areas, mapping, answer, rc_outcome, concern, areas that need attention
CARDS: list[tuple[str, dict[str, str], str, str | None, str | None, int | None, int | None]] = [
    ("expected", card(), "M16", "not_comparable", "meets", 0, 0),
    (
        "strong",
        card(inclusion="Strong standard", achievement="Exceptional"),
        "M16",
        "not_comparable",
        "meets",
        0,
        0,
    ),
    *((f"{a} attention", card(**{a: ATTENTION}), "M17", "not_comparable", "mixed", 1, 1) for a in AREAS),
    ("post 16", card(post_16=ATTENTION), "M17", "not_comparable", "mixed", 1, 1),
    ("two areas", card(inclusion=ATTENTION, achievement=ATTENTION), "M17", "not_comparable", "mixed", 1, 2),
    ("leadership", card(leadership_and_governance=ATTENTION), "M18", "not_comparable", "below", 2, 0),
    (
        "leadership and another",
        card(leadership_and_governance=ATTENTION, inclusion=ATTENTION),
        "M18",
        "not_comparable",
        "below",
        2,
        1,
    ),
    *((f"{a} urgent", card(**{a: URGENT}), "M19", "no", "category", 3, 0) for a in (*AREAS, "post_16")),
    ("leadership urgent", card(leadership_and_governance=URGENT), "M19", "no", "category", 3, 0),
    ("not met", card(safeguarding="Not met"), "M19", "no", "category", 3, 0),
    ("significant improvement", card(category="RSI"), "M19", "no", "category", 3, 0),
    ("special measures", card(category="SM"), "M19", "no", "category", 3, 0),
    # unknown is never shown as fine
    ("safeguarding not given", card(safeguarding="NULL"), "M23", None, None, None, None),
    ("leadership not given", card(leadership_and_governance="NULL"), "M23", None, None, None, None),
    ("achievement not given", card(achievement="NULL"), "M23", None, None, None, None),
]
FIRST_CARD = 117_000
CARD_DAY = date(2026, 1, 13)

# single schools, each with a story of its own
NEVER = 118_000
OWN, PREDECESSOR, LINKED, LINKED_BEFORE = 118_001, 109_001, 118_002, 109_002
ON_THE_DAY, DAY_AFTER, FROM_HISTORY = 118_003, 118_004, 118_005
SEVERAL = 118_006
NEW_CATEGORY, LIFTED = 118_007, 118_008
STUCK = 118_009
NO_GRADE = 118_010
SAFE_THEN_GRADED = 118_011
INHERITED_CARD = 118_012


def graded_record(one: Graded, prefix: str) -> dict[str, object]:
    grades = {f"{prefix}{name}": value for name, value in one.grades.items()}
    return {f"{prefix}start_date": one.on, f"{prefix}publication_date": one.on + 40 * DAY, **grades}


def visit_record(one: Visit) -> dict[str, object]:
    graded = {"start_date": OEIF, "publication_date": OEIF + 40 * DAY, "overall": one.graded} if one.graded else {}
    return {
        **graded,
        "ungraded_start_date": VISITED,
        "ungraded_publication_date": VISITED + 40 * DAY,
        "ungraded_outcome": one.outcome,
        "ungraded_converted": "Yes" if one.converted else "No",
    }


def every_urn() -> list[int]:
    return [
        *(urn_of(layout, n) for layout in LAYOUTS for n, _ in cases_of(layout)),
        *(FIRST_VISIT + n for n in range(len(VISITS))),
        *(FIRST_CARD + n for n in range(len(CARDS))),
        *range(NEVER, INHERITED_CARD + 1),
        *(FIRST_RUN + n for n in range(len(RUNS))),
    ]


def management_information() -> list[dict[str, object]]:
    """As at 31 August 2025: the latest graded, the one before, and the ungraded one since."""
    told: dict[int, dict[str, object]] = {}
    for n, one in cases_of("latest"):
        told[urn_of("latest", n)] = graded_record(one, "")
    for n, one in cases_of("previous"):
        told[urn_of("previous", n)] = graded_record(one, "previous_")
    for n, visit in enumerate(VISITS):
        told[FIRST_VISIT + n] = visit_record(visit)
    told[OWN] = {
        **graded_record(Graded("", "", "", OEIF, {"overall": "3", "leadership": "3"}), ""),
        "relates": "No",
        "urn_at_time": PREDECESSOR,
    }
    told[SEVERAL] = graded_record(Graded("", "", "", OEIF, {"overall": "3"}), "")
    unsafe = {"overall": "4", "safeguarding": "No"}
    told[SAFE_THEN_GRADED] = graded_record(Graded("", "", "", OEIF, unsafe), "")
    told[STUCK] = {
        **graded_record(Graded("", "", "", NO_OVERALL, judged(leadership="3")), ""),
        **graded_record(Graded("", "", "", OEIF, {"overall": "3"}), "previous_"),
    }
    # a visit without a grade (monitoring, urgent, no formal designation) is in the file as a date alone
    told[NO_GRADE] = {
        "start_date": OEIF,
        "publication_date": OEIF + 40 * DAY,
        "inspection_type": "S8 Monitoring Visit",
    }
    return [school(urn, **told.get(urn, {})) for urn in every_urn()]


def report_cards(as_at: date) -> list[dict[str, object]]:
    """As at 30 November 2025 or 28 February 2026: report cards, and the last grade before them."""
    told: dict[int, dict[str, object]] = {}
    for n, one in cases_of("oeif"):
        told[urn_of("oeif", n)] = graded_record(one, "oeif_")
    carded: dict[int, tuple[date, date, dict[str, str]]] = {
        FIRST_CARD + n: (CARD_DAY, CARD_DAY + 30 * DAY, areas) for n, (_, areas, *_) in enumerate(CARDS)
    }
    carded[ON_THE_DAY] = (CARD_DAY, AS_AT, card(achievement=ATTENTION))
    carded[DAY_AFTER] = (CARD_DAY, AS_AT + DAY, card(achievement=ATTENTION))
    carded[NEW_CATEGORY] = (
        CARD_DAY,
        date(2026, 2, 20),
        card(category="SM", leadership_and_governance=URGENT),
    )
    carded[LIFTED] = (date(2025, 11, 18), date(2025, 11, 28), card(category="SM", inclusion=URGENT))
    carded[INHERITED_CARD] = (
        CARD_DAY,
        CARD_DAY + 30 * DAY,
        card(category="SM", leadership_and_governance=URGENT),
    )
    for urn, (start, published, areas) in carded.items():
        if published <= as_at or (urn in (ON_THE_DAY, DAY_AFTER) and start <= as_at):
            told[urn] = {"start_date": start, "publication_date": published, **areas}
    if as_at < CARD_DAY:
        told[LIFTED]["current_category"] = "SM"
    else:
        told[NEW_CATEGORY]["current_category"] = "SM"
        told[INHERITED_CARD] |= {"relates": "No", "urn_at_time": 109_003, "current_category": "SM"}
    return [school(urn, **told.get(urn, {})) for urn in every_urn()]


def event(urn: int, on: date, current: int | None = None, **cells: object) -> dict[str, object]:
    return {
        "urn": urn,
        "current_urn": current or urn,
        "start_date": on,
        "publication_date": on + 40 * DAY,
        "event_kind": "graded",
        **cells,
    }


def write_all(folder: Path) -> None:
    records = management_information()
    for turned, month in enumerate(("July", "August")):
        name = f"State-funded_schools_inspections_and_outcomes_as_at_31_{month}_2025.csv"
        write_ofsted(folder / name, "ofsted_2025", MANAGEMENT_INFORMATION, records[turned:] + records[:turned])
    for as_at in (date(2025, 11, 30), date(2026, 2, 28)):
        write_ofsted(folder / f"{as_at}_latest.csv", "ofsted_2026", REPORT_CARDS, report_cards(as_at))
    events = [event(urn_of("events", n), one.on) | dict(one.grades) for n, one in cases_of("events")]
    events.append(event(SEVERAL, OEIF, overall="3"))
    events.append(event(LINKED_BEFORE, OEIF, 0, overall="4", category="SM") | {"current_urn": ""})
    cells = published_names("ofsted_events", EVENTS, [{k: v for k, v in e.items() if v != "NULL"} for e in events])
    write_file(folder / "inspection_events.csv", "ofsted_events", cells)
    write_history(folder / "graded_inspections_2005_to_2019.csv")
    links = [{"urn": LINKED, "linked_urn": LINKED_BEFORE, "linked_name": "Old School", "link_type": "Predecessor"}]
    write_file(
        folder / "links_edubasealldata_2026-03-01.csv",
        "gias_links",
        published_names("gias_links", LINKS, links),
    )


def write_history(path: Path) -> None:
    rows: list[tuple[int, date, str]] = [
        (urn_of("history", n), g.on, g.grades["overall"]) for n, g in cases_of("history")
    ]
    rows.append((SEVERAL, OEIF, "3"))
    for n, (_, grades, _) in enumerate(RUNS):
        rows += [(FIRST_RUN + n, OEIF.replace(year=2022 - 3 * back), grade) for back, grade in enumerate(grades)]
    rows.append((SAFE_THEN_GRADED, NO_OVERALL, "2"))
    rows.append((FROM_HISTORY, AS_AT - 49 * DAY, "2"))
    rows.append((FROM_HISTORY, AS_AT - 48 * DAY, "3"))
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["URN", "Inspection start date", "Overall effectiveness"])
        writer.writerows([urn, f"{on:%d/%m/%Y}", grade] for urn, on, grade in rows)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataDir:
    folder = tmp_path_factory.mktemp("inspections")
    write_all(folder / "files")
    lake = DataDir(folder / "data")
    import_all(lake, folder / "files")
    return lake


@pytest.fixture(scope="module")
def build(data: DataDir) -> Build:
    return make_build(data, AS_AT).build


@pytest.fixture(scope="module")
def inspections(build: Build) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in build_rows(build, "select * from inspections order by urn, start_date, kind"):
        found.setdefault(row["urn"], []).append(row)
    return found


@pytest.fixture(scope="module")
def latest(build: Build) -> dict[str, dict[str, Any]]:
    return {row["urn"]: row for row in build_rows(build, "select * from latest_inspections")}


def value_of(build: Build, urn: int, measure_id: str) -> tuple[float | None, str | None, float]:
    (row,) = build_rows(
        build,
        "select value, missing_reason, weight from measure_values where urn = $urn and measure_id = $measure",
        urn=str(urn),
        measure=measure_id,
    )
    return row["value"], row["missing_reason"], row["weight"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_graded_inspections_are_mapped(layout: str, inspections: dict[str, list[dict[str, Any]]]) -> None:
    """M1 to M5, M12 to M15 and M23, from each layout that can hold them."""
    expected, got = {}, {}
    for number, one in cases_of(layout):
        (row,) = inspections[str(urn_of(layout, number))]
        expected[one.name] = (one.mapping, one.answer, one.gate, one.on, False)
        got[one.name] = (
            row["mapping"],
            row["good_or_better"],
            row["is_gate"],
            row["start_date"],
            row["inherited"],
        )
    assert got == expected


@pytest.mark.parametrize("layout", LAYOUTS)
def test_concern_of_the_latest_inspection(layout: str, latest: dict[str, dict[str, Any]]) -> None:
    """0 good or better, 2 below, 3 a gate; a code that judges nothing leaves the school uninspected, never good."""
    for number, one in cases_of(layout):
        row = latest[str(urn_of(layout, number))]
        expected = 3 if one.gate else {"yes": 0, "no": 2, None: None}[one.answer]
        assert (one.name, row["concern"]) == (one.name, expected)
        assert (row["full_date"] is None) == (one.answer is None)


def leadership_by_hand(one: Graded) -> tuple[int | None, str | None]:
    """2 inadequate, 1 requires improvement, 0 good; an inadequate school's leaders are at least a concern."""
    if one.answer is None:
        return None, "not_inspected"
    grade = one.grades.get("leadership")
    if grade in ("1", "2", "3", "4"):
        return max(0, int(grade) - 2), None
    return (1, None) if one.grades["overall"] == "4" else (None, "not_judged")


def weak_by_hand(one: Graded) -> tuple[int | None, str | None]:
    """Judgements of 3 inside an overall grade of 1 or 2."""
    if one.answer is None:
        return None, "not_inspected"
    if one.grades["overall"] not in ("1", "2"):
        return None, "not_applicable"
    return sum(one.grades.get(name) == "3" for name in WEAK), None


WEAK = ("quality_of_education", "behaviour", "personal_development", "early_years", "sixth_form")
OUTSTANDING = ("outstanding in 2010", "outstanding", "all outstanding without overall")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_measures_of_the_latest_inspection(layout: str, build: Build) -> None:
    rows = build_rows(
        build, "select urn, measure_id, value, missing_reason from measure_values where source_id = 'ofsted'"
    )
    found = {(row["urn"], row["measure_id"]): (row["value"], row["missing_reason"]) for row in rows}
    for number, one in cases_of(layout):
        urn = str(urn_of(layout, number))
        assert (one.name, found[urn, "leadership_concern_score"]) == (one.name, leadership_by_hand(one))
        assert (one.name, found[urn, "weak_judgement_count"]) == (one.name, weak_by_hand(one))
        outstanding = (float(one.name in OUTSTANDING), None) if one.answer else (None, "not_inspected")
        assert (one.name, found[urn, "last_outstanding_count"]) == (one.name, outstanding)
        age, early = found[urn, "judgement_age_years"], found[urn, "judged_before_september_2019_count"]
        if one.answer is None:
            assert age == early == (None, "not_inspected")
        else:
            assert age[0] == pytest.approx((AS_AT - one.on).days / 365.25)
            assert early == (int(one.on < date(2019, 9, 1)), None)


FOUND = {
    "satisfactory": "judged satisfactory",
    "first day of requires improvement": "judged to require improvement",
    "inadequate in 2010": "notice to improve",
    "inadequate": "special measures",
    "inadequate, leaders not judged": "judged inadequate",
    "requires improvement": "judged to require improvement",
    "good": None,
    "leadership 3": "told by the judgements of its parts, without an overall grade",
    "safeguarding not effective": "safeguarding not effective",
    "category without overall": "serious weaknesses",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_below_good_is_said_beside_the_figure(name: str, build: Build) -> None:
    """The rule's sentence names several findings; the note says which of them it was."""
    (number,) = (number for number, one in enumerate(GRADED) if one.name == name)
    sql = "select caveat from measure_values where urn = $urn and measure_id = 'below_good_score'"
    (row,) = build_rows(build, sql, urn=str(urn_of("latest", number)))
    assert row["caveat"] == FOUND[name]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("inadequate", "leadership and management: inadequate"),
        ("leadership 3", "leadership and management: requires improvement"),
        ("inadequate, leaders not judged", "told by the overall grade, inadequate"),
        ("good", None),
    ],
)
def test_what_was_found_of_leadership_is_said_beside_the_figure(name: str, found: str | None, build: Build) -> None:
    (number,) = (number for number, one in enumerate(GRADED) if one.name == name)
    sql = "select caveat from measure_values where urn = $urn and measure_id = 'leadership_concern_score'"
    (row,) = build_rows(build, sql, urn=str(urn_of("latest", number)))
    assert row["caveat"] == found


RUNS = [
    # the latest first; what ends a row is the first that is good, met, or mixed
    ("good now", ["2", "3", "3"], 0),
    ("one below", ["3", "2", "3"], 1),
    ("two below", ["3", "4", "2"], 2),
    ("always below", ["3", "3", "4"], 3),
    ("a code between is no answer", ["3", "9", "3"], 2),
    ("only codes", ["9", "0"], None),
]
FIRST_RUN = 119_000


@pytest.mark.parametrize(("number", "run"), [pytest.param(n, r, id=r[0]) for n, r in enumerate(RUNS)])
def test_runs_of_below_good(number: int, run: tuple[str, list[str], int | None], build: Build) -> None:
    expected = (run[2], None if run[2] is not None else "not_inspected")
    assert value_of(build, FIRST_RUN + number, "below_good_in_a_row_count")[:2] == expected


@pytest.mark.parametrize(("number", "visit"), [pytest.param(n, v, id=v.name) for n, v in enumerate(VISITS)])
def test_ungraded_inspections_are_mapped(
    number: int, visit: Visit, inspections: dict[str, list[dict[str, Any]]], build: Build
) -> None:
    """M6 to M11: confirmed, inherited from the last graded one, warned, or converted."""
    found = [row for row in inspections[str(FIRST_VISIT + number)] if row["kind"] == "ungraded"]
    got = [(row["mapping"], row["good_or_better"], row["is_warning"]) for row in found]
    assert got == ([] if visit.mapping is None else [(visit.mapping, visit.answer, visit.warning)])
    value, reason, _ = value_of(build, FIRST_VISIT + number, "ungraded_warning_score")
    assert (value, reason) == (visit.score, "not_applicable" if visit.score is None else None)


def test_an_ungraded_inspection_is_no_grade(latest: dict[str, dict[str, Any]]) -> None:
    numbered = {visit.name: latest[str(FIRST_VISIT + n)] for n, visit in enumerate(VISITS)}
    assert numbered["good with concerns"]["full_date"] == OEIF
    assert numbered["remains good without a grade on file"]["full_date"] is None
    assert numbered["converted"]["full_inspections"] == 1


@pytest.mark.parametrize(("number", "case"), [pytest.param(n, c, id=c[0]) for n, c in enumerate(CARDS)])
def test_report_cards_are_mapped(
    number: int,
    case: tuple[str, dict[str, str], str, str | None, str | None, int | None, int | None],
    inspections: dict[str, list[dict[str, Any]]],
    latest: dict[str, dict[str, Any]],
) -> None:
    """M16 to M19: not comparable with the old grades, except a category of concern."""
    _, _, mapping, answer, outcome, concern, attention = case
    (row,) = inspections[str(FIRST_CARD + number)]
    assert (row["kind"], row["era"]) == ("report card", "report cards")
    assert (row["mapping"], row["good_or_better"], row["rc_outcome"]) == (mapping, answer, outcome)
    assert row["is_gate"] is (mapping == "M19")
    known = latest[str(FIRST_CARD + number)]
    assert (known["concern"], known["needs_attention"]) == (concern, attention)


def test_a_visit_without_a_grade_is_no_inspection(
    inspections: dict[str, list[dict[str, Any]]], latest: dict[str, dict[str, Any]]
) -> None:
    """M20: monitoring, urgent and undesignated visits are seen, and say nothing of good or better."""
    (row,) = inspections[str(NO_GRADE)]
    assert (row["kind"], row["mapping"], row["good_or_better"]) == ("monitoring", "M20", "not_comparable")
    assert latest[str(NO_GRADE)]["full_date"] is None


def test_a_predecessors_judgement_is_inherited_at_half_weight(
    inspections: dict[str, list[dict[str, Any]]], build: Build
) -> None:
    """M21: the same value, flagged, whether the file says so or only the register's links do."""
    for urn, before, mapping in ((OWN, PREDECESSOR, "M5"), (LINKED, LINKED_BEFORE, "M3")):
        (row,) = inspections[str(urn)]
        assert (row["inherited"], row["urn_at_time"], row["mapping"]) == (True, str(before), mapping)
        assert value_of(build, urn, "inherited_record_count")[0] == 1
    assert value_of(build, OWN, "below_good_score") == (2, None, 0.5)
    assert value_of(build, LINKED, "below_good_score") == (3, None, 0.5)
    # the register names the category of today: the new school has none
    assert value_of(build, LINKED, "category_of_concern_count") == (0, None, 0.5)
    assert value_of(build, OWN, "leadership_concern_score") == (1, None, 0.5)


def test_no_gate_from_a_predecessor_in_a_whole_build(build: Build) -> None:
    sql = "select urn, rule_id, points, is_gate from rule_outcomes where rule_id in ('L1', 'L4', 'N1') and urn = $urn"
    inherited = build_rows(build, sql, urn=str(INHERITED_CARD))
    # 4 x 1/2 each
    assert {(row["rule_id"], row["points"], row["is_gate"]) for row in inherited} == {
        ("L1", 2.0, False),
        ("L4", 2.0, False),
        ("N1", 2.0, False),
    }
    own = build_rows(build, sql, urn=str(NEW_CATEGORY))
    assert {(row["rule_id"], row["points"], row["is_gate"]) for row in own} == {
        ("L1", 4.0, True),
        ("L4", 4.0, True),
        ("N1", 4.0, True),
    }


def test_a_school_never_inspected_is_not_good(build: Build, latest: dict[str, dict[str, Any]]) -> None:
    """M22: not yet inspected, on every measure of inspections, and never a level of "likely" by it."""
    row = latest[str(NEVER)]
    assert (row["full_date"], row["concern"], row["good_or_better"]) == (None, None, None)
    for measure in (
        "below_good_score",
        "leadership_concern_score",
        "judgement_age_years",
        "category_of_concern_count",
    ):
        assert value_of(build, NEVER, measure)[:2] == (None, "not_inspected")
    levels = build_rows(build, "select level from statement_levels where urn = $urn", urn=str(NEVER))
    assert {row["level"] for row in levels} == {"not enough evidence"}


def test_the_same_inspection_in_several_releases_counts_once(
    inspections: dict[str, list[dict[str, Any]]], latest: dict[str, dict[str, Any]]
) -> None:
    # in both snapshots, in the list of events and in the history since 2005
    (row,) = inspections[str(SEVERAL)]
    assert (row["start_date"], row["is_published_on_estimated"]) == (OEIF, False)
    assert latest[str(SEVERAL)]["full_inspections"] == 1
    assert latest[str(SEVERAL)]["below_in_a_row"] == 1


def test_two_below_good_in_a_row_are_counted_across_frameworks(build: Build) -> None:
    assert value_of(build, STUCK, "below_good_in_a_row_count") == (2, None, 1.0)
    # one inspection is not a row
    assert value_of(build, SEVERAL, "below_good_in_a_row_count")[:2] == (None, "not_applicable")


def test_an_inspection_exists_from_its_publication_on(
    inspections: dict[str, list[dict[str, Any]]], data: DataDir
) -> None:
    assert len(inspections[str(ON_THE_DAY)]) == 1
    assert str(DAY_AFTER) not in inspections
    later = make_build(data, AS_AT + DAY, make_current=False).build
    found = build_rows(later, "select published_on from inspections where urn = $urn", urn=str(DAY_AFTER))
    assert [row["published_on"] for row in found] == [AS_AT + DAY]


def test_judgements_inside_a_grade_are_known_from_the_file_that_tells_them_on(data: DataDir, build: Build) -> None:
    # a file has them of a school's last inspections alone: who was inspected again has lost them, and that would tell
    sql = "select urn, overall, leadership from inspections where start_date = $day and leadership is not null"
    now = build_rows(build, sql, day=OEIF)
    assert any(row["overall"] == "4" for row in now)
    before = make_build(data, as_at=OEIF + 90 * DAY, make_current=False).build
    assert build_rows(before, sql, day=OEIF) == []
    told = build_rows(before, "select distinct overall from inspections where start_date = $day", day=OEIF)
    assert {row["overall"] for row in told} >= {"1", "2", "3", "4"}


def test_without_a_publication_date_seven_weeks_are_assumed(
    inspections: dict[str, list[dict[str, Any]]],
) -> None:
    # visited 49 days before the as-at date: out on it; visited 48 days before: not yet
    (row,) = inspections[str(FROM_HISTORY)]
    assert (row["published_on"], row["is_published_on_estimated"], row["mapping"]) == (AS_AT, True, "M4")


def test_a_category_counts_although_the_last_register_of_the_day_is_older(data: DataDir) -> None:
    """On 10 March the register of November is the newest; the report of 20 February is out all the same."""
    early = make_build(data, date(2026, 3, 10), make_current=False).build
    assert value_of(early, NEW_CATEGORY, "category_of_concern_count")[0] == 1
    assert value_of(early, LIFTED, "category_of_concern_count")[0] == 1


def test_a_category_ends_when_the_register_no_longer_names_it(build: Build) -> None:
    assert value_of(build, NEW_CATEGORY, "category_of_concern_count")[0] == 1
    assert value_of(build, LIFTED, "category_of_concern_count")[0] == 0


def test_safeguarding_is_followed_to_the_inspection_that_judged_it(build: Build) -> None:
    """The history's newer grade says nothing of safeguarding: the older judgement stands, with its own release."""
    sql = """
        select value, measured_on, published_on, release_id
        from measure_values where urn = $urn and measure_id = $id"""
    (row,) = build_rows(build, sql, urn=str(SAFE_THEN_GRADED), id="safeguarding_not_met_count")
    assert (row["value"], row["measured_on"], row["published_on"]) == (1, OEIF, OEIF + 40 * DAY)
    assert row["release_id"].startswith("ofsted-2025-08-31")
    (row,) = build_rows(build, sql, urn=str(SAFE_THEN_GRADED), id="below_good_score")
    assert (row["value"], row["measured_on"]) == (0, NO_OVERALL)
    assert row["release_id"].startswith("ofsted_history")


def test_every_row_of_the_lookup_was_met(build: Build) -> None:
    met = {row["mapping"] for row in build_rows(build, "select distinct mapping from inspections")}
    assert met == {f"M{n}" for n in (*range(1, 21), 23)}


def test_schools_in_are_schools_out(build: Build) -> None:
    counted = build_rows(
        build,
        "select (select count(*) from schools) as schools, (select count(*) from latest_inspections) as latest, "
        "(select count(*) from schools_at_risk) as judged, (select count(*) from statement_levels) as levels",
    )[0]
    n = len(every_urn())
    assert counted == {"schools": n, "latest": n, "judged": n, "levels": 3 * n}
