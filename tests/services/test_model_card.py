"""The model card: every number worked out on paper from the made-up back-test, and what is said where there is none."""

import re
from dataclasses import replace

import pytest

from risk_model.domain.errors import Damaged
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.model_figures import ModelFigures, save_backtest
from risk_model.scoring.resampling import Estimate
from risk_model.services import model_figures as shown
from risk_model.services.copy import Copy
from risk_model.services.grade_history import grade_history
from risk_model.services.model_card import BRIEFLY, EVENTS, QUESTION_TITLES, model_card
from risk_model.services.model_card_document import model_card_document
from risk_model.services.model_errors import GROUP_TITLES, model_errors
from risk_model.services.model_words import INVENTED, NO_FIGURES
from risk_model.services.observed_rates import observed_rate, observed_rates
from risk_model.services.profile import school_profile
from risk_model.services.proportions import dot, of_100, with_interval
from risk_model.services.rules import rule_catalogue
from risk_model.services.scope import Scope
from tests.model_kit import Committed, made_up_frame

WHO = local_viewer()
HERE = Scope("999")


# shares in words


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0"),
        (0.0001, "fewer than 1"),
        (0.005, "fewer than 1"),
        (0.0051, "1"),
        (0.424, "42"),
        (0.9949, "99"),
        (0.995, "more than 99"),
        (1, "100"),
    ],
)
def test_a_share_is_a_number_of_100_and_never_none_or_all_unless_it_is(share: float, said: str) -> None:
    assert of_100(share) == said


def test_a_share_has_its_interval_or_says_why_it_is_withheld() -> None:
    assert with_interval(Estimate(0.42, 0.38, 0.46)) == "42 (between 38 and 46)"
    assert with_interval(Estimate(withheld="Withheld: 3 inspections.")) == "Withheld: 3 inspections."


def test_a_dot_has_the_lengths_of_its_interval_and_nothing_where_it_is_withheld() -> None:
    assert dot("A", Estimate(0.5, 0.25, 0.625)) == {
        "A": 50.0, "A from": 25.0, "A to": 62.5, "A above": 12.5, "A below": 25.0,
    }  # fmt: skip
    assert set(dot("A", Estimate(withheld="few")).values()) == set(dot("A", None).values()) == {None}


# the card


def test_the_card_says_of_100_at_each_level_how_many_were_judged_below(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    card = model_card(WHO, demo_copy, HERE)
    assert card.has_figures
    # 300 at each level: 150, 90, 30 and 60 failed; of 1,200 that is 330, 27.5 of 100
    assert card.in_numbers[0] == (
        "1,200 inspections of primary and secondary schools are counted; 330 of them were judged below good at their "
        "next graded inspection: 28 of 100."
    )
    for line, level, said in zip(card.in_numbers[1:], card.levels["Level"], ("50", "30", "10", "20"), strict=False):
        assert line.startswith(f"Of 100 schools that stood at “{level[2:]}”, {said} (between ")
    assert card.levels_finding == "Of 100 schools at “unlikely” 50 were judged below good, of 100 at “likely” 10"
    assert card.levels["Inspections"].tolist() == [300, 300, 300, 300]
    assert card.levels["Judged below"].tolist() == [150, 90, 30, 60]
    assert [one.split(" ")[0] for one in card.levels["Of 100"]] == ["50", "30", "10", "20"]
    assert card.levels_dots["Of 100"].tolist() == pytest.approx([50, 30, 10, 20])


def test_the_card_says_what_the_riskiest_fifth_finds_and_what_it_costs(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    text = "\n".join(model_card(WHO, demo_copy, HERE).in_numbers)
    # the 240 riskiest are the 300 at "unlikely" without the lowest scores: place 0 and 1, 60 schools, all failed
    # so 90 of 330 are found, 27 of 100, and of the 240 flagged 90 failed, 37.5 of 100
    assert (
        "In the riskiest fifth by the model stood 27 of 100 schools that were judged below good; the other 73" in text
    )
    assert "Of 100 schools in that fifth 38 were judged below good, and 62 were not" in text


def test_the_orders_have_the_model_first_and_the_last_grade_beside_it(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    orders = model_card(WHO, demo_copy, HERE).orders
    assert orders["Order of the schools"].tolist()[:2] == ["The model's score", "The last grade alone"]
    # every school has the same last grade: it tells no two apart
    assert orders["AUC"].iloc[1] == "0.50 (0.50 to 0.50)"


def test_a_question_without_an_inspection_says_so(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    card = model_card(WHO, demo_copy, HERE, "report card soft")
    assert card.in_numbers == (
        "No inspection of this kind could be counted: report cards: leadership, curriculum and achievement at the "
        "expected standard.",
    )
    assert card.levels_dots["Of 100"].isna().all()
    assert card.orders.empty


def test_every_question_of_a_back_test_has_words(england_figures: ModelFigures) -> None:
    asked = {one.id for one in england_figures.accuracy.questions}
    assert asked == set(QUESTION_TITLES) == set(EVENTS) == set(BRIEFLY)


def test_england_beside_an_invented_la_is_said_to_be_another_place(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    assert model_card(WHO, demo_copy, HERE).notes == (INVENTED,)


def test_figures_of_other_rules_are_shown_with_that_said(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(replace(england_figures, rule_set="2020.1", fingerprint="0123456789ab"))
    card = model_card(WHO, demo_copy, HERE)
    assert card.notes[0] == (
        f"The schools are judged by the rules {demo_copy.build.rule_set}, of which no figures are held yet. These are "
        "of the rules 2020.1, and say how those did."
    )
    committed(replace(england_figures, fingerprint="0123456789ab"))
    assert "with another number in them" in model_card(WHO, demo_copy, HERE).notes[0]


def test_without_figures_the_card_says_so_and_keeps_the_rest(demo_copy: Copy, committed: Committed) -> None:
    committed(None)
    card = model_card(WHO, demo_copy, HERE)
    assert not card.has_figures
    assert card.standing == NO_FIGURES
    assert card.in_numbers == ()
    assert all([card.purpose, card.not_for, card.eras, card.bias, card.limits])


def test_damaged_figures_are_named_as_such(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    shown.FIGURES.write_text('{"rule_set": "2026.2"}', "utf-8")
    with pytest.raises(Damaged, match=r"figures_of_england\.json"):
        model_card(WHO, demo_copy, HERE)


def test_the_card_says_how_often_the_test_was_looked_at(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    for looks, said in ((1, "was looked at once:"), (2, "was looked at twice:"), (3, "was looked at 3 times:")):
        committed(replace(england_figures, test_year_looks=looks))
        assert said in model_card(WHO, demo_copy, HERE).looks[0]


def test_the_card_says_how_old_the_last_inspections_are(demo_copy: Copy, committed: Committed) -> None:
    committed(None)
    ages = model_card(WHO, demo_copy, HERE).ages
    dates = demo_copy.reader.frame("select l.full_date from schools left join latest_inspections as l using (urn)")
    known = dates["full_date"].dropna()
    assert len(ages) == 2
    assert f"half of the {len(known)} schools with a full inspection" in ages[1]
    assert f"of {len(dates) - len(known)} no full inspection is known" in ages[1]


# this LA


def test_an_la_without_a_kept_back_test_is_told_how_to_make_one(demo_copy: Copy, committed: Committed) -> None:
    committed(None)
    assert "no back-test is kept in this copy" in model_card(WHO, demo_copy, HERE).here[0]
    assert model_card(WHO, demo_copy, Scope()).here == ("Choose a local authority above to see it beside England.",)


def test_an_la_is_counted_beside_england_and_small_numbers_have_no_rate(
    own_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    save_backtest(own_copy.data, made_up_frame(), england_figures)
    card = model_card(WHO, own_copy, HERE)
    # the first 40 inspections, ten a level: 5, 3, 1 and 2 of ten failed
    assert "In this LA 40 inspections of primary and secondary schools are counted" in card.here[0]
    assert "11 of them were judged below" in card.here[0]
    assert (
        "“unlikely”: 5 of 10; “uncertain”: 3 of 10; “likely”: 1 of 10; “not enough evidence”: 2 of 10" in card.here[0]
    )
    assert "No rate is given" in card.here[1]
    assert card.levels["Here: inspections"].tolist() == [10, 10, 10, 10]
    assert card.levels["Here: of 100"].str.startswith("Withheld: 10 inspections").all()
    assert card.levels_dots["Here: of 100"].isna().all()
    # England's are England's
    assert card.levels["Inspections"].tolist() == [300, 300, 300, 300]


def test_an_la_with_enough_inspections_has_rates(
    own_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    save_backtest(own_copy.data, made_up_frame(), england_figures)
    card = model_card(WHO, own_copy, Scope("202"))
    assert len(card.here) == 1
    # 1,160 inspections: 290 a level, of the 29 rounds of ten 5, 3, 1 and 2 in each failed
    assert card.levels["Here: judged below"].tolist() == [145, 87, 29, 58]
    assert card.levels_dots["Here: of 100"].tolist() == pytest.approx([50, 30, 10, 20])


def test_an_la_without_an_inspection_says_so(
    own_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(None)
    save_backtest(own_copy.data, made_up_frame(), england_figures)
    here = model_card(WHO, own_copy, Scope("001")).here
    assert here[0].startswith("No school of this LA had an inspection of this kind from 5 September 2022")


def test_a_back_test_of_this_copy_stands_in_where_the_product_comes_with_none(
    own_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(None)
    save_backtest(own_copy.data, made_up_frame(), england_figures)
    card = model_card(WHO, own_copy, HERE)
    assert "the schools that this copy holds" in card.standing
    assert card.notes == ()


def test_figures_of_these_rules_stand_before_englands_of_others(
    own_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(replace(england_figures, rule_set="2020.1", fingerprint="0123456789ab"))
    save_backtest(own_copy.data, made_up_frame(), england_figures)
    assert "the schools that this copy holds" in model_card(WHO, own_copy, HERE).standing
    committed(england_figures)
    assert "England's inspections" in model_card(WHO, own_copy, HERE).standing


def test_the_riskiest_10_20_and_30_of_100_and_each_tenth_stand_below(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    card = model_card(WHO, demo_copy, HERE)
    assert card.cuts["Riskiest, of 100"].tolist() == [10, 20, 30]
    assert card.cuts["Inspections"].tolist() == [120, 240, 360]
    # the 120 riskiest are the places 9 to 6 at "unlikely": none of them failed
    assert card.cuts["Found, of 100 judged below"].iloc[0] == "0 (between 0 and 0)"
    assert card.bands["Inspections"].sum() == 1_200
    assert card.bands["Judged below"].sum() == 330
    assert card.bands["Tenth by score"].iloc[0] == "1, the riskiest"


def test_the_card_is_to_be_had_as_a_document_with_the_same_sentences(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    card = model_card(WHO, demo_copy, HERE)
    document = model_card_document(WHO, demo_copy, card, "graded")
    text = {one.title: one.text for one in document.sections}
    assert text["What it is not for"] == card.not_for
    assert set(card.in_numbers) < set(text["How often it is right, and how often wrong"])
    assert text["How often the test was looked at"] == card.looks
    assert INVENTED in document.about
    committed(None)
    without = model_card_document(WHO, demo_copy, model_card(WHO, demo_copy, HERE), "graded")
    assert NO_FIGURES in {line for one in without.sections for line in one.text}
    assert "How often the test was looked at" not in {one.title for one in without.sections}


# for whom it errs


@pytest.mark.parametrize("by", GROUP_TITLES)
def test_every_group_has_a_row_and_everybody_stands_first(
    by: str, demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    found = model_errors(WHO, demo_copy, by)
    assert found.table["Schools"].iloc[0] == "All primary and secondary schools"
    assert found.table["Inspections"].iloc[1:].sum() == found.table["Inspections"].iloc[0] == 1_200
    assert not found.finding.endswith(".")
    assert by == "fsm fifth" or found.finding.startswith(GROUP_TITLES[by])


def test_errors_are_worked_out_by_group(demo_copy: Copy, committed: Committed, england_figures: ModelFigures) -> None:
    committed(england_figures)
    found = model_errors(WHO, demo_copy, "phase")
    first = found.table.iloc[0]
    # flagged: 240; of the 870 that were not judged below 150 are among them, of the 330 that were 240 are not
    assert first["Flagged"].startswith("20 ")
    assert first["Wrongly flagged"].startswith("17 (between ")
    assert first["Missed"].startswith("73 (between ")
    assert re.fullmatch(r"0\.\d\d \(0\.\d\d to 0\.\d\d\)", first["AUC"])
    assert first["AUC"] == model_card(WHO, demo_copy, HERE).orders["AUC"].iloc[0]
    # of all primary and secondary schools of the build a fifth, to the nearest school
    assert first["Flagged today"] == "20"
    assert found.dots["Wrongly flagged"].iloc[0] == pytest.approx(100 * 150 / 870, abs=0.01)
    assert found.dots["Missed"].iloc[0] == pytest.approx(100 * 240 / 330, abs=0.01)


def test_fifths_stand_from_the_most_to_the_least_disadvantaged(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    found = model_errors(WHO, demo_copy, "fsm fifth")
    assert found.table["Schools"].tolist()[1:] == [
        "5, the most disadvantaged", "4", "3", "2", "1, the least disadvantaged",
    ]  # fmt: skip
    assert found.finding.startswith("In the most disadvantaged fifth schools are wrongly flagged ")


def test_a_group_of_few_has_no_dot_and_says_why(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    fair = england_figures.fairness
    assert fair is not None
    few = Estimate(withheld="Withheld: 7 inspections failed; fewer than 20 say too little.")
    groups = tuple(
        replace(one, value="not known", false_negative_rate=few, false_positive_rate=Estimate(1.0, 1.0, 1.0))
        if (one.by, one.value) == ("phase", "secondary")
        else one
        for one in fair.groups
    )
    committed(replace(england_figures, fairness=replace(fair, groups=groups)))
    found = model_errors(WHO, demo_copy, "phase")
    assert found.withheld == (f"Not known, missed: {few.withheld}",)
    assert found.dots["Missed"].isna().tolist() == [False, True, False]
    # who is not known is no finding
    assert "wrongly flagged most often are “Primary”" in found.finding


def test_the_trade_off_stands_in_its_order_with_our_point_marked_and_why(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    found = model_errors(WHO, demo_copy)
    assert found.tradeoff["Compared among similar schools"].tolist() == ["0%", "50%", "100%"]
    assert found.tradeoff["These rules"].tolist() == ["", "◆ here", ""]
    assert found.tradeoff_words[-1] == "These rules stand at 50%. It loses little."
    assert "from 2.5 to 1.4 times the overall rate, and AUC from 0.79 to 0.76" in found.tradeoff_finding


def test_without_a_trade_off_or_figures_that_is_said(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(replace(england_figures, tradeoff=()))
    found = model_errors(WHO, demo_copy)
    assert found.tradeoff.empty
    assert "say nothing on what another share" in found.tradeoff_words[0]
    committed(None)
    assert model_errors(WHO, demo_copy).standing == NO_FIGURES
    assert model_errors(WHO, demo_copy).table.empty


# the observed rate


def test_the_observed_rate_says_of_how_many_when_and_that_it_was_no_report_card(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    said = observed_rate(WHO, demo_copy, "unlikely", "primary")
    # every third is a secondary: 200 of the 300 are primaries, half of them failed
    assert said.startswith(
        "Of primary schools that stood at “unlikely”, 50 of 100 were judged below good at their next graded inspection "
        "(September 2022 to July 2023, n = 200). Those were graded inspections; a report card is not directly "
        "comparable with one."
    )
    assert said.endswith("They were England's schools: this one is invented.")
    committed(replace(england_figures, rule_set="2020.1", fingerprint="0123456789ab"))
    assert "That was by other rules (2020.1)." in observed_rate(WHO, demo_copy, "unlikely", "primary")


def test_a_rate_of_few_is_withheld_and_one_of_none_is_said(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    question = england_figures.accuracy.question("graded")
    last = question.populations[-1]
    few = tuple(
        replace(one, n=7, failed=2, rate=Estimate(withheld="Withheld: 7 inspections; fewer than 20 say too little."))
        for one in last.levels_by_phase["primary"]
    )
    cut = replace(last, levels_by_phase={"special": few})
    questions = (replace(question, populations=(cut,)), *england_figures.accuracy.questions[1:])
    committed(replace(england_figures, accuracy=replace(england_figures.accuracy, questions=questions)))
    said = observed_rate(WHO, demo_copy, "likely", "special")
    assert said.startswith("Only 7 special schools that stood at “likely” had a graded inspection (September 2022 to")
    assert "too few to say how many of 100" in said
    assert observed_rate(WHO, demo_copy, "likely", "nursery").startswith("No nursery school that stood at “likely”")


def test_the_observed_rate_stands_on_the_third_card_of_a_profile_alone(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    profile = school_profile(WHO, demo_copy, "900001")
    first, second, third = profile.cards
    assert (first.observed, second.observed) == ("", "")
    assert third.observed == observed_rate(WHO, demo_copy, third.level, profile.school["phase_group"])
    committed(None)
    assert "not known yet" in school_profile(WHO, demo_copy, "900001").cards[2].observed


def test_the_observed_rates_stand_with_the_levels_of_the_rules(
    demo_copy: Copy, committed: Committed, england_figures: ModelFigures
) -> None:
    committed(england_figures)
    levels = {one.statement: one.observed for one in rule_catalogue(WHO, demo_copy, HERE).levels}
    assert levels["outcomes"] == levels["leadership"] == ()
    assert levels["inspection"] == observed_rates(WHO, demo_copy)
    assert (
        "Primary schools: “unlikely” 50 (n = 200); “uncertain” 30 (n = 200); “likely” 10 (n = 200); "
        "“not enough evidence” 20 (n = 200)." in levels["inspection"]
    )


# what happened


def test_the_history_has_every_phase_and_never_puts_frameworks_together(demo_copy: Copy) -> None:
    found = grade_history(WHO, demo_copy)
    assert next(iter(found)) == "primary"
    primary = found["primary"]
    inspected = demo_copy.reader.rows(
        "select count(*) as n from inspections as i inner join schools as s using (urn) "
        "where s.phase_group = 'primary' and i.kind in ('graded', 'report card') and not i.is_one_of_several"
    )[0]["n"]
    assert primary.rates["Inspections"].sum() == inspected
    assert primary.below["Framework"].str.contains(":").all()
    assert set(primary.below["Inspections"] >= 20) == {True}
    few = primary.rates["Of"] < 20
    assert (primary.rates.loc[few, "Of 100"] == "too few").all()
    assert (primary.rates.loc[~few, "Of 100"] != "too few").all()
