"""A person at a browser, without the browser: the websocket that the page would open, and what it would send.

What comes is Streamlit's own messages (streamlit.proto); what goes is a rerun with the state of every input that is on
the page, as the browser sends it, and the list of the large messages that it still holds.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg, DeferredFileRequestPayload
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLsRequest, UploadedFileInfo
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

WAIT_S = 120.0
_MOST_BYTES = 1 << 28
USER_COOKIE = "_streamlit_user"
_XSRF = "_streamlit_xsrf"
# of the parts of a page, by the first number of a place: beside it are the sidebar and what only runs
_MAIN = 0
Value = str | bool | Sequence[str] | None


@dataclass(frozen=True)
class Rerun:
    """What one rerun brought.

    Attributes:
        seconds: from the click to the last message; bytes_in: of all messages.
        went_well: the script came to its end, and nothing on the page is an error of ours.
    """

    seconds: float
    bytes_in: int
    went_well: bool


@dataclass
class Visitor:
    """One open page.

    Attributes:
        drawn: what stands on the page, by its place; pages: what the navigation calls each page.
        values: what was put into inputs, by the key that the page gave them.
        session: what the server calls this page; cookies: that the browser keeps.
    """

    connection: ClientConnection
    drawn: dict[tuple[int, ...], Delta] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    page_hash: str = ""
    page_name: str = ""
    query: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    session: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    _held: dict[str, ForwardMsg] = field(default_factory=dict)
    _files: dict[str, WidgetState] = field(default_factory=dict)

    def open(self, page: str, **query: str) -> Rerun:
        """Come to a page by its address; `page` is what stands in it, "" for the first."""
        self.page_name, self.page_hash, self.query = page, "", urlencode(query)
        return self.rerun()

    def go(self, page: str, **query: str) -> Rerun:
        """Follow a link to another page of the app."""
        self.page_name, self.page_hash, self.query = page, self.pages[page], urlencode(query)
        self.values = {}
        return self.rerun()

    def choose(self, key: str, value: Value) -> Rerun:
        """Put a value into an input, by its key, and wait for the page."""
        self.values[key] = value
        return self.rerun()

    def press(self, key: str) -> Rerun:
        """Press a button, by its key."""
        return self.rerun(pressed=key)

    def put_file(self, address: str, uploader: str, name: str, content: bytes) -> Rerun:
        """Put a file into an input for files, whether or not the page shows it, and wait for the page.

        Args:
            address: of the server.
            uploader: the id that Streamlit gave to the input, on whosever page.
        """
        asked = FileURLsRequest(request_id="1", file_names=[name], session_id=self.session)
        self.connection.send(BackMsg(file_urls_request=asked).SerializeToString())
        while True:
            raw = self.connection.recv(timeout=WAIT_S)
            message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            if message.WhichOneof("type") == "file_urls_response":
                (urls,) = message.file_urls_response.file_urls
                break
        answer = httpx.put(
            f"{address}{urls.upload_url}",
            files={"file": (name, content)},
            headers={"X-Xsrftoken": self.cookies.get(_XSRF, "")},
            cookies=dict(self.cookies),
        )
        answer.raise_for_status()
        told = UploadedFileInfo(file_id=urls.file_id, name=name, size=len(content), file_urls=urls)
        state = FileUploaderState(uploaded_file_info=[told])
        self._files[uploader] = WidgetState(id=uploader, file_uploader_state_value=state)
        return self.rerun()

    def take(self, button: str) -> str:
        """Press a button for a file, by the id that Streamlit gave to it.

        Returns:
            The address of the file, without the server's own; "" where it is refused.
        """
        (drawn,) = [one for one in self.elements("download_button") if one.id == button]
        asked = DeferredFileRequestPayload(file_id=drawn.deferred_file_id)
        request = BackendOperationRequest(request_id="1", session_id=self.session, deferred_file=asked)
        self.connection.send(BackMsg(backend_operation_request=request).SerializeToString())
        while True:
            raw = self.connection.recv(timeout=WAIT_S)
            message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            if message.WhichOneof("type") == "backend_operation_response":
                return str(message.backend_operation_response.deferred_file.url)

    def rerun(self, pressed: str = "") -> Rerun:
        """Let the page run again with what stands in its inputs, and take in what it sends."""
        began = time.perf_counter()
        self.connection.send(self._asked(pressed).SerializeToString())
        taken, ended_well = 0, False
        drawn: dict[tuple[int, ...], Delta] = {}
        while True:
            raw = self.connection.recv(timeout=WAIT_S)
            taken += len(raw)
            message = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
            message = self._whole(message)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.page_hash = message.new_session.page_script_hash
                self.session = message.new_session.initialize.session_id
                drawn = {}
            elif kind == "navigation":
                self.page_hash = message.navigation.page_script_hash
                self.pages = {one.url_pathname: one.page_script_hash for one in message.navigation.app_pages}
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "delta":
                drawn[tuple(message.metadata.delta_path)] = message.delta
            elif kind == "script_finished":
                # a script that was told to rerun itself begins again at once
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                ended_well = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                break
        self.drawn = drawn
        return Rerun(time.perf_counter() - began, taken, ended_well and not self.errors())

    def elements(self, kind: str = "") -> Iterator[Any]:
        """What is drawn in the page's main part, of one kind or all, in its order."""
        for place in sorted(one for one in self.drawn if one[0] == _MAIN):
            delta = self.drawn[place]
            if delta.WhichOneof("type") == "new_element":
                found = delta.new_element.WhichOneof("type")
                if found and kind in ("", found):
                    yield getattr(delta.new_element, found)

    def errors(self) -> list[str]:
        """What the page says went wrong: exceptions, which are always ours."""
        return [one.message for one in self.elements("exception")]

    def widget_id(self, key: str) -> str:
        """The id that Streamlit gave to the input of a key.

        Raises:
            LookupError: no such input is on the page.
        """
        for found in self._ids():
            if found.endswith(f"-{key}"):
                return found
        raise LookupError(f"No input with the key {key} on the page {self.page_name!r}.")

    def _ids(self) -> Iterator[str]:
        for delta in self.drawn.values():
            if delta.WhichOneof("type") == "add_block":
                kind = delta.add_block.WhichOneof("type")
                told = getattr(delta.add_block, kind) if kind else None
            else:
                kind = delta.new_element.WhichOneof("type")
                told = getattr(delta.new_element, kind) if kind else None
            if getattr(told, "id", ""):
                yield told.id

    def _asked(self, pressed: str) -> BackMsg:
        state = ClientState(query_string=self.query, page_script_hash=self.page_hash, page_name=self.page_name)
        state.cached_message_hashes.extend(self._held)
        states = {one.id: one for one in self._standing()}
        for key, value in self.values.items():
            for found in self._ids():
                if found.endswith(f"-{key}"):
                    states[found] = _state(found, value)
        states |= self._files
        if pressed:
            found = self.widget_id(pressed)
            states[found] = WidgetState(id=found, trigger_value=True)
        state.widget_states.widgets.extend(states.values())
        return BackMsg(rerun_script=state)

    def _standing(self) -> Iterator[WidgetState]:
        """The inputs that nobody has touched, as the browser sends them: with what they were drawn with."""
        for one in self.elements("selectbox"):
            value = one.raw_value if one.set_value else _chosen(one)
            yield WidgetState(id=one.id) if value is None else WidgetState(id=one.id, string_value=value)
        for one in self.elements("multiselect"):
            values = list(one.raw_values) if one.set_value else [one.options[number] for number in one.default]
            state = WidgetState(id=one.id)
            state.string_array_value.data.extend(values)
            yield state
        for one in self.elements("text_input"):
            yield WidgetState(id=one.id, string_value=one.value if one.set_value else one.default)
        for one in self.elements("checkbox"):
            yield WidgetState(id=one.id, bool_value=one.value if one.set_value else one.default)

    def _whole(self, message: ForwardMsg) -> ForwardMsg:
        """The message that a short one stands for; large ones are kept, as the browser keeps them."""
        if message.WhichOneof("type") == "ref_hash":
            whole = ForwardMsg()
            whole.CopyFrom(self._held[message.ref_hash])
            whole.metadata.CopyFrom(message.metadata)
            return whole
        if message.metadata.cacheable:
            self._held[message.hash] = message
        return message


def _chosen(box: Any) -> str | None:
    return box.options[box.default] if box.HasField("default") else None


def _state(number: str, value: Value) -> WidgetState:
    if value is None:
        return WidgetState(id=number)
    if isinstance(value, bool):
        return WidgetState(id=number, bool_value=value)
    if isinstance(value, str):
        return WidgetState(id=number, string_value=value)
    state = WidgetState(id=number)
    state.string_array_value.data.extend(value)
    return state


def selected(row: int) -> str:
    """What a table's input holds while one row of it is selected."""
    chosen: Mapping[str, Any] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return json.dumps(chosen)


def arriving(address: str, user_cookie: str = "") -> Visitor:
    """A new person, connected to a server and not yet on any page.

    Args:
        address: of the server, "http://127.0.0.1:8501".
        user_cookie: by which the server knows again who signed in.
    """
    cookies, words = {}, ["streamlit"]
    if user_cookie:
        # as a browser does: the word that it gets here must be repeated, or nobody is believed to be anybody
        word = httpx.get(f"{address}/_stcore/health").cookies[_XSRF]
        cookies = {USER_COOKIE: user_cookie, _XSRF: word}
        words.append(word)
    return Visitor(
        connect(
            f"ws://{urlsplit(address).netloc}/_stcore/stream",
            subprotocols=words,  # type: ignore[arg-type]
            origin=address,  # type: ignore[arg-type]
            additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())},
            max_size=_MOST_BYTES,
            open_timeout=WAIT_S,
        ),
        cookies=cookies,
    )
