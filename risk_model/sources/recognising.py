"""Which kind of published file a table is, by its header alone; and why it is none."""

from collections.abc import Sequence

from risk_model.domain.errors import FileRefused
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.contract import Source, matched_columns, normalised

_SHOWN_COLUMNS = 12
_SHOWN_CHARACTERS = 60


def recognised(header: Sequence[str]) -> Source | None:
    """The kind of a table; of several that fit, the one that reads most columns."""
    normal = {normalised(column) for column in header}
    fitting: list[tuple[int, Source]] = []
    for source in SOURCES:
        found = matched_columns(source, header)
        excluded = any(normalised(column) in normal for column in source.without)
        if not excluded and not _lacking(source, found):
            fitting.append((len(found), source))
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def not_understood(name: str, header: Sequence[str]) -> FileRefused:
    """Why a header is of no known kind: the nearest kind, and what it lacks."""
    if not header:
        return FileRefused(
            f"{name} was not imported: it has no header.",
            ["The first line must name the columns, as in the file that was published. Nothing was changed."],
        )
    shown = ", ".join(_short(column) for column in header[:_SHOWN_COLUMNS])
    more = f" and {len(header) - _SHOWN_COLUMNS:,} more" if len(header) > _SHOWN_COLUMNS else ""
    return FileRefused(
        f"{name} was not imported: its columns are of no kind that is known.",
        [
            *nearest_kind(header),
            f"Found: {shown}{more}.",
            "Import it as it was published, with its own header. Nothing was changed.",
        ],
    )


def nearest_kind(header: Sequence[str], most_lacking: int = 99) -> list[str]:
    """What a table would be if it had a few more columns, in words; nothing where it is like no kind."""
    best: tuple[int, Source, list[str]] | None = None
    for source in SOURCES:
        found = matched_columns(source, header)
        lacking = _lacking(source, found)
        if len(found) > 1 and 0 < len(lacking) <= most_lacking and (best is None or len(found) > best[0]):
            best = (len(found), source, lacking)
    if best is None:
        return []
    source, lacking = best[1:]
    nearest = f"It comes nearest to {source.title} ({source.id}), which also needs: {'; '.join(lacking)}."
    return [nearest, source.advice] if source.advice else [nearest]


def _lacking(source: Source, found: dict[str, str]) -> list[str]:
    """The columns that a table lacks to be of a kind."""
    lacking = [" or ".join(source.field_named(name).columns) for name in source.required if name not in found]
    if source.one_of and not any(name in found for name in source.one_of):
        lacking.append("one of " + ", ".join(source.field_named(name).columns[0] for name in source.one_of))
    return lacking


def _short(column: str) -> str:
    printed = "".join(c if c.isprintable() else "?" for c in column)
    return printed if len(printed) <= _SHOWN_CHARACTERS else printed[: _SHOWN_CHARACTERS - 1] + "…"
