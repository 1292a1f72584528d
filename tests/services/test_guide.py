"""The guide is what the README tells, whole; what the Help page says names what there is."""

from datetime import date
from itertools import pairwise

import pytest

from risk_model.domain.paths import PROJECT, downloads_catalogue
from risk_model.domain.viewer import local_viewer
from risk_model.services.guide import accessibility, changes, guide_walks, not_for, own_data_steps
from risk_model.sources.downloads import read_catalogue
from tests.guide.walks import WALKS

VIEWER = local_viewer()
GUIDE = guide_walks(VIEWER)


@pytest.mark.parametrize("name", WALKS)
def test_each_walk_that_is_taken_is_told_step_by_step(name: str) -> None:
    walk = WALKS[name]
    told = next(one for one in GUIDE.values() if one.heading == walk.heading)
    assert [(one.key, one.title) for one in told.steps] == [(one.name, one.title) for one in walk.steps]
    assert [one.number for one in told.steps] == list(range(1, len(walk.steps) + 1))
    assert all(one.picture.is_file() and one.text and one.shown for one in told.steps)
    assert told.begins.endswith(".")


def test_every_walk_of_the_guide_is_taken() -> None:
    assert {one.heading for one in GUIDE.values()} == {one.heading for one in WALKS.values()}


def test_the_way_of_ones_own_data_names_pages_and_files_that_there_are() -> None:
    steps = own_data_steps(VIEWER)
    known = {one.id for one in read_catalogue(downloads_catalogue()).download}
    assert {source for one in steps for source in one.sources} <= known
    assert all((PROJECT / "pages" / f"{one.page}.py").is_file() for one in steps)
    assert steps[0].sources[0] == "gias"


def test_the_statement_says_what_was_tested_what_was_not_and_what_to_do_about_each_fault() -> None:
    said = accessibility(VIEWER)
    assert said.stated_on <= date.today()
    assert said.tested
    assert said.not_tested
    assert said.faults
    assert all(one.what and one.instead and one.cause for one in said.faults)


def test_what_is_new_stands_newest_first_and_says_something() -> None:
    said = changes(VIEWER)
    assert all(one.lines for one in said)
    assert all(earlier.on <= later.on for later, earlier in pairwise(said))


def test_no_sentence_on_what_it_is_not_for_is_said_twice() -> None:
    said = not_for(VIEWER)
    assert said
    assert len(set(said)) == len(said)
