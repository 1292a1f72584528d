"""Taking the list out of the house: the file is made, logged, and only then handed over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from risk_model.casework import Export, exports
from risk_model.domain.errors import NotAllowed
from risk_model.domain.periods import in_words
from risk_model.domain.viewer import Right, Viewer, require_la
from risk_model.exports.documents import DOCX_TYPE, as_docx
from risk_model.exports.pdf import PDF_TYPE, as_pdf
from risk_model.exports.tables import as_csv
from risk_model.exports.workbooks import XLSX_TYPE, as_list_workbook
from risk_model.services.copy import Copy
from risk_model.services.director_content import Choice, ListContent, list_content
from risk_model.services.director_pack import list_document, method_document, pack_document
from risk_model.services.leaving import Leaving, hand_over

WHAT = "regional director's list"
CSV_TYPE = "text/csv"


@dataclass(frozen=True)
class ListFile:
    """A file that leaves; `content_hash` is that of the list, which every file of it shares."""

    name: str
    content: bytes
    media_type: str
    content_hash: str


def _xlsx(viewer: Viewer, content: ListContent) -> bytes:
    return as_list_workbook(list_document(viewer, content), content.table, method_document(viewer, content))


# by the ending: what it is called, its type, and what makes it
_KINDS: Mapping[str, tuple[str, str, Callable[[Viewer, ListContent], bytes]]] = MappingProxyType(
    {
        "xlsx": ("Excel", XLSX_TYPE, _xlsx),
        "csv": ("CSV", CSV_TYPE, lambda viewer, content: as_csv(content.table)),
        "docx": ("Word pack", DOCX_TYPE, lambda viewer, content: as_docx(pack_document(viewer, content))),
        "pdf": ("PDF pack", PDF_TYPE, lambda viewer, content: as_pdf(pack_document(viewer, content))),
    }
)
# the endings and what each is called and is
FILE_KINDS: Mapping[str, tuple[str, str]] = MappingProxyType({one: (kind[0], kind[1]) for one, kind in _KINDS.items()})


def export_list(viewer: Viewer, copy: Copy, chosen: Choice, ending: str) -> ListFile:
    """Make one file of the list, log it, and hand it over.

    Args:
        ending: "xlsx", "csv", "docx" or "pdf".
    Raises:
        NotAllowed: the viewer may not take this LA's list out, or what was chosen cannot be on it; nothing is logged.
        NotFound: no academy is chosen.
        RulesRefused: the LA's own director.toml is not valid.
    """
    content = list_content(viewer, copy, chosen)
    if ending not in _KINDS:
        raise NotAllowed(f"{ending[:10]!r} is no kind of file here.", [f"Choose one of: {', '.join(_KINDS)}."])
    _, media_type, make = _KINDS[ending]
    leaving = Leaving(
        la_code=chosen.la_code,
        what=WHAT,
        name=f"{content.name}.{ending}",
        urns=tuple(one.academy.urn for one in content.told),
        banner=content.banner,
        build_id=content.build_id,
        rule_set=content.rule_set,
        as_at=content.as_at,
        fields=tuple(one.code for one in content.fields),
        content_hash=content.content_hash,
    )
    made = hand_over(viewer, copy, leaving, make(viewer, content))
    return ListFile(leaving.name, made, media_type, content.content_hash)


def export_log(viewer: Viewer, copy: Copy, la_code: str) -> pd.DataFrame:
    """What left this LA, the newest first: When (UTC), Who, What, File, Schools, Fields, Classification, As at, Rules,
    Build, SHA-256 of the content, SHA-256 of the file.

    Raises:
        NotAllowed: the viewer may not take this LA's list out.
    """
    require_la(viewer, la_code, Right.SEND)
    return pd.DataFrame([_line(one) for one in exports(copy.records, la_code=la_code)], columns=list(_LOG_COLUMNS))


_LOG_COLUMNS = (
    "When (UTC)",
    "Who",
    "What",
    "File",
    "Schools",
    "Fields",
    "Classification",
    "As at",
    "Rules",
    "Build",
    "SHA-256 of the content",
    "SHA-256 of the file",
)


def _line(one: Export) -> tuple[str, ...]:
    return (
        f"{one.exported_at:%Y-%m-%d %H:%M:%S}",
        one.exported_by,
        one.what,
        one.file_name,
        ", ".join(one.urns) if one.urns is not None else "not recorded",
        ", ".join(one.fields) if one.fields is not None else "no choice",
        one.banner or "none",
        in_words(one.as_at) if one.as_at else "no figures",
        one.rule_set or "no figures",
        one.build_id or "no figures",
        one.content_hash,
        one.file_hash or one.content_hash,
    )
