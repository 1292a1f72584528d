"""The page for a supporter: what it tells, that it fits one page, and that nothing restricted is in it."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_docx

from risk_model.casework import (
    EvidenceKind,
    NewAdviserView,
    NewAllocation,
    NewEvidence,
    NewHeadComment,
    NewObjective,
    NewReferral,
    NewShare,
    SupportType,
    add_adviser_view,
    add_allocation,
    add_head_comment,
    add_objective,
    add_referral,
    allocations,
)
from risk_model.domain.documents import Document
from risk_model.domain.errors import NotFound
from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import LEVEL_SHAPES, NOT_A_PREDICTION, Statement
from risk_model.exports.documents import as_docx
from risk_model.exports.pdf import as_pdf
from risk_model.rules.reader import read_rules
from risk_model.services.briefing import briefed_support, school_briefing, weighs_most
from risk_model.services.copy import Copy, opened
from risk_model.services.my_schools import is_given_now, view_of
from risk_model.services.preparing import build_now, import_files
from risk_model.services.profile import school_profile
from risk_model.services.scope import licence_line
from risk_model.services.shareable import SHOWN_KINDS, SHOWN_SUPPORT, are_few_pupils, is_rule_shown, withheld_kinds
from risk_model.sources.catalogue import source_named
from risk_model.sources.contract import Field
from risk_model.sources.held import EVIDENCE
from risk_model.sources.options import ImportOptions
from tests.conftest import copied
from tests.exports.pdf_kit import page_count, squeezed, tags_of, text_of

WHO = local_viewer()
MARK = "Quagga"
SEEN_ON = date(2026, 11, 12)
# what makes each rule of a kind as bad as can be
ANOTHER = {"complaints": {"reference": f"{MARK}-2"}}
WORST: Mapping[str, Mapping[str, str]] = {
    "la_visits": {"visit_kind": "review day", "impact": "not effective", "achievement": "below expected"},
    "formal_notices": {"notice": "interim executive board", "issued_on": "2026-10-01"},
    "governance": {"seats": "12", "vacancies": "9", "clerk_concern": "yes", "chair_since": "2026-10-01"},
    "la_finance": {"deficit": "not licensed", "balance_gbp": "-987654", "recovery_plan": "none"},
    "complaints": {"reference": f"{MARK}-1", "finding": "upheld", "theme": "safeguarding"},
    "engagement": {"offer": "core group", "offered_on": "2026-03-01", "answer": "declined"},
    "safeguarding_audits": {"gaps": "serious", "open_concern": "yes", "actions_open": "77"},
    "head_teacher_posts": {"post_status": "permanent", "started_on": "2019-09-01", "leaves_on": "2027-04-17"},
}
RAISED = {"la_visits": "L10", "formal_notices": "L4", "governance": "L6", "complaints": "L11", "engagement": "L12"}
RAISED |= {"la_finance": "L7", "safeguarding_audits": "N13"}


def texts(value: Any) -> Iterator[str]:
    """Every text of a document, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts(one)


def words(document: Document) -> str:
    return "\n".join(texts(asdict(document)))


def section(document: Document, title: str) -> str:
    return "\n".join(texts(asdict(next(one for one in document.sections if one.title.startswith(title)))))


def word_text(document: Document) -> str:
    word = open_docx(io.BytesIO(as_docx(document)))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in word.paragraphs), *cells])


@pytest.fixture(scope="module")
def planted(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[DataDir, dict[str, str]]:
    """The demo with a line of every kind that the LA holds, each about another school: {kind: URN}."""
    data = DataDir(copied(demo_dir, tmp_path_factory.mktemp("planted") / "data"))
    folder = tmp_path_factory.mktemp("lines")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        with opened(data) as copy:
            judged = "select urn from statement_levels where level = 'likely' and statement = 'leadership' order by urn"
            kinds = [one.id for one in EVIDENCE if one.id != "early_results"]
            urns = [row["urn"] for row in copy.reader.rows(judged)]
        about = dict(zip(kinds, urns, strict=False))
        for kind, urn in about.items():
            (report,) = import_files(WHO, data, [_line(folder, kind, urn)], ImportOptions())
            assert report.status == "imported", report
        build_now(WHO, data, copy.build.as_at)
    return data, about


def _line(folder: Path, kind: str, urn: str) -> Path:
    source = source_named(kind)
    line = {one.name: _cell(one) for one in source.fields} | WORST.get(kind, {})
    line |= {"urn": urn, "seen_on": SEEN_ON.isoformat(), "recorded_by": f"{MARK} 7", "note": f"{MARK} remark"}
    path = folder / f"{kind}_2026-11-14.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(line))
        writer.writeheader()
        writer.writerow(line)
        if kind in ANOTHER:
            writer.writerow(line | ANOTHER[kind])
    return path


def _cell(one: Field) -> str:
    return "" if one.kind == "date" else one.example


def without_levels(document: Document) -> str:
    """What a page says apart from the three levels and the number of the build."""
    levels = document.sections[1].tables[0]
    rows = tuple((row[0], "", *row[2:]) for row in levels.rows)
    sections = list(document.sections)
    sections[1] = replace(sections[1], tables=(replace(levels, rows=rows),))
    return re.sub(r"build \d+", "build", words(replace(document, sections=tuple(sections))))


@pytest.mark.parametrize("kind", sorted(RAISED))
def test_what_stays_with_the_la_changes_no_word_of_the_page(
    kind: str, demo_copy: Copy, planted: tuple[DataDir, dict[str, str]]
) -> None:
    data, about = planted
    before = school_briefing(WHO, demo_copy, about[kind])
    with opened(data) as copy:
        rules = {one.rule_id: one for card in school_profile(WHO, copy, about[kind]).cards for one in card.rules}
        after = school_briefing(WHO, copy, about[kind])
    sentence = rules[RAISED[kind]].sentence
    assert rules[RAISED[kind]].status == "raised"
    assert without_levels(after) == without_levels(before)
    for made in (words(after), word_text(after)):
        assert sentence not in made
        assert MARK not in made
    assert squeezed(sentence) not in text_of(as_pdf(after))
    assert MARK not in text_of(as_pdf(after))


@pytest.mark.parametrize("kind", sorted(one.id for one in EVIDENCE if one.id != "early_results"))
def test_no_note_author_or_number_of_a_line_is_told(kind: str, planted: tuple[DataDir, dict[str, str]]) -> None:
    data, about = planted
    with opened(data) as copy:
        lines = school_profile(WHO, copy, about[kind]).held
        document = school_briefing(WHO, copy, about[kind])
    assert any(one.kind == kind and one.recorded_by == f"{MARK} 7" for one in lines)
    for made in (words(document), word_text(document)):
        assert MARK not in made
        assert not [one.says for one in lines if one.says in made]
        assert "17 April 2027" not in made


def test_how_the_heads_post_is_filled_is_told_where_it_is_recorded(planted: tuple[DataDir, dict[str, str]]) -> None:
    data, about = planted
    with opened(data) as copy:
        told = section(school_briefing(WHO, copy, about["head_teacher_posts"]), "The school")
        other = section(school_briefing(WHO, copy, about["complaints"]), "The school")
    assert "Head teacher: permanent since 1 September 2019, as recorded on 12 November 2026." in told
    assert "Head teacher: the LA has recorded nothing about the post." in other


def test_each_kind_that_the_la_holds_is_either_shown_or_stays_with_it() -> None:
    kinds = {one.id for one in EVIDENCE}
    assert kinds > SHOWN_KINDS
    assert kinds - SHOWN_KINDS <= withheld_kinds()
    assert {"complaints", "safeguarding_audits", "la_visits", "engagement", "governance"} <= withheld_kinds()


def test_the_rules_that_are_left_out_are_those_that_rest_on_what_stays_with_the_la() -> None:
    left_out = {rule.id for rule in read_rules().rules if not is_rule_shown(rule)}
    assert left_out == {"L2", "L4", "L6", "L7", "L10", "L11", "L12", "N11", "N13"}


def test_a_rule_on_a_measure_that_is_not_known_is_left_out() -> None:
    rule = next(one for one in read_rules().rules if one.id == "O1")
    assert is_rule_shown(rule)
    assert not is_rule_shown(rule.model_copy(update={"measure": "a_measure_of_another_version_pct"}))


def test_figures_of_fewer_than_eleven_pupils_are_left_out() -> None:
    assert are_few_pupils("rwm_expected_pct", 10.0)
    assert not are_few_pupils("rwm_expected_pct", 11.0)
    assert not are_few_pupils("below_good_in_a_row_count", 3.0)
    assert not are_few_pupils("persistent_absence_pct", None)


def test_a_year_of_few_pupils_is_left_out_and_said_to_be(demo_copy: Copy) -> None:
    value = "select value from measure_values where urn = '900183' and measure_id = $measure and period = '2024-2025'"
    assert demo_copy.reader.rows(value, {"measure": "rwm_expected_pct"})[0]["value"] is not None
    told = section(school_briefing(WHO, demo_copy, "900183"), "How it has gone").split("\n")
    at = told.index("Reached the expected standard in reading, writing and maths")
    assert told[at + 1 : at + 4] == ["fewer than 11 pupils: left out"] * 3


def test_the_heaviest_rules_are_told_without_those_of_few_pupils_or_of_what_stays_with_the_la(demo_copy: Copy) -> None:
    card = school_profile(WHO, demo_copy, "900027").cards[0]
    ids, said = [one.rule_id for one in card.raised], [one.sentence for one in card.raised]
    assert len(ids) == 5
    assert weighs_most(card, set(ids), set()).split("\n") == [*said[:3], "And 2 more."]
    assert weighs_most(card, set(ids[:4]), {ids[0]}).split("\n") == [
        *said[1:4],
        "Of fewer than 11 pupils, so left out: 1 more.",
    ]
    assert weighs_most(card, set(), set()) == "No rule that can be shown here is raised."


@pytest.mark.parametrize("support_type", [one for one in SupportType if one not in SHOWN_SUPPORT] + [None])
def test_support_in_matters_that_stay_with_the_la_changes_no_word(
    support_type: SupportType | None, own_copy: Copy
) -> None:
    before = words(school_briefing(WHO, own_copy, "900027"))
    new = NewAllocation("999", "900027", "LA team", MARK, support_type=support_type, aim=MARK, need=MARK)
    _add(own_copy, new)
    assert words(school_briefing(WHO, own_copy, "900027")) == before


@pytest.mark.parametrize("provider", ["HR", "Human Resources", "Finance", "Safeguarding team", "Legal services"])
def test_support_of_a_team_for_such_matters_changes_no_word_whatever_it_is_about(provider: str, own_copy: Copy) -> None:
    before = words(school_briefing(WHO, own_copy, "900027"))
    _add(own_copy, NewAllocation("999", "900027", "LA team", provider, support_type=SupportType.TRAINING, aim=MARK))
    assert words(school_briefing(WHO, own_copy, "900027")) == before


def _add(copy: Copy, new: NewAllocation) -> int:
    return add_allocation(copy.records, WHO.name, replace(new, status="active", start_date=copy.build.as_at))


def test_what_people_recorded_about_the_school_changes_no_word(own_copy: Copy) -> None:
    before = words(school_briefing(WHO, own_copy, "900027"))
    as_at = own_copy.build.as_at
    add_adviser_view(
        own_copy.records,
        WHO.name,
        NewAdviserView(
            "999",
            "900027",
            Statement.LEADERSHIP,
            "likely",
            f"{MARK} thinks so.",
            MARK,
            as_at,
            as_at + timedelta(days=90),
            (NewEvidence(EvidenceKind.DOCUMENT, MARK),),
        ),
    )
    add_head_comment(own_copy.records, WHO.name, NewHeadComment("999", "900027", MARK, "Head teacher", as_at))
    add_referral(own_copy.records, WHO.name, NewReferral("999", "900027", MARK, ask=MARK))
    assert words(school_briefing(WHO, own_copy, "900027")) == before


def test_it_says_what_the_evidence_suggests_and_by_which_build_and_rules(demo_copy: Copy) -> None:
    document = school_briefing(WHO, demo_copy, "900027")
    profile = school_profile(WHO, demo_copy, "900027")
    build = demo_copy.build
    rows = document.sections[1].tables[0].rows
    assert [row[1] for row in rows] == [f"{LEVEL_SHAPES[card.level]} {card.level}" for card in profile.cards]
    assert [row[0].split("\n")[0] for row in rows] == [card.title for card in profile.cards]
    assert profile.cards[0].raised[0].sentence in rows[0][2]
    assert section(document, "What the evidence suggests").split("\n")[1] == NOT_A_PREDICTION
    assert f"as at 20 November 2026, by rules {build.rule_set}, build {build.number}." in document.about[0]
    assert licence_line(WHO, demo_copy) in section(document, "What is not known")


def test_the_figures_are_those_of_the_profile_beside_the_national_ones(demo_copy: Copy) -> None:
    (table,) = next(one for one in school_briefing(WHO, demo_copy, "900027").sections if "gone" in one.title).tables
    assert table.columns == ("Measure", "2022-23", "2023-24", "2024-25")
    by_measure = {row[0]: row[1:] for row in table.rows}
    assert by_measure["Reached the expected standard in reading, writing and maths"] == (
        "40%; nationally 60%",
        "39%; nationally 61%",
        "36%; nationally 62%",
    )
    assert by_measure["Progress in reading"][1:] == ("not published for any school that year",) * 2


def test_a_page_for_one_piece_of_support_says_its_aim_and_what_others_do(demo_copy: Copy) -> None:
    mine, other = (one for one in allocations(demo_copy.records, urn="900027") if one.id in (8, 9))
    document = school_briefing(WHO, demo_copy, "900027", mine.id)
    own = section(document, "Your support")
    for text in (mine.need, mine.aim, mine.success_measure, mine.baseline, "12 days, 8 used"):
        assert text
        assert text in own
    assert document.about[0].startswith(f"For {mine.system_leader_label} ({mine.role}), from Exampleshire")
    others = section(document, "Other support there now")
    assert other.aim
    assert other.aim in others
    assert mine.aim
    assert mine.aim not in others


def test_what_was_not_recorded_of_the_support_is_said(own_copy: Copy) -> None:
    number = _add(own_copy, NewAllocation("999", "900027", "school", "Another school"))
    own = section(school_briefing(WHO, own_copy, "900027", number), "Your support")
    # kind, need, days, review, aim, success measure, where it starts from
    assert own.count("not recorded") == 7
    assert "no end recorded" in own


def test_objectives_stand_in_a_table_with_where_they_start_and_how_they_go(own_copy: Copy) -> None:
    due, seen = date(2027, 3, 31), date(2026, 11, 2)
    goal = NewObjective(8, "Leaders check lessons", "Weekly", "none", "every class", due, "on track", seen)
    add_objective(own_copy.records, WHO.name, goal)
    add_objective(own_copy.records, WHO.name, NewObjective(8, "A second one"))
    (table,) = next(one for one in school_briefing(WHO, own_copy, "900027", 8).sections if "Your" in one.title).tables
    assert table.rows[-2:] == (
        ("Leaders check lessons", "Weekly", "none; every class", "31 March 2027", "on track"),
        ("A second one", "not recorded", "not recorded; not recorded", "not recorded", "not recorded"),
    )


def test_a_group_has_a_page_for_each_of_its_schools_with_its_share_of_the_days(own_copy: Copy) -> None:
    shares = (NewShare("900027", 4), NewShare("900012", 2))
    new = NewAllocation("999", "900027", "consortium", "A cluster", support_type="training", aim="Reading for all")
    number = _add(own_copy, replace(new, days_planned=6, days_used=3, shares=shares))
    # three days used are shared out as the six planned are
    for urn, days, used in (("900027", 4, 2), ("900012", 2, 1)):
        assert number in briefed_support(WHO, own_copy, urn)
        told = f"{days} days, {used} used, of a group of 2 schools"
        assert told in section(school_briefing(WHO, own_copy, urn, number), "Your support")
        assert told in section(school_briefing(WHO, own_copy, urn), "Support there now")


def test_a_system_leader_gets_the_page_for_all_of_their_own_support(demo_copy: Copy) -> None:
    one = next(each for each in allocations(demo_copy.records, urn="900027") if each.id == 8)
    assert one.system_leader_id is not None
    document = school_briefing(view_of(WHO, demo_copy, one.system_leader_id), demo_copy, "900027")
    assert words(document).replace("briefing_900027", "") == words(
        school_briefing(WHO, demo_copy, "900027", one.id)
    ).replace("briefing_900027_8", "")


def test_the_support_to_choose_from_is_what_is_given_now(demo_copy: Copy) -> None:
    expected = [one.id for one in allocations(demo_copy.records, urn="900027") if is_given_now(one, date(2026, 11, 20))]
    assert list(briefed_support(WHO, demo_copy, "900027")) == expected


def test_support_of_another_school_is_refused(demo_copy: Copy) -> None:
    with pytest.raises(NotFound, match="no support number 1 "):
        school_briefing(WHO, demo_copy, "900027", 1)
    with pytest.raises(NotFound, match="URN 123456"):
        school_briefing(WHO, demo_copy, "123456")


def test_every_page_for_support_of_the_demo_fits_one_side_of_a4(demo_copy: Copy) -> None:
    now = [one for one in allocations(demo_copy.records) if is_given_now(one, demo_copy.build.as_at)]
    assert len(now) > 20
    longer = [one.id for one in now if page_count(as_pdf(school_briefing(WHO, demo_copy, one.urn, one.id))) != 1]
    assert longer == []


def test_pdf_and_word_say_the_same(demo_copy: Copy) -> None:
    document = school_briefing(WHO, demo_copy, "900027", 8)
    pdf, word = text_of(as_pdf(document)), word_text(document)
    for one in texts(asdict(document)):
        if one != document.name:
            assert squeezed(one) in pdf, one
            assert one in word, one
    titles = [title for tag, title in tags_of(as_pdf(document)) if tag in ("H1", "H2")]
    assert titles == [document.title, *(one.title for one in document.sections)]


def test_a_school_without_evidence_says_so(small_data: DataDir) -> None:
    with opened(small_data) as copy:
        document = school_briefing(WHO, copy, "100004")
    assert "Not yet inspected. That is not the same as good." in section(document, "The school")
    assert "No yearly figure of this school is loaded." in section(document, "How it has gone")
    assert "None that can be shown here is agreed or under way." in section(document, "Support there now")
    assert page_count(as_pdf(document)) == 1


def test_a_hostile_name_is_text_in_both(small_data: DataDir) -> None:
    with opened(small_data) as copy:
        name = copy.reader.rows("select name from schools where urn = '100001'")[0]["name"]
        document = school_briefing(WHO, copy, "100001")
    assert squeezed(name) in text_of(as_pdf(document))
    assert name in word_text(document)


def test_the_age_of_the_evidence_is_that_of_what_is_shown(demo_copy: Copy) -> None:
    document = school_briefing(WHO, demo_copy, "900012")
    # its complaints register of 13 November 2026 stays with the LA
    assert "Evidence from 18 April 2023 to 31 August 2026; 80% older than two years" in words(document)
    ages = [card.age.newest for card in school_profile(WHO, demo_copy, "900012").cards]
    assert date(2026, 11, 13) in ages
