"""Tables in the form in which browsers get them."""

import weakref
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# in letters: what is longer does not fit a column, however wide the browser makes it
_LONG = 75


@dataclass(frozen=True)
class Drawn:
    """A frame as browsers get it.

    Attributes:
        data: Arrow without the frame's index; the frame itself where Arrow cannot hold it as it is, as a column with
            values of several types: what draws it has to mend it.
        has_long_text: whether a text in it would be cut where its column ends.
    """

    data: pa.Table | pd.DataFrame
    has_long_text: bool


# By the frame's identity, for as long as the frame lives: what is remembered is drawn at each rerun.
_KNOWN: dict[int, Drawn] = {}


def as_drawn(table: pd.DataFrame) -> Drawn:
    """A frame for the browser, worked out once; nobody changes the frame afterwards."""
    known = _KNOWN.get(id(table))
    if known is None:
        known = _drawn(table)
        # what holds the frame itself would keep it alive
        if known.data is not table:
            _KNOWN[id(table)] = known
            weakref.finalize(table, _KNOWN.pop, id(table), None)
    return known


def _drawn(table: pd.DataFrame) -> Drawn:
    try:
        data = pa.Table.from_pandas(table, preserve_index=False)
    except (pa.ArrowException, OverflowError):
        return Drawn(table, any(len(one) > _LONG for one in table.to_numpy().flat if isinstance(one, str)))
    texts = [one for one in data.columns if pa.types.is_string(one.type) or pa.types.is_large_string(one.type)]
    return Drawn(data, any((pc.max(pc.utf8_length(one)).as_py() or 0) > _LONG for one in texts))
