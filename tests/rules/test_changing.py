"""Trying other numbers: short texts, dated trials, and what cannot be tried."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.domain.errors import RulesRefused
from risk_model.domain.words import Statement
from risk_model.rules.changing import LEVEL_NUMBERS, THRESHOLD_NUMBERS, Change, changed, read_change
from risk_model.rules.differing import Difference, differences
from risk_model.rules.reader import Rule, RuleSet, Threshold, parse_rules, read_rules
from risk_model.rules.sandbox_numbers import read_sandbox_numbers
from risk_model.rules.writer import write_rules

RULES = read_rules()
DAY = date(2026, 11, 20)


def rule(rule_set: RuleSet, rule_id: str) -> Rule:
    return next(one for one in rule_set.rules if one.id == rule_id)


def tried(*codes: str) -> RuleSet:
    return changed(RULES, [read_change(code) for code in codes], DAY)


def in_force(one: Rule, day: date = DAY) -> list[Threshold]:
    return [threshold for threshold in one.threshold if threshold.in_force(day)]


NUMBERS = st.integers(-999_999_999, 999_999_999).map(lambda whole: whole / 1000)


@given(st.sampled_from(["O1", "L14", "N2"]), st.integers(1, 20), st.sampled_from(THRESHOLD_NUMBERS), NUMBERS)
def test_a_change_of_a_threshold_is_its_own_short_text(of: str, no: int, field: str, value: float) -> None:
    one = Change(of, no, field, value)
    assert read_change(one.code) == one


@given(st.sampled_from([str(one) for one in Statement]), st.sampled_from(LEVEL_NUMBERS), NUMBERS)
def test_a_change_of_a_level_is_its_own_short_text(of: str, field: str, value: float) -> None:
    one = Change(of, 0, field, value)
    assert read_change(one.code) == one


def test_a_rule_that_is_off_is_its_own_short_text() -> None:
    assert read_change("O4.off") == Change("O4", 0, "off")
    assert Change("O4", 0, "off").code == "O4.off"
    assert read_change("O1.2.value:-6.50").code == "O1.2.value:-6.5"
    assert read_change("O1.2.value:100").code == "O1.2.value:100"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "O1",
        "O1.2",
        "O1.2.value",
        "O1.2.value:",
        "O1.2.value:nan",
        "O1.2.value:inf",
        "O1.2.value:1e9",
        "O1.2.value:٣",
        "O1.2.value:1;drop table",
        "O1.2.why:1",
        "P1.2.value:1",
        "outcomes.2.value:1",
        "finance.unlikely_points:1",
        "outcomes.off",
        "O1.2.value:1\n",
        "<b>O1.2.value:1</b>",
    ],
)
def test_what_is_no_change_is_refused_in_words(code: str) -> None:
    with pytest.raises(RulesRefused, match="is not a change"):
        read_change(code)


def test_a_tried_threshold_begins_on_the_day_and_the_old_one_ends_before() -> None:
    before, after = rule(RULES, "O1"), rule(tried("O1.2.value:-6.5"), "O1")
    assert [one.value for one in in_force(after)] == [before.threshold[0].value, -6.5]
    old, new = after.threshold[1], after.threshold[2]
    assert (old.until, new.from_) == (DAY - timedelta(days=1), DAY)
    assert old.value == before.threshold[1].value
    # the day before is judged as it was judged
    assert [one.value for one in in_force(after, DAY - timedelta(days=1))] == [one.value for one in before.threshold]


def test_a_tried_number_says_that_it_is_a_trial_of_ours() -> None:
    new = in_force(rule(tried("O1.2.value:-6.5", "O1.2.points:1.5"), "O1"))[1]
    assert (new.value, new.points) == (-6.5, 1.5)
    assert new.why.startswith("A trial: value -6.5 instead of -5, points 1.5 instead of 1; our choice.")


def test_all_thresholds_of_a_rule_can_be_tried_at_once() -> None:
    after = rule(tried("O1.1.points:3", "O1.2.value:-6", "O1.2.points:1.5"), "O1")
    assert [(one.value, one.points) for one in in_force(after)] == [(0.0, 3.0), (-6.0, 1.5)]


def test_a_rule_that_is_off_is_retired_on_the_day_and_stays_readable() -> None:
    after = tried("O4.off", "O4.1.points:1")
    assert "O4" not in {one.id for one in after.on(DAY)}
    assert "O4" in {one.id for one in after.on(DAY - timedelta(days=1))}


def test_a_tried_level_says_so_and_has_another_name() -> None:
    after = tried("outcomes.unlikely_points:7.5", "outcomes.min_coverage:0.05")
    level = next(one for one in after.levels if one.id == "outcomes")
    assert (level.unlikely_points, level.min_coverage) == (7.5, 0.05)
    assert level.why.startswith("A trial: ")
    assert after.rule_set == f"{RULES.rule_set} trial"


def test_a_trial_of_a_long_name_is_named_in_as_many_letters_as_a_name_may_have() -> None:
    longest = RULES.model_copy(update={"rule_set": "n" * 60})
    after = changed(longest, [read_change("O1.2.value:-6")], DAY)
    assert after.rule_set == "n" * 54 + " trial"
    assert parse_rules(write_rules(after)) == after


def test_nothing_tried_is_the_very_same_rule_set() -> None:
    as_it_is = f"O1.2.value:{rule(RULES, 'O1').threshold[1].value:g}"
    assert tried() is RULES
    assert tried(as_it_is) is RULES


def test_the_rules_that_are_given_stay_as_they_are() -> None:
    before = write_rules(RULES)
    tried("O1.2.value:-6", "O4.off", "inspection.uncertain_points:2")
    assert write_rules(RULES) == before


def test_a_trial_can_be_saved_and_read_and_tried_again() -> None:
    after = tried("O1.2.value:-6", "O4.off", "outcomes.unlikely_points:5")
    again = parse_rules(write_rules(after))
    assert again == after
    # its third threshold is the one that was tried; a name is not made longer and longer
    twice = changed(again, [read_change("O1.3.value:-7")], DAY)
    assert in_force(rule(twice, "O1"))[1].value == -7
    assert twice.rule_set == after.rule_set


@pytest.mark.parametrize(
    ("codes", "says"),
    [
        (["O99.off"], "no such rule"),
        (["O1.9.value:1"], "has 2 thresholds"),
        (["O1.0.value:1"], "has 2 thresholds"),
        (["O1.1.points:9"], "not be valid"),
        (["outcomes.unlikely_points:-1"], "not be valid"),
        (["outcomes.min_coverage:50"], "not be valid"),
        (["O1.1.value:1", "O1.1.value:2"], "changed twice"),
    ],
)
def test_what_cannot_be_tried_is_refused_in_words(codes: list[str], says: str) -> None:
    with pytest.raises(RulesRefused, match=says):
        tried(*codes)


def test_a_rule_that_is_not_in_force_cannot_be_tried() -> None:
    retired = tried("O4.off")
    with pytest.raises(RulesRefused, match="no such rule"):
        changed(retired, [read_change("O4.1.value:1")], DAY)
    dated = tried("O1.2.value:-6")
    with pytest.raises(RulesRefused, match="not in force"):
        changed(dated, [read_change("O1.2.value:-7")], DAY)


# what differs


def test_equal_rule_sets_do_not_differ() -> None:
    assert differences(RULES, RULES, DAY) == []


def test_each_number_that_differs_is_named_with_both_values() -> None:
    was = next(one for one in RULES.levels if one.id == "outcomes").unlikely_points
    after = tried("O1.2.value:-6", "O4.off", f"outcomes.unlikely_points:{was + 1:g}")
    assert differences(RULES, after, DAY) == [
        Difference("outcomes", "unlikely points", f"{was:g}", f"{was + 1:g}"),
        Difference("O1", "threshold 2: value", "-5", "-6"),
        Difference("O4", rule(RULES, "O4").title, "in force", ""),
    ]
    # on the day before they are the same, but for what is not dated
    assert [one.of for one in differences(RULES, after, DAY - timedelta(days=1))] == ["outcomes", "O4"]


def test_differences_turn_round_with_the_rule_sets() -> None:
    after = tried("O1.2.value:-6", "O4.off")
    there, back = differences(RULES, after, DAY), differences(after, RULES, DAY)
    assert [(one.of, one.what, one.before, one.after) for one in there] == [
        (one.of, one.what, one.after, one.before) for one in back
    ]


def test_another_reason_and_a_further_threshold_are_differences_too() -> None:
    one = rule(RULES, "O1")
    other = one.threshold[0].model_copy(update={"why": "Another reason altogether."})
    further = one.threshold[1].model_copy(update={"value": -4.0, "points": 0.5})
    longer = one.model_copy(update={"threshold": (other, *one.threshold[1:], further), "core": False})
    after = RULES.model_copy(update={"rules": (longer, *RULES.rules[1:])})
    assert [(d.what, d.before, d.after) for d in differences(RULES, after, DAY)] == [
        ("core", "yes", "no"),
        ("threshold 1: why", one.threshold[0].why, "Another reason altogether."),
        ("threshold 3: value", "", "-4 percentage points, 0.5 points"),
    ]
    # and the other way round: the one that had more is the older one
    assert [(d.what, d.before, d.after) for d in differences(after, RULES, DAY)][-1] == (
        "threshold 3: value",
        "-4 percentage points, 0.5 points",
        "",
    )


def with_part(part_id: str, **other: object) -> RuleSet:
    """The rules, with the first step of a line of the list changed."""
    parts = [
        one.model_copy(update={"step": (one.step[0].model_copy(update=other), *one.step[1:])})
        if one.id == part_id
        else one
        for one in RULES.score
    ]
    return RULES.model_copy(update={"score": tuple(parts)})


def test_what_differs_in_the_list_of_points_is_named_step_by_step() -> None:
    after = with_part("S9", points=-4, unknown=1)
    assert differences(RULES, after, DAY) == [
        Difference("S9", "step 1: points", "-5", "-4"),
        Difference("S9", "step 1: unknown", "0", "1"),
    ]
    other = with_part("S2", unknown_why="Another reason altogether.")
    assert [(one.of, one.what) for one in differences(RULES, other, DAY)] == [("S2", "step 1: unknown why")]


def test_a_line_that_only_one_list_has_is_named() -> None:
    without = RULES.model_copy(update={"score": RULES.score[1:]})
    title = RULES.score[0].title
    assert differences(RULES, without, DAY) == [Difference("S1", title, "in force", "")]
    assert differences(without, RULES, DAY) == [Difference("S1", title, "", "in force")]
    older = RULES.model_copy(update={"score": ()})
    found = differences(older, RULES, DAY)
    assert [one.of for one in found] == [part.id for part in RULES.score]


def test_a_step_that_is_not_in_force_differs_for_nobody() -> None:
    part = RULES.score[0]
    later = part.step[0].model_copy(update={"from_": DAY + timedelta(days=1), "points": 2})
    after = RULES.model_copy(
        update={"score": (part.model_copy(update={"step": (*part.step, later)}), *RULES.score[1:])}
    )
    assert differences(RULES, after, DAY) == []
    assert differences(RULES, after, DAY + timedelta(days=1)) == [
        Difference("S1", "step 2: points", "", "2 points for each -10 from 100, 9 at most")
    ]


# the declared numbers


def test_every_place_has_days_and_says_that_they_are_our_choice() -> None:
    numbers = read_sandbox_numbers()
    assert set(numbers.days) == {"priority", "watch", "find out", "universal"}
    assert all("our choice" in one.why for one in numbers.entitlement)


def test_every_threshold_and_every_level_has_a_small_change() -> None:
    numbers = read_sandbox_numbers()
    for one in RULES.rules:
        for number in range(1, len(one.threshold) + 1):
            step = numbers.small_change(RULES, Change(one.id, number, "value"))
            assert step is not None
            assert step > 0
    for field in LEVEL_NUMBERS:
        assert numbers.small_change(RULES, Change("outcomes", 0, field))


def test_a_small_change_is_half_of_what_the_rule_calls_near() -> None:
    numbers = read_sandbox_numbers()
    assert rule(RULES, "O1").threshold[1].near == 2.0
    assert numbers.small_change(RULES, Change("O1", 2, "value")) == 1.0
    assert numbers.small_change(RULES, Change("O1", 2, "points")) is None
    assert numbers.small_change(RULES, Change("O1", 0, "off")) is None
