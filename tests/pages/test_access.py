"""The Access page without a sign-in: as what one is here, and the list of grants."""

from streamlit.testing.v1 import AppTest

from risk_model.casework import grants
from risk_model.domain.paths import DataDir
from risk_model.services.copy import opened
from tests.pages.conftest import Visit

LOCAL = "Local use, no sign-in: whoever is at this machine may see and change everything."


def _text(page: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*page.markdown, *page.caption, *page.success, *page.error))


def test_every_page_says_that_nobody_signs_in(demo_data: DataDir, visit: Visit) -> None:
    for name in ("overview", "school", "help", "access"):
        assert LOCAL in [one.value for one in visit(name).caption]


def test_the_page_says_why_and_what(demo_data: DataDir, visit: Visit) -> None:
    said = _text(visit("access"))
    assert "You are at the machine that runs this copy" in said
    assert "You may decide who sees what" in said


def test_a_role_is_given_and_taken(own_data: DataDir, visit: Visit) -> None:
    page = visit("access")
    page.text_input("grant_person").set_value("<b>$x$</b>@example.gov.uk")
    page.text_input("grant_la").set_value("999")
    page.button[0].click().run()
    assert "The role was given" in _text(page)
    with opened(own_data) as copy:
        (one,) = grants(copy.records)
    assert (one.person, one.role) == ("<b>$x$</b>@example.gov.uk", "viewer")
    page.selectbox("taken_grant").set_value(one.id)
    page.text_input("taken_reason").set_value("They left.")
    page.button[1].click().run()
    assert f"Grant {one.id} was withdrawn" in _text(page)
    with opened(own_data) as copy:
        assert grants(copy.records) == []


def test_what_is_lacking_is_said(own_data: DataDir, visit: Visit) -> None:
    page = visit("access")
    page.text_input("grant_person").set_value("somebody@example.gov.uk")
    page.button[0].click().run()
    assert "Say for which local authority the role is" in _text(page)
