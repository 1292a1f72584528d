"""Who is a school, of which type, in which locality: the register, its links, the LA's localities."""

from risk_model.sources.contract import Field, Source

GIAS = Source(
    id="gias",
    title="Get Information about Schools: establishments",
    publisher="Department for Education, Get Information about Schools",
    dating="as at",
    required=("urn", "la_code", "name", "type", "status"),
    usual_lag_days=1,
    max_age_days=100,
    is_register=True,
    fields=(
        Field("urn", ("URN",)),
        Field("la_code", ("LA (code)",)),
        Field("la_name", ("LA (name)",)),
        Field("estab", ("EstablishmentNumber",)),
        Field("name", ("EstablishmentName",)),
        Field("type", ("TypeOfEstablishment (name)",)),
        Field("type_group", ("EstablishmentTypeGroup (name)",)),
        Field("status", ("EstablishmentStatus (name)",)),
        Field("open_date", ("OpenDate",), "date"),
        Field("close_date", ("CloseDate",), "date"),
        Field("phase", ("PhaseOfEducation (name)",)),
        Field("low_age", ("StatutoryLowAge",), "count", low=0, high=25),
        Field("high_age", ("StatutoryHighAge",), "count", low=0, high=99),
        Field("sixth_form_provision", ("OfficialSixthForm (name)",)),
        Field("religious_character", ("ReligiousCharacter (name)",)),
        Field("diocese", ("Diocese (name)",)),
        Field("admissions", ("AdmissionsPolicy (name)",)),
        Field("capacity", ("SchoolCapacity",), "count", low=0, high=20_000),
        Field("pupils", ("NumberOfPupils",), "count", low=0, high=20_000),
        Field("trust_uid", ("Trusts (code)",)),
        Field("trust_name", ("Trusts (name)",)),
        Field("postcode", ("Postcode",)),
        Field("easting", ("Easting",), "number", low=0, high=700_000),
        Field("northing", ("Northing",), "number", low=0, high=1_300_000),
        Field("region", ("GOR (name)",)),
        Field("last_changed", ("LastChangedDate",), "date"),
    ),
)

LINKS = Source(
    id="gias_links",
    title="Get Information about Schools: predecessors and successors",
    publisher="Department for Education, Get Information about Schools",
    dating="as at",
    required=("urn", "linked_urn", "link_type"),
    one_row_per=(),
    usual_lag_days=1,
    max_age_days=400,
    fields=(
        Field("urn", ("URN",)),
        Field("linked_urn", ("LinkURN",)),
        Field("linked_name", ("LinkName",)),
        Field("link_type", ("LinkType",)),
        Field("linked_on", ("LinkEstablishedDate",), "date"),
    ),
)

ACADEMY_TRUSTS = Source(
    id="academy_trusts",
    title="Get Information about Schools: academies and their trusts and sponsors",
    publisher="Department for Education, Get Information about Schools",
    dating="as at",
    required=("urn", "group_uid", "group_name", "group_type"),
    one_row_per=("urn", "group_uid"),  # a school has a row for its trust and one for its sponsor
    usual_lag_days=1,
    max_age_days=400,
    fields=(
        Field("urn", ("URN",)),
        Field("group_uid", ("Group UID", "Linked UID")),
        Field("group_id", ("Group ID",)),
        Field("group_name", ("Group Name",)),
        Field("companies_house_number", ("Companies House Number",)),
        Field("group_type", ("Group Type",)),
        Field("group_status", ("Group Status",)),
        Field("closed_on", ("Closed Date",), "date"),
        Field("joined_on", ("Joined date",), "date"),
        Field("name", ("EstablishmentName",)),
        Field("la_code", ("LA (code)",)),
    ),
)

COORDINATES = Source(
    id="school_coordinates",
    title="Where schools are",
    publisher="Department for Education, school performance tables",
    dating="as at",
    whole_year_is_a_day=True,
    required=("urn", "latitude", "longitude"),
    usual_lag_days=1,
    max_age_days=1_200,
    fields=(
        Field("urn", ("URN",)),
        Field("name", ("SCHNAME",)),
        Field("postcode", ("POSTCODE",)),
        # Great Britain and the Isles of Scilly; degrees of WGS 84
        Field("latitude", ("LAT", "Latitude"), "number", low=49, high=61),
        Field("longitude", ("LON", "Longitude"), "number", low=-9, high=3),
    ),
)

LOCALITIES = Source(
    id="localities",
    title="The LA's localities",
    publisher="The local authority's own grouping of its schools",
    dating="as at",
    required=("urn", "locality"),
    without=("EstablishmentName", "RECTYPE", "home_urn", "STREET", "POSTCODE"),
    usual_lag_days=0,
    max_age_days=800,
    held_by_la=True,
    licence="the local authority's own",
    fields=(Field("urn", ("urn",)), Field("locality", ("locality",))),
)
