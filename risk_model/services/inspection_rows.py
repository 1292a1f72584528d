"""A school's inspections of every era, in words."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from risk_model.services.copy import Copy

_INSPECTIONS_SQL = """
    select i.start_date, i.published_on, i.era, i.kind, i.mapping, i.good_or_better, i.rc_outcome, i.inherited,
           i.category_of_concern, i.safeguarding, i.overall, i.quality_of_education, i.behaviour,
           i.personal_development, i.leadership, i.early_years, i.sixth_form, i.inclusion,
           i.curriculum_and_teaching, i.achievement, i.attendance_and_behaviour,
           i.personal_development_and_wellbeing, i.early_years_area, i.post_16, i.leadership_and_governance,
           i.ungraded_outcome, i.urn_at_time, m.meaning, l.original_name, i.row_number as source_row
    from inspections as i
    left join mapping_meanings as m using (mapping)
    left join releases as l using (release_id)
    where i.urn = $urn
    order by i.start_date desc, i.kind"""


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
    """Every inspection of a school, newest first, with `answer`, `found` and `source` in words and `mark`
    (good, mixed, below or other).

    Called by services that have asked for the viewer already.
    """
    found = copy.reader.frame(_INSPECTIONS_SQL, {"urn": urn})
    rows = found.to_dict("records")
    said = [_said(row) for row in rows]
    found["answer"] = [answer for answer, _ in said]
    found["mark"] = [mark for _, mark in said]
    found["found"] = [_found(r) for r in rows]
    found["source"] = [f"{r['original_name']}, row {r['source_row']}" for r in rows]
    return found


def _said(row: dict[Hashable, Any]) -> tuple[str, str]:
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


def _found(row: dict[Hashable, Any]) -> str:
    """What an inspection found, in the words of its own framework."""
    if row["kind"] == "ungraded":
        return str(row["ungraded_outcome"])
    if row["kind"] == "report card":
        graded = [
            f"{name}: {row[column]}" for column, name in _AREAS.items() if row[column] not in (None, "Not applicable")
        ]
        return "; ".join(graded)
    graded = [f"{name} {row[column]}" for column, name in _JUDGEMENTS.items() if row[column] in ("1", "2", "3", "4")]
    overall = f"overall {row['overall']}" if row["overall"] in ("1", "2", "3", "4") else "no overall grade"
    return "; ".join([overall, *graded])
