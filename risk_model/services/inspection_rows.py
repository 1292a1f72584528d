"""A school's inspections of every era, in words: what was found, in which files, and where these differ."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Viewer, require_reader
from risk_model.services.copy import Copy

_INSPECTIONS_SQL = """
    select i.start_date, i.published_on, i.era, i.kind, i.mapping, i.good_or_better, i.rc_outcome, i.inherited,
           i.category_of_concern, i.safeguarding, i.overall, i.quality_of_education, i.behaviour,
           i.personal_development, i.leadership, i.early_years, i.sixth_form, i.inclusion,
           i.curriculum_and_teaching, i.achievement, i.attendance_and_behaviour,
           i.personal_development_and_wellbeing, i.early_years_area, i.post_16, i.leadership_and_governance,
           i.ungraded_outcome, i.urn_at_time,
           concat_ws('; ', m.meaning, lower(left(p.meaning, 1)) || p.meaning[2:]) as meaning, l.original_name,
           i.release_id, i.row_number as source_row,
           i.teaching, i.behaviour_and_welfare, i.pupil_outcomes, i.monitoring_outcome, i.inspection_type,
           i.inspection_id
    from inspections as i
    left join mapping_meanings as m using (mapping)
    left join mapping_meanings as p on p.mapping = 'M21' and i.inherited
    left join releases as l using (release_id)
    where i.urn = $urn
    order by i.start_date desc, i.kind, i.inspection_id"""
_ALL_INSPECTIONS_SQL = "select * from inspections where list_contains($urns, urn) order by urn, start_date desc, kind"
_ALL_REGRADED_SQL = """
    select inspection_id, area, graded_on, grade_before
    from inspection_area_grades
    where list_contains($urns, urn) and is_regraded and is_latest
    order by inspection_id, area"""
_OTHER_SOURCES_SQL = """
    select s.inspection_id, l.original_name, s.row_number, s.wording
    from inspection_sources as s
    inner join releases as l using (release_id)
    where s.urn = $urn and not s.is_the_one_used
    order by s.inspection_id, l.original_name, s.row_number"""
_REGRADED_SQL = """
    select inspection_id, area, graded_on, grade_before
    from inspection_area_grades
    where urn = $urn and is_regraded and is_latest
    order by inspection_id, area"""
_CONTRADICTIONS_SQL = """
    select c.urn, s.name, s.la_name, i.kind, i.start_date, c.field, c.value_used, u.original_name as file_used,
           c.row_number as row_used, c.value_there, o.original_name as file_there,
           c.other_row_number as row_there, c.why
    from inspection_contradictions as c
    inner join inspections as i using (inspection_id)
    inner join schools as s on s.urn = c.urn
    inner join releases as u on u.release_id = c.release_id
    inner join releases as o on o.release_id = c.other_release_id
    where ($la_code::varchar is null or s.la_code = $la_code) and ($urn::varchar is null or c.urn = $urn)
    order by s.name, c.urn, i.start_date desc, c.field, file_there, row_there"""


# (what a screen says, how it is marked) by what the mapping answers
_BY_CARD = {
    "meets": ("met every standard", "good"),
    "mixed": ("an area needs attention", "mixed"),
    "below": ("leadership needs attention", "below"),
    "category": ("category of concern", "below"),
}
_BY_ANSWER = {"yes": ("good or better", "good"), "no": ("below good", "below")}
_BY_MAPPING = {
    # officially acceptable then: never shown as a failure
    "M2": ("satisfactory", "mixed"),
    "M7": ("good, with concerns", "mixed"),
    "M10": ("not as strong", "mixed"),
}


def inspection_rows(copy: Copy, urn: str) -> pd.DataFrame:
    """Every inspection of a school, newest first, with `answer`, `found`, `source` (the file that is used) and
    `also_in` (every other file that has it) in words, and `mark` (good, mixed, below or other).

    Called by services that have asked for the viewer already.
    """
    found = copy.reader.frame(_INSPECTIONS_SQL, {"urn": urn})
    rows = copy.reader.rows(_INSPECTIONS_SQL, {"urn": urn})
    regraded = {(one["inspection_id"], one["area"]): one for one in copy.reader.rows(_REGRADED_SQL, {"urn": urn})}
    others: dict[str, list[str]] = {}
    for one in copy.reader.rows(_OTHER_SOURCES_SQL, {"urn": urn}):
        words = f"{one['original_name']}, row {one['row_number']} ({one['wording']})"
        others.setdefault(one["inspection_id"], []).append(words)
    said = [_said(row) for row in rows]
    found["answer"] = [answer for answer, _ in said]
    found["mark"] = [mark for _, mark in said]
    found["found"] = [_found(row, regraded) for row in rows]
    found["source"] = [f"{row['original_name']}, row {row['source_row']}" for row in rows]
    found["also_in"] = ["; ".join(others.get(row["inspection_id"], [])) for row in rows]
    return found


def inspection_words(viewer: Viewer, copy: Copy, urns: Sequence[str]) -> dict[str, list[str]]:
    """Every inspection of some schools in a line each, newest first: {URN: lines}.

    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    found: dict[str, list[str]] = {}
    wanted = {"urns": sorted(set(urns))}
    regraded = {(one["inspection_id"], one["area"]): one for one in copy.reader.rows(_ALL_REGRADED_SQL, wanted)}
    for row in copy.reader.rows(_ALL_INSPECTIONS_SQL, wanted):
        of_whom = f", of the predecessor school (URN {row['urn_at_time']})" if row["inherited"] else ""
        when = f"{in_words(row['start_date'])}, {_KINDS[row['kind']].lower()}{of_whom}"
        found.setdefault(row["urn"], []).append(f"{when}: {_said(row)[0]}; {_found(row, regraded)}")
    return found


def inspection_contradictions(viewer: Viewer, copy: Copy, la_code: str | None = None) -> pd.DataFrame:
    """Where two files differ about one inspection: which value is used, and why; nothing is averaged.

    Args:
        la_code: one LA's schools; all schools of the build, where it is None.
    Returns:
        Columns urn, name, la_name, inspection, field, value_used, source_used, value_there, source_there, why; one
        row per inspection, field and file that says otherwise, by school.
    Raises:
        NotAllowed: the viewer may not read.
    """
    require_reader(viewer)
    rows = copy.reader.rows(_CONTRADICTIONS_SQL, {"la_code": la_code, "urn": None})
    return pd.DataFrame([_in_words(row) for row in rows], columns=list(_IN_WORDS))


def contradictions_in_words(copy: Copy, urn: str) -> list[str]:
    """Where files differ about a school's inspections, a sentence each.

    Called by services that have asked for the viewer already.
    """
    rows = copy.reader.rows(_CONTRADICTIONS_SQL, {"la_code": None, "urn": urn})
    return [
        f"{one['inspection']}, {one['field']}: {one['value_used']} in {one['source_used']}, but "
        f"{one['value_there']} in {one['source_there']}. The first is used: {one['why']}."
        for one in map(_in_words, rows)
    ]


_IN_WORDS = (
    "urn",
    "name",
    "la_name",
    "inspection",
    "field",
    "value_used",
    "source_used",
    "value_there",
    "source_there",
    "why",
)
_KINDS = {
    "graded": "Graded inspection",
    "ungraded": "Ungraded inspection",
    "report card": "Inspection with a report card",
    "monitoring": "Visit without a grade",
}


def _in_words(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "urn": row["urn"],
        "name": row["name"],
        "la_name": row["la_name"],
        "inspection": f"{_KINDS[row['kind']]} of {in_words(row['start_date'])}",
        "field": row["field"],
        "value_used": _shown(row["value_used"]),
        "source_used": f"{row['file_used']}, row {row['row_used']}",
        "value_there": _shown(row["value_there"]),
        "source_there": f"{row['file_there']}, row {row['row_there']}",
        "why": row["why"],
    }


def _shown(value: str) -> str:
    """A value as the screen shows it: a date in words, anything else as it stands."""
    try:
        return in_words(date.fromisoformat(value))
    except ValueError:
        return value


def _said(row: Mapping[str, Any]) -> tuple[str, str]:
    return (
        _BY_MAPPING.get(row["mapping"])
        or _BY_CARD.get(row["rc_outcome"])
        or _BY_ANSWER.get(row["good_or_better"], ("not judged", "other"))
    )


_JUDGEMENTS = {
    "quality_of_education": "quality of education",
    "behaviour": "behaviour",
    "personal_development": "personal development",
    "leadership": "leadership",
    "early_years": "early years",
    "sixth_form": "sixth form",
    "teaching": "teaching",
    "behaviour_and_welfare": "behaviour and welfare",
    "pupil_outcomes": "outcomes for pupils",
}
_AREAS = {
    "inclusion": "inclusion",
    "curriculum_and_teaching": "curriculum and teaching",
    "achievement": "achievement",
    "attendance_and_behaviour": "attendance and behaviour",
    "personal_development_and_wellbeing": "personal development and wellbeing",
    "early_years_area": "early years",
    "post_16": "post-16",
    "leadership_and_governance": "leadership and governance",
}


def _found(row: Mapping[str, Any], regraded: Mapping[tuple[str, str], Mapping[str, Any]]) -> str:
    """What an inspection found, in the words of its own framework.

    Args:
        regraded: the areas of report cards that were given another grade since, by inspection and area.
    """
    if row["mapping"] == "M11":
        return "became a full inspection"
    if row["kind"] == "ungraded":
        return str(row["ungraded_outcome"] or "no outcome given")
    if row["kind"] == "monitoring":
        return str(row["monitoring_outcome"] or row["inspection_type"] or "no grade")
    if row["kind"] == "report card":
        return "; ".join(
            f"{name}: {row[column]}{_since(regraded.get((row['inspection_id'], name)))}"
            for column, name in _AREAS.items()
            if row[column] not in (None, "Not applicable")
        )
    graded = [f"{name} {row[column]}" for column, name in _JUDGEMENTS.items() if row[column] in ("1", "2", "3", "4")]
    overall = f"overall {row['overall']}" if row["overall"] in ("1", "2", "3", "4") else "no overall grade"
    return "; ".join([overall, *graded])


def _since(regraded: Mapping[str, Any] | None) -> str:
    """When monitoring gave an area its grade, and what it was before; nothing where the grade is the first."""
    if regraded is None:
        return ""
    before = f", before: {regraded['grade_before']}" if regraded["grade_before"] else ", the one before is not known"
    return f" (regraded at monitoring on {in_words(regraded['graded_on'])}{before})"
