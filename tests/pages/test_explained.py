"""The school's page explains its levels: since a chosen build, what would change them, how firm they are."""

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import NOT_A_PREDICTION
from risk_model.services.copy import opened
from risk_model.services.explaining import explained, report_paragraph, school_explanation
from risk_model.services.profile import school_profile
from tests.pages.conftest import Visit, said, well

URN = "900001"


def test_cards_say_what_would_change_the_level_and_how_firm_it_is(demo_data: DataDir, visit: Visit) -> None:
    with opened(demo_data) as copy:
        profile = school_profile(local_viewer(), copy, URN)
        found = school_explanation(local_viewer(), copy, profile)
    text = said(visit("school", urn=URN))
    for card in profile.cards:
        one = found[card.statement]
        assert one.firmness in text
        assert card.age.sentence in text
        assert card.travel in text
        for sentence in (*one.better, *one.worse, *one.to_bring):
            assert sentence in text
        for rule in card.rules:
            assert rule.sentence in text
    assert NOT_A_PREDICTION in text


def test_text_for_a_report_is_offered_in_brief_and_whole(demo_data: DataDir, visit: Visit) -> None:
    with opened(demo_data) as copy:
        profile = school_profile(local_viewer(), copy, URN)
        found = school_explanation(local_viewer(), copy, profile)
    offered = [code.value for code in visit("school", urn=URN).code]
    assert report_paragraph(profile, found) in offered
    assert explained(profile, found) in offered


def test_an_earlier_build_is_compared_by_choice_and_by_link(demo_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn=URN)
    assert "Since build 1, as at 30 April 2026" not in said(app)
    well(app.selectbox(key="since").select("1").run())
    assert said(app).count("Since build 1, as at 30 April 2026") == 3
    assert app.query_params["since"] == "1"
    assert said(visit("school", urn=URN, since="1")).count("Since build 1, as at 30 April 2026") == 3


def test_a_link_to_a_build_that_is_not_kept_compares_nothing(demo_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn=URN, since="nonsense")
    assert app.selectbox(key="since").value is None


def test_without_another_build_there_is_nothing_to_choose(small_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn="100002")
    assert "since" not in [one.key for one in app.selectbox]
    assert "There is no earlier build to compare with." in said(app)
