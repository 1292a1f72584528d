"""Whether a school's standards are evidenced as low, by each comparison that the law on warning notices names."""

from dataclasses import dataclass

from risk_model.domain.viewer import Right, Viewer, require
from risk_model.rules.escalation import Comparison, read_escalation_settings
from risk_model.services.copy import Copy
from risk_model.services.letter_school import letter_school

_RULES_SQL = "select rule_id, status, sentence from rule_outcomes where urn = $urn order by rule_id"
_RANKS_SQL = """
    select measure_id, value, period from measure_values
    where urn = $urn and list_contains($measures, measure_id) and value is not null
    qualify row_number() over (partition by measure_id order by period desc) = 1
    order by measure_id"""


@dataclass(frozen=True)
class ComparisonLine:
    """One comparison for one school.

    Attributes:
        evidence: what evidences it, a sentence each.
        assessed, unknown: how many of its rules and ranks could be assessed, and how many could not.
    """

    title: str
    evidence: tuple[str, ...]
    assessed: int
    unknown: int

    @property
    def standing(self) -> str:
        """What can be said of it, in a word or two; what is not known is not the same as fine."""
        if self.evidence:
            return "evidenced"
        if self.assessed:
            return "not evidenced"
        return "not known" if self.unknown else "no rule applies"


@dataclass(frozen=True)
class LowStandardsPage:
    """What the build evidences of low standards. It decides nothing: that standards are unacceptably low, and likely
    to remain so, is for the LA to be satisfied of.

    Attributes:
        needed: of how many comparisons we ask for evidence; our own choice.
    """

    lines: tuple[ComparisonLine, ...]
    needed: int
    reference: str
    why: str

    @property
    def finding(self) -> str:
        """How many comparisons are evidenced, in a sentence."""
        count = sum(bool(one.evidence) for one in self.lines)
        return (
            f"Low standards are evidenced by {count} of {len(self.lines)} comparisons; we ask for {self.needed} "
            "before a warning notice is considered on this ground, which is our own choice."
        )


def low_standards(viewer: Viewer, copy: Copy, urn: str) -> LowStandardsPage:
    """What the current build's raised rules evidence of low standards at a maintained school.

    Raises:
        NotAllowed: the viewer may not read.
        NotFound: no school of this build has the URN.
        RulesRefused: the LA's own settings are not valid.
    """
    require(viewer, Right.PEOPLE)
    letter_school(viewer, copy, urn)
    settings = read_escalation_settings(copy.data.root).low_standards
    outcomes = copy.reader.rows(_RULES_SQL, {"urn": urn})
    measures = [measure for one in settings.comparisons for measure in one.ranks]
    ranks = copy.reader.rows(_RANKS_SQL, {"urn": urn, "measures": measures})
    raised = {row["rule_id"]: row["sentence"] for row in outcomes if row["status"] == "raised"}
    assessed = {row["rule_id"] for row in outcomes if row["status"] in ("raised", "clear", "protective")}
    unknown = {row["rule_id"] for row in outcomes if row["status"] == "not assessed"}
    known = {row["measure_id"]: (row["value"], row["period"]) for row in ranks}
    lines = tuple(_line(one, raised, assessed, unknown, known) for one in settings.comparisons)
    return LowStandardsPage(lines, settings.needed, settings.reference, settings.why)


def _line(
    one: Comparison,
    raised: dict[str, str],
    assessed: set[str],
    unknown: set[str],
    ranks: dict[str, tuple[float, str]],
) -> ComparisonLine:
    known = [ranks[measure] for measure in one.ranks if measure in ranks]
    said = [raised[rule] for rule in one.rules if rule in raised]
    said += [_rank_in_words(value, period) for value, period in known if value < one.below]
    # of the measures of similar schools a school has that of its phase at most
    missing = len(set(one.rules) & unknown) + (1 if one.ranks and not known else 0)
    return ComparisonLine(one.title, tuple(said), len(set(one.rules) & assessed) + len(known), missing)


def _rank_in_words(value: float, period: str) -> str:
    return f"Results over three years are above those of {value:.0f}% of similar schools (to {period})."
