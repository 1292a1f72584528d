"""The product's own SQL, said to other engines: translated when it runs, so that there is one text of it."""

from collections.abc import Iterable
from functools import cache
from typing import Any

# what a translator lets through as it stands, and only DuckDB knows
_DUCKDB_ALONE = ("::", "unnest(", "exclude (", "read_parquet(")


def said_to(engine: str, sql: str) -> str:
    """A statement in another engine's SQL; what is to be held while it runs, that engine decides for itself.

    Args:
        engine: as the translator names it: "spark", "sqlite", "postgres".
    Raises:
        ValueError: it holds what only DuckDB knows; sqlglot's own errors, where it cannot be said at all.
    """
    import sqlglot
    from sqlglot import expressions

    alone = [words for words in _DUCKDB_ALONE if words in sql.lower()]
    if alone:
        raise ValueError(f"only DuckDB knows {', '.join(alone)}: {sql[:200]}")
    parsed: Any = sqlglot.parse_one(sql, read="duckdb")
    for part in parsed.find_all(expressions.CTE):
        part.set("materialized", None)
    return str(parsed.sql(engine, comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE))


def tables_read(statements: Iterable[str]) -> frozenset[str]:
    """The tables that statements of ours read, those that they make for themselves aside."""
    return frozenset().union(*(_tables_read(sql) for sql in statements))


@cache
def _tables_read(sql: str) -> frozenset[str]:
    import sqlglot
    from sqlglot import expressions

    parsed: Any = sqlglot.parse_one(sql, read="duckdb")
    own = {one.alias_or_name for one in parsed.find_all(expressions.CTE)}
    return frozenset(one.name for one in parsed.find_all(expressions.Table)) - own
