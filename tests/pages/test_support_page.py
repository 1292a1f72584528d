"""The page of support: each view draws, and one piece goes from the visit to its end."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.support_views import VIEWS
from risk_model.casework import allocations, change_allocation, system_leaders, visits
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.support import SUPPORT_FILE
from risk_model.services.copy import opened
from risk_model.services.leaders import LeaderRecord, leader_record
from risk_model.services.needs import need_page
from risk_model.services.one_support import OneSupport, one_support
from risk_model.services.scope import Scope
from tests.pages.conftest import Visit, said, shows_no_markup, well
from tests.registers import HOSTILE

WHO = local_viewer()


def _active(data: DataDir) -> int:
    """The number of a piece of support that runs, of one school."""
    with opened(data) as copy:
        known = allocations(copy.records, la_code="999")
        return next(one.id for one in known if one.is_active_on(copy.build.as_at) and not one.shares)


def _one(data: DataDir, number: int) -> OneSupport:
    with opened(data) as copy:
        return one_support(WHO, copy, number)


def _press(app: AppTest, label: str) -> AppTest:
    return well(next(one for one in app.button if one.label == label).click().run())


@pytest.mark.parametrize("view", list(VIEWS))
def test_each_view_draws_for_the_demo(view: str, demo_data: DataDir, visit: Visit) -> None:
    app = visit("support", view=view)
    assert not app.exception
    assert not app.error
    assert shows_no_markup(app)


@pytest.mark.parametrize("view", list(VIEWS))
def test_each_view_draws_where_no_support_is_recorded(view: str, small_data: DataDir, visit: Visit) -> None:
    app = visit("support", view=view)
    assert not app.exception
    assert not app.error


def test_an_unknown_view_is_the_first(demo_data: DataDir, visit: Visit) -> None:
    assert "flagged and without support" in str([one.options for one in visit("support", view="nonsense").button_group])


def test_the_lists_say_their_counts(demo_data: DataDir, visit: Visit) -> None:
    app = visit("support")
    with opened(demo_data) as copy:
        lists = need_page(WHO, copy, Scope("999")).lists
    options = " ".join(str(option) for one in app.button_group for option in one.options)
    for one in lists:
        assert f"{one.title} ({len(one.rows)})" in options


def test_a_visit_is_recorded_and_its_days_are_used(own_data: DataDir, visit: Visit) -> None:
    number = _active(own_data)
    before = _one(own_data, number)
    app = visit("support", view="support", number=str(number))
    next(one for one in app.number_input if one.label == "Person-days").set_value(0.5)
    next(one for one in app.text_input if one.label == "Visited by").input("Adviser 1")
    next(one for one in app.text_area if one.label == "What was done and seen").input(HOSTILE)
    app = _press(app, "Record the visit")
    assert "The visit was recorded" in said(app)
    assert shows_no_markup(app)
    after = _one(own_data, number)
    assert after.visits[0].note == HOSTILE
    assert after.allocation.days_used == (before.allocation.days_used or 0) + 0.5
    assert shows_no_markup(visit("support", view="support", number=str(number)))


def test_an_objective_is_added_and_its_progress_recorded(own_data: DataDir, visit: Visit) -> None:
    number = _active(own_data)
    app = visit("support", view="support", number=str(number))
    next(one for one in app.text_input if one.label == "Objective").input(HOSTILE)
    app = _press(app, "Add the objective")
    assert "The objective was added" in said(app)
    assert shows_no_markup(app)
    again = visit("support", view="support", number=str(number))
    looked = [one for one in again.selectbox if one.label.startswith("How it goes")]
    looked[-1].select("on track")
    buttons = [one for one in again.button if one.label == "Record the progress"]
    well(buttons[-1].click().run())
    assert _one(own_data, number).objectives[-1].progress == "on track"


def test_support_is_ended_with_its_outcome(own_data: DataDir, visit: Visit) -> None:
    number = _active(own_data)
    app = visit("support", view="support", number=str(number))
    next(one for one in app.selectbox if one.label == "What it came to").select("partly met")
    next(one for one in app.selectbox if one.label == "What follows").select("continue lighter")
    app = _press(app, "End the support")
    assert "has ended: completed" in said(app)
    ended = _one(own_data, number).allocation
    assert (ended.status, ended.exit_outcome, ended.exit_decision) == ("completed", "partly met", "continue lighter")


def test_an_end_without_its_reason_is_refused_in_words(own_data: DataDir, visit: Visit) -> None:
    number = _active(own_data)
    app = visit("support", view="support", number=str(number))
    next(one for one in app.selectbox if one.label == "How it ends").select("ended early")
    app = _press(app, "End the support")
    assert "needs a reason" in app.error[0].value.replace("\\", "")
    assert _one(own_data, number).standing != "ended"


def test_a_change_after_somebody_elses_is_refused_and_says_what_they_changed(own_data: DataDir, visit: Visit) -> None:
    number = _active(own_data)
    app = visit("support", view="support", number=str(number))
    with opened(own_data) as copy:
        version = one_support(WHO, copy, number).allocation.version
        change_allocation(copy.records, "Adviser 2", number, version, {"review_date": date(2026, 12, 1)})
    next(one for one in app.date_input if one.label == "Last update").set_value(date(2026, 11, 19))
    app = _press(app, "Save the change")
    words = app.error[0].value.replace("\\", "")
    assert "Adviser 2 changed review_date" in words
    assert "Nothing was changed now" in words
    assert "Somebody has changed this since you opened it" in " ".join(one.value for one in app.warning)
    app = _press(app, "Open it as it is now")
    assert "Somebody has changed" not in " ".join(one.value for one in app.warning)
    app = _press(app, "Save the change")
    assert "was changed" in said(app)
    assert _one(own_data, number).allocation.review_date == date(2026, 12, 1)


def test_a_misfit_is_refused_with_each_reason_and_goes_through_with_a_word(own_data: DataDir, visit: Visit) -> None:
    with opened(own_data) as copy:
        urn = str(need_page(WHO, copy, Scope("999")).lists[0].rows["URN"].iloc[0])
    app = visit("support", **{"view": "add", "for": urn, "leader": "1"})
    assert next(one for one in app.selectbox if one.label == "System leader").value == 1
    next(one for one in app.number_input if one.label == "Days planned").set_value(60.0)
    next(one for one in app.date_input if one.label == "Until" and one.value is None).set_value(date(2026, 12, 18))
    app = _press(app, "Add support")
    assert "it does not fit" in app.error[0].value.replace("\\", "")
    assert "days in autumn 2026" in said(app).replace("\\", "")
    next(one for one in app.text_area if one.label.startswith("In spite")).input("Released by the governors.")
    app = _press(app, "Add support")
    assert "was added" in said(app)


def test_broken_settings_of_an_la_are_told_on_the_page(own_data: DataDir, visit: Visit) -> None:
    (own_data.root / SUPPORT_FILE).write_text("from = 1", "utf-8")
    app = visit("support")
    assert "support.toml" in app.error[0].value.replace("\\", "")
    assert not app.exception


def test_a_visit_is_taken_back_with_a_reason_and_its_days_with_it(own_data: DataDir, visit: Visit) -> None:
    with opened(own_data) as copy:
        number = next(one.allocation_id for one in visits(copy.records, la_code="999") if one.days)
    before = _one(own_data, number)
    app = visit("support", view="support", number=str(number))
    app = _press(app, "Take it back")
    assert "a reason is needed" in app.error[0].value
    next(one for one in app.text_input if one.label == "Why it should not be here").input("Another school.")
    app = _press(app, "Take it back")
    assert "was taken back" in said(app)
    after = _one(own_data, number)
    assert len(after.visits) == len(before.visits) - 1
    assert after.allocation.days_used == (before.allocation.days_used or 0) - (before.visits[0].days or 0)


def test_the_words_of_support_are_put_right(own_data: DataDir, visit: Visit) -> None:
    number = _active(own_data)
    app = visit("support", view="support", number=str(number))
    aims = [one for one in app.text_input if one.label == "Aim"]
    aims[-1].input("Every class reads daily")
    _press(app, "Save the change")
    assert _one(own_data, number).allocation.aim == "Every class reads daily"


def _leader(data: DataDir, label: str) -> LeaderRecord:
    with opened(data) as copy:
        number = next(one.id for one in system_leaders(copy.records, la_code="999") if one.label == label)
        return leader_record(WHO, copy, number)


def test_a_system_leader_is_recorded_changed_and_given_roles_on_the_page(own_data: DataDir, visit: Visit) -> None:
    app = visit("support", view="leaders")
    next(one for one in app.text_input if one.label == "Label").input("System leader 91")
    next(one for one in app.selectbox if one.label == "Role in which they are asked first").select("SLE")
    app = _press(app, "Record the system leader")
    assert "System leader 91 was recorded." in said(app).replace("\\", "")
    record = _leader(own_data, "System leader 91")
    assert (record.leader.role, record.leader.days_per_term, record.roles) == ("SLE", None, ())

    app.selectbox(key="leader_to_change").select(record.leader.id)
    app = well(app.run())
    [one for one in app.number_input if one.label == "Days a term"][-1].set_value(4.5)
    [one for one in app.text_input if one.label == "Specialisms"][-1].input(HOSTILE)
    app = _press(app, "Save the system leader")
    changed = _leader(own_data, "System leader 91").leader
    assert (changed.days_per_term, changed.specialisms) == (4.5, HOSTILE)
    assert shows_no_markup(app)

    next(one for one in app.selectbox if one.label == "Further role").select("NLG")
    app = _press(app, "Record the role")
    (role,) = _leader(own_data, "System leader 91").roles
    assert (role.role, role.to_date) == ("NLG", None)
    app = _press(app, "Let it lapse")
    (role,) = _leader(own_data, "System leader 91").roles
    assert role.to_date == date(2026, 11, 20)


def test_a_system_leader_without_label_and_role_is_refused_with_both(own_data: DataDir, visit: Visit) -> None:
    app = _press(visit("support", view="leaders"), "Record the system leader")
    words = app.error[0].value.replace("\\", "")
    assert "label: nothing was given" in words
    assert "role: nothing was given" in words
