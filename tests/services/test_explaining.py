"""A school's levels explained: age of the evidence, what would assess a rule, what would change a level, the text."""

from datetime import date

import pytest

from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import MISSING_IN_WORDS, NOT_A_PREDICTION, Level, MissingReason, Statement
from risk_model.measures.reader import read_measures
from risk_model.services.comparing import compare_builds, school_moves
from risk_model.services.copy import Copy
from risk_model.services.evidence import EvidenceAge, evidence_age, what_would_assess
from risk_model.services.explaining import (
    Explanation,
    changes_titled,
    explained,
    report_paragraph,
    school_explanation,
)
from risk_model.services.profile import SchoolProfile, StatementCard, school_profile

WHO = local_viewer()
AS_AT = date(2026, 2, 28)


# the age of the evidence


def test_age_is_from_the_oldest_to_the_newest_with_the_share_of_old_points() -> None:
    # 2 of 5 points rest on August 2023, which is more than two years before; 3 on August 2025
    found = evidence_age([(date(2023, 8, 31), 2.0), (date(2025, 8, 31), 3.0)], AS_AT)
    assert found == EvidenceAge(date(2023, 8, 31), date(2025, 8, 31), 0.4)
    assert found.sentence == (
        "Evidence from 31 August 2023 to 31 August 2025; 40% of the points assessed rest on what is older than two "
        "years."
    )


@pytest.mark.parametrize(
    ("day", "share"),
    [(date(2024, 2, 28), 0.0), (date(2024, 2, 29), 0.0), (date(2024, 2, 27), 1.0), (date(2026, 2, 28), 0.0)],
)
def test_evidence_is_older_than_two_years_from_the_day_after_the_anniversary(day: date, share: float) -> None:
    assert evidence_age([(day, 2.0)], AS_AT).older_share == share


def test_a_level_carried_forward_has_no_age_of_its_own() -> None:
    assert evidence_age([(None, 3.0), (date(2025, 8, 31), 1.0)], AS_AT).newest == date(2025, 8, 31)
    assert evidence_age([(None, 3.0)], AS_AT).sentence == "No dated evidence could be assessed."
    assert evidence_age([], AS_AT) == EvidenceAge(None, None, 0.0)


def test_evidence_without_points_has_an_age_and_no_share() -> None:
    # a rule that only protects gives no points of concern
    assert evidence_age([(date(2020, 8, 31), 0.0)], AS_AT) == EvidenceAge(date(2020, 8, 31), date(2020, 8, 31), 0.0)


# what would make a rule assessable


@pytest.mark.parametrize("reason", [one for one in MissingReason if one is not MissingReason.NOT_APPLICABLE])
def test_every_reason_says_what_would_make_the_rule_assessable(reason: MissingReason) -> None:
    for measure in read_measures():
        said = what_would_assess(reason.value, measure.id)
        assert said.endswith(".")
        assert "{" not in said
        assert said != MISSING_IN_WORDS[reason]


def test_what_does_not_apply_or_is_known_needs_nothing() -> None:
    assert what_would_assess("not_applicable", "rwm_expected_gap_pp") == ""
    assert what_would_assess("", "rwm_expected_gap_pp") == ""


def test_what_the_la_holds_is_recorded_and_what_is_published_is_imported() -> None:
    assert what_would_assess("not_loaded", "rwm_expected_gap_pp") == "Import Key stage 2 results."
    held = next(one.id for one in read_measures() if one.source == "la_visits")
    assert what_would_assess("not_loaded", held) == "Record it with the template LA visits and their judgement."
    asked = what_would_assess("held_at_trust", held)
    assert asked == "Ask the trust. Record it with the template LA visits and their judgement."


# one school


def _urns(copy: Copy, level: Level, statement: Statement, count: int = 2) -> list[str]:
    rows = copy.reader.rows(
        "select urn from statement_levels where level = $level and statement = $statement order by urn",
        {"level": level.value, "statement": statement.value},
    )
    return [row["urn"] for row in rows][:count]


def _explained(copy: Copy, urn: str) -> tuple[SchoolProfile, dict[str, Explanation]]:
    profile = school_profile(WHO, copy, urn)
    return profile, school_explanation(WHO, copy, profile)


@pytest.mark.parametrize("level", list(Level))
def test_each_level_says_what_would_change_it_in_the_directions_that_there_are(level: Level, demo_copy: Copy) -> None:
    for urn in _urns(demo_copy, level, Statement.OUTCOMES):
        _, found = _explained(demo_copy, urn)
        one = found[Statement.OUTCOMES.value]
        assert bool(one.better) == (level in (Level.UNCERTAIN, Level.UNLIKELY))
        assert bool(one.worse) == (level in (Level.LIKELY, Level.UNCERTAIN))
        assert bool(one.to_bring) == (level is Level.NOT_ENOUGH_EVIDENCE)
        assert all(sentences for _, sentences in changes_titled(one))
        assert one.firmness


def test_what_time_alone_changes_is_not_put_down_to_an_inspection(demo_copy: Copy) -> None:
    """An age of a judgement that would be higher comes by itself; one that would be lower takes an inspection."""
    older, younger = [], []
    for row in demo_copy.reader.rows("select urn from schools order by urn")[:60]:
        one = _explained(demo_copy, row["urn"])[1][Statement.INSPECTION.value]
        aged = [line for line in (*one.better, *one.worse) if '"Age of the last graded' in line and " and " not in line]
        older += [line for line in aged if "at least" in line or "above" in line]
        younger += [line for line in aged if "at most" in line or "below" in line]
        assert not [line for line in (*one.better, *one.worse) if "were so, for -" in line]
    assert older
    assert not [line for line in older if "Only another inspection" in line]
    assert all("Only another inspection" in line for line in younger)


def _cards(copy: Copy, count: int = 40) -> list[StatementCard]:
    urns = [row["urn"] for row in copy.reader.rows("select urn from schools order by urn")][::7][:count]
    return [card for urn in urns for card in school_profile(WHO, copy, urn).cards]


def test_rules_stand_by_what_came_of_them_and_the_heaviest_first(demo_copy: Copy) -> None:
    order = {"raised": 0, "near": 1, "protective": 2, "clear": 3, "not assessed": 4, "not applicable": 5}
    for card in _cards(demo_copy):
        places = [order["near" if rule.near_miss else rule.status] for rule in card.rules]
        assert places == sorted(places)
        weights = [(not rule.is_gate, -rule.points) for rule in card.raised]
        assert weights == sorted(weights)
        unknown = [-rule.points_available for rule in card.not_assessed]
        assert unknown == sorted(unknown)


def test_points_assessed_are_those_that_coverage_tells_of(demo_copy: Copy) -> None:
    for card in _cards(demo_copy):
        expected = card.points_assessed / card.points_available if card.points_available else 0.0
        assert card.coverage == pytest.approx(expected)


def test_every_rule_that_is_not_assessed_says_what_would_make_it_so(demo_copy: Copy) -> None:
    unknown = [rule for card in _cards(demo_copy) for rule in card.not_assessed]
    assert unknown
    for rule in unknown:
        assert rule.would_assess
        assert rule.remedy or "Bring" in rule.sentence


def test_the_direction_of_travel_names_the_build_before(demo_copy: Copy) -> None:
    moved = demo_copy.reader.rows("select urn, statement, direction from statement_levels where direction = 'worse'")
    card = next(
        c for c in school_profile(WHO, demo_copy, moved[0]["urn"]).cards if c.statement == moved[0]["statement"]
    )
    assert card.travel == "Since the build as at 30 April 2026: worse."


def test_evidence_that_came_or_went_since_the_build_before_is_told_which_way(demo_copy: Copy) -> None:
    moved = demo_copy.reader.rows(
        "select urn, statement, level from statement_levels where direction = 'evidence changed' order by urn"
    )
    assert moved
    for row in moved[:6]:
        cards = {card.statement: card for card in school_profile(WHO, demo_copy, row["urn"]).cards}
        lost = row["level"] == Level.NOT_ENOUGH_EVIDENCE
        words = "there is no longer enough evidence." if lost else "there was not enough evidence then."
        assert cards[row["statement"]].travel.endswith(words)


def test_what_counts_on_older_evidence_is_told_apart_from_what_is_not_known(demo_copy: Copy) -> None:
    grey = [card for card in _cards(demo_copy, 120) if card.level == Level.NOT_ENOUGH_EVIDENCE]
    aged = [card for card in grey if any(rule.is_core and rule.is_assessed for rule in card.rules)]
    assert aged
    for card in aged:
        if "recent enough" in card.lacking:
            assert "on older evidence that no level can rest on" in card.lacking


def test_text_has_what_would_change_each_level_its_age_and_how_firm_it_is(demo_copy: Copy) -> None:
    (urn,) = _urns(demo_copy, Level.UNCERTAIN, Statement.OUTCOMES, 1)
    profile, found = _explained(demo_copy, urn)
    text = explained(profile, found)
    brief = report_paragraph(profile, found)
    for card in profile.cards:
        one = found[card.statement]
        for sentence in (card.evidence, card.age.sentence, card.travel, one.firmness):
            assert sentence in text
            assert sentence in brief
        for _, sentences in changes_titled(one):
            assert all(sentence in text for sentence in sentences)
        for rule in card.raised[:3]:
            assert rule.sentence in brief
        for rule in card.not_assessed:
            assert rule.remedy in text
            assert f'"{rule.title}"' in brief
    assert NOT_A_PREDICTION in brief
    assert brief.count("\n\n") == 3


# since an earlier build


def test_moves_of_a_school_are_those_of_the_whole_comparison(demo_copy: Copy) -> None:
    data = demo_copy.data
    whole = compare_builds(WHO, data, "1", "2").moves
    both = whole[~whole["Why"].str.contains("opened|closed")]
    for urn in list(dict.fromkeys(both["URN"]))[:4]:
        seen = school_moves(WHO, data, "1", "2", urn)
        expected = whole[whole["URN"] == urn].sort_values("What").reset_index(drop=True)
        found = seen.moves.sort_values("What").reset_index(drop=True)
        assert found.to_dict("records") == expected.to_dict("records")
        for statement, (before, now) in seen.levels.items():
            said = seen.sentence_of(statement)
            assert said.startswith("Since build 1, as at 30 April 2026: ")
            assert ("the same level" in said) == (before == now)
            assert before == now or f"it was {before}" in said


def test_a_school_that_did_not_move_has_the_same_levels(demo_copy: Copy) -> None:
    moved = set(compare_builds(WHO, demo_copy.data, "1", "2").moves["URN"])
    urn = next(
        row["urn"] for row in demo_copy.reader.rows("select urn from schools order by urn") if row["urn"] not in moved
    )
    seen = school_moves(WHO, demo_copy.data, "1", "2", urn)
    assert seen.moves.empty
    assert all(seen.sentence_of(one.value).endswith("the same level.") for one in Statement)
