"""A file on its way out of the house: what is not in the log does not leave."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

import pandas as pd

from risk_model.casework import NewExport, hash_of, record_export
from risk_model.domain.viewer import Right, Viewer, require, require_la
from risk_model.exports.tables import as_csv, as_parquet, as_xlsx
from risk_model.services.copy import Copy, Records

BANNER = "OFFICIAL-SENSITIVE: for the officers of the local authority, not to be published"
_PLAIN: Mapping[str, Callable[[pd.DataFrame], bytes]] = {".csv": as_csv, ".parquet": as_parquet}
_URN = re.compile("[0-9]{6}")
_NUMBER = re.compile(r"(?<![\w.,-])[0-9]{6}(?![\w-])")
# of more schools the log keeps the file's hash alone: a line of it stays a line
_MOST_URNS = 500
# in the log of exports: what a command printed, the command's name standing for the file's
PRINTED = "printed by a command"


@dataclass(frozen=True)
class Leaving:
    """What is logged of a file.

    Attributes:
        la_code: None where it is of no single LA.
        what: its kind, always written alike.
        name: of the file, with its ending.
        urns: the schools that it is about; None where they are not known, or too many to be listed.
        banner: the classification that stands on it.
        build_id, rule_set, as_at: of the figures in it; None where it has none.
        fields: codes of what was chosen to be in it; None where nothing can be chosen.
        content_hash: of the content that several files share, where each of them prints it; None: of the file's bytes.
    """

    la_code: str | None
    what: str
    name: str
    urns: Sequence[str] | None
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
    if leaving.la_code is None:
        require(viewer, Right.EXPORT)
    else:
        require_la(viewer, leaving.la_code, Right.EXPORT)
    _log(viewer, copy.records, leaving, content)
    return content


def hand_over_table(viewer: Viewer, copy: Copy, name: str, table: pd.DataFrame, about: Sequence[str] = ()) -> bytes:
    """A table as a file that leaves: made, logged with its SHA-256 and its schools, and only then handed over.

    Args:
        name: of the file; its ending says .csv, .xlsx or .parquet.
        about: lines that say what it is, for a workbook's second sheet.
    Raises:
        NotAllowed: the viewer may take nothing out.
        RecordRefused: it cannot be logged, so it does not leave.
    """
    require(viewer, Right.EXPORT)
    ending = PurePath(name).suffix.lower()
    content = as_xlsx(table, about=about) if ending == ".xlsx" else _PLAIN[ending](table)
    urns = _urns_in(table)
    return hand_over_file(viewer, copy, "table", name, content, urns if len(urns) <= _MOST_URNS else None)


def hand_over_file(
    viewer: Viewer, copy: Copy, what: str, name: str, content: bytes, urns: Sequence[str] | None = None
) -> bytes:
    """A file that leaves: logged with its SHA-256 and its schools, and only then handed over.

    Args:
        what: its kind, always written alike.
        urns: the schools that it is about; None where they are not known, or too many to be listed.
    Raises:
        NotAllowed: the viewer may take nothing out.
        RecordRefused: it cannot be logged, so it does not leave.
    """
    require(viewer, Right.EXPORT)
    build = copy.build
    la_code = _la_of(viewer, copy, urns or ())
    leaving = Leaving(la_code, what, name, urns, None, build.build_id, build.rule_set, build.as_at)
    _log(viewer, copy.records, leaving, content)
    return content


def hand_over_text(viewer: Viewer, copy: Copy, name: str, text: str) -> str:
    """What a command prints: logged with its SHA-256, in UTF-8, and its schools, and only then printed.

    Args:
        name: of the command.
    Raises:
        NotAllowed: the viewer may take nothing out.
        RecordRefused: it cannot be logged, so it does not leave.
    """
    require(viewer, Right.EXPORT)
    named = copy.reader.rows(
        "select distinct urn from schools where urn in (select unnest($numbers)) order by urn",
        {"numbers": sorted(set(_NUMBER.findall(text)))},
    )
    urns = [str(row["urn"]) for row in named]
    hand_over_file(viewer, copy, PRINTED, name, text.encode(), urns if len(urns) <= _MOST_URNS else None)
    return text


def hand_over_without_build(
    viewer: Viewer, records: Records, what: str, name: str, content: bytes, urns: Sequence[str] | None = None
) -> bytes:
    """A file, or what a command prints, that rests on no build: logged, and only then handed over.

    Args:
        what: its kind, always written alike.
        urns: the schools that it is about; None where they are not known.
    Raises:
        NotAllowed: the viewer may take nothing out.
        RecordRefused: it cannot be logged, so it does not leave.
    """
    require(viewer, Right.EXPORT)
    la_code = None if viewer.la_codes is None else min(viewer.la_codes, default=None)
    told = None if urns is None or len(urns) > _MOST_URNS else sorted(urns)
    _log(viewer, records, Leaving(la_code, what, name, told), content)
    return content


def hand_over_own(viewer: Viewer, copy: Copy, what: str, name: str, urn: str, content: bytes) -> bytes:
    """A file about one school whose service has decided already that the viewer may have it: logged, and handed over.

    Raises:
        NotAllowed: the viewer neither takes anything out nor is a system leader.
        RecordRefused: it cannot be logged, so it does not leave.
    """
    if viewer.system_leader_id is None:
        require(viewer, Right.EXPORT)
    build = copy.build
    leaving = Leaving(_la_of(viewer, copy, [urn]), what, name, [urn], None, build.build_id, build.rule_set, build.as_at)
    _log(viewer, copy.records, leaving, content)
    return content


def _urns_in(table: pd.DataFrame) -> list[str]:
    names = [name for name in table.columns if str(name).casefold() == "urn"]
    return sorted({str(urn) for name in names for urn in table[name].dropna() if _URN.fullmatch(str(urn))})


def _la_of(viewer: Viewer, copy: Copy, urns: Sequence[str]) -> str | None:
    """The one LA of the schools; where there is no single one, none, or the first of those that the viewer sees."""
    found = copy.reader.rows(
        "select distinct la_code from schools where list_contains($urns, urn) limit 2", {"urns": list(urns)}
    )
    if len(found) == 1:
        return str(found[0]["la_code"])
    return None if viewer.la_codes is None else min(viewer.la_codes, default=None)


def _log(viewer: Viewer, records: Records, leaving: Leaving, content: bytes) -> None:
    record_export(
        records,
        viewer.name,
        NewExport(
            la_code=leaving.la_code,
            what=leaving.what,
            file_name=leaving.name,
            content_hash=leaving.content_hash or hash_of(content),
            file_hash=hash_of(content) if leaving.content_hash else None,
            banner=leaving.banner,
            fields=leaving.fields,
            urns=None if leaving.urns is None else list(leaving.urns),
            build_id=leaving.build_id,
            rule_set=leaving.rule_set,
            as_at=leaving.as_at,
        ),
    )
