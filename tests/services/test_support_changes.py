"""Support is added, changed, ended and read from a file: each with its audit row, and nothing half-done."""

import csv
import io
from datetime import date

import pytest

from risk_model.casework import ALLOCATION_COLUMNS, AuditEntry, NewAllocation, What, audit_trail
from risk_model.domain.errors import NotFound, RecordRefused, RiskModelError
from risk_model.domain.viewer import local_viewer
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy
from risk_model.services.record_lists import add_previewed, add_record_file, preview_support
from risk_model.services.scope import Scope
from risk_model.services.support import choices, leader_choices, support_page
from risk_model.services.support_changes import add_support, change_support, end_support, one_allocation

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
