"""A core group's chair holds its meetings, a member sees them, and neither learns anything of another group's."""

from collections.abc import Callable
from datetime import date

import pytest

from risk_model.casework import (
    NewMeetingOutcome,
    add_meeting_outcome,
    attendances,
    conflicts,
    exports,
    meetings,
    one_meeting,
)
from risk_model.domain.errors import NotAllowed, NotFound
from risk_model.domain.viewer import WHOLE_LA, Right, Viewer, local_viewer
from risk_model.services.agenda import agenda_for
from risk_model.services.copy import Copy
from risk_model.services.core_groups import Group
from risk_model.services.deciding import Decision, decide, lock, outcome_choices, undo
from risk_model.services.meeting_acts import (
    NewAttendance,
    NewConflict,
    add_person,
    call_off,
    change_meeting_facts,
    declare_conflict,
    prepare_meeting,
    put_on_agenda,
    set_presence,
    skip_school,
    take_off_agenda,
    withdraw_declaration,
)
from risk_model.services.meeting_room import (
    as_members_see,
    meeting_room,
    open_meetings,
    require_asked,
    school_in_room,
)
from risk_model.services.minutes_files import FILE_KINDS, file_kinds, meeting_file
from risk_model.services.scope import Scope
from risk_model.services.seeing import Sight

LEAD = local_viewer()
DAY = date(2026, 12, 7)
GROUP, OTHER = (Group("999", one, one) for one in ("Isterport", "Alder Valley"))
_SITS = frozenset({("999", "Isterport")})
MEMBER = Viewer("Member 04", la_codes=frozenset({"999"}), localities=_SITS)
CHAIR = Viewer("Chair 02", la_codes=frozenset({"999"}), localities=_SITS, chairs=_SITS)
MONITOR = "no change - monitor"


def prepared(copy: Copy, group: Group = GROUP) -> tuple[int, list[str]]:
    """A meeting of two schools, and one person: its number, and the schools."""
    lines = agenda_for(LEAD, copy, group, DAY)[:2]
    number = prepare_meeting(LEAD, copy, group, DAY, "Head 12", lines, [NewAttendance(0, "Head 12", "head teacher")])
    return number, [one.urn for one in lines]


def test_a_chair_holds_the_meeting_from_the_first_school_to_the_lock(own_copy: Copy) -> None:
    number, (first, second) = prepared(own_copy)
    (person,) = attendances(own_copy.records, number)
    set_presence(CHAIR, own_copy, number, person.id, person.version, "apologies")
    add_person(CHAIR, own_copy, NewAttendance(number, "Head 13", "head teacher"))
    declare_conflict(CHAIR, own_copy, NewConflict(number, "Head 13", first, "A relative.", "left the room"))
    (declared,) = conflicts(own_copy.records, number)
    withdraw_declaration(CHAIR, own_copy, number, declared.id, declared.version, "Another school.")
    skip_school(CHAIR, own_copy, number, first)
    assert [one.state for one in meeting_room(CHAIR, own_copy, number).items] == ["skipped", "to come"]
    decide(CHAIR, own_copy, Decision(number, second, MONITOR, "As before.", actions=(("Visit.", "Head 13", DAY),)))
    undo(CHAIR, own_copy, number, second)
    assert one_meeting(own_copy.records, number).outcomes == ()
    for urn in (first, second):
        decide(CHAIR, own_copy, Decision(number, urn, MONITOR))
    version = one_meeting(own_copy.records, number).version
    change_meeting_facts(CHAIR, own_copy, number, version, {"next_on": date(2027, 2, 22)})
    lock(CHAIR, own_copy, number, version + 1)
    held = one_meeting(own_copy.records, number)
    assert (held.locked_by, held.next_on) == ("Chair 02", date(2027, 2, 22))
    assert [one.presence for one in attendances(own_copy.records, number)] == ["apologies", "present"]


def _acts(copy: Copy, number: int, urn: str) -> list[Callable[[Viewer], object]]:
    (person,) = attendances(copy.records, number)
    version = one_meeting(copy.records, number).version
    return [
        lambda who: decide(who, copy, Decision(number, urn, MONITOR)),
        lambda who: undo(who, copy, number, urn),
        lambda who: lock(who, copy, number, version),
        lambda who: skip_school(who, copy, number, urn),
        lambda who: set_presence(who, copy, number, person.id, person.version, "apologies"),
        lambda who: add_person(who, copy, NewAttendance(number, "Head 13", "head teacher")),
        lambda who: declare_conflict(who, copy, NewConflict(number, "Head 12", urn, "A relative.", "left the room")),
        lambda who: withdraw_declaration(who, copy, number, 1, 1, "A slip."),
        lambda who: change_meeting_facts(who, copy, number, version, {"next_on": DAY}),
    ]


def test_a_chair_of_another_group_and_a_member_change_nothing(own_copy: Copy) -> None:
    for who, group in ((CHAIR, OTHER), (MEMBER, GROUP)):
        number, (urn, _) = prepared(own_copy, group)
        before = meeting_room(LEAD, own_copy, number)
        for act in _acts(own_copy, number, urn):
            with pytest.raises(NotAllowed):
                act(who)
        assert meeting_room(LEAD, own_copy, number) == before


def test_what_prepares_a_meeting_is_the_las(own_copy: Copy) -> None:
    number, (urn, _) = prepared(own_copy)
    version = one_meeting(own_copy.records, number).version
    acts: list[Callable[[], object]] = [
        lambda: put_on_agenda(CHAIR, own_copy, number, "900001", "Asked for."),
        lambda: take_off_agenda(CHAIR, own_copy, number, urn, "Not today."),
        lambda: call_off(CHAIR, own_copy, number, version, "Snow."),
        lambda: change_meeting_facts(CHAIR, own_copy, number, version, {"held_on": date(2026, 12, 8)}),
        lambda: change_meeting_facts(CHAIR, own_copy, number, version, {"locality": "Alder Valley"}),
        lambda: prepare_meeting(CHAIR, own_copy, GROUP, date(2027, 1, 4), "Chair 02", []),
    ]
    for act in acts:
        with pytest.raises(NotAllowed, match="prepare and hold"):
            act()
    assert one_meeting(own_copy.records, number).version == version


def test_an_entry_of_another_meeting_is_not_changed_by_way_of_ones_own(own_copy: Copy) -> None:
    number, _ = prepared(own_copy)
    elsewhere, _ = prepared(own_copy, OTHER)
    (person,) = attendances(own_copy.records, elsewhere)
    with pytest.raises(NotFound):
        set_presence(CHAIR, own_copy, number, person.id, person.version, "apologies")
    assert attendances(own_copy.records, elsewhere) == [person]


def test_a_chair_neither_reads_nor_writes_nor_loses_a_restricted_note(own_copy: Copy) -> None:
    number, (urn, _) = prepared(own_copy)
    note = NewMeetingOutcome(urn, MONITOR, restricted_note="The chair of governors will resign.")
    add_meeting_outcome(own_copy.records, "lead", number, note)
    room = meeting_room(CHAIR, own_copy, number)
    assert [one.restricted_note for one in room.items[0].outcomes] == [None]
    assert [one.restricted_note for one in open_meetings(CHAIR, own_copy, Scope())[0].outcomes] == [None]
    with pytest.raises(NotAllowed, match="restricted notes"):
        decide(CHAIR, own_copy, Decision(number, urn, MONITOR, restricted_note="x", seen=room.items[0].seen))
    decide(CHAIR, own_copy, Decision(number, urn, "step up support", "Two bad years.", seen=room.items[0].seen))
    outcome = one_meeting(own_copy.records, number).outcome_of(urn)
    assert outcome is not None
    assert (outcome.outcome, outcome.restricted_note) == ("step up support", "The chair of governors will resign.")


def test_the_meetings_of_ones_own_group_are_listed_and_no_other(own_copy: Copy) -> None:
    number, _ = prepared(own_copy)
    prepared(own_copy, OTHER)
    every = meetings(own_copy.records)
    for who in (CHAIR, MEMBER):
        listed = open_meetings(who, own_copy, Scope())
        assert listed[0].id == number
        assert [one.id for one in listed] == [one.id for one in every if one.locality == "Isterport"]
        assert open_meetings(who, own_copy, Scope("999", "Alder Valley")) == []
        assert open_meetings(who, own_copy, Scope("998")) == []
    of_all = Viewer("Member 05", la_codes=frozenset({"999"}), localities=frozenset({("999", WHOLE_LA)}))
    assert [one.id for one in open_meetings(of_all, own_copy, Scope())] == [one.id for one in every]


def test_a_meeting_of_others_is_refused_like_one_that_is_not_there(own_copy: Copy) -> None:
    elsewhere, (urn, _) = prepared(own_copy, OTHER)
    for who in (CHAIR, MEMBER):
        told = set()
        for number in (elsewhere, 99999):
            for asked in (meeting_room, as_members_see, file_kinds):
                with pytest.raises(NotAllowed) as refused:
                    asked(who, own_copy, number)
                told.add(str(refused.value))
            with pytest.raises(NotAllowed) as refused:
                school_in_room(who, own_copy, number, urn)
            told.add(str(refused.value))
        assert len(told) == 1
    with pytest.raises(NotAllowed):
        decide(CHAIR, own_copy, Decision(99999, urn, MONITOR))


def test_an_address_asks_for_ones_own_and_nothing_else(own_copy: Copy) -> None:
    number, (first, _) = prepared(own_copy)
    elsewhere, (foreign, _) = prepared(own_copy, OTHER)
    none = Scope()
    for place, meeting, urn in (
        (none, None, None),
        (none, str(number), first),
        (none, None, first),
        (Scope("999"), str(number), None),
        (Scope("999", "Isterport"), str(number), first),
        (Scope(None, "Isterport"), None, None),
    ):
        require_asked(MEMBER, own_copy, place, meeting, urn)
    told = set()
    for place, meeting, urn in (
        (none, str(elsewhere), None),
        (none, "99999", None),
        (none, "'; drop table meeting; --", None),
        (none, str(number), foreign),
        (none, str(number), "999999"),
        (none, None, foreign),
        (Scope("998"), None, None),
        (Scope("998", "Isterport"), str(number), None),
        (Scope("999", "Alder Valley"), str(number), None),
        (Scope(None, "Nowhere"), None, None),
    ):
        with pytest.raises(NotAllowed) as refused:
            require_asked(MEMBER, own_copy, place, meeting, urn)
        told.add(str(refused.value))
    # and nobody learns from the words what there is
    assert len(told) == 1


def test_the_facts_are_a_peers_also_of_ones_own_school(own_copy: Copy) -> None:
    number, (urn, _) = prepared(own_copy)
    head_too = Viewer(
        "Chair 03", la_codes=frozenset({"999"}), localities=_SITS, chairs=_SITS, own_urns=frozenset({urn})
    )
    for who in (CHAIR, MEMBER, head_too, LEAD):
        seen_by = as_members_see(who, own_copy, number)
        assert school_in_room(seen_by, own_copy, number, urn).sight is Sight.PEER
        assert not seen_by.rights
        assert not seen_by.chairs


def test_a_member_takes_the_agenda_and_the_locked_minutes_and_it_is_logged(own_copy: Copy) -> None:
    number, urns = prepared(own_copy)
    assert file_kinds(LEAD, own_copy, number) == FILE_KINDS
    assert file_kinds(MEMBER, own_copy, number) == file_kinds(CHAIR, own_copy, number) == ("agenda",)
    logged = len(exports(own_copy.records))
    for kind, ending in (("minutes", ".pdf"), ("actions", ".csv"), ("next agenda", ".pdf")):
        with pytest.raises(NotAllowed):
            meeting_file(MEMBER, own_copy, number, kind, ending)
    assert len(exports(own_copy.records)) == logged
    for urn in urns:
        decide(CHAIR, own_copy, Decision(number, urn, MONITOR))
    lock(CHAIR, own_copy, number, one_meeting(own_copy.records, number).version)
    assert file_kinds(MEMBER, own_copy, number) == ("minutes", "agenda")
    for kind in ("agenda", "minutes"):
        assert meeting_file(MEMBER, own_copy, number, kind, ".pdf").startswith(b"%PDF")
        last = exports(own_copy.records)[0]
        assert (last.exported_by, last.what, last.la_code) == ("Member 04", f"{kind} of a core group", "999")


def test_who_reads_for_the_la_and_holds_no_meetings_changes_none(own_copy: Copy) -> None:
    number, (urn, _) = prepared(own_copy)
    reader = Viewer("Reader", frozenset({Right.READ, Right.PEOPLE}), la_codes=frozenset({"999"}))
    assert not reader.holds_meetings_of("999", "Isterport")
    assert file_kinds(reader, own_copy, number) == ()
    with pytest.raises(NotAllowed, match="may not change"):
        outcome_choices(reader, own_copy, urn)


@pytest.mark.parametrize(
    ("chairs", "la_codes", "rights", "holds"),
    [
        ({("999", "Isterport")}, {"999"}, set(), True),
        ({("999", WHOLE_LA)}, {"999"}, set(), True),
        ({("999", "Alder Valley")}, {"999"}, set(), False),
        ({("998", "Isterport")}, {"998"}, set(), False),
        (set(), {"999"}, {Right.MEET}, True),
        (set(), {"998"}, {Right.MEET}, False),
        (set(), {"999"}, {Right.READ, Right.PEOPLE}, False),
    ],
)
def test_who_holds_a_groups_meetings(
    chairs: set[tuple[str, str]], la_codes: set[str], rights: set[Right], holds: bool
) -> None:
    who = Viewer("Somebody", frozenset(rights), frozenset(la_codes), chairs=frozenset(chairs))
    assert who.holds_meetings_of("999", "Isterport") is holds
