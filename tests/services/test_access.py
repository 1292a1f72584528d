"""Who somebody is here: by grants and by what the provider says, for some days, for one LA at a time."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from risk_model.casework import NewGrant, Records, add_grant, audit_trail, close_records, grants, open_records
from risk_model.domain.errors import NotAllowed, RecordRefused, RulesRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import RIGHTS_OF, Right, Role, Viewer, local_viewer
from risk_model.rules.access import AccessSettings, ClaimGrant
from risk_model.services.access import (
    access_settings,
    grant_role,
    grant_table,
    local_standing,
    reasons,
    rights_in_words,
    session_is_over,
    standing_of,
    take_role,
)
from risk_model.services.copy import Copy

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOBODY_YET = AccessSettings()
WHO = "officer@example.gov.uk"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = open_records(f"sqlite:///{(tmp_path / 'records.sqlite').as_posix()}")
    yield opened
    close_records(opened)


def claims(**more: Any) -> dict[str, Any]:
    return {"email": WHO, "iat": (NOON - timedelta(minutes=1)).timestamp(), **more}


def granted(records: Records, role: str, la_code: str | None = "999", **more: Any) -> int:
    return add_grant(records, "admin", NewGrant(WHO, role, la_code, **more))


def viewer_of(records: Records, acting: str | None = None, **more: Any) -> Viewer:
    return standing_of(records, NOBODY_YET, claims(**more), NOON, acting).viewer


@pytest.mark.parametrize("role", [one for one in Role if one not in (Role.HEAD, Role.MEMBER, Role.CHAIR)])
def test_a_role_gives_its_rights_and_no_other(role: Role, records: Records) -> None:
    leader = {"system_leader_id": 12} if role is Role.SYSTEM_LEADER else {}
    granted(records, role.value, None if role is Role.ADMIN else "999", **leader)
    viewer = viewer_of(records)
    assert viewer.rights == RIGHTS_OF[role]
    assert viewer.la_codes == (frozenset() if role is Role.ADMIN else frozenset({"999"}))
    assert viewer.system_leader_id == leader.get("system_leader_id")


def test_a_head_a_member_and_a_chair_have_what_is_theirs(records: Records) -> None:
    granted(records, "head or chair of governors", urn="900001")
    granted(records, "locality member", locality="Isterport")
    granted(records, "core-group chair", locality="whole LA")
    viewer = viewer_of(records)
    assert viewer.own_urns == {"900001"}
    assert viewer.localities == {("999", "Isterport"), ("999", "")}
    assert viewer.chairs == {("999", "")}
    assert viewer.rights == frozenset()


@pytest.mark.parametrize(
    ("first", "last", "counts"),
    [
        (None, None, True),
        (date(2026, 11, 20), date(2026, 11, 20), True),
        (date(2026, 11, 21), None, False),
        (None, date(2026, 11, 19), False),
    ],
)
def test_a_grant_counts_within_its_days(first: date | None, last: date | None, counts: bool, records: Records) -> None:
    granted(records, "adviser", from_date=first, to_date=last)
    if counts:
        assert viewer_of(records).may(Right.JUDGE)
        return
    with pytest.raises(NotAllowed, match="no role is given"):
        viewer_of(records)


def test_a_person_is_known_whatever_the_case_of_their_letters(records: Records) -> None:
    granted(records, "viewer")
    assert viewer_of(records, email=f"  {WHO.upper()} ").name == WHO


@pytest.mark.parametrize(
    "other", ["officer example.gov.uk", "officer.example@gov.uk", "of\u00ad\u00adficer@example.gov.uk"]
)
def test_nobody_is_taken_for_somebody_whose_name_is_like_theirs(other: str, records: Records) -> None:
    granted(records, "lead")
    with pytest.raises(NotAllowed, match="no role is given"):
        viewer_of(records, email=other)


def test_other_rights_in_another_la_never_mix(records: Records) -> None:
    granted(records, "lead", "999")
    granted(records, "viewer", "998")
    widest, other = viewer_of(records), viewer_of(records, acting="998")
    assert (widest.la_codes, widest.rights) == ({"999"}, RIGHTS_OF[Role.LEAD])
    assert (other.la_codes, other.rights) == ({"998"}, RIGHTS_OF[Role.VIEWER])
    assert viewer_of(records, acting="997") == widest
    assert standing_of(records, NOBODY_YET, claims(), NOON).choices == (("999",), ("998",))


def test_an_admins_right_comes_on_top_and_opens_no_la(records: Records) -> None:
    granted(records, "viewer")
    granted(records, "admin", None)
    viewer = viewer_of(records)
    assert viewer.rights == RIGHTS_OF[Role.VIEWER] | {Right.ADMIN}
    assert viewer.la_codes == {"999"}


def test_what_the_provider_says_of_somebody_gives_them_a_role(records: Records) -> None:
    group = ClaimGrant(claim="groups", value="school-improvement", role=Role.ADVISER, la_code="999")
    settings = AccessSettings(grant=(group,))
    told = standing_of(records, settings, claims(groups=["all-staff", "school-improvement"]), NOON)
    assert told.viewer.rights == RIGHTS_OF[Role.ADVISER]
    assert reasons(told) == [
        'You are adviser for LA 999: the sign-in says "school-improvement" of you (groups).',
    ]
    for groups in (["all-staff"], "school-improvement-2", [], None):
        with pytest.raises(NotAllowed):
            standing_of(records, settings, claims(groups=groups), NOON)


@pytest.mark.parametrize("change", [{"email": None}, {"email": " "}, {"email": 7}, {"email_verified": False}])
def test_who_does_not_say_who_they_are_stays_outside(change: dict[str, Any], records: Records) -> None:
    granted(records, "lead")
    with pytest.raises(NotAllowed):
        viewer_of(records, **change)


def test_a_session_ends_after_its_hours(records: Records) -> None:
    granted(records, "lead")
    settings, since = AccessSettings(session_hours=2), NOON.timestamp()
    assert not session_is_over(settings, {"iat": since}, NOON + timedelta(hours=1, minutes=59))
    assert session_is_over(settings, {"iat": since}, NOON + timedelta(hours=2))
    assert session_is_over(settings, {}, NOON)
    with pytest.raises(NotAllowed, match="session is over"):
        standing_of(records, settings, claims(iat=(NOON - timedelta(hours=3)).timestamp()), NOON)


def test_why_somebody_sees_what_they_see_is_said(records: Records) -> None:
    number = granted(records, "head or chair of governors", urn="900001", to_date=date(2027, 7, 31))
    made = audit_trail(records, table="access_grant")[0].at
    told = standing_of(records, NOBODY_YET, claims(), NOON)
    day = f"{made.day} {made:%B %Y}"
    assert reasons(told) == [
        "You are head or chair of governors for LA 999, school 900001 until 31 July 2027: "
        f"granted by admin on {day}, number {number}."
    ]
    assert rights_in_words(told.viewer) == ["see the page of your own school, 900001"]
    assert len(rights_in_words(local_standing().viewer)) == len(Right)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"role": "lead", "la_code": None}, "local authority"),
        ({"role": "admin"}, "no one LA"),
        ({"role": "locality member"}, "a locality"),
        ({"role": "head or chair of governors"}, "a school"),
        ({"role": "system leader"}, "number of the system leader"),
        ({"role": "viewer", "urn": "900001"}, "does not fit the role"),
        ({"role": "king"}, "king"),
        ({"role": "viewer", "from_date": date(2026, 2, 1), "to_date": date(2026, 1, 1)}, "before"),
        ({"person": " "}, "person"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused(given: dict[str, Any], says: str, records: Records) -> None:
    whole = {"person": WHO, "role": "viewer", "la_code": "999", **given}
    with pytest.raises(RecordRefused, match=says):
        add_grant(records, "admin", NewGrant(**whole))
    assert grants(records) == []


def test_the_same_is_granted_once(records: Records) -> None:
    granted(records, "viewer")
    with pytest.raises(RecordRefused, match="already"):
        granted(records, "viewer")


def test_an_admin_grants_and_withdraws_and_all_of_it_is_audited(own_copy: Copy) -> None:
    admin = Viewer("admin@example.gov.uk", RIGHTS_OF[Role.ADMIN])
    number = grant_role(admin, own_copy.records, NewGrant(WHO, "adviser", "999"))
    assert list(grant_table(admin, own_copy.records, NOON.date())["Person"]) == [WHO]
    take_role(admin, own_copy.records, number, "They left.")
    assert grant_table(admin, own_copy.records, NOON.date()).empty
    trail = audit_trail(own_copy.records, table="access_grant", record_id=number)
    assert [(one.who, one.reason) for one in trail] == [(admin.name, "They left."), (admin.name, None)]
    for call in _acts(own_copy):
        with pytest.raises(NotAllowed):
            call(Viewer("Lead", RIGHTS_OF[Role.LEAD], la_codes=None))


def _acts(copy: Copy) -> list[Callable[[Viewer], object]]:
    return [
        lambda viewer: grant_table(viewer, copy.records, NOON.date()),
        lambda viewer: grant_role(viewer, copy.records, NewGrant(WHO, "lead", "999")),
        lambda viewer: take_role(viewer, copy.records, 1, "No."),
    ]


def test_settings_are_read_from_the_data_directory(tmp_path: Path) -> None:
    assert access_settings(DataDir(tmp_path)) == AccessSettings()
    (tmp_path / "access.toml").write_text(
        'person = "preferred_username"\nsession_hours = 8\n\n[[grant]]\nclaim = "roles"\nvalue = "lead"\n'
        'role = "lead"\nla_code = "937"\n',
        "utf-8",
    )
    settings = access_settings(DataDir(tmp_path))
    assert (settings.person, settings.session_hours) == ("preferred_username", 8)
    assert settings.grant == (ClaimGrant(claim="roles", value="lead", role=Role.LEAD, la_code="937"),)


@pytest.mark.parametrize(
    "text",
    [
        "person = 7",
        "session_hours = 0",
        "session_hours = 1000",
        'admin = "me"',
        "[[grant]]",
        '[[grant]]\nclaim = "roles"\nvalue = ""\nrole = "lead"\nla_code = "937"',
        '[[grant]]\nclaim = "roles"\nvalue = "x"\nrole = "root"\nla_code = "937"',
        '[[grant]]\nclaim = "roles"\nvalue = "x"\nrole = "lead"',
        '[[grant]]\nclaim = "roles"\nvalue = "x"\nrole = "admin"\nla_code = "937"',
        '[[grant]]\nclaim = "roles"\nvalue = "x"\nrole = "lead"\nla_code = 937',
        "not toml",
    ],
)
def test_settings_that_make_no_sense_let_nobody_in(text: str, tmp_path: Path) -> None:
    (tmp_path / "access.toml").write_text(text, "utf-8")
    with pytest.raises(RulesRefused, match=r"access\.toml"):
        access_settings(DataDir(tmp_path))


def test_the_one_person_at_this_machine_may_do_everything() -> None:
    assert local_viewer().rights == frozenset(Right)
    assert local_viewer().la_codes is None


def test_a_viewer_has_no_right_that_is_not_given() -> None:
    assert Viewer("Somebody").rights == frozenset()
    assert Viewer("Somebody").la_codes == frozenset()
