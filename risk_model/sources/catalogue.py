"""Every kind of file that can be imported."""

from risk_model.domain.errors import NotFound
from risk_model.sources import dfe, ofsted, registers
from risk_model.sources.contract import Source

SOURCES: tuple[Source, ...] = (
    dfe.KS2,
    dfe.KS4,
    dfe.ABSENCE,
    dfe.CENSUS,
    dfe.FINANCE,
    ofsted.REPORT_CARDS,
    ofsted.MANAGEMENT_INFORMATION,
    ofsted.EVENTS,
    ofsted.HISTORY,
    registers.GIAS,
    registers.LINKS,
    registers.LOCALITIES,
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
