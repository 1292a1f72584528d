"""Inspections: Ofsted's management information in its layouts since 2019, and the history of inspections."""

from risk_model.sources.contract import Field, Source

GRADES = frozenset({"0", "1", "2", "3", "4", "8", "9", "Not judged"})
SAFEGUARDING = frozenset({"Yes", "No", "9", "Met", "Not met"})
CATEGORIES = frozenset({"SM", "SWK", "RSI", "NTI"})
AREA_GRADES = frozenset(
    {
        "Exceptional",
        "Strong standard",
        "Expected standard",
        "Needs attention",
        "Urgent improvement",
        "Not applicable",
    }
)
UNGRADED_OUTCOMES = frozenset(
    {
        "School remains Good",
        "School remains Outstanding",
        "School remains Good (Improving) - S5 Next",
        "School remains Good (Concerns) - S5 Next",
        "School remains Outstanding (Concerns) - S5 Next",
        "Standards maintained",
        "Improved significantly",
        "Some aspects not as strong",
    }
)


def _date(name: str, *columns: str) -> Field:
    return Field(name, columns, "date")


def _grade(name: str, *columns: str) -> Field:
    return Field(name, columns, "code", codes=GRADES)


_IDENTITY = (
    Field("urn", ("URN",)),
    Field("laestab", ("LAESTAB",)),
    Field("name", ("School name",)),
    Field("ofsted_phase", ("Ofsted phase",)),
    Field("type", ("Type of education",)),
    _date("open_date", "School open date"),
    Field("admissions", ("Admissions policy",)),
    Field("sixth_form_provision", ("Sixth form",)),
    Field("religious_character", ("Designated religious character",)),
    Field("region", ("Region",)),
    Field("la_name", ("Local authority",)),
    Field("postcode", ("Postcode",)),
    Field("trust_uid", ("Multi-academy trust UID",)),
    Field("trust_name", ("Multi-academy trust name",)),
    Field("pupils", ("Total number of pupils",), "count", low=0, high=20_000),
    Field("low_age", ("Statutory lowest age",), "count", low=0, high=25),
    Field("high_age", ("Statutory highest age",), "count", low=0, high=99),
)


def _judgements(prefix: str, *, also: str = "") -> tuple[Field, ...]:
    """The judgements of one graded inspection, under this era's column names."""
    named = {
        "overall": "overall effectiveness",
        "quality_of_education": "quality of education",
        "behaviour": "behaviour and attitudes",
        "personal_development": "personal development",
        "leadership": "effectiveness of leadership and management",
        "early_years": "early years provision (where applicable)",
        "sixth_form": "sixth form provision (where applicable)",
    }
    grades = tuple(_grade(f"{also}{name}", f"{prefix}{column}") for name, column in named.items())
    return (
        *grades,
        Field(f"{also}category", (f"{prefix}category of concern",), "code", codes=CATEGORIES),
        Field(f"{also}safeguarding", (f"{prefix}safeguarding is effective?",), "code", codes=SAFEGUARDING),
    )


def _ungraded() -> tuple[Field, ...]:
    return (
        Field(
            "ungraded_number",
            (
                "Latest ungraded inspection number",
                "Latest ungraded inspection number since last graded inspection",
            ),
        ),
        Field(
            "ungraded_relates",
            ("Does the ungraded inspection relate to the URN of the current school?",),
            "code",
            codes=frozenset({"Yes", "No"}),
        ),
        Field("ungraded_urn", ("URN at time of the ungraded inspection",)),
        _date("ungraded_start_date", "Date of latest ungraded inspection"),
        _date("ungraded_publication_date", "Ungraded inspection publication date"),
        Field("ungraded_outcome", ("Ungraded inspection overall outcome",), "code", codes=UNGRADED_OUTCOMES),
        Field(
            "ungraded_converted",
            ("Did the latest ungraded inspection convert to a graded inspection?",),
            "code",
            codes=frozenset({"Yes", "No"}),
        ),
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
    is_register=True,
    fields=(
        *_IDENTITY,
        Field("inspection_number", ("Inspection number of latest graded inspection",)),
        Field("inspection_type", ("Inspection type",)),
        Field("event_type", ("Event type grouping",)),
        _date("start_date", "Inspection start date"),
        _date("publication_date", "Publication date"),
        Field(
            "relates",
            ("Does the latest graded inspection relate to the URN of the current school?",),
            "code",
            codes=frozenset({"Yes", "No"}),
        ),
        Field("urn_at_time", ("URN at time of latest graded inspection",)),
        *_judgements(""),
        Field("previous_inspection_number", ("Previous inspection number",)),
        _date("previous_start_date", "Previous inspection start date"),
        _date("previous_publication_date", "Previous publication date"),
        Field(
            "previous_relates",
            ("Does the previous graded inspection relate to the URN of the current school?",),
            "code",
            codes=frozenset({"Yes", "No"}),
        ),
        Field("previous_urn_at_time", ("URN at time of previous graded inspection",)),
        _grade("previous_overall", "Previous graded inspection overall effectiveness"),
        *(one for one in _judgements("Previous ", also="previous_") if one.name != "previous_overall"),
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
        Field(name, (column,), "code", codes=AREA_GRADES),
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
    is_register=True,
    fields=(
        *_IDENTITY,
        Field("inspection_number", ("Inspection number of latest full inspection",)),
        Field("inspection_type", ("Inspection type",)),
        Field("event_type", ("Event type grouping",)),
        _date("start_date", "Inspection start date"),
        _date("publication_date", "Publication date"),
        Field(
            "relates",
            ("Does the latest full inspection relate to the URN of the current school?",),
            "code",
            codes=frozenset({"Yes", "No"}),
        ),
        Field("urn_at_time", ("URN at time of latest full inspection",)),
        Field("category", ("Category of concern",), "code", codes=CATEGORIES),
        Field("safeguarding", ("Safeguarding standards",), "code", codes=SAFEGUARDING),
        *(one for name, column in _AREAS.items() for one in _area(name, column)),
        Field("oeif_inspection_number", ("Inspection number of latest OEIF graded inspection",)),
        Field("oeif_inspection_type", ("Inspection type of latest OEIF graded inspection",)),
        Field("oeif_event_type", ("Event type grouping of latest OEIF graded inspection",)),
        _date("oeif_start_date", "Inspection start date of latest OEIF graded inspection"),
        _date("oeif_publication_date", "Publication date of latest OEIF graded inspection"),
        Field(
            "oeif_relates",
            ("Does the latest OEIF graded inspection relate to the URN of the current school?",),
            "code",
            codes=frozenset({"Yes", "No"}),
        ),
        Field("oeif_urn_at_time", ("URN at time of latest OEIF graded inspection",)),
        *_judgements("Latest OEIF ", also="oeif_"),
        *_ungraded(),
        Field("current_category", ("Most recent category of concern",), "code", codes=CATEGORIES),
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
        _date("start_date", "start_date"),
        _date("publication_date", "publication_date"),
        Field("event_kind", ("kind",), "code", codes=frozenset({"graded", "ungraded"})),
        Field("inspection_type", ("inspection_type",)),
        Field("event_type", ("event_type_grouping",)),
        Field("inspection_number", ("inspection_number",)),
        _grade("overall", "overall_effectiveness"),
        Field("category", ("category_of_concern",), "code", codes=CATEGORIES),
        _grade("quality_of_education", "quality_of_education"),
        _grade("behaviour", "behaviour_and_attitudes"),
        _grade("personal_development", "personal_development"),
        _grade("leadership", "leadership_and_management"),
        Field("safeguarding", ("safeguarding",), "code", codes=SAFEGUARDING),
        _grade("early_years", "early_years"),
        _grade("sixth_form", "sixth_form"),
        Field("ungraded_outcome", ("ungraded_outcome",), "code", codes=UNGRADED_OUTCOMES),
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
        _grade("overall", "Overall effectiveness"),
    ),
)
