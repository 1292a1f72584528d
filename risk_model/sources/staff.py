"""Teachers who stay and teachers who are ill, by school: two tables of the school workforce census.

Both are in the layout of Explore Education Statistics, many years in one file. Their columns were read in public code
that uses them, not in the files themselves.
"""

from risk_model.sources.columns import number, text
from risk_model.sources.contract import EES_LEVELS, TIME_PERIOD, Field, Source, Summary

_PUBLISHER = "Department for Education, school workforce in England"
# A year's turnover is known with the census of the next November, and published in the June after.
_USUAL_LAG_DAYS = 290
_PLACES = (
    Field(TIME_PERIOD, ("time_period",), "year"),
    text("geographic_level", "geographic_level"),
    text("urn", "school_urn"),
    text("la_code", "old_la_code"),
    text("laestab", "school_laestab"),
    text("name", "school_name"),
    text("school_type", "school_type"),
)


def _staff(source_id: str, title: str, required: tuple[str, ...], *figures: Field) -> Source:
    return Source(
        id=source_id,
        title=title,
        publisher=_PUBLISHER,
        dating="by row",
        required=(TIME_PERIOD, "urn", *required),
        one_row_per=("urn", TIME_PERIOD),
        usual_lag_days=_USUAL_LAG_DAYS,
        max_age_days=750,
        fields=(*_PLACES, *figures),
        summaries=tuple(Summary("other", "", {"geographic_level": level}) for level in EES_LEVELS),
    )


def _full_time(name: str, *columns: str) -> Field:
    """Staff counted as full-time equivalents."""
    return number(name, 0, 50_000_000, *columns)


STAFF_TURNOVER = _staff(
    "staff_turnover",
    "School workforce: teachers who stayed and who left",
    ("teachers_fte", "remained_fte"),
    _full_time("teachers_fte", "teacher_fte_in_census_year"),
    _full_time("remained_fte", "remained_in_the_same_school"),
    _full_time("left_system_fte", "left_the_state-funded_system", "left_the_state_funded_system"),
    _full_time("moved_school_fte", "left_to_another_state-funded_school", "left_to_another_state_funded_school"),
)

STAFF_ABSENCE = _staff(
    "staff_absence",
    "School workforce: teachers' sickness absence",
    ("days_lost", "days_per_teacher"),
    number("teachers_absent", 0, 50_000_000, "total_teachers_taking_absence"),
    number("teachers_absent_pct", 0, 100, "percentage_taking_absence"),
    number("days_lost", 0, 500_000_000, "total_number_of_days_lost"),
    number("days_per_absent_teacher", 0, 366, "average_number_of_days_taken"),
    number("days_per_teacher", 0, 366, "average_number_of_days_all_teachers"),
)
