"""The product's words as enumerations: one word for one thing.

The values are what files, tables and the command line carry, so they are part of the contract.
"""

from enum import StrEnum


class Statement(StrEnum):
    """One of the three things that the model judges for every school."""

    OUTCOMES = "outcomes"
    LEADERSHIP = "leadership"
    INSPECTION = "inspection"


class Level(StrEnum):
    """How likely a statement is, on the evidence."""

    UNLIKELY = "unlikely"
    UNCERTAIN = "uncertain"
    LIKELY = "likely"
    NOT_ENOUGH_EVIDENCE = "not enough evidence"


class Priority(StrEnum):
    """A school's place, from its three levels together."""

    PRIORITY = "priority"
    WATCH = "watch"
    FIND_OUT = "find out"
    UNIVERSAL = "universal"


class Route(StrEnum):
    """Where a flagged school goes, because the law differs by type of school."""

    LA_SUPPORT = "LA support"
    REGIONAL_DIRECTOR = "regional director"
    OUT_OF_SCOPE = "out of scope"


class Status(StrEnum):
    """What came of one rule for one school."""

    RAISED = "raised"
    PROTECTIVE = "protective"
    CLEAR = "clear"
    NOT_ASSESSED = "not assessed"
    NOT_APPLICABLE = "not applicable"


class MissingReason(StrEnum):
    """Why a figure has no value. Missing is an answer: never zero, never blank, never dropped."""

    SUPPRESSED = "suppressed"
    TOO_FEW_PUPILS = "too_few_pupils"
    NO_ENTRIES = "no_entries"
    NOT_PUBLISHED = "not_published"
    NOT_PUBLISHED_THAT_YEAR = "not_published_that_year"
    NOT_APPLICABLE = "not_applicable"
    NOT_AVAILABLE = "not_available"
    LOW_COVERAGE = "low_coverage"
    NEW_SCHOOL = "new_school"
    REDACTED = "redacted"
    UNRELIABLE = "unreliable"
    IMPLAUSIBLE = "implausible"
    ROUNDS_TO_ZERO = "rounds_to_zero"
    SPREADSHEET_ERROR = "spreadsheet_error"
    BLANK = "blank"
    NOT_IN_FILE = "not_in_file"
    NOT_IN_RELEASE = "not_in_release"
    NOT_LOADED = "not_loaded"
    NOT_INSPECTED = "not_inspected"
    NOT_JUDGED = "not_judged"
    NO_BENCHMARK = "no_benchmark"
    NO_RANKING = "no_ranking"
    NO_SIMILAR_SCHOOLS = "no_similar_schools"
    NO_EARLIER_FIGURE = "no_earlier_figure"
    HELD_AT_TRUST = "held_at_trust"
    STALE = "stale"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    TOO_FEW_TEACHERS = "too_few_teachers"
    TOO_FEW_RESPONSES = "too_few_responses"
    RECORD_INCOMPLETE = "record_incomplete"
    NOT_HELD = "not_held"
    NO_REGISTER = "no_register"


MISSING_IN_WORDS: dict[MissingReason, str] = {
    MissingReason.SUPPRESSED: "suppressed by the publisher, because the group is small",
    MissingReason.TOO_FEW_PUPILS: "too few pupils, even with the years together",
    MissingReason.NO_ENTRIES: "no pupils were entered",
    MissingReason.NOT_PUBLISHED: "not published for this school",
    MissingReason.NOT_PUBLISHED_THAT_YEAR: "not published for any school that year",
    MissingReason.NOT_APPLICABLE: "does not apply to this school",
    MissingReason.NOT_AVAILABLE: "not applicable, or not available that year",
    MissingReason.LOW_COVERAGE: "withheld, because it covers less than half of the pupils",
    MissingReason.NEW_SCHOOL: "the school is new",
    MissingReason.REDACTED: "redacted by the publisher",
    MissingReason.UNRELIABLE: "marked as unreliable by the publisher",
    MissingReason.IMPLAUSIBLE: "beyond what can be true: kept out, see the quality report",
    MissingReason.ROUNDS_TO_ZERO: "more than none, but published only as rounding to zero",
    MissingReason.SPREADSHEET_ERROR: "an error of the spreadsheet stands in its place",
    MissingReason.BLANK: "left blank in the published file",
    MissingReason.NOT_IN_FILE: "the loaded file does not have this column",
    MissingReason.NOT_IN_RELEASE: "the school is not in the loaded files",
    MissingReason.NOT_LOADED: "no release with this figure is loaded",
    MissingReason.NOT_INSPECTED: "not yet inspected",
    MissingReason.NOT_JUDGED: "not judged at the last inspection",
    MissingReason.NO_BENCHMARK: "there is no national figure to compare with",
    MissingReason.NO_RANKING: "too few of the schools of this phase have a figure to rank among",
    MissingReason.NO_SIMILAR_SCHOOLS: "fewer than twenty similar schools have a figure to rank among",
    MissingReason.NO_EARLIER_FIGURE: "there is no earlier figure to compare with",
    MissingReason.HELD_AT_TRUST: "held by the trust, not by the school",
    MissingReason.STALE: "too old to count",
    MissingReason.NOT_ENOUGH_EVIDENCE: "there is not enough evidence for that statement itself",
    MissingReason.TOO_FEW_TEACHERS: "fewer than ten teachers: one of them would decide it",
    MissingReason.TOO_FEW_RESPONSES: "fewer than twenty parents answered",
    MissingReason.RECORD_INCOMPLETE: "the LA's record leaves blank what is needed",
    MissingReason.NOT_HELD: "nothing of it is recorded by the LA",
    MissingReason.NO_REGISTER: "the LA's register is not loaded, so nothing on file says nothing",
}


LEVEL_SHAPES: dict[Level, str] = {
    Level.UNLIKELY: "■",
    Level.UNCERTAIN: "▲",
    Level.LIKELY: "●",
    Level.NOT_ENOUGH_EVIDENCE: "○",
}


def level_in_words(level: str) -> str:
    """A level with its shape, as every table, card and export shows it: "■ unlikely"."""
    return f"{LEVEL_SHAPES[Level(level)]} {level}"


STATEMENT_TITLES: dict[Statement, str] = {
    Statement.OUTCOMES: "Likely good outcomes for all children",
    Statement.LEADERSHIP: "Leaders and governors taking effective action",
    Statement.INSPECTION: "Likely good or better at the next inspection",
}


# What "good or better" means since headline grades ended; shown wherever statement 3 is judged.
INSPECTION_TARGET = (
    '"Good or better" here means: no category of concern, safeguarding met, and every graded area '
    "at Expected standard or above."
)
# The milder version of it, printed beside the strict one.
INSPECTION_TARGET_SOFT = (
    "The softer version: no category of concern, safeguarding met, and leadership and governance, curriculum and "
    "teaching, and achievement at Expected standard or above; other areas may need attention."
)
OFSTED_DECIDES = "Due by the published rules; Ofsted decides, and may come before or after. No date is predicted."
NOT_A_PREDICTION = "This is what the evidence suggests; it is not a prediction of any inspection grade."


def counted(number: int, word: str) -> str:
    """A number with its word: "1 piece", "2,000 pieces"."""
    return f"{number} {word}" if number == 1 else f"{number:,} {word}s"
