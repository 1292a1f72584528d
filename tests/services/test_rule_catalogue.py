"""The catalogue: what each rule means, what it finds (counted a second way), and whether this LA approved it."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from risk_model.casework import audit_trail
from risk_model.domain.errors import NotFound, RecordRefused, RulesRefused
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import MISSING_IN_WORDS, MissingReason
from risk_model.rules.reader import Threshold, read_rules
from risk_model.rules.writer import fingerprint, write_rules
from risk_model.services.copy import Copy
from risk_model.services.rules import (
    FILES,
    SHOWN,
    Catalogue,
    approve_rules,
    chosen_rule_set,
    rule_catalogue,
    rule_set_choices,
    rules_table,
    threshold_line,
    uploaded_rule_set,
    withdraw_rule_approval,
)
from risk_model.services.scope import Scope

WHO = local_viewer()
LA = Scope("999")


def catalogue(copy: Copy, scope: Scope = LA) -> Catalogue:
    return rule_catalogue(WHO, copy, scope)


def test_every_rule_in_force_is_a_card(demo_copy: Copy) -> None:
    found = catalogue(demo_copy)
    rules = read_rules()
    assert [card.id for card in found.cards] == [rule.id for rule in rules.on(demo_copy.build.as_at)]
    assert (found.rule_set, found.fingerprint) == (rules.rule_set, fingerprint(rules))
    for card in found.cards:
        assert card.measure
        assert card.thresholds
        assert all(line.why and line.reference and line.when.startswith("from ") for line in card.thresholds)
        assert "::" in card.checked_by
        assert not card.is_overdue


def test_what_a_rule_finds_is_what_a_second_count_finds(demo_copy: Copy) -> None:
    outcomes = demo_copy.reader.frame(
        "select o.urn, o.rule_id, o.status, o.missing_reason, o.near_miss, s.phase, s.la_code "
        "from rule_outcomes as o inner join schools as s on s.urn = o.urn"
    )
    for scope in (LA, Scope("999", phase="secondary"), Scope()):
        kept = outcomes if scope.phase is None else outcomes[outcomes["phase"] == scope.phase]
        for card in catalogue(demo_copy, scope).cards:
            own = kept[kept["rule_id"] == card.id]
            status = Counter(own["status"])
            assert card.here.raised == status["raised"]
            assert card.here.protective == status["protective"]
            assert card.here.clear == status["clear"]
            assert card.here.not_assessed == status["not assessed"] == sum(card.here.reasons.values())
            assert card.here.not_applicable == status["not applicable"]
            assert card.here.near == int(own["near_miss"].sum())
            assert card.here.applicable + card.here.not_applicable == len(own)
            missing = Counter(own.loc[own["status"] == "not assessed", "missing_reason"])
            words = {MISSING_IN_WORDS[MissingReason(reason)]: n for reason, n in missing.items()}
            assert card.here.reasons == words
    assert outcomes["status"].eq("raised").any()


def test_a_threshold_is_told_in_words(demo_copy: Copy) -> None:
    card = next(one for one in catalogue(demo_copy).cards if one.id == "O1")
    first, second = card.thresholds
    assert first.says.startswith("at most 0 percentage points, beyond chance (the whole 95% interval): +2 points")
    assert second.says.startswith("at most −5 percentage points: +1 point; a near miss within 2")
    assert first.when == "from 1 September 2016"


@pytest.mark.parametrize(
    ("unit", "value", "direction", "points", "says"),
    [
        ("percentile", 10.0, "at_most", 2.0, "percentile 10 or lower: +2 points"),
        ("category", -1.0, "at_most", -1.0, "category −1 or lower: −1 point"),
        ("yes or no", 1.0, "at_least", 4.0, "yes: +4 points"),
        ("yes or no", 0.0, "at_most", 1.0, "at most 0 yes or no: +1 point"),
        ("subjects", 1.0, "at_least", 1.0, "at least 1 subject: +1 point"),
        ("series", 1.0, "at_least", 0.5, "at least 1 series: +0.5 points"),
        ("pounds", -1000000.0, "at_most", 1.0, "at most −1,000,000 pounds: +1 point"),
    ],
)
def test_a_comparison_reads_as_a_person_would_say_it(
    unit: str, value: float, direction: str, points: float, says: str
) -> None:
    rule = read_rules().rules[0]
    bare = {"from": date(2020, 1, 1), "why": "Nothing but the needed.", "reference": "none at all"}
    one = Threshold.model_validate({**bare, "value": value, "unit": unit, "points": points, "raised_when": direction})
    assert threshold_line(rule.model_copy(update={"threshold": (one,)}), 1).says == says


def test_a_rule_that_no_school_here_can_have_says_so(demo_copy: Copy) -> None:
    nursery = catalogue(demo_copy, Scope("999", phase="nursery"))
    card = next(one for one in nursery.cards if one.id == "O1")
    assert card.here.sentence == "no school that the rule is about"


def test_the_table_of_a_terminal_has_a_row_for_each_card(demo_copy: Copy) -> None:
    found = catalogue(demo_copy)
    table = rules_table(WHO, found)
    assert isinstance(table, pd.DataFrame)
    assert list(table["Rule"]) == [card.id for card in found.cards]
    assert list(table["Raised here"]) == [card.here.raised for card in found.cards]


# approval


def test_rules_are_not_approved_until_somebody_says_so_and_it_can_be_withdrawn(own_copy: Copy) -> None:
    assert catalogue(own_copy).approved == "Not yet approved by this local authority."
    approve_rules(WHO, own_copy, "999", "School improvement board", date(2026, 10, 1))
    found = catalogue(own_copy)
    assert found.approved == "Approved by School improvement board on 1 October 2026."
    assert found.approval is not None
    # another LA has approved nothing, and nobody approves for all of them
    assert catalogue(own_copy, Scope("850")).approval is None
    assert catalogue(own_copy, Scope()).approval is None
    withdraw_rule_approval(WHO, own_copy, found.approval, "The board looks at it again.")
    assert catalogue(own_copy).approval is None
    assert len([one for one in audit_trail(own_copy.records, limit=50) if one.table == "rule_set_approval"]) == 2


def test_an_approval_that_was_changed_meanwhile_is_not_withdrawn(own_copy: Copy) -> None:
    approve_rules(WHO, own_copy, "999", "School improvement board", date(2026, 10, 1))
    approval = catalogue(own_copy).approval
    assert approval is not None
    with pytest.raises(RecordRefused):
        withdraw_rule_approval(WHO, own_copy, replace(approval, version=approval.version + 1), "Too late.")


# the rule sets that there are


def test_the_build_holds_its_rules_and_other_builds_hold_theirs(demo_copy: Copy) -> None:
    choices = rule_set_choices(WHO, demo_copy)
    assert list(choices) == [SHOWN, FILES, "build-1"]
    for choice in choices:
        assert chosen_rule_set(WHO, demo_copy, choice) == read_rules()


@pytest.mark.parametrize("choice", ["", "build-99", "../../etc/passwd", "<b>"])
def test_a_rule_set_that_is_not_kept_is_refused(choice: str, demo_copy: Copy) -> None:
    with pytest.raises(NotFound):
        chosen_rule_set(WHO, demo_copy, choice)


def test_an_uploaded_rule_set_is_read_whatever_its_line_ends() -> None:
    text = write_rules(read_rules())
    assert uploaded_rule_set(WHO, "mine.toml", text.encode()) == read_rules()
    assert uploaded_rule_set(WHO, "mine.toml", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()) == read_rules()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"x" * 1_000_001, b"[[rule", b"a,b\n1,2\n"])
def test_an_uploaded_file_that_is_no_rule_set_is_refused(content: bytes) -> None:
    with pytest.raises(RulesRefused, match=r"mine\.toml"):
        uploaded_rule_set(WHO, "mine.toml", content)
