"""A rule set that is written is read back equal, whatever stands in it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk_model.domain.errors import RulesRefused
from risk_model.rules.reader import Cap, Condition, RuleSet, Threshold, parse_rules, read_rules
from risk_model.rules.writer import fingerprint, write_rules

RULES = read_rules()
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=10, max_size=60)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def with_threshold(**other: object) -> RuleSet:
    """The rules, with the first threshold of the first of them changed."""
    rule = RULES.rules[0]
    first = rule.threshold[0].model_copy(update=other)
    changed = rule.model_copy(update={"threshold": (first, *rule.threshold[1:])})
    return RULES.model_copy(update={"rules": (changed, *RULES.rules[1:])})


def with_step(**other: object) -> RuleSet:
    """The rules, with the first step of the first line of the list changed."""
    part = RULES.score[0]
    changed = part.model_copy(update={"step": (part.step[0].model_copy(update=other), *part.step[1:])})
    return RULES.model_copy(update={"score": (changed, *RULES.score[1:])})


def test_the_rules_of_the_product_come_back_equal() -> None:
    assert parse_rules(write_rules(RULES)) == RULES


def test_one_file_is_read_as_a_folder_is(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(write_rules(RULES), "utf-8")
    assert read_rules(path) == RULES


@given(why=TEXTS, value=NUMBERS, unit=TEXTS)
def test_any_text_and_any_number_come_back_equal(why: str, value: float, unit: str) -> None:
    rules = with_threshold(why=why, value=value, unit=unit)
    assert parse_rules(write_rules(rules)) == rules


@given(why=TEXTS, start=NUMBERS, points=st.integers(-20, 20), most=st.integers(1, 20))
def test_any_line_of_the_list_comes_back_equal(why: str, start: float, points: int, most: int) -> None:
    rules = with_step(why=why, unknown_why=why, start=start, points=points, most=most)
    assert parse_rules(write_rules(rules)) == rules


def test_every_kind_of_field_of_a_line_comes_back_equal() -> None:
    dated = with_step(until=date(2030, 8, 31), stale_after_years=2.5, each=-1e-7, unknown=-3)
    part = dated.score[0].model_copy(update={"instead": "pupils_count", "retired_on": date(2031, 1, 1)})
    rules = dated.model_copy(update={"score": (part, *dated.score[1:])})
    assert parse_rules(write_rules(rules)) == rules


def test_a_rule_set_without_a_list_comes_back_without_one() -> None:
    rules = RULES.model_copy(update={"score": ()})
    assert "[[part]]" not in write_rules(rules)
    assert parse_rules(write_rules(rules)) == rules


def test_every_kind_of_field_comes_back_equal() -> None:
    rules = with_threshold(
        until=date(2030, 8, 31),
        gate=True,
        stale_share=0.0,
        near=0.1,
        measure="maths_progress_score",
        unless=Condition(measure="pupils_count", raised_when="at_most", value=-0.5),
        cap=Cap(measure="pupils_count", raised_when="at_least", value=1e20, points=1.0),
    )
    assert parse_rules(write_rules(rules)) == rules


def test_a_rule_without_some_field_is_written_without_it() -> None:
    rule = RULES.rules[0]
    bare = Threshold.model_validate(
        {
            "from": date(2020, 1, 1),
            "value": 1.0,
            "unit": "percent",
            "points": 1.0,
            "why": "Nothing but the needed.",
            "reference": "none at all",
        }
    )
    rules = RULES.model_copy(update={"rules": (rule.model_copy(update={"threshold": (bare,)}),)})
    text = write_rules(rules)
    assert not [line for line in text.splitlines() if line.startswith(("gate", "near", "cap", "until"))]
    assert parse_rules(text) == rules


def test_a_fingerprint_is_another_as_soon_as_anything_is() -> None:
    others = [
        with_threshold(value=0.000001),
        with_threshold(why="Another reason, and the same numbers."),
        RULES.model_copy(update={"rule_set": "of another name"}),
        RULES.model_copy(update={"rules": RULES.rules[1:]}),
        RULES.model_copy(update={"score": RULES.score[1:]}),
        with_step(unknown=6),
    ]
    assert fingerprint(RULES) == fingerprint(parse_rules(write_rules(RULES)))
    assert len({fingerprint(one) for one in [RULES, *others]}) == 7


SPOILT = [
    ("no TOML", "[[rule", "TOML"),
    ("nothing in it", "", "rule_set"),
    ("markup for a name", 'rule_set = "<b>x</b>"', "rule_set"),
    ("a name over two lines", 'rule_set = "a\\nb"', "rule_set"),
    ("lists in lists", "x = " + "[" * 5000, "deep"),
]


@pytest.mark.parametrize(("text", "says"), [pytest.param(t, s, id=name.replace(" ", "_")) for name, t, s in SPOILT])
def test_a_spoilt_file_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(RulesRefused, match=says):
        parse_rules(text, "mine.toml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(b"\xff\xfe\x00rule")
    with pytest.raises(RulesRefused, match="cannot be read as text"):
        read_rules(path)


def test_an_id_that_stands_twice_is_refused_in_one_file_too() -> None:
    twice = RULES.model_copy(update={"rules": (*RULES.rules, RULES.rules[0])})
    with pytest.raises(RulesRefused, match="stands twice"):
        parse_rules(write_rules(twice))
