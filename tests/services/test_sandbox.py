"""The sandbox: what it says is what a build by these rules says; it touches nothing; and it counts right."""

from pathlib import Path

import pandas as pd
import pytest

from risk_model.casework import active_allocations
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.rules.changing import Change
from risk_model.rules.reader import parse_rules, read_rules
from risk_model.rules.sandbox_numbers import read_sandbox_numbers
from risk_model.scoring.held_rules import held_rule_set
from risk_model.scoring.sandbox import bench
from risk_model.services.comparing_rules import (
    ENTERS,
    LEAVES,
    NOT_KNOWN,
    RuleComparison,
    about_moves,
    compare_chosen,
    compare_rule_sets,
    work_in_days,
)
from risk_model.services.copy import Copy, opened
from risk_model.services.preparing import build_now
from risk_model.services.rules import FILES, SHOWN
from risk_model.services.sandbox import (
    changes_in_words,
    entitlement_days,
    entitlement_texts,
    firmness,
    number_tried,
    read_changes,
    read_entitlement,
    sandbox_controls,
    trial_rules,
    try_changes,
    with_number,
)
from risk_model.services.scope import Scope

WHO = local_viewer()
LA = Scope("999")
# many enter by the first two, many leave by the others
CODES = ["outcomes.uncertain_points:1", "outcomes.unlikely_points:2.5", "O10.off", "N3.off", "L2.off"]


def read(copy: Copy, *codes: str) -> tuple[Change, ...]:
    found = read_changes(WHO, copy, codes)
    assert not found.refused
    return found.changes


def tried(copy: Copy, *codes: str, scope: Scope = LA) -> RuleComparison:
    return try_changes(WHO, copy, scope, read(copy, *codes))


def places(copy: Copy) -> "pd.Series[str]":
    return copy.reader.frame("select urn, priority from schools_at_risk order by urn").set_index("urn")["priority"]


def levels(copy: Copy) -> pd.DataFrame:
    return copy.reader.frame("select urn, statement, level, points from statement_levels order by urn, statement")


# the same as a build


@pytest.mark.parametrize("scope", [LA, Scope(), Scope("999", phase="secondary"), Scope("850")])
def test_the_builds_own_rules_give_the_builds_own_levels_again(scope: Scope, demo_copy: Copy) -> None:
    with bench(demo_copy.build, scope.params) as one:
        built, judged = one.built(), one.judged(held_rule_set(demo_copy.reader))
        assert len(built.places) == (0 if scope.la_code == "850" else len(judged.places))
        pd.testing.assert_frame_equal(built.places, judged.places)
        pd.testing.assert_frame_equal(built.levels, judged.levels)
        pd.testing.assert_frame_equal(built.outcomes, judged.outcomes)
        assert (scope.la_code == "850") == built.places.empty


def test_judging_twice_by_other_rules_between_gives_the_same_again(demo_copy: Copy) -> None:
    rules = held_rule_set(demo_copy.reader)
    other = parse_rules(trial_rules(WHO, demo_copy, read(demo_copy, *CODES)))
    with bench(demo_copy.build, LA.params) as one:
        first = one.judged(rules)
        assert not one.judged(other).places.equals(first.places)
        again = one.judged(rules)
        pd.testing.assert_frame_equal(first.places, again.places)
        pd.testing.assert_frame_equal(first.outcomes, again.outcomes)


def test_the_sandbox_says_what_a_build_by_the_saved_rules_says(own_data: DataDir, tmp_path: Path) -> None:
    path = tmp_path / "trial.toml"
    with opened(own_data) as copy:
        changes = read(copy, *CODES)
        seen = try_changes(WHO, copy, LA, changes)
        before = places(copy)
        path.write_text(trial_rules(WHO, copy, changes), "utf-8")
        as_at = copy.build.as_at
        with bench(copy.build, Scope().params) as one:
            judged = one.judged(parse_rules(path.read_text("utf-8")))
    build_now(WHO, own_data, as_at, path)
    with opened(own_data) as copy:
        assert copy.build.rule_set == f"{read_rules().rule_set} trial"
        assert held_rule_set(copy.reader) == parse_rules(path.read_text("utf-8"))
        after = places(copy)
        pd.testing.assert_frame_equal(levels(copy), judged.levels)
    entered = after.index[after.eq("priority") & before.ne("priority")]
    left = after.index[after.ne("priority") & before.eq("priority")]
    assert set(seen.moves.loc[seen.moves["Move"] == ENTERS, "URN"]) == set(entered)
    assert set(seen.moves.loc[seen.moves["Move"] == LEAVES, "URN"]) == set(left)
    assert (seen.before, seen.after) == (int(before.eq("priority").sum()), int(after.eq("priority").sum()))
    assert seen.enters > 0
    assert seen.leaves > 0


# it touches nothing


def test_trying_changes_neither_the_rules_nor_the_build_nor_the_records(own_copy: Copy) -> None:
    files = {path: path.read_bytes() for path in own_copy.data.builds.iterdir() if path.is_file()}
    rules = Path("risk_model/rules")
    before = {path.name: path.read_bytes() for path in rules.glob("*.toml")}
    changes = read(own_copy, *CODES)
    try_changes(WHO, own_copy, LA, changes)
    firmness(WHO, own_copy, LA, changes[:2])
    trial_rules(WHO, own_copy, changes)
    assert {path: path.read_bytes() for path in own_copy.data.builds.iterdir() if path.is_file()} == files
    assert {path.name: path.read_bytes() for path in rules.glob("*.toml")} == before


# counts


def test_groups_add_up_to_the_schools_and_to_who_enters_and_leaves(demo_copy: Copy) -> None:
    seen = tried(demo_copy, *CODES)
    assert set(seen.groups) == {"Phase", "Locality", "FSM fifth"}
    for table in seen.groups.values():
        assert int(table["Schools"].sum()) == seen.schools == 259
        assert int(table["Before"].sum()) == seen.before
        assert int(table["After"].sum()) == seen.after
        assert int(table["Enter"].sum()) == seen.enters
        assert int(table["Leave"].sum()) == seen.leaves
    assert seen.after == seen.before + seen.enters - seen.leaves


def test_a_fifth_is_of_the_schools_of_the_phase_and_a_school_without_a_share_is_not_known(demo_copy: Copy) -> None:
    shares = demo_copy.reader.frame(
        "select v.urn, s.phase_group, v.value, v.measured_on, v.period from measure_values as v "
        "inner join schools as s on s.urn = v.urn where v.measure_id = 'fsm6_pct' and v.value is not null"
    )
    latest = shares.sort_values(["measured_on", "period"]).groupby("urn").last()
    # places from 0 to 1 among the others, equal shares at the first of their places; a second way to SQL's percent_rank
    rank = latest.groupby("phase_group")["value"].rank(method="min") - 1
    others = latest.groupby("phase_group")["value"].transform("size") - 1
    fifths = ((rank / others.where(others > 0)).where(others > 0, 0) * 5).astype(int).clip(upper=4) + 1
    names = {1: "1, the fewest", 2: "2", 3: "3", 4: "4", 5: "5, the most"}
    moves = tried(demo_copy, *CODES).moves
    expected = [names[fifths[urn]] if urn in fifths.index else NOT_KNOWN for urn in moves["URN"]]
    assert list(moves["FSM fifth"]) == expected


def test_a_move_says_which_levels_and_which_rules(demo_copy: Copy) -> None:
    moves = tried(demo_copy, "O10.off").moves
    assert len(moves)
    assert moves["Rules"].str.contains("O10").all()
    assert moves["Levels"].str.contains("→").all()
    assert list(moves["Move"]) == sorted(moves["Move"], key=["enters", "leaves", "moves"].index)


def test_nothing_tried_moves_nobody(demo_copy: Copy) -> None:
    seen = tried(demo_copy)
    assert seen.moves.empty
    assert seen.differences.empty
    assert seen.sentence.startswith("No school of 259 moves")


def test_a_scope_without_schools_stands(demo_copy: Copy) -> None:
    seen = tried(demo_copy, "O10.off", scope=Scope("850"))
    assert (seen.schools, seen.before, seen.after) == (0, 0, 0)
    work = work_in_days(WHO, demo_copy, Scope("850"), seen)
    assert work.sentence.startswith("0 schools, 0 adviser days")


# work


def test_the_work_is_days_for_maintained_schools_beside_those_that_are_planned(demo_copy: Copy) -> None:
    seen = tried(demo_copy, "O10.off")
    after = {row["URN"]: row["Place after"] for row in seen.moves.to_dict("records")}
    schools = demo_copy.reader.frame(
        "select s.urn, s.route, r.priority from schools as s inner join "
        "schools_at_risk as r on r.urn = s.urn where s.la_code = '999'"
    )
    schools["after"] = [after.get(urn, place) for urn, place in zip(schools["urn"], schools["priority"], strict=True)]
    flagged = schools[schools["after"] == "priority"]
    maintained = set(flagged.loc[flagged["route"] == "LA support", "urn"])
    active = active_allocations(demo_copy.records, demo_copy.build.as_at, la_code="999")
    planned = sum(one.days_planned or 0 for one in active if one.urn in maintained)
    days = read_sandbox_numbers().days["priority"]
    work = work_in_days(WHO, demo_copy, LA, seen)
    assert (work.schools, work.maintained) == (len(flagged), len(maintained))
    assert work.days == len(maintained) * days
    assert work.planned == planned > 0
    said = f"{len(flagged)} schools, {len(maintained) * days:g} adviser days; {planned:g} are planned."
    assert work.sentence.startswith(said)
    assert int(work.table["Schools after"].sum()) == 259
    assert int(work.table["Schools before"].sum()) == 259


def test_other_days_are_reckoned_with_and_nothing_else(demo_copy: Copy) -> None:
    seen = tried(demo_copy)
    own = work_in_days(WHO, demo_copy, LA, seen, {"priority": 2.0})
    declared = work_in_days(WHO, demo_copy, LA, seen)
    assert own.days == own.maintained * 2
    assert own.maintained == declared.maintained
    rows = zip(own.table["Days after"][1:], declared.table["Days after"][1:], strict=True)
    assert all(one == other for one, other in rows)


@pytest.mark.parametrize(
    "text", ["", "priority", "priority:", "priority:-1", "priority:999", "nobody:2", "priority:1e2"]
)
def test_days_that_a_link_cannot_say_are_left_out(text: str) -> None:
    assert read_entitlement([text]) == {}


def test_days_stand_in_a_link_where_they_are_not_as_declared() -> None:
    declared = {place: days for place, (days, _) in entitlement_days(WHO).items()}
    assert entitlement_texts(declared) == []
    assert read_entitlement(entitlement_texts({**declared, "find out": 2.5})) == {"find out": 2.5}


# how firm


def test_the_list_is_judged_with_each_number_a_little_lower_and_higher(demo_copy: Copy) -> None:
    changes = read(demo_copy, "outcomes.uncertain_points:1.5", "O10.off", "O10.1.points:1")
    seen = firmness(WHO, demo_copy, LA, changes)
    assert list(seen.table["Moved to"]) == [1.0, 2.0]
    for _, row in seen.table.iterrows():
        by_hand = tried(demo_copy, f"outcomes.uncertain_points:{row['Moved to']:g}", "O10.off")
        assert row["Schools"] == by_hand.after
    now = tried(demo_copy, "outcomes.uncertain_points:1.5", "O10.off").after
    assert seen.at_least == min(now, *seen.table["Schools"])
    assert seen.at_most == max(now, *seen.table["Schools"])
    assert seen.always <= seen.at_least
    assert list(now + seen.table["Enter"] - seen.table["Leave"]) == list(seen.table["Schools"])


def test_without_a_number_there_is_nothing_to_move(demo_copy: Copy) -> None:
    seen = firmness(WHO, demo_copy, LA, read(demo_copy, "O10.off"))
    assert seen.table.empty
    assert "Change a threshold" in seen.sentence


def test_a_number_that_cannot_go_lower_is_moved_the_other_way_alone(demo_copy: Copy) -> None:
    seen = firmness(WHO, demo_copy, LA, read(demo_copy, "outcomes.min_coverage:0.01"))
    assert list(seen.table["Moved to"]) == [0.06]


# reading what is tried


def test_what_does_not_fit_is_left_out_and_told(demo_copy: Copy) -> None:
    found = read_changes(WHO, demo_copy, ["O1.2.value:-6", "nonsense", "O99.off", "O1.2.value:-7"])
    assert [one.code for one in found.changes] == ["O1.2.value:-6"]
    assert len(found.refused) == 3


def test_a_link_cannot_ask_for_endless_work(demo_copy: Copy) -> None:
    found = read_changes(WHO, demo_copy, ["O1.2.value:-6"] + ["nonsense"] * 1000)
    assert len(found.refused) == 40
    assert found.refused[-1] == "At most 40 changes are tried at once."


def test_every_number_of_the_rules_can_be_tried_and_taken_back(demo_copy: Copy) -> None:
    controls = sandbox_controls(WHO, demo_copy)
    in_force = read_rules().on(demo_copy.build.as_at)
    assert list(controls) == [*(rule.id for rule in in_force), "outcomes", "leadership", "inspection"]
    for control in controls.values():
        for number in control.numbers:
            assert number_tried([], number) == number.value
            codes = with_number(["O1.off"], number, number.value + number.step)
            assert number_tried(codes, number) == pytest.approx(number.value + number.step)
            assert with_number(codes, number, number.value) == ["O1.off"]
            assert with_number(codes, number, None) == ["O1.off"]


def test_changes_are_told_in_words(demo_copy: Copy) -> None:
    was = next(one for one in read_rules().levels if one.id == "outcomes").unlikely_points
    assert changes_in_words(
        WHO, demo_copy, read(demo_copy, "O1.2.value:-6", "O4.off", "outcomes.unlikely_points:9")
    ) == [
        "O1, threshold 2: -6 instead of -5 percentage points",
        "O4 does not count: Disadvantaged pupils do worse than disadvantaged pupils nationally in primary school",
        f"Likely good outcomes for all children, unlikely from so many points: 9 instead of {was:g}",
    ]


# two rule sets


def test_comparing_the_other_way_round_turns_entering_into_leaving(demo_copy: Copy) -> None:
    rules = held_rule_set(demo_copy.reader)
    other = parse_rules(trial_rules(WHO, demo_copy, read(demo_copy, *CODES)))
    there = compare_rule_sets(WHO, demo_copy, LA, rules, other)
    back = compare_rule_sets(WHO, demo_copy, LA, other, rules)
    assert (there.enters, there.leaves) == (back.leaves, back.enters)
    assert set(there.moves["URN"]) == set(back.moves["URN"])
    assert len(there.differences) == len(back.differences) == len(CODES)


def test_an_uploaded_rule_set_takes_the_place_of_the_second(demo_copy: Copy) -> None:
    text = trial_rules(WHO, demo_copy, read(demo_copy, *CODES))
    seen = compare_chosen(WHO, demo_copy, LA, SHOWN, FILES, ("mine.toml", text.encode()))
    assert (seen.enters, seen.leaves) == (tried(demo_copy, *CODES).enters, tried(demo_copy, *CODES).leaves)
    assert compare_chosen(WHO, demo_copy, LA, SHOWN, FILES).moves.empty


def test_an_export_says_which_rules_and_what_differs(demo_copy: Copy) -> None:
    seen = tried(demo_copy, "O10.off")
    about = about_moves(WHO, demo_copy, seen)
    assert (
        about[0]
        == f"From rules {seen.before_name} to rules {seen.after_name}, on the figures of build 2 as at 20/11/2026"
    )
    assert seen.sentence in about
    assert any(line.startswith("O10, ") and line.endswith("in force → nothing") for line in about)
