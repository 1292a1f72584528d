"""What every page shares: finding a school, the watch list, and what changed since when."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from risk_model.casework import NewMeeting, add_meeting_with_agenda
from risk_model.domain.errors import NotFound, RecordRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import RIGHTS_OF, Role, Viewer, local_viewer
from risk_model.rules.reader import read_rules
from risk_model.services.at_risk import school_list
from risk_model.services.copy import Copy, opened
from risk_model.services.overview import overview
from risk_model.services.school_search import find_schools
from risk_model.services.scope import Scope
from risk_model.services.since import changes_since, since_points
from risk_model.services.watching import start_watching, stop_watching, watch_list

WHO = local_viewer()
LA = Scope("999")


def _first(text: str, copy: Copy) -> str:
    return find_schools(WHO, copy, text).schools[0].name


def test_a_school_is_found_by_name_urn_laestab_and_postcode(demo_copy: Copy) -> None:
    rows = demo_copy.reader.rows("select * from schools where name = 'Alder Bank Primary School'")
    school = rows[0]
    for typed in ("alder bank", "  ALDER   bank", school["urn"], school["laestab"], school["postcode"]):
        assert _first(typed, demo_copy) == "Alder Bank Primary School"
    # with the blank of the postcode left out, in small letters
    assert _first(school["postcode"].replace(" ", "").lower(), demo_copy) == "Alder Bank Primary School"
    assert _first(school["laestab"].replace("/", ""), demo_copy) == "Alder Bank Primary School"


def test_names_that_begin_so_come_before_those_that_have_it_inside(demo_copy: Copy) -> None:
    found = find_schools(WHO, demo_copy, "primary")
    assert len(found.schools) == 8
    assert found.count > 100
    begun = [one.name.lower().startswith("hazel") for one in find_schools(WHO, demo_copy, "hazel").schools]
    assert begun == sorted(begun, reverse=True)
    assert any(begun)


@pytest.mark.parametrize("text", ["", " ", "a", "-", "zzzz", "%", "_", "' or 1=1 --", "<b>", "9" * 5000])
def test_what_is_no_school_finds_none(text: str, demo_copy: Copy) -> None:
    assert find_schools(WHO, demo_copy, text).count == 0


def test_each_viewer_has_a_watch_list_of_their_own(own_copy: Copy) -> None:
    other = replace(WHO, name="Adviser 2")
    start_watching(WHO, own_copy, "900001")
    assert watch_list(WHO, own_copy) == {"900001"}
    assert watch_list(other, own_copy) == frozenset()
    stop_watching(other, own_copy, "900001")
    assert watch_list(WHO, own_copy) == {"900001"}
    with pytest.raises(RecordRefused):
        start_watching(WHO, own_copy, "900001")
    stop_watching(WHO, own_copy, "900001")
    assert watch_list(WHO, own_copy) == frozenset()
    with pytest.raises(NotFound):
        start_watching(WHO, own_copy, "123456")


def test_changes_since_the_build_before_are_those_that_the_build_itself_says(demo_copy: Copy) -> None:
    schools = school_list(WHO, demo_copy, LA)
    found = changes_since(WHO, demo_copy, LA, schools)
    assert found.since is not None
    assert found.since.key == "build-1"
    told = {(one.urn, one.statement, one.direction) for one in found.moved if one.direction != "otherwise"}
    rows = demo_copy.reader.rows(
        "select urn, statement, direction from statement_levels where direction in ('worse', 'better')"
    )
    assert told == {(row["urn"], row["statement"], row["direction"]) for row in rows}


def test_newly_flagged_schools_are_priority_now_and_were_not(demo_copy: Copy) -> None:
    schools = school_list(WHO, demo_copy, LA)
    found = changes_since(WHO, demo_copy, LA, schools)
    now = set(schools.loc[schools["priority"] == "priority", "urn"])
    assert found.flagged
    assert set(found.flagged) <= now
    assert not set(found.unflagged) & now


def test_the_overview_tells_apart_whom_no_rule_can_make_known(demo_copy: Copy) -> None:
    core = [rule for rule in read_rules().rules if rule.statement == "outcomes" and rule.core]
    covered = {str(phase) for rule in core for phase in rule.phases}
    schools = school_list(WHO, demo_copy, Scope("999"))
    unknown = schools[schools["priority"] == "find out"]
    beyond = unknown[~unknown["phase"].isin(covered)]
    assert 0 < len(beyond) < len(unknown)
    assert (
        f"find out about {len(unknown)} schools with not enough evidence ({len(beyond)} of them of a phase whose "
        f"outcomes the rules cannot judge: {', '.join(sorted(set(beyond['phase'])))})"
    ) in overview(WHO, demo_copy, Scope("999")).sentence


def test_a_scope_tells_of_its_own_schools_alone(demo_copy: Copy) -> None:
    scope = Scope("999", locality="Brackenside")
    schools = school_list(WHO, demo_copy, scope)
    found = changes_since(WHO, demo_copy, scope, schools)
    assert {one.urn for one in found.moved} <= set(schools["urn"])
    assert (found.new, found.gone) == (0, 0)
    assert all("Brackenside" in one.words for one in since_points(WHO, demo_copy, scope) if "meeting" in one.key)


def test_a_meeting_is_told_against_the_build_that_stood_on_its_day(own_copy: Copy) -> None:
    held = NewMeeting("999", "Brackenside", date(2026, 6, 1))
    number = add_meeting_with_agenda(own_copy.records, "tester", held, [])
    early = NewMeeting("999", "Brackenside", date(2026, 1, 15))
    too_early = add_meeting_with_agenda(own_copy.records, "tester", early, [])
    points = {one.key: one for one in since_points(WHO, own_copy, Scope("999", locality="Brackenside"))}
    assert points[f"meeting-{number}"].build_id == points["build-1"].build_id
    assert f"meeting-{too_early}" not in points
    sees_figures = Viewer("Viewer", RIGHTS_OF[Role.VIEWER], la_codes=frozenset({"999"}))
    told = since_points(sees_figures, own_copy, Scope("999", locality="Brackenside"))
    assert [one.key for one in told] == [key for key in points if key.startswith("build")]
    seen = overview(WHO, own_copy, Scope("999", locality="Brackenside"), f"meeting-{number}")
    assert "Since the Brackenside core group of 1 June 2026 (build 1)" in seen.sentence


@pytest.mark.parametrize("key", [None, "build-99", "<b>", "meeting-0"])
def test_a_point_that_there_is_not_is_told_as_the_build_before(key: str | None, demo_copy: Copy) -> None:
    found = changes_since(WHO, demo_copy, LA, school_list(WHO, demo_copy, LA), key)
    assert found.since is not None
    assert found.since.key == "build-1"


def test_a_first_build_has_nothing_to_compare_with(small_data: DataDir) -> None:
    with opened(small_data) as copy:
        scope = Scope("850")
        found = changes_since(WHO, copy, scope, school_list(WHO, copy, scope))
        sentence = overview(WHO, copy, scope).sentence
    assert found.since is None
    assert found.moved == ()
    assert "Since" not in sentence


def _then(data: DataDir, said: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """What is kept of the first build says something else."""
    (path,) = (data.builds / "flags").glob("flags_00001*.parquet")
    pq.write_table(pa.Table.from_pandas(said(pq.read_table(path).to_pandas()), preserve_index=False), path)
    description = path.with_suffix(".json")
    told = json.loads(description.read_text("utf-8"))
    told["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    description.write_text(json.dumps(told), "utf-8")


def test_a_level_to_or_from_not_enough_evidence_is_said_to_have_moved(own_data: DataDir) -> None:
    with opened(own_data) as copy:
        schools = school_list(WHO, copy, LA).set_index("urn")
        urn = next(iter(schools.index[schools["outcomes_level"] != "not enough evidence"]))

        def as_now(then: pd.DataFrame) -> pd.DataFrame:
            now = schools.loc[then["urn"]]
            for column in ("priority", "outcomes_level", "leadership_level", "inspection_level"):
                then[column] = list(now[column])
            return then

        _then(own_data, as_now)
        assert overview(WHO, copy, LA).sentence.startswith("Since 30 April 2026 (build 1): nothing has moved. ")

        def but_one(then: pd.DataFrame) -> pd.DataFrame:
            as_now(then).loc[then["urn"] == urn, "outcomes_level"] = "not enough evidence"
            return then

        _then(own_data, but_one)
        expected = "Since 30 April 2026 (build 1): 1 school with a level to or from not enough evidence. "
        assert overview(WHO, copy, LA).sentence.startswith(expected)


def test_a_new_school_that_is_flagged_is_counted(own_data: DataDir) -> None:
    with opened(own_data) as copy:
        schools = school_list(WHO, copy, LA)
        new = [*schools["urn"][schools["priority"] == "priority"][:1], *schools["urn"][-2:]]
        _then(own_data, lambda then: then[~then["urn"].isin(new)])
        seen = overview(WHO, copy, LA)
    assert (seen.changes.new, seen.changes.gone) == (3, 0)
    assert "3 schools new in this build (1 of them flagged)" in seen.sentence
    assert not set(new) & set(seen.changes.flagged)


def test_what_was_kept_and_is_damaged_is_said_and_the_rest_stays(own_data: DataDir) -> None:
    for path in (own_data.builds / "flags").glob("flags_00001*.parquet"):
        path.write_bytes(b"not parquet")
    with opened(own_data) as copy:
        seen = overview(WHO, copy, LA)
    assert "cannot be said" in seen.sentence
    assert "72 of 259 schools" in seen.sentence
    assert seen.changes.damage
