"""What leaves, and what is shown of restricted notes, is in the logs: who, when, what, and its SHA-256."""

from hashlib import sha256

import pandas as pd
import pytest

from risk_model.casework import exports, meetings, note_views, verify
from risk_model.domain.errors import NotAllowed
from risk_model.domain.viewer import Right, Viewer, local_viewer
from risk_model.services.briefing_files import briefing_file
from risk_model.services.copy import Copy
from risk_model.services.history import history_on
from risk_model.services.leaving import hand_over_file, hand_over_table
from risk_model.services.restricted_notes import ShownNote, log_shown_notes, notes_in_history, views_of_notes
from risk_model.services.scope import Scope

READER = Viewer("A reader", frozenset({Right.READ, Right.PEOPLE}), la_codes=None)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet"])
def test_a_table_is_logged_with_its_hash_its_schools_and_its_build(own_copy: Copy, ending: str) -> None:
    table = pd.DataFrame({"School": ["A", "B", "A"], "URN": ["900001", "900002", "900001"], "Days": [1, 2, 3]})
    content = hand_over_table(local_viewer(), own_copy, f"support{ending}", table, ["About it."])
    (logged,) = [one for one in exports(own_copy.records) if one.what == "table"]
    assert logged.content_hash == sha256(content).hexdigest()
    assert (logged.file_name, logged.exported_by, logged.la_code) == (f"support{ending}", "local user", "999")
    assert (logged.urns, logged.build_id) == (("900001", "900002"), own_copy.build.build_id)


def test_a_table_of_no_school_and_one_of_too_many_are_logged_without_them(own_copy: Copy) -> None:
    hand_over_table(local_viewer(), own_copy, "none.csv", pd.DataFrame({"Rule": ["O1"]}))
    hand_over_table(
        local_viewer(), own_copy, "many.csv", pd.DataFrame({"urn": [str(n) for n in range(100000, 100501)]})
    )
    many, none = exports(own_copy.records)[:2]
    assert (none.urns, none.la_code) == ((), None)
    assert (many.urns, many.la_code) == (None, None)


def test_a_table_of_a_viewer_of_one_la_is_of_that_la(own_copy: Copy) -> None:
    officer = Viewer("Officer 3", frozenset({Right.READ, Right.EXPORT}), la_codes=frozenset({"999"}))
    hand_over_file(officer, own_copy, "picture", "chart.png", b"picture")
    assert exports(own_copy.records)[0].la_code == "999"


def test_whoever_may_take_nothing_out_gets_nothing_and_nothing_is_logged(own_copy: Copy) -> None:
    before = exports(own_copy.records)
    with pytest.raises(NotAllowed, match="take tables, letters and minutes out"):
        hand_over_table(READER, own_copy, "support.csv", pd.DataFrame({"URN": ["900001"]}))
    with pytest.raises(NotAllowed):
        briefing_file(READER, own_copy, "900001", None, ".pdf")
    assert exports(own_copy.records) == before


@pytest.mark.parametrize("ending", [".pdf", ".docx"])
def test_a_briefing_is_logged(own_copy: Copy, ending: str) -> None:
    content = briefing_file(local_viewer(), own_copy, "900001", None, ending)
    logged = exports(own_copy.records)[0]
    assert (logged.what, logged.urns, logged.la_code) == ("school briefing", ("900001",), "999")
    assert logged.content_hash == sha256(content).hexdigest()


def test_a_note_that_is_shown_is_logged_once_for_each_viewer_and_content(own_copy: Copy) -> None:
    outcome = meetings(own_copy.records)[0].outcomes[0]
    note = ShownNote(outcome.urn, "meeting_outcome", outcome.id, "The head is leaving.")
    other = Viewer("Officer 4", frozenset({Right.RESTRICTED}), la_codes=None)
    assert [log_shown_notes(local_viewer(), own_copy, [note, note]) for _ in range(2)] == [1, 0]
    assert log_shown_notes(other, own_copy, [note]) == 1
    changed = ShownNote(outcome.urn, "meeting_outcome", outcome.id, "The head has left.")
    assert log_shown_notes(other, own_copy, [note, changed]) == 1
    seen = views_of_notes(local_viewer(), own_copy, outcome.urn)
    assert [(one.who, one.content_hash) for one in seen] == [
        ("Officer 4", changed.content_hash),
        ("Officer 4", note.content_hash),
        ("local user", note.content_hash),
    ]
    assert "leaving" not in str(seen), "what it said is kept as its hash alone"
    assert verify(own_copy.records).findings == ()
    with pytest.raises(NotAllowed, match="restricted notes"):
        log_shown_notes(READER, own_copy, [note])
    assert len(note_views(own_copy.records)) == 3


def test_the_notes_of_a_past_day_are_found_and_only_for_whoever_may_see_them(own_copy: Copy) -> None:
    day = own_copy.build.as_at
    shown = notes_in_history(history_on(local_viewer(), own_copy, Scope("999"), day))
    assert len(shown) > 2
    assert all("estricted note" in one.text for one in shown)
    assert notes_in_history(history_on(READER, own_copy, Scope("999"), day)) == []
