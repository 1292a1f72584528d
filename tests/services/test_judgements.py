"""The three judgements side by side: none changes another, a lapse is a matter of the date, disagreement is counted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from risk_model.casework import (
    NewAdviserView,
    NewAllocation,
    NewEvidence,
    NewMeeting,
    NewMeetingOutcome,
    NewShare,
    add_adviser_view,
    add_allocation,
    add_meeting,
    adviser_views,
    audit_trail,
)
from risk_model.domain.errors import RecordRefused
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import STATEMENT_TITLES, Level, Statement
from risk_model.services.at_risk import (
    JUDGEMENT_FILTERS,
    LIST_COLUMNS,
    ListFilters,
    about_list,
    judgements_first,
    judgements_sentence,
    list_sentence,
    narrowed,
    school_list,
    screen_table,
)
from risk_model.services.copy import Copy, opened
from risk_model.services.explaining import explained, school_explanation
from risk_model.services.judgement_changes import (
    NewComment,
    NewView,
    add_comment,
    add_view,
    change_view,
    evidence_choices,
    withdraw_comment,
    withdraw_view,
)
from risk_model.services.judgements import Layers, layer_lines, school_judgements, views_table, with_layers
from risk_model.services.overview import overview
from risk_model.services.profile import school_profile
from risk_model.services.record_lists import add_record_file
from risk_model.services.regional_director import academies_at_risk
from risk_model.services.scope import Scope
from tests.registers import HOSTILE

WHO = local_viewer()
# the small copy is built as at 1 October 2025
URN = "100001"
OUTCOMES = Statement.OUTCOMES.value
VIEW = NewView(
    urn=URN,
    statement=OUTCOMES,
    level="uncertain",
    reason="Books show more than the tests.",
    made_by="School improvement adviser 3",
    made_on=date(2025, 9, 1),
    review_by=date(2026, 3, 1),
    document="Note of the visit of 28 August 2025, in the school's file.",
)


@pytest.fixture
def copy(own_small_data: DataDir) -> Iterator[Copy]:
    with opened(own_small_data) as found:
        yield found


def layers_of(copy: Copy, urn: str = URN, statement: Statement = Statement.OUTCOMES) -> Layers:
    (found,) = (one for one in school_judgements(WHO, copy, urn).statements if one.statement == statement)
    return found


def listed(copy: Copy) -> pd.DataFrame:
    return school_list(WHO, copy, Scope()).set_index("urn", drop=False)


def other_than(level: Level) -> str:
    return next(one.value for one in Level if one != level)


def agree(copy: Copy, level: str, urn: str = URN, held_on: date = date(2025, 9, 20)) -> None:
    outcome = NewMeetingOutcome(urn, "step up support", OUTCOMES, level, "Three years below.", date(2025, 9, 30))
    add_meeting(copy.records, "tester", NewMeeting("850", "North", held_on, outcomes=(outcome,)))


def computed_rows(copy: Copy) -> list[dict[str, object]]:
    return copy.reader.rows("select * from statement_levels order by urn, statement")


# side by side


def test_a_school_that_nobody_judged_has_the_computed_level_alone(copy: Copy) -> None:
    found = school_judgements(WHO, copy, URN)
    assert [one.statement for one in found.statements] == list(Statement)
    for one in found.statements:
        assert (one.view, one.agreed, one.comments, one.views) == (None, None, (), ())
        assert (one.adviser_disagrees, one.agreed_differs, one.has_lapsed) == (False, False, False)
        assert layer_lines(one) == ["Adviser's view: none.", "Core group: no level agreed."]
    row = listed(copy).loc[URN]
    assert {row[f"{s.value}_{layer}_level"] for s in Statement for layer in ("adviser", "agreed")} == {"none"}
    assert (row["adviser_disagrees"], row["agreed_differs"], row["adviser_lapsed"]) == (0, 0, 0)
    assert row["adviser_review_by"] is None


def test_a_view_stands_beside_the_computed_level_and_changes_nothing_of_it(copy: Copy) -> None:
    before, columns = computed_rows(copy), listed(copy)
    add_view(WHO, copy, replace(VIEW, level=other_than(layers_of(copy).computed)))
    agree(copy, other_than(layers_of(copy).computed))
    assert computed_rows(copy) == before
    now = listed(copy)
    for column in ("outcomes_level", "outcomes_score", "outcomes_coverage", "priority", "reasons", "route"):
        assert list(now[column]) == list(columns[column])
    assert list(now["urn"]) == list(columns["urn"])


@pytest.mark.parametrize("agrees", [True, False])
def test_disagreement_is_told_and_counted(copy: Copy, agrees: bool) -> None:
    computed = layers_of(copy).computed
    level = computed.value if agrees else other_than(computed)
    add_view(WHO, copy, replace(VIEW, level=level))
    agree(copy, level)
    layers = layers_of(copy)
    assert (layers.adviser_disagrees, layers.agreed_differs) == (not agrees, not agrees)
    row = listed(copy).loc[URN]
    assert (row["outcomes_adviser_level"], row["outcomes_agreed_level"]) == (level, level)
    assert (row["adviser_disagrees"], row["agreed_differs"]) == (int(not agrees), int(not agrees))
    assert row["adviser_review_by"] == date(2026, 3, 1)
    words = "differs from the computed level" if not agrees else "the same as the computed level"
    assert [words in line for line in layer_lines(layers)] == [True, True]


def test_a_view_remembers_what_was_computed_when_it_was_made(copy: Copy) -> None:
    computed = layers_of(copy).computed
    add_view(WHO, copy, VIEW)
    (kept,) = adviser_views(copy.records)
    assert (kept.la_code, kept.computed_level, kept.build_id) == ("850", computed, copy.build.build_id)
    assert audit_trail(copy.records)[0].who == WHO.name


@pytest.mark.parametrize(
    ("made_on", "review_by", "standing", "says"),
    [
        (date(2025, 9, 1), date(2025, 10, 2), "stands", "uncertain"),
        (date(2025, 9, 1), date(2025, 10, 1), "lapsed", "lapsed"),
        (date(2025, 10, 1), date(2026, 1, 1), "stands", "uncertain"),
        (date(2025, 10, 2), date(2026, 1, 1), "made after this date", "none"),
    ],
)
def test_a_view_counts_from_its_day_to_its_review_by_the_date_of_the_build(
    copy: Copy, made_on: date, review_by: date, standing: str, says: str
) -> None:
    add_view(WHO, copy, replace(VIEW, made_on=made_on, review_by=review_by))
    layers = layers_of(copy)
    assert [one.value for _, one in layers.views] == [standing]
    row = listed(copy).loc[URN]
    assert row["outcomes_adviser_level"] == says
    assert row["adviser_lapsed"] == int(says == "lapsed")
    disagrees = says == "uncertain" and layers.computed != "uncertain"
    assert (layers.adviser_disagrees, row["adviser_disagrees"]) == (disagrees, int(disagrees))
    assert (row["adviser_review_by"] == review_by) == (standing == "stands")


def test_a_lapsed_view_stays_visible_with_what_it_said(copy: Copy) -> None:
    add_view(WHO, copy, replace(VIEW, made_on=date(2024, 10, 1), review_by=date(2025, 9, 30)))
    layers = layers_of(copy)
    assert layers.has_lapsed
    (line, _) = layer_lines(layers)
    assert "▲ uncertain" in line
    assert "lapsed on 30 September 2025: the computed level stands alone" in line
    assert VIEW.reason in line
    table = views_table(school_judgements(WHO, copy, URN))
    assert list(table["Standing"]) == ["lapsed"]
    assert table["Evidence"][0] == VIEW.document


def test_an_earlier_build_date_sees_the_judgements_of_then(own_small_data: DataDir) -> None:
    with opened(own_small_data) as copy:
        add_view(WHO, copy, VIEW)
        agree(copy, "likely")
        add_comment(WHO, copy, NewComment(URN, "One small year.", "Head teacher", date(2025, 9, 15), OUTCOMES))
    with opened(own_small_data, date(2025, 8, 31)) as then:
        layers = layers_of(then)
        assert (layers.view, layers.agreed, layers.comments) == (None, None, ())


def test_an_agreed_level_stands_after_its_review_which_is_told_as_due(copy: Copy) -> None:
    agree(copy, "likely")
    layers = layers_of(copy)
    assert layers.agreed is not None
    assert layers.agreed.level == "likely"
    assert layers.agreed_review_is_over
    assert "review was due 30 September 2025" in layer_lines(layers)[1]
    assert "agreed by the core group of North on 20 September 2025" in layer_lines(layers)[1]


# the list, the overview, the texts and the files


def _with_three(copy: Copy) -> None:
    """One school where the adviser disagrees, one where the group does, one whose view has lapsed."""
    levels = {row["urn"]: Level(row["outcomes_level"]) for row in listed(copy).to_dict("records")}
    add_view(WHO, copy, replace(VIEW, level=other_than(levels["100001"]), review_by=date(2025, 10, 31)))
    add_view(WHO, copy, replace(VIEW, urn="100002", level=levels["100002"].value, review_by=date(2025, 12, 1)))
    agree(copy, other_than(levels["100003"]), "100003")
    add_view(WHO, copy, replace(VIEW, urn="100004", made_on=date(2024, 12, 1), review_by=date(2025, 9, 1)))


@pytest.mark.parametrize(
    ("judgement", "urn"), [("adviser disagrees", "100001"), ("agreed differs", "100003"), ("view lapsed", "100004")]
)
def test_disagreement_and_lapse_are_filters(copy: Copy, judgement: str, urn: str) -> None:
    _with_three(copy)
    found = narrowed(listed(copy), ListFilters(judgement=judgement))
    assert list(found["urn"]) == [urn]
    assert f"judgement: {judgement}" in about_list(WHO, copy, Scope(), ListFilters(judgement=judgement), 1)[0]


def test_every_filter_narrows_by_a_column_of_the_list(copy: Copy) -> None:
    assert set(JUDGEMENT_FILTERS.values()) < set(listed(copy).columns)
    assert len(narrowed(listed(copy), ListFilters(judgement="nonsense"))) == 4


def test_disagreements_and_lapses_are_counted_in_a_sentence(copy: Copy) -> None:
    _with_three(copy)
    assert judgements_sentence(listed(copy)) == (
        "In this list advisers disagree with 1 computed level (1 school); core groups agreed on another level than "
        "the computed one for 1 statement (1 school); 1 view lapsed."
    )
    assert "0 views lapsed" in judgements_sentence(listed(copy).iloc[:0])


def test_a_list_says_first_what_it_comes_to(copy: Copy) -> None:
    schools = listed(copy)
    flagged = [row for row in schools.to_dict("records") if row["priority"] == "priority"]
    alone = sum(row["support_now"] == "none" for row in flagged)
    first = ", ".join(schools["name"].tolist()[:3])
    assert 0 < alone <= len(flagged) < len(schools)
    assert list_sentence(schools) == (
        f"{len(flagged)} are a priority, {alone} of them without support recorded. First in the order: {first}."
    )
    quiet = schools[schools["priority"] != "priority"].head(1)
    assert list_sentence(quiet) == f"0 are a priority. First in the order: {quiet['name'].item()}."
    assert list_sentence(schools.iloc[:0]) == ""


def test_the_list_shows_both_layers_beside_the_computed_levels(copy: Copy) -> None:
    _with_three(copy)
    schools = listed(copy)
    table = screen_table(schools).set_index("URN")
    other = other_than(Level(schools.at["100001", "outcomes_level"]))
    assert table.at["100001", "Adviser's view"].endswith(f"{other}, differs")
    assert table.at["100001", "Adviser's view"].startswith("Good outcomes ")
    assert table.at["100002", "Adviser's view"].endswith(schools.at["100002", "outcomes_level"])
    assert table.at["100003", "Core group agreed"].endswith(", differs")
    assert table.at["100004", "Adviser's view"] == "Good outcomes lapsed"
    assert table.at["100004", "Core group agreed"] == "none"
    moved = judgements_first(screen_table(schools))
    assert list(moved.columns[5:7]) == ["Adviser's view", "Core group agreed"]
    assert sorted(moved.columns) == sorted(screen_table(schools).columns)


def test_the_list_of_an_empty_scope_still_has_its_columns(copy: Copy) -> None:
    empty = school_list(WHO, copy, Scope(phase="nothing"))
    assert set(LIST_COLUMNS) <= set(empty.columns)
    assert with_layers(WHO, copy, empty, None).empty
    assert screen_table(empty).empty


def test_the_overview_tells_what_is_due_and_what_has_lapsed(copy: Copy) -> None:
    _with_three(copy)
    seen = overview(WHO, copy, Scope())
    assert [(one.urn, one.when, one.is_overdue) for one in seen.views_due] == [("100001", date(2025, 10, 31), False)]
    assert [(one.urn, one.when, one.is_overdue) for one in seen.views_lapsed] == [("100004", date(2025, 9, 1), True)]
    assert STATEMENT_TITLES[Statement.OUTCOMES] in seen.views_due[0].what
    assert seen.adviser_disagrees == 1
    assert overview(WHO, copy, Scope(phase="nothing")).views_lapsed == []


def test_a_newer_view_takes_the_lapsed_one_off_the_list_of_things_to_do(copy: Copy) -> None:
    _with_three(copy)
    add_view(WHO, copy, replace(VIEW, urn="100004"))
    assert overview(WHO, copy, Scope()).views_lapsed == []


def test_explain_prints_the_three_and_what_the_head_says(copy: Copy) -> None:
    add_view(WHO, copy, VIEW)
    agree(copy, "likely")
    add_comment(WHO, copy, NewComment(URN, "One small\nyear.", "Head teacher", date(2025, 9, 15), OUTCOMES))
    add_comment(WHO, copy, NewComment(URN, "Come and see.", "Head teacher", date(2025, 9, 16)))
    profile = school_profile(WHO, copy, URN)
    text = explained(profile, school_explanation(WHO, copy, profile))
    assert "Adviser's view: ▲ uncertain, by School improvement adviser 3 on 1 September 2025" in text
    assert "Core group: ● likely" in text
    assert "Head teacher says (15 September 2025): One small year." in text
    assert text.count("Head teacher says (16 September 2025): Come and see.") == 1
    assert profile.judgements.statements[0] == profile.cards[0].layers


def test_the_regional_directors_list_shows_and_exports_both(copy: Copy) -> None:
    everything = tuple(sorted(set(listed(copy)["priority"])))
    agree(copy, other_than(Level(listed(copy).at["100003", "outcomes_level"])), "100003")
    found = academies_at_risk(WHO, copy, Scope(), everything)
    assert list(found.table["urn"]) == ["100003"]
    assert "outcomes_agreed_level" in found.table.columns
    (trust,) = found.trusts
    assert trust.shown["Core group agreed"].iloc[0].endswith(", differs")
    assert trust.shown["Adviser's view"].iloc[0] == "none"


# evidence


def test_records_of_the_school_can_be_linked_and_are_kept_in_words(copy: Copy) -> None:
    own = add_allocation(copy.records, "tester", NewAllocation("850", URN, "LA team", "Finance"))
    add_allocation(copy.records, "tester", NewAllocation("850", "100002", "LA team", "HR"))
    choices = evidence_choices(WHO, copy, URN)
    kinds = [one.kind for one in choices.values()]
    assert kinds.count("support") == 1
    assert kinds.count("inspection") >= 1
    add_view(WHO, copy, replace(VIEW, linked=tuple(choices), document=""))
    (kept,) = adviser_views(copy.records)
    assert {one.kind for one in kept.evidence} == {"inspection", "support"}
    assert f"Support number {own}: Finance" in [one.description.partition(",")[0] for one in kept.evidence]


def test_support_of_a_group_is_evidence_for_a_school_that_shares_it_and_for_no_other(copy: Copy) -> None:
    shares = (NewShare("100002", 4.0), NewShare(URN, 2.0))
    number = add_allocation(
        copy.records, "tester", NewAllocation("850", "100002", "LA team", "HR", days_planned=6, shares=shares)
    )
    add_view(WHO, copy, replace(VIEW, linked=(f"support: {number}",)))
    (kept,) = adviser_views(copy.records)
    assert [one.reference for one in kept.evidence if one.kind == "support"] == [str(number)]
    shared = NewEvidence("support", "Support of a group.", str(number))
    days = (date(2025, 9, 1), date(2026, 3, 1))
    other = NewAdviserView("850", "100003", OUTCOMES, "likely", "It helps.", "Adviser 3", *days, (shared,))
    with pytest.raises(RecordRefused, match="not support of this school"):
        add_adviser_view(copy.records, "tester", other)


def test_a_link_to_what_is_not_this_schools_is_refused(copy: Copy) -> None:
    other = add_allocation(copy.records, "tester", NewAllocation("850", "100002", "LA team", "HR"))
    for code in (f"support: {other}", "held line: nothing row 2", "<b>"):
        with pytest.raises(RecordRefused, match="is not there any more"):
            add_view(WHO, copy, replace(VIEW, linked=(code,)))
    assert adviser_views(copy.records) == []


def test_a_view_without_evidence_or_of_an_unknown_school_is_refused(copy: Copy) -> None:
    with pytest.raises(RecordRefused, match="a view needs evidence"):
        add_view(WHO, copy, replace(VIEW, document="  "))
    with pytest.raises(RecordRefused, match="no open school with the URN 999998"):
        add_view(WHO, copy, replace(VIEW, urn="999998"))
    with pytest.raises(RecordRefused, match="no open school with the URN 999998"):
        add_comment(WHO, copy, NewComment("999998", "Come and see.", "Head teacher", date(2025, 9, 16)))
    assert audit_trail(copy.records) == []


# changing


def test_a_view_and_a_comment_are_changed_and_withdrawn_with_their_versions(copy: Copy) -> None:
    number = add_view(WHO, copy, VIEW)
    changed = change_view(WHO, copy, number, 1, {"review_by": date(2025, 12, 1)}, "Sooner.")
    assert (changed.version, changed.review_by) == (2, date(2025, 12, 1))
    with pytest.raises(RecordRefused, match="after you opened it"):
        withdraw_view(WHO, copy, number, 1, "The wrong school.")
    withdraw_view(WHO, copy, number, 2, "The wrong school.")
    assert layers_of(copy).view is None
    comment = add_comment(WHO, copy, NewComment(URN, HOSTILE, HOSTILE, date(2025, 9, 16)))
    assert [one.comment for one in school_judgements(WHO, copy, URN).comments] == [HOSTILE]
    withdraw_comment(WHO, copy, comment, 1, "The head asked for it.")
    assert school_judgements(WHO, copy, URN).comments == ()


def test_views_from_a_file_are_recorded_with_what_was_computed(copy: Copy) -> None:
    text = (
        "urn,statement,level,reason,evidence,made_by,made_on,review_by\n"
        f"{URN},outcomes,likely,Books.,A note of 28 August 2025,Adviser 1,2025-09-01,2026-03-01\n"
        "100002,leadership,likely,Books.,A note of 28 August 2025,Adviser 1,2025-09-01,2026-03-01\n"
    ).encode()
    read = add_record_file(WHO, copy, "views.csv", text, None)
    assert (read.kind, len(read.new)) == ("adviser_views", 2)
    kept = adviser_views(copy.records)
    assert [one.computed_level for one in kept] == [
        layers_of(copy).computed,
        layers_of(copy, "100002", Statement.LEADERSHIP).computed,
    ]
    assert {one.build_id for one in kept} == {copy.build.build_id}
    assert add_record_file(WHO, copy, "views.csv", text, None).recorded == 2
    with pytest.raises(RecordRefused, match="1 thing needs attention"):
        add_record_file(WHO, copy, "views.csv", text.replace(b"2026-03-01\n1", b"2027-03-01\n1"), None)


def test_the_invented_la_shows_agreement_disagreement_a_lapse_and_comments(demo_copy: Copy) -> None:
    schools = school_list(WHO, demo_copy, Scope("999"))
    assert (schools["adviser_disagrees"] > 0).any()
    assert (schools["adviser_lapsed"] > 0).any()
    assert ((schools["adviser_review_by"].notna()) & (schools["adviser_disagrees"] == 0)).any()
    story = {row["name"]: row["urn"] for row in schools.to_dict("records")}
    supported = school_judgements(WHO, demo_copy, story["Alder Bank Primary School"])
    assert supported.statements[0].comments
    assert [one.value for _, one in supported.statements[0].views] == ["stands", "replaced by a newer view"]
    tiny = school_judgements(WHO, demo_copy, story["Hazelquay Church of England Primary School"])
    assert len(tiny.comments) == 1


def test_a_view_made_by_hand_in_the_records_needs_no_build(copy: Copy) -> None:
    evidence = (NewEvidence("document", "A note."),)
    view = NewAdviserView("850", URN, OUTCOMES, "likely", "Books.", "Adviser 1", VIEW.made_on, VIEW.review_by, evidence)
    add_adviser_view(copy.records, "tester", view)
    assert list(views_table(school_judgements(WHO, copy, URN))["Computed then"]) == ["not recorded"]
