"""For whom the model errs: who is flagged, who is flagged without cause, and who is missed, by group.

Flagged means here: among the riskiest fifth, by score, of the primary and secondary schools inspected in the period;
or, of a build, of all its primary and secondary schools. A false positive is a school that was flagged and did not
fail; a false negative one that failed and was not flagged. Deprivation earns no point: it is used here to see whom
the points hit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from risk_model.domain.errors import NotFound
from risk_model.scoring.accuracy import MAINSTREAM_PHASES, Frame, counted, grouped_by, ranked
from risk_model.scoring.resampling import (
    LEAST_CASES,
    Estimate,
    Measured,
    Weights,
    divided,
    flagged,
    measured,
)
from risk_model.warehouse.builds import Reader

SHARE = 0.2
MOST_DISADVANTAGED, LEAST_DISADVANTAGED = "5", "1"
_FIFTHS = "fsm fifth"
_ALL = ("all", "primary and secondary schools")


@dataclass(frozen=True)
class GroupErrors:
    """Of the inspections of one group, how many were flagged, and how often that was wrong.

    Attributes:
        by, value: the question and the answer, such as "phase" and "secondary"; "all" for everybody.
        n, failed: inspections, and those that failed.
        flag_rate: the share that was flagged.
        false_positive_rate: of those that did not fail, the share that was flagged.
        false_negative_rate: of those that failed, the share that was not flagged.
        ratio: the false positive rate as a multiple of that of everybody.
    """

    by: str
    value: str
    n: int
    failed: int
    flag_rate: Estimate
    false_positive_rate: Estimate
    false_negative_rate: Estimate
    ratio: Estimate


@dataclass(frozen=True)
class Fairness:
    """The errors of a back-test by group.

    Attributes:
        question: an id of the accuracy's questions.
        share: of the inspections that are flagged, from 0 to 1.
        definition: what flagged means, in words.
        everybody: all primary and secondary schools together.
        groups: each in its own right, flagged among all.
        poorest_ratio: the false positive rate of the most disadvantaged fifth as a multiple of everybody's.
        missed_best_off: of the schools of the least disadvantaged fifth that failed, the share that was not flagged.
    """

    question: str
    share: float
    definition: str
    everybody: GroupErrors
    groups: tuple[GroupErrors, ...]
    poorest_ratio: Estimate
    missed_best_off: Estimate


@dataclass(frozen=True)
class FlagRate:
    """Of the primary and secondary schools of a build, how many of a group are flagged.

    Attributes:
        by, value: as in GroupErrors.
        flagged: among the riskiest fifth of all of them by the third statement's score.
        priority: with the place "priority", which the levels of all three statements give.
        unlikely: at the level "unlikely" of the third statement.
    """

    by: str
    value: str
    schools: int
    flagged: int
    priority: int
    unlikely: int


def fairness(frame: Frame, share: float = SHARE, question: str = "graded") -> Fairness:
    """Who was flagged wrongly and who was missed, by group, with 95% bootstrap intervals (schools drawn).

    Args:
        frame: one row per inspection, as `run_backtest` gives it.
        share: of the primary and secondary schools' inspections, the riskiest that are flagged, in whole hundredths.
    Returns:
        A figure that rests on fewer than twenty cases is withheld with the reason.
    Raises:
        NotFound: the frame has no inspection that the question counts.
    """
    own = counted(frame, question)
    order = ranked(own[own["phase"].isin(MAINSTREAM_PHASES)])
    if order.empty:
        raise NotFound(
            f'The back-test has no inspection of a primary or secondary school for the question "{question}".',
            ["Take a longer period, or another question."],
        )
    answers = dict(grouped_by(order))
    named = [_ALL, *((by, value) for by, said in answers.items() for value in sorted(said.unique()))]
    members = [np.ones(len(order), bool)] + [(answers[by] == value).to_numpy(bool) for by, value in named[1:]]
    failed = order["event"].to_numpy(bool)
    belong = np.stack(members, axis=1).astype(float)
    percent = round(share * 100)

    def count(weights: Weights) -> Mapping[str, Weights]:
        marked = flagged(weights, percent)
        wrongly = divided((marked * ~failed) @ belong, (weights * ~failed) @ belong)
        return {
            "flag rate": divided(marked @ belong, weights @ belong),
            "false positive": wrongly,
            "false negative": 1 - divided((marked * failed) @ belong, (weights * failed) @ belong),
            "ratio": divided(wrongly, np.broadcast_to(wrongly[:, :1], wrongly.shape)),
        }

    found = measured(order["urn"].tolist(), count)
    sizes = [(int(one.sum()), int((one & failed).sum())) for one in members]
    everybody, *groups = (_errors(found, place, *named[place], *sizes[place]) for place in range(len(named)))
    of_fifth = {one.value: one for one in groups if one.by == _FIFTHS}
    poorest, best_off = of_fifth.get(MOST_DISADVANTAGED), of_fifth.get(LEAST_DISADVANTAGED)
    absent = Estimate(withheld="Withheld: no school of that fifth was inspected.")
    return Fairness(
        question=question,
        share=share,
        definition=definition(share),
        everybody=everybody,
        groups=tuple(groups),
        poorest_ratio=poorest.ratio if poorest else absent,
        missed_best_off=best_off.false_negative_rate if best_off else absent,
    )


def definition(share: float = SHARE) -> str:
    """What flagged means, in words."""
    riskiest = "fifth" if share == SHARE else f"{share:.0%}"
    return f"flagged = riskiest {riskiest} of the primary and secondary schools inspected in the period, by score"


def flag_rates(reader: Reader) -> tuple[FlagRate, ...]:
    """How many of a build's primary and secondary schools are flagged, by group; it needs no inspection's outcome.

    Returns:
        All of them together first ("all"), then by question and answer.
    Raises:
        NotFound: an earlier version of the product made the build, and did not count.
    """
    if not reader.rows("select 1 from information_schema.tables where table_name = 'fairness_counts'"):
        raise NotFound(
            f"The build {reader.build.number} does not say who is flagged by group: an earlier version of the product "
            "made it.",
            ["Build again: what was imported is judged anew, and nothing is lost."],
        )
    found = reader.rows("select * from fairness_counts order by asked <> 'all', asked, answer")
    return tuple(
        FlagRate(row["asked"], row["answer"], row["schools"], row["flagged"], row["priority"], row["unlikely"])
        for row in found
    )


def _errors(found: Mapping[str, Measured], place: int, by: str, value: str, n: int, failed: int) -> GroupErrors:
    def given(name: str, cases: int, what: str) -> Estimate:
        if cases < LEAST_CASES:
            return Estimate(withheld=f"Withheld: {cases:,} {what}; fewer than {LEAST_CASES} say too little.")
        return found[name].estimate(place)

    passed = n - failed
    return GroupErrors(
        by=by,
        value=value,
        n=n,
        failed=failed,
        flag_rate=given("flag rate", n, "inspections"),
        false_positive_rate=given("false positive", passed, "inspections did not fail"),
        false_negative_rate=given("false negative", failed, "inspections failed"),
        ratio=given("ratio", passed, "inspections did not fail"),
    )
