"""The core group's page: each view draws, a meeting is prepared, decided, undone, locked and amended."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.meeting_views import VIEWS
from risk_model.casework import (
    NewConflict,
    NewMeetingOutcome,
    actions,
    add_conflict,
    add_head_comment,
    add_meeting_outcome,
    change_action,
    conflicts,
    meetings,
    one_meeting,
)
from risk_model.casework.judgements import NewHeadComment
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.agenda import agenda_for
from risk_model.services.at_risk import school_list
from risk_model.services.copy import opened
from risk_model.services.core_groups import Group
from risk_model.services.deciding import Decision, decide
from risk_model.services.meeting_acts import prepare_meeting
from risk_model.services.meeting_room import RoomItem, meeting_room
from tests.pages.conftest import Visit, said, shows_no_markup, well
from tests.registers import HOSTILE

WHO = local_viewer()
DAY = date(2026, 12, 7)
GROUP = Group("999", "Isterport", "Isterport")


def _prepared(data: DataDir) -> int:
    with opened(data) as copy:
        return prepare_meeting(WHO, copy, GROUP, DAY, "LA adviser", agenda_for(WHO, copy, GROUP, DAY))


def _press(app: AppTest, label: str) -> AppTest:
    return well(next(one for one in app.button if one.label == label).click().run())


def _choose(app: AppTest, label: str, value: object) -> None:
    next(one for one in app.selectbox if one.label == label).set_value(value)


@pytest.mark.parametrize("view", list(VIEWS))
def test_each_view_draws_for_the_demo(view: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit("core_group", view=view)
    assert not app.error
    assert shows_no_markup(app)


@pytest.mark.parametrize("view", list(VIEWS))
def test_each_view_draws_where_nothing_is_recorded(view: str, small_data: DataDir, visit: Visit) -> None:
    app = visit("core_group", view=view)
    assert not app.error


def test_a_meeting_is_prepared_with_a_button_and_opens(own_data: DataDir, visit: Visit) -> None:
    app = visit("core_group", view="prepare", locality="Isterport")
    button = next(one for one in app.button if one.label.startswith("Make the agenda of"))
    app = well(button.click().run())
    assert "is prepared" in said(app)
    # and it is open
    assert app.session_state["view"] == "meeting"
    with opened(own_data) as copy:
        newest = max(meetings(copy.records, locality="Isterport"), key=lambda one: one.id)
        assert newest.locked_at is None
        assert meeting_room(WHO, copy, newest.id).items


def test_a_school_is_decided_and_the_next_one_comes(own_data: DataDir, visit: Visit) -> None:
    number = _prepared(own_data)
    app = visit("core_group", view="meeting", meeting=str(number))
    with opened(own_data) as copy:
        first, second = [one.urn for one in meeting_room(WHO, copy, number).items][:2]
    assert app.session_state["school"] == first
    _choose(app, "Outcome", "step up support")
    next(one for one in app.text_area if one.label == "Reason").set_value("Three years below.")
    next(one for one in app.text_input if one.label == "Action 1").set_value("Visit the school.")
    next(one for one in app.text_input if one.label == "Owner of action 1").set_value("LA adviser")
    _choose(app, "Kind of support", "attendance")
    app = _press(app, "Save and next")
    assert app.session_state["school"] == second
    with opened(own_data) as copy:
        outcome = one_meeting(copy.records, number).outcome_of(first)
        assert outcome is not None
        assert (outcome.outcome, outcome.reason) == ("step up support", "Three years below.")
        assert [one.action for one in actions(copy.records, meeting_id=number)] == ["Visit the school."]
    # back to it: what was decided, and the way to undo it
    app = visit("core_group", view="meeting", meeting=str(number), school=first)
    assert "step up support" in said(app)
    app = _press(app, "Undo this decision")
    with opened(own_data) as copy:
        assert one_meeting(copy.records, number).outcomes == ()


def test_what_lacks_something_is_said_and_the_form_keeps_what_was_typed(own_data: DataDir, visit: Visit) -> None:
    number = _prepared(own_data)
    app = visit("core_group", view="meeting", meeting=str(number))
    next(one for one in app.text_area if one.label == "Reason").set_value("Typed before.")
    app = _press(app, "Save and next")
    assert "Choose an outcome." in [one.value for one in app.error]
    assert "Typed before." in [one.value for one in app.text_area]


def test_the_minutes_are_locked_when_all_is_decided_and_then_only_amended(own_data: DataDir, visit: Visit) -> None:
    number = _prepared(own_data)
    app = visit("core_group", view="meeting", meeting=str(number))
    assert next(one for one in app.button if one.label == "Lock the minutes").disabled
    with opened(own_data) as copy:
        for item in meeting_room(WHO, copy, number).items:
            decide(WHO, copy, Decision(number, item.urn, "no change - monitor"))
    app = visit("core_group", view="meeting", meeting=str(number))
    app = _press(app, "Lock the minutes")
    assert "The minutes are locked." in said(app)
    with opened(own_data) as copy:
        assert one_meeting(copy.records, number).is_locked
    app = _press(app, "Amend the minutes")
    assert any("minutes are locked" in one.value for one in app.error)
    next(one for one in app.text_input if one.label == "Why the minutes are amended").set_value("A slip of the pen.")
    _choose(app, "Outcome", "step down")
    app = _press(app, "Amend the minutes")
    with opened(own_data) as copy:
        assert "step down" in [one.outcome for one in one_meeting(copy.records, number).outcomes]


def test_the_screen_shows_what_members_may_see_until_an_officer_asks_for_more(own_data: DataDir, visit: Visit) -> None:
    number = _prepared(own_data)
    with opened(own_data) as copy:
        urn = meeting_room(WHO, copy, number).items[0].urn
        add_meeting_outcome(
            copy.records, "lead", number, NewMeetingOutcome(urn, "step down", restricted_note="The chair will resign.")
        )
        comment = NewHeadComment("999", urn, "One small year.", "Head teacher", date(2026, 11, 1))
        add_head_comment(copy.records, "head", comment)
    app = visit("core_group", view="meeting", meeting=str(number), school=urn)
    assert "The chair will resign." not in said(app)
    assert "One small year." not in said(app)
    assert "The chair will resign." not in [one.value for one in app.text_area]
    app = well(
        next(one for one in app.toggle if one.label == "Show what is for LA officers only").set_value(True).run()
    )
    assert "The chair will resign." in said(app)
    assert "One small year." in said(app)


def test_what_was_typed_is_text(own_data: DataDir, visit: Visit) -> None:
    number = _prepared(own_data)
    with opened(own_data) as copy:
        urn = meeting_room(WHO, copy, number).items[0].urn
        hostile = Decision(number, urn, "step up support", HOSTILE, actions=((HOSTILE, HOSTILE[:200], DAY),))
        decide(WHO, copy, hostile)
    for view in ("meeting", "actions"):
        app = visit("core_group", view=view, meeting=str(number), school=urn)
        assert shows_no_markup(app)


def test_an_action_moves_on(own_data: DataDir, visit: Visit) -> None:
    with opened(own_data) as copy:
        action = next(one for one in actions(copy.records, la_code="999") if one.is_open)
    app = visit("core_group", view="actions")
    next(one for one in app.selectbox if one.label == "How far has one come?").set_value(action.id)
    app = well(app.run())
    _choose(app, "Now", "complete")
    app = _press(app, "Save")
    assert any("done_on" in one.value.replace("\\", "") for one in app.error)
    next(one for one in app.date_input if one.label.startswith("Done on")).set_value(date(2026, 11, 19))
    app = _press(app, "Save")
    with opened(own_data) as copy:
        moved = next(one for one in actions(copy.records, la_code="999") if one.id == action.id)
        assert (moved.state, moved.done_on) == ("complete", date(2026, 11, 19))


def test_an_action_that_somebody_else_moved_is_not_overwritten(own_data: DataDir, visit: Visit) -> None:
    with opened(own_data) as copy:
        action = next(one for one in actions(copy.records, la_code="999") if one.state == "in progress")
    app = visit("core_group", view="actions")
    next(one for one in app.selectbox if one.label == "How far has one come?").set_value(action.id)
    app = well(app.run())
    with opened(own_data) as copy:
        change_action(copy.records, "other", action.id, action.version, {"action": "Another wording."}, "Clearer.")
    _choose(app, "Now", "not started")
    app = _press(app, "Save")
    assert any("was changed by other" in one.value.replace("\\", "") for one in app.error)


def test_a_meeting_that_is_not_there_shows_another(demo_data: DataDir, visit: Visit) -> None:
    app = visit("core_group", view="meeting", meeting="99999", school="'; drop table meeting; --")
    assert not app.error
    assert "schools decided" in said(app)


def test_a_school_is_put_on_an_open_agenda_from_its_profile(own_data: DataDir, visit: Visit) -> None:
    number = _prepared(own_data)
    with opened(own_data) as copy:
        listed = {one.urn for one in meeting_room(WHO, copy, number).items}
        quiet = next(urn for urn in school_list(WHO, copy, GROUP.scope)["urn"] if urn not in listed)
    app = visit("school", urn=quiet)
    next(one for one in app.text_input if one.label == "Because").set_value("The chair asked.")
    app = _press(app, "Put on the agenda")
    assert "It is on the agenda." in said(app)
    with opened(own_data) as copy:
        assert meeting_room(WHO, copy, number).items[-1].reasons == ("Asked for: The chair asked.",)
    # and the offer is gone: it is on it
    assert "Put on the agenda" not in [one.label for one in app.button]


def test_the_overview_leads_to_open_minutes_and_overdue_actions(own_data: DataDir, visit: Visit) -> None:
    assert "open minutes: **0**" in said(visit("overview"))
    _prepared(own_data)
    found = said(visit("overview"))
    assert "open minutes: **1**" in found
    assert "actions overdue" in found


def test_the_address_names_no_school_that_the_screen_does_not_name(own_data: DataDir, visit: Visit) -> None:
    number = _prepared(own_data)
    app = visit("core_group", view="meeting", meeting=str(number))
    second = [one.urn for one in _items(own_data, number)][1]
    app = well(next(one for one in app.selectbox if one.label == "School on the agenda").set_value(second).run())
    assert second in app.query_params["school"]
    app = well(next(one for one in app.toggle if one.label == "Without names").set_value(True).run())
    assert "school" not in app.query_params
    # and the same school stays open, in both directions
    assert app.session_state["school"] == second
    assert "School 2" in said(app) or "School 2" in [one.value for one in app.header]
    app = well(next(one for one in app.toggle if one.label == "Without names").set_value(False).run())
    assert second in app.query_params["school"]


def test_a_declaration_made_by_mistake_is_withdrawn_with_a_reason(own_data: DataDir, visit: Visit) -> None:
    number = _prepared(own_data)
    with opened(own_data) as copy:
        urn = _items(own_data, number)[0].urn
        declared = NewConflict(number, "Head 12", urn, "A relative.", "left the room")
        conflict = add_conflict(copy.records, "lead", declared)
    app = visit("core_group", view="meeting", meeting=str(number))
    _choose(app, "Withdraw a declaration made by mistake", conflict)
    app = _press(app, "Withdraw")
    assert any("reason is needed" in one.value.replace("\\", "") for one in app.error)
    next(one for one in app.text_input if one.label == "Why it is withdrawn").set_value("Another school.")
    app = _press(app, "Withdraw")
    with opened(own_data) as copy:
        assert conflicts(copy.records, number) == []


def _items(data: DataDir, number: int) -> tuple[RoomItem, ...]:
    with opened(data) as copy:
        return meeting_room(WHO, copy, number).items
