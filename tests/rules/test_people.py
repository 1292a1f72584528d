"""The declarations about people are dated and cited, and a file that is not right is refused in words."""

from datetime import date
from pathlib import Path

import pytest

from risk_model.casework import Role
from risk_model.domain.errors import RulesRefused
from risk_model.rules import people
from risk_model.rules.people import PEOPLE_FILE, PeopleRules, read_people_rules

ROLES = [role.value for role in Role]
DELIVERED = Path(people.__file__).with_name(PEOPLE_FILE)


def _own(folder: Path, *changes: tuple[str, str]) -> PeopleRules:
    """What is read where an LA keeps a copy of the delivered file with some texts replaced."""
    text = DELIVERED.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / PEOPLE_FILE).write_text(text, "utf-8")
    return read_people_rules(ROLES, folder)


def _topics(text: str) -> list[str]:
    return [one.id for one in read_people_rules(ROLES).topics_in(text)]


def test_the_delivered_declarations_are_reviewed_in_time_and_each_says_why() -> None:
    rules = read_people_rules(ROLES)
    dated = [*rules.eligibility, *rules.match]
    assert not [one.id for one in dated if one.next_review < date.today()]
    assert rules.next_review >= date.today()
    steps = [step for one in dated for step in one.step] + list(rules.supply)
    assert all(step.reference == "our choice" or "Our choice" in step.why or "our choice" in step.why for step in steps)
    assert not rules.is_own


def test_the_delivered_rules_are_these() -> None:
    rules = read_people_rules(ROLES)
    assert [(one.id, one.kind) for one in rules.eligibility] == [
        ("E1", "years_as_head"),
        ("E2", "home_school_inspection"),
        ("E3", "designation_held"),
        ("E4", "home_school_place"),
    ]
    day = date(2026, 11, 20)
    assert [(line.kind, step.points) for line, step in rules.lines_on(day)] == [
        ("specialism", 4),
        ("phase", 2),
        ("distance", 2),
        ("free_days", 2),
        ("eligibility", 2),
        ("track_record", 2),
        ("no_conflict", 1),
    ]
    assert rules.eligibility[0].step_on(day).years == 3  # type: ignore[union-attr]
    assert rules.exclude_own_locality is False


def test_an_las_own_copy_is_read_instead_and_says_so(tmp_path: Path) -> None:
    rules = _own(
        tmp_path, ("years = 3.0", "years = 5.0"), ("exclude_own_locality = false", "exclude_own_locality = true")
    )
    assert rules.is_own
    assert rules.exclude_own_locality
    assert rules.eligibility[0].step[0].years == 5
    (tmp_path / PEOPLE_FILE).unlink()
    assert read_people_rules(ROLES, tmp_path).eligibility[0].step[0].years == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"NLE", "LLE"', '"NLEE", "LLE"'), "E1: there is no role NLEE."),
        (('id = "E2"', 'id = "E1"'), "E1 stands twice."),
        (("years = 3.0", "years = -1.0"), "greater than 0"),
        (("years = 3.0", 'places = ["priority"]'), "a step of years_as_head has years"),
        (("years = 3.0\n", ""), "a step of years_as_head has years"),
        (('report_cards = ["meets"]', 'report_cards = ["superb"]'), "'meets', 'mixed' or 'below'"),
        (("near_km = 10.0", "near_km = 30.0"), "near_km is more than far_km"),
        (("near_km = 10.0\n", ""), "near_km and far_km are there for the distance"),
        (('kind = "phase"', 'kind = "distance"'), "near_km and far_km are there for the distance"),
        (('kind = "phase"', 'kind = "specialism"'), "specialism counts twice in the match."),
        (('kind = "phase"', 'kind = "deprivation"'), "Input should be 'specialism'"),
        (('starts = "09-01"', 'starts = "13-01"'), "month must be in 1..12"),
        (('starts = "09-01"', 'starts = "02-29"'), "day is out of range for month"),
        (('starts = "01-01"', 'starts = "09-01"'), "Two terms start on 09-01."),
        (('name = "spring"', 'name = "autumn"'), "The term autumn stands twice."),
        (("points = 4", "points = 0"), "greater than or equal to 1"),
        (("points = 4", 'points = "4"'), "valid integer"),
        (("version = ", "is_own = true\nversion = "), "Extra inputs are not permitted"),
        (("version = ", "= "), "not valid TOML"),
        (("schools_per_leader = 3", "schools_per_leader = nan"), "finite number"),
        (('why = "Time on', 'why = ""\nwhy2 = "Time on'), "at least 10 characters"),
    ],
)
def test_a_file_that_is_not_right_is_refused_and_says_where(change: tuple[str, str], said: str, tmp_path: Path) -> None:
    with pytest.raises(RulesRefused) as refused:
        _own(tmp_path, change)
    assert said in str(refused.value)
    assert PEOPLE_FILE in refused.value.message


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / PEOPLE_FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RulesRefused, match="cannot be read as text"):
        read_people_rules(ROLES, tmp_path)


def test_a_step_counts_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    rules = _own(tmp_path, ("from = 2005-09-01\nyears", "from = 2026-01-01\nuntil = 2026-08-31\nyears"))
    rule = rules.eligibility[0]
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 8, 31), date(2026, 9, 1)]
    assert [rule.step_on(day) is not None for day in days] == [False, True, True, False]


def test_a_rule_applies_to_its_roles_alone_or_to_every_one(tmp_path: Path) -> None:
    rule = read_people_rules(ROLES).eligibility[2]
    assert (rule.applies_to("SLE"), rule.applies_to("adviser")) == (True, False)
    every = _own(tmp_path, ('roles = ["NLE", "SLE", "LLE", "NLG"]', 'roles = ["all"]')).eligibility[2]
    assert every.applies_to("adviser")


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Mathematics is weaker than the rest", ["mathematics"]),
        ("MATHS", ["mathematics"]),
        ("Persistent absence", ["attendance"]),
        ("early years", ["early_years"]),
        ("the early learning goals of later years", []),
        ("middle leadership", ["leadership"]),
        ("ahead of others", []),
        ("sense of place", []),
        ("SEND", ["send"]),
        ("post-16 results", ["curriculum", "post_16"]),
        ("", []),
    ],
)
def test_a_text_is_about_a_topic_where_a_whole_word_or_phrase_names_it(text: str, topics: list[str]) -> None:
    assert _topics(text) == topics


def test_nothing_said_is_about_nothing() -> None:
    assert read_people_rules(ROLES).topics_in(None) == ()
