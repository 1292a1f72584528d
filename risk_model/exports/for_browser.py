"""Tables in the form in which browsers get them."""

import weakref

import pandas as pd
import pyarrow as pa

# By the frame's identity, for as long as the frame lives: what is remembered is drawn at each rerun.
_KNOWN: dict[int, pa.Table] = {}


def as_drawn(table: pd.DataFrame) -> pa.Table | pd.DataFrame:
    """A frame as Arrow, without its index, worked out once; nobody changes the frame afterwards.

    Returns:
        The frame itself where Arrow cannot hold it as it is, as a column with values of several types: what draws it
        has to mend it.
    """
    known = _KNOWN.get(id(table))
    if known is None:
        try:
            known = pa.Table.from_pandas(table, preserve_index=False)
        except (pa.ArrowException, OverflowError):
            return table
        _KNOWN[id(table)] = known
        weakref.finalize(table, _KNOWN.pop, id(table), None)
    return known
