"""What the LA holds, as a build sees it: of each line the newest, once its day has come."""

from collections.abc import Sequence
from datetime import date

from risk_model.sources.contract import Field, Source
from risk_model.sources.held import EVIDENCE
from risk_model.warehouse.engine import literal
from risk_model.warehouse.lake import Release

_IN_EVERY_KIND = ("urn", "seen_on", "recorded_by", "note")
_NO_LINE = """
    select null::varchar as urn, null::varchar as source_id, null::varchar as title, null::date as seen_on,
           null::varchar as recorded_by, null::varchar as says, null::varchar as note,
           null::varchar as release_id, 0 as row_number
    where false"""


def current_lines_sql(source: Source, as_at: date) -> str:
    """SQL for a kind's lines: those seen by a day, and of a line that several files have the one of the newest file.

    Files add up: a line that a later file leaves out still stands, until the earlier file is withdrawn.
    """
    return f"""
        select * from stg_{source.id}_rows
        where scope = 'school' and seen_on <= {literal(as_at.isoformat())}::date
        qualify row_number() over (
            partition by {", ".join(source.one_row_per)}
            order by release_as_at desc, imported_at desc, release_id, row_number desc
        ) = 1"""


def held_evidence_sql(releases: Sequence[Release]) -> str:
    """SQL for the table `held_evidence` from the views `stg_<kind>`: one row per line, a school's newest first.

    Its columns: urn, source_id, title, seen_on, recorded_by, says (the line's own cells in words), note, release_id,
    row_number.
    """
    loaded = {release.source_id for release in releases}
    parts = [_lines_sql(source) for source in EVIDENCE if source.id in loaded]
    lines = " union all ".join(parts) or _NO_LINE
    return f"select * from ({lines}) order by urn, seen_on desc, source_id, row_number"


def _lines_sql(source: Source) -> str:
    own = [one for one in source.fields if one.name not in _IN_EVERY_KIND]
    says = ", ".join(f"{literal(_label(one))} || {_in_words(one)}" for one in own)
    return f"""
        select urn, {literal(source.id)} as source_id, {literal(source.title)} as title, seen_on, recorded_by,
               concat_ws('; ', {says}) as says, note, release_id, row_number
        from stg_{source.id}"""


def _label(one: Field) -> str:
    words = one.name.removesuffix("_pct").removesuffix("_gbp").replace("_", " ")
    return f"{words}: "


def _in_words(one: Field) -> str:
    """SQL for a value as text; NULL, and so left out of the sentence, where the cell was blank."""
    if one.kind == "date":
        return f"strftime({one.name}, '%-d %B %Y')"
    if one.kind == "percent":
        return f"printf('%g%%', {one.name})"
    if one.kind == "money":
        return f"if({one.name} < 0, '-£', '£') || format('{{:,.0f}}', abs({one.name}))"
    return f"printf('%g', {one.name})" if one.kind == "count" else one.name
