"""The transparency record: filled from the build, blank where only the LA can answer, and never made up."""

import pytest

from risk_model.domain.documents import Document, Entry
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.held_rules import held_rule_set
from risk_model.scoring.model_figures import ModelFigures
from risk_model.services.copy import Copy
from risk_model.services.model_words import NO_FIGURES
from risk_model.services.scope import Scope
from risk_model.services.transparency import transparency_record
from tests.model_kit import Committed

WHO = local_viewer()
# the questions of the standard's two tiers; those that only the body that uses the tool can answer
LEFT_TO_THE_LA = {
    "Website URL",
    "Contact email",
    "Organisation or department",
    "Team",
    "Senior responsible owner",
    "External supplier",
    "Companies House number",
    "External supplier role",
    "Procurement procedure type",
    "Data access terms",
    "Previous process",
    "Required training",
    "Phase",
    "Impact assessments",
    "Legal basis",
}
ANSWERED = {
    "Name",
    "Description",
    "Detailed description",
    "Scope",
    "Benefits",
    "Alternatives considered",
    "Integration into broader operational process",
    "Human review",
    "Frequency and scale of usage",
    "Appeals and review",
    "System architecture",
    "System-level input",
    "System-level output",
    "Maintenance",
    "Models",
    "Model name",
    "Model version",
    "Model task",
    "Model input",
    "Model output",
    "Model architecture",
    "Model performance",
    "Datasets and their purposes",
    "Development data description",
    "Data modality",
    "Data quantities",
    "Data completeness and representativeness",
    "Data cleaning",
    "Data collection",
    "Data sources",
    "Data processing methods",
    "Risks",
    "Mitigations",
}


@pytest.fixture
def record(demo_copy: Copy, committed: Committed, england_figures: ModelFigures) -> Document:
    committed(england_figures)
    return transparency_record(WHO, demo_copy, Scope("999"))


def entries(record: Document) -> dict[str, Entry]:
    return {entry.title: entry for section in record.sections for entry in section.entries}


def test_it_has_every_question_of_both_tiers(record: Document) -> None:
    assert set(entries(record)) >= LEFT_TO_THE_LA | ANSWERED
    assert record.sections[0].title.startswith("Tier 1")
    assert [one.title for one in record.sections if one.level == 1][1:] == [
        "Tier 2: owner and responsibility",
        "Tier 2: description and rationale",
        "Tier 2: deployment context",
        "Tier 2: tool specification",
        "Tier 2: risks, mitigations and impact assessments",
    ]


def test_what_only_the_la_can_say_is_left_blank_and_says_so(record: Document) -> None:
    found = entries(record)
    for title in LEFT_TO_THE_LA:
        assert found[title].answer == ()
        assert found[title].asked.startswith("To be filled in by this LA: ")


def test_no_question_is_left_without_an_answer_or_a_blank(record: Document) -> None:
    for title, entry in entries(record).items():
        assert entry.answer or entry.asked, title
        assert all(line.strip() for line in entry.answer), title
    assert all(entries(record)[title].answer for title in ANSWERED)


def test_it_names_the_build_the_rules_and_their_fingerprint(record: Document, demo_copy: Copy) -> None:
    build = demo_copy.build
    mark = demo_copy.reader.rows("select fingerprint from rule_set_text")[0]["fingerprint"]
    assert record.about[0] == (
        f"Filled in from build {build.number}, as at 20 November 2026, by the rule set {build.rule_set} "
        f"(fingerprint {mark})."
    )
    assert entries(record)["Model version"].answer == (f"{build.rule_set}, fingerprint {mark}",)
    assert record.name == f"transparency_record_{build.build_id}"


def test_it_counts_the_schools_and_the_rules_of_the_build(record: Document, demo_copy: Copy) -> None:
    scale = entries(record)["Frequency and scale of usage"].answer[0]
    priority = demo_copy.reader.rows("select count(*) as n from schools_at_risk where priority = 'priority'")[0]["n"]
    assert "judges 259 schools" in scale
    assert f"{priority} priority" in scale
    rules = held_rule_set(demo_copy.reader).rules
    assert f"A list of {len(rules)} rules" in entries(record)["Model architecture"].answer[0]


def test_its_performance_is_the_figures_own(record: Document) -> None:
    performance = "\n".join(entries(record)["Model performance"].answer)
    assert "Of 100 schools that stood at “unlikely”, 50 (between " in performance
    assert "In the most disadvantaged fifth schools are wrongly flagged" in performance
    assert "was looked at once" in "\n".join(entries(record)["Maintenance"].answer)


def test_it_lists_the_sources_that_are_loaded_and_no_other(record: Document, demo_copy: Copy) -> None:
    sources = entries(record)["Data sources"].answer
    loaded = {row["source_id"] for row in demo_copy.reader.rows("select distinct source_id from releases")}
    assert any("Key stage 2" in line for line in sources)
    assert len(sources) <= len(loaded)


def test_without_figures_nothing_is_said_of_performance_but_that(demo_copy: Copy, committed: Committed) -> None:
    committed(None)
    found = entries(transparency_record(WHO, demo_copy, Scope("999")))
    assert found["Development data description"].answer == (NO_FIGURES,)
    assert found["Model performance"].answer == (NO_FIGURES,)


def test_deprivation_is_said_to_earn_no_point(record: Document) -> None:
    assert "none of them ever earns a point" in entries(record)["Sensitive attributes"].answer[0]
