"""The algorithmic transparency record: what a public body says of a tool, filled in as far as the build knows.

The questions are those of the UK's Algorithmic Transparency Recording Standard, tier 1 and tier 2. Its versions number
them differently, and split a few; so they stand here by their names, in their order, and all of them. What only the
LA can answer is left blank and says so: no owner, no legal basis and no procurement is made up.
"""

from collections import Counter
from collections.abc import Sequence

from risk_model.domain.documents import Document, Entry, Section
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.domain.words import (
    INSPECTION_TARGET,
    INSPECTION_TARGET_SOFT,
    NOT_A_PREDICTION,
    STATEMENT_TITLES,
    Priority,
    Statement,
    counted,
)
from risk_model.measures.reader import measures_by_id
from risk_model.rules.reader import RuleSet
from risk_model.rules.writer import fingerprint
from risk_model.scoring.held_rules import held_rule_set
from risk_model.services.copy import Copy
from risk_model.services.data import freshness
from risk_model.services.model_card import ModelCard, model_card
from risk_model.services.model_words import NO_FIGURES
from risk_model.services.scope import Scope, licence_line

_NAME = "Schools at risk, and the support they have"
_BY_LA = "To be filled in by this LA"
_WHAT_IT_DOES = (
    "The tool reads what is published about each state-funded school (results, inspections, attendance, census, "
    "workforce, finance) and what the LA itself has recorded, and applies rules that anybody can read. For each school "
    "it says how likely three statements are on the evidence: good outcomes for all children; leaders and governors "
    "taking effective action; good or better at the next inspection.",
    "The LA uses it to decide, together with the school, where help should go first, and to see whether help is there.",
)
_WHY_RULES = (
    "Rules with whole-number points were chosen over a statistical model that learns its weights. On past inspections "
    "a list of points put schools in about as good an order as such a model, and a head teacher can check every line."
)


def transparency_record(viewer: Viewer, copy: Copy, scope: Scope) -> Document:
    """The transparency record of the tool as this LA runs it: from the shown build, its rules and the back-test.

    Args:
        scope: its LA; locality and phase play no part, since a record is about the tool.
    Returns:
        Tier 1, then the parts of tier 2, each question with its answer or with what the LA has yet to fill in.
    Raises:
        NotAllowed: the viewer may not read.
        NotFound: the build was made before builds kept their rules.
    Source: Algorithmic Transparency Recording Standard, Government Digital Service, template v3.0.
    """
    require_reader(viewer)
    rule_set = held_rule_set(copy.reader)
    card = model_card(viewer, copy, scope)
    build = copy.build
    return Document(
        title=f"Algorithmic transparency record: {_NAME}",
        name=f"transparency_record_{build.build_id}",
        about=(
            f"Filled in from build {build.number}, as at {in_words(build.as_at)}, by the rule set "
            f"{rule_set.rule_set} (fingerprint {fingerprint(rule_set)}).",
            "The questions are those of the Algorithmic Transparency Recording Standard (tier 1 and tier 2), by name: "
            "their numbers differ from version to version. Check them against the current template before you publish.",
            "What stands in square brackets can only be said by the local authority, and is not filled in here.",
            licence_line(viewer, copy),
        ),
        sections=(
            _tier_1(),
            _owner(),
            _rationale(card),
            _deployment(viewer, copy, rule_set),
            Section("Tier 2: tool specification"),
            _tool(rule_set, card),
            _model(rule_set, card),
            _development_data(viewer, copy, card),
            _operational_data(viewer, copy),
            _risks(card),
        ),
    )


def _asked(title: str, what: str, *answer: str) -> Entry:
    return Entry(title, answer, f"{_BY_LA}: {what}.")


def _tier_1() -> Section:
    return Section(
        "Tier 1: overview",
        (
            Entry("Name", (_NAME,)),
            Entry("Description", (*_WHAT_IT_DOES, f"{NOT_A_PREDICTION} It decides nothing by itself.")),
            _asked("Website URL", "where the public can read more"),
            _asked("Contact email", "an address of the team, not of a person"),
        ),
    )


def _owner() -> Section:
    return Section(
        "Tier 2: owner and responsibility",
        (
            _asked("Organisation or department", "the authority's full name"),
            _asked("Team", "the team that runs it"),
            _asked("Senior responsible owner", "the role, not the person's name"),
            _asked(
                "External supplier involvement",
                "whether anybody outside installs, runs or maintains it",
                "The code is published under the MIT licence. It needs no supplier to run: no service outside the "
                "authority's own machine is called, but for downloads of published files, where somebody starts them.",
            ),
            _asked("External supplier", "its name, or that there is none"),
            _asked("Companies House number", "the supplier's, where there is one"),
            _asked("External supplier role", "what the supplier does"),
            _asked("Procurement procedure type", "how it was procured"),
            _asked("Data access terms", "on which terms a supplier sees data, where there is one"),
        ),
    )


def _rationale(card: ModelCard) -> Section:
    return Section(
        "Tier 2: description and rationale",
        (
            Entry("Detailed description", (*_WHAT_IT_DOES, INSPECTION_TARGET, INSPECTION_TARGET_SOFT)),
            Entry("Scope", (*_as_list("It is for", card.purpose), *_as_list("It is not for", card.not_for))),
            Entry(
                "Benefits",
                (
                    "Every school of the area is looked at in the same way, on the same day, by rules that it can "
                    "read.",
                    'Where evidence is missing, that is said: "not enough evidence" is a level of its own.',
                    "Flagged schools stand beside the support that they have, so that gaps show.",
                ),
            ),
            _asked("Previous process", "how schools were chosen for support before"),
            Entry("Alternatives considered", (_WHY_RULES, *card.alternatives)),
        ),
    )


def _as_list(title: str, lines: Sequence[str]) -> tuple[str, ...]:
    return (f"{title}: {'; '.join(lines)}.",)


def _deployment(viewer: Viewer, copy: Copy, rule_set: RuleSet) -> Section:
    return Section(
        "Tier 2: deployment context",
        (
            Entry(
                "Integration into broader operational process",
                (
                    "The computed level is the start of a conversation. Core groups of a head, a chair of governors "
                    "and colleagues from other schools review it with the school and agree a judgement. A maintained "
                    "school then becomes entitled to support; an academy goes on a list for a talk with the Department "
                    "for Education's regional director.",
                ),
            ),
            Entry(
                "Human review",
                (
                    "An adviser can record another view, with a reason, evidence and a day on which it lapses; the "
                    "core group records what it agrees. Neither changes the computed level: all are shown side by "
                    "side and counted where they differ. What the head says is recorded beside them.",
                ),
            ),
            _asked(
                "Frequency and scale of usage",
                "how often the list is reviewed, and by how many people",
                *_scale(copy),
            ),
            _asked("Required training", "who is trained, in what, and how often"),
            _asked(
                "Appeals and review",
                "how a school asks for a review, and who answers",
                "A school can see every rule that was raised for it, the figure, the file and the row; what would "
                "change each level; and how firm it is. A wrong figure is put right in the file that it came from, "
                "and the next build judges anew.",
            ),
        ),
    )


def _scale(copy: Copy) -> tuple[str, ...]:
    rows = copy.reader.rows("select priority, count(*) as n from schools_at_risk group by priority")
    counts = Counter({row["priority"]: int(row["n"]) for row in rows})
    told = ", ".join(f"{counts[one.value]:,} {one.value}" for one in Priority)
    return (
        f"The shown build, as at {in_words(copy.build.as_at)}, judges {counted(counts.total(), 'school')}: {told}. "
        "It is made anew when files come in, most of them once a month or once a year.",
    )


def _tool(rule_set: RuleSet, card: ModelCard) -> Section:
    return Section(
        "System",
        (
            Entry(
                "System architecture",
                (
                    "Published files are checked and stored whole. A build works out measures from them and applies "
                    "the rules; it is kept, read-only, with the rules by which it judged. What people record "
                    "(support, views, meetings) is kept apart and never enters a computed level.",
                ),
            ),
            _asked("Phase", "trial, in use or retired"),
            Entry("System-level input", ("Published files, and what the LA writes into templates of its own.",)),
            Entry(
                "System-level output",
                (
                    "For each school three levels (likely, uncertain, unlikely, not enough evidence), each with every "
                    "rule behind it in words, and a place: priority, watch, find out or universal.",
                ),
            ),
            Entry(
                "Maintenance",
                (
                    f"Every rule has a day of next review; that of the rule set is {in_words(rule_set.next_review)}. "
                    "Thresholds are dated and cited; a retired one stays readable.",
                    *card.looks,
                ),
            ),
            Entry("Models", ("One: the rule set described below.",)),
        ),
        level=2,
    )


def _model(rule_set: RuleSet, card: ModelCard) -> Section:
    known = measures_by_id()
    read = sorted({known[name].label for rule in rule_set.rules for name in rule.measures()}, key=str.lower)
    return Section(
        "Model",
        (
            Entry("Model name", (f"Rule set {rule_set.rule_set}",)),
            Entry("Model version", (f"{rule_set.rule_set}, fingerprint {fingerprint(rule_set)}",)),
            Entry("Model task", ("To order schools by how likely it is that they need help, and to say why.",)),
            Entry("Model input", (f"{len(read)} measures: {'; '.join(read)}.",)),
            Entry("Model output", ("Points for each statement, and from them a level.",)),
            Entry("Model architecture", (_architecture(rule_set), *_levels(rule_set))),
            Entry("Model performance", (*card.in_numbers, *card.for_whom) if card.has_figures else (NO_FIGURES,)),
            Entry(
                "Datasets and their purposes",
                (
                    "Published figures and inspections of the years before, and reasoning, to choose the rules; later "
                    "inspections, described under development data, to test them.",
                )
                if card.has_figures
                else (),
                "" if card.has_figures else f"{_BY_LA}: no figures of a back-test are held for these rules yet.",
            ),
        ),
        level=2,
    )


def _architecture(rule_set: RuleSet) -> str:
    counts = Counter(rule.statement for rule in rule_set.rules)
    told = "; ".join(f"{counts[one]} for “{STATEMENT_TITLES[one]}”" for one in Statement)
    return (
        f"A list of {len(rule_set.rules)} rules with whole or half points ({told}). Points of raised rules are added, "
        "those of protective ones taken away, and the sum is compared with two numbers. Nothing is learned from data "
        "while it runs."
    )


def _levels(rule_set: RuleSet) -> tuple[str, ...]:
    return tuple(
        f"{STATEMENT_TITLES[one.id]}: unlikely from {one.unlikely_points:g} points, uncertain from "
        f"{one.uncertain_points:g}."
        for one in rule_set.levels
    )


def _development_data(viewer: Viewer, copy: Copy, card: ModelCard) -> Section:
    return Section(
        "Development data",
        (
            Entry("Development data description", card.tested_on),
            Entry("Data modality", ("Tables: figures by school and year, and inspections by date.",)),
            Entry("Data quantities", card.quantities),
            Entry("Sensitive attributes", (_SENSITIVE,)),
            Entry("Data completeness and representativeness", (*card.bias, *card.eras)),
            Entry(
                "Data cleaning",
                (
                    "A value that cannot be true is kept out and reported; a missing one stays missing, with its "
                    "reason, and is never counted as nought.",
                ),
            ),
            Entry("Data collection", ("Collected and published by the bodies named under the sources below.",)),
            _asked(
                "Data access and storage",
                "who may open the machine and the folder",
                "The published files are open data and lie in the data folder of the copy.",
            ),
            Entry("Data sharing agreements", ("None is needed for published data under the Open Government Licence.",)),
        ),
        level=2,
    )


_SENSITIVE = (
    "No data about single pupils or parents is read. Shares of pupils by deprivation, first language, ethnicity and "
    "special needs are published by school; none of them ever earns a point. They may only say with which schools a "
    "school is compared, and serve to check for whom the tool errs."
)


def _operational_data(viewer: Viewer, copy: Copy) -> Section:
    loaded = [one for one in freshness(viewer, copy) if one.newest is not None]
    return Section(
        "Operational data",
        (
            Entry(
                "Data sources",
                tuple(f"{one.title} ({one.publisher}): newest {one.newest}, {one.in_words}." for one in loaded),
                "" if loaded else f"{_BY_LA}: no published source is loaded.",
            ),
            Entry("Sensitive attributes", (_SENSITIVE,)),
            Entry(
                "Data processing methods",
                (
                    "Each file is recognised by its headers, checked and stored whole; each figure can be followed to "
                    "its file and row. Years are never guessed.",
                ),
            ),
            _asked(
                "Data access and storage",
                "where the machine stands, who may open it, and how long records are kept",
                "Everything lies in one folder on the authority's own machine, and the server answers that machine "
                "alone unless it is told otherwise.",
            ),
            _asked(
                "Data sharing agreements",
                "those for what schools and partners give, and for the list that goes to the regional director",
            ),
        ),
        level=2,
    )


def _risks(card: ModelCard) -> Section:
    return Section(
        "Tier 2: risks, mitigations and impact assessments",
        (
            _asked("Impact assessments", "data protection, equality and other assessments, each with its date"),
            _asked("Legal basis", "the powers and duties under which the authority uses it"),
            Entry("Risks", (*card.limits, *card.for_whom)),
            Entry(
                "Mitigations",
                (
                    "Levels are shown with their reasons, their evidence's age and what is missing; a person decides.",
                    "Similar schools are part of the comparison, and cap what low attainment alone may add.",
                    "How often the rules err, and for which schools, is worked out on past inspections and shown.",
                    NOT_A_PREDICTION,
                ),
            ),
        ),
    )
