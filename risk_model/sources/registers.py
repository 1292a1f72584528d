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
