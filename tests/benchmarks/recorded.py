"""What a page drew, as a tree that can be kept in a file and drawn again."""

import io
import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pyarrow as pa
from streamlit.proto.Delta_pb2 import Delta


@dataclass(frozen=True)
class Node:
    """A container or an element.

    Attributes:
        kind: the name of the element or of the container, as Streamlit's messages name it.
        proto: its message, whole: of an element the element's own, of a container the block.
        children: what stands inside, in order.
        made: a table or a figure, at hand.
    """

    kind: str
    proto: Any
    children: tuple["Node", ...] = ()
    made: pd.DataFrame | go.Figure | None = None


def keep_page(drawn: Mapping[tuple[int, ...], Delta], path: Path) -> None:
    """Write what a visitor's page shows into a file."""
    path.write_bytes(pickle.dumps({place: delta.SerializeToString() for place, delta in drawn.items()}))


def read_page(path: Path) -> tuple[Node, ...]:
    """What stands on the page, from the outermost container inwards. Only for files that we have just written."""
    drawn = {place: Delta.FromString(raw) for place, raw in pickle.loads(path.read_bytes()).items()}
    return _below(drawn, (0,))


def _below(drawn: Mapping[tuple[int, ...], Delta], above: tuple[int, ...]) -> tuple[Node, ...]:
    places = sorted(place for place in drawn if place[:-1] == above)
    return tuple(_node(drawn, place) for place in places)


def _node(drawn: Mapping[tuple[int, ...], Delta], place: tuple[int, ...]) -> Node:
    delta = drawn[place]
    if delta.WhichOneof("type") == "add_block":
        return Node(delta.add_block.WhichOneof("type") or "vertical", delta.add_block, _below(drawn, place))
    kind = delta.new_element.WhichOneof("type") or "empty"
    proto = getattr(delta.new_element, kind)
    return Node(kind, proto, (), _made(kind, proto))


def _made(kind: str, proto: Any) -> pd.DataFrame | go.Figure | None:
    if kind in ("dataframe", "table"):
        with pa.ipc.open_stream(io.BytesIO(proto.arrow_data.data)) as reader:
            return reader.read_all().to_pandas()
    if kind == "plotly_chart":
        told = json.loads(proto.spec)
        return go.Figure(data=told["data"], layout=told["layout"])
    return None
