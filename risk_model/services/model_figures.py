"""Which figures of a back-test stand behind the rules that are shown, and what a reader must know of them first."""

from dataclasses import dataclass

from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.scoring.accuracy import Accuracy
from risk_model.scoring.fairness import Fairness
from risk_model.scoring.model_figures import FIGURES, ModelFigures, TradePoint, last_backtest, read_figures
from risk_model.services.copy import Copy
from risk_model.services.model_words import INVENTED, INVENTED_BRIEFLY
from risk_model.services.scope import is_invented


@dataclass(frozen=True)
class ShownFigures:
    """The figures of a back-test, as a screen shows them.

    Attributes:
        is_england: they came with the product and are of all England; else of the schools in this copy alone.
        judged_by: the rules by which the shown build judges; is_of_these_rules: the figures are theirs.
        is_elsewhere: they are of real schools, and the schools shown are invented.
    """

    figures: ModelFigures
    is_england: bool
    judged_by: str
    is_of_these_rules: bool
    is_elsewhere: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know first: they are of other rules, or of other schools."""
        own = self.figures.rule_set
        same = " with another number in them" if own == self.judged_by else ""
        other_rules = (
            f"The schools are judged by the rules {self.judged_by}, of which no figures are held yet. These are of the "
            f"rules {own}{same}, and say how those did."
        )
        return (*(() if self.is_of_these_rules else (other_rules,)), *((INVENTED,) if self.is_elsewhere else ()))

    @property
    def notes_in_brief(self) -> tuple[str, ...]:
        """The same beside a single school."""
        other_rules = f"That was by other rules ({self.figures.rule_set})."
        return (
            *(() if self.is_of_these_rules else (other_rules,)),
            *((INVENTED_BRIEFLY,) if self.is_elsewhere else ()),
        )

    @property
    def accuracy(self) -> Accuracy:
        """How well the scores foresaw each era's inspections."""
        return self.figures.accuracy

    @property
    def fairness(self) -> Fairness | None:
        """For whom they erred; None where no graded inspection was counted."""
        return self.figures.fairness

    @property
    def tradeoff(self) -> tuple[TradePoint, ...]:
        """What other shares of comparison among similar schools would have done."""
        return self.figures.tradeoff

    @property
    def months(self) -> str:
        """From when to when: "September 2024 to August 2025"."""
        return f"{self.figures.first:%B %Y} to {self.figures.last:%B %Y}"

    @property
    def standing(self) -> str:
        """Which figures they are, in a sentence."""
        own = self.figures
        whose = "England's inspections" if self.is_england else "the inspections of the schools that this copy holds,"
        return (
            f"Figures of the rules {own.rule_set} on {whose} from {in_words(own.first)} to {in_words(own.last)}, each "
            "school judged by what had been published the day before its inspection; worked out on "
            f"{in_words(own.made_on)}."
        )

    @property
    def looks(self) -> str:
        """How often what came of the inspections was looked at, in a sentence."""
        times = {1: "once", 2: "twice"}.get(self.figures.test_year_looks, f"{self.figures.test_year_looks} times")
        return (
            "The rules were chosen on earlier inspections and by reasoning. What came of the inspections counted here "
            f"was looked at {times}: the more often one looks, the better a rule set fits that time by chance alone."
        )


def model_figures(viewer: Viewer, copy: Copy) -> ShownFigures | None:
    """The figures to show: those of the rules that judge, England's before this copy's own; else of other rules.

    Raises:
        NotAllowed: the viewer may not read.
        Damaged: they cannot be read.
    """
    require_reader(viewer)
    mark = _fingerprint(copy)
    england = read_figures(FIGURES)
    if england is not None and england.fingerprint == mark:
        return _shown(viewer, copy, england, is_england=True, is_of_these_rules=True)
    kept = last_backtest(copy.data)
    if kept is not None and (england is None or kept.figures.fingerprint == mark):
        is_of_these_rules = kept.figures.fingerprint == mark
        return _shown(viewer, copy, kept.figures, is_england=False, is_of_these_rules=is_of_these_rules)
    return None if england is None else _shown(viewer, copy, england, is_england=True, is_of_these_rules=False)


def _fingerprint(copy: Copy) -> str:
    """That of the rules of the shown build; "" where an earlier version of the product did not keep them."""
    if not copy.reader.rows("select 1 from information_schema.tables where table_name = 'rule_set_text'"):
        return ""
    return str(copy.reader.rows("select fingerprint from rule_set_text")[0]["fingerprint"])


def _shown(
    viewer: Viewer, copy: Copy, figures: ModelFigures, *, is_england: bool, is_of_these_rules: bool
) -> ShownFigures:
    return ShownFigures(
        figures=figures,
        is_england=is_england,
        judged_by=copy.build.rule_set,
        is_of_these_rules=is_of_these_rules,
        is_elsewhere=is_england and is_invented(viewer, copy),
    )
