"""Each school of the story is what its row says, in the published files."""

from collections.abc import Callable
from datetime import date

import pytest

from risk_model.demo import DEMO_AS_AT
from risk_model.demo.story import STORY, story_by_key

Rows = list[dict[str, str]]
ReadRows = Callable[..., Rows]

GIAS = "gias/edubasealldata20261102.csv"
NEWEST = "ofsted/2026-10-31_latest_inspections.csv"
Find = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def urns(read: ReadRows) -> dict[str, str]:
    by_name = {row["EstablishmentName"]: row["URN"] for row in read(GIAS, "cp1252")}
    return {school.key: by_name[school.name] for school in STORY}


@pytest.fixture(scope="session")
def find(read: ReadRows, urns: dict[str, str]) -> Find:
    """A school's row in a file, by the key of the story."""

    def find_row(key: str, path: str, encoding: str = "utf-8-sig") -> dict[str, str]:
        return next(row for row in read(path, encoding) if row.get("URN") == urns[key])

    return find_row


def _share(row: dict[str, str], column: str = "PTRWM_EXP") -> int:
    return int(row[column].rstrip("%"))


def _allocations(read: ReadRows, urn: str) -> list[dict[str, str]]:
    """A school's support; the days of its visits are counted with those used."""
    found = []
    for place, row in enumerate(read("records/allocations.csv"), start=1):
        visits = [float(visit["days"]) for visit in read("records/visits.csv") if visit["support"] == str(place)]
        if row["urn"] == urn:
            found.append(row | {"days_used": f"{float(row['days_used']) + sum(visits):g}"})
    return found


def test_story_has_twelve_schools_with_a_reason_each() -> None:
    assert len(STORY) == len(story_by_key()) == 12
    assert all(school.why for school in STORY)


def test_supported_school_is_weak_three_years_and_has_three_kinds_of_support(
    find: Find, read: ReadRows, urns: dict[str, str]
) -> None:
    for year in ("2022-2023", "2023-2024", "2024-2025"):
        assert _share(find("supported", f"ks2/{year}/999_ks2final.csv")) <= 41
    row = find("supported", NEWEST, "cp1252")
    assert row["Latest OEIF effectiveness of leadership and management"] == "3"
    assert float(find("supported", "absence/2024-2025/england_abs.csv")["PPERSABS10"]) > 20
    given = {(row["role"], row["days_planned"], row["days_used"]) for row in _allocations(read, urns["supported"])}
    assert ("NLE", "12", "8") in given
    assert {role for role, _, _ in given} == {"NLE", "SLE", "finance adviser"}


def test_weak_academy_has_no_support_and_no_referral(find: Find, read: ReadRows, urns: dict[str, str]) -> None:
    row = find("academy_unraised", "ks4/2023-2024/999_ks4final.csv")
    assert float(row["P8MEA"]) <= -0.5
    assert float(row["P8CIUPP"]) < 0
    assert row["P8_BANDING"] == "5"
    assert float(row["ATT8SCR"]) < 36
    assert not _allocations(read, urns["academy_unraised"])
    assert urns["academy_unraised"] not in {row["urn"] for row in read("records/referrals.csv")}


def test_weak_maintained_school_has_no_support(find: Find, read: ReadRows, urns: dict[str, str]) -> None:
    assert _share(find("unsupported", "ks2/2024-2025/999_ks2final.csv")) < 40
    group = find("unsupported", GIAS, "cp1252")["EstablishmentTypeGroup (name)"]
    assert group == "Local authority maintained schools"
    assert not _allocations(read, urns["unsupported"])


def test_supporter_falls_three_years_running_and_helps_another(
    find: Find, read: ReadRows, urns: dict[str, str]
) -> None:
    years = ("2018-2019", "2022-2023", "2023-2024", "2024-2025")
    shares = [_share(find("supporter_slipping", f"ks2/{year}/999_ks2final.csv")) for year in years]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == 4
    leader = read("records/system_leaders.csv")[0]
    assert leader["home_urn"] == urns["supporter_slipping"]
    assert leader["role"] == "NLE"
    helped = {row["urn"] for row in read("records/allocations.csv") if row["system_leader"] == leader["label"]}
    assert urns["supported"] in helped
    assert find("supporter_slipping", NEWEST, "cp1252")["Latest OEIF overall effectiveness"] == "1"


def test_one_academy_of_the_story_is_acknowledged_and_one_drafted(read: ReadRows, urns: dict[str, str]) -> None:
    found = {row["urn"]: row["status"] for row in read("records/referrals.csv")}
    assert (found[urns["academy_raised"]], found[urns["stuck"]]) == ("acknowledged", "drafted")


def test_tiny_school_is_mostly_suppressed(find: Find) -> None:
    years = ("2016-2017", "2017-2018", "2018-2019", "2022-2023", "2023-2024", "2024-2025")
    rows = [find("tiny", f"ks2/{year}/999_ks2final.csv") for year in years]
    assert all(int(row["TELIG"]) <= 8 for row in rows)
    assert sum(row["PTRWM_EXP"] == "SUPP" for row in rows) >= 4
    assert [row["PTRWM_EXP"] for row in rows[-2:]] == ["SUPP", "SUPP"]


def test_stale_support_has_had_no_update_for_a_hundred_days(read: ReadRows, urns: dict[str, str]) -> None:
    rows = _allocations(read, urns["stale_support"])
    assert len(rows) == 1
    assert rows[0]["status"] == "active"
    assert (DEMO_AS_AT - date.fromisoformat(rows[0]["last_update"])).days > 100


def test_disadvantaged_pupils_do_better_than_all_nationally(find: Find) -> None:
    for year, england in (("2022-2023", 60), ("2023-2024", 61), ("2024-2025", 62)):
        row = find("disadvantaged_do_well", f"ks2/{year}/999_ks2final.csv")
        assert _share(row, "PTRWM_EXP_FSM6CLA1A") > england
        assert int(row["TFSM6CLA1A"]) >= 20


def test_leafy_school_falls_and_adds_little(find: Find) -> None:
    shares = [
        _share(find("leafy_and_falling", f"ks2/{year}/999_ks2final.csv"))
        for year in ("2022-2023", "2023-2024", "2024-2025")
    ]
    assert shares[0] > shares[1] > shares[2] > 62
    row = find("leafy_and_falling", "ks2/2022-2023/999_ks2final.csv")
    assert float(row["READPROG_UPPER"]) < 0
    assert float(row["MATPROG_UPPER"]) < 0


def test_safeguarding_not_met_is_a_category(find: Find) -> None:
    row = find("safeguarding", NEWEST, "cp1252")
    assert row["Safeguarding standards"] == "Not met"
    assert row["Category of concern"] == row["Most recent category of concern"] == "RSI"


def test_stuck_school_had_requires_improvement_before(find: Find) -> None:
    row = find("stuck", NEWEST, "cp1252")
    assert row["Leadership and governance"] == "Needs attention"
    assert row["Latest OEIF overall effectiveness"] == "3"


def test_inherited_school_has_its_predecessors_grade_only(find: Find) -> None:
    row = find("inherited_only", NEWEST, "cp1252")
    assert row["Does the latest OEIF graded inspection relate to the URN of the current school?"] == "No"
    assert int(row["URN at time of latest OEIF graded inspection"]) >= 905_001
    assert row["Inspection number of latest full inspection"] == "NULL"
