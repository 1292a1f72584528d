"""A real server over its websocket, as the measurements use it: what is measured is what people do, and its floor."""

from collections import Counter
from pathlib import Path

from risk_model.domain.paths import PROJECT, DataDir
from tests.benchmarks.pages import BARE, View, arrived, record, urns_of
from tests.benchmarks.serving import served
from tests.benchmarks.visitor import Visitor, arriving, selected


def _count(visitor: Visitor, kind: str) -> int:
    return sum(1 for _ in visitor.elements(kind))


def _kinds(visitor: Visitor) -> Counter[str]:
    return Counter(one.DESCRIPTOR.name for one in visitor.elements())


def test_visitor_filters_selects_and_goes_to_a_profile(demo_data: DataDir, tmp_path: Path) -> None:
    with served(PROJECT / "app.py", {"RISK_DATA_DIR": str(demo_data.root)}, tmp_path / "log.txt") as server:
        before = server.cost()
        urns = urns_of(server, "999")
        visitor = arriving(server.address)
        assert visitor.open("schools_at_risk", la="999").went_well
        assert visitor.choose("priority", ["priority"]).went_well
        assert "priority=priority" in visitor.query
        links = _count(visitor, "page_link")
        assert visitor.choose("schools", selected(0)).went_well
        assert _count(visitor, "page_link") > links
        assert visitor.go("school", la="999", urn=urns[0]).went_well
        assert _count(visitor, "plotly_chart")
        visitor.connection.close()
        assert server.cost().seconds > before.seconds


def test_bare_page_draws_as_many_elements_of_each_kind(demo_data: DataDir, tmp_path: Path) -> None:
    view = View("Overview", "", {"la": "999"})
    with served(PROJECT / "app.py", {"RISK_DATA_DIR": str(demo_data.root)}, tmp_path / "ours.txt") as ours:
        names = record(ours, [view], tmp_path)
        here = arrived(ours, view)
        with served(BARE, {"BARE_PAGES": str(tmp_path)}, tmp_path / "bare.txt") as bare:
            there = arrived(bare, View(view.name, names[view.name]))
            assert _kinds(there) == _kinds(here)
            assert _kinds(here)["PageLink"] > 1
            there.connection.close()
        here.connection.close()
