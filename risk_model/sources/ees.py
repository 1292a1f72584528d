"""Explore Education Statistics: one layout for every publication, many years and levels in one file.

`time_period, time_identifier, geographic_level, …` first, filters and figures after; the markers are z, c, x, u,
low and ":". A school is named by its LAESTAB in older files and by its URN, too, in newer ones.
"""

from risk_model.sources.columns import count, number, percent, text
from risk_model.sources.contract import TIME_PERIOD, Field, Source, Summary

_PLACES = (
    text("geographic_level", "geographic_level"),
    text("la_code", "old_la_code"),
    text("la_gss_code", "new_la_code"),
    text("la_name", "la_name"),
    text("laestab", "school_laestab", "laestab"),
    text("urn", "school_urn", "urn"),
    text("name", "school_name"),
    text("school_type", "school_type", "phase_type_grouping", "education_phase"),
)

_PHASES = (("primary", "State-funded primary"), ("secondary", "State-funded secondary"), ("special", "Special"))


def _per_hundred(name: str, *columns: str) -> Field:
    """A rate per 100 pupils. A pupil referral unit with a small roll and many pupils in a year has thousands."""
    return number(name, 0, 100_000, *columns)


EXCLUSIONS = Source(
    id="exclusions",
    title="Permanent exclusions and suspensions",
    publisher="Department for Education, suspensions and permanent exclusions in England",
    dating="by row",
    keyed_by="laestab",
    required=(TIME_PERIOD, "geographic_level", "laestab", "permanent_exclusions"),
    one_of=("suspensions", "suspensions_per_100"),
    # A middle or all-through school may have a row as a primary and one as a secondary, one of them without pupils.
    one_row_per=("laestab", TIME_PERIOD, "school_type"),
    prefer=("pupils",),
    usual_lag_days=322,
    max_age_days=750,
    fields=(
        Field(TIME_PERIOD, ("time_period",), "year"),
        *_PLACES,
        count("pupils", "headcount"),
        count("permanent_exclusions", "perm_excl"),
        _per_hundred("permanent_exclusions_per_100", "perm_excl_rate"),
        count("suspensions", "suspension", "susp", "fixed_excl"),
        _per_hundred("suspensions_per_100", "susp_rate", "fixed_excl_rate"),
        count("pupils_suspended", "one_plus_susp", "one_plus_fixed"),
        _per_hundred("pupils_suspended_per_100", "one_plus_susp_rate", "one_plus_fixed_rate"),
    ),
    summaries=(
        *(Summary("national", p, {"geographic_level": "National", "school_type": t}) for p, t in _PHASES),
        *(Summary("la", p, {"geographic_level": "Local authority", "school_type": t}) for p, t in _PHASES),
        *(Summary("other", "", {"geographic_level": g}) for g in ("National", "Local authority", "Regional")),
    ),
)

SCHOOL_TABLES = Source(
    id="ees_schools",
    title="School-level table of Explore Education Statistics",
    publisher="Department for Education, Explore Education Statistics",
    dating="by row",
    keyed_by="laestab",
    required=(TIME_PERIOD, "geographic_level"),
    one_of=("urn", "laestab"),
    is_general=True,
    one_row_per=(),  # filters such as `breakdown` give a school several rows
    advice="All of its columns are kept; the figures that the product knows by name are checked and typed.",
    fields=(
        text(TIME_PERIOD, "time_period"),
        text("time_identifier", "time_identifier"),
        *_PLACES,
        text("breakdown", "breakdown"),
        count("pupils", "t_pupils", "headcount", "pupil_count"),
        percent("absence_pct", "sess_overall_percent"),
        percent("authorised_absence_pct", "sess_authorised_percent"),
        percent("unauthorised_absence_pct", "sess_unauthorised_percent"),
        percent("persistent_absence_pct", "enrolments_pa_10_exact_percent"),
        number("attainment8_score", 0, 90, "avg_att8"),
        number("progress8_score", -8, 8, "avg_p8score"),
        number("progress8_lower", -12, 12, "p8score_ci_low"),
        number("progress8_upper", -12, 12, "p8score_ci_upp"),
        percent("basics_grade5_pct", "pt_l2basics_95"),
        percent("basics_grade4_pct", "pt_l2basics_94"),
        number("ebacc_score", 0, 9, "avg_ebaccaps"),
        percent("ebacc_entry_pct", "pt_ebacc_e_ptq_ee"),
        percent("disadvantaged_pct", "pt_disadvantaged"),
        percent("ehc_plan_pct", "pt_sen_with_ehcp"),
        percent("sen_support_pct", "pt_sen_no_ehcp"),
        percent("eal_pct", "pt_language_not_english"),
        number("pupils_per_teacher", 0, 200, "pupil_to_qual_unqual_teacher_ratio", "ptr"),
    ),
    summaries=(
        Summary("national", "", {"geographic_level": "National"}),
        Summary("la", "", {"geographic_level": "Local authority"}),
        Summary("other", "", {"geographic_level": "Regional"}),
    ),
)

LAESTAB_LOOKUP = Source(
    id="laestab_lookup",
    title="Schools by LAESTAB and URN",
    publisher="Department for Education, suspensions and permanent exclusions in England",
    dating="by row",
    required=("urn", "laestab", "last_year"),
    one_row_per=("laestab",),
    fields=(
        text("urn", "URN"),
        text("laestab", "LAEstab"),
        text("la_code", "LA"),
        text("name", "SchoolName"),
        Field("last_year", ("AcademicYear",), "year"),
    ),
)
