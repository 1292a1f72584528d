"""The three judgements on the pages: recorded through the forms, refused in words, hostile text shown as text."""

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from risk_model.casework import adviser_views, audit_trail, head_comments
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import Statement
from risk_model.services.at_risk import ListFilters, narrowed, school_list
from risk_model.services.copy import opened
from risk_model.services.judgement_changes import NewComment, NewView, add_comment, add_view, evidence_choices
from risk_model.services.scope import Scope
from tests.pages.conftest import Visit, said, shows_no_markup, well
from tests.registers import HOSTILE

WHO = local_viewer()
URN = "100001"


def _press(app: AppTest, label: str) -> AppTest:
    return well(next(one for one in app.button if one.label == label).click().run())


def _by_label(found: Any, label: str) -> Any:
    return next(one for one in found if one.label == label)


def _fill(app: AppTest, *, reason: str, made_by: str, document: str) -> None:
    _by_label(app.selectbox, "Level").select("uncertain")
    _by_label(app.text_input, "Made by").input(made_by)
    _by_label(app.date_input, "Review by").set_value(date(2026, 3, 1))
    _by_label(app.text_area, "Reason").input(reason)
    _by_label(app.text_area, "Evidence in a document").input(document)


def _entries(data: DataDir) -> int:
    with opened(data) as copy:
        return len(audit_trail(copy.records, limit=10_000))


def test_a_view_is_recorded_through_the_form_and_stands_beside_the_computed_level(
    own_small_data: DataDir, visit: Visit
) -> None:
    app = visit("school", urn=URN)
    assert "No view is recorded." in said(app)
    _fill(app, reason="Books show more.", made_by="Adviser 3", document="Note of 28 August 2025.")
    _by_label(app.selectbox, "Statement").select(Statement.LEADERSHIP)
    _press(app, "Record the view")
    text = said(app)
    assert "Adviser's view number 1 was recorded." in text
    assert "By Adviser 3, 1 October 2025; review by 1 March 2026" in text
    assert "Document: Note of 28 August 2025." in text
    assert "Adviser: **▲ uncertain** to 1 March 2026" in text
    with opened(own_small_data) as copy:
        (kept,) = adviser_views(copy.records)
    assert (kept.urn, kept.statement, kept.made_on) == (URN, "leadership", date(2025, 10, 1))


def test_a_record_of_the_school_is_linked_as_evidence(own_small_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn=URN)
    _fill(app, reason="The inspection says so.", made_by="Adviser 3", document="")
    with opened(own_small_data) as copy:
        code = next(iter(evidence_choices(WHO, copy, URN)))
    _by_label(app.multiselect, "Evidence that is recorded here").select(code)
    _press(app, "Record the view")
    with opened(own_small_data) as copy:
        (kept,) = adviser_views(copy.records)
    assert [one.kind for one in kept.evidence] == ["inspection"]


@pytest.mark.parametrize(
    ("reason", "document", "message"),
    [("", "A note.", "reason: nothing was given"), ("Books.", "", "a view needs evidence")],
)
def test_a_view_that_is_not_valid_is_refused_in_words_and_not_recorded(
    own_small_data: DataDir, visit: Visit, reason: str, document: str, message: str
) -> None:
    app = visit("school", urn=URN)
    _fill(app, reason=reason, made_by="Adviser 3", document=document)
    _press(app, "Record the view")
    (error,) = app.error
    assert message in error.value.replace("\\", "")
    assert _entries(own_small_data) == 0


def test_a_view_without_level_or_review_is_asked_for_them(own_small_data: DataDir, visit: Visit) -> None:
    app = _press(visit("school", urn=URN), "Record the view")
    assert [one.value for one in app.error] == ["Choose a level and the day of the review."]
    assert _entries(own_small_data) == 0


def _recorded(data: DataDir, text: str = "Books show more.") -> None:
    with opened(data) as copy:
        day, review_by = date(2025, 9, 1), date(2026, 3, 1)
        add_view(WHO, copy, NewView(URN, "outcomes", "uncertain", text, text[:100], day, review_by, document=text))
        add_comment(WHO, copy, NewComment(URN, text, text[:100], day, "outcomes"))


def test_a_view_is_changed_and_then_withdrawn_with_a_reason(own_small_data: DataDir, visit: Visit) -> None:
    _recorded(own_small_data)
    app = visit("school", urn=URN)
    reason = next(one for one in app.text_area if one.label == "Reason" and one.value == "Books show more.")
    reason.input("Books and tests show more.")
    _press(app, "Save the change")
    assert "Adviser's view number 1 was changed." in said(app)
    assert "Books and tests show more." in said(app)
    _press(app, "Withdraw the view")
    assert "a reason is needed" in said(app)
    _by_label(app.text_input, "Why this is changed or withdrawn").input("The wrong school.")
    _press(app, "Withdraw the view")
    assert "Adviser's view number 1 was withdrawn." in said(app)
    with opened(own_small_data) as copy:
        assert adviser_views(copy.records) == []
        assert audit_trail(copy.records)[0].reason == "The wrong school."


def test_what_the_head_says_is_recorded_and_withdrawn(own_small_data: DataDir, visit: Visit) -> None:
    app = visit("school", urn=URN)
    _by_label(app.text_area, "What the head says").input("One small year.")
    _press(app, "Record the comment")
    assert "says (1 October 2025): One small year." in said(app)
    _by_label(app.text_input, "Why it should not be here").input("The head asked for it.")
    _press(app, "Withdraw the comment")
    assert "Comment number 1 was withdrawn." in said(app)
    with opened(own_small_data) as copy:
        assert head_comments(copy.records) == []


@pytest.mark.parametrize("page", ["school", "schools_at_risk", "overview", "regional_director", "support"])
def test_hostile_text_of_a_judgement_is_text_wherever_it_is_shown(
    own_small_data: DataDir, visit: Visit, page: str
) -> None:
    _recorded(own_small_data, HOSTILE)
    app = visit(page, urn=URN)
    assert shows_no_markup(app)


def test_a_link_narrows_the_list_by_peoples_judgements(demo_data: DataDir, visit: Visit) -> None:
    with opened(demo_data) as copy:
        schools = school_list(WHO, copy, Scope("999"))
    for judgement in ("adviser disagrees", "agreed differs", "view lapsed"):
        wanted = narrowed(schools, ListFilters(judgement=judgement))
        app = visit("schools_at_risk", judgement=judgement)
        assert f"{len(wanted)} of 259 schools" in said(app)
        table = app.dataframe[0].value
        assert list(table["URN"]) == list(wanted["urn"])
        assert list(table.columns[5:7]) == ["Adviser's view", "Core group agreed"]


def test_the_overview_counts_views_that_lapsed_and_are_due(demo_data: DataDir, visit: Visit) -> None:
    text = said(visit("overview"))
    assert "Advisers' views: **1** lapsed, **2** due within a month" in text
    assert "schools where an adviser disagrees with a computed level" in text
