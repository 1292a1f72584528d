"""Where the current issue of a file is: by the date in its address, or in the lists that its publisher keeps."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from risk_model.domain.errors import DownloadRefused
from risk_model.domain.periods import dates_in
from risk_model.sources.answers import NotThere, Web, by_hand, joined, read_list, short
from risk_model.sources.downloads import Catalogue, Download
from risk_model.sources.fetching import Wanted
from risk_model.sources.origins import origin_of

_FIRST_MONTH = 9  # an academic year begins in September
_MOST_PAGES = 50
_PAGE_SIZE = 20
_LINK = re.compile(r'href="([^"<>\s]+)"', re.IGNORECASE)
_TABLES = (".csv", ".ods", ".xlsx", ".zip")
_LISTED = 8
_STRICTER = "Make the title in data/lookups/downloads.toml stricter."


def places(
    web: Web, catalogue: Catalogue, download: Download, today: date, say: Callable[[str], None]
) -> Iterator[Wanted]:
    """Where a file may be, the newest first: the first that is there is the current one.

    Raises:
        NotThere: its publisher's lists do not have it.
        DownloadRefused: they cannot be had or understood, or two files fit.
    """
    address = catalogue.address_of(download)
    if download.how == "dated file":
        yield from _dated(download, address, today)
    elif download.how == "yearly file":
        yield from _yearly(download, address, today)
    elif download.how == "GOV.UK":
        yield _attached(web, download, address, read_list(web, address, say))
    elif download.how == "EES API":
        yield _data_set(web, download, address, say)
    else:
        yield _release_file(web, download, address, say)


def _dated(download: Download, address: str, today: date) -> Iterator[Wanted]:
    for back in range(download.days_back + 1):
        day = today - timedelta(days=back)
        filled = address.replace("{date}", f"{day:%Y%m%d}")
        yield Wanted(filled, _last_part(filled))


def _yearly(download: Download, address: str, today: date) -> Iterator[Wanted]:
    first = today.year - (today.month < _FIRST_MONTH)
    for begun in range(first, first - download.years_back - 1, -1):
        year = f"{begun}-{begun + 1}"
        yield Wanted(address.replace("{year}", year), download.file_name, period=year)


def _attached(web: Web, download: Download, address: str, page: Any) -> Wanted:
    """The attachment of a page on GOV.UK whose title fits; of several the one of the latest day, as CSV."""
    details = page.get("details") if isinstance(page, dict) else None
    if not isinstance(details, dict):
        raise _not_understood(web, address, "a page")
    files = [one for one in _attachments(details, address) if one[1].lower().split("?")[0].endswith(_TABLES)]
    fitting = [one for one in files if download.is_titled(one[0])]
    if not fitting:
        raise _not_listed(web, download, (title for title, _, _ in files))
    newest = max(_day(one) for one in fitting)
    latest = [one for one in fitting if _day(one) == newest]
    csv = [one for one in latest if one[1].lower().endswith(".csv")]
    chosen = {one[1]: one for one in csv or latest}
    if len(chosen) > 1:
        raise DownloadRefused(
            f"{download.name} was not downloaded: {len(chosen)} files of the same day fit.",
            [
                *(short(title) for title, _, _ in chosen.values()),
                _STRICTER,
                *by_hand(web),
            ],
        )
    _, place, size = next(iter(chosen.values()))
    return Wanted(place, _last_part(place), size)


def _attachments(details: dict[str, Any], address: str) -> Iterator[tuple[str, str, int | None]]:
    """Title with file name, address, and size of each attachment; without a list of them, of each link in the text."""
    listed = list(_entries(details.get("attachments")))
    for one in listed:
        place = joined(address, _text(one, "url"))
        size = one.get("file_size")
        # what is no address of the web at all is no attachment
        if origin_of(place):
            yield f"{_text(one, 'title')} {_readable(place)}", place, size if type(size) is int else None
    if listed:
        return
    for link in _LINK.findall(f"{details.get('body', '')} {details.get('documents', '')}"):
        place = joined(address, link.replace("&amp;", "&"))
        if origin_of(place):
            yield _readable(place), place, None


def _day(attachment: tuple[str, str, int | None]) -> date:
    return max(dates_in(attachment[0]), default=date.min)


def _data_set(web: Web, download: Download, root: str, say: Callable[[str], None]) -> Wanted:
    """The latest version of a data set of Explore Education Statistics, by the titles of both."""
    search = f"{root}/publications?search={_quoted(download.publication)}"
    titled = [one for one in _pages(web, search, say) if _same(_text(one, "title"), download.publication)]
    if not titled:
        raise NotThere(
            f'{download.name} was not found: no publication is called "{download.publication}".',
            ["It may have been renamed: correct the catalogue.", *by_hand(web)],
        )
    publication = f"{root}/publications/{_quoted(_text(titled[0], 'id'))}/data-sets"
    sets = list(_pages(web, publication, say))
    fitting = [one for one in sets if download.is_titled(_text(one, "title"))]
    if not fitting:
        raise _not_listed(web, download, (_text(one, "title") for one in sets))
    latest = max(fitting, key=lambda one: _text(_entry(one, "latestVersion"), "published"))
    version = _text(_entry(latest, "latestVersion"), "version")
    wanted_version = f"?dataSetVersion={_quoted(version)}" if version else ""
    return Wanted(f"{root}/data-sets/{_quoted(_text(latest, 'id'))}/csv{wanted_version}", download.file_name)


def _release_file(web: Web, download: Download, root: str, say: Callable[[str], None]) -> Wanted:
    """The file of a publication's latest release whose title fits."""
    address = f"{root}/publications/{_quoted(download.publication)}/releases/latest"
    release = read_list(web, address, say)
    if not isinstance(release, dict) or not _text(release, "id"):
        raise _not_understood(web, address, "a release")
    files = list(_entries(release.get("downloadFiles")))
    fitting = [one for one in files if download.is_titled(f"{_text(one, 'name')} {_spaced(_text(one, 'fileName'))}")]
    if not fitting:
        raise _not_listed(web, download, (_text(one, "name") for one in files))
    if len(fitting) > 1:
        raise DownloadRefused(
            f"{download.name} was not downloaded: {len(fitting)} files of the release fit.",
            [
                *(short(_text(one, "name")) for one in fitting),
                _STRICTER,
                *by_hand(web),
            ],
        )
    ids = (_quoted(_text(release, "id")), _quoted(_text(fitting[0], "id")))
    return Wanted(f"{root}/releases/{ids[0]}/files/{ids[1]}", _text(fitting[0], "fileName") or download.file_name)


def _pages(web: Web, address: str, say: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """Every result of a list that comes in pages."""
    joint = "&" if "?" in address else "?"
    for number in range(1, _MOST_PAGES + 1):
        page = read_list(web, f"{address}{joint}page={number}&pageSize={_PAGE_SIZE}", say)
        if not isinstance(page, dict) or not isinstance(page.get("results"), list):
            raise _not_understood(web, address, "a list in pages")
        yield from _entries(page["results"])
        last = _entry(page, "paging").get("totalPages")
        if not isinstance(last, int) or number >= last:
            return


def _entries(value: Any) -> Iterator[dict[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())


def _entry(value: dict[str, Any], key: str) -> dict[str, Any]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _text(value: dict[str, Any], key: str) -> str:
    inner = value.get(key)
    return inner if isinstance(inner, str) else ""


def _quoted(text: str) -> str:
    """Text as one part of an address, whatever it holds; an id of dots would climb to another part."""
    quoted = quote(text, safe="", errors="replace")
    return quoted if text.strip(".") else quoted.replace(".", "%2E")


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _last_part(address: str) -> str:
    return unquote(urlsplit(address).path.rsplit("/", 1)[-1])


def _readable(address: str) -> str:
    return _spaced(_last_part(address))


def _spaced(file_name: str) -> str:
    return file_name.replace("_", " ")


def _not_listed(web: Web, download: Download, titles: Iterable[str]) -> NotThere:
    there = [short(" ".join(title.split())) for title in titles]
    more = f" and {len(there) - _LISTED} more" if len(there) > _LISTED else ""
    return NotThere(
        f"{download.name} was not found: none of the {len(there)} files that its publisher lists has that title.",
        [
            f"Listed: {'; '.join(there[:_LISTED])}{more}." if there else "The list is empty.",
            f'Sought: "{download.title}". If the publisher has renamed it, correct data/lookups/downloads.toml.',
            *by_hand(web),
        ],
    )


def _not_understood(web: Web, address: str, what: str) -> DownloadRefused:
    return DownloadRefused(
        f"{short(address)} was not understood: the service's answer is not {what} as it used to be.",
        ["The service may have changed: the catalogue, or this product, has to follow.", *by_hand(web)],
    )
