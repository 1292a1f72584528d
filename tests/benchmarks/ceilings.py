"""`python -m tests.benchmarks.ceilings FRAME [--until DATE]`: how far a fitted model would get on the same evidence.

FRAME is what `python -m risk_model backtest --out FRAME` wrote, as Parquet; the builds that scored it are made again
in a folder of their own, and the figures that stood in them are the features: no deprivation, nothing that was
published later. Models are fitted on the inspections before DATE and measured on those from DATE on; they are a
ceiling to compare with, and no part of the product.
"""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from risk_model.domain.paths import DataDir, data_dir
from risk_model.measures.reader import read_measures
from risk_model.scoring.accuracy import MAINSTREAM_PHASES, counted, ranked
from risk_model.scoring.building import make_build
from risk_model.warehouse.builds import Build

SEED = 2026
# Our choice: twice what the absence of results or of a workforce figure says.
TELLING = 0.07
_FIGURES_SQL = """
    select n.urn, m.measure_id, c.value
    from current_values as c
    inner join numbered_schools as n on n.school_no = c.school_no
    inner join measure_numbers as m on m.measure_no = c.measure_no
    where c.value is not null"""


@dataclass(frozen=True)
class Elsewhere(DataDir):
    """A data directory whose builds are made in another folder."""

    folder: Path

    @property
    def builds(self) -> Path:
        return self.folder


@dataclass(frozen=True)
class Ceiling:
    """How well one order of the later inspections foresaw them: AUC, and the share found in the riskiest fifth."""

    name: str
    auc: float
    found: float


def features_of(frame: pd.DataFrame, data: DataDir) -> pd.DataFrame:
    """A row per inspection of the frame, in its order: every figure that its build held of its school.

    Context (what never earns a point) is left out, deprivation with it; what is missing stays missing.
    """
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for day, rows in frame.groupby("as_at"):
            build = make_build(Elsewhere(data.root, Path(folder)), pd.Timestamp(day).date()).build
            parts.append(_figures(build).reindex(rows[_scored_by(frame)]).set_axis(rows.index))
    found = pd.concat(parts).reindex(frame.index)
    context = {one.id for one in read_measures() if one.polarity == "none"}
    phases = pd.get_dummies(frame["phase"], dtype=float)
    return found.drop(columns=[name for name in found if name in context]).join(phases)


def _scored_by(frame: pd.DataFrame) -> str:
    """Under which number the build has the school: that of the day, or of the one that it has become."""
    return "urn_scored" if "urn_scored" in frame else "urn"


def _figures(build: Build) -> pd.DataFrame:
    with build.reader() as reader:
        found = reader.frame(_FIGURES_SQL)
    return found.pivot(index="urn", columns="measure_id", values="value")


def ceilings(frame: pd.DataFrame, features: pd.DataFrame, until: date) -> Iterator[Ceiling]:
    """The score as it is, then fitted models, on the inspections from a day on; they are fitted on those before.

    Args:
        frame: as `counted` gives it; features: a row for each of its inspections, by its index.
    """
    is_before = pd.to_datetime(frame["inspection_date"]) < pd.Timestamp(until)
    known = features.columns[features[is_before].notna().any()]
    fit, judged = features.loc[is_before, known], features.loc[~is_before, known]
    answers = frame.loc[is_before, "event"].astype(bool)
    yield _ceiling("the product's score", frame[~is_before], frame.loc[~is_before, "score"].astype(float))
    models = {
        "logistic": make_pipeline(
            SimpleImputer(strategy="median", add_indicator=True),
            StandardScaler(),
            LogisticRegression(C=0.1, max_iter=500),
        ),
        "gradient boosting": HistGradientBoostingClassifier(
            max_iter=150, learning_rate=0.05, max_leaf_nodes=8, l2_regularization=1.0, random_state=SEED
        ),
    }
    for name, model in models.items():
        model.fit(fit, answers)
        yield _ceiling(name, frame[~is_before], pd.Series(model.predict_proba(judged)[:, 1], index=judged.index))


def telling_gaps(frame: pd.DataFrame, features: pd.DataFrame) -> dict[str, float]:
    """The figures of which the mere absence says what came of the inspection: {figure: AUC of its absence}.

    An absence that says so much is no evidence of the day: later files tell more of some schools than of others, as of
    those that were not inspected again. A fitted model must not see it.
    """
    found = {}
    for name in features:
        absent = features[name].isna()
        if absent.any() and not absent.all():
            auc = float(roc_auc_score(frame["event"].astype(bool), absent))
            if abs(auc - 0.5) > TELLING:
                found[str(name)] = auc
    return found


def _ceiling(name: str, judged: pd.DataFrame, risk: pd.Series) -> Ceiling:
    order = ranked(judged.assign(risk=risk), "risk")["event"].to_numpy(bool)
    marked = (len(order) * 20 + 50) // 100
    return Ceiling(
        name, float(roc_auc_score(judged["event"].astype(bool), risk)), float(order[:marked].sum() / order.sum())
    )


def main() -> None:
    """Print a line per model."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("frame", type=Path)
    asked.add_argument("--until", type=date.fromisoformat, required=True, help="fitted before, measured from then on")
    asked.add_argument("--features", type=Path, help="a file to keep the features in, or to take them from")
    given = asked.parse_args()
    frame = counted(pd.read_parquet(given.frame))
    frame = frame[frame["phase"].isin(MAINSTREAM_PHASES)].reset_index(drop=True)
    if given.features and given.features.exists():
        features = pd.read_parquet(given.features)
    else:
        features = features_of(frame, data_dir())
        if given.features:
            features.to_parquet(given.features)
    fitted = int((pd.to_datetime(frame["inspection_date"]) < pd.Timestamp(given.until)).sum())
    print(f"{fitted:,} inspections to fit, {len(frame) - fitted:,} from {given.until} on, {features.shape[1]} features")
    gaps = telling_gaps(frame, features)
    for name, auc in gaps.items():
        print(f"left out, because its absence alone foretells the outcome: {name} (AUC {auc:.2f})")
    for one in ceilings(frame, features.drop(columns=list(gaps)), given.until):
        print(f"{one.name:<22} AUC {one.auc:.3f}   found in the riskiest fifth {one.found:.3f}")


if __name__ == "__main__":
    np.random.seed(SEED)
    main()
