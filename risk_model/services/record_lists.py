"""Lists that become records: looked at first, then written whole or not at all."""

from dataclasses import replace

from risk_model.casework import (
    CsvProblem,
    FilePreview,
    NewAdviserView,
    NewAllocation,
    NewSystemLeader,
    add_allocations,
    add_small_records,
    add_system_leaders,
    preview_record_file,
    recorded_for,
)
from risk_model.domain.errors import RecordRefused
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.services.copy import Copy
from risk_model.services.judgement_changes import add_views
from risk_model.services.support_changes import support_warnings

# a line takes some 300 bytes: no LA has as many
MOST_BYTES = 20_000_000


def preview_support(viewer: Viewer, copy: Copy, name: str, content: bytes, la_code: str) -> FilePreview:
    """Look at a file of support, system leaders or advisers' views, CSV or workbook, without writing anything.

    Returns:
        The lines that can be added, and what is wrong with the others; `add_previewed` writes them.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: the file cannot be read, or is too large.
    """
    require(viewer, Right.SUPPORT)
    if len(content) > MOST_BYTES:
        raise RecordRefused(
            f"The list holds {len(content) / 1e6:,.0f} MB: at most {MOST_BYTES // 1_000_000} MB are read.",
            ["Nothing was changed.", "Give its lines in parts."],
        )
    urns = {row["urn"] for row in copy.reader.rows("select urn from schools where la_code = $la", {"la": la_code})}
    preview = preview_record_file(name, content, la_code, urns, recorded_for(copy.records, la_code))
    return _without_misfits(viewer, copy, preview)


def _without_misfits(viewer: Viewer, copy: Copy, preview: FilePreview) -> FilePreview:
    """The preview, with support that does not fit among the problems unless its line says why it is right."""
    kept: dict[int, NewAllocation] = {}
    problems = list(preview.problems)
    for line, one in zip(preview.lines, preview.new, strict=False):
        if not isinstance(one, NewAllocation):
            return preview
        warnings = support_warnings(viewer, copy, one, list(kept.values()))
        if not warnings or one.override_reason:
            kept[line] = one
            continue
        what_to_do = "Change it, or say in this column why it is right all the same."
        problems.append(CsvProblem(line, "override_reason", "", " ".join(warnings), what_to_do))
    if not preview.lines:
        return preview
    in_order = tuple(sorted(problems, key=lambda each: each.line))
    return replace(preview, new=tuple(kept.values()), lines=tuple(kept), problems=in_order)


def add_previewed(viewer: Viewer, copy: Copy, preview: FilePreview) -> int:
    """Write a preview's good lines, all or none.

    Returns:
        How many were written.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: there is nothing to write, or a line is not valid after all.
    """
    require(viewer, Right.SUPPORT)
    if not preview.new:
        raise RecordRefused("There is no line to add.", ["Mend the lines that are listed and try again."])
    support = [one for one in preview.new if isinstance(one, NewAllocation)]
    leaders = [one for one in preview.new if isinstance(one, NewSystemLeader)]
    views = [one for one in preview.new if isinstance(one, NewAdviserView)]
    if views:
        return add_views(viewer, copy, views)
    if leaders:
        return add_system_leaders(copy.records, viewer.name, leaders)
    if support:
        return add_allocations(copy.records, viewer.name, support)
    small = [one for one in preview.new if not isinstance(one, NewAllocation | NewSystemLeader | NewAdviserView)]
    return add_small_records(copy.records, viewer.name, small)


def add_record_file(viewer: Viewer, copy: Copy, name: str, content: bytes, la_code: str | None) -> FilePreview:
    """Record every line of a file of support, system leaders or advisers' views, or none; for the command line.

    Args:
        la_code: the LA for which the lines are; None where this copy holds the schools of a single one.
    Returns:
        What was read; every one of its `new` lines is recorded now.
    Raises:
        NotAllowed: the viewer may not write.
        RecordRefused: the file cannot be read, a line is not valid, or the LA is not certain.
    """
    require(viewer, Right.SUPPORT)
    preview = preview_support(viewer, copy, name, content, la_code or _only_la(copy))
    if preview.problems:
        things = "1 thing needs" if len(preview.problems) == 1 else f"{len(preview.problems):,} things need"
        raise RecordRefused(
            f"{name}: {things} attention. Nothing was changed.", [problem.sentence for problem in preview.problems]
        )
    if preview.new:
        add_previewed(viewer, copy, preview)
    return preview


def _only_la(copy: Copy) -> str:
    codes: list[str] = [row["la_code"] for row in copy.reader.rows("select distinct la_code from schools limit 2")]
    if len(codes) != 1:
        raise RecordRefused(
            "It is not certain for which local authority the file is. Nothing was changed.",
            ["This copy holds the schools of several. Say --la with its three-digit code."],
        )
    return codes[0]
