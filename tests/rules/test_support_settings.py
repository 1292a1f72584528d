"""Areas of need, entitlement and staleness: read strictly, every rule in one area, every kind of help in one."""

from pathlib import Path

import pytest

from risk_model.casework import Role, SupportType
from risk_model.domain.errors import RulesRefused
from risk_model.domain.words import Priority
from risk_model.rules.people import read_people_rules
from risk_model.rules.reader import FOLDER, read_rules
from risk_model.rules.support import SUPPORT_FILE, read_support_settings

# They carry another statement's level, or speak for a school: they show no need of their own.
NO_NEED = {"N6", "N7", "O14", "L14"}
OWN = (FOLDER / SUPPORT_FILE).read_text("utf-8")


def test_every_rule_that_shows_a_need_is_in_one_area() -> None:
    areas = [rule for area in read_support_settings().areas for rule in area.rules]
    assert sorted(areas) == sorted({rule.id for rule in read_rules().rules} - NO_NEED)


def test_the_kinds_of_support_are_words_of_the_records() -> None:
    named = {kind for area in read_support_settings().areas for kind in area.support}
    assert {one.value for one in SupportType} - named == {"other"}
    assert named <= {one.value for one in SupportType}


def test_the_topics_are_those_by_which_specialisms_are_compared() -> None:
    known = {topic.id for topic in read_people_rules([one.value for one in Role]).topic}
    named = {topic for area in read_support_settings().areas for topic in area.topics}
    # nothing that is published shows a need of its own after the age of 16
    assert known - named == {"post_16"}
    assert named <= known


def test_the_products_own_settings_are_told_apart_from_an_las(tmp_path: Path) -> None:
    assert not read_support_settings(tmp_path).is_own
    text = OWN.replace("days = 12.0", "days = 15.0").replace("stale_after_days = 90", "stale_after_days = 60")
    (tmp_path / SUPPORT_FILE).write_text(text, "utf-8")
    own = read_support_settings(tmp_path)
    assert (own.is_own, own.days_for("priority"), own.stale_after_days) == (True, 15.0, 60)
    assert read_support_settings().days_for("priority") == 12.0
    assert {one.priority for one in own.entitlements} == {priority.value for priority in Priority}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("stale_after_days = 90", "stale_after_days = 0", "stale_after_days"),
        ("stale_after_days = 90", 'stale_after_days = "90"', "stale_after_days"),
        ("days = 12.0", "days = -1.0", "days"),
        ("days = 12.0", "days = nan", "days"),
        ('priority = "watch"', 'priority = "later"', "one entitlement is needed for each of"),
        ('id = "subjects"', 'id = "results"', "area results is there twice"),
        ('rules = ["O12"]', 'rules = ["O1"]', "rule O1 is there twice"),
        ('id = "early"', 'id = "early"\nsurprise = 1', "surprise"),
        ("from = 2024-09-01", "from = soon", "cannot be read"),
    ],
)
def test_settings_that_are_not_valid_are_refused_in_words(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert OWN.count(old) >= 1
    (tmp_path / SUPPORT_FILE).write_text(OWN.replace(old, new, 1), "utf-8")
    with pytest.raises(RulesRefused, match=SUPPORT_FILE) as refused:
        read_support_settings(tmp_path)
    assert problem in str(refused.value)
    assert "take it away to use the product's own" in str(refused.value)
