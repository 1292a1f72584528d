"""The part of a meeting's page that hands out its minutes: what it offers, what it says; no text is markup."""

from datetime import date

from streamlit.testing.v1 import AppTest

from risk_model.casework import NewMeeting, NewMeetingOutcome, add_meeting, change_meeting_outcome, one_meeting
from risk_model.domain.paths import DataDir
from risk_model.services.copy import opened
from tests.pages.conftest import TIMEOUT_S, said, shows_no_markup, well
from tests.registers import HOSTILE


def _page() -> None:
    import streamlit as st

    from pages.components.minutes_parts import draw_minutes
    from pages.components.session import copy, viewer

    draw_minutes(viewer(), copy(), int(st.query_params["meeting"]))


def _drawn(meeting: int) -> AppTest:
    app = AppTest.from_function(_page, default_timeout=TIMEOUT_S)
    app.query_params["meeting"] = str(meeting)
    return well(app.run())


def test_a_locked_meeting_offers_its_files_and_says_what_was_amended(own_data: DataDir) -> None:
    with opened(own_data) as copy:
        outcome = one_meeting(copy.records, 24).outcomes[0]
        changes = {"reason": "<b>late</b>"}
        change_meeting_outcome(copy.records, "Clerk", outcome.id, outcome.version, changes, "**bold** reason")
    app = _drawn(24)
    assert [button.label for button in app.download_button][:2] == ["Minutes as PDF", "Minutes as Word"]
    assert "Amendments since the minutes were locked" in said(app)
    assert "reason: " in said(app)
    assert "since the meeting of 31 March 2026" in said(app)
    assert shows_no_markup(app)


def test_open_minutes_are_said_to_be_a_draft_and_hostile_names_stay_text(own_small_data: DataDir) -> None:
    with opened(own_small_data) as copy:
        la_code = str(copy.reader.rows("select la_code from schools where urn = '100001'")[0]["la_code"])
        for day in (date(2025, 9, 1), date(2025, 10, 1)):
            outcome = NewMeetingOutcome("100001" if day.month == 9 else "100002", "step down")
            new = NewMeeting(la_code, HOSTILE, day, outcomes=(outcome,))
            meeting = add_meeting(copy.records, "tester", new)
    app = _drawn(meeting)
    assert "DRAFT" in said(app)
    assert "Not on the agenda any more" in " ".join(str(one) for table in app.table for one in table.value.to_numpy())
    assert shows_no_markup(app)
