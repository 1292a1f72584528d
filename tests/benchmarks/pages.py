"""`python -m tests.benchmarks.pages [DATA_DIR LA_CODE]`: what each page costs beside a bare page of the same widgets.

A real server serves the product, another one a bare app that draws the same texts, links, inputs, tables and figures
with nothing behind them. A visitor of our own reruns each page over its websocket, as a click would; both servers take
turns, and say themselves how many seconds of processor they used. DATA_DIR has a build (default: a new demo).
"""

import argparse
import io
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from risk_model.domain.paths import PROJECT, DataDir
from risk_model.domain.viewer import local_viewer
from risk_model.services.preparing import get_ready
from tests.benchmarks.recorded import keep_page
from tests.benchmarks.serving import Server, served
from tests.benchmarks.visitor import Rerun, Visitor, arriving, selected

BARE = PROJECT / "tests" / "benchmarks" / "bare.py"
RUNS, BATCHES, ANEW = 5, 5, 5
# The aims, as times of the bare page
AIMS = {"table": 1.5, "chart": 2.0}
_TOUCHED = "asked_anew"
_BARE_PAGE = """from tests.benchmarks.redrawing import draw_page

draw_page("{path}")
"""


@dataclass(frozen=True)
class View:
    """A page as somebody has it open.

    Attributes:
        query: in its address; do: what is clicked before it is measured.
    """

    name: str
    page: str
    query: dict[str, str] = field(default_factory=dict)
    do: tuple[tuple[str, str | list[str]], ...] = ()


@dataclass(frozen=True)
class Measured:
    """Milliseconds of the server's processors for a rerun: medians.

    Attributes:
        again: of the page, asked once more; anew: after its data changed, with nothing remembered.
        bare: of the bare page; has_chart: a chart is among its elements.
    """

    name: str
    elements: int
    has_chart: bool
    bare: float
    again: float
    anew: float

    @property
    def aim(self) -> float:
        """At most so many times the bare page."""
        return AIMS["chart" if self.has_chart else "table"]

    def __str__(self) -> str:
        met = "yes" if self.again <= self.aim * self.bare else "NO"
        return (
            f"| {self.name} | {self.elements} | {self.bare:.0f} | {self.again:.0f} | {self.again / self.bare:.2f} "
            f"| {self.aim:g} | {met} | {self.anew:.0f} |"
        )


HEAD = """| page | elements | bare, ms | ours, ms | times | at most | met | ours with nothing remembered, ms |
|---|---|---|---|---|---|---|---|"""


def views(la_code: str, urn: str) -> list[View]:
    """What is measured: each page as it opens, and its parts that show most."""
    la = {"la": la_code}
    return [
        View("Overview", "", la),
        View("Schools at risk", "schools_at_risk", la),
        View("Schools at risk, filtered", "schools_at_risk", {**la, "priority": "priority"}),
        View("Schools at risk, a row selected", "schools_at_risk", la, (("schools", selected(0)),)),
        View("School profile", "school", {**la, "urn": urn}),
        View("Support: gaps", "support", {**la, "view": "gaps"}),
        View("Support: need and help", "support", {**la, "view": "matrix"}),
        View("Support: capacity", "support", {**la, "view": "capacity"}),
        View("Explore", "explore", la),
        View("Core group: groups", "core_group", {**la, "view": "groups"}),
        View("My schools", "my_schools", {**la, "leader": "1"}),
        View("Regional director (RSC)", "regional_director", la),
        View("History", "history", la),
        View("Rules", "rules", la),
        View("Model", "model", la),
        View("Data", "data", la),
        View("Data quality", "quality", la),
        View("Help", "help", la),
    ]


def arrived(server: Server, view: View) -> Visitor:
    """A new visitor who has the page open as the view says, and has waited until it was drawn twice."""
    visitor = arriving(server.address)
    _well(server, visitor, visitor.open(view.page, **view.query))
    for key, value in view.do:
        _well(server, visitor, visitor.choose(key, value))
    for _ in range(3):
        _well(server, visitor, visitor.rerun())
    return visitor


def _well(server: Server, visitor: Visitor, rerun: Rerun) -> None:
    if not rerun.went_well:
        log = server.log.read_text("utf-8", errors="replace")
        raise RuntimeError(
            f"{visitor.page_name or 'the first page'} did not go well: {visitor.errors()}\n{log[-3000:]}"
        )


def seconds_of(server: Server, act: Callable[[], object], runs: int) -> float:
    """The processor's seconds for one act, the mean of some."""
    before = server.cost().seconds
    for _ in range(runs):
        act()
    return (server.cost().seconds - before) / runs


def measure(view: View, ours: Server, bare: Server, name: str, data: Path) -> Measured:
    """One page beside its bare page, by turns."""
    here, there = arrived(ours, view), arrived(bare, View(view.name, name))
    again, floor = [], []
    for _ in range(BATCHES):
        floor.append(seconds_of(bare, there.rerun, RUNS))
        again.append(seconds_of(ours, here.rerun, RUNS))
    anew = []
    for number in range(ANEW):
        (data / _TOUCHED).write_text(str(number) * (number + 1), "utf-8")
        anew.append(seconds_of(ours, here.rerun, 1))
    _same(view, here, there)
    has_chart = any(True for _ in here.elements("plotly_chart"))
    elements = sum(1 for _ in here.elements())
    middle = [1000 * statistics.median(one) for one in (floor, again, anew)]
    here.connection.close()
    there.connection.close()
    return Measured(view.name, elements, has_chart, *middle)


def _same(view: View, here: Visitor, there: Visitor) -> None:
    """The floor is only one while it draws as much."""
    for kind in ("markdown", "dataframe", "table", "plotly_chart", "page_link", "selectbox", "multiselect"):
        ours, bare = (sum(1 for _ in one.elements(kind)) for one in (here, there))
        if ours != bare:
            raise RuntimeError(f"{view.name}: {ours} elements of kind {kind}, but {bare} on the bare page.")


def record(ours: Server, wanted: Sequence[View], folder: Path) -> dict[str, str]:
    """Keep what each view draws, for the bare app to draw; the names of its pages."""
    names = {}
    for number, view in enumerate(wanted):
        visitor = arrived(ours, view)
        names[view.name] = f"page_{number:02d}"
        kept = folder / f"{names[view.name]}.page"
        keep_page(visitor.drawn, kept)
        kept.with_suffix(".py").write_text(_BARE_PAGE.format(path=kept.as_posix()), "utf-8")
        visitor.connection.close()
    return names


def urns_of(ours: Server, la_code: str) -> list[str]:
    """The schools of an LA, the most urgent first."""
    visitor = arriving(ours.address)
    _well(ours, visitor, visitor.open("schools_at_risk", la=la_code))
    table = next(visitor.elements("dataframe"))
    with pa.ipc.open_stream(io.BytesIO(table.arrow_data.data)) as reader:
        urns = [str(one) for one in reader.read_all().column("URN")]
    visitor.connection.close()
    return urns


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pages", description=__doc__)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("la", nargs="?", default="999")
    parser.add_argument("--only", help="measure only views whose name has this in it")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        data = asked.data or scratch / "data"
        if not asked.data:
            get_ready(local_viewer(), DataDir(data), lambda text: None)
        recorded = scratch / "recorded"
        recorded.mkdir()
        with served(PROJECT / "app.py", {"RISK_DATA_DIR": str(data)}, scratch / "ours.log") as ours:
            urn = urns_of(ours, asked.la)[0]
            wanted = [one for one in views(asked.la, urn) if not asked.only or asked.only in one.name]
            names = record(ours, wanted, recorded)
            with served(BARE, {"BARE_PAGES": str(recorded)}, scratch / "bare.log") as bare:
                sys.stdout.write(f"LA {asked.la}; {os.cpu_count()} cores\n{HEAD}\n")
                for view in wanted:
                    sys.stdout.write(f"{measure(view, ours, bare, names[view.name], data)}\n")
                    sys.stdout.flush()
        (data / _TOUCHED).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
