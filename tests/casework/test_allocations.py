"""Recording, changing and ending support, and every way in which it is refused."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from risk_model.casework import (
    AllocationStatus,
    NewAllocation,
    NewSystemLeader,
    ProviderType,
    Records,
    active_allocations,
    add_allocation,
    add_allocations,
    add_system_leader,
    allocations,
    audit_trail,
    change_allocation,
    end_allocation,
)
from risk_model.domain.errors import NotFound, RecordRefused

BASE = NewAllocation(
    la_code="999",
    urn="900001",
    provider_type="LA team",
    provider_name="Finance",
    role="finance adviser",
    support_type="finance recovery",
    need="deficit",
    days_planned=12,
    days_used=7.5,
    start_date=date(2026, 9, 1),
    end_date=date(2027, 3, 31),
    status="active",
    funding="LA",
    aim="A balanced budget.",
    success_measure="In-year balance above zero",
    baseline="-40,000 GBP",
    last_update=date(2026, 11, 2),
)

HOSTILE = [
    'O\'Neil "the" `helper`',
    "<script>alert('x')</script>",
    '=HYPERLINK("http://example.invalid","here")',
    "Robert'); DROP TABLE allocation;--",
    "%s %(who)s {who} :who ?",
    "Ysgol Gymraeg · 学校 · 🏫 · ﷽",
    "@SUM(A1)\t+1",
]


def refused(error: pytest.ExceptionInfo[RecordRefused]) -> list[str]:
    """The fields of which a refusal tells, in its order."""
    return [detail.split(":")[0] for detail in error.value.details]


def test_add_allocation_comes_back_whole(records: Records) -> None:
    number = add_allocation(records, "tester", BASE)
    (found,) = allocations(records)
    kept = asdict(found)
    assert (kept.pop("id"), kept.pop("version"), kept.pop("system_leader_label")) == (number, 1, None)
    assert kept == asdict(BASE)
    assert isinstance(found.provider_type, ProviderType)


def test_add_allocation_shows_the_system_leaders_label(records: Records) -> None:
    leader = add_system_leader(records, "tester", NewSystemLeader("999", "System leader 07", "SLE"))
    add_allocation(records, "tester", replace(BASE, system_leader_id=leader))
    assert allocations(records)[0].system_leader_label == "System leader 07"


def test_add_allocation_with_the_least_keeps_missing_as_missing(records: Records) -> None:
    add_allocation(records, "tester", NewAllocation("999", "900001", "diocese", "Diocese of Exampleshire"))
    (found,) = allocations(records)
    assert found.status is AllocationStatus.PROPOSED
    assert (found.days_planned, found.days_used, found.start_date, found.role) == (None, None, None, None)


def test_add_allocation_strips_text_and_reads_words_in_any_case(records: Records) -> None:
    add_allocation(
        records, "tester", replace(BASE, urn=" 900001 ", provider_type="la  TEAM", aim="  a\r\nb ", need=" ")
    )
    (found,) = allocations(records)
    assert (found.urn, found.provider_type, found.aim, found.need) == ("900001", "LA team", "a\nb", None)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_unchanged(records: Records, text: str) -> None:
    number = add_allocation(records, text.replace("\t", " "), replace(BASE, aim=text, baseline=text))
    change_allocation(records, "tester", number, 1, {"success_measure": text}, text)
    (found,) = allocations(records)
    assert (found.aim, found.baseline, found.success_measure) == (text, text, text)
    changed, created = audit_trail(records)
    assert created.who == text.replace("\t", " ")
    assert changed.after is not None
    assert (changed.after["success_measure"], changed.reason) == (text, text)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("la_code", "99", "'99' is not an LA code"),
        ("la_code", "", "nothing was given"),
        ("urn", "12345", "'12345' is not a URN"),
        ("urn", "9000011", "is not a URN"),
        ("urn", "９００００１", "is not a URN"),
        ("urn", 900001, "is not a URN"),
        ("urn", None, "nothing was given"),
        ("provider_type", "wizard", "Give one of: person, school, academy trust"),
        ("provider_type", None, "nothing was given"),
        ("provider_name", "  ", "nothing was given"),
        ("provider_name", "x" * 201, "the text has 201 characters. Give at most 200"),
        ("provider_name", "two\nlines", "control character"),
        ("provider_name", "a\x00b", "control character"),
        ("provider_name", "a\u202eb", "control character"),
        ("provider_name", "a\ud800b", "control character"),
        ("provider_name", 7, "is not text"),
        ("system_leader_id", 5, "5 is not a system leader of this LA"),
        ("system_leader_id", "5", "is not the number of a record"),
        ("role", "boss", "is not a known word"),
        ("support_type", "magic", "is not a known word"),
        ("days_planned", -1, "'-1' days cannot be"),
        ("days_planned", 367, "'367' days cannot be"),
        ("days_planned", "many", "'many' is not a number of days"),
        ("days_planned", "7,5", "is not a number of days"),
        ("days_planned", float("nan"), "is not a number of days"),
        ("days_planned", True, "is not a number of days"),
        ("days_used", 12.5, "12.5 days used are more than the 12 planned"),
        ("start_date", None, "active support needs its start date"),
        ("start_date", "31/02/2026", "is not a date"),
        ("start_date", "1.9.2026", "is not a date"),
        ("start_date", datetime(2026, 9, 1, 12, tzinfo=UTC), "is not a date"),
        ("start_date", date(1026, 9, 1), "is not a likely date"),
        ("end_date", date(2026, 8, 31), "2026-08-31 is before the start_date 2026-09-01"),
        ("status", "finished", "is not a known word"),
        ("status", None, "nothing was given"),
        ("status_reason", "x" * 501, "the text has 501 characters. Give at most 500"),
        ("aim", "x" * 1001, "Give at most 1000"),
        ("last_update", "soon", "is not a date"),
    ],
)
def test_add_allocation_with_one_fault_names_it(records: Records, field: str, value: object, message: str) -> None:
    with pytest.raises(RecordRefused) as error:
        add_allocation(records, "tester", replace(BASE, **{field: value}))  # type: ignore[arg-type]
    assert refused(error) == [field]
    assert message in error.value.details[0]
    assert "Nothing was changed" in error.value.message
    assert allocations(records) == []
    assert audit_trail(records) == []


@pytest.mark.parametrize("status", ["paused", "declined", "cancelled", "ended early", "withdrawn"])
def test_add_allocation_with_such_a_status_needs_a_reason(records: Records, status: str) -> None:
    with pytest.raises(RecordRefused) as error:
        add_allocation(records, "tester", replace(BASE, status=status))
    assert refused(error) == ["status_reason"]
    add_allocation(records, "tester", replace(BASE, status=status, status_reason="The head is away."))
    assert allocations(records)[0].status == status


@pytest.mark.parametrize("status", ["proposed", "offered", "considering", "agreed", "preparing", "active", "completed"])
def test_add_allocation_with_such_a_status_needs_no_reason(records: Records, status: str) -> None:
    add_allocation(records, "tester", replace(BASE, status=status))
    assert allocations(records)[0].status == status


def test_add_allocation_tells_all_faults_in_field_order(records: Records) -> None:
    bad = replace(BASE, urn="1", provider_type="x", days_used=13, end_date=date(2020, 1, 1), status="paused")
    with pytest.raises(RecordRefused) as error:
        add_allocation(records, "tester", bad)
    assert refused(error) == ["urn", "provider_type", "days_used", "end_date", "status_reason"]
    assert error.value.message.startswith("The support was not added: 5 things need attention.")


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2027, 3, 31)])
def test_dates_and_days_on_the_limit_are_taken(records: Records, day: date) -> None:
    add_allocation(records, "tester", replace(BASE, end_date=day, days_planned=366, days_used=366))
    assert allocations(records)[0].days_used == 366


def test_more_days_than_planned_are_taken_with_a_reason(records: Records) -> None:
    add_allocation(records, "tester", replace(BASE, days_used=13, status_reason="A second review."))
    number = add_allocation(records, "tester", BASE)
    with pytest.raises(RecordRefused, match="13 days used are more than the 12 planned"):
        change_allocation(records, "tester", number, 1, {"days_used": 13})
    changed = change_allocation(records, "tester", number, 1, {"days_used": 13}, "A second review.")
    assert changed.days_used == 13
    # Once explained, it does not stand in the way of another change.
    assert change_allocation(records, "tester", number, 2, {"aim": "Less."}).aim == "Less."


def test_system_leader_of_another_la_is_refused(records: Records) -> None:
    leader = add_system_leader(records, "tester", NewSystemLeader("998", "System leader 01", "NLE"))
    with pytest.raises(RecordRefused, match="not a system leader of this LA"):
        add_allocation(records, "tester", replace(BASE, system_leader_id=leader))


@pytest.mark.parametrize("who", ["", "  ", "x" * 101, "a\x07b"])
def test_nobody_writes_without_a_name(records: Records, who: str) -> None:
    with pytest.raises(RecordRefused, match="who:"):
        add_allocation(records, who, BASE)


def test_allocations_are_found_by_la_and_school_in_order(records: Records) -> None:
    for la_code, urn, start in [
        ("999", "900002", None),
        ("999", "900002", date(2026, 2, 1)),
        ("999", "900001", date(2026, 3, 1)),
        ("998", "800001", date(2026, 4, 1)),
    ]:
        add_allocation(records, "tester", NewAllocation(la_code, urn, "school", "Birchmoor School", start_date=start))
    assert [found.urn for found in allocations(records)] == ["800001", "900001", "900002", "900002"]
    assert [found.start_date for found in allocations(records, urn="900002")] == [date(2026, 2, 1), None]
    assert [found.id for found in allocations(records, la_code="998")] == [4]
    assert allocations(records, la_code="998", urn="900001") == []


@pytest.mark.parametrize(
    ("status", "as_at", "is_active"),
    [
        ("active", date(2026, 8, 31), False),
        ("active", date(2026, 9, 1), True),
        ("active", date(2027, 3, 31), True),
        ("active", date(2027, 4, 1), False),
        ("agreed", date(2026, 11, 20), True),
        ("preparing", date(2026, 11, 20), True),
        ("proposed", date(2026, 11, 20), False),
        ("offered", date(2026, 11, 20), False),
        ("considering", date(2026, 11, 20), False),
        ("paused", date(2026, 11, 20), False),
        ("completed", date(2026, 11, 20), False),
        ("withdrawn", date(2026, 11, 20), False),
    ],
)
def test_active_allocations_by_status_and_day(records: Records, status: str, as_at: date, is_active: bool) -> None:
    add_allocation(records, "tester", replace(BASE, status=status, status_reason="As it was."))
    assert bool(active_allocations(records, as_at, la_code="999")) is is_active
    assert active_allocations(records, as_at, la_code="998") == []
    assert active_allocations(records, as_at, urn="900009") == []


def test_active_allocation_without_an_end_stays_active(records: Records) -> None:
    add_allocation(records, "tester", replace(BASE, end_date=None))
    assert active_allocations(records, date(2040, 1, 1))


def test_change_allocation_writes_before_and_after(records: Records) -> None:
    number = add_allocation(records, "first", BASE)
    changed = change_allocation(records, "second", number, 1, {"days_used": "9", "end_date": None}, "Counted again.")
    assert (changed.version, changed.days_used, changed.end_date) == (2, 9, None)
    assert allocations(records) == [changed]
    entry, created = audit_trail(records, table="allocation", record_id=number)
    assert (entry.who, entry.what, entry.reason) == ("second", "changed", "Counted again.")
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["days_used"], entry.after["days_used"]) == (7.5, 9.0)
    assert (entry.before["end_date"], entry.after["end_date"]) == ("2027-03-31", None)
    assert (created.who, created.what, created.before) == ("first", "created", None)
    assert created.after == entry.before
    assert timedelta(0) <= datetime.now(UTC) - entry.at < timedelta(minutes=1)


def test_change_to_the_same_values_writes_nothing(records: Records) -> None:
    number = add_allocation(records, "tester", BASE)
    assert change_allocation(records, "tester", number, 1, {"days_used": 7.5, "aim": BASE.aim}).version == 1
    assert len(audit_trail(records)) == 1


def test_change_of_an_old_version_is_refused_and_says_by_whom(records: Records) -> None:
    number = add_allocation(records, "first", BASE)
    change_allocation(records, "second", number, 1, {"days_used": 8})
    with pytest.raises(RecordRefused, match=r"support 1 was changed by second at .* UTC, after you opened it"):
        change_allocation(records, "third", number, 1, {"days_used": 9})
    assert allocations(records)[0].days_used == 8


def test_change_of_what_is_not_there_is_not_found(records: Records) -> None:
    with pytest.raises(NotFound, match="no support 7"):
        change_allocation(records, "tester", 7, 1, {"days_used": 9})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"id": 9}, "id"),
        ({"version": 9}, "version"),
        ({"la_code": "998"}, "la_code"),
        ({"urn": ""}, "urn"),
        ({"provider_name": None}, "provider_name"),
        ({"status": "paused"}, "status_reason"),
        ({"start_date": None}, "start_date"),
        ({"start_date": date(2027, 4, 1)}, "end_date"),
        ({"days_planned": 7}, "days_used"),
        ({"system_leader_id": 3}, "system_leader_id"),
    ],
)
def test_change_with_a_fault_names_it(records: Records, changes: dict[str, object], field: str) -> None:
    number = add_allocation(records, "tester", BASE)
    with pytest.raises(RecordRefused) as error:
        change_allocation(records, "tester", number, 1, changes)
    assert refused(error) == [field]
    assert allocations(records)[0].version == 1


def test_change_with_a_long_reason_is_refused(records: Records) -> None:
    number = add_allocation(records, "tester", BASE)
    with pytest.raises(RecordRefused, match="501 characters"):
        change_allocation(records, "tester", number, 1, {"days_used": 8}, "x" * 501)


def test_pause_and_take_up_again_moves_the_reason(records: Records) -> None:
    number = add_allocation(records, "tester", BASE)
    paused = change_allocation(records, "tester", number, 1, {"status": "paused"}, "The head is away.")
    assert paused.status_reason == "The head is away."
    active = change_allocation(records, "tester", number, 2, {"status": "active"})
    assert (active.status, active.status_reason) == ("active", None)


def test_take_up_ended_support_needs_a_reason(records: Records) -> None:
    number = add_allocation(records, "tester", replace(BASE, status="completed"))
    assert change_allocation(records, "tester", number, 1, {"days_used": 10}).days_used == 10
    with pytest.raises(RecordRefused, match="this support is completed; taking it up again needs a reason"):
        change_allocation(records, "tester", number, 2, {"status": "active"})
    assert change_allocation(records, "tester", number, 2, {"status": "active"}, "Ended by mistake.").version == 3


@pytest.mark.parametrize(
    ("status", "end_date", "reason", "what"),
    [
        ("completed", date(2026, 12, 1), None, "ended"),
        ("ended early", date(2026, 12, 1), "A new trust.", "ended"),
        ("cancelled", None, "No longer needed.", "ended"),
        ("declined", None, "The school has its own.", "ended"),
        ("withdrawn", None, "Recorded for the wrong school.", "withdrawn"),
    ],
)
def test_end_allocation_writes_status_date_and_reason(
    records: Records, status: str, end_date: date | None, reason: str | None, what: str
) -> None:
    number = add_allocation(records, "tester", BASE)
    ended = end_allocation(records, "lead", number, 1, status, end_date, reason)
    assert (ended.status, ended.end_date, ended.status_reason) == (status, end_date or BASE.end_date, reason)
    entry = audit_trail(records)[0]
    assert (entry.who, entry.what, entry.reason) == ("lead", what, reason)
    assert active_allocations(records, date(2026, 11, 20)) == []


@pytest.mark.parametrize(
    ("version", "status", "end_date", "reason", "message"),
    [
        (1, "paused", date(2026, 12, 1), "why", "'paused' ends nothing"),
        (1, "completed", None, None, "its last day is missing"),
        (1, "ended early", None, "why", "its last day is missing"),
        (1, "ended early", date(2026, 12, 1), " ", "status_reason: ended early support needs a reason"),
        (1, "withdrawn", None, None, "withdrawn support needs a reason"),
        (1, "completed", date(2026, 8, 1), None, "before the start_date"),
        (2, "completed", date(2026, 12, 1), None, "after you opened it"),
    ],
)
def test_end_allocation_is_refused(
    records: Records, version: int, status: str, end_date: date | None, reason: str | None, message: str
) -> None:
    number = add_allocation(records, "tester", BASE)
    with pytest.raises(RecordRefused, match=message):
        end_allocation(records, "tester", number, version, status, end_date, reason)
    assert allocations(records)[0].version == 1


def test_end_what_is_not_there_is_not_found(records: Records) -> None:
    with pytest.raises(NotFound):
        end_allocation(records, "tester", 1, 1, "completed", date(2026, 12, 1), None)


def test_add_allocations_adds_all(records: Records) -> None:
    assert add_allocations(records, "tester", [BASE, replace(BASE, urn="900002")]) == 2
    assert len(audit_trail(records)) == 2
    assert add_allocations(records, "tester", []) == 0


def test_add_allocations_with_faults_adds_none_and_tells_all(records: Records) -> None:
    several = [BASE, replace(BASE, urn="1"), replace(BASE, days_used=-1, system_leader_id=4)]
    with pytest.raises(RecordRefused, match="None of the 3 allocations was added") as error:
        add_allocations(records, "tester", several)
    assert refused(error) == ["number 2, urn", "number 3, system_leader_id", "number 3, days_used"]
    assert allocations(records) == []
    assert audit_trail(records) == []
