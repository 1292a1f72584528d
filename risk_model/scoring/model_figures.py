"""The figures of a back-test as one file, and the back-tests that a copy of the product keeps.

England's figures are part of the product (`data/lookups/model_figures.json`); what a copy works out for itself stands
below `backtests/` in its data directory: the scored inspections as Parquet, and the figures beside them, written last.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from risk_model.domain.errors import Damaged
from risk_model.domain.paths import LOOKUPS, DataDir
from risk_model.domain.periods import in_words
from risk_model.rules.reader import RuleSet
from risk_model.rules.writer import fingerprint
from risk_model.scoring.accuracy import MAINSTREAM_PHASES, Accuracy, Frame, as_table, counted, reckon
from risk_model.scoring.fairness import Fairness, fairness
from risk_model.scoring.trade_off import TradePoint as TradePoint
from risk_model.scoring.trade_off import trade_off
from risk_model.warehouse.lake import Release
from risk_model.warehouse.storing import storing, write_whole

FIGURES = LOOKUPS / "model_figures.json"
# a figure and the ends of its interval belong on one line
_ESTIMATE = re.compile(r'\{\s+("value": [^,]+),\s+("low": [^,]+),\s+("high": \S+)\s+\}')
_AGAIN = "Run `python -m risk_model backtest --from DATE --to DATE` to make it anew."


@dataclass(frozen=True)
class Month:
    """The graded inspections of primary and secondary schools that began in one month: what a short check repeats.

    Attributes:
        month: "2024-09".
        mean_score: of all of them, to four decimals.
    """

    month: str
    n: int
    failed: int
    mean_score: float


@dataclass(frozen=True)
class ModelFigures:
    """The figures of one rule set on the inspections of one period.

    Attributes:
        rule_set, fingerprint: which rules scored.
        first, last: the inspections that began on these days or between.
        made_on: when they were worked out.
        releases: what was read, in words: each release's id and its day of publication.
        test_year_looks: how often what came of these inspections has been looked at, this time included; another rule
            set on the same period is another look, the same one again is not.
        fairness: of the graded inspections; None where there were none.
    """

    rule_set: str
    fingerprint: str
    first: date
    last: date
    made_on: date
    releases: tuple[str, ...]
    test_year_looks: int
    accuracy: Accuracy
    fairness: Fairness | None = None
    tradeoff: tuple[TradePoint, ...] = ()
    months: tuple[Month, ...] = ()

    def following(self, earlier: Sequence["ModelFigures"]) -> "ModelFigures":
        """The same figures after others: how often the period was looked at goes on from those.

        Another rule set on days that were looked at before is another look; the same one is not.
        """
        overlapping = [one for one in earlier if one.first <= self.last and self.first <= one.last]
        same = [one.test_year_looks for one in overlapping if one.fingerprint == self.fingerprint]
        others = [one.test_year_looks for one in overlapping]
        return replace(self, test_year_looks=max(same) if same else max(others, default=0) + 1)


@dataclass(frozen=True)
class KeptBacktest:
    """A back-test that a copy of the product keeps."""

    figures: ModelFigures
    path: Path

    @property
    def frame(self) -> pd.DataFrame:
        """Its scored inspections, one row each.

        Raises:
            Damaged: they cannot be read.
        """
        try:
            return pd.DataFrame(pq.read_table(self.path).to_pandas())
        except (OSError, pa.ArrowException) as error:
            raise Damaged(f"{self.path}, which holds a back-test's inspections, cannot be read.", [_AGAIN]) from error


def figures_of(
    frame: Frame,
    rule_set: RuleSet,
    first: date,
    last: date,
    releases: Sequence[Release],
    made_on: date,
) -> ModelFigures:
    """All figures of a back-test, ready to be kept; a first look, as far as they know.

    Args:
        frame: one row per inspection, as `run_backtest` gives it.
        first, last: the period that was asked for.
        releases: what was read.
    """
    table = as_table(frame)
    own = counted(table)
    return ModelFigures(
        rule_set=rule_set.rule_set,
        fingerprint=fingerprint(rule_set),
        first=first,
        last=last,
        made_on=made_on,
        releases=tuple(sorted(f"{one.release_id}, published {in_words(one.published_on)}" for one in releases)),
        test_year_looks=1,
        accuracy=reckon(table),
        fairness=fairness(table) if own["phase"].isin(MAINSTREAM_PHASES).any() else None,
        tradeoff=trade_off(table, rule_set, last),
        months=_months(own),
    )


def _months(own: pd.DataFrame) -> tuple[Month, ...]:
    together = own[own["phase"].isin(MAINSTREAM_PHASES)]
    months = pd.to_datetime(together["inspection_date"]).dt.strftime("%Y-%m")
    return tuple(
        Month(str(month), len(rows), int(rows["event"].sum()), round(float(rows["score"].mean()), 4))
        for month, rows in together.groupby(months)
    )


def differences(one: ModelFigures, other: ModelFigures) -> list[str]:
    """The parts in which two figures of the same rules and period differ; when they were made counts for nothing."""
    other = replace(other, made_on=one.made_on, test_year_looks=one.test_year_looks)
    return [name for name in ModelFigures.__dataclass_fields__ if getattr(one, name) != getattr(other, name)]


def as_text(figures: ModelFigures) -> str:
    """The figures as JSON."""
    stored = TypeAdapter(ModelFigures).dump_python(figures, mode="json", exclude_defaults=True)
    return _ESTIMATE.sub(r"{\1, \2, \3}", json.dumps(stored, ensure_ascii=False, indent=1)) + "\n"


def read_figures(path: Path = FIGURES) -> ModelFigures | None:
    """The figures of a file; None where there is no such file.

    Raises:
        Damaged: it cannot be read, or is of another form.
    """
    try:
        return TypeAdapter(ModelFigures).validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise Damaged(f"{path}, which holds the model's figures, cannot be read.", [_AGAIN]) from error


def write_figures(path: Path, figures: ModelFigures) -> None:
    """Write the figures to a file: all of it, or nothing.

    Raises:
        NotStored: it could not be written; what stood there stays.
    """
    with storing(f'"{path.name}"'):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda partial: partial.write_text(as_text(figures), "utf-8", newline="\n"))


def save_backtest(data: DataDir, frame: Frame, figures: ModelFigures) -> KeptBacktest:
    """Keep a back-test, named by its rule set and period; an earlier one of the same name gives way.

    Raises:
        NotStored: it could not be written.
    """
    name = re.sub(r"[^A-Za-z0-9.]+", "-", figures.rule_set)
    path = data.backtests / f"{name}_{figures.first:%Y%m%d}_{figures.last:%Y%m%d}.parquet"
    table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
    with storing("The back-test"):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda partial: pq.write_table(table, partial))
        kept = {"saved_at": datetime.now(UTC).isoformat(), "figures": json.loads(as_text(figures))}
        text = json.dumps(kept, ensure_ascii=False, indent=1)
        write_whole(path.with_suffix(".json"), lambda partial: partial.write_text(text, "utf-8"))
    return KeptBacktest(figures, path)


def kept_backtests(data: DataDir) -> list[KeptBacktest]:
    """The back-tests that are kept, the last one last; one that is damaged or of an earlier form is none: it is what
    making it anew replaces."""
    found = [one for path in sorted(data.backtests.glob("*.json")) if (one := _kept(path)) is not None]
    return [kept for _, kept in sorted(found, key=lambda one: one[0])]


def last_backtest(data: DataDir) -> KeptBacktest | None:
    """The back-test that was kept last; None where there is none that can be read."""
    found = kept_backtests(data)
    return found[-1] if found else None


def _kept(path: Path) -> tuple[datetime, KeptBacktest] | None:
    try:
        stored = json.loads(path.read_text("utf-8"))
        figures = TypeAdapter(ModelFigures).validate_python(stored["figures"], strict=False)
        saved_at = datetime.fromisoformat(stored["saved_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return saved_at, KeptBacktest(figures, path.with_suffix(".parquet"))
