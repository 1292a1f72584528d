"""Every page: with the demo, with nothing to show, with forged links, with hostile names."""

import re

import pytest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.at_risk import school_list, screen_table
from risk_model.services.copy import opened, require_build
from risk_model.services.preparing import build_now
from risk_model.services.scope import Scope
from tests.conftest import SMALL_AS_AT
from tests.pages.conftest import PAGES, Visit, markdown_of, said, shows_no_markup, well
from tests.registers import HOSTILE

TITLES = {
    "overview": "Overview",
    "schools_at_risk": "Schools at risk",
    "school": "School profile",
    "support": "Support",
    "explore": "Explore",
    "core_group": "Core group",
    "my_schools": "My schools",
    "regional_director": "Regional director (RSC)",
    "history": "History",
    "rules": "Rules",
    "model": "Model",
    "data": "Data",
    "quality": "Data quality",
    "help": "Help",
}


@pytest.mark.parametrize("page", PAGES)
def test_page_with_the_demo_shows_its_title_scope_and_licence(page: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit(page)
    assert [title.value for title in app.title] == [TITLES[page]]
    assert app.selectbox(key="la").value == "999"
    text = said(app)
    assert "As at 20 November 2026" in text
    assert page == "school" or "Invented data" in text


@pytest.mark.parametrize("page", PAGES)
def test_page_has_no_number_that_is_not_one(page: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit(page, urn=_urn(demo_data, "Hazelquay Church of England Primary School"))
    assert not re.search(r"\b(nan|NaN|NaT|None(?! is recorded)|<NA>|inf)\b", said(app))


def _urn(data: DataDir, name: str) -> str:
    with opened(data) as copy:
        schools = school_list(local_viewer(), copy, Scope())
    return str(schools.set_index("name").at[name, "urn"])


# nothing to show


@pytest.mark.parametrize("page", PAGES)
def test_page_of_a_scope_without_schools_says_so_and_stands(page: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit(page, locality=_locality_without(demo_data, "alternative provision"), phase="alternative provision")
    assert app.selectbox(key="phase").value == "alternative provision"


def _locality_without(data: DataDir, phase: str) -> str:
    with opened(data) as copy:
        schools = school_list(local_viewer(), copy, Scope())
    having = set(schools.loc[schools["phase"] == phase, "locality"])
    return str(min(set(schools["locality"]) - having))


def test_list_of_a_scope_without_schools_offers_no_export(demo_data: DataDir, visit: Visit) -> None:
    app = visit(
        "schools_at_risk",
        locality=_locality_without(demo_data, "alternative provision"),
        phase="alternative provision",
    )
    assert "0 of 0 schools" in said(app)
    assert [button.disabled for button in app.download_button] == [True, True]


def test_support_page_of_a_locality_without_priority_schools_has_no_gap(demo_data: DataDir, visit: Visit) -> None:
    with opened(demo_data) as copy:
        schools = school_list(local_viewer(), copy, Scope())
    priority = set(schools.loc[schools["priority"] == "priority", "phase"])
    phase = min(set(schools["phase"]) - priority)
    app = visit("support", phase=phase)
    assert "Every priority school in this scope has active support" in said(app) or "No priority school" in said(app)


def test_filters_that_nobody_fits_say_so(demo_data: DataDir, visit: Visit) -> None:
    app = visit("schools_at_risk", q="no school is called this")
    assert "0 of 259 schools" in said(app)
    assert "No school fits" in said(app)


# forged links


FORGED = {
    "la": "<script>alert(1)</script>",
    "locality": "unknown",
    "phase": "**bold**",
    "urn": "'; drop table schools",
    "priority": "nonsense",
    "outcomes": "<b>",
    "support": "maybe",
    "judgement": "<b>",
    "route": "[x](javascript:alert(1))",
    "q": "<script>alert(1)</script>[x](javascript:alert(1))",
    "for": "<b>",
    "leader": "<b>",
    "nonsense": "<b>",
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("key", FORGED)
def test_forged_link_never_raises_and_never_shows_markup(key: str, page: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit(page, **{key: FORGED[key]})
    assert shows_no_markup(app), markdown_of(app)
    assert app.selectbox(key="la").value == "999"


@pytest.mark.parametrize("urn", ["**bold**", "<b>1</b>", "[x](javascript:a)", "9" * 300, "900001 ", "\u202e900001"])
def test_forged_urn_shows_that_there_is_no_such_school(urn: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn=urn)
    assert app.warning
    assert shows_no_markup(app), markdown_of(app)


def test_unknown_values_of_a_link_narrow_nothing(demo_data: DataDir, visit: Visit) -> None:
    app = visit("schools_at_risk", priority="nonsense", locality="unknown", phase="unknown", support="maybe")
    assert "259 of 259 schools" in said(app)


# links that hold


def test_link_to_filters_narrows_the_list_to_the_same_schools(demo_data: DataDir, visit: Visit) -> None:
    with opened(demo_data) as copy:
        schools = school_list(local_viewer(), copy, Scope("999"))
    wanted = schools[(schools["priority"] == "priority") & (schools["support_active"] == 0)]
    app = visit("schools_at_risk", priority="priority", support="without")
    assert f"{len(wanted)} of 259 schools" in said(app)
    assert list(app.dataframe[0].value["URN"]) == list(wanted["urn"])


@pytest.mark.parametrize("statement", ["outcomes", "leadership", "inspection"])
def test_link_to_a_level_narrows_the_list_by_it(statement: str, demo_data: DataDir, visit: Visit) -> None:
    with opened(demo_data) as copy:
        schools = school_list(local_viewer(), copy, Scope("999"))
    wanted = schools[schools[f"{statement}_level"] == "unlikely"]
    app = visit("schools_at_risk", **{statement: "unlikely"})
    assert list(app.dataframe[0].value["URN"]) == list(wanted["urn"])


def test_list_on_screen_is_the_table_that_is_exported(demo_data: DataDir, visit: Visit) -> None:
    app = visit("schools_at_risk", locality="Brackenside")
    with opened(demo_data) as copy:
        table = screen_table(school_list(local_viewer(), copy, Scope("999", locality="Brackenside")))
    shown = app.dataframe[0].value
    assert list(shown["URN"]) == list(table["URN"])
    assert set(table.columns) >= set(shown.columns)


def test_plain_table_has_the_same_schools(demo_data: DataDir, visit: Visit) -> None:
    app = visit("schools_at_risk", priority="watch")
    urns = list(app.dataframe[0].value["URN"])
    well(app.toggle(key="plain_table").set_value(True).run())
    assert list(app.table[0].value["URN"]) == urns


def test_profile_of_each_kind_of_school_stands(demo_data: DataDir, visit: Visit) -> None:
    with opened(demo_data) as copy:
        schools = school_list(local_viewer(), copy, Scope())
    for row in schools.groupby("phase").head(1).to_dict("records"):
        app = visit("school", urn=row["urn"])
        assert row["name"] in said(app)
        assert f"Place: **{row['priority']}**" in said(app)


def test_locality_is_remembered_from_page_to_page(demo_data: DataDir, visit: Visit) -> None:
    app = visit("overview")
    well(app.selectbox(key="locality").select("Brackenside").run())
    for page in PAGES:
        well(app.switch_page(f"pages/{page}.py").run())
        assert app.selectbox(key="locality").value == "Brackenside", page


# hostile names, and schools that have nothing but a register


@pytest.mark.parametrize("page", PAGES)
def test_hostile_name_is_text_on_every_page(page: str, small_data: DataDir, visit: Visit) -> None:
    app = visit(page)
    assert shows_no_markup(app), [t for t in markdown_of(app) if "script" in t or "bold" in t]


def test_hostile_name_is_text_on_its_profile(small_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn="100001")
    assert HOSTILE in said(app)
    assert shows_no_markup(app)


def test_hostile_name_is_text_in_the_plain_table(small_data: DataDir, visit: Visit) -> None:
    app = visit("schools_at_risk")
    well(app.toggle(key="plain_table").set_value(True).run())
    assert shows_no_markup(app)
    assert HOSTILE in said(app)


def test_hostile_name_is_text_in_what_changed_and_what_is_due(own_small_data: DataDir, visit: Visit) -> None:
    # four years after its inspection of April 2023 the school is due for the next one
    build_now(local_viewer(), own_small_data, SMALL_AS_AT.replace(year=2027))
    app = visit("overview")
    assert HOSTILE in said(app)
    assert shows_no_markup(app), [t for t in markdown_of(app) if "script" in t]


def test_hostile_trust_is_text_on_the_regional_directors_page(small_data: DataDir, visit: Visit) -> None:
    app = visit("regional_director")
    assert "<b>Trust</b> of *stars*" in said(app)
    assert shows_no_markup(app)


def test_schools_without_localities_results_or_support_stand_on_every_page(small_data: DataDir, visit: Visit) -> None:
    for page in PAGES:
        app = visit(page)
        assert app.selectbox(key="la").value == "850"
        assert app.selectbox(key="locality").disabled
        assert page == "school" or "Open Government Licence v3.0" in said(app)


def test_profile_of_a_school_that_was_never_inspected_says_so(small_data: DataDir, visit: Visit) -> None:
    text = said(visit("school", urn="100004"))
    assert "Not yet inspected" in text
    assert "No yearly figure of this school is loaded" in text


# the data


DATA_PARTS = ("Import", "Freshness", "Coverage", "Releases", "Problems", "Builds")


@pytest.mark.parametrize("part", DATA_PARTS)
def test_each_part_of_the_data_page_stands_and_a_link_leads_to_it(part: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit("data", part=part)
    assert app.session_state["part"] == part
    assert shows_no_markup(app)


@pytest.mark.parametrize("part", DATA_PARTS)
def test_each_part_of_the_data_page_stands_where_there_is_little(part: str, small_data: DataDir, visit: Visit) -> None:
    assert shows_no_markup(visit("data", part=part))


def test_an_unknown_part_of_the_data_page_is_its_first(demo_data: DataDir, visit: Visit) -> None:
    assert visit("data", part="<b>nonsense</b>").session_state["part"] == "Freshness"


def test_coverage_says_of_how_many_schools_a_figure_is_known(demo_data: DataDir, visit: Visit) -> None:
    app = visit("data", part="Coverage")
    assert re.search(r"2024-25: \d+ of \d+ schools with a year 6", said(app))


def test_one_build_alone_is_compared_with_nothing(small_data: DataDir, visit: Visit) -> None:
    assert "after the next one" in said(visit("data", part="Builds"))


def test_a_comparison_says_what_moved_and_why(demo_data: DataDir, visit: Visit) -> None:
    text = said(visit("data", part="Builds"))
    assert re.search(r"\d+ of 259 schools moved", text)
    assert "new evidence" in text


# where a figure stands


def test_a_profile_leads_from_every_figure_to_its_row(demo_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn="900001")
    links = [one for one in app.main.get("page_link") if "figure" in one.proto.page]
    assert len(links) > 5
    assert all(re.search(r"release=[\w-]+&row=\d+", one.proto.query_string) for one in links)


def test_the_row_of_a_hostile_school_is_text(small_data: DataDir, visit: Visit) -> None:
    release = next(path.stem for path in small_data.lake.glob("gias-*.json"))
    app = visit("figure", release=release, row="2")
    assert HOSTILE in set(app.dataframe[0].value["Cell"])
    assert shows_no_markup(app)


@pytest.mark.parametrize(
    ("release", "row"),
    [("nonsense", "2"), ("../records", "2"), ("<b>", "1e9"), ("nonsense", "-1"), ("nonsense", "٣"), ("x", "9" * 400)],
)
def test_a_forged_link_to_a_row_is_told_in_words(release: str, row: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit("figure", release=release, row=row)
    assert app.warning or app.info
    assert shows_no_markup(app)


# builds


@pytest.mark.parametrize("page", PAGES)
def test_page_after_a_new_build_shows_the_new_build(page: str, own_small_data: DataDir, visit: Visit) -> None:
    app = visit(page)
    assert "build 1" in said(app)
    build_now(local_viewer(), own_small_data, SMALL_AS_AT.replace(month=11))
    text = said(well(app.run()))
    assert "As at 1 November 2025" in text
    assert "build 2" in text


def test_build_through_the_page_makes_a_build(own_small_data: DataDir, visit: Visit) -> None:
    app = visit("data", part="Builds")
    button = next(one for one in app.button if one.label == "Build")
    well(button.click().run())
    assert require_build(own_small_data).number == 2
    assert "build 2" in said(well(app.run()))


# the first start


def test_first_start_makes_the_demo_and_shows_it_and_the_next_makes_nothing(empty_data: DataDir, visit: Visit) -> None:
    app = visit("overview")
    assert "of 259 schools are a priority" in said(app)
    made = require_build(empty_data)
    files = {path: path.stat().st_mtime_ns for path in empty_data.lake.iterdir()}
    again = visit("overview")
    assert "of 259 schools are a priority" in said(again)
    assert not again.status
    assert require_build(empty_data) == made
    assert {path: path.stat().st_mtime_ns for path in empty_data.lake.iterdir()} == files


def test_first_start_with_imported_files_builds_them_and_makes_no_demo(own_small_data: DataDir, visit: Visit) -> None:
    # what builds said is kept beside them, and stays
    for path in own_small_data.builds.iterdir():
        if path.is_file():
            path.unlink()
    app = visit("overview")
    assert app.selectbox(key="la").options == ["Hampshire"]
    assert not own_small_data.demo.exists()
