"""What is published by LA: their codes, their statistical neighbours, indicators to check totals against."""

from risk_model.sources.columns import text
from risk_model.sources.contract import Field, Source, Summary

_LAIT = "Department for Education, local authority interactive tool"

# 970 is England and 980 to 990 are its regions, in the numbering of the interactive tool.
_ENGLAND_AND_REGIONS = (
    Summary("national", "", {"la_code": "970"}),
    *(Summary("other", "", {"la_code": str(code)}) for code in (*range(980, 991), 1000)),
)

LA_LOOKUP = Source(
    id="la_lookup",
    title="Local authorities over time",
    publisher="Department for Education, local authority codes",
    dating="by row",
    keyed_by="la",
    required=("la_code", "la_gss_code", "la_name", "first_year", "last_year"),
    one_row_per=("la_code", "la_gss_code"),
    fields=(
        text("la_code", "old_la_code"),
        text("la_gss_code", "new_la_code"),
        text("la_name", "la_name"),
        text("region_code", "region_code"),
        text("region", "region_name"),
        Field("first_year", ("first_year",), "count", low=1974, high=2100),
        Field("last_year", ("last_year",), "count", low=1974, high=2100),
        text("current", "current"),
    ),
    # A new E-code of 2025 stands there before its three-digit code does.
    summaries=(Summary("other", "", {"la_code": "z"}),),
)

LA_CODES = Source(
    id="la_codes",
    title="Local authority codes",
    publisher=_LAIT,
    dating="undated",
    keyed_by="la",
    required=("la_code", "la_name", "region"),
    without=("Values", "URN", "RECTYPE"),
    one_row_per=("la_code",),
    max_age_days=1_200,
    fields=(
        text("la_code", "LA Number", "LEA"),
        text("la_name", "LA Name"),
        text("region", "REGION NAME", "Region"),  # in the tables' own list "REGION" is a number
        text("la_type", "Type"),
    ),
    summaries=_ENGLAND_AND_REGIONS,
)

LA_NEIGHBOURS = Source(
    id="la_neighbours",
    title="Statistical neighbours of local authorities",
    publisher=_LAIT,
    dating="as at",
    whole_year_is_a_day=True,
    keyed_by="la",
    required=("la_code", "la_name", "neighbour_1", "neighbour_10"),
    one_row_per=("la_code",),
    usual_lag_days=1,
    max_age_days=1_200,
    fields=(
        text("la_code", "LA num"),
        text("la_name", "LA Name"),
        text("region", "GOReg"),
        *(text(f"neighbour_{place}", f"SN{place}") for place in range(1, 11)),
        # How near it is ("Close"): ten columns of one name, told apart by where they stand.
        text("closeness_1", "SNP"),
        *(text(f"closeness_{place}", f"SNP (column {5 + 2 * place})") for place in range(2, 11)),
    ),
)

LA_INDICATORS = Source(
    id="la_indicators",
    title="Indicators by local authority",
    publisher=_LAIT,
    dating="by row",
    keyed_by="la",
    required=("la_code", "indicator", "year_as_published", "value"),
    one_row_per=("la_code", "indicator", "year_as_published"),
    advice='Its years are written in many ways ("2025", "2016-17", "2025 (Rev)") and are kept as they stand.',
    fields=(
        text("la_code", "LA Number"),
        text("la_name", "LA and Regions"),
        text("indicator", "Short Desc"),
        text("indicator_title", "Data item"),
        text("year_as_published", "Years"),
        Field("value", ("Values",), "number"),
        text("region", "Region"),
    ),
    summaries=_ENGLAND_AND_REGIONS,
)
