"""What a meeting leaves behind: minutes that all members may read, actions, agendas; amendments with their reason."""

import io
from dataclasses import replace
from datetime import date

import pytest
from docx import Document as open_docx
from openpyxl import load_workbook

from risk_model.casework import (
    NewAllocation,
    NewAttendance,
    NewConflict,
    actions,
    add_attendance,
    add_conflict,
    change_action,
    change_meeting_outcome,
    exports,
    hash_of,
    one_meeting,
)
from risk_model.domain.documents import Document, Section
from risk_model.domain.errors import NotAllowed, NotFound
from risk_model.domain.viewer import Viewer, local_viewer
from risk_model.domain.words import Statement
from risk_model.exports.pdf import as_pdf
from risk_model.services.agenda import agenda_for
from risk_model.services.copy import Copy
from risk_model.services.core_groups import Group
from risk_model.services.deciding import Decision, decide, lock
from risk_model.services.meeting_acts import change_meeting_facts, prepare_meeting
from risk_model.services.meeting_room import meeting_room
from risk_model.services.minutes import DRAFT, FOR_MEMBERS, amendments, minutes_document
from risk_model.services.minutes_files import (
    MEETING_ACTION_COLUMNS,
    agenda_document,
    meeting_actions,
    meeting_file,
    next_agenda_document,
)
from risk_model.services.minutes_since import since_last
from risk_model.services.seeing import as_member
from tests.exports.pdf_kit import squeezed, tags_of, text_of
from tests.registers import HOSTILE

WHO = local_viewer()
DAY, REVIEW = date(2026, 12, 7), date(2027, 3, 1)
GROUP = Group("999", "Alder Valley", "Alder Valley")
NOTE = "The board has not been told."


def held(copy: Copy, **given: object) -> tuple[int, str]:
    """A meeting with one decision more than none: (its number, the first school on its agenda)."""
    meeting_id = prepare_meeting(WHO, copy, GROUP, DAY, "LA adviser", agenda_for(WHO, copy, GROUP, DAY)[:3])
    urn = meeting_room(WHO, copy, meeting_id).items[0].urn
    values: dict[str, object] = {
        "reason": "The plan is behind.",
        "review_by": REVIEW,
        "restricted_note": NOTE,
        "levels": {Statement.LEADERSHIP: "uncertain"},
        "levels_reason": "A new chair.",
        "actions": (("Send the plan.", "Head", date(2027, 1, 15)),),
    }
    decide(WHO, copy, Decision(meeting_id, urn, "step up support", **(values | given)))  # type: ignore[arg-type]
    return meeting_id, urn


def locked(copy: Copy, **given: object) -> tuple[int, str]:
    meeting_id, urn = held(copy, **given)
    for one in meeting_room(WHO, copy, meeting_id).items[1:]:
        decide(WHO, copy, Decision(meeting_id, one.urn, "not discussed"))
    lock(WHO, copy, meeting_id, one_meeting(copy.records, meeting_id).version)
    return meeting_id, urn


def section(document: Document, title: str) -> Section:
    return next(one for one in document.sections if title in one.title)


def test_the_minutes_say_who_why_what_was_agreed_and_who_does_what(own_copy: Copy) -> None:
    meeting_id, urn = held(own_copy)
    add_attendance(own_copy.records, "Clerk", NewAttendance(meeting_id, "Head of A", "head teacher", urn, "apologies"))
    add_conflict(
        own_copy.records, "Clerk", NewConflict(meeting_id, "Head of A", urn, "A sister works there.", "left the room")
    )
    document = minutes_document(WHO, own_copy, meeting_id)
    item = meeting_room(WHO, own_copy, meeting_id).items[0]
    assert "Alder Valley core group, 7 December 2026" in document.title
    assert section(document, "People").text == ("Chair: LA adviser.",)
    assert section(document, "People").tables[0].rows == (("Head of A", "head teacher", "apologies"),)
    assert section(document, "Conflicts").tables[0].rows == (
        ("Head of A", item.title, "A sister works there.", "left the room"),
    )
    school = section(document, f"1. {item.title}")
    assert school.text[0].startswith("On the agenda because: ")
    assert (
        "Outcome: step up support. The plan is behind. A new chair. To be looked at again by 1 March 2027."
        in (school.text[1])
    )
    assert "Interest declared: Head of A, left the room." in school.text
    levels, todo = school.tables
    assert levels.rows[1][2] == "▲ uncertain; review by 1 March 2027"
    assert levels.rows[0][2] == "none agreed"
    assert todo.rows == (("Send the plan.", "Head", "15 January 2027"),)
    second = section(document, "2. ")
    assert "Outcome: none yet." in second.text
    assert "No action was agreed." in second.text


def test_levels_in_the_minutes_are_those_of_the_agenda(own_copy: Copy) -> None:
    meeting_id, urn = held(own_copy)
    (row,) = own_copy.reader.rows(
        "select level from statement_levels where urn = $urn and statement = 'outcomes'", {"urn": urn}
    )
    assert section(minutes_document(WHO, own_copy, meeting_id), "1. ").tables[0].rows[0][1].endswith(row["level"])


def test_minutes_are_a_draft_until_they_are_locked(own_copy: Copy) -> None:
    meeting_id, _ = held(own_copy)
    draft = minutes_document(WHO, own_copy, meeting_id)
    assert draft.title.startswith("Draft minutes")
    assert DRAFT in draft.about
    assert "DRAFT" in draft.banner
    for one in meeting_room(WHO, own_copy, meeting_id).items[1:]:
        decide(WHO, own_copy, Decision(meeting_id, one.urn, "not discussed"))
    lock(WHO, own_copy, meeting_id, one_meeting(own_copy.records, meeting_id).version)
    final = minutes_document(WHO, own_copy, meeting_id)
    assert final.title.startswith("Minutes")
    assert final.banner == FOR_MEMBERS
    assert DRAFT not in final.about
    assert section(final, "Amendments").text == ("None.",)


def test_a_restricted_note_is_never_in_the_minutes_whoever_asks(own_copy: Copy) -> None:
    meeting_id, urn = locked(own_copy)
    outcome = one_meeting(own_copy.records, meeting_id).outcome_of(urn)
    assert outcome is not None
    assert outcome.restricted_note == NOTE
    changes = {"restricted_note": "The board knows."}
    change_meeting_outcome(own_copy.records, "Clerk", outcome.id, outcome.version, changes, "told today")
    for viewer in (WHO, as_member(WHO, "999", "Alder Valley")):
        assert "board" not in repr(minutes_document(viewer, own_copy, meeting_id))
    assert amendments(WHO, own_copy, meeting_id) == []


def test_an_amendment_stands_with_its_reason_and_how_an_action_goes_is_none(own_copy: Copy) -> None:
    meeting_id, urn = locked(own_copy)
    outcome = one_meeting(own_copy.records, meeting_id).outcome_of(urn)
    assert outcome is not None
    changes = {"reason": "The plan is late."}
    change_meeting_outcome(own_copy.records, "Clerk", outcome.id, outcome.version, changes, "said otherwise")
    (action,) = actions(own_copy.records, meeting_id=meeting_id)
    done = {"state": "complete", "done_on": date(2027, 1, 10)}
    change_action(own_copy.records, "Clerk", action.id, action.version, done, "seen on a visit")
    version = one_meeting(own_copy.records, meeting_id).version
    change_meeting_facts(WHO, own_copy, meeting_id, version, {"chair": "Head of B"}, "the chair was ill")
    title = meeting_room(WHO, own_copy, meeting_id).items[0].title
    first, second = amendments(WHO, own_copy, meeting_id)
    assert first.startswith(f"{title}: Amended on ")
    assert "by Clerk, because: said otherwise. reason: The plan is behind. → The plan is late." in first
    assert "The meeting: Amended on" in second
    assert "chair: LA adviser → Head of B" in second
    assert section(minutes_document(WHO, own_copy, meeting_id), "Amendments").text == (first, second)


def test_support_that_stays_with_the_la_is_counted_and_not_named(own_copy: Copy) -> None:
    meeting_id = prepare_meeting(WHO, own_copy, GROUP, DAY, "LA adviser", agenda_for(WHO, own_copy, GROUP, DAY)[:1])
    urn = meeting_room(WHO, own_copy, meeting_id).items[0].urn
    asked = (
        NewAllocation("999", urn, "LA team", "HR", support_type="HR casework", status="proposed"),
        NewAllocation("999", urn, "school", "Birchmoor", support_type="attendance", status="proposed", days_planned=4),
    )
    decide(WHO, own_copy, Decision(meeting_id, urn, "step up support", support=asked))
    said = section(minutes_document(WHO, own_copy, meeting_id), "1. ").text
    assert "Support asked for: attendance, school, Birchmoor, 4 days." in said
    assert "Support asked for that stays with the LA: 1." in said
    assert "HR" not in repr(said)


def test_what_has_changed_since_the_last_meeting_of_the_group(own_copy: Copy) -> None:
    meeting_id, _ = held(own_copy)
    found = since_last(WHO, own_copy, meeting_id)
    assert "since the meeting of 5 October 2026" in found.text[0]
    room = meeting_room(WHO, own_copy, meeting_id)
    last = meeting_room(WHO, own_copy, next(one for one in (13, 1) if _is_last(own_copy, one)))
    gone = {one.title for one in last.items} - {one.title for one in room.items}
    new = {one.title for one in room.items} - {one.title for one in last.items}
    rows = found.tables[0].rows
    assert {name for name, said in rows if said == "Not on the agenda any more."} == gone
    assert {name for name, said in rows if said == "New on the agenda."} == new
    assert gone
    assert "agreed there" in found.text[1]


def _is_last(copy: Copy, meeting_id: int) -> bool:
    meeting = one_meeting(copy.records, meeting_id)
    return (meeting.locality, meeting.held_on) == ("Alder Valley", date(2026, 10, 5))


def test_the_first_meeting_of_a_group_says_that_it_is(demo_copy: Copy) -> None:
    assert since_last(WHO, demo_copy, 1).text == ("It is the first meeting of this group that is recorded.",)


def test_actions_are_a_list_with_owner_and_day(own_copy: Copy) -> None:
    meeting_id, urn = held(own_copy)
    table = meeting_actions(WHO, own_copy, meeting_id)
    assert tuple(table.columns) == MEETING_ACTION_COLUMNS
    (row,) = table.to_dict("records")
    assert (row["URN"], row["Action"], row["Owner"], row["By"]) == (urn, "Send the plan.", "Head", date(2027, 1, 15))


def test_the_agenda_lists_every_school_with_its_reasons(own_copy: Copy) -> None:
    meeting_id, _ = held(own_copy)
    room = meeting_room(WHO, own_copy, meeting_id)
    document = agenda_document(WHO, own_copy, meeting_id)
    assert [row[0] for row in section(document, "Schools").tables[0].rows] == [
        f"{place}. {one.title}" for place, one in enumerate(room.items, start=1)
    ]
    assert section(document, f"1. {room.items[0].title}").text == room.items[0].reasons


def test_the_next_agenda_brings_again_what_was_left_open(own_copy: Copy) -> None:
    meeting_id, _ = locked(own_copy)
    left = meeting_room(WHO, own_copy, meeting_id).items[1]
    document = next_agenda_document(WHO, own_copy, meeting_id)
    assert "Carried over from 7 December 2026: not discussed." in section(document, left.title).text


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        ("minutes", ".pdf"),
        ("minutes", ".docx"),
        ("actions", ".xlsx"),
        ("actions", ".csv"),
        ("agenda", ".docx"),
        ("next agenda", ".pdf"),
    ],
)
def test_each_file_of_a_meeting_is_logged_with_its_hash(own_copy: Copy, kind: str, ending: str) -> None:
    meeting_id, _ = held(own_copy)
    content = meeting_file(WHO, own_copy, meeting_id, kind, ending)
    line = exports(own_copy.records)[0]
    assert (line.what, line.content_hash, line.banner) == (f"{kind} of a core group", hash_of(content), FOR_MEMBERS)
    assert line.file_name.endswith(ending)
    assert line.urns == tuple(one.urn for one in meeting_room(WHO, own_copy, meeting_id).items)


def test_a_kind_of_file_that_there_is_not_is_refused_and_nothing_is_logged(own_copy: Copy) -> None:
    meeting_id, _ = held(own_copy)
    before = len(exports(own_copy.records))
    with pytest.raises(NotFound, match=r"has no minutes as \.xlsx"):
        meeting_file(WHO, own_copy, meeting_id, "minutes", ".xlsx")
    other = replace(WHO, la_codes=frozenset({"000"}))
    with pytest.raises(NotAllowed, match="may not see this core group"):
        meeting_file(other, own_copy, meeting_id, "minutes", ".pdf")
    member = as_member(WHO, "999", "Alder Valley")
    with pytest.raises(NotAllowed):
        meeting_file(member, own_copy, meeting_id, "minutes", ".pdf")
    assert len(exports(own_copy.records)) == before


def test_a_member_reads_the_minutes_of_their_group_and_no_other_s(own_copy: Copy) -> None:
    meeting_id, _ = held(own_copy)
    member = as_member(WHO, "999", "Alder Valley")
    assert minutes_document(member, own_copy, meeting_id) == minutes_document(WHO, own_copy, meeting_id)
    stranger = Viewer("A peer of another locality", localities=frozenset({("999", "Isterport")}))
    for asked in (minutes_document, agenda_document, meeting_actions, amendments, since_last):
        with pytest.raises(NotAllowed):
            asked(stranger, own_copy, meeting_id)


def test_formulas_and_markup_stay_text_in_every_file(own_copy: Copy) -> None:
    formula = '=HYPERLINK("http://example.org","x")'
    meeting_id, urn = held(own_copy, reason=f"#strong[{HOSTILE}]", actions=((formula, "+44 1234", date(2027, 1, 15)),))
    add_attendance(own_copy.records, "Clerk", NewAttendance(meeting_id, "*Pennaeth* Ŷsgol", "other", urn))
    word = open_docx(io.BytesIO(meeting_file(WHO, own_copy, meeting_id, "minutes", ".docx")))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert {formula, "+44 1234", "*Pennaeth* Ŷsgol"} <= cells
    assert f"#strong[{HOSTILE}]" in "\n".join(one.text for one in word.paragraphs)
    pdf = as_pdf(minutes_document(WHO, own_copy, meeting_id))
    assert "#strong[" in squeezed(text_of(pdf))
    assert "TH" in {tag for tag, _ in tags_of(pdf)}
    book = load_workbook(io.BytesIO(meeting_file(WHO, own_copy, meeting_id, "actions", ".xlsx")))
    found = [cell for row in book["Actions"].iter_rows() for cell in row if cell.value == formula]
    assert [cell.data_type for cell in found] == ["s"]
    assert f"'{formula}".replace('"', '""').encode() in meeting_file(WHO, own_copy, meeting_id, "actions", ".csv")
