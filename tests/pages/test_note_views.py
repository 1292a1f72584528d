"""Whoever opens a page with a restricted note is in the log, once, also where the page's answers are remembered."""

from risk_model.casework import Records, ShownNote, close_records, meetings, note_views, open_records, referrals
from risk_model.domain.paths import DataDir
from tests.pages.conftest import Visit, said, well


def logged(data: DataDir) -> list[tuple[str, str, int, str]]:
    records = open_records(data.records_url)
    found = [(one.who, one.table, one.record_id, one.content_hash) for one in note_views(records)]
    close_records(records)
    return found


def a_note(records: Records) -> ShownNote:
    """The newest restricted note of a meeting."""
    found = [one for each in meetings(records) for one in each.outcomes if one.restricted_note]
    newest = max(found, key=lambda one: one.id)
    return ShownNote(newest.urn, "meeting_outcome", newest.id, newest.restricted_note or "")


def test_a_note_on_a_schools_page_is_logged_once(own_data: DataDir, visit: Visit) -> None:
    records = open_records(own_data.records_url)
    note = a_note(records)
    close_records(records)
    line = ("local user", "meeting_outcome", note.record_id, note.content_hash)
    for times in range(2):
        app = visit("school", urn=note.urn)
        # others may look at the same screen: it is folded, and nobody has seen it
        assert note.text not in said(app).replace("\\", "")
        assert logged(own_data).count(line) == times
        app.session_state[f"notes_of_{note.urn}"] = True
        assert note.text in said(well(app.run())).replace("\\", "")
        assert logged(own_data).count(line) == 1


def test_a_past_day_with_notes_is_logged_and_a_school_without_is_not(own_data: DataDir, visit: Visit) -> None:
    visit("school", urn="900001")
    before = logged(own_data)
    visit("history", day="2026-11-01")
    first = logged(own_data)
    assert {table for _, table, _, _ in first[: len(first) - len(before)]} == {"history"}
    visit("history", day="2026-11-01")
    assert logged(own_data) == first


def test_a_note_about_an_academy_that_was_raised_is_logged_when_it_is_opened(own_data: DataDir, visit: Visit) -> None:
    records = open_records(own_data.records_url)
    (noted, *_) = [one for one in referrals(records) if one.restricted_note]
    close_records(records)
    visit("regional_director", **{"view": "raised", "raise": str(noted.id)})
    expected = ShownNote(noted.urn, "referral", noted.id, noted.restricted_note or "")
    assert ("local user", "referral", noted.id, expected.content_hash) in logged(own_data)
