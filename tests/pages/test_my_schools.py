"""A system leader's own page, and the page for a supporter on a school's profile."""

import pytest

from risk_model.casework import Allocation, NewAllocation, NewSystemLeader, add_allocation, add_system_leader
from risk_model.casework import allocations as all_allocations
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import opened
from risk_model.services.support_changes import end_support
from tests.conftest import SMALL_AS_AT
from tests.pages.conftest import Visit, said, shows_no_markup, well
from tests.registers import HOSTILE

WHO = local_viewer()
LEADER = 1


def given_now(data: DataDir) -> list[Allocation]:
    """What the leader gives now."""
    with opened(data) as copy:
        known = all_allocations(copy.records)
        return [one for one in known if one.system_leader_id == LEADER and one.is_active_on(copy.build.as_at)]


def test_no_school_is_shown_before_a_leader_is_chosen(demo_data: DataDir, visit: Visit) -> None:
    app = visit("my_schools")
    assert not app.header
    assert not app.download_button
    assert "Choose a system leader" in said(app)


def test_an_la_without_system_leaders_is_told_so_and_where_to_record_one(small_data: DataDir, visit: Visit) -> None:
    app = visit("my_schools")
    text = said(app)
    assert "No system leader is recorded for this local authority" in text
    assert "Choose a system leader" not in text
    (link,) = [one for one in app.get("page_link") if "System leaders" in one.proto.label]
    assert "view=leaders" in link.proto.query_string


def test_the_chosen_leaders_schools_are_shown_and_no_other(demo_data: DataDir, visit: Visit) -> None:
    app = visit("my_schools")
    well(app.selectbox(key="leader").select(str(LEADER)).run())
    own = given_now(demo_data)
    assert own
    assert app.query_params["leader"] == str(LEADER)
    assert {button.key for button in app.download_button} == {
        f"briefing_{one.urn}_{ending}" for one in own for ending in ("pdf", "docx")
    }
    assert len(app.header) == len({one.urn for one in own})
    text = said(app)
    assert "This is the view of System leader 01" in text
    assert "with their rights and no other" in text
    assert f"System leader 01 is allocated to {len(app.header)} schools now." in text
    assert [list(table.value["Aim"]) for table in app.dataframe] == [[one.aim] for one in own]


def test_a_school_is_gone_when_the_support_ends(own_data: DataDir, visit: Visit) -> None:
    first = given_now(own_data)[0]
    with opened(own_data) as copy:
        end_support(WHO, copy, first.id, first.version, "completed", copy.build.as_at, None)
    keys = {button.key for button in visit("my_schools", leader=str(LEADER)).download_button}
    assert keys
    assert f"briefing_{first.urn}_pdf" not in keys


@pytest.mark.parametrize("leader", ["9999", "-1", "1; drop table system_leader", "<b>1</b>"])
def test_a_forged_leader_shows_nobodys_schools(leader: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit("my_schools", leader=leader)
    assert app.selectbox(key="leader").value is None
    assert not app.download_button
    assert shows_no_markup(app)


def test_a_leader_without_a_school_is_told_when_one_appears(own_small_data: DataDir, visit: Visit) -> None:
    with opened(own_small_data) as copy:
        number = add_system_leader(copy.records, WHO.name, NewSystemLeader("850", "**bold** <b>7</b>", "LLE"))
    app = visit("my_schools", leader=str(number))
    assert "is allocated to 0 schools now" in said(app)
    assert "A school appears here once support is agreed" in said(app)
    assert shows_no_markup(app)


def test_hostile_names_are_text_on_the_page(own_small_data: DataDir, visit: Visit) -> None:
    with opened(own_small_data) as copy:
        number = add_system_leader(copy.records, WHO.name, NewSystemLeader("850", "System leader 07", "LLE"))
        for urn in ("100001", "999999"):
            new = NewAllocation("850", urn, "school", "x", number, status="active", start_date=SMALL_AS_AT)
            add_allocation(copy.records, WHO.name, new)
    app = visit("my_schools", leader=str(number))
    assert HOSTILE in said(app)
    assert shows_no_markup(app)
    assert "Not an open school in this build: URN 999999." in said(app)


def test_the_profile_offers_the_page_for_each_piece_of_support(demo_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn="900027")
    offered = app.selectbox(key="briefing_for_900027").options
    with opened(demo_data) as copy:
        known = all_allocations(copy.records, urn="900027")
        now = [one for one in known if one.is_active_on(copy.build.as_at)]
    assert len(offered) == len(now) > 1
    assert {"briefing_900027_pdf", "briefing_900027_docx"} <= {one.key for one in app.download_button}
    well(app.selectbox(key="briefing_for_900027").select_index(0).run())
    assert {"briefing_900027_pdf", "briefing_900027_docx"} <= {one.key for one in app.download_button}


def test_the_profile_of_a_school_without_support_offers_the_page_alone(small_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn="100001")
    assert "briefing_for_100001" not in {one.key for one in app.selectbox}
    assert "briefing_100001_pdf" in {one.key for one in app.download_button}
    assert shows_no_markup(app)
