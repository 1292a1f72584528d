"""How old the evidence behind a judgement is, and what would make a rule that could not be assessed assessable."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from risk_model.domain.periods import in_words
from risk_model.domain.words import MissingReason
from risk_model.measures.reader import measures_by_id
from risk_model.services.measure_reading import sources_read
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.contract import Source

OLDER_THAN_YEARS = 2

# What has to come before the rule can be assessed. {source} is the publication, or the template of the LA's own.
_REMEDIES: dict[MissingReason, str] = {
    MissingReason.SUPPRESSED: "The group is small, so it is not published. The school and the LA hold the figure: look "
    "at it together at the next visit.",
    MissingReason.TOO_FEW_PUPILS: "Too few pupils for a fair test. Another year of results will help; until then look "
    "at the pupils' work and results at the next visit.",
    MissingReason.NO_ENTRIES: "It can be assessed once a year's pupils have been entered.",
    MissingReason.NOT_PUBLISHED: "The publisher does not say it for this school. Ask the school for its own figure.",
    MissingReason.NOT_PUBLISHED_THAT_YEAR: "No school has it for that year. A later issue of {source} would bring it.",
    MissingReason.NOT_AVAILABLE: "A later issue of {source} may have it.",
    MissingReason.LOW_COVERAGE: "It covers too few of the pupils. Ask the school for its own figure.",
    MissingReason.NEW_SCHOOL: "The school needs its first full year of results; until then a visit says more.",
    MissingReason.REDACTED: "The publisher withholds it. Ask the school for its own figure.",
    MissingReason.UNRELIABLE: "A corrected issue of {source} would bring it.",
    MissingReason.IMPLAUSIBLE: "The figure cannot be true: check it in the quality report, and import a corrected "
    "issue of {source}.",
    MissingReason.ROUNDS_TO_ZERO: "It is more than none, and published no more exactly than that. Ask the school.",
    MissingReason.SPREADSHEET_ERROR: "Import {source} again from the publisher's own file.",
    MissingReason.BLANK: "An issue of {source} in which the cell is filled would bring it.",
    MissingReason.NOT_IN_FILE: "Import an issue of {source} that has the column.",
    MissingReason.NOT_IN_RELEASE: "Import an issue of {source} that names this school.",
    MissingReason.NOT_LOADED: "Import {source}.",
    MissingReason.NOT_INSPECTED: "The first inspection; until then a visit of the LA's, recorded with its template.",
    MissingReason.NOT_JUDGED: "An inspection that judges it.",
    MissingReason.NO_BENCHMARK: "Import an issue of {source} that has the national row.",
    MissingReason.NO_RANKING: "Import an issue of {source} with all schools of England, so that there is a ranking.",
    MissingReason.NO_EARLIER_FIGURE: "Import the earlier years of {source}.",
    MissingReason.HELD_AT_TRUST: "Ask the trust: it is published for all its schools together, or not at all.",
    MissingReason.STALE: "The newest figure is too old to count. Import a newer issue of {source}, once there is one.",
    MissingReason.RECORD_INCOMPLETE: "Fill in what is blank, with the template {source}.",
    MissingReason.NOT_HELD: "Record it with the template {source}.",
    MissingReason.NO_REGISTER: "Bring the LA's register, with the template {source}.",
    MissingReason.NOT_ENOUGH_EVIDENCE: "What the other statement lacks: see there.",
    MissingReason.TOO_FEW_TEACHERS: "One teacher would decide it. Ask about staff at the next visit.",
    MissingReason.TOO_FEW_RESPONSES: "More answers of parents in {source}.",
}
_LATER = "A later issue of {source} may have it."
_RECORD_IT = "Record it with the template {source}."
# nothing that the LA records by itself would bring it
_NOT_FOR_THE_LA = frozenset({MissingReason.NOT_ENOUGH_EVIDENCE, MissingReason.NO_BENCHMARK, MissingReason.NO_RANKING})


@dataclass(frozen=True)
class EvidenceAge:
    """How old the evidence is that a statement rests on.

    Attributes:
        oldest, newest: the days of the rules that could be assessed; None where none could.
        older_share: of the points that could be assessed, the share on evidence older than two years, 0 to 1.
    """

    oldest: date | None
    newest: date | None
    older_share: float

    @property
    def sentence(self) -> str:
        """The same in words."""
        if self.oldest is None or self.newest is None:
            return "No dated evidence could be assessed."
        span = (
            f"Evidence of {in_words(self.newest)}"
            if self.oldest == self.newest
            else f"Evidence from {in_words(self.oldest)} to {in_words(self.newest)}"
        )
        return f"{span}; {self.older_share:.0%} of the points assessed rest on what is older than two years."


def evidence_age(assessed: Iterable[tuple[date | None, float]], as_at: date) -> EvidenceAge:
    """The age of the evidence of a statement.

    Args:
        assessed: of each rule that could be assessed the day of its evidence (None where it is carried forward from
            another statement, whose age stands there) and its points available.
    """
    dated = [(day, points) for day, points in assessed if day is not None]
    if not dated:
        return EvidenceAge(None, None, 0.0)
    days = [day for day, _ in dated]
    total = sum(points for _, points in dated)
    older = sum(points for day, points in dated if _is_older(day, as_at))
    return EvidenceAge(min(days), max(days), older / total if total else 0.0)


def _is_older(day: date, as_at: date) -> bool:
    """Whether it is more than two years old: not on the very anniversary, leap year or not."""
    return (as_at.year - day.year, (as_at.month, as_at.day)) > (OLDER_THAN_YEARS, (day.month, day.day))


def what_would_assess(missing_reason: str, measure_id: str) -> str:
    """What would make a rule assessable that could not be assessed, in a sentence; "" where there is no reason.

    Args:
        missing_reason: a value of `MissingReason`; measure_id: the measure that the rule lacks.
    """
    if not missing_reason or missing_reason == MissingReason.NOT_APPLICABLE:
        return ""
    reason = MissingReason(missing_reason)
    sources = _sources_of(measure_id)
    titles = " or ".join(source.title for source in sources) or "the publication"
    if reason not in _NOT_FOR_THE_LA and sources and all(source.held_by_la for source in sources):
        asked = "Ask the trust. " if reason is MissingReason.HELD_AT_TRUST else ""
        return asked + _RECORD_IT.format(source=titles)
    return _REMEDIES.get(reason, _LATER).format(source=titles)


def _sources_of(measure_id: str) -> list[Source]:
    """The source that a measure is worked out from; where its entry names none alone, those that it reads."""
    measure = measures_by_id().get(measure_id)
    named = [source for source in SOURCES if measure is not None and source.id == measure.source]
    read = sources_read(measure_id)
    return named or [source for source in SOURCES if source.id in read and not source.is_register]
