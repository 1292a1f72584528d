"""Committed figures are those that the command finds, and the README quotes no others."""

import re
from pathlib import Path

from risk_model.cli import main
from risk_model.domain.paths import PROJECT, DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.scoring.model_figures import differences, read_figures
from risk_model.services.accuracy import backtest_in_words
from tests.golden.model_figures import FIRST, GOLDEN, LAST


def test_the_demo_figures_are_those_that_were_reviewed(own_data: DataDir, tmp_path: Path) -> None:
    written = tmp_path / "figures.json"
    assert main(["backtest", "--from", str(FIRST), "--to", str(LAST), "--figures", str(written)]) == 0
    now, reviewed = read_figures(written), read_figures(GOLDEN)
    assert now is not None
    assert reviewed is not None
    assert differences(reviewed, now) == []


def test_a_figure_that_moved_is_noticed() -> None:
    reviewed = read_figures(GOLDEN)
    assert reviewed is not None
    assert reviewed.accuracy.question("graded").populations[0].figures.n > 0
    assert reviewed.months


def test_the_readme_quotes_the_published_figures_and_no_others() -> None:
    """A fenced block that begins with "Rules" holds lines of the command's output, word for word."""
    text = (PROJECT / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```\n(Rules .*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    quoted = [line.strip() for block in blocks for line in block.splitlines() if line.strip()]
    published = read_figures()
    found = [line.strip() for line in backtest_in_words(local_viewer(), published)] if published else []
    assert bool(quoted) == bool(found)
    assert [line for line in quoted if line not in found] == []
    outside = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    assert not re.search(r"AUC (of )?0\.\d", outside)
