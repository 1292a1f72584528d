"""A core group from the agenda to the locked minutes, on the demo."""

from datetime import date, timedelta

import pytest

from risk_model.casework import (
    NewAction,
    NewAllocation,
    actions,
    add_action,
    agenda_items,
    allocations,
    attendances,
    change_agenda_item,
    meetings,
    one_meeting,
)
from risk_model.domain.errors import NotFound, RecordRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import Priority, Route, Statement
from risk_model.services.action_list import action_page
from risk_model.services.agenda import AgendaLine, Why, agenda_for, agenda_table, shortened
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy, opened
from risk_model.services.core_groups import Group, core_groups, group_table
from risk_model.services.deciding import Decision, decide, lock, outcome_choices, undo
from risk_model.services.meeting_acts import (
    call_off,
    people_of_last,
    prepare_meeting,
    put_on_agenda,
    skip_school,
    take_off_agenda,
)
from risk_model.services.meeting_room import meeting_room, open_meetings, school_in_room
from risk_model.services.minutes_since import since_last
from risk_model.services.scope import Scope
from risk_model.services.seeing import as_member

WHO = local_viewer()
LA = Scope("999")
DAY = date(2026, 12, 7)
GROUP = Group("999", "Alder Valley", "Alder Valley")


def lines_by_urn(copy: Copy, day: date = DAY) -> dict[str, AgendaLine]:
    return {one.urn: one for one in agenda_for(WHO, copy, GROUP, day)}


def whys(line: AgendaLine) -> set[str]:
    return {one.why.value for one in line.reasons}


def prepared(copy: Copy) -> int:
    lines = agenda_for(WHO, copy, GROUP, DAY)
    return prepare_meeting(WHO, copy, GROUP, DAY, "LA adviser", lines, people_of_last(WHO, copy, GROUP, DAY))


def an_academy(copy: Copy, meeting: int, *, academy: bool) -> str:
    """A school on the agenda that is an academy, or one that is not."""
    schools = school_list(WHO, copy, GROUP.scope).set_index("urn")
    wanted = Route.REGIONAL_DIRECTOR.value if academy else Route.LA_SUPPORT.value
    room = meeting_room(WHO, copy, meeting)
    return next(one.urn for one in room.items if schools.loc[one.urn, "route"] == wanted)


def test_there_is_a_group_for_each_locality(demo_copy: Copy) -> None:
    groups = core_groups(WHO, demo_copy, LA)
    assert len(groups) == 12
    assert [one.name for one in core_groups(WHO, demo_copy, Scope("999", "Isterport"))] == ["Isterport"]
    table = group_table(WHO, demo_copy, LA)
    assert table["Schools"].sum() == (school_list(WHO, demo_copy, LA)["locality"].notna()).sum()
    assert table["Priority"].sum() <= (school_list(WHO, demo_copy, LA)["priority"] == Priority.PRIORITY.value).sum()
    assert core_groups(WHO, demo_copy, Scope()) == []


def test_an_la_without_localities_is_one_group(small_data: DataDir) -> None:
    with opened(small_data) as copy:
        la = copy.reader.rows("select la_code, la_name from schools order by 1")[0]
        (group,) = core_groups(WHO, copy, Scope(la["la_code"]))
    assert (group.name, group.locality) == (la["la_name"], None)


def test_every_priority_school_of_the_group_is_on_the_agenda_and_none_of_another(demo_copy: Copy) -> None:
    lines = lines_by_urn(demo_copy)
    schools = school_list(WHO, demo_copy, GROUP.scope)
    flagged = set(schools[schools["priority"] == Priority.PRIORITY.value]["urn"])
    assert flagged <= set(lines) <= set(schools["urn"])
    for urn in flagged:
        assert whys(lines[urn]) & {Why.NEW_FLAG, Why.FLAGGED}
    assert all(one.reasons for one in lines.values())
    assert list(lines) == [urn for urn in schools["urn"] if urn in lines]


def test_the_agenda_as_a_table_has_a_row_for_each_reason(demo_copy: Copy) -> None:
    lines = agenda_for(WHO, demo_copy, GROUP, DAY)
    table = agenda_table(lines)
    assert len(table) == sum(len(one.reasons) for one in lines)
    assert table.notna().all().all()


def test_an_agenda_is_cut_to_the_most_urgent_of_the_chosen_reasons(demo_copy: Copy) -> None:
    lines = agenda_for(WHO, demo_copy, GROUP, DAY)
    due = shortened(lines, {Why.INSPECTION}, 2)
    assert due == [one for one in lines if Why.INSPECTION in whys(one)][:2]
    assert len(due) == 2
    assert shortened(lines, set(Why), None) == lines
    assert shortened(lines, set(), None) == []


def test_what_is_overdue_puts_a_school_on_the_agenda_from_its_day_on(own_copy: Copy) -> None:
    quiet = next(u for u in school_list(WHO, own_copy, GROUP.scope)["urn"] if u not in lines_by_urn(own_copy))
    add_action(own_copy.records, "lead", NewAction("999", quiet, "Send the plan.", "Head", DAY))
    assert quiet not in lines_by_urn(own_copy)
    (reason,) = lines_by_urn(own_copy, DAY + timedelta(days=1))[quiet].reasons
    assert reason.why == Why.ACTION
    assert "7 December 2026: Send the plan. (Head)" in reason.sentence


def test_a_level_that_moved_since_the_last_meeting_is_told_with_both(own_copy: Copy) -> None:
    last = max((m for m in meetings(own_copy.records, locality="Alder Valley")), key=lambda one: one.held_on)
    item = meeting_room(WHO, own_copy, last.id).items[0]
    known = next(one for one in agenda_items(own_copy.records, last.id) if one.urn == item.urn)
    now = school_list(WHO, own_copy, GROUP.scope).set_index("urn").loc[item.urn, "inspection_level"]
    other = "likely" if now != "likely" else "unlikely"
    # the demo's minutes are locked: nobody changes them but with a reason, and an agenda not even so
    with pytest.raises(RecordRefused):
        change_agenda_item(own_copy.records, "lead", known.id, known.version, {"inspection_level": other})
    later = prepared(own_copy)
    mine = next(one for one in agenda_items(own_copy.records, later) if one.urn == item.urn)
    change_agenda_item(own_copy.records, "lead", mine.id, mine.version, {"inspection_level": other})
    decide(WHO, own_copy, Decision(later, item.urn, "deferred - need evidence"))
    line = lines_by_urn(own_copy, DAY + timedelta(days=30))[item.urn]
    told = [one.sentence for one in line.reasons if one.why == Why.CHANGED]
    assert any(f"{now}; on 7 December 2026 it was {other}." in one for one in told)


def test_a_meeting_that_is_only_prepared_is_not_the_last_one(own_copy: Copy) -> None:
    after = DAY + timedelta(days=30)
    before, people = lines_by_urn(own_copy, after), people_of_last(WHO, own_copy, GROUP, after)
    assert any(Why.FLAGGED in whys(one) for one in before.values())
    meeting = prepare_meeting(WHO, own_copy, GROUP, DAY, "Chair", agenda_for(WHO, own_copy, GROUP, DAY), [])
    assert lines_by_urn(own_copy, after) == before
    assert people_of_last(WHO, own_copy, GROUP, after) == people
    next_one = prepare_meeting(WHO, own_copy, GROUP, after, "Chair", list(before.values()), [])
    assert "since the meeting of 5 October 2026" in since_last(WHO, own_copy, next_one).text[0]
    first = meeting_room(WHO, own_copy, meeting).items[0].urn
    decide(WHO, own_copy, Decision(meeting, first, "deferred - need evidence"))
    assert any(
        "Carried over from 7 December 2026" in one.sentence for one in lines_by_urn(own_copy, after)[first].reasons
    )
    assert "since the meeting of 7 December 2026" in since_last(WHO, own_copy, next_one).text[0]


def test_a_meeting_is_prepared_with_its_agenda_people_and_build(own_copy: Copy) -> None:
    meeting = one_meeting(own_copy.records, prepared(own_copy))
    assert (meeting.build_id, meeting.rule_set, meeting.as_at) == (
        own_copy.build.build_id,
        own_copy.build.rule_set,
        own_copy.build.as_at,
    )
    assert len(attendances(own_copy.records, meeting.id)) == len(people_of_last(WHO, own_copy, GROUP, DAY)) > 3
    room = meeting_room(WHO, own_copy, meeting.id)
    assert room.progress == f"0 of {len(lines_by_urn(own_copy))} schools decided"
    with pytest.raises(RecordRefused, match="has one on 7 December 2026 already"):
        prepared(own_copy)


def test_a_school_is_put_on_by_hand_and_taken_off(own_copy: Copy) -> None:
    meeting = prepared(own_copy)
    listed = {one.urn for one in meeting_room(WHO, own_copy, meeting).items}
    quiet = next(u for u in school_list(WHO, own_copy, GROUP.scope)["urn"] if u not in listed)
    put_on_agenda(WHO, own_copy, meeting, quiet, "The chair asked.")
    assert meeting_room(WHO, own_copy, meeting).items[-1].reasons == ("Asked for: The chair asked.",)
    with pytest.raises(RecordRefused, match="reason is needed"):
        put_on_agenda(WHO, own_copy, meeting, quiet, " ")
    take_off_agenda(WHO, own_copy, meeting, quiet, "Next term.")
    assert quiet not in {one.urn for one in meeting_room(WHO, own_copy, meeting).items}
    other = school_list(WHO, own_copy, Scope("999", "Isterport"))["urn"].iloc[0]
    with pytest.raises(NotFound, match="No school of this group"):
        put_on_agenda(WHO, own_copy, meeting, other, "The chair asked.")


def test_the_way_through_the_agenda_leaves_skipped_schools_for_the_end(own_copy: Copy) -> None:
    meeting = prepared(own_copy)
    first, second, third = [one.urn for one in meeting_room(WHO, own_copy, meeting).items][:3]
    skip_school(WHO, own_copy, meeting, second)
    room = meeting_room(WHO, own_copy, meeting)
    assert room.after(first) == third
    for item in room.items:
        if item.urn != second:
            decide(WHO, own_copy, Decision(meeting, item.urn, "no change - monitor"))
    room = meeting_room(WHO, own_copy, meeting)
    assert room.after(third) == second
    assert room.progress == f"{len(room.items) - 1} of {len(room.items)} schools decided"


def test_a_meeting_is_decided_locked_and_carried_over(own_copy: Copy) -> None:
    meeting = prepared(own_copy)
    items = meeting_room(WHO, own_copy, meeting).items
    support = NewAllocation("999", items[0].urn, "LA team", "School improvement", support_type="attendance")
    decide(
        WHO,
        own_copy,
        Decision(
            meeting,
            items[0].urn,
            "step up support",
            "Three years below.",
            date(2027, 3, 31),
            actions=(("Visit.", "LA adviser", date(2027, 1, 15)),),
            support=(support,),
        ),
    )
    for item in items[1:]:
        decide(WHO, own_copy, Decision(meeting, item.urn, "deferred - need evidence"))
    lock(WHO, own_copy, meeting, one_meeting(own_copy.records, meeting).version)
    assert [one.action for one in actions(own_copy.records, meeting_id=meeting)] == ["Visit."]
    asked = [one for one in allocations(own_copy.records, urn=items[0].urn) if one.meeting_id == meeting]
    assert [one.status for one in asked] == ["proposed"]
    later = lines_by_urn(own_copy, date(2027, 4, 1))
    assert Why.CARRIED in whys(later[items[1].urn])
    assert {Why.REVIEW, Why.ACTION} <= whys(later[items[0].urn])
    with pytest.raises(RecordRefused, match="has decided"):
        call_off(WHO, own_copy, meeting, one_meeting(own_copy.records, meeting).version, "Snow.")


def test_a_meeting_without_decisions_is_called_off(own_copy: Copy) -> None:
    meeting = prepared(own_copy)
    call_off(WHO, own_copy, meeting, 1, "Snow.")
    assert meeting not in [one.id for one in open_meetings(WHO, own_copy, GROUP.scope)]


def test_only_academies_are_referred_and_only_maintained_schools_warned(own_copy: Copy) -> None:
    meeting = prepared(own_copy)
    academy, maintained = an_academy(own_copy, meeting, academy=True), an_academy(own_copy, meeting, academy=False)
    assert "consider warning notice" not in outcome_choices(WHO, own_copy, academy)
    assert "refer to regional director" not in outcome_choices(WHO, own_copy, maintained)
    with pytest.raises(RecordRefused, match="not an academy"):
        decide(WHO, own_copy, Decision(meeting, maintained, "refer to regional director", "Why."))
    with pytest.raises(RecordRefused, match="not maintained by the LA"):
        decide(WHO, own_copy, Decision(meeting, academy, "consider warning notice", "Why."))
    decide(WHO, own_copy, Decision(meeting, academy, "refer to regional director", "Why."))
    decide(WHO, own_copy, Decision(meeting, maintained, "consider warning notice", "Why."))
    undo(WHO, own_copy, meeting, academy)
    assert meeting_room(WHO, own_copy, meeting).decided == 1


def test_an_agreed_level_that_differs_needs_a_reason_and_a_day(own_copy: Copy) -> None:
    meeting = prepared(own_copy)
    urn = meeting_room(WHO, own_copy, meeting).items[0].urn
    row = school_list(WHO, own_copy, GROUP.scope).set_index("urn").loc[urn]
    computed = str(row["outcomes_level"])
    other = "likely" if computed != "likely" else "uncertain"
    levels = {Statement.OUTCOMES: other}
    with pytest.raises(RecordRefused, match="differs") as refused:
        decide(WHO, own_copy, Decision(meeting, urn, "step down", levels=levels, review_by=date(2027, 3, 31)))
    assert "what the group saw" in refused.value.details[0]
    with pytest.raises(RecordRefused, match="differs") as refused:
        decide(WHO, own_copy, Decision(meeting, urn, "step down", "Books.", levels=levels))
    assert "looks again" in refused.value.details[0]
    # the computed level itself needs neither
    decide(WHO, own_copy, Decision(meeting, urn, "step down", levels={Statement.OUTCOMES: computed}))
    item = meeting_room(WHO, own_copy, meeting).items[0]
    assert item.levels == {Statement.OUTCOMES: computed}
    again = Decision(
        meeting, urn, "step down", "Books.", date(2027, 3, 31), levels=levels, levels_reason="Seen.", seen=item.seen
    )
    decide(WHO, own_copy, again)
    assert meeting_room(WHO, own_copy, meeting).items[0].levels == levels


def test_a_school_that_is_not_on_the_agenda_is_not_decided(own_copy: Copy) -> None:
    meeting = prepared(own_copy)
    other = school_list(WHO, own_copy, Scope("999", "Isterport"))["urn"].iloc[0]
    with pytest.raises(NotFound, match="not on this agenda"):
        decide(WHO, own_copy, Decision(meeting, other, "step down"))


def test_without_names_nothing_tells_which_school_it_is(demo_copy: Copy) -> None:
    meeting = open_meetings(WHO, demo_copy, GROUP.scope)[0]
    member = as_member(WHO, "999", "Alder Valley")
    room = meeting_room(member, demo_copy, meeting.id, named=False)
    names = school_list(WHO, demo_copy, LA)["name"].tolist()
    for item in room.items:
        school = school_in_room(member, demo_copy, meeting.id, item.urn, named=False)
        said = " ".join(map(str, (item.title, item.reasons, *(v for k, v in vars(school).items() if k != "urn"))))
        assert item.title.startswith("School ")
        assert item.urn not in said
        assert not [name for name in names if name in said]
        assert school.statements[0].level == school_in_room(member, demo_copy, meeting.id, item.urn).statements[0].level


def test_the_list_of_actions_counts_what_is_open_whatever_it_shows(demo_copy: Copy) -> None:
    everything = action_page(WHO, demo_copy, LA, "all")
    overdue = action_page(WHO, demo_copy, LA, "overdue")
    assert (everything.open, everything.overdue) == (overdue.open, overdue.overdue)
    assert len(overdue.table) == overdue.overdue > 0
    assert len(everything.table) > everything.open > everything.overdue
    assert set(overdue.table["Overdue"]) == {"yes"}
    assert overdue.action(next(iter(overdue.labels))).is_open


def test_a_decision_made_without_the_restricted_note_in_sight_leaves_it_as_it_is(own_copy: Copy) -> None:
    meeting = prepared(own_copy)
    urn = meeting_room(WHO, own_copy, meeting).items[0].urn
    decide(WHO, own_copy, Decision(meeting, urn, "step down", restricted_note="The chair will resign."))
    member = as_member(WHO, "999", "Alder Valley")
    seen = meeting_room(member, own_copy, meeting).items[0]
    assert seen.whole is not None
    assert seen.whole.restricted_note is None
    decide(WHO, own_copy, Decision(meeting, urn, "step up support", seen=seen.seen))
    after = meeting_room(WHO, own_copy, meeting).items[0].whole
    assert after is not None
    assert (after.outcome, after.restricted_note) == ("step up support", "The chair will resign.")
    decide(
        WHO,
        own_copy,
        Decision(
            meeting, urn, "step down", restricted_note="", seen=meeting_room(WHO, own_copy, meeting).items[0].seen
        ),
    )
    erased = meeting_room(WHO, own_copy, meeting).items[0].whole
    assert erased is not None
    assert erased.restricted_note is None
