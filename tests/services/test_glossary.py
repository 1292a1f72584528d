"""The glossary explains the words that the screens use, each once."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from risk_model.domain.errors import NotFound
from risk_model.domain.paths import PROJECT
from risk_model.domain.viewer import local_viewer
from risk_model.domain.words import Level, Priority
from risk_model.measures.reader import read_measures
from risk_model.rules.reader import read_rules
from risk_model.services.glossary import Term, explained, glossary, looked_up

TERMS = glossary(local_viewer())


def test_no_name_leads_to_two_words() -> None:
    names = Counter(name.casefold() for one in TERMS for name in one.names)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("term", TERMS, ids=lambda one: one.term)
def test_each_word_is_explained_in_a_few_sentences_and_not_by_itself(term: Term) -> None:
    assert term.meaning.endswith(".")
    assert 1 <= len(re.findall(r"\.(?=\s|$)", term.meaning)) <= 5
    assert len(term.meaning) <= 320
    assert term.about
    # nothing that the screen would take for markup
    assert not re.search(r"[*_`<>\[\]$]", term.meaning)


# kinds of files, ways to write a day, and what a browser calls an address
KNOWN_ANYHOW = {
    "CSV",
    "PDF",
    "XLSX",
    "ODS",
    "ZIP",
    "HTML",
    "TOML",
    "URL",
    "DD",
    "MM",
    "YYYY",
    "MMM",
    "HH",
    "OFFICIAL",
    "SENSITIVE",
}


def _said_on_screen() -> Iterator[str]:
    """Every text of the pages, and what measures and rules are called."""
    for path in (PROJECT / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    yield from (measure.label for measure in read_measures())
    yield from (rule.title for rule in read_rules().rules)


def test_every_abbreviation_on_the_screen_is_explained() -> None:
    short = {word for text in _said_on_screen() for word in re.findall(r"\b[A-Z]{2,}s?\b", text)} - KNOWN_ANYHOW
    assert {"LA", "RSC", "URN"} <= short
    names = {name.casefold() for one in TERMS for name in one.names}
    assert sorted(word for word in short if word.casefold() not in names) == []


@pytest.mark.parametrize("word", [*Level, *Priority])
def test_the_words_that_decide_are_explained(word: str) -> None:
    assert explained(local_viewer(), word)


def test_a_word_is_found_by_its_short_form_and_whatever_its_capitals() -> None:
    assert explained(local_viewer(), "p8") == explained(local_viewer(), "Progress 8")
    assert explained(local_viewer(), "P8").startswith("Progress 8 (P8): How far pupils came")
    assert explained(local_viewer(), "RSC").startswith("Regional director (RD): ")
    assert explained(local_viewer(), "KS2").startswith("Key stage (KS1, KS2, KS4, KS5): ")


def test_a_word_that_is_not_there_is_said_with_what_to_do() -> None:
    with pytest.raises(NotFound, match=r'does not explain "Ofstead"') as refused:
        explained(local_viewer(), "Ofstead")
    assert refused.value.details == ("Its words stand in data/lookups/glossary.csv: add a line there.",)


def test_a_search_finds_names_first_and_everything_for_nothing() -> None:
    found = [one.term for one in looked_up(local_viewer(), "special measures")]
    assert found[0] == "Special measures"
    assert "Category of concern" in found
    assert looked_up(local_viewer(), " ") == TERMS
    assert looked_up(local_viewer(), "no such word at all") == []
