"""The fitted models that the score is compared with: they find what is there, and are judged on later days alone."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from risk_model.scoring.accuracy import counted
from tests.benchmarks.ceilings import ceilings, telling_gaps
from tests.scoring.frames import frame_of, inspection

FIRST = date(2022, 9, 1)


def test_a_fitted_model_finds_a_sign_that_the_score_does_not_know() -> None:
    random = np.random.default_rng(3)
    failed = random.random(600) < 0.3
    frame = counted(
        frame_of(
            [
                inspection(100_001 + n, score=float(n % 7), failed=bool(one), inspection_date=FIRST + timedelta(days=n))
                for n, one in enumerate(failed)
            ]
        )
    )
    sign = pd.Series(np.where(failed, 1.0, -1.0) + random.normal(0, 0.5, 600)).where(random.random(600) < 0.9)
    features = pd.DataFrame({"sign": sign, "never_known": np.full(600, np.nan), "noise": random.normal(0, 1, 600)})
    until = FIRST + timedelta(days=400)
    found = {one.name: one for one in ceilings(frame, features, until)}
    assert list(found) == ["the product's score", "logistic", "gradient boosting"]
    assert 0.4 < found["the product's score"].auc < 0.6
    assert min(found["logistic"].auc, found["gradient boosting"].auc) > 0.85
    # what came of the later ones plays no part in the fit: turned round, they are foreseen as wrongly
    turned = frame.assign(event=frame["event"] ^ (pd.to_datetime(frame["inspection_date"]) >= pd.Timestamp(until)))
    again = {one.name: one for one in ceilings(turned, features, until)}
    assert abs(again["logistic"].auc + found["logistic"].auc - 1) < 1e-9


def test_an_absence_that_foretells_the_outcome_is_told() -> None:
    """Planted: a figure that half of those that failed lack, and nobody else; another that lacks by chance."""
    random = np.random.default_rng(5)
    failed = random.random(400) < 0.3
    frame = counted(frame_of([inspection(100_001 + n, score=1.0, failed=bool(one)) for n, one in enumerate(failed)]))
    lacking_by_chance = random.random(400) < 0.3
    features = pd.DataFrame(
        {
            "planted": np.where(failed & (np.arange(400) % 2 == 0), np.nan, 1.0),
            "by_chance": np.where(lacking_by_chance, np.nan, 1.0),
            "always_known": np.ones(400),
            "never_known": np.full(400, np.nan),
        }
    )
    assert list(telling_gaps(frame, features)) == ["planted"]
    # half of those that failed lack it and nobody else: half of the pairs in the right order, half of them tied
    assert 0.7 < telling_gaps(frame, features)["planted"] < 0.8
