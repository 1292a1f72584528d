"""The demo's back-test as figures: `python -m tests.golden.model_figures` writes the file anew, to be read as a
difference. England's are written by `python -m risk_model backtest` with `--figures`."""

import tempfile
from datetime import date
from pathlib import Path

from risk_model.domain.paths import DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.model_figures import ModelFigures, write_figures
from risk_model.services.accuracy import keep_backtest
from risk_model.services.backtesting import backtest
from risk_model.services.preparing import make_demo_copy

GOLDEN = Path(__file__).with_name("demo_model_figures.json")
FIRST, LAST = date(2023, 9, 1), date(2023, 10, 31)


def demo_figures(data: DataDir) -> ModelFigures:
    """What the command finds on two months of the invented LA's inspections."""
    frame = backtest(local_viewer(), data, FIRST, LAST)
    return keep_backtest(local_viewer(), data, frame, FIRST, LAST).figures


def main() -> None:
    """Write the golden file anew."""
    with tempfile.TemporaryDirectory() as folder:
        data = DataDir(Path(folder))
        make_demo_copy(local_viewer(), data)
        write_figures(GOLDEN, demo_figures(data))


if __name__ == "__main__":
    main()
