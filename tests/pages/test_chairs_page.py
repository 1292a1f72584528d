"""The core group's page for who sits in the group: its chair holds the meeting, a member looks on, signed in."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from risk_model.casework import (
    NewGrant,
    NewMeetingOutcome,
    actions,
    add_grant,
    add_head_comment,
    add_meeting_outcome,
    one_meeting,
)
from risk_model.casework.judgements import NewHeadComment
from risk_model.domain.paths import PROJECT, DataDir
from risk_model.domain.viewer import Role, local_viewer
from risk_model.services.agenda import agenda_for
from risk_model.services.copy import opened
from risk_model.services.core_groups import Group
from risk_model.services.deciding import Decision, decide, lock
from risk_model.services.meeting_acts import NewAttendance, prepare_meeting
from tests.pages.conftest import TIMEOUT_S, said, well

LEAD = local_viewer()
DAY = date(2026, 12, 7)
GROUP, OTHER = (Group("999", one, one) for one in ("Isterport", "Alder Valley"))
FORMS = {"Save and next", "Skip for now", "Defer", "Undo this decision", "Lock the minutes", "Add", "Declare"}
SignIn = Callable[..., AppTest]


@pytest.fixture
def sign_in(own_data: DataDir) -> SignIn:
    """`sign_in(Role.CHAIR, "core_group", meeting="1")`: who has that role for Isterport comes to a page by a link."""

    def come(role: Role, page: str = "core_group", sits_in: str | None = "Isterport", **query: str) -> AppTest:
        who = f"{role.name.lower()}@example.gov.uk"
        with opened(own_data) as copy:
            add_grant(copy.records, "test", NewGrant(who, role.value, "999", locality=sits_in))
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=TIMEOUT_S)
        app.secrets["auth"] = {"cookie_secret": "a secret of this test"}  # pragma: allowlist secret
        app.user = {"is_logged_in": True, "email": who, "iat": datetime.now(UTC).timestamp()}
        # a browser's cookie, of which there is none here, says where they were going
        app.session_state["has_landed"] = True
        for key, value in query.items():
            app.query_params[key] = value
        app.switch_page(f"pages/{page}.py")
        return well(app.run())

    return come


def prepared(data: DataDir, group: Group = GROUP) -> tuple[int, list[str]]:
    """A meeting of two schools and one person: its number, and the schools."""
    with opened(data) as copy:
        lines = agenda_for(LEAD, copy, group, DAY)[:2]
        people = [NewAttendance(0, "Head 12", "head teacher")]
        return prepare_meeting(LEAD, copy, group, DAY, "Head 12", lines, people), [one.urn for one in lines]


def name_of(data: DataDir, urn: str) -> str:
    with opened(data) as copy:
        return str(copy.reader.rows("select name from schools where urn = $urn", {"urn": urn})[0]["name"])


def buttons(app: AppTest) -> set[str]:
    return {one.label for one in app.button}


def press(app: AppTest, label: str) -> AppTest:
    return well(next(one for one in app.button if one.label == label).click().run())


def test_a_chair_goes_school_by_school_and_locks(own_data: DataDir, sign_in: SignIn) -> None:
    number, (first, second) = prepared(own_data)
    app = sign_in(Role.CHAIR)
    assert [one.value for one in app.title] == ["Core group"]
    # the open meeting before those that are locked
    assert (app.session_state["meeting"], app.session_state["school"]) == (str(number), first)
    next(one for one in app.selectbox if one.label == "Outcome").set_value("step up support")
    next(one for one in app.text_area if one.label == "Reason").set_value("Two years below.")
    next(one for one in app.text_input if one.label == "Action 1").set_value("Visit the school.")
    next(one for one in app.text_input if one.label == "Owner of action 1").set_value("Head 12")
    app = press(app, "Save and next")
    assert app.session_state["school"] == second
    app = press(app, "Skip for now")
    app.selectbox(key="school").set_value(first)
    app = press(well(app.run()), "Undo this decision")
    with opened(own_data) as copy:
        assert one_meeting(copy.records, number).outcomes == ()
    for urn in (first, second):
        app.selectbox(key="school").set_value(urn)
        app = press(well(app.run()), "Defer")
    app = press(app, "Lock the minutes")
    assert "The minutes are locked." in said(app)
    with opened(own_data) as copy:
        held = one_meeting(copy.records, number)
        assert held.locked_by == "chair@example.gov.uk"
        assert {one.outcome for one in held.outcomes} == {"deferred - need evidence"}


def test_a_chair_is_offered_the_room_and_nothing_else_of_the_page(own_data: DataDir, sign_in: SignIn) -> None:
    number, _ = prepared(own_data)
    app = sign_in(Role.CHAIR, view="prepare")
    assert {"Save and next", "Skip for now", "Defer", "Lock the minutes", "Add", "Declare"} <= buttons(app)
    assert not {"Put on the agenda", "Take off the agenda", "Call it off"} & buttons(app)
    assert not app.tabs
    assert not {"la", "locality", "phase"} & {one.key for one in app.selectbox}
    assert [one.label for one in app.toggle] == ["Without names"]
    assert "Kind of support" not in {one.label for one in app.selectbox}
    assert "For LA officers only" not in {one.label for one in app.text_area}
    assert app.query_params["meeting"] == str(number)


def test_a_member_sees_what_is_decided_and_no_form(own_data: DataDir, sign_in: SignIn) -> None:
    number, (first, _) = prepared(own_data)
    with opened(own_data) as copy:
        decided = Decision(number, first, "step up support", "Two years below.", actions=(("Visit.", "Head 12", DAY),))
        decide(LEAD, copy, decided)
    app = sign_in(Role.MEMBER, school=first)
    for text in ("step up support", "Two years below.", "Why it is on the agenda", "Head 12 (head teacher)", "Visit."):
        assert text in said(app)
    assert buttons(app) == {"Previous", "Next", "Sign out"}
    assert not app.text_input
    assert not app.text_area
    assert [one.key for one in app.selectbox] == ["meeting", "school"]
    assert {one.key for one in app.get("download_button")} == {"minutes_agenda.pdf", "minutes_agenda.docx"}
    assert "is decided yet" in said(press(app, "Next"))


def test_a_member_takes_the_minutes_once_they_are_locked(own_data: DataDir, sign_in: SignIn) -> None:
    number, urns = prepared(own_data)
    with opened(own_data) as copy:
        for urn in urns:
            decide(LEAD, copy, Decision(number, urn, "no change - monitor"))
        lock(LEAD, copy, number, one_meeting(copy.records, number).version)
    app = sign_in(Role.MEMBER, meeting=str(number))
    offered = {f"minutes_{kind}{ending}" for kind in ("minutes", "agenda") for ending in (".pdf", ".docx")}
    assert {one.key for one in app.get("download_button")} == offered
    assert any("The minutes were locked on" in one.value for one in app.success)
    assert not FORMS & buttons(app)


@pytest.mark.parametrize("role", [Role.CHAIR, Role.MEMBER])
def test_what_is_for_the_las_officers_is_not_there(role: Role, own_data: DataDir, sign_in: SignIn) -> None:
    number, (first, _) = prepared(own_data)
    with opened(own_data) as copy:
        note = NewMeetingOutcome(first, "step down", restricted_note="They will resign.")
        add_meeting_outcome(copy.records, "lead", number, note)
        add_head_comment(
            copy.records, "head", NewHeadComment("999", first, "One small year.", "Head teacher", date(2026, 11, 1))
        )
    app = sign_in(role, school=first)
    assert "step down" in said(app)
    everything = [said(app), *(str(one.value) for one in (*app.text_area, *app.text_input))]
    assert not [text for text in everything if "They will resign." in text or "One small year." in text]


@pytest.mark.parametrize("role", [Role.CHAIR, Role.MEMBER])
@pytest.mark.parametrize("what", ["other group's", "none", "markup", "school", "its URN", "LA", "locality"])
def test_a_forged_address_gets_the_refusal_and_no_fact(
    role: Role, what: str, own_data: DataDir, sign_in: SignIn
) -> None:
    number, _ = prepared(own_data)
    elsewhere, (foreign, _) = prepared(own_data, OTHER)
    forged: dict[str, dict[str, str]] = {
        "other group's": {"meeting": str(elsewhere)},
        "none": {"meeting": "99999"},
        "markup": {"meeting": "<b>1</b>"},
        "school": {"meeting": str(number), "school": foreign},
        "its URN": {"school": foreign},
        "LA": {"la": "998", "meeting": str(number)},
        "locality": {"la": "999", "locality": "Alder Valley"},
    }
    app = sign_in(role, view="meeting", **forged[what])
    who = f"{role.name.lower()}@example.gov.uk"
    (error,) = app.error
    refusal = f"{who} may not see this: it is not of their core group."
    assert error.value.replace("\\", "").startswith(refusal)
    assert not app.header
    assert not app.selectbox
    assert buttons(app) == {"Sign out"}
    assert name_of(own_data, foreign) not in said(app)
    # and the page is theirs again, when they come by its name
    app.query_params.clear()
    app = well(app.run())
    assert not app.error
    assert app.session_state["meeting"] == str(number)


def test_a_group_that_has_not_met_says_so(own_data: DataDir, sign_in: SignIn) -> None:
    app = sign_in(Role.CHAIR, sits_in="Nowhere")
    assert "No meeting is recorded here. The LA makes it." in [one.value for one in app.info]
    assert not app.error


def test_the_groups_schools_lead_to_its_meeting(own_data: DataDir, sign_in: SignIn) -> None:
    prepared(own_data)
    app = sign_in(Role.MEMBER, "my_schools")
    assert [one.value for one in app.header] == ["Your core group"]
    assert "Open its meeting" in said(app)
    assert any("Exampleshire" in one.value for one in app.caption)


def test_who_reads_for_the_la_and_holds_no_meetings_sees_the_room_without_forms(
    own_data: DataDir, sign_in: SignIn
) -> None:
    number, _ = prepared(own_data)
    app = sign_in(Role.TEAM, sits_in=None, view="meeting", meeting=str(number))
    assert not app.error
    assert not FORMS & buttons(app)
    assert "is decided yet" in said(app)
    with opened(own_data) as copy:
        assert actions(copy.records, meeting_id=number) == []
