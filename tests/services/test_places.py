"""The map: its finding is true of the schools drawn, each school is drawn or counted, and each says how it is known."""

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from risk_model.demo.places import LA_CODE
from risk_model.domain.charts import Places, Role
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import Copy, opened
from risk_model.services.explore_answers import Wanted
from risk_model.services.explore_where import where, where_selects
from risk_model.services.places import COLOURINGS, places_map, where_they_stand
from risk_model.services.scope import Scope

WHO = local_viewer()
DEMO = Scope(LA_CODE)


@pytest.fixture
def small_copy(small_data: DataDir) -> Iterator[Copy]:
    with opened(small_data) as copy:
        yield copy


@pytest.mark.parametrize(
    ("wanted", "everybody", "said"),
    [
        ([], [], "no school is in this scope."),
        ([], ["A", "B"], "none of the 2 schools here is among the priority schools."),
        (["A"], ["A", "B"], "the only one of the priority schools stands in A."),
        (["A", "A"], ["A", "A", "A"], "2 of the 3 schools in A are priority schools."),
        # A and E have as many: neither is named with B
        (
            ["B", "B", "B", "A", "A", "C", "D", "E", "E"],
            [*"AABBBCCCDDEE"],
            "the 9 priority schools are spread over 5 of 5 localities; the most in one are in B: 3 of its 3 schools.",
        ),
        # five of eight is more than half; A and B together have five of ten schools
        (
            ["B", "B", "B", "A", "A", "C", "D", "E"],
            [*"AABBBCCCDE"],
            "5 of the 8 priority schools stand in B and A, where 50% of all 10 schools are.",
        ),
        # the alphabet names no winner
        (
            ["B", "A"],
            [*"AAAAABBBBBCC"],
            "the 2 priority schools are spread over 2 of 3 localities; none has more than 1 of them.",
        ),
        (
            [*"ABCD"],
            [*"AABBCCDD"],
            "the 4 priority schools are spread over 4 of 4 localities; none has more than 1 of them.",
        ),
        (["B", "B", "A"], [*"ABBB"], "2 of the 3 priority schools stand in B, where 75% of all 4 schools are."),
        # the largest three of eight areas have four of nine
        (
            [*"AABCDEFGH"],
            [*"AAABBCDEFGHIJ"],
            "the 9 priority schools are spread over 8 of 10 localities; the most in one are in A: 2 of its 3 schools.",
        ),
        (
            [*"ABCDEFGH"],
            [*"ABCDEFGHIJ"],
            "the 8 priority schools are spread over 8 of 10 localities; none has more than 1 of them.",
        ),
    ],
)
def test_the_finding_says_where_half_of_them_are(wanted: Sequence[str], everybody: Sequence[str], said: str) -> None:
    assert where_they_stand(wanted, everybody, "priority schools", "localities") == said


def drawn(copy: Copy, scope: Scope, colouring: str = "priority", named: Sequence[str] = ()) -> Places:
    """The map itself."""
    drawing = places_map(WHO, copy, scope, colouring, named).drawing
    assert isinstance(drawing, Places)
    return drawing


@pytest.mark.parametrize("colouring", COLOURINGS)
@pytest.mark.parametrize("scope", [DEMO, Scope(LA_CODE, phase="secondary"), Scope(LA_CODE, locality="Garrow Town")])
def test_each_school_is_drawn_by_what_was_asked(demo_copy: Copy, scope: Scope, colouring: str) -> None:
    column = "r.priority" if colouring == "priority" else f"max(l.level) filter (l.statement = '{colouring}')"
    found = demo_copy.reader.rows(
        f"""select s.urn, {column} as value from schools as s
            inner join schools_at_risk as r using (urn) inner join statement_levels as l using (urn)
            where ($locality is null or s.locality = $locality) and ($phase is null or s.phase = $phase)
            group by s.urn, r.priority""",
        {"locality": scope.locality, "phase": scope.phase},
    )
    spots = drawn(demo_copy, scope, colouring).spots
    assert {one.key: one.role for one in spots} == {row["urn"]: Role(row["value"]) for row in found}


def test_what_matters_most_is_drawn_above_the_rest(demo_copy: Copy) -> None:
    assert list(dict.fromkeys(one.role for one in drawn(demo_copy, DEMO).spots)) == [
        Role.UNIVERSAL,
        Role.FIND_OUT,
        Role.WATCH,
        Role.PRIORITY,
    ]


def test_the_finding_of_the_demo_is_counted_from_its_table(demo_copy: Copy) -> None:
    chart = places_map(WHO, demo_copy, DEMO)
    flagged = Counter(chart.table.loc[chart.table["Priority"] == "priority", "Locality"])
    (most, n), *_ = flagged.most_common()
    schools = int((chart.table["Locality"] == most).sum())
    assert chart.finding == (
        f"The {flagged.total()} priority schools are spread over {len(flagged)} of 12 localities; the most in one are "
        f"in {most}: {n} of its {schools} schools."
    )


def test_an_invented_map_says_so_and_claims_no_licence(demo_copy: Copy) -> None:
    chart = places_map(WHO, demo_copy, DEMO)
    assert "The outline is invented" in chart.source
    assert "Ordnance" not in chart.source
    assert "OS data" not in chart.source


def test_schools_without_a_place_are_counted_and_named(small_copy: Copy) -> None:
    la_code = small_copy.reader.rows("select min(la_code) as la from schools")[0]["la"]
    chart = places_map(WHO, small_copy, Scope(la_code))
    drawing = chart.drawing
    assert isinstance(drawing, Places)
    assert not drawing.spots
    assert set(chart.table["Place known by"]) == {"not known"}
    assert chart.table["Easting"].isna().all()
    (note,) = [one for one in chart.notes if one.startswith("Not drawn")]
    assert f"{len(chart.table)} of {len(chart.table)} schools" in note
    assert "Bramblewick Primary School" in note
    assert "OS data © Crown copyright and database right 2024" in chart.source


def test_without_an_la_only_what_matters_is_drawn(demo_copy: Copy) -> None:
    chart = places_map(WHO, demo_copy, Scope())
    assert set(chart.table["Priority"]) == {"priority"}
    assert len(drawn(demo_copy, Scope()).outlines) == 153
    assert chart.notes[0].startswith("Of all LAs only the 72 priority schools are drawn, of 259 schools.")


def test_a_picked_school_has_its_name_beside_it(demo_copy: Copy) -> None:
    (select,) = where_selects(WHO, demo_copy, DEMO)
    answer = where(WHO, demo_copy, DEMO, Wanted(("900027", "la:999"), {select.key: "outcomes"}))
    (chart,) = answer.charts
    assert chart.key == "where_outcomes"
    assert isinstance(chart.drawing, Places)
    assert [(one.key, one.label) for one in chart.drawing.spots if one.label] == [
        ("900027", "Alder Bank Primary School")
    ]
    assert answer.selects_schools
    (school,) = answer.schools
    assert school.told.startswith("priority; good outcomes ■ unlikely; ")


def test_a_school_that_is_not_on_the_map_is_a_link(small_copy: Copy) -> None:
    la_code = small_copy.reader.rows("select min(la_code) as la from schools")[0]["la"]
    answer = where(WHO, small_copy, Scope(la_code), Wanted(("100002",)))
    told = {one.urn: one.told for one in answer.schools}
    assert told["100002"].endswith(", and not on the map")
