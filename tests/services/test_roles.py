"""Every role at every service: nobody is shown people whom they may not see, nor what is another LA's."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from risk_model.casework import NewAllocation, allocations, audit_trail, meetings, one_meeting, system_leaders
from risk_model.domain.errors import NotAllowed, NotFound, RiskModelError
from risk_model.domain.viewer import RIGHTS_OF, Right, Role, Viewer, local_viewer
from risk_model.services.agenda import agenda_for
from risk_model.services.at_risk import (
    JUDGEMENT_FILTERS,
    ListFilters,
    narrowed,
    school_list,
    screen_table,
    table_for,
)
from risk_model.services.copy import Copy, cut_copy, open_reader
from risk_model.services.core_groups import Group
from risk_model.services.deciding import Decision, decide
from risk_model.services.meeting_acts import prepare_meeting
from risk_model.services.overview import overview
from risk_model.services.scope import Scope
from risk_model.services.support_changes import add_support
from tests.services.rights_kit import FOR_ANY_ROLE, GUARDED, arguments

# how the invented LA calls its people
PEOPLE = re.compile(r"System leader \d\d|adviser \d|Head \d\d")
DAY = date(2026, 12, 7)
VIEWER = Viewer("Viewer", RIGHTS_OF[Role.VIEWER], la_codes=frozenset({"999"}))


def texts(told: object) -> Iterator[str]:
    """Every text of an answer, however deep."""
    if isinstance(told, pd.DataFrame):
        yield told.to_csv()
    elif isinstance(told, bytes):
        yield told.decode("utf-8", "replace")
    elif is_dataclass(told) and not isinstance(told, type):
        for field in fields(told):
            yield from texts(getattr(told, field.name))
    elif isinstance(told, Mapping):
        for key, value in told.items():
            yield from texts(key)
            yield from texts(value)
    elif isinstance(told, list | tuple | set | frozenset):
        for one in told:
            yield from texts(one)
    else:
        yield str(told)


@pytest.mark.parametrize("function", GUARDED)
def test_who_sees_figures_alone_is_told_of_nobody(function: Callable[..., Any], own_copy: Copy, tmp_path: Path) -> None:
    try:
        told = function(*arguments(function, VIEWER, own_copy, tmp_path))
    except (RiskModelError, AttributeError, TypeError):
        # refused; or asked with nothing to work on, after it has let them in
        return
    if function.__name__ not in SAME_FOR_ALL:
        assert not sorted({found for text in texts(told) for found in PEOPLE.findall(text)})


def test_who_sees_figures_alone_is_told_of_no_judgement_that_people_made(demo_copy: Copy) -> None:
    scope = Scope("999")
    assert (screen_table(school_list(local_viewer(), demo_copy, scope))["Core group agreed"] != "none").any()
    schools = school_list(VIEWER, demo_copy, scope)
    table = screen_table(schools)
    assert set(table["Adviser's view"]) == set(table["Core group agreed"]) == {"none"}
    assert schools["adviser_review_by"].isna().all()
    assert overview(VIEWER, demo_copy, scope).adviser_disagrees == 0
    for judgement in JUDGEMENT_FILTERS:
        assert narrowed(schools, ListFilters(judgement=judgement)).empty


def test_the_list_has_no_columns_of_what_is_not_shown(demo_copy: Copy) -> None:
    people = {"Adviser's view", "Core group agreed"}
    for viewer, judgement in ((VIEWER, None), (VIEWER, "adviser disagrees"), (local_viewer(), None)):
        schools = school_list(viewer, demo_copy, Scope("999"))
        shown = set(table_for(viewer, schools, ListFilters(judgement=judgement)).columns)
        assert set(screen_table(schools).columns) - shown == (people if viewer is VIEWER else set())


ELSEWHERE = Viewer("Lead of another LA", RIGHTS_OF[Role.LEAD] | {Right.LOAD}, la_codes=frozenset({"998"}))
# what one LA's schools are called in the demo, and what is judged of them
JUDGED = re.compile(r"System leader \d\d|adviser \d|Head \d\d|unlikely|uncertain")
# They tell of the rules, of how good they are, of how to fill in a file: the same to every reader of this copy.
SAME_FOR_ALL = {
    "templates",
    "held_kinds",
    "guide_walks",
    "glossary",
    "looked_up",
    "rule_catalogue",
    "chosen_rule_set",
    "sandbox_controls",
    "transparency_record",
    "model_card",
    "model_figures",
    "observed_rates",
    "observed_rate",
    "backtest",
}


@pytest.fixture
def cut_away(own_copy: Copy) -> Iterator[Copy]:
    reader = open_reader(own_copy.data, own_copy.build.build_id, ELSEWHERE.la_codes)
    try:
        yield cut_copy(own_copy, reader, ELSEWHERE.la_codes)
    finally:
        reader.close()


@pytest.mark.parametrize("function", GUARDED)
def test_who_is_of_another_la_is_told_of_no_judgement_and_no_record(
    function: Callable[..., Any], own_copy: Copy, cut_away: Copy, tmp_path: Path
) -> None:
    if function.__name__ in {*SAME_FOR_ALL, "overview"}:
        return
    given = arguments(function, ELSEWHERE, own_copy, tmp_path)
    try:
        told = function(*(cut_away if one is own_copy else one for one in given))
    except (RiskModelError, AttributeError, TypeError):
        return
    assert not sorted({found for text in texts(told) for found in JUDGED.findall(text)})


def test_another_las_overview_counts_none_of_the_schools(cut_away: Copy) -> None:
    seen = overview(ELSEWHERE, cut_away, Scope())
    assert seen.schools == 0
    assert not any(count for tile in seen.tiles for count in tile.counts.values())


def test_what_the_la_records_stays_in_the_la(cut_away: Copy, own_copy: Copy) -> None:
    assert allocations(own_copy.records)
    assert meetings(own_copy.records)
    assert not allocations(cut_away.records)
    assert not meetings(cut_away.records)
    assert not system_leaders(cut_away.records)
    assert audit_trail(own_copy.records)
    assert not audit_trail(cut_away.records)
    with pytest.raises(NotFound):
        one_meeting(cut_away.records, 1)
    with pytest.raises(NotAllowed):
        add_support(ELSEWHERE, cut_away, NewAllocation("999", "900001", "LA team", "Finance"))


def test_its_own_la_loses_nothing_by_the_cut(own_copy: Copy) -> None:
    codes = frozenset({"999"})
    with closing(open_reader(own_copy.data, own_copy.build.build_id, codes)) as reader:
        own = cut_copy(own_copy, reader, codes)
        assert allocations(own.records) == allocations(own_copy.records)
        assert meetings(own.records) == meetings(own_copy.records)
        assert audit_trail(own.records, limit=10_000) == audit_trail(own_copy.records, limit=10_000)
        for table in (*JUDGED_TABLES, "measure_values"):
            asked = f"select count(*) as n from {table}"
            assert own.reader.rows(asked) == own_copy.reader.rows(asked)


JUDGED_TABLES = (
    "schools_at_risk", "statement_levels", "levels", "outcomes", "rule_outcomes", "score_points",
    "held_evidence", "current_values",
)  # fmt: skip


@pytest.mark.parametrize("table", JUDGED_TABLES)
def test_what_is_judged_of_a_school_is_not_in_another_las_copy(table: str, cut_away: Copy, own_copy: Copy) -> None:
    asked = f"select count(*) as n from {table}"
    assert own_copy.reader.rows(asked)[0]["n"]
    assert cut_away.reader.rows(asked)[0]["n"] == 0


@pytest.mark.parametrize("of", ["measure_id = 'outcomes_level_score'", "source_id = 'governance'"])
def test_a_level_put_as_a_figure_and_a_figure_that_an_la_holds_stay_in_the_la(
    of: str, cut_away: Copy, own_copy: Copy
) -> None:
    asked = f"select count(*) as n from measure_values where {of}"
    assert own_copy.reader.rows(asked)[0]["n"]
    assert cut_away.reader.rows(asked)[0]["n"] == 0


def test_what_is_published_of_schools_is_there_for_all(cut_away: Copy, own_copy: Copy) -> None:
    asked = "select count(*) as n, count(value) as known from measure_values where source_id = 'ks2'"
    assert cut_away.reader.rows(asked) == own_copy.reader.rows(asked)
    assert cut_away.reader.rows(asked)[0]["known"]


HEAD = Viewer("Head", la_codes=frozenset({"999"}), own_urns=frozenset({"900002"}))
MEMBER = Viewer("Member", la_codes=frozenset({"999"}), localities=frozenset({("999", "Isterport")}))
CHAIR = replace(MEMBER, name="Chair", chairs=MEMBER.localities)
ADMIN = Viewer("Admin", RIGHTS_OF[Role.ADMIN], la_codes=None)
# what each may ask for although they read nothing of the LA: their own things, and nothing of the school 900001
OWN = {
    "Head": {"letters_to_my_school", "my_letter_document", "my_letter_file", "licence_line"},
    "Member": {"own_groups", "open_meetings", "licence_line"},
    "Chair": {"require_chair", "outcome_choices"},
    "Admin": {one.values[0].__name__ for one in GUARDED if "Right.ADMIN" in inspect.getsource(one.values[0])},
}


@pytest.mark.parametrize("viewer", [HEAD, MEMBER, CHAIR, ADMIN], ids=lambda one: one.name)
def test_who_reads_nothing_of_the_la_is_refused_by_every_service_but_their_own(
    viewer: Viewer, own_copy: Copy, tmp_path: Path
) -> None:
    answered = set()
    for one in GUARDED:
        function = one.values[0]
        given = arguments(function, viewer, own_copy, tmp_path)
        try:
            function(*given)
        except NotAllowed:
            continue
        except (RiskModelError, TypeError):
            pass
        answered.add(function.__name__)
    assert answered <= FOR_ANY_ROLE | OWN[viewer.name] | ({*OWN["Member"]} if viewer is CHAIR else set())


def test_a_chair_decides_in_their_own_group_and_no_other(own_copy: Copy) -> None:
    group = Group("999", "Isterport", "Isterport")
    other = Group("999", "Alder Valley", "Alder Valley")
    for one, may in ((group, True), (other, False)):
        lines = agenda_for(local_viewer(), own_copy, one, DAY)[:1]
        number = prepare_meeting(local_viewer(), own_copy, one, DAY, "Chair", lines)
        decision = Decision(number, lines[0].urn, "no change - monitor", reason="As before.")
        if may:
            decide(CHAIR, own_copy, decision)
            assert one_meeting(own_copy.records, number).outcomes
        else:
            with pytest.raises(NotAllowed):
                decide(CHAIR, own_copy, decision)
            assert not one_meeting(own_copy.records, number).outcomes
        with pytest.raises(NotAllowed):
            decide(MEMBER, own_copy, decision)
