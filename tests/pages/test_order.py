"""The order of the schools on the pages: a school's points line by line, and the list that counts them."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import NOT_A_PREDICTION
from risk_model.rules.reader import RuleSet, read_rules
from risk_model.rules.writer import write_rules
from risk_model.services.copy import opened
from risk_model.services.inspection_score import DECIDES_NO_LEVEL, ScoreShown, score_of
from risk_model.services.preparing import build_now
from tests.conftest import SMALL_AS_AT
from tests.pages.conftest import Visit, said, shows_no_markup

WHO = local_viewer()


def shown(data: DataDir, urn: str) -> ScoreShown:
    with opened(data) as copy:
        return score_of(WHO, copy, urn)


def judged_by(data: DataDir, rules: RuleSet, folder: Path) -> None:
    path = folder / "rules.toml"
    path.write_text(write_rules(rules), "utf-8")
    build_now(WHO, data, SMALL_AS_AT, path)


def order_table(app: AppTest) -> pd.DataFrame | None:
    return next((one.value for one in app.dataframe if {"Line", "Points"} <= set(one.value.columns)), None)


def is_open_to(app: AppTest, title: str) -> bool:
    return any(one.label.replace("\\", "") == title for one in app.expander)


@pytest.mark.parametrize("urn", ["900001", "900200", "900250"])
def test_a_profile_shows_each_line_and_the_sum(urn: str, demo_data: DataDir, visit: Visit) -> None:
    found = shown(demo_data, urn)
    app = visit("school", urn=urn)
    assert is_open_to(app, found.title)
    table = order_table(app)
    assert table is not None
    assert list(table["Line"]) == [line.part_id for line in found.lines]
    assert list(table["Points"]) == [line.points for line in found.lines]
    assert found.title.endswith(f": {found.total} points".replace("-", "−"))
    text = said(app)
    for words in (*found.places, *found.notes):
        assert words in text
    assert DECIDES_NO_LEVEL in text
    assert NOT_A_PREDICTION in text


def test_a_school_of_which_little_is_known_shows_why(small_data: DataDir, visit: Visit) -> None:
    found = shown(small_data, "100002")
    app = visit("school", urn="100002")
    table = order_table(app)
    assert table is not None
    known = dict(zip(table["Line"], table["Known"], strict=True))
    assert known["S1"].startswith("no: ")
    assert any("not known (S1, S2, S3, S8)" in note for note in found.notes)
    assert found.notes[1] in said(app)


def test_a_build_without_a_list_says_so_on_both_pages(own_small_data: DataDir, visit: Visit, tmp_path: Path) -> None:
    judged_by(own_small_data, read_rules().model_copy(update={"score": ()}), tmp_path)
    found = shown(own_small_data, "100002")
    assert found.why_none
    app = visit("school", urn="100002")
    assert is_open_to(app, "How its place in the order is counted")
    assert order_table(app) is None
    assert found.why_none in said(app)
    assert found.places[0] in said(app)
    assert found.why_none in said(visit("rules"))


def test_words_of_a_rule_file_are_no_markup(own_small_data: DataDir, visit: Visit, tmp_path: Path) -> None:
    part = read_rules().score[0]
    step = part.step[0].model_copy(
        update=dict.fromkeys(("why", "reference", "unknown_why"), "<b>x</b> **bold** [y](javascript:z)")
    )
    hostile = part.model_copy(
        update={"title": "<i>S</i> **bold** [y](javascript:z)", "sentence": "<b>all</b> **bold**", "step": (step,)}
    )
    judged_by(own_small_data, read_rules().model_copy(update={"score": (hostile,)}), tmp_path)
    rules, school = visit("rules"), visit("school", urn="100002")
    assert "<i>S</i> **bold**" in said(rules)
    assert shows_no_markup(rules)
    assert shows_no_markup(school)


def test_the_catalogue_has_every_line_of_the_list(demo_data: DataDir, visit: Visit) -> None:
    app = visit("rules")
    text = said(app)
    assert "The order of the schools" in [one.value for one in app.header]
    for part in read_rules().score:
        assert f"### {part.id} {part.title}" in text
        for words in (part.sentence, part.step[0].why, part.step[0].reference, part.checked_by):
            assert words in text
    assert DECIDES_NO_LEVEL in text


@pytest.mark.parametrize(("statement", "stands"), [("outcomes", False), ("leadership", False), ("inspection", True)])
def test_the_list_stands_with_the_third_statement(
    statement: str, stands: bool, demo_data: DataDir, visit: Visit
) -> None:
    app = visit("rules", rules_of=statement)
    assert ("The order of the schools" in [one.value for one in app.header]) == stands
