"""Records with an attack in every field that users write: text on every screen and in every file that leaves."""

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pikepdf
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from risk_model.domain.paths import DataDir
from tests.browser.views import VIEWS
from tests.conftest import copied
from tests.hostile_records import ATTACK, FOUND_BY, free_texts, hostile_fields, kinds, make_hostile, where_seen
from tests.pages.conftest import Visit, markdown_of, said, shows_no_markup

# withdrawing the only one would take it out of sight
SPARED_ALONE = {("escalation", "close_reason"), *((one, "withdrawn_reason") for one in ("escalation", "watch"))}
SPARED_ALONE |= {("rule_set_approval", "withdrawn_reason")}
# a hash by which the rules are known, which the product writes itself
SPARED = FOUND_BY | SPARED_ALONE | {("rule_set_approval", "rule_set_hash")}
Taken = Callable[[], list[tuple[str, bytes]]]
WITHOUT_RECORDS = ("explore", "rules", "model", "help", "data, ", "a figure")
WALKED = {name: address for name, address in VIEWS.items() if not name.startswith(WITHOUT_RECORDS)}
WALKED |= {"access": "/access", "data, Builds": VIEWS["data, Builds"], "rules": VIEWS["rules, catalogue"]}


@pytest.fixture(scope="module")
def hostile_dir(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copied(demo_dir, tmp_path_factory.mktemp("hostile") / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECORDS_URL", raising=False)
        make_hostile(DataDir(folder))
    return folder


def test_every_field_that_takes_text_holds_an_attack(hostile_dir: Path) -> None:
    """A new field of a record is attacked from its first day, or this says that it is not."""
    held = hostile_fields(hostile_dir / "records.sqlite")
    spared = {(table, name) for table, kind in kinds().items() for name in free_texts(kind) if name not in held[table]}
    assert spared == SPARED


def test_an_attack_is_text_on_every_page_and_in_every_file_that_leaves(
    hostile_dir: Path, use_data: Callable[[Path], DataDir], visit: Visit, taken: Taken
) -> None:
    use_data(hostile_dir)
    shown, left = "", ""
    endings = set()
    for name, address in [*WALKED.items(), *((one, one) for one in where_seen(hostile_dir / "records.sqlite"))]:
        path = urlsplit(address)
        query = {key: values[0] for key, values in parse_qs(path.query).items()}
        app = visit(path.path.strip("/") or "overview", **query)
        assert shows_no_markup(app), (name, [text for text in markdown_of(app) if ATTACK[:5] in text])
        assert not [cell for cell in markdown_cells(app) if re.search(r"(?<!\\)<img", cell)], name
        shown += said(app) + "".join(frame.value.to_string() for frame in app.dataframe)
        for file_name, content in taken():
            endings.add(file_name.rpartition(".")[2])
            left += read(file_name, content)
    assert endings >= {"csv", "xlsx", "docx", "pdf", "png", "svg"}
    # of a share of support only its days are shown
    assert {table for table in kinds() if f" {table}." not in shown} <= {"allocation_share"}
    never_in_a_file = {"allocation_share", "rule_set_approval", "access_grant"}
    assert {table for table in kinds() if f" {table}." not in left} <= never_in_a_file


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    """Every file that the page offers, as the browser would get it."""
    offered: list[tuple[str, Any]] = []
    draw = st.download_button

    def noted(label: str, data: Any, file_name: str | None = None, *more: Any, **named: Any) -> bool:
        if not named.get("disabled"):
            offered.append((file_name or label, data))
        return draw(label, data, file_name, *more, **named)

    monkeypatch.setattr(st, "download_button", noted)

    def files() -> list[tuple[str, bytes]]:
        made = [(name, data() if callable(data) else data) for name, data in offered]
        offered.clear()
        return [(name, data.encode() if isinstance(data, str) else bytes(data)) for name, data in made]

    return files


def markdown_cells(app: AppTest) -> list[str]:
    """Every cell of a column that is drawn as markdown or as a link."""
    found = []
    for frame in app.dataframe:
        for name, settings in json.loads(frame.proto.columns or "{}").items():
            if (settings.get("type_config") or {}).get("type") in ("markdown", "link") and name in frame.value:
                found += [str(cell) for cell in frame.value[name]]
    return found


def read(name: str, content: bytes) -> str:
    """The texts of a file, once nothing in it would act: no formula, no link that runs, no script."""
    ending = name.rpartition(".")[2]
    return _READERS[ending](content)


def _csv(content: bytes) -> str:
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple("=+@\t\r")) or re.match(r"-[^0-9]", cell)]
    return "\n".join(cells)


def _xlsx(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    return "\n".join(str(cell.value) for cell in cells if cell.value is not None)


def _docx(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        words = parts.read("word/document.xml").decode()
        targets = "".join(parts.read(one).decode() for one in parts.namelist() if one.endswith(".rels"))
    assert not re.search("<w:(fldSimple|instrText)[^>]*>[^<]*(=1|img)", words)
    assert "javascript" not in targets
    return html.unescape(re.sub("<[^>]*>", "", words))


def _pdf(content: bytes) -> str:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        acts = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
        assert not [one for one in acts if {"/JS", "/Launch", "/SubmitForm"} & {*one.keys(), str(one.get("/S"))}]
        assert not [one for one in acts if "javascript" in str(one.get("/URI", ""))]
    return ""


def _svg(content: bytes) -> str:
    words = content.decode()
    assert not re.search("<(img|script|foreignObject)", words)
    return html.unescape(words)


_READERS: dict[str, Callable[[bytes], str]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "docx": _docx,
    "pdf": _pdf,
    "svg": _svg,
    "png": lambda content: "",
}
