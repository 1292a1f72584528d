"""Watch lists: each person's own, once each, kept in the audit trail."""

from datetime import date

import pytest

from risk_model.casework import NewWatch, Records, audit_trail, unwatch, watch, watched
from risk_model.domain.errors import RecordRefused

DAY = date(2026, 11, 20)


def test_a_school_is_on_the_list_of_who_watches_it_alone(records: Records) -> None:
    watch(records, NewWatch("999", "900001", DAY, "Adviser 1"))
    watch(records, NewWatch("999", "900002", DAY, "Adviser 2"))
    assert [(one.urn, one.since) for one in watched(records, "Adviser 1")] == [("900001", DAY)]
    assert watched(records, "Adviser 3") == []


def test_a_school_is_watched_once(records: Records) -> None:
    watch(records, NewWatch("999", "900001", DAY, "Adviser 1"))
    with pytest.raises(RecordRefused, match="on your watch list already"):
        watch(records, NewWatch("999", "900001", DAY, "Adviser 1"))


def test_what_is_taken_off_is_off_and_can_be_put_on_again(records: Records) -> None:
    watch(records, NewWatch("999", "900001", DAY, "Adviser 1"))
    (first,) = watched(records, "Adviser 1")
    unwatch(records, first)
    assert watched(records, "Adviser 1") == []
    watch(records, NewWatch("999", "900001", DAY, "Adviser 1"))
    assert len(watched(records, "Adviser 1")) == 1
    assert [entry.what for entry in audit_trail(records)] == ["created", "withdrawn", "created"]
    with pytest.raises(RecordRefused):
        unwatch(records, first)


@pytest.mark.parametrize("urn", ["", "90000", "9000011", "<b>", "=1+1"])
def test_what_is_no_urn_is_refused(urn: str, records: Records) -> None:
    with pytest.raises(RecordRefused):
        watch(records, NewWatch("999", urn, DAY, "Adviser 1"))
