"""A file on its way out of the house: what is not in the log does not leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from risk_model.casework import NewExport, hash_of, record_export
from risk_model.domain.viewer import Viewer, require_la
from risk_model.services.copy import Copy

BANNER = "OFFICIAL-SENSITIVE: for the officers of the local authority, not to be published"


@dataclass(frozen=True)
class Leaving:
    """What is logged of a file.

    Attributes:
        what: its kind, always written alike.
        name: of the file, with its ending.
        urns: the schools that it is about.
        banner: the classification that stands on it.
        build_id, rule_set, as_at: of the figures in it; None where it has none.
        fields: codes of what was chosen to be in it; None where nothing can be chosen.
        content_hash: of the content that several files share, where each of them prints it; None: of the file's bytes.
    """

    la_code: str
    what: str
    name: str
    urns: Sequence[str]
    banner: str | None = None
    build_id: str | None = None
    rule_set: str | None = None
    as_at: date | None = None
    fields: Sequence[str] | None = None
    content_hash: str | None = None


def hand_over(viewer: Viewer, copy: Copy, leaving: Leaving, content: bytes) -> bytes:
    """Log that a file leaves, with the SHA-256 of its bytes; only then is it anybody's.

    Returns:
        The bytes, as they were given.
    Raises:
        NotAllowed: the viewer may not take a file of this LA out; nothing is logged.
        RecordRefused: it cannot be logged, so it does not leave.
    """
    require_la(viewer, leaving.la_code)
    record_export(
        copy.records,
        viewer.name,
        NewExport(
            la_code=leaving.la_code,
            what=leaving.what,
            file_name=leaving.name,
            content_hash=leaving.content_hash or hash_of(content),
            file_hash=hash_of(content) if leaving.content_hash else None,
            banner=leaving.banner,
            fields=leaving.fields,
            urns=list(leaving.urns),
            build_id=leaving.build_id,
            rule_set=leaving.rule_set,
            as_at=leaving.as_at,
        ),
    )
    return content
