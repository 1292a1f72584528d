"""The catalogue of the official files: where each is, how it is found, and what it should be recognised as."""

import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from risk_model.domain.errors import DownloadRefused
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.origins import Origin, origin_of

How = Literal["dated file", "yearly file", "GOV.UK", "EES API", "EES release"]
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
_SOUGHT_BY_TITLE = ("GOV.UK", "EES API", "EES release")
_PUBLISHED_UNDER = ("EES API", "EES release")


class Download(BaseModel):
    """One official file that is published again and again.

    Attributes:
        id: what the user names, and the folder that its files are kept in.
        how: how the current file is found; the catalogue's head explains each way.
        base: which of the catalogue's bases the path belongs to.
        path: of the file or, where it is sought by its title, of the service that lists the files.
        publication: the publication that the file belongs to: a title, or for a release its slug.
        title: a regular expression that the file's title must contain; case does not matter.
        file_name: what it is called where the service does not say.
        layouts: the kinds of file (sources) as which it should be recognised.
        page: where a person finds the file.
        known: how sure the address is.
        days_back, years_back: how far before today a dated file is sought.
    """

    model_config = _STRICT

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")
    name: str = Field(min_length=3)
    publisher: str = Field(min_length=3)
    how: How
    base: str
    path: str = Field(pattern=r"^/[!-~]*$")
    publication: str = ""
    title: str = ""
    file_name: str = ""
    cadence: Literal["daily", "monthly", "termly", "yearly"]
    layouts: list[str] = Field(min_length=1)
    page: str = Field(pattern=r"^https://[!-~]+$")
    known: str = Field(min_length=5)
    licence: str = "Open Government Licence v3.0"
    days_back: int = Field(default=7, ge=0, le=60)
    years_back: int = Field(default=2, ge=0, le=10)

    @model_validator(mode="after")
    def _has_what_its_way_needs(self) -> "Download":
        placeholder = {"dated file": "{date}", "yearly file": "{year}"}.get(self.how)
        if placeholder and self.path.count(placeholder) != 1:
            raise ValueError(f"the path of a {self.how} has {placeholder} once")
        if self.how in _SOUGHT_BY_TITLE and not self.title:
            raise ValueError("it is sought by a title, and none is given")
        if self.how in _PUBLISHED_UNDER and not self.publication:
            raise ValueError("no publication is given")
        try:
            re.compile(self.title)
        except re.error as error:
            raise ValueError(f"the title is not a regular expression: {error}") from error
        unknown = set(self.layouts) - {source.id for source in SOURCES}
        if unknown:
            raise ValueError(f"no kind of file is called {', '.join(sorted(unknown))}")
        return self

    def is_titled(self, text: str) -> bool:
        """Whether a title that the service gives is this file's."""
        return re.search(self.title, text, re.IGNORECASE) is not None


class Catalogue(BaseModel):
    """Every download, and the only places that one may come from."""

    model_config = _STRICT

    bases: dict[str, str] = Field(min_length=1)
    download: list[Download] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_whole(self) -> "Catalogue":
        for name, address in self.bases.items():
            origin = origin_of(address)
            if origin is None or not origin.may_be_allowed or address.rstrip("/") != str(origin):
                raise ValueError(f"the base {name} is not https://host, or http on this machine alone")
        ids = [one.id for one in self.download]
        twice = {one for one in ids if ids.count(one) > 1}
        if twice:
            raise ValueError(f"twice in the catalogue: {', '.join(sorted(twice))}")
        homeless = [one.id for one in self.download if one.base not in self.bases]
        if homeless:
            raise ValueError(f"the base of {', '.join(homeless)} is not listed")
        return self

    @property
    def allowed(self) -> frozenset[Origin]:
        """The places that a download may come from."""
        return frozenset(origin for address in self.bases.values() if (origin := origin_of(address)))

    def address_of(self, download: Download) -> str:
        """The whole address of a download's path."""
        return self.bases[download.base].rstrip("/") + download.path

    def chosen(self, ids: list[str]) -> list[Download]:
        """The downloads of these ids, in the catalogue's order; all of them where none is named.

        Raises:
            DownloadRefused: one is not in the catalogue.
        """
        known = {one.id for one in self.download}
        unknown = [one for one in ids if one not in known]
        if unknown:
            raise DownloadRefused(
                f"Nothing was downloaded: the catalogue has no source called {', '.join(unknown)}.",
                [f"It has: {', '.join(sorted(known))}."],
            )
        return [one for one in self.download if not ids or one.id in ids]


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue of downloads, checked strictly.

    Raises:
        DownloadRefused: it cannot be read, or something in it cannot be.
    """
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return Catalogue.model_validate(content)
    except OSError as error:
        raise _not_read(path, [f"It cannot be opened: {error.strerror or 'no reason was given'}."]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _not_read(path, [f"It is not TOML: {error}."]) from error
    except ValidationError as error:
        raise _not_read(path, [_line(one) for one in error.errors()]) from error


def _line(problem: Any) -> str:
    where = " ".join(str(part) for part in problem["loc"])
    return f"{where or 'the catalogue'}: {problem['msg'].removeprefix('Value error, ')}."


def _not_read(path: Path, details: list[str]) -> DownloadRefused:
    return DownloadRefused(f"The catalogue of downloads {path.name} was not read.", [*details, "Correct it."])
