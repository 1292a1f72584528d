"""Similar schools on the profile: what is said of them, and that every figure is the build's own."""

from collections.abc import Iterator
from statistics import fmean

import pandas as pd
import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.exports.tables import as_csv
from risk_model.services.copy import Copy, opened
from risk_model.services.similar import SimilarSchools, similar_in_plain_text, similar_schools

WHO = local_viewer()


@pytest.fixture
def small_copy(small_data: DataDir) -> Iterator[Copy]:
    with opened(small_data) as copy:
        yield copy


def one_of(copy: Copy, band: str) -> str:
    """A school of a band, with all its figures."""
    found = copy.reader.rows(
        "select min(i.urn) as urn from intakes as i inner join similar_schools as s using (urn) "
        "inner join measure_values as v on v.urn = i.urn and v.measure_id = 'persistent_absence_pct' "
        "where band = $band and v.value is not null",
        {"band": band},
    )
    return str(found[0]["urn"])


def of(copy: Copy, band: str) -> SimilarSchools:
    return similar_schools(WHO, copy, one_of(copy, band))


def test_fifty_schools_of_the_invented_la_are_like_a_primary_school(demo_copy: Copy) -> None:
    found = of(demo_copy, "primary and junior")
    assert found.definition.startswith("The 50 schools most like it among the 184 primary and junior schools loaded")
    assert list(found.schools["Nearest"]) == list(range(1, 51))
    assert found.schools["Distance"].is_monotonic_increasing
    assert one_of(demo_copy, "primary and junior") not in set(found.schools["URN"])
    assert any(line.startswith("disadvantaged in the last six years: ") for line in found.intake)
    assert found.why_none == ""


def test_a_small_band_says_how_few_there_are(demo_copy: Copy) -> None:
    found = of(demo_copy, "secondary and all-through")
    # of 36 not itself, and not the one of which prior attainment is not known
    assert len(found.schools) == 34
    assert any("There are only 34 schools to compare with" in note for note in found.notes)
    # the demo has prior attainment at 11: it counts twice, and is named
    assert "share of disadvantaged pupils and prior attainment (each counted twice)" in found.definition


def test_where_it_stands_is_counted_from_the_list_itself(demo_copy: Copy) -> None:
    found = of(demo_copy, "primary and junior")
    row = found.standing.set_index("Measure").loc["Persistently absent, %"]
    others = demo_copy.reader.rows(
        "select value from measure_values where measure_id = 'persistent_absence_pct' and period = $period "
        "and value is not null and urn in (select unnest($urns))",
        {"period": row["Period"], "urns": list(found.schools["URN"])},
    )
    values = [one["value"] for one in others]
    higher, lower = (
        sum(value > row["This school"] for value in values),
        sum(value < row["This school"] for value in values),
    )
    assert row["Average of similar schools"] == pytest.approx(fmean(values), abs=1e-6)
    # little absence is good
    assert row["Among them"] == f"Better than {higher} of {len(values)} similar schools; {lower} do better."


def test_the_rank_that_caps_is_the_rank_that_is_shown(demo_copy: Copy) -> None:
    urn = one_of(demo_copy, "secondary and all-through")
    found = similar_schools(WHO, demo_copy, urn)
    shown = found.standing.set_index("Measure").at["Attainment 8, three years", "Among them"]
    capped = demo_copy.reader.rows(
        "select value from measure_values where measure_id = 'attainment8_similar_rank_pct' and urn = $urn",
        {"urn": urn},
    )
    better_than, of_schools = (int(shown.split()[place]) for place in (2, 4))
    assert capped[0]["value"] == pytest.approx(100 * better_than / of_schools, abs=1e-6)


def test_a_special_school_is_told_why_it_has_no_group(demo_copy: Copy) -> None:
    urn = demo_copy.reader.rows("select min(urn) as urn from schools where phase = 'special'")[0]["urn"]
    found = similar_schools(WHO, demo_copy, urn)
    assert "no group of similar schools" in found.why_none
    assert found.schools.empty
    assert similar_in_plain_text(found) == [found.why_none]


def test_without_a_census_it_says_so(small_copy: Copy) -> None:
    found = similar_schools(WHO, small_copy, "100001")
    assert found.why_none == "It has no group of similar schools: no census with its pupils is loaded."


def test_a_missing_figure_says_why_and_is_not_a_nought(demo_copy: Copy) -> None:
    lacking = demo_copy.reader.rows(
        "select min(v.urn) as urn from measure_values as v inner join similar_schools as s using (urn) "
        "where v.measure_id = 'rwm_disadvantaged_gap_pp' and v.missing_reason = 'too_few_pupils'"
    )[0]["urn"]
    row = (
        similar_schools(WHO, demo_copy, lacking).standing.set_index("Measure").loc["The same, disadvantaged pupils, %"]
    )
    assert pd.isna(row["This school"])
    assert row["Among them"] == "Not known: too few pupils, even with the years together."


def test_the_text_and_the_export_hold_what_the_screen_shows(demo_copy: Copy) -> None:
    found = of(demo_copy, "primary and junior")
    text = similar_in_plain_text(found)
    assert text[0] == found.definition
    assert len(text) == 1 + len(found.standing)
    exported = as_csv(found.schools).decode("utf-8-sig").splitlines()
    assert len(exported) == 51
    assert exported[0].startswith("Nearest,School,LA,Distance,Phase,")
    assert any("Intake never earns a point" in line for line in found.about)
