"""A past day: which build stood, what was agreed and sent by then, as it was then, and what was changed since."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document as open_docx
from openpyxl import load_workbook
from sqlalchemy import text

from risk_model.casework import (
    MeetingOutcomeWord,
    NewAdviserView,
    NewAllocation,
    NewEvidence,
    NewMeeting,
    NewMeetingOutcome,
    NewReferral,
    add_adviser_view,
    add_allocation,
    add_meeting,
    add_referral,
    change_allocation,
    change_meeting_outcome,
    exports,
    letters,
    lock_meeting,
    meetings,
    withdraw_meeting_outcome,
)
from risk_model.casework.store import writing
from risk_model.domain.documents import Document
from risk_model.domain.errors import NotAllowed, NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import Right, Viewer, local_viewer
from risk_model.domain.words import Statement
from risk_model.exports.pdf import as_pdf
from risk_model.services.copy import Copy, opened
from risk_model.services.history import SAID, history_on, school_history, unaudited_changes
from risk_model.services.history_document import (
    HISTORY_COLUMNS,
    history_document,
    history_file,
    history_table,
    raised_words,
)
from risk_model.services.history_words import (
    AGREED,
    LEFT,
    LETTERS,
    NONE_THEN,
    REFERRED,
    STEPS,
    SUPPORT,
    VIEWS,
    Line,
)
from risk_model.services.overview import overview
from risk_model.services.preparing import build_now, go_to_build, import_files
from risk_model.services.scope import Scope
from risk_model.sources.options import ImportOptions
from risk_model.warehouse.builds import read_builds
from risk_model.warehouse.flags import kept_flags
from tests.conftest import SMALL_AS_AT, SMALL_SCHOOLS
from tests.registers import HOSTILE, write_registers

OFFICER = local_viewer()
READER = Viewer("Somebody who reads", frozenset({Right.READ, Right.PEOPLE, Right.EXPORT}), la_codes=None)
LA, SCHOOL, ACADEMY, HOSTILE_SCHOOL = "999", "100002", "100003", "100001"
TODAY = datetime.now(UTC).date()
YESTERDAY = TODAY - timedelta(days=1)
LONG_AGO = date(2026, 1, 12)


@pytest.fixture
def small_copy(own_small_data: DataDir):  # type: ignore[no-untyped-def]
    with opened(own_small_data) as copy:
        yield copy


def la_of(copy: Copy) -> str:
    return str(copy.reader.rows("select any_value(la_code) as la from schools")[0]["la"])


def backdate(copy: Copy, moment: datetime) -> None:
    """As if everything had been written down then: the guard is lifted for a moment, as no user can."""
    with writing(copy.records) as connection:
        connection.execute(text("drop trigger if exists audit_no_update"))
        connection.execute(text("update audit set at = :at"), {"at": f"{moment:%Y-%m-%d %H:%M:%S.%f}"})


def a_meeting(copy: Copy, **given: object) -> int:
    values: dict[str, object] = {
        "statement": "outcomes",
        "agreed_level": "uncertain",
        "reason": "The plan has begun.",
        "review_by": date(2026, 7, 1),
        "restricted_note": "The head is leaving.",
    }
    outcome = NewMeetingOutcome(SCHOOL, "step up support", **(values | given))  # type: ignore[arg-type]
    new = NewMeeting(la_of(copy), "Riverside", LONG_AGO, "Two heads and an adviser", (outcome,), chair="LA adviser 1")
    return add_meeting(copy.records, "Clerk", new)


def part(copy: Copy, name: str, day: date, urn: str = SCHOOL, viewer: Viewer = OFFICER) -> list[Line]:
    return school_history(viewer, copy, urn, day).parts[name]


def all_text(document: Document) -> str:
    return repr(document)


# the build


def test_the_build_of_a_day_is_the_one_that_was_shown_then(own_small_data: DataDir) -> None:
    build_now(OFFICER, own_small_data, SMALL_AS_AT.replace(day=2))
    with opened(own_small_data) as copy:
        found = school_history(OFFICER, copy, SCHOOL, TODAY)
    assert found.build.kept is not None
    assert (found.build.kept.number, found.build.is_later) == (2, False)
    assert "Build 2, made on" in found.build.sentence
    assert "as at 2 October 2025, by rules" in found.build.sentence


def test_a_day_before_the_first_build_says_so_and_what_a_later_one_tells(small_copy: Copy) -> None:
    found = school_history(OFFICER, small_copy, SCHOOL, YESTERDAY)
    assert found.build.is_later
    assert "No build had been made here by" in found.build.sentence
    assert "nobody saw it on the day" in found.build.sentence
    assert found.school is not None


def test_a_day_of_which_no_build_tells_has_no_levels_and_says_so(small_copy: Copy) -> None:
    found = school_history(OFFICER, small_copy, SCHOOL, date(2020, 1, 1))
    assert (found.build.kept, found.school) == (None, None)
    assert "no later one tells of that day" in found.build.sentence
    assert found.finding.startswith("What a build said is not known")


def test_going_back_to_a_build_counts_from_then_on(own_small_data: DataDir) -> None:
    first = read_builds(own_small_data)[0]
    build_now(OFFICER, own_small_data, SMALL_AS_AT.replace(day=2))
    go_to_build(OFFICER, own_small_data, first.build_id, "the new file was wrong")
    with opened(own_small_data) as copy:
        found = school_history(OFFICER, copy, SCHOOL, TODAY)
    assert found.build.kept is not None
    assert found.build.kept.number == 1


def test_a_build_that_is_forgotten_still_answers(own_small_data: DataDir) -> None:
    with opened(own_small_data) as copy:
        before = school_history(OFFICER, copy, ACADEMY, TODAY).school
    first = read_builds(own_small_data)[0]
    for day in range(2, 8):
        build_now(OFFICER, own_small_data, SMALL_AS_AT.replace(day=day))
    assert first.build_id not in {one.build_id for one in read_builds(own_small_data)}
    with opened(own_small_data) as copy:
        backdated = kept_flags(own_small_data)[0]
        assert backdated.build_id == first.build_id
        # as at the first build's date no other had been made of what was published by then
        found = school_history(OFFICER, copy, ACADEMY, SMALL_AS_AT)
    assert found.build.kept is not None
    assert found.build.kept.number == 1
    assert found.school == before
    assert before is not None
    assert before.raised


def test_a_damaged_file_is_said_and_the_records_still_answer(small_copy: Copy) -> None:
    a_meeting(small_copy)
    kept_flags(small_copy.data)[0].path.write_bytes(b"nothing")
    found = school_history(OFFICER, small_copy, SCHOOL, TODAY)
    assert "is not as it was written" in found.build.damage[0]
    assert found.school is None
    assert len(found.parts[AGREED]) == 1
    assert found.build.damage[0] in history_document(OFFICER, small_copy, found).about


def test_a_description_that_cannot_be_read_is_said(small_copy: Copy) -> None:
    kept_flags(small_copy.data)[0].path.with_suffix(".json").write_text("{", "utf-8")
    found = history_on(OFFICER, small_copy, Scope(la_of(small_copy)), TODAY)
    assert "cannot be read" in found.build.damage[0]


def test_a_school_that_is_gone_from_the_shown_build_still_answers(own_small_data: DataDir, tmp_path: Path) -> None:
    later = []
    for file in write_registers(tmp_path / "files", SMALL_SCHOOLS[1:]):
        name = file.name.replace("20250831", "20250930").replace("31_August_2025", "30_September_2025")
        later.append(file.rename(file.with_name(name)))
    reports = import_files(OFFICER, own_small_data, later, ImportOptions())
    assert [one.status for one in reports] == ["imported", "imported"]
    build_now(OFFICER, own_small_data, SMALL_AS_AT)
    with opened(own_small_data) as copy:
        assert copy.reader.rows("select 1 from schools where urn = $urn", {"urn": HOSTILE_SCHOOL}) == []
        found = school_history(OFFICER, copy, HOSTILE_SCHOOL, TODAY)
        with pytest.raises(NotFound, match="No build that is kept knows a school"):
            school_history(OFFICER, copy, "999999", TODAY)
    assert (found.about, found.school) == (HOSTILE, None)
    assert found.timeline[-1].what.startswith("Build 1: ")


# the records


def test_what_was_agreed_says_who_met_who_decided_and_why(small_copy: Copy) -> None:
    lock_meeting(small_copy.records, "Lead", a_meeting(small_copy), 1)
    (line,) = part(small_copy, AGREED, TODAY)
    assert (line.on, line.who) == (LONG_AGO, "Riverside core group")
    assert "Agreed: Likely good outcomes for all children: ▲ uncertain. The plan has begun." in line.what
    assert "Chair: LA adviser 1." in line.details
    assert "Present: Two heads and an adviser." in line.details
    assert any(detail.startswith("Minutes locked on") and "by Lead" in detail for detail in line.details)


def test_an_amendment_after_the_day_leaves_what_was_and_is_told_beside_it(small_copy: Copy) -> None:
    meeting_id = a_meeting(small_copy)
    lock_meeting(small_copy.records, "Lead", meeting_id, 1)
    backdate(small_copy, datetime(2026, 1, 12, 15, tzinfo=UTC))
    (outcome,) = meetings(small_copy.records)[0].outcomes
    with writing(small_copy.records) as connection:
        # locked that afternoon, too
        connection.execute(text("update meeting set locked_at = '2026-01-12 15:00:00.000000'"))
        connection.execute(
            text(
                "update audit set after = json_set(after, '$.locked_at', '2026-01-12T15:00:00+00:00') "
                "where \"table\" = 'meeting' and before is not null"
            )
        )
    assert unaudited_changes(OFFICER, small_copy) == []
    changes = {"agreed_level": "unlikely"}
    change_meeting_outcome(small_copy.records, "Clerk", outcome.id, outcome.version, changes, "misheard in the room")
    (then,) = part(small_copy, AGREED, LONG_AGO)
    assert "▲ uncertain" in then.what
    assert "Written down on 12 January 2026 by Clerk." in then.notes
    (amended,) = [note for note in then.notes if note.startswith("Amended on")]
    assert "by Clerk, because: misheard in the room. agreed level: uncertain → unlikely." in amended
    (now,) = part(small_copy, AGREED, TODAY)
    assert "■ unlikely" in now.what
    assert amended in now.notes


def test_what_is_withdrawn_after_the_day_stood_then_and_not_now(small_copy: Copy) -> None:
    a_meeting(small_copy)
    backdate(small_copy, datetime(2026, 1, 12, 15, tzinfo=UTC))
    (outcome,) = meetings(small_copy.records)[0].outcomes
    withdraw_meeting_outcome(small_copy.records, "Clerk", outcome.id, outcome.version, "it was another school")
    (then,) = part(small_copy, AGREED, LONG_AGO)
    assert any("Withdrawn on" in note and "it was another school" in note for note in then.notes)
    assert part(small_copy, AGREED, TODAY) == []


def test_what_was_written_down_later_about_the_day_is_told_as_such(small_copy: Copy) -> None:
    a_meeting(small_copy)
    (line,) = part(small_copy, AGREED, LONG_AGO)
    assert "after this day, as it was known then" in line.notes[0]
    assert part(small_copy, AGREED, LONG_AGO - timedelta(days=1)) == []


def test_a_restricted_note_is_for_officers_and_its_change_too(small_copy: Copy) -> None:
    a_meeting(small_copy)
    (outcome,) = meetings(small_copy.records)[0].outcomes
    changes = {"restricted_note": "The head stays after all."}
    change_meeting_outcome(small_copy.records, "Clerk", outcome.id, outcome.version, changes)
    (officers,) = part(small_copy, AGREED, LONG_AGO)
    assert "Restricted note: The head is leaving." in officers.what
    assert any("The head stays" in note for note in officers.notes)
    (readers,) = part(small_copy, AGREED, LONG_AGO, viewer=READER)
    assert "head" not in repr(readers).replace("Two heads", "")


def test_support_is_active_on_the_days_between_its_beginning_and_its_end(small_copy: Copy) -> None:
    la_code = la_of(small_copy)
    new = NewAllocation(la_code, SCHOOL, "LA team", "Governor Services", status="active", start_date=LONG_AGO)
    number = add_allocation(small_copy.records, "Clerk", new)
    backdate(small_copy, datetime(2026, 1, 12, 15, tzinfo=UTC))
    change_allocation(
        small_copy.records, "Clerk", number, 1, {"status": "completed", "end_date": date(2026, 3, 1)}, "all done"
    )
    assert part(small_copy, SUPPORT, LONG_AGO - timedelta(days=1)) == []
    (then,) = part(small_copy, SUPPORT, LONG_AGO + timedelta(days=7))
    assert (then.who, then.on) == ("Governor Services", LONG_AGO)
    assert any("status: active → completed" in note for note in then.notes)
    assert part(small_copy, SUPPORT, TODAY) == []


def test_an_older_view_never_comes_back_and_a_lapsed_one_does_not_stand(small_copy: Copy) -> None:
    note = (NewEvidence("document", "Note of a visit"),)
    given = (la_of(small_copy), SCHOOL, "outcomes")
    older = NewAdviserView(*given, "likely", "Books.", "Adviser 1", date(2026, 1, 1), date(2026, 12, 1), note)
    newer = NewAdviserView(*given, "uncertain", "Tests.", "Adviser 1", date(2026, 2, 1), date(2026, 5, 1), note)
    for one in (older, newer):
        add_adviser_view(small_copy.records, "Clerk", one)
    (january,) = part(small_copy, VIEWS, date(2026, 1, 15))
    assert "● likely. Books." in january.what
    assert "Evidence: Note of a visit" in january.details
    (march,) = part(small_copy, VIEWS, date(2026, 3, 15))
    assert "▲ uncertain. Tests." in march.what
    assert part(small_copy, VIEWS, date(2026, 5, 1)) == []


def test_a_referral_is_told_from_the_day_on_which_it_was_raised(small_copy: Copy) -> None:
    new = NewReferral(
        la_of(small_copy),
        ACADEMY,
        "Results fall.",
        "raised with regional director",
        raised_on=LONG_AGO,
        restricted_note="Heard from staff.",
    )
    add_referral(small_copy.records, "Lead", new)
    assert part(small_copy, REFERRED, LONG_AGO - timedelta(days=1), ACADEMY) == []
    (line,) = part(small_copy, REFERRED, LONG_AGO, ACADEMY)
    assert "Concern: Results fall." in line.what
    assert "Heard from staff" in line.what
    assert "Heard from staff" not in repr(part(small_copy, REFERRED, LONG_AGO, ACADEMY, READER))


def test_a_letter_is_told_with_what_it_said_its_hash_and_the_reply(demo_copy: Copy) -> None:
    (line,) = part(demo_copy, LETTERS, TODAY, "900027")
    assert "sent on 14 October 2026 (by secure mail)" in line.what
    assert "Reply on 2 November 2026: accepted in part." in line.what
    (sent,) = [one for one in letters(demo_copy.records) if one.urn == "900027"]
    assert line.details == (f"SHA-256 of the letter: {sent.content_hash}.",)
    assert line.body == sent.body
    document = history_document(OFFICER, demo_copy, school_history(OFFICER, demo_copy, "900027", TODAY))
    assert sent.body.split("\n")[0] in all_text(document)
    assert part(demo_copy, LETTERS, date(2026, 10, 13), "900027") == []


def test_steps_of_an_escalation_come_by_their_titles_and_only_those_taken_by_the_day(demo_copy: Copy) -> None:
    (line,) = part(demo_copy, STEPS, date(2026, 7, 31), "900028")
    assert [detail.split(",")[0] for detail in line.details] == [
        "22 June 2026: Informal challenge",
        "13 July 2026: Formal letter",
    ]
    assert part(demo_copy, STEPS, date(2026, 6, 21), "900028") == []


def test_what_the_la_knows_of_an_academy_is_for_officers_on_screen(demo_copy: Copy) -> None:
    officers, readers = (part(demo_copy, REFERRED, TODAY, "900107", one) for one in (OFFICER, READER))
    assert any(detail.startswith("What the LA knows: ") for detail in officers[0].details)
    assert not any(detail.startswith("What the LA knows: ") for detail in readers[0].details)
    assert "Raised with the trust on: 9 March 2026." in readers[0].details


def test_every_part_of_an_empty_day_says_that_nothing_stood(small_copy: Copy) -> None:
    found = school_history(OFFICER, small_copy, SCHOOL, TODAY)
    assert found.parts == {name: [] for name in NONE_THEN}
    document = history_document(OFFICER, small_copy, found)
    for sentence in NONE_THEN.values():
        assert sentence in all_text(document)


# a whole LA


def test_an_la_s_day_lists_the_schools_that_the_build_had_flagged(demo_copy: Copy) -> None:
    found = history_on(OFFICER, demo_copy, Scope("999"), TODAY)
    sql = "select urn from schools_at_risk where priority = $place"
    for place, listed in (("priority", found.flagged), ("watch", found.watched)):
        assert {one.urn for one in listed} == {row["urn"] for row in demo_copy.reader.rows(sql, {"place": place})}
    page = overview(OFFICER, demo_copy, Scope("999"))
    assert len(found.flagged) == page.priorities["priority"]
    decided = {line.urn for line in found.parts[AGREED]}
    told = [one for one in meetings(demo_copy.records) if one.held_on <= TODAY]
    assert decided == {outcome.urn for one in told for outcome in one.outcomes}
    assert f"{len(found.flagged)} of 259 schools flagged" in found.finding
    said = f'{len(found.flagged)} of 259 schools were flagged, and {len(found.watched)} had the place "watch".'
    document = history_document(OFFICER, demo_copy, found)
    assert said == found.said
    assert said in all_text(document)
    table = history_table(OFFICER, found)
    assert list(table[table["Part"] == SAID]["URN"]) == [one.urn for one in (*found.flagged, *found.watched)]


def test_a_locality_s_day_has_its_own_schools_and_its_own_group(demo_copy: Copy) -> None:
    found = history_on(OFFICER, demo_copy, Scope("999", "Alder Valley"), TODAY)
    assert {one.locality for one in found.build.schools.values()} == {"Alder Valley"}
    assert {line.who for line in found.parts[AGREED]} == {"Alder Valley core group"}
    assert {line.urn for line in found.parts[SUPPORT]} <= set(found.build.schools)


def test_an_la_has_to_be_chosen(demo_copy: Copy) -> None:
    with pytest.raises(NotFound, match="No local authority is chosen"):
        history_on(OFFICER, demo_copy, Scope(), TODAY)


def test_the_records_of_the_demo_agree_with_the_audit_trail(demo_copy: Copy) -> None:
    assert unaudited_changes(READER, demo_copy) == []


# what leaves


@pytest.mark.parametrize("ending", [".pdf", ".docx", ".xlsx", ".csv"])
def test_a_file_is_logged_with_its_hash_and_holds_no_restricted_note(small_copy: Copy, ending: str) -> None:
    a_meeting(small_copy)
    content = history_file(OFFICER, small_copy, Scope(la_of(small_copy)), SCHOOL, TODAY, ending)
    (line,) = exports(small_copy.records)
    assert (line.file_name, line.urns) == (f"history_{SCHOOL}_{TODAY.isoformat()}{ending}", (SCHOOL,))
    assert line.banner is not None
    told = part(small_copy, LEFT, TODAY)
    assert line.content_hash in " ".join(told[0].details)
    assert b"The head is leaving" not in content
    if ending == ".csv":
        assert "The plan has begun." in content.decode("utf-8-sig")


def test_nobody_takes_out_the_history_of_another_la_and_nothing_is_logged(small_copy: Copy) -> None:
    other = replace(READER, la_codes=frozenset({"000"}))
    with pytest.raises(NotAllowed, match="another local authority"):
        history_file(other, small_copy, Scope(la_of(small_copy)), SCHOOL, TODAY, ".csv")
    assert exports(small_copy.records) == []


@pytest.mark.parametrize(
    "viewer",
    [
        Viewer("System leader 12", system_leader_id=12),
        Viewer("A peer", localities=frozenset({("999", "Alder Valley")})),
        Viewer("A head", own_urns=frozenset({"900001"})),
    ],
)
def test_a_system_leader_a_peer_and_a_head_are_denied(demo_copy: Copy, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        school_history(viewer, demo_copy, "900001", TODAY)
    with pytest.raises(NotAllowed):
        history_on(viewer, demo_copy, Scope("999"), TODAY)
    with pytest.raises(NotAllowed):
        unaudited_changes(viewer, demo_copy)


def test_names_and_records_with_formulas_and_markup_stay_text_in_every_file(small_copy: Copy) -> None:
    formula = '=HYPERLINK("http://example.org","x")'
    new = NewMeeting(
        la_of(small_copy),
        "#strong[Riverside]",
        LONG_AGO,
        outcomes=(NewMeetingOutcome(HOSTILE_SCHOOL, MeetingOutcomeWord.STEP_DOWN, reason=formula),),
    )
    add_meeting(small_copy.records, "*Clerk*", new)
    found = school_history(OFFICER, small_copy, HOSTILE_SCHOOL, TODAY)
    assert found.about == HOSTILE
    scope = Scope(la_of(small_copy))
    word = open_docx(io.BytesIO(history_file(OFFICER, small_copy, scope, HOSTILE_SCHOOL, TODAY, ".docx")))
    said = "\n".join(one.text for one in word.paragraphs)
    assert formula in said
    assert "#strong[Riverside] core group" in said
    assert as_pdf(history_document(OFFICER, small_copy, found)).startswith(b"%PDF")
    book = load_workbook(io.BytesIO(history_file(OFFICER, small_copy, scope, HOSTILE_SCHOOL, TODAY, ".xlsx")))
    cells = [cell for row in book["History"].iter_rows() for cell in row]
    assert any(formula in str(cell.value) for cell in cells)
    assert all(cell.data_type in ("s", "d", "n") and cell.hyperlink is None for cell in cells)


def test_a_rule_on_few_pupils_keeps_its_figure_to_the_screen(demo_copy: Copy) -> None:
    found = history_on(OFFICER, demo_copy, Scope("999"), TODAY)
    rule = found.flagged[0].raised[0]
    few = replace(rule, measure_id="rwm_expected_pct", denominator=10.0)
    assert few.sentence in raised_words(few, to_leave=False)
    assert few.sentence not in raised_words(few, to_leave=True)
    assert "figure is left out" in raised_words(few, to_leave=True)
    enough = replace(few, denominator=11.0)
    assert enough.sentence in raised_words(enough, to_leave=True)


def test_the_table_has_the_build_first_and_then_each_line(demo_copy: Copy) -> None:
    found = school_history(OFFICER, demo_copy, "900190", TODAY)
    table = history_table(OFFICER, found)
    assert tuple(table.columns) == HISTORY_COLUMNS
    assert len(table) == 1 + sum(len(lines) for lines in found.parts.values())
    assert found.school is not None
    assert table["What"].iloc[0].startswith(found.school.priority)
    assert set(found.school.levels) == set(Statement)
