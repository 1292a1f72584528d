"""The directory, supply, interests, the match and capacity as they are drawn; hostile text is shown as text."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from risk_model.casework import NewSystemLeader, add_system_leader, audit_trail, interests
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.people import PEOPLE_FILE
from risk_model.services.capacity_page import capacity_page
from risk_model.services.copy import opened
from risk_model.services.matching import suggest
from risk_model.services.scope import Scope
from risk_model.services.supply import supply
from tests.pages.conftest import TIMEOUT_S, said, shows_no_markup, well

WHO = local_viewer()
LA = Scope("999")
HOSTILE = "<b>Leader</b> **bold** [x](javascript:1)"


def _directory() -> None:
    from pages.components.directory_parts import draw_directory
    from pages.components.session import copy, viewer
    from risk_model.services.scope import Scope

    draw_directory(viewer(), copy(), Scope("999"))


def _supply() -> None:
    from pages.components.directory_parts import draw_supply
    from pages.components.session import copy, viewer
    from risk_model.services.scope import Scope

    draw_supply(viewer(), copy(), Scope("999"))


def _interests() -> None:
    from pages.components.directory_parts import draw_interests
    from pages.components.session import copy, viewer
    from pages.components.support_message import draw_message
    from risk_model.services.scope import Scope

    draw_message()
    draw_interests(viewer(), copy(), Scope("999"))


def _match() -> None:
    from pages.components.matching_parts import draw_match
    from pages.components.session import copy, viewer
    from risk_model.services.scope import Scope

    draw_match(viewer(), copy(), Scope("999"))


def _capacity() -> None:
    from pages.components.capacity_parts import draw_capacity
    from pages.components.session import copy, viewer
    from risk_model.services.scope import Scope

    draw_capacity(viewer(), copy(), Scope("999"))


def _drawn(part: Callable[[], None], **query: str) -> AppTest:
    app = AppTest.from_function(part, default_timeout=TIMEOUT_S)
    for key, value in query.items():
        app.query_params[key] = value
    return well(app.run())


def _press(app: AppTest, label: str) -> AppTest:
    return well(next(one for one in app.button if one.label == label).click().run())


def test_the_directory_is_searched_and_nobody_is_lost(demo_data: DataDir) -> None:
    app = _drawn(_directory)
    assert len(app.dataframe[0].value) == 30
    assert "**30** of **30** system leaders. Free days are those of autumn 2026." in said(app)
    app.selectbox(key="dir_role").select("NLG")
    well(app.run())
    assert set(app.dataframe[0].value["Role"]) == {"NLG"}
    app.selectbox(key="dir_role").select_index(None)
    app.selectbox(key="dir_need").select("Governance")
    well(app.run())
    assert 0 < len(app.dataframe[0].value) < 30
    app.number_input(key="dir_free").set_value(999.0)
    well(app.run())
    assert "**0** of **30** system leaders." in said(app)


def test_the_directory_shows_distances_from_a_school_that_is_named(demo_data: DataDir) -> None:
    app = _drawn(_directory)
    app.selectbox(key="dir_near").select("900027")
    app.number_input(key="dir_km").set_value(5.0)
    table = well(app.run()).dataframe[0].value
    known = table[table["Not known"] == ""]
    assert len(known) > 0
    assert (known["Distance km"] <= 5).all()
    assert set(table.loc[table["Distance km"].isna(), "Not known"]) == {"distance"}


def test_supply_begins_with_its_finding_and_has_a_table_for_each_count(demo_data: DataDir) -> None:
    with opened(demo_data) as copy:
        expected = supply(WHO, copy, LA)
    app = _drawn(_supply)
    text = said(app)
    assert f"**{expected.finding}**" in text
    assert all(line in text for line in (*expected.short, expected.rule))
    assert [table.value.columns[0] for table in app.dataframe] == ["Locality", "Phase", "Area of need", "Role"]


def test_an_interest_is_registered_through_the_form(own_data: DataDir) -> None:
    app = _drawn(_interests)
    next(one for one in app.text_input if one.label == "Who").input("Leader 77")
    next(one for one in app.selectbox if one.label == "Role").select("SLE")
    _press(app, "Register the interest")
    assert "was registered." in said(app)
    with opened(own_data) as copy:
        assert "Leader 77" in {one.label for one in interests(copy.records)}


def test_an_interest_without_who_and_role_is_refused_in_words_and_nothing_is_recorded(own_data: DataDir) -> None:
    with opened(own_data) as copy:
        before = len(audit_trail(copy.records, limit=10_000))
    app = _press(_drawn(_interests), "Register the interest")
    assert "label:" in app.error[0].value.replace("\\", "")
    assert "role:" in app.error[0].value.replace("\\", "")
    with opened(own_data) as copy:
        assert len(audit_trail(copy.records, limit=10_000)) == before


def test_the_match_says_each_point_in_words_and_leads_to_the_form(demo_data: DataDir) -> None:
    app = _drawn(_match, **{"for": "900027"})
    need = app.selectbox(key="match_need_900027").value
    with opened(demo_data) as copy:
        expected = suggest(WHO, copy, "900027", need)
    text = said(app)
    assert expected.finding in text
    for match in expected.matches[:3]:
        assert match.title in text
        assert all(points.in_words in text for points in match.points)
    assert list(app.dataframe[0].value["Number"]) == [one.entry.leader.id for one in expected.matches]
    first = expected.matches[0].entry.leader
    _press(app, f"Allocate {first.label}")
    asked = [app.query_params[name] for name in ("for", "leader", "view")]
    assert asked == ["900027", str(first.id), "add"]


def test_the_match_without_a_school_asks_for_one_and_a_forged_link_chooses_none(demo_data: DataDir) -> None:
    app = _drawn(_match, **{"for": "<b>900027</b>"})
    assert "Choose a school to see who could help it." in said(app)
    assert not app.dataframe
    assert shows_no_markup(app)


def test_capacity_says_its_finding_and_who_has_too_many_days(demo_data: DataDir) -> None:
    with opened(demo_data) as copy:
        expected = capacity_page(WHO, copy, LA)
    text = said(_drawn(_capacity))
    assert f"**{expected.finding}**" in text
    assert expected.over
    assert all(line in text for line in expected.over)


@pytest.mark.parametrize("part", [_directory, _supply, _match, _capacity])
def test_an_las_own_file_that_is_not_valid_is_an_error_in_words(part: Callable[[], None], own_data: DataDir) -> None:
    (own_data.root / PEOPLE_FILE).write_text("version = <b>", "utf-8")
    app = _drawn(part, **{"for": "900027"})
    assert "not valid TOML" in said(app)
    assert shows_no_markup(app)


def test_hostile_text_in_a_record_is_shown_as_text(own_data: DataDir) -> None:
    with opened(own_data) as copy:
        new = NewSystemLeader(
            "999", HOSTILE, "adviser", phase="primary", specialisms=f"leaders {HOSTILE}", days_per_term=20.0,
            locality=HOSTILE,
        )  # fmt: skip
        add_system_leader(copy.records, WHO.name, new)
    app = _drawn(_match, **{"for": "900027"})
    assert f"{HOSTILE}, adviser:" in said(app)
    assert f"Specialisms: leaders {HOSTILE}" in said(app)
    assert shows_no_markup(app)
    assert shows_no_markup(_drawn(_directory))


def test_an_la_without_leaders_is_told_what_to_bring(small_data: DataDir) -> None:
    for part in (_directory, _capacity):
        assert "No system leader is recorded for this local authority." in said(_drawn(part))
