"""Strips: what is drawn of many schools, and a finding that is true of all of them."""

from collections.abc import Iterator
from statistics import median

import numpy as np
import pytest

from risk_model.demo.places import LA_CODE
from risk_model.domain.charts import Role, Strips
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services import explore_spread
from risk_model.services.copy import Copy, opened
from risk_model.services.explore_answers import Answer, Wanted
from risk_model.services.explore_spread import spread, spread_selects
from risk_model.services.scope import Scope

WHO = local_viewer()
DEMO = Scope(LA_CODE)


@pytest.fixture
def small_copy(small_data: DataDir) -> Iterator[Copy]:
    with opened(small_data) as copy:
        yield copy


def answered(copy: Copy, measure: str, *picks: str, scope: Scope = DEMO) -> Answer:
    (select,) = spread_selects(WHO, copy, scope)
    assert measure in select.options
    return spread(WHO, copy, scope, Wanted(picks, {select.key: measure}))


def strips(answer: Answer) -> Strips:
    (chart,) = answer.charts
    assert isinstance(chart.drawing, Strips)
    return chart.drawing


def figures(copy: Copy, measure: str, phase: str, period: str) -> list[float]:
    rows = copy.reader.rows(
        "select v.value from measure_values as v inner join schools as s using (urn) where v.measure_id = $measure "
        "and v.period = $period and s.phase_group = $phase and v.value is not null order by v.value",
        {"measure": measure, "period": period, "phase": phase},
    )
    return [row["value"] for row in rows]


@pytest.mark.parametrize(
    ("measure", "period", "word", "tenth"),
    [
        ("primary.rwm_expected_pct", "2024-2025", "below", 0.1),
        ("primary.persistent_absence_pct", "2024-2025", "above", 0.9),
        ("secondary.attainment8_score", "2025-2026", "below", 0.1),
    ],
)
def test_the_finding_names_the_middle_and_the_weakest_tenth(
    demo_copy: Copy, measure: str, period: str, word: str, tenth: float
) -> None:
    phase, _, measure_id = measure.partition(".")
    known = figures(demo_copy, measure_id, phase, period)
    answer = answered(demo_copy, measure)
    decimals = strips(answer).axis.decimals
    assert f"{phase}, {period[:5]}{period[7:]}" in answer.finding
    assert any(note.startswith("Provisional") for note in answer.charts[0].notes) == (period == "2025-2026")
    assert f"the school in the middle of Exampleshire has {median(known):.{decimals}f}" in answer.finding
    assert f"one in ten of its schools is {word} {np.quantile(known, tenth):.{decimals}f}" in answer.finding
    assert sorted(one.x for one in strips(answer).strips[0].spots) == known


def test_every_school_is_a_spot_or_counted_with_the_reason(demo_copy: Copy) -> None:
    answer = answered(demo_copy, "primary.rwm_expected_pct")
    (strip,) = strips(answer).strips
    schools = demo_copy.reader.rows("select count(*) as n from schools where phase_group = 'primary'")[0]["n"]
    assert len(strip.spots) + strip.without == schools
    (note,) = [one for one in answer.charts[0].notes if "without a figure" in one]
    assert f"without a figure: {strip.without}:" in note
    assert "suppressed by the publisher" in note


def test_of_many_schools_one_in_so_many_is_drawn_and_the_ends_and_the_picked(
    demo_copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = answered(demo_copy, "primary.rwm_expected_pct")
    monkeypatch.setattr(explore_spread, "MOST_SPOTS", 20)
    thin = answered(demo_copy, "primary.rwm_expected_pct", "900027")
    every, drawn = (sorted(one.x for one in strips(answer).strips[0].spots) for answer in (whole, thin))
    assert 20 <= len(drawn) <= 23
    assert (drawn[0], drawn[-1]) == (every[0], every[-1])
    assert "900027" in {one.key for one in strips(thin).strips[0].spots}
    assert median(drawn) == pytest.approx(median(every), abs=3)
    assert strips(thin).strips[0].at == strips(whole).strips[0].at, "the middle is that of all"
    assert f"of {len(every)} schools one in 9 is drawn" in thin.charts[0].notes[0]


def test_picked_schools_are_named_once_and_picked_groups_have_a_strip(demo_copy: Copy) -> None:
    answer = answered(demo_copy, "primary.rwm_expected_pct", "900027", "locality:Dunmar Coast", "900190")
    own, place = strips(answer).strips
    assert place.name.startswith("Dunmar Coast, ")
    assert {one.key: (one.role, one.label) for one in own.spots if one.role is not Role.REST} == {
        "900027": (Role.FIRST, "Alder Bank Primary School"),
        "900190": (Role.THIRD, "Alderwen Croft Primary School"),
    }
    # Alder Bank is in that locality, too
    assert [(one.key, one.label) for one in place.spots if one.role is not Role.REST] == [("900027", "")]
    assert [(one.urn, one.told) for one in answer.schools] == [("900027", "36%"), ("900190", "18%")]
    assert list(answer.charts[0].table["Group or school"])[2:] == [
        "Alder Bank Primary School",
        "Alderwen Croft Primary School",
    ]


def test_a_picked_school_of_another_phase_says_why_it_is_not_there(demo_copy: Copy) -> None:
    answer = answered(demo_copy, "primary.rwm_expected_pct", "900212")
    assert [one.told for one in answer.schools] == ["no figure of that year and phase"]


def test_few_schools_are_told_by_their_ends(demo_copy: Copy) -> None:
    answer = answered(demo_copy, "secondary.attainment8_score", scope=Scope(LA_CODE, locality="Garrow Town"))
    own = strips(answer).strips[0]
    values = [one.x for one in own.spots]
    assert 0 < len(values) < 10
    assert (
        f"the {len(values)} schools in Garrow Town lie between {min(values):.1f} and {max(values):.1f}"
        in answer.finding
    )
    assert "Exampleshire" in strips(answer).strips[1].name


def test_without_figures_it_says_what_to_import(small_copy: Copy) -> None:
    answer = spread(WHO, small_copy, Scope(), Wanted())
    assert not answer.charts
    assert "import results" in answer.finding
