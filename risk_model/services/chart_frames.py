"""Charts from tables: what several services' charts are made with."""

from collections.abc import Sequence

import pandas as pd

from risk_model.domain.charts import Axis, Dot, Dots, Role


def optional(figures: pd.Series) -> tuple[float | None, ...]:
    """Figures of a column for a chart: None where there is none."""
    return tuple(None if pd.isna(one) else float(one) for one in figures)


def dots_from(
    table: pd.DataFrame, rows: str, dots: Sequence[tuple[str, str, Role]], axis: Axis, *, joined: bool = False
) -> Dots:
    """Dots of a table, a row each; a kind of dot of which no figure is known is left out.

    Args:
        rows: the column that names the rows, the first on top.
        dots: of each kind the column of its figures, its name and its role; where the columns "<figures> above" and
            "<figures> below" are there, they are how far its interval reaches.
    """
    found = []
    for column, name, role in dots:
        if table[column].isna().all():
            continue
        has_interval = f"{column} above" in table
        found.append(
            Dot(
                name,
                role,
                optional(table[column]),
                optional(table[column] - table[f"{column} below"]) if has_interval else (),
                optional(table[column] + table[f"{column} above"]) if has_interval else (),
            )
        )
    return Dots(tuple(table[rows]), axis, tuple(found), joined)
