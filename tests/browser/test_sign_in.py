"""Signing in at a real provider: who comes in, where they land, what they see, and who stays outside."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from risk_model.casework import NewGrant, add_grant, grants, meetings, withdraw_grant
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.agenda import agenda_for
from risk_model.services.copy import open_data_records, opened
from risk_model.services.core_groups import Group
from risk_model.services.meeting_acts import prepare_meeting
from tests.browser.browsing import Visitor, serving
from tests.browser.providing import Provider, providing, signing_in
from tests.conftest import copied
from tests.guide.hand import Hand

OpenVisitor = Callable[..., Visitor]
DOOR = "This is for the staff and partners of the local authority."
LEFT_OUTSIDE = "the sign-in was begun, and what came back did not let you in"
URN = "900001"
MEETING = date(2026, 12, 7)
GRANTED = (
    NewGrant("lead@example.gov.uk", "lead", "999"),
    NewGrant("leaving@example.gov.uk", "adviser", "999"),
    NewGrant("viewer@example.gov.uk", "viewer", "999"),
    NewGrant("head@example.gov.uk", "head or chair of governors", "999", urn=URN),
    NewGrant("admin@example.gov.uk", "admin"),
    NewGrant("chair@example.gov.uk", "core-group chair", "999", locality="Isterport"),
    NewGrant("member@example.gov.uk", "locality member", "999", locality="Isterport"),
)
USERS = [
    {"sub": name, "email": f"{name}@example.gov.uk"}
    for name in ("lead", "leaving", "viewer", "head", "admin", "chair", "member", "nobody")
]


@pytest.fixture(scope="module")
def house(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, DataDir, Provider]]:
    """The demo with grants, behind a sign-in: its address, its data, its provider."""
    folder = tmp_path_factory.mktemp("signed")
    data = DataDir(copied(demo_dir, folder / "data"))
    records = open_data_records(data)
    for one in GRANTED:
        add_grant(records, "test", one)
    with ExitStack() as stack:
        provider = stack.enter_context(providing(USERS))
        address = stack.enter_context(signing_in(data.root, folder, provider))
        yield address, data, provider


def enter(visitor: Visitor, address: str, who: str) -> Page:
    """Come to an address, sign in as somebody, and wait for what comes of it."""
    page = visitor.open(address)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=f"{who}").first.click()
    page.wait_for_url(lambda url: url.startswith(address) and "oauth2" not in url)
    forget_style(visitor)
    return visitor.drawn()


def forget_style(visitor: Visitor) -> None:
    """The provider's own pages ask for a style sheet from elsewhere, and are refused it."""
    visitor.strangers[:] = [one for one in visitor.strangers if not one.endswith("pico.min.css")]


def test_who_signs_in_lands_where_they_were_going_and_signs_out(
    house: tuple[str, DataDir, Provider], visitor_with: OpenVisitor
) -> None:
    address, _, _ = house
    visitor = visitor_with()
    page = enter(visitor, f"{address}/school?urn={URN}", "lead")
    expect(page.get_by_text(re.compile("^Signed in as lead.+ for LA 999"))).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/school\?urn={URN}"))
    expect(page.get_by_role("heading", name="Judgements side by side")).to_be_visible()
    assert not {one["name"] for one in page.context.cookies()} & {"risk_going", "risk_begun"}
    page.get_by_role("button", name="Sign out").click()
    # the provider asks whether to end its own session, too
    expect(page.get_by_role("heading", name="End Session")).to_be_visible()
    forget_style(visitor)
    visitor.open(f"{address}/school?urn={URN}")
    expect(page.get_by_text(DOOR)).to_be_visible()


def test_who_has_no_role_stays_outside(house: tuple[str, DataDir, Provider], visitor_with: OpenVisitor) -> None:
    page = enter(visitor_with(), house[0], "nobody")
    expect(
        page.get_by_text(re.compile("^You are signed in as nobody.+, and no role is given to you here"))
    ).to_be_visible()
    expect(page.get_by_role("link", name="Schools at risk")).to_have_count(0)


def test_a_role_that_is_taken_away_counts_no_longer_in_an_open_tab(
    house: tuple[str, DataDir, Provider], visitor_with: OpenVisitor
) -> None:
    address, data, _ = house
    page = enter(visitor_with(), f"{address}/support", "leaving")
    expect(page.get_by_role("heading", level=1, name="Support")).to_be_visible()
    records = open_data_records(data)
    (mine,) = grants(records, person="leaving@example.gov.uk")
    withdraw_grant(records, "test", mine.id, mine.version, "They left.")
    page.get_by_role("link", name="Schools at risk").first.click()
    expect(page.get_by_text("no role is given to you here")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)


def test_a_viewer_is_offered_figures_and_nobodys_name(
    house: tuple[str, DataDir, Provider], visitor_with: OpenVisitor
) -> None:
    address, _, _ = house
    visitor = visitor_with()
    page = enter(visitor, f"{address}/school?urn={URN}", "viewer")
    expect(page.get_by_text("are not shown to you")).to_be_visible()
    expect(page.get_by_role("link", name="Support", exact=True)).to_have_count(0)
    for forged in (f"support?urn={URN}", "core_group?meeting=1", f"history?urn={URN}", "regional_director"):
        visitor.open_any(f"{address}/{forged}")
        expect(page.get_by_text("Page not found")).to_be_visible()
        expect(page.get_by_text("System leader 0")).to_have_count(0)


def test_a_head_sees_their_own_school_and_no_other(
    house: tuple[str, DataDir, Provider], visitor_with: OpenVisitor
) -> None:
    address, _, _ = house
    visitor = visitor_with()
    page = enter(visitor, address, "head")
    expect(page.get_by_role("heading", level=1, name="My schools")).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="Letters to your school")).to_be_visible()
    visitor.open_any(f"{address}/school?urn=900002")
    expect(page.get_by_text("Nothing for you at this address")).to_be_visible()


def test_a_chair_decides_a_school_and_a_member_sees_it_without_a_form(
    house: tuple[str, DataDir, Provider], visitor_with: OpenVisitor
) -> None:
    address, data, _ = house
    group = Group("999", "Isterport", "Isterport")
    with opened(data) as copy:
        lines = agenda_for(local_viewer(), copy, group, MEETING)[:2]
        number = prepare_meeting(local_viewer(), copy, group, MEETING, "Head 12", lines)
        others = next(one.id for one in meetings(copy.records) if one.locality != "Isterport")
    chair = enter(visitor_with(), address, "chair")
    # the bare address leads to it
    expect(chair).to_have_url(re.compile(rf"/core_group\?meeting={number}&school={lines[0].urn}$"))
    Hand(Visitor(chair)).choose("Outcome", "step up support")
    chair.get_by_label("Reason", exact=True).fill("Two years of low results.")
    chair.get_by_role("button", name="Save and next").click()
    expect(chair.get_by_text("1 of 2 schools decided")).to_be_visible()
    visitor = visitor_with()
    member = enter(visitor, f"{address}/core_group?meeting={number}&school={lines[0].urn}", "member")
    expect(member).to_have_url(re.compile(rf"/core_group\?meeting={number}&school={lines[0].urn}$"))
    expect(member.get_by_text("Two years of low results.", exact=True)).to_be_visible()
    expect(member.get_by_role("button", name="Agenda as PDF")).to_be_visible()
    for form in ("Save and next", "Undo this decision", "Skip for now", "Lock the minutes", "Amend the minutes"):
        expect(member.get_by_role("button", name=form)).to_have_count(0)
    expect(member.get_by_role("textbox")).to_have_count(0)
    visitor.open(f"{address}/core_group?meeting={others}")
    expect(member.get_by_text("may not see this: it is not of their core group.")).to_be_visible()
    expect(member.get_by_role("heading", level=2)).to_have_count(0)
    visitor.open_any(f"{address}/school?urn={lines[0].urn}")
    expect(member.get_by_text("Nothing for you at this address")).to_be_visible()


def test_an_admin_gives_a_role_and_sees_no_school(
    house: tuple[str, DataDir, Provider], visitor_with: OpenVisitor
) -> None:
    address, data, _ = house
    page = enter(visitor_with(), f"{address}/access", "admin")
    page.get_by_label("Person, as the sign-in names them").fill("new@example.gov.uk")
    page.get_by_label("LA code (none for an admin)").fill("999")
    page.get_by_role("button", name="Give the role").click()
    expect(page.get_by_text("The role was given")).to_be_visible()
    (given,) = grants(open_data_records(data), person="new@example.gov.uk")
    assert (given.role, given.la_code) == ("viewer", "999")
    expect(page.get_by_role("link", name="Schools at risk")).to_have_count(0)


@pytest.mark.parametrize("attack", ["forged", "audience"])
def test_a_token_that_is_not_meant_for_this_product_lets_nobody_in(
    attack: str, house: tuple[str, DataDir, Provider], visitor_with: OpenVisitor
) -> None:
    address, _, provider = house
    provider.attack = attack
    try:
        page = enter(visitor_with(), address, "nobody")
    finally:
        provider.attack = ""
    expect(page.get_by_text(DOOR)).to_be_visible()
    expect(page.get_by_text(LEFT_OUTSIDE)).to_be_visible()
    page.reload()
    expect(page.get_by_text(DOOR)).to_be_visible()
    expect(page.get_by_text(LEFT_OUTSIDE)).to_have_count(0)


def test_a_provider_that_is_down_is_told_in_words_and_one_whose_tokens_are_over_lets_nobody_in(
    demo_dir: Path, tmp_path: Path, visitor_with: OpenVisitor
) -> None:
    with ExitStack() as stack:
        provider_stack = stack.enter_context(ExitStack())
        provider = provider_stack.enter_context(providing(USERS, lasts=timedelta(hours=-1)))
        address = stack.enter_context(signing_in(copied(demo_dir, tmp_path / "data"), tmp_path, provider))
        page = enter(visitor_with(), address, "lead")
        expect(page.get_by_text(DOOR)).to_be_visible()
        provider_stack.close()
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("The sign-in does not answer just now")).to_be_visible()


def test_a_copy_without_sign_in_shows_nothing_to_other_machines(
    demo_dir: Path, tmp_path: Path, visitor_with: OpenVisitor
) -> None:
    arguments = ("run", "app.py", "--server.address", "0.0.0.0")
    with serving(copied(demo_dir, tmp_path / "data"), tmp_path / "log.txt", arguments) as address:
        page = visitor_with().open(f"{address}/schools_at_risk")
        expect(
            page.get_by_text("This copy has no sign-in, and it listens for other machines, too: it shows nothing.")
        ).to_be_visible()
        expect(page.get_by_role("link", name="Schools at risk")).to_have_count(0)
