"""Support is added, changed, ended and read from a file: each with its audit row, and nothing half-done."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from risk_model.casework import (
    ALLOCATION_COLUMNS,
    AuditEntry,
    NewAllocation,
    NewObjective,
    NewVisit,
    SystemLeader,
    What,
    audit_trail,
    system_leaders,
)
from risk_model.domain.errors import NotFound, RecordRefused, RiskModelError
from risk_model.domain.viewer import local_viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy
from risk_model.services.one_support import one_support
from risk_model.services.record_lists import add_previewed, add_record_file, preview_support
from risk_model.services.scope import Scope
from risk_model.services.support import choices, leader_choices, support_page
from risk_model.services.support_changes import (
    add_support,
    add_support_objective,
    add_visit,
    change_support,
    end_support,
    one_allocation,
    record_progress,
    shared_out,
    support_warnings,
    take_back_visit,
)
from risk_model.services.supporters import slips_in_words, support_given_by

WHO = local_viewer()
LA = Scope("999")
START = date(2026, 11, 1)


def _gap(copy: Copy) -> str:
    """The URN of the most urgent school without support."""
    return str(support_page(WHO, copy, LA).gaps["urn"].iloc[0])


def _new(urn: str, **changed: object) -> NewAllocation:
    given: dict[str, object] = {
        "la_code": "999",
        "urn": urn,
        "provider_type": "LA team",
        "provider_name": "School improvement",
        "days_planned": 12.0,
        "start_date": START,
        "status": "agreed",
    }
    return NewAllocation(**(given | changed))  # type: ignore[arg-type]


def _latest(copy: Copy) -> AuditEntry:
    return max(audit_trail(copy.records), key=lambda one: one.id)


def test_added_support_closes_the_gap_on_every_screen_and_is_audited(own_copy: Copy) -> None:
    urn = _gap(own_copy)
    before = support_page(WHO, own_copy, LA)
    number = add_support(WHO, own_copy, _new(urn))
    after = support_page(WHO, own_copy, LA)
    assert len(after.gaps) == len(before.gaps) - 1
    assert after.active == before.active + 1
    assert after.days_planned == before.days_planned + 12
    row = school_list(WHO, own_copy, LA).set_index("urn").loc[urn]
    assert (row["support_active"], row["support_days_planned"]) == (1, 12)
    entry = _latest(own_copy)
    assert (entry.who, entry.what, entry.record_id, entry.before) == (WHO.name, What.CREATED, number, None)


def test_changed_support_counts_its_days_and_keeps_before_and_after(own_copy: Copy) -> None:
    number = add_support(WHO, own_copy, _new(_gap(own_copy)))
    one = one_allocation(WHO, own_copy, number)
    changed = change_support(WHO, own_copy, number, one.version, {"days_used": 3.5})
    assert changed.days_used == 3.5
    assert one_allocation(WHO, own_copy, number) == changed
    entry = _latest(own_copy)
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["days_used"], entry.after["days_used"]) == (None, 3.5)


def test_a_change_of_an_old_version_is_refused_and_nothing_changes(own_copy: Copy) -> None:
    number = add_support(WHO, own_copy, _new(_gap(own_copy)))
    version = one_allocation(WHO, own_copy, number).version
    changed = change_support(WHO, own_copy, number, version, {"days_used": 1.0})
    entries = len(audit_trail(own_copy.records, limit=10_000))
    with pytest.raises(RecordRefused):
        change_support(WHO, own_copy, number, version, {"days_used": 9.0})
    assert one_allocation(WHO, own_copy, number) == changed
    assert len(audit_trail(own_copy.records, limit=10_000)) == entries


def test_ended_support_is_kept_and_opens_the_gap_again(own_copy: Copy) -> None:
    urn = _gap(own_copy)
    number = add_support(WHO, own_copy, _new(urn))
    version = one_allocation(WHO, own_copy, number).version
    end_support(WHO, own_copy, number, version, "ended early", date(2026, 11, 10), "The adviser moved on.")
    page = support_page(WHO, own_copy, LA)
    assert urn in set(page.gaps["urn"])
    ended = page.table[page.table["Number"] == number].iloc[0]
    assert (ended["Status"], ended["Standing"]) == ("ended early", "ended")
    entry = _latest(own_copy)
    assert (entry.what, entry.reason) == (What.ENDED, "The adviser moved on.")


def test_ending_early_without_a_reason_is_refused(own_copy: Copy) -> None:
    number = add_support(WHO, own_copy, _new(_gap(own_copy)))
    before = one_allocation(WHO, own_copy, number)
    with pytest.raises(RecordRefused):
        end_support(WHO, own_copy, number, before.version, "ended early", date(2026, 11, 10), None)
    assert one_allocation(WHO, own_copy, number) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"urn": "999999"},
        {"provider_type": "friend"},
        {"provider_name": ""},
        {"days_planned": -1.0},
        {"end_date": date(2026, 10, 1)},
        {"system_leader_id": 999_999},
        {"status": "agreed", "start_date": None},
    ],
    ids=str,
)
def test_support_that_is_not_valid_is_refused_and_nothing_is_recorded(wrong: dict[str, object], own_copy: Copy) -> None:
    urn = _gap(own_copy)
    entries = len(audit_trail(own_copy.records, limit=10_000))
    with pytest.raises(RecordRefused):
        add_support(WHO, own_copy, _new(urn, **wrong) if "urn" not in wrong else _new("999999"))
    assert len(audit_trail(own_copy.records, limit=10_000)) == entries


def test_support_number_that_does_not_exist_is_refused(own_copy: Copy) -> None:
    with pytest.raises(RiskModelError):
        one_allocation(WHO, own_copy, 999_999)
    with pytest.raises(NotFound):
        change_support(WHO, own_copy, 999_999, 1, {"days_used": 1.0})


def _csv(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, ALLOCATION_COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


GOOD = {
    "provider_type": "LA team",
    "provider_name": "Finance",
    "days_planned": "4",
    "start_date": "2026-11-02",
    "status": "agreed",
}


def test_a_file_is_previewed_without_writing_and_then_written_whole(own_copy: Copy) -> None:
    urns = list(support_page(WHO, own_copy, LA).gaps["urn"][:2])
    entries = len(audit_trail(own_copy.records, limit=10_000))
    preview = preview_support(WHO, own_copy, "support.csv", _csv(*({**GOOD, "urn": urn} for urn in urns)), "999")
    assert preview.problems == ()
    assert len(preview.new) == 2
    assert len(audit_trail(own_copy.records, limit=10_000)) == entries
    assert add_previewed(WHO, own_copy, preview) == 2
    assert len(audit_trail(own_copy.records, limit=10_000)) == entries + 2
    schools = school_list(WHO, own_copy, LA).set_index("urn")
    assert list(schools.loc[urns, "support_days_planned"]) == [4.0, 4.0]


def test_a_file_with_a_wrong_row_shows_it_and_adds_the_good_one(own_copy: Copy) -> None:
    urn = _gap(own_copy)
    text = _csv({**GOOD, "urn": urn}, {**GOOD, "urn": "909999"}, {**GOOD, "urn": urn, "days_planned": "many"})
    preview = preview_support(WHO, own_copy, "support.csv", text, "999")
    assert len(preview.new) == 1
    assert {problem.sentence.count("909999") > 0 for problem in preview.problems} == {True, False}
    assert add_previewed(WHO, own_copy, preview) == 1


@pytest.mark.parametrize("content", [b"", b"nobody,knows\n1,2\n"])
def test_a_file_that_is_no_support_has_problems_and_no_row(content: bytes, own_copy: Copy) -> None:
    preview = preview_support(WHO, own_copy, "support.csv", content, "999")
    assert not preview.new
    assert preview.problems
    with pytest.raises(RecordRefused):
        add_previewed(WHO, own_copy, preview)


@pytest.mark.parametrize("content", [b"\x00\x01", b"\x89PNG\r\n\x1a\n\x00", b"PK\x03\x04 damaged"])
def test_a_file_that_cannot_be_read_is_refused_in_words(content: bytes, own_copy: Copy) -> None:
    with pytest.raises(RecordRefused, match=r"support\.csv was not read"):
        preview_support(WHO, own_copy, "support.csv", content, "999")


def test_a_list_that_is_far_too_large_is_refused_unread(own_copy: Copy) -> None:
    with pytest.raises(RecordRefused, match="at most 20 MB are read"):
        preview_support(WHO, own_copy, "support.csv", b"x" * 20_000_001, "999")


def test_the_same_file_twice_adds_nothing_and_says_so(own_copy: Copy) -> None:
    text = _csv({**GOOD, "urn": _gap(own_copy)})
    add_previewed(WHO, own_copy, preview_support(WHO, own_copy, "support.csv", text, "999"))
    entries = len(audit_trail(own_copy.records, limit=10_000))
    again = preview_support(WHO, own_copy, "support.csv", text, "999")
    assert (again.new, again.problems, again.recorded) == ((), (), 1)
    assert add_record_file(WHO, own_copy, "support.csv", text, "999").recorded == 1
    assert len(audit_trail(own_copy.records, limit=10_000)) == entries


def test_a_file_with_a_wrong_row_is_refused_whole_on_the_command_line(own_copy: Copy) -> None:
    text = _csv({**GOOD, "urn": _gap(own_copy)}, {**GOOD, "urn": _gap(own_copy), "days_planned": "many"})
    entries = len(audit_trail(own_copy.records, limit=10_000))
    with pytest.raises(RecordRefused, match=r"2 things need attention\. Nothing was changed") as refused:
        add_record_file(WHO, own_copy, "support.csv", text, None)
    assert "line 3, days_planned: 'many' is not a number of days." in str(refused.value)
    assert len(audit_trail(own_copy.records, limit=10_000)) == entries


def test_another_las_school_is_refused_in_a_file(own_copy: Copy) -> None:
    preview = preview_support(WHO, own_copy, "support.csv", _csv({**GOOD, "urn": _gap(own_copy)}), "850")
    assert not preview.new
    assert preview.problems


def test_the_form_offers_the_words_and_the_las_own_leaders(own_copy: Copy) -> None:
    offered = choices()
    assert "LA team" in offered["provider_type"]
    assert not set(offered["open_status"]) & set(offered["ending_status"])
    # two of the thirty have stopped
    assert len(leader_choices(WHO, own_copy, LA)) == 28
    assert leader_choices(WHO, own_copy, Scope("850")) == {}


# what does not fit, what slips, and all that belongs to one piece


def _leader(copy: Copy, label: str) -> SystemLeader:
    (found,) = [one for one in system_leaders(copy.records, la_code="999") if one.label == label]
    return found


def _by_leader(copy: Copy, urn: str, **changed: object) -> NewAllocation:
    given = {"provider_type": "person", "provider_name": "System leader 09", "end_date": date(2026, 12, 18)}
    return _new(urn, **({"system_leader_id": _leader(copy, "System leader 09").id} | given | changed))


def test_more_days_than_a_leader_has_are_refused_unless_it_is_said_why(own_copy: Copy) -> None:
    urn = _gap(own_copy)
    with pytest.raises(RecordRefused, match="it does not fit") as refused:
        add_support(WHO, own_copy, _by_leader(own_copy, urn, days_planned=30.0))
    assert "System leader 09 offers" in str(refused.value)
    number = add_support(
        WHO, own_copy, _by_leader(own_copy, urn, days_planned=30.0, override_reason="Released for the term.")
    )
    assert one_support(WHO, own_copy, number).allocation.override_reason == "Released for the term."


def test_a_conflict_of_interest_is_refused_unless_it_is_said_why(own_copy: Copy) -> None:
    leader = _leader(own_copy, "System leader 05")
    (tied,) = leader.tied_urns
    new = _by_leader(own_copy, tied, system_leader_id=leader.id, days_planned=1.0)
    assert support_warnings(WHO, own_copy, new) == ["They have declared a tie with this school."]
    with pytest.raises(RecordRefused, match="declared a tie"):
        add_support(WHO, own_copy, new)
    assert support_warnings(WHO, own_copy, replace(new, status="completed")) == []


def test_what_fits_is_recorded_without_a_word(own_copy: Copy) -> None:
    urn = _gap(own_copy)
    new = _by_leader(own_copy, urn, days_planned=1.0)
    assert support_warnings(WHO, own_copy, new) == []
    assert add_support(WHO, own_copy, new) > 0


def test_a_change_that_does_not_fit_is_refused_and_one_that_takes_days_away_is_not(own_copy: Copy) -> None:
    number = add_support(WHO, own_copy, _by_leader(own_copy, _gap(own_copy), days_planned=1.0))
    with pytest.raises(RecordRefused, match="it would not fit"):
        change_support(WHO, own_copy, number, 1, {"days_planned": 30.0})
    assert change_support(WHO, own_copy, number, 1, {"days_planned": 0.5}).days_planned == 0.5
    changes = {"days_planned": 30.0, "override_reason": "Released for the term."}
    assert change_support(WHO, own_copy, number, 2, changes).days_planned == 30


def test_a_form_that_is_sent_twice_records_once(own_copy: Copy) -> None:
    new = _new(_gap(own_copy))
    number = add_support(WHO, own_copy, new)
    with pytest.raises(RecordRefused, match=f"it is there already, number {number}"):
        add_support(WHO, own_copy, new)
    end_support(WHO, own_copy, number, 1, "withdrawn", START, "Recorded for the wrong school.")
    assert add_support(WHO, own_copy, new) == number + 1


def test_a_school_of_a_group_that_is_not_loaded_is_refused(own_copy: Copy) -> None:
    urn = _gap(own_copy)
    shares = shared_out(urn, [urn, "123456"], 5.0)
    assert [(one.urn, one.days_planned) for one in shares] == [(urn, 2.5), ("123456", 2.5)]
    assert shared_out(urn, [urn], 5.0) == ()
    assert [one.days_planned for one in shared_out(urn, ["123456"], None)] == [None, None]
    with pytest.raises(RecordRefused, match="no open school with the URN 123456"):
        add_support(WHO, own_copy, _new(urn, days_planned=5.0, shares=shares))


def test_one_piece_shows_its_visits_objectives_and_history(own_copy: Copy) -> None:
    urn = _gap(own_copy)
    number = add_support(WHO, own_copy, _new(urn))
    visit = add_visit(WHO, own_copy, NewVisit(number, urn, date(2026, 11, 9), "Adviser 1", 1.5, "Looked at books."))
    objective = add_support_objective(WHO, own_copy, NewObjective(number, "Plan together"))
    record_progress(WHO, own_copy, objective, 1, "on track", date(2026, 11, 10))
    seen = one_support(WHO, own_copy, number)
    assert (seen.standing, seen.allocation.days_used, list(seen.schools)) == ("active", 1.5, [urn])
    assert [(one.objective, one.progress) for one in seen.objectives] == [("Plan together", "on track")]
    assert [(one.days, one.note) for one in seen.visits] == [(1.5, "Looked at books.")]
    assert list(seen.history["What"]) == [
        "last update: 09/11/2026 → 10/11/2026",
        "days used: not recorded → 1.5; last update: not recorded → 09/11/2026",
        "recorded as agreed",
    ]
    take_back_visit(WHO, own_copy, visit, 1, "It was another school.")
    after = one_support(WHO, own_copy, number)
    assert (after.visits, after.allocation.days_used) == ([], 0)
    assert "Reason: It was another school." in after.history["What"].iloc[0]


def test_support_ends_with_what_came_of_it_in_one_change(own_copy: Copy) -> None:
    number = add_support(WHO, own_copy, _new(_gap(own_copy)))
    ended = end_support(
        WHO, own_copy, number, 1, "completed", date(2026, 11, 19), None, "objectives met", "no further support"
    )
    assert (ended.version, ended.exit_outcome, ended.exit_decision) == (2, "objectives met", "no further support")
    assert one_support(WHO, own_copy, number).standing == "ended"


def test_a_supporters_school_that_slips_is_told_on_both_sides(own_copy: Copy) -> None:
    schools = school_list(WHO, own_copy, LA)
    home = str(schools.loc[schools["priority"] == "priority", "urn"].iloc[0])
    urn = _gap(own_copy)
    given = {"provider_type": "school", "provider_name": schools.set_index("urn").at[home, "name"]}
    number = add_support(WHO, own_copy, _new(urn, **given))
    told = one_support(WHO, own_copy, number).slips
    assert told.startswith(f"▲ {given['provider_name']}: its own place is priority")
    table = support_page(WHO, own_copy, LA).table.set_index("Number")
    assert table.at[number, "Supporter's own school"] == told
    assert (number, told) in [(one.id, slips) for one, slips in support_given_by(WHO, own_copy, home)]
    calm = str(schools.loc[schools["priority"] == "universal", "name"].iloc[0])
    other = add_support(WHO, own_copy, _new(urn, provider_type="school", provider_name=calm))
    assert "own place" not in one_support(WHO, own_copy, other).slips


def test_an_inspection_of_the_supporters_school_since_it_began_is_told() -> None:
    school = {
        "name": "Alder Bank Primary School",
        "priority": "universal",
        "worse": None,
        "last_inspection_date": date(2026, 10, 6),
        "last_inspection_outcome": "good",
    }
    assert slips_in_words(school, date(2026, 9, 1)) == (
        "▲ Alder Bank Primary School: inspected on 6 October 2026 (good)."
    )
    assert slips_in_words(school, date(2026, 10, 6)) == ""
    assert slips_in_words(school, None) == ""
    worse = slips_in_words(school | {"worse": "leadership outcomes"}, None)
    assert worse.count(";") == 1
    assert "worse since the last build" in worse


def test_lines_of_a_file_that_do_not_fit_together_are_problems_of_that_line(own_copy: Copy) -> None:
    first, second = support_page(WHO, own_copy, LA).gaps["urn"].iloc[:2]
    leader = _leader(own_copy, "System leader 09")
    days = f"{leader.days_per_term:g}"
    line = {
        "provider_type": "person",
        "provider_name": leader.label,
        "system_leader": leader.label,
        "days_planned": days,
        "start_date": "2027-04-12",
        "end_date": "2027-07-16",
        "status": "agreed",
    }
    rows = [line | {"urn": first}, line | {"urn": second}, line | {"urn": second, "override_reason": "Released."}]
    preview = preview_support(WHO, own_copy, "support.csv", _csv(*rows), "999")
    told = [(one.line, one.column) for one in preview.problems if one.column == "override_reason"]
    assert told == [(3, "override_reason")]
    assert next(one.urn for one in preview.new if isinstance(one, NewAllocation)) == first
