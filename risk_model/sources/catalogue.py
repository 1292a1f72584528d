"""Every kind of file that can be imported."""

from risk_model.domain.errors import NotFound
from risk_model.sources import dfe, dfe_more, ees, la_level, ofsted, parents, registers, staff
from risk_model.sources.contract import Source
from risk_model.sources.held import EVIDENCE

SOURCES: tuple[Source, ...] = (
    dfe.KS2,
    dfe.KS4,
    dfe_more.KS5,
    dfe_more.KS4_DESTINATIONS,
    dfe_more.KS4_EBACC_ENTRIES,
    dfe.ABSENCE,
    ees.EXCLUSIONS,
    dfe.CENSUS,
    dfe_more.WORKFORCE,
    staff.STAFF_TURNOVER,
    staff.STAFF_ABSENCE,
    dfe.FINANCE,
    ees.SCHOOL_TABLES,
    ofsted.REPORT_CARDS,
    ofsted.INSPECTIONS,
    ofsted.MANAGEMENT_INFORMATION,
    ofsted.EVENTS,
    ofsted.HISTORY,
    parents.PARENT_VIEW,
    registers.GIAS,
    registers.LINKS,
    registers.ACADEMY_TRUSTS,
    registers.COORDINATES,
    dfe_more.SCHOOL_INFORMATION,
    ees.LAESTAB_LOOKUP,
    la_level.LA_LOOKUP,
    la_level.LA_CODES,
    la_level.LA_NEIGHBOURS,
    la_level.LA_INDICATORS,
    registers.LOCALITIES,
    *EVIDENCE,
)


def source_named(source_id: str) -> Source:
    """The importer of one kind.

    Raises:
        NotFound: there is no such kind.
    """
    for source in SOURCES:
        if source.id == source_id:
            return source
    raise NotFound(f'There is no kind of file called "{source_id}".', [f"Kinds: {', '.join(s.id for s in SOURCES)}."])
