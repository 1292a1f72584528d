"""What every question of Explore has in common: how it asks back, and what its answer is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from risk_model.domain.charts import Chart
from risk_model.domain.viewer import Viewer
from risk_model.services.copy import Copy
from risk_model.services.scope import Scope


@dataclass(frozen=True)
class Select:
    """What a question asks back, one of a list.

    Attributes:
        key: of the choice in the URL.
        label: what stands above it.
        options: {code: in words}; the first is taken where nothing was chosen.
    """

    key: str
    label: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Wanted:
    """What a reader has chosen.

    Attributes:
        picks: codes of the schools and groups to compare, of those that `pick_choices` offers.
        chosen: {key of a select: code}.
    """

    picks: tuple[str, ...] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        """That of what was chosen, so that an answer can be remembered by it."""
        return hash((self.picks, tuple(sorted(self.chosen.items()))))

    def of(self, select: Select) -> str:
        """What was chosen of a select, or its first option; "" where it has none."""
        code = self.chosen.get(select.key)
        return code if code is not None and code in select.options else next(iter(select.options), "")


@dataclass(frozen=True)
class NamedSchool:
    """A school that an answer speaks of, with what it says of it in one sentence."""

    urn: str
    name: str
    told: str


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    Attributes:
        finding: the answer in one or two sentences, worked out from the figures; why there is none, where there is
            none.
        charts: drawn large, one below the other.
        small: drawn small, side by side, before them.
        how: how it is worked out, in sentences.
        schools: the schools that it names.
        selects_schools: the spots of the charts are schools that a reader may select.
    """

    finding: str
    charts: tuple[Chart, ...] = ()
    small: tuple[Chart, ...] = ()
    how: tuple[str, ...] = ()
    schools: tuple[NamedSchool, ...] = ()
    selects_schools: bool = False


@dataclass(frozen=True)
class Question:
    """One question of Explore.

    Attributes:
        key: in the URL, one lower-case word.
        words: as it is asked, "How do we compare?".
        answers: what it answers, in one sentence.
        selects: what it asks back, in the order of the screen.
        answer: answers it.
        compares: what is picked to compare changes its answer.
    """

    key: str
    words: str
    answers: str
    selects: Callable[[Viewer, Copy, Scope], tuple[Select, ...]]
    answer: Callable[[Viewer, Copy, Scope, Wanted], Answer]
    compares: bool = True
