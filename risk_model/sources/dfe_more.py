"""More that DfE publishes by school and year: sixth forms, destinations, EBacc entries, staff, school information.

Column names are those of the published files and their dictionaries, newest first.
"""

from risk_model.sources.columns import count, number, percent, text
from risk_model.sources.contract import EES_LEVELS, TIME_PERIOD, Field, Source, Summary

_TABLES = "Department for Education, school performance tables"

_IDENTITY = (
    text("urn", "URN"),
    text("la_code", "LEA"),
    text("estab", "ESTAB"),
    text("name", "SCHNAME"),
    text("record_type", "RECTYPE"),
    text("school_type", "NFTYPE", "NFTYPE/FESITYPE"),
)

_A_LEVEL_POINTS = 60  # A* is 60 points since 2015-16; a diploma's points run to 50 or so


def _points(name: str, *columns: str) -> Field:
    return number(name, 0, _A_LEVEL_POINTS, *columns)


def _value_added(subject: str, stem: str) -> tuple[Field, ...]:
    return (
        number(f"{subject}_value_added_score", -10, 10, f"VA_INS_{stem}"),
        number(f"{subject}_value_added_lower", -20, 20, f"LCI_INS_{stem}"),
        number(f"{subject}_value_added_upper", -20, 20, f"UCI_INS_{stem}"),
        count(f"{subject}_value_added_entries", f"ENTRIES_{stem}"),
    )


KS5 = Source(
    id="ks5",
    title="16 to 18 results",
    publisher=_TABLES,
    dating="academic year",
    required=("urn", "record_type", "pupils"),
    one_of=("a_level_points_score", "a_level_value_added_score"),
    usual_lag_days=200,
    compare=("a_level_points_score", "a_level_value_added_score", "pupils"),
    fields=(
        *_IDENTITY,
        text("admissions", "ADMPOL"),
        count("pupils", "TPUP1618"),
        count("a_level_pupils", "TALLPUP_ALEV_1618"),
        _points("a_level_points_score", "TALLPPE_ALEV_1618"),
        text("a_level_grade", "TALLPPEGRD_ALEV_1618"),
        _points("academic_points_score", "TALLPPE_ACAD_1618"),
        count("applied_general_pupils", "TALLPUP_AGEN"),
        _points("applied_general_points_score", "TALLPPE_AGEN"),
        count("tech_level_pupils", "TALLPUP_TLEV"),
        _points("tech_level_points_score", "TALLPPE_TLEV"),
        _points("best_three_a_levels_score", "TB3PTSE"),
        percent("aab_facilitating_pct", "PTAAB_2FAC"),
        *_value_added("a_level", "ALEV"),
        *_value_added("academic", "ACAD"),
        *_value_added("applied_general", "AGEN"),
        number("a_level_value_added_disadvantaged_score", -10, 10, "VA_INS_ALEV_DIS"),
        text("a_level_progress_band", "PROGRESS_BAND_ALEV"),
        percent("a_level_retained_pct", "PT_Retained_ALEV_Ret"),
        percent("applied_general_retained_pct", "PT_Retained_AGEN_Ret"),
        percent("a_level_retained_disadvantaged_pct", "PT_Retained_ALEV_Ret_DIS"),
        count("academic_pupils", "TALLPUP_ACAD_1618"),
        text("applied_general_grade", "TALLPPEGRD_AGEN"),
        text("best_three_a_levels_grade", "TB3PTSE_GRD"),
        number("english_progress_score", -10, 10, "PROGEX_E"),
        number("maths_progress_score", -10, 10, "PROGEX_M"),
        count("disadvantaged_pupils", "TALLPUP_1618_DIS"),
        _points("a_level_points_disadvantaged_score", "TALLPPE_ALEV_1618_DIS"),
        _points("a_level_points_others_score", "TALLPPE_ALEV_1618_NOTDIS"),
    ),
    # A consortium (record type 3) has a URN of its own, and its members have rows of theirs: it is a provider.
    summaries=(
        Summary("la", "16 to 18", {"record_type": "4"}),
        Summary("national", "16 to 18", {"record_type": "7"}),
        Summary("other", "16 to 18", {"record_type": "5"}),  # England with its independent schools
    ),
)

KS4_DESTINATIONS = Source(
    id="ks4_destinations",
    title="Destinations after key stage 4",
    publisher=_TABLES,
    dating="academic year",
    required=("urn", "record_type", "pupils", "sustained_pct"),
    usual_lag_days=80,
    compare=("pupils", "sustained_pct"),
    advice="The tables of a year hold the pupils who left two years before: those of 2024-2025 the leavers of 2022-23.",
    fields=(
        *_IDENTITY,
        count("pupils", "COHORT"),
        count("sustained_pupils", "OVERALL_DEST"),
        percent("sustained_pct", "OVERALL_DESTPER"),
        percent("education_pct", "EDUCATIONPER"),
        percent("further_education_pct", "FEPER"),
        percent("school_sixth_form_pct", "SCH_6THPER"),
        percent("sixth_form_college_pct", "SIXTH_COLPER"),
        percent("apprenticeship_pct", "APPRENPER"),
        percent("employment_pct", "EMPLOYMENTPER"),
        percent("not_sustained_pct", "NOT_SUSTAINEDPER"),
        percent("other_education_pct", "OTHER_EDUPER"),
        percent("unknown_pct", "UNKNOWNPER"),
        count("not_sustained_pupils", "NOT_SUSTAINED"),
        count("disadvantaged_pupils", "COHORT_DIS"),
        count("sustained_disadvantaged_pupils", "OVERALL_DEST_DIS"),
        percent("sustained_disadvantaged_pct", "OVERALL_DESTPER_DIS"),
        percent("not_sustained_disadvantaged_pct", "NOT_SUSTAINEDPER_DIS"),
        count("other_pupils", "COHORT_NONDIS"),
        percent("sustained_others_pct", "OVERALL_DESTPER_NONDIS"),
        percent("not_sustained_others_pct", "NOT_SUSTAINEDPER_NONDIS"),
    ),
    summaries=(
        Summary("la", "secondary", {"record_type": "LA"}),
        Summary("national", "secondary", {"record_type": "NAT"}),
    ),
)

KS4_EBACC_ENTRIES = Source(
    id="ks4_ebacc_entries",
    title="EBacc entries",
    publisher=_TABLES,
    dating="academic year",
    required=("urn", "record_type", "ebacc_entry_pct"),
    without=("ATT8SCR", "P8MEA"),
    usual_lag_days=160,
    compare=("pupils", "ebacc_entry_pct"),
    advice="Entries are all that was published of key stage 4 for 2020-21; other years have them beside the results.",
    fields=(
        *_IDENTITY,
        text("admissions", "ADMPOL", "ADMPOL_PT"),
        count("pupils", "TPUP"),
        percent("ebacc_entry_pct", "PTEBACC_E_PTQ_EE"),
        percent("ebacc_english_entry_pct", "PTEBACENG_E_PTQ_EE"),
        percent("ebacc_maths_entry_pct", "PTEBACMAT_E_PTQ_EE"),
        percent("ebacc_science_entry_pct", "PTEBAC2SCI_E_PTQ_EE"),
        percent("ebacc_humanities_entry_pct", "PTEBACHUM_E_PTQ_EE"),
        percent("ebacc_language_entry_pct", "PTEBACLAN_E_PTQ_EE"),
    ),
    summaries=(
        Summary("la", "secondary", {"record_type": "4"}),
        Summary("national", "secondary", {"record_type": "7"}),
        Summary("other", "secondary", {"record_type": "5"}),  # England with its independent schools
    ),
)

_TEACHERS_FTE = ("Total Number of Teachers (Full-Time Equivalent)", "Teachers (FTE)", "teachers_fte")
_SUPPORT_STAFF = "Total Number of Non Classroom-based School Support Staff, Excluding Auxiliary Staff"
_PUPILS_PER_TEACHER = ("Pupil: Teacher Ratio", "Pupil to teacher ratio", "pupil_to_qual_unqual_teacher_ratio")

WORKFORCE = Source(
    id="workforce",
    title="School workforce: staff and pupils per teacher",
    publisher="Department for Education, school workforce in England",
    dating="academic year",
    required=("urn", "pupils_per_teacher"),
    one_of=("teachers_fte", "teachers"),
    one_row_per=("urn", TIME_PERIOD),
    usual_lag_days=-80,  # counted in November, published in June of the same academic year
    max_age_days=550,
    compare=("pupils_per_teacher", "teachers_fte"),
    fields=(
        text("urn", "URN", "school_urn"),
        text("la_code", "LA Number", "old_la_code"),
        text("estab", "Establishment Number"),
        text("name", "school_name"),
        text("phase", "School Phase", "school_type"),
        Field(TIME_PERIOD, ("time_period",), "year"),
        text("geographic_level", "geographic_level"),
        count("teachers", "Total Number of Teachers (Headcount)"),
        count("teaching_assistants", "Total Number of Teaching Assistants (Headcount)"),
        number("teachers_fte", 0, 50_000_000, *_TEACHERS_FTE),
        number(
            "teaching_assistants_fte",
            0,
            50_000_000,
            "Total Number of Teaching Assistants (Full-Time Equivalent)",
        ),
        count("support_staff", f"{_SUPPORT_STAFF} (Headcount)"),
        number("support_staff_fte", 0, 50_000_000, f"{_SUPPORT_STAFF} (Full-Time Equivalent)"),
        number("qualified_teachers_fte", 0, 50_000_000, "qualified_teachers_fte"),
        number("pupils_fte", 0, 50_000_000, "pupils_fte"),
        number("staff_fte", 0, 50_000_000, "All staff (FTE)", "adults_fte"),
        number("pupils_per_teacher", 0, 200, *_PUPILS_PER_TEACHER),
        number("pupils_per_qualified_teacher", 0, 200, "pupil_to_qual_teacher_ratio"),
        number("pupils_per_adult", 0, 200, "pupil_to_adult_ratio"),
        Field("teacher_pay_gbp", ("Mean Gross FTE Salary of All Teachers (£s)",), "money", low=0, high=500_000),
    ),
    summaries=(
        Summary("national", "primary", {"la_code": "NAT", "estab": "PRI"}),
        Summary("national", "secondary", {"la_code": "NAT", "estab": "SEC"}),
        Summary("national", "special", {"la_code": "NAT", "estab": "SPE"}),
        *(Summary("other", "", {"geographic_level": level}) for level in EES_LEVELS),
    ),
)

SCHOOL_INFORMATION = Source(
    id="school_information",
    title="School information of the performance tables",
    publisher=_TABLES,
    dating="academic year",
    required=("urn", "laestab", "name", "minor_group"),
    usual_lag_days=180,
    fields=(
        text("urn", "URN"),
        text("la_code", "LA"),
        text("estab", "ESTAB"),
        text("laestab", "LAESTAB"),
        text("name", "SCHNAME"),
        text("postcode", "POSTCODE"),
        text("minor_group", "MINORGROUP"),
        text("school_type", "SCHOOLTYPE", "NFTYPE"),
        text("closed_flag", "ICLOSE"),
        count("low_age", "AGELOW", "AGEL"),
        count("high_age", "AGEHIGH", "AGEH"),
        text("gender", "GENDER"),
        text("religious_character", "RELCHAR", "RELDENOM"),
        text("admissions", "ADMPOL"),
        text("other_urn", "OTHERURN"),
        text("is_new", "ISNEW"),
        text("is_primary", "ISPRIMARY"),
        text("is_secondary", "ISSECONDARY"),
        text("is_post16", "ISPOST16"),
        text("sixth_form_gender", "SIXFGENDER"),
        text("town", "TOWN"),
    ),
)
