"""Inspections: Ofsted's management information in its layouts since 2005, and the history of inspections.

Three shapes: one row per school with its latest inspections (before and since report cards), one row per
inspection (lists by year, one-offs of several years), and lists joined by others. A field names every header that
it has had, newest first, so that one contract covers the layouts of one shape.
"""

import csv
from functools import cache

from risk_model.domain.paths import LOOKUPS
from risk_model.sources.contract import Field, Source

_CODES = LOOKUPS / "inspection_codes.csv"


@cache
def _codes() -> dict[str, dict[str, str]]:
    """Every code of the inspection files: {list: {code: the code that it is read as}}."""
    found: dict[str, dict[str, str]] = {}
    with _CODES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["list"], {})[row["code"]] = row["read_as"]
    return found


def _code(name: str, codes: str, *columns: str) -> Field:
    """A column of codes that stand in the lookup, in the list named."""
    listed = _codes()[codes]
    return Field(
        name,
        columns,
        "code",
        codes=frozenset(listed),
        same_as=tuple((code, other) for code, other in sorted(listed.items()) if code != other),
        codes_in=f"data/lookups/{_CODES.name} (list {codes})",
    )


def _date(name: str, *columns: str) -> Field:
    return Field(name, columns, "date")


_IDENTITY = (
    Field("urn", ("URN",)),
    Field("laestab", ("LAESTAB",)),
    Field("name", ("School name",)),
    Field("ofsted_phase", ("Ofsted phase", "Phase")),
    Field("type", ("Type of education", "Type of establishment")),
    _date("open_date", "School open date"),
    Field("admissions", ("Admissions policy",)),
    Field("sixth_form_provision", ("Sixth form",)),
    Field("religious_character", ("Designated religious character",)),
    Field("region", ("Region",)),
    Field("la_name", ("Local authority", "Local Authority (education)")),
    Field("postcode", ("Postcode",)),
    Field("trust_uid", ("Multi-academy trust UID",)),
    Field("trust_name", ("Multi-academy trust name",)),
    Field("pupils", ("Total number of pupils", "Total pupils"), "count", low=0, high=20_000),
    Field("low_age", ("Statutory lowest age",), "count", low=0, high=25),
    Field("high_age", ("Statutory highest age",), "count", low=0, high=99),
)


def _judgements(prefix: str, *, also: str = "", overall: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """The judgements of one graded inspection, under the column names of every framework since 2005.

    What a framework judged under another name is another judgement: teaching is not quality of education.

    Args:
        prefix: what stands before each column's name: "", "Previous " or "Latest OEIF ".
        also: the same for the product's names.
        overall: further headers of the overall grade.
    """
    named = {
        "overall": (
            "overall effectiveness",
            *overall,
            "overall effectiveness: how good is the school",
        ),
        "quality_of_education": ("quality of education",),
        "behaviour": ("behaviour and attitudes",),
        "personal_development": ("personal development",),
        "leadership": ("effectiveness of leadership and management", "leadership and management"),
        "early_years": ("early years provision (where applicable)",),
        "sixth_form": (
            "sixth form provision (where applicable)",
            "16 to 19 study programmes (where applicable)",
            "16 to 19 study programmes",
        ),
        "teaching": ("quality of teaching, learning and assessment", "quality of teaching"),
        "behaviour_and_welfare": ("personal development, behaviour and welfare", "behaviour and safety of pupils"),
        "pupil_outcomes": (
            "outcomes for children and learners",
            "outcomes for pupils",
            "achievement of pupils",
        ),
    }
    grades = tuple(
        _code(f"{also}{name}", "grade", *(f"{prefix}{column}" for column in columns)) for name, columns in named.items()
    )
    safeguarding = ("safeguarding is effective?", "safeguarding is effective", "is safeguarding effective?")
    return (
        *grades,
        _code(f"{also}category", "category", f"{prefix}category of concern"),
        _code(f"{also}safeguarding", "safeguarding", *(f"{prefix}{column}" for column in safeguarding)),
    )


_UNGRADED_DATES = (
    "Date of latest ungraded inspection",
    "Date of latest section 8 inspection",
    "Date of latest short inspection",
)
_CONVERTED = (
    "Did the latest ungraded inspection convert to a graded inspection?",
    "Did the latest section 8 inspection convert to a full inspection?",
    "Did the latest section 8 inspection of a good or non-exempt outstanding school convert to a full inspection?",
    "Did the latest S8 inspection convert to a full inspection?",
    "Did the latest short inspection convert to a full inspection?",
    "Did the short inspection convert to a full inspection?",
)


def _ungraded() -> tuple[Field, ...]:
    """The latest inspection without grades, which was called ungraded, section 8 or short."""
    return (
        Field(
            "ungraded_number",
            (
                "Latest ungraded inspection number",
                "Latest ungraded inspection number since last graded inspection",
                "Latest section 8 inspection number since last full inspection",
                "Latest short inspection number since last full inspection",
            ),
        ),
        _code(
            "ungraded_relates",
            "answer",
            "Does the ungraded inspection relate to the URN of the current school?",
            "Does the section 8 inspection relate to the URN of the current school?",
            "Does the short inspection relate to the URN of the current school?",
        ),
        Field(
            "ungraded_urn",
            (
                "URN at time of the ungraded inspection",
                "URN at time of the section 8 inspection",
                "URN at time of the short inspection",
            ),
        ),
        _date("ungraded_start_date", *_UNGRADED_DATES),
        _date(
            "ungraded_publication_date",
            "Ungraded inspection publication date",
            "Section 8 inspection publication date",
            "Short inspection publication date",
        ),
        _code(
            "ungraded_outcome",
            "ungraded_outcome",
            "Ungraded inspection overall outcome",
            "Section 8 inspection overall outcome",
            "Short inspection overall outcome",
        ),
        _code("ungraded_converted", "answer", *_CONVERTED),
    )


def _previous() -> tuple[Field, ...]:
    """The full inspection before the one that a row is about."""
    return (
        Field("previous_inspection_number", ("Previous inspection number", "Previous full inspection number")),
        _date("previous_start_date", "Previous inspection start date", "Previous full inspection date"),
        _date("previous_end_date", "Previous inspection end date"),
        _date("previous_publication_date", "Previous publication date"),
        _code(
            "previous_relates",
            "answer",
            "Does the previous graded inspection relate to the URN of the current school?",
            "Does the previous full inspection relate to the URN of the current school?",
        ),
        Field(
            "previous_urn_at_time",
            (
                "URN at time of previous graded inspection",
                "URN at time of previous full inspection",
                "URN at time of previous inspection",
            ),
        ),
        *_judgements(
            "Previous ",
            also="previous_",
            overall=("graded inspection overall effectiveness", "full inspection overall effectiveness"),
        ),
    )


_INSPECTED = (
    Field("inspection_type", ("Inspection type",)),
    Field("event_type", ("Event type grouping",)),
    _date("start_date", "Inspection start date", "Inspection date", "Latest inspection date"),
    _date("end_date", "Inspection end date"),
    _date("publication_date", "Publication date", "First published date"),
)

MANAGEMENT_INFORMATION = Source(
    id="ofsted",
    title="State-funded schools: inspections and outcomes",
    publisher="Ofsted, management information",
    dating="as at",
    required=("urn", "start_date", "overall"),
    one_of=("name",),
    without=("Latest OEIF overall effectiveness",),
    usual_lag_days=15,
    max_age_days=100,
    cadence="monthly",
    is_register=True,
    fields=(
        *_IDENTITY,
        Field(
            "inspection_number",
            (
                "Inspection number of latest graded inspection",
                "Inspection number of latest full inspection",
                "Inspection number",
            ),
        ),
        *_INSPECTED,
        _code(
            "relates",
            "answer",
            "Does the latest graded inspection relate to the URN of the current school?",
            "Does the latest full inspection relate to the URN of the current school?",
        ),
        Field("urn_at_time", ("URN at time of latest graded inspection", "URN at time of latest full inspection")),
        *_judgements(""),
        *_previous(),
        *_ungraded(),
    ),
)

_AREAS = {
    "inclusion": "Inclusion",
    "curriculum_and_teaching": "Curriculum and teaching",
    "achievement": "Achievement",
    "attendance_and_behaviour": "Attendance and behaviour",
    "personal_development_and_wellbeing": "Personal development and wellbeing",
    "early_years_area": "Early years (where applicable)",
    "post_16": "Post-16 provision (where applicable)",
    "leadership_and_governance": "Leadership and governance",
}


def _area(name: str, column: str) -> tuple[Field, Field]:
    """An area's grade and the day of that grade, which is later than the inspection where it was regraded."""
    plain = column.replace(" (where applicable)", "")
    return (
        _code(name, "area_grade", column),
        _date(f"{name}_date", f"{plain} - date of grade", f"{plain} - date of judgement"),
    )


REPORT_CARDS = Source(
    id="ofsted_report_cards",
    title="State-funded schools: inspections and outcomes, with report cards",
    publisher="Ofsted, management information",
    dating="as at",
    required=("urn", "name", "laestab", "oeif_overall", "leadership_and_governance"),
    usual_lag_days=15,
    max_age_days=100,
    cadence="monthly",
    is_register=True,
    fields=(
        *_IDENTITY,
        Field("inspection_number", ("Inspection number of latest full inspection",)),
        *_INSPECTED,
        _code("relates", "answer", "Does the latest full inspection relate to the URN of the current school?"),
        Field("urn_at_time", ("URN at time of latest full inspection",)),
        _code("category", "category", "Category of concern"),
        _code("safeguarding", "safeguarding", "Safeguarding standards"),
        _date(
            "safeguarding_date", "Safeguarding standards - date of grade", "Safeguarding standards - date of judgement"
        ),
        *(one for name, column in _AREAS.items() for one in _area(name, column)),
        Field("oeif_inspection_number", ("Inspection number of latest OEIF graded inspection",)),
        Field("oeif_inspection_type", ("Inspection type of latest OEIF graded inspection",)),
        Field("oeif_event_type", ("Event type grouping of latest OEIF graded inspection",)),
        _date("oeif_start_date", "Inspection start date of latest OEIF graded inspection"),
        _date("oeif_publication_date", "Publication date of latest OEIF graded inspection"),
        _code(
            "oeif_relates", "answer", "Does the latest OEIF graded inspection relate to the URN of the current school?"
        ),
        Field("oeif_urn_at_time", ("URN at time of latest OEIF graded inspection",)),
        *_judgements("Latest OEIF ", also="oeif_"),
        *_ungraded(),
        _code("current_category", "category", "Most recent category of concern"),
    ),
)

INSPECTIONS = Source(
    id="ofsted_inspections",
    title="State-funded schools: all inspections of a period",
    publisher="Ofsted, management information",
    dating="by row",
    required=("urn", "inspection_number", "start_date"),
    one_of=("overall", "quality_of_education", "leadership_and_governance", "ungraded_outcome"),
    # one row per school, not per inspection
    without=("Latest OEIF overall effectiveness", *_UNGRADED_DATES),
    one_row_per=(),
    fields=(
        *_IDENTITY,
        Field("inspection_number", ("Inspection number",)),
        *_INSPECTED,
        Field("predecessor_urn", ("Predecessor URN",)),
        # the name of "achievement of pupils" before 2012; lists of several years have both columns
        _code("learners_achieve", "grade", "How well do learners achieve"),
        *(one for one in _judgements("") if one.name != "safeguarding"),
        _code(
            "safeguarding",
            "safeguarding",
            "Safeguarding standards",
            *next(one.columns for one in _judgements("") if one.name == "safeguarding"),
        ),
        *(_area(name, column)[0] for name, column in _AREAS.items()),
        _code(
            "ungraded_outcome",
            "ungraded_outcome",
            "Ungraded inspection overall outcome",
            "Section 8 inspection overall outcome",
            "Outcomes for section 8 inspections and short inspections that did not convert",
            "Outcomes for S8 inspections that did not convert",
            "Short inspection overall outcome",
        ),
        _code("ungraded_converted", "answer", *_CONVERTED),
        Field("monitoring_outcome", ("Outcomes for legacy monitoring inspections",)),
        *_previous(),
    ),
)

EVENTS = Source(
    id="ofsted_events",
    title="Inspections, one row each",
    publisher="Ofsted, inspection outcomes joined over several releases",
    dating="by row",
    required=("urn", "current_urn", "start_date", "event_kind", "overall", "ungraded_outcome"),
    one_row_per=(),
    fields=(
        Field("urn", ("urn",)),
        Field("current_urn", ("current_school_urn",)),
        Field("joined_from", ("source",)),
        _date("start_date", "start_date"),
        _date("publication_date", "publication_date"),
        Field("event_kind", ("kind",), "code", codes=frozenset({"graded", "ungraded"})),
        Field("inspection_type", ("inspection_type",)),
        Field("event_type", ("event_type_grouping",)),
        Field("inspection_number", ("inspection_number",)),
        _code("overall", "grade", "overall_effectiveness"),
        _code("category", "category", "category_of_concern"),
        _code("quality_of_education", "grade", "quality_of_education"),
        _code("behaviour", "grade", "behaviour_and_attitudes"),
        _code("personal_development", "grade", "personal_development"),
        _code("leadership", "grade", "leadership_and_management"),
        _code("safeguarding", "safeguarding", "safeguarding"),
        _code("early_years", "grade", "early_years"),
        _code("sixth_form", "grade", "sixth_form"),
        _code("ungraded_outcome", "ungraded_outcome", "ungraded_outcome"),
    ),
)

HISTORY = Source(
    id="ofsted_history",
    title="Overall grades since 2005",
    publisher="Ofsted, inspection outcomes",
    dating="by row",
    required=("urn", "overall", "start_date"),
    without=("School name", "current_school_urn"),
    one_row_per=(),
    fields=(
        Field("urn", ("URN",)),
        _date("start_date", "Inspection start date"),
        _code("overall", "grade", "Overall effectiveness"),
    ),
)
