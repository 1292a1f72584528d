"""Which kind of published file a table is, by its header alone; and why it is none."""

from collections.abc import Mapping, Sequence

from risk_model.domain.errors import FileRefused
from risk_model.domain.templates import HOW_SHEET, WORDS_SHEET
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.contract import Source, columns_absent, matched_columns, normalised
from risk_model.sources.held import RECORD_FILES
from risk_model.sources.reading import Table

_SHOWN_COLUMNS = 12
_SHOWN_CHARACTERS = 60


def recognised(header: Sequence[str]) -> Source | None:
    """The kind of a table; of several that fit, the one that reads most columns, a general kind last."""
    normal = {normalised(column) for column in header}
    fitting: list[tuple[bool, int, Source]] = []
    for source in SOURCES:
        found = matched_columns(source, header)
        excluded = any(normalised(column) in normal for column in source.without)
        if not excluded and _has_required(source, found):
            fitting.append((not source.is_general, len(found), source))
    return max(fitting, key=lambda fit: fit[:2])[2] if fitting else None


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


def without_explanations(tables: Sequence[Table]) -> list[Table]:
    """The tables of a file without the sheets of a template that only explain it."""
    kept = [table for table in tables if table.part not in (HOW_SHEET, WORDS_SHEET)]
    return kept or list(tables)


def nearest_kind(header: Sequence[str], most_lacking: int = 99) -> list[str]:
    """What a table would be if it had a few more columns, in words; nothing where it is like no kind."""
    for records, columns in RECORD_FILES.items():
        if columns <= {normalised(column) for column in header}:
            return [_becomes_records(records)]
    best: tuple[int, Source, list[str]] | None = None
    for source in SOURCES:
        found = matched_columns(source, header)
        lacking = _lacking(source, header, found)
        if len(found) > 1 and 0 < len(lacking) <= most_lacking and (best is None or len(found) > best[0]):
            best = (len(found), source, lacking)
    if best is None:
        return []
    source, lacking = best[1:]
    nearest = f"It comes nearest to {source.title} ({source.id}), which also needs: {'; '.join(lacking)}."
    return [nearest, source.advice] if source.advice else [nearest]


def _becomes_records(kind: str) -> str:
    return (
        f"It is a list of {kind.replace('_', ' ')}: such lines become records, and are no evidence. Add it on the "
        f'page Support under "From a file", or by `python -m risk_model records FILE`.'
    )


def _has_required(source: Source, found: Mapping[str, str]) -> bool:
    """Whether a table has the columns that make it one of a kind, given those that it has."""
    groups = (group.split("|") for group in source.required)
    has_all = all(any(name in found for name in group) for group in groups)
    return has_all and (not source.one_of or any(name in found for name in source.one_of))


def _lacking(source: Source, header: Sequence[str], found: Mapping[str, str]) -> list[str]:
    """The columns that a table lacks to be of a kind, given those that it has."""
    groups = (group.split("|") for group in source.required)
    wanted = [group for group in groups if not any(name in found for name in group)]
    lacking = [" or ".join(columns_absent(source, header, group)) or " or ".join(group) for group in wanted]
    if source.one_of and not any(name in found for name in source.one_of):
        lacking.append("one of " + ", ".join(source.field_named(name).columns[0] for name in source.one_of))
    return lacking


def _short(column: str) -> str:
    printed = "".join(c if c.isprintable() else "?" for c in column)
    return printed if len(printed) <= _SHOWN_CHARACTERS else printed[: _SHOWN_CHARACTERS - 1] + "…"
