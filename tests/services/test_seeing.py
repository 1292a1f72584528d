"""Who may see what of a school: each kind of viewer against each field, told by marks planted in the records."""

from collections.abc import Iterator

import pytest

from risk_model.casework import (
    meetings,
)
from risk_model.domain.errors import NotAllowed
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import RIGHTS_OF, Right, Role, Viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy, opened
from risk_model.services.meeting_room import meeting_room, school_in_room
from risk_model.services.profile import school_profile
from risk_model.services.scope import Scope
from risk_model.services.seeing import SEEN_BY, About, Sight, as_member, as_school, may_see, sight_of
from risk_model.services.seen_school import school_as_seen
from risk_model.services.shareable import told_rules
from tests.services.marks_kit import EXPECTED, MARKS, OFFICER, plant, withheld_sentences

READER = Viewer("Reader", frozenset({Right.READ, Right.PEOPLE, Right.EXPORT}), la_codes=None)


@pytest.fixture
def marked(own_data: DataDir) -> Iterator[tuple[Copy, str]]:
    """A copy in which one school of Alder Valley has a mark in each field, and its URN."""
    with opened(own_data) as copy:
        yield copy, plant(copy)[0]


def viewers(urn: str) -> dict[Sight, Viewer]:
    return {
        Sight.OFFICER: OFFICER,
        Sight.READER: READER,
        Sight.VIEWER: Viewer("Viewer", RIGHTS_OF[Role.VIEWER], la_codes=frozenset({"999"})),
        Sight.OWN: as_school(OFFICER, urn),
        Sight.PEER: as_member(OFFICER, "999", "Alder Valley"),
    }


def test_every_field_is_decided_for_every_sight() -> None:
    assert set(SEEN_BY) == set(About)
    found = {sight: {about for about in About if may_see(sight, about)} for sight in Sight}
    assert found == EXPECTED


@pytest.mark.parametrize("sight", list(Sight))
def test_each_sight_sees_its_fields_and_no_other(sight: Sight, marked: tuple[Copy, str]) -> None:
    copy, urn = marked
    viewer = viewers(urn)[sight]
    assert sight_of(viewer, copy, urn) is sight
    if sight is Sight.VIEWER:
        # their page is the profile, without what people recorded
        with pytest.raises(NotAllowed):
            school_as_seen(viewer, copy, urn)
        return
    said = str(school_as_seen(viewer, copy, urn))
    seen = {about for about, mark in MARKS.items() if mark in said}
    assert seen == EXPECTED[sight] & set(MARKS)
    held = [sentence for sentence in withheld_sentences(copy, urn) if sentence in said]
    assert bool(held) is (About.HELD_RULES in EXPECTED[sight])


@pytest.mark.parametrize("sight", list(Sight))
def test_a_meeting_shows_each_sight_its_fields_and_no_other(sight: Sight, marked: tuple[Copy, str]) -> None:
    copy, urn = marked
    viewer = viewers(urn)[sight]
    number = max(one.id for one in meetings(copy.records) if any(outcome.urn == urn for outcome in one.outcomes))
    if sight in (Sight.OWN, Sight.VIEWER):
        with pytest.raises(NotAllowed):
            meeting_room(viewer, copy, number)
        return
    said = f"{meeting_room(viewer, copy, number)} {school_in_room(viewer, copy, number, urn)}"
    assert (MARKS[About.RESTRICTED_NOTE] in said) is (sight is Sight.OFFICER)
    assert (MARKS[About.ADVISER_VIEW] in said) is (sight in (Sight.OFFICER, Sight.READER))
    assert (MARKS[About.WITHHELD_SUPPORT] in said) is (sight in (Sight.OFFICER, Sight.READER))


def test_a_peer_sees_no_figure_of_few_pupils(demo_copy: Copy) -> None:
    compared = 0
    schools = school_list(OFFICER, demo_copy, Scope("999")).set_index("urn")
    for urn in schools.index:
        few = told_rules(OFFICER, demo_copy, urn).few
        if not few:
            continue
        in_full = school_as_seen(READER, demo_copy, urn)
        rules = [rule for card in school_profile(OFFICER, demo_copy, urn).cards for rule in card.rules]
        sentences = [rule.sentence for rule in rules if rule.rule_id in few and rule.sentence in str(in_full)]
        member = as_member(OFFICER, "999", str(schools.loc[urn, "locality"]))
        said = str(school_as_seen(member, demo_copy, urn))
        assert not [sentence for sentence in sentences if sentence in said]
        compared += bool(sentences)
        if compared == 3:
            return
    assert compared, "the demo has no figure of few pupils"


@pytest.mark.parametrize(
    "viewer",
    [
        Viewer("Nobody"),
        Viewer("Peer of elsewhere", localities=frozenset({("999", "Isterport")})),
        Viewer("Peer of another LA", localities=frozenset({("998", "Alder Valley")})),
        Viewer("Head of another", own_urns=frozenset({"900999"})),
        Viewer("System leader 12", system_leader_id=12),
    ],
    ids=lambda viewer: viewer.name,
)
def test_others_are_denied_the_school_and_its_meetings(viewer: Viewer, demo_copy: Copy) -> None:
    urn = school_list(OFFICER, demo_copy, Scope("999", "Alder Valley"))["urn"].iloc[0]
    with pytest.raises(NotAllowed):
        school_as_seen(viewer, demo_copy, urn)
    number = next(one.id for one in meetings(demo_copy.records) if one.locality == "Alder Valley")
    with pytest.raises(NotAllowed):
        meeting_room(viewer, demo_copy, number)
    with pytest.raises(NotAllowed):
        school_in_room(viewer, demo_copy, number, urn)


def test_whoever_may_not_see_a_school_does_not_learn_whether_it_is_there(demo_copy: Copy) -> None:
    peer = as_member(OFFICER, "999", "Isterport")
    said = []
    for urn in ("900001", "123456"):
        with pytest.raises(NotAllowed) as denied:
            school_as_seen(peer, demo_copy, urn)
        said.append(str(denied.value))
    assert said[0] == said[1]


def test_a_member_of_a_group_of_the_whole_la_sees_each_of_its_schools(demo_copy: Copy) -> None:
    member = as_member(OFFICER, "999", None)
    for locality in ("Isterport", "Alder Valley"):
        urn = school_list(OFFICER, demo_copy, Scope("999", locality))["urn"].iloc[0]
        assert sight_of(member, demo_copy, urn) is Sight.PEER
