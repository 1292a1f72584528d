"""Results, absence, census and finance: what DfE publishes by school and year.

Column names are those of the published files and their dictionaries, newest first.
"""

from risk_model.sources.columns import count, number, percent, text
from risk_model.sources.contract import Field, Source, Summary


def _progress(subject: str, stem: str) -> tuple[Field, ...]:
    return (
        number(f"{subject}_progress_score", -60, 60, f"{stem}PROG"),
        number(f"{subject}_progress_lower", -60, 60, f"{stem}PROG_LOWER"),
        number(f"{subject}_progress_upper", -60, 60, f"{stem}PROG_UPPER"),
        number(f"{subject}_progress_band", 1, 5, f"{stem}PROG_DESCR"),
    )


_IDENTITY = (
    text("urn", "URN"),
    text("la_code", "LEA", "LA"),
    text("estab", "ESTAB"),
    text("name", "SCHNAME"),
    text("record_type", "RECTYPE"),
    text("school_type", "NFTYPE"),
)

KS2 = Source(
    id="ks2",
    title="Key stage 2 results",
    publisher="Department for Education, school performance tables",
    dating="academic year",
    required=("urn", "record_type"),
    one_of=("rwm_expected_pct", "reading_progress_score", "reading_score"),
    usual_lag_days=105,
    compare=("rwm_expected_pct", "reading_progress_score", "reading_score"),
    fields=(
        *_IDENTITY,
        count("pupils", "TELIG"),
        percent("rwm_expected_pct", "PTRWM_EXP"),
        percent("rwm_higher_pct", "PTRWM_HIGH"),
        *_progress("reading", "READ"),
        *_progress("writing", "WRIT"),
        *_progress("maths", "MAT"),
        number("reading_score", 80, 120, "READ_AVERAGE"),
        number("maths_score", 80, 120, "MAT_AVERAGE"),
        percent("reading_expected_pct", "PTREAD_EXP"),
        percent("maths_expected_pct", "PTMAT_EXP"),
        count("disadvantaged_pupils", "TFSM6CLA1A"),
        percent("disadvantaged_pct", "PTFSM6CLA1A"),
        percent("rwm_disadvantaged_pct", "PTRWM_EXP_FSM6CLA1A"),
    ),
    summaries=(
        Summary("la", "primary", {"record_type": "3"}),
        Summary("national", "primary", {"record_type": "5"}),
        Summary("other", "primary", {"record_type": "4"}),  # England with its independent schools
    ),
)

KS4 = Source(
    id="ks4",
    title="Key stage 4 results",
    publisher="Department for Education, school performance tables",
    dating="academic year",
    required=("urn", "record_type"),
    one_of=("attainment8_score", "progress8_score"),
    usual_lag_days=180,
    compare=("attainment8_score", "progress8_score", "basics_grade5_pct"),
    fields=(
        *_IDENTITY,
        text("admissions", "ADMPOL", "ADMPOL_PT"),
        count("pupils", "TPUP"),
        number("attainment8_score", 0, 90, "ATT8SCR"),
        number("progress8_score", -8, 8, "P8MEA"),
        number("progress8_lower", -12, 12, "P8CILOW"),
        number("progress8_upper", -12, 12, "P8CIUPP"),
        count("progress8_pupils", "P8PUP"),
        percent("basics_grade5_pct", "PTL2BASICS_95"),
        percent("basics_grade4_pct", "PTL2BASICS_94"),
        number("ebacc_score", 0, 9, "EBACCAPS"),
        count("disadvantaged_pupils", "TFSM6CLA1A"),
        percent("disadvantaged_pct", "PTFSM6CLA1A"),
        number("attainment8_disadvantaged_score", 0, 90, "ATT8SCR_FSM6CLA1A"),
        number("progress8_disadvantaged_score", -8, 8, "P8MEA_FSM6CLA1A"),
    ),
    summaries=(
        Summary("la", "secondary", {"record_type": "4"}),
        Summary("national", "secondary", {"record_type": "7"}),
        Summary("other", "secondary", {"record_type": "5"}),  # England with its independent schools
    ),
)

_PHASES = (("primary", "PRI"), ("secondary", "SEC"), ("special", "SPE"))

ABSENCE = Source(
    id="absence",
    title="Pupil absence, full year",
    publisher="Department for Education, pupil absence in schools in England",
    dating="academic year",
    required=("urn", "la_code", "estab", "absence_pct"),
    one_of=("persistent_absence_pct", "persistent_absence_15_pct"),
    usual_lag_days=205,
    compare=("absence_pct", "persistent_absence_pct"),
    advice="PPERSABS15 counted pupils missing 15% of sessions, the definition before 2015-16; "
    "it is kept apart from PPERSABS10 and never compared with it.",
    fields=(
        text("urn", "URN"),
        text("la_code", "LA"),
        text("estab", "ESTAB"),
        percent("absence_pct", "PERCTOT"),
        percent("persistent_absence_pct", "PPERSABS10"),
        percent("persistent_absence_15_pct", "PPERSABS15"),
    ),
    summaries=tuple(Summary("national", p, {"la_code": "NAT", "estab": c}) for p, c in _PHASES),
)

CENSUS = Source(
    id="census",
    title="School census",
    publisher="Department for Education, schools, pupils and their characteristics",
    dating="academic year",
    required=("urn", "pupils", "fsm6_pct"),
    usual_lag_days=-60,
    max_age_days=600,
    compare=("pupils", "eal_pupils", "fsm6_pct"),
    fields=(
        text("urn", "URN"),
        text("la_code", "LA"),
        text("estab", "ESTAB"),
        text("school_type", "SCHOOLTYPE"),
        count("pupils", "NOR"),
        count("eal_pupils", "NUMEAL"),
        percent("eal_pct", "PNUMEAL"),
        percent("fsm6_pct", "PNUMFSMEVER"),
        # January 2025 has a special school with 104% of its roll on plans: places and roll differ.
        number("sen_support_pct", 0, 150, "PSENELK"),
        number("ehc_plan_pct", 0, 150, "PSENELSE"),
    ),
    summaries=(
        *(Summary("national", p, {"urn": "NAT", "estab": c}) for p, c in _PHASES),
        # 2015-16 has the phase one column earlier; the files of one LA have its own rows as well.
        *(Summary("national", p, {"urn": "NAT", "la_code": c}) for p, c in _PHASES),
        *(Summary("la", p, {"urn": "LA", "estab": c}) for p, c in _PHASES),
    ),
)

# Medians by region and kind of school, with the LA's name or nothing where a school has its URN.
_MEDIANS = tuple(
    f"{area}{kind}"
    for area in ("LA", "LONDON", "NON-LONDON", "NAT")
    for kind in ("", "-PRI", "-SEC-WITH-KS4", "-SEC-WITHOUT-KS4", "-SPE", "-PRU")
)

FINANCE = Source(
    id="finance",
    title="School income, spending and reserves",
    publisher="Department for Education, consistent financial reporting and financial benchmarking",
    dating="academic year",
    required=("urn",),
    one_of=("in_year_balance_gbp", "income_per_pupil_gbp"),
    usual_lag_days=150,
    max_age_days=600,
    compare=("in_year_balance_gbp", "income_gbp", "income_per_pupil_gbp"),
    fields=(
        text("urn", "URN"),
        text("la_code", "LA"),
        Field("spend_per_pupil_gbp", ("Spend per pupil (GBP)",), "money"),
        Field("revenue_reserve_gbp", ("Revenue reserve (GBP)",), "money"),
        Field("in_year_balance_gbp", ("In-year balance (GBP)",), "money"),
        Field("income_gbp", ("Income (GBP)",), "money"),
        Field("income_per_pupil_gbp", ("TOTALINCOME",), "money"),
        Field("expenditure_per_pupil_gbp", ("TOTALEXPENDITURE",), "money"),
        count("pupils", "PUPILS"),
    ),
    summaries=tuple(Summary("other", "", {"la_code": code}) for code in _MEDIANS),
)
