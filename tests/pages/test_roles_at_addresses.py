"""Every role at every page's address, with what others' links say: what goes over the wire, whatever is drawn of it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from risk_model.casework import NewGrant, add_grant, grants, withdraw_grant
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.copy import open_data_records, opened
from risk_model.services.data import releases
from risk_model.services.seeing import About, Sight
from risk_model.services.templates import template_file
from tests.benchmarks.visitor import Visitor, arriving
from tests.browser.providing import COOKIE_SECRET, Provider, signing_in, user_cookie
from tests.conftest import copied
from tests.pages.conftest import PAGES
from tests.services.marks_kit import EXPECTED, MARKS, plant
from tests.services.test_roles import PEOPLE

LA, PLACE, ELSEWHERE = "999", "Alder Valley", "Isterport"
# it is asked once; nobody signs in by it here
NO_PROVIDER = Provider("http://127.0.0.1:1")


@dataclass(frozen=True)
class Somebody:
    """A grant, and how much of the marked school it lets somebody see."""

    name: str
    grant: NewGrant | None
    sees: Sight | None

    @property
    def account(self) -> str:
        """As the provider calls them."""
        return f"{self.name.replace(' ', '.')}@example.gov.uk"


def _roles(urn: str) -> list[Somebody]:
    of_la = {
        "lead": Sight.OFFICER,
        "adviser": Sight.OFFICER,
        "LA team member": Sight.OFFICER,
        "data lead": Sight.READER,
        "viewer": Sight.VIEWER,
    }
    head = NewGrant("", "head or chair of governors", LA, urn=urn)
    member = NewGrant("", "locality member", LA, locality=PLACE)
    return [
        *(Somebody(name, NewGrant("", name, LA), sight) for name, sight in of_la.items()),
        Somebody("head", head, Sight.OWN),
        Somebody("head of another", replace(head, urn="900040"), None),
        Somebody("member", member, Sight.PEER),
        Somebody("chair", replace(member, role="core-group chair"), Sight.PEER),
        Somebody("member of another", replace(member, locality=ELSEWHERE), None),
        Somebody("system leader", NewGrant("", "system leader", LA, system_leader_id=1), None),
        Somebody("admin", NewGrant("", "admin"), None),
        Somebody("lead of another", NewGrant("", "lead", "998"), None),
        Somebody("lead of last year", NewGrant("", "lead", LA, to_date=date(2026, 1, 1)), None),
        Somebody("lead of next year", NewGrant("", "lead", LA, from_date=date(2099, 1, 1)), None),
        Somebody("nobody", None, None),
    ]


NAMES = [one.name for one in _roles("900001")]


@dataclass(frozen=True)
class House:
    """A server with a sign-in, and what is planted in its records."""

    address: str
    data: DataDir
    urn: str
    meeting: int
    people: dict[str, Somebody]

    def enter(self, name: str) -> Visitor:
        """Somebody's open page, with the cookie that the product gives to whom the provider vouches for."""
        cookie = user_cookie(self.address, COOKIE_SECRET, email=self.people[name].account)
        return arriving(self.address, cookie)

    def links(self) -> list[dict[str, str]]:
        """What an officer's links say after a page's address."""
        school = {"urn": self.urn, "la": LA, "for": self.urn, "locality": PLACE}
        return [
            {},
            school,
            {"la": LA, "view": "meeting", "meeting": str(self.meeting), "school": self.urn},
            {"la": LA, "view": "minutes", "meeting": str(self.meeting)},
            {"la": LA, "view": "support", "number": "1"},
        ]


@pytest.fixture(scope="module")
def house(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("roles")
    data = DataDir(copied(demo_dir, folder / "data"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        with opened(data) as copy:
            urn, meeting = plant(copy)
            people = {one.name: one for one in _roles(urn)}
            for one in people.values():
                if one.grant is not None:
                    add_grant(copy.records, "test", replace(one.grant, person=one.account))
        with signing_in(data.root, folder, NO_PROVIDER) as address:
            yield House(address, data, urn, meeting, people)


def _sent(visitor: Visitor) -> str:
    """Everything that came for the page, as text: what is drawn, what is folded away, and tables' cells."""
    return "\n".join(one.SerializeToString().decode("utf-8", "replace") for one in visitor.drawn.values())


def _walk(house: House, name: str) -> str:
    found = []
    for page in [*PAGES, "figure", "access"]:
        for query in house.links():
            visitor = house.enter(name)
            with closing(visitor.connection):
                visitor.open("" if page == "overview" else page, **query)
                assert not visitor.errors(), (page, query, visitor.errors())
                sent = _sent(visitor)
                # what somebody's navigation offers them does not turn them away, unless the only LA here is not theirs
                is_offered = ("" if page == "overview" else page) in visitor.pages and name != "lead of another"
                assert not (is_offered and not query and "may not see this" in sent), page
                found.append(sent)
    return "\n".join(found)


@pytest.mark.parametrize("name", NAMES)
def test_each_role_is_sent_what_is_theirs_and_nothing_else(name: str, house: House) -> None:
    sees = house.people[name].sees
    told = _walk(house, name)
    expected = EXPECTED[sees] if sees else set()
    assert {about for about, mark in MARKS.items() if mark in told} == expected & set(MARKS)
    if sees in (None, Sight.VIEWER) and name != "system leader":
        assert not set(PEOPLE.findall(told))


def test_the_list_of_who_sees_figures_alone_says_nothing_of_judgements_that_people_made(house: House) -> None:
    for name in ("lead", "viewer"):
        visitor = house.enter(name)
        with closing(visitor.connection):
            visitor.open("schools_at_risk", la=LA, judgement="adviser disagrees")
            assert not visitor.errors()
            sent = _sent(visitor)
            is_lead = name == "lead"
            assert ("Core group agreed" in sent, "advisers disagree with" in sent) == (is_lead, is_lead)
            assert ("259 of 259 schools" in sent) is not is_lead


def test_a_file_that_is_pushed_past_the_page_is_not_even_looked_at(house: House) -> None:
    content = template_file(local_viewer(), "formal_notices", ".csv").replace(b"999999", b"900043")
    before = releases(local_viewer(), house.data)
    uploader = ""
    # the first may import: what comes of the file there is what must not come elsewhere
    for name in ("data lead", "lead", "viewer", "head", "nobody"):
        visitor = house.enter(name)
        with closing(visitor.connection):
            visitor.open("data", la=LA, part="Import")
            if name == "data lead":
                uploader = next(one.id for one in visitor.elements("file_uploader"))
            else:
                assert not list(visitor.elements("file_uploader"))
            visitor.put_file(house.address, uploader, "formal_notices.csv", content)
            assert not visitor.errors()
            assert ("Import 1 table" in _sent(visitor)) is (name == "data lead")
    assert releases(local_viewer(), house.data) == before


def test_a_role_that_is_taken_away_counts_no_longer_at_the_next_click(house: House) -> None:
    records = open_data_records(house.data)
    somebody = replace(house.people["lead"], name="leaving")
    add_grant(records, "test", NewGrant(somebody.account, "lead", LA))
    house.people["leaving"] = somebody
    visitor = house.enter("leaving")
    with closing(visitor.connection):
        visitor.open("school", urn=house.urn, la=LA)
        assert MARKS[About.ADVISER_VIEW] in _sent(visitor)
        briefing = next(one.id for one in visitor.elements("download_button") if "briefing" in one.id)
        assert visitor.take(briefing).startswith("/media/")
        (mine,) = grants(records, person=somebody.account)
        withdraw_grant(records, "test", mine.id, mine.version, "They left.")
        # the page still stands there, with its buttons
        assert visitor.take(briefing) == ""
        visitor.rerun()
        assert not [mark for mark in MARKS.values() if mark in _sent(visitor)]
        assert "no role is given to you here" in _sent(visitor)
