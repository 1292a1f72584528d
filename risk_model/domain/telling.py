"""What of an error may stand on a screen: its words, but no path, no address of a machine, no query and no stack.

The server's log and the command line tell all of it: whoever reads those may know where things are.
"""

import re
from pathlib import PurePath

NOT_SHOWN = "(not shown here)"
# a query, as engines quote it back, all small or all capitals: a sentence of ours begins "Select", and no query does
_READS = r"select\b[^\n]*?\bfrom\b|insert\s+into\b|delete\s+from\b"
_WRITES = (
    r"update\b[^\n]*?\bset\b|with\s+\w+\s+as\s*\(|copy\b[^\n]*?\bto\b|pragma\b|"
    r"(?:create|drop|alter)\s+(?:or\s+replace\s+)?(?:temp\w*\s+)?(?:table|view|index|schema)\b"
)
_QUERIES = (
    re.compile(rf"(?m)(?:^\s*|(?<=[\"'`(]))(?![A-Z][a-z])(?i:{_READS}|{_WRITES})[^\n]*"),
    re.compile(rf"(?<=: )(?![A-Z][a-z])(?i:{_READS})[^\n]*"),
)
_INNER = (
    # a stack: its heading, its lines, and the line of code below each
    re.compile(r"Traceback \(most recent call last\):"),
    re.compile(r"(?m)^\s*File \"[^\"\n]*\", line \d+.*(?:\n\s{4,}.*)?$"),
    # what SQLAlchemy and DuckDB add to what the database says
    re.compile(r"(?s)\[SQL: .*?\](?=\s*(?:\[parameters|\(Background|\Z|\n))"),
    re.compile(r"(?s)\[parameters: .*?\](?=\s*(?:\(Background|\Z|\n))"),
    re.compile(r"\(Background on this error at: \S+\)"),
    re.compile(r"(?m)^\s*LINE \d+:.*(?:\n\s*\^.*)?$"),
    *_QUERIES,
)
_ADDRESSES = (
    # the official pages of publishers are what a reader needs: all other addresses are of machines
    re.compile(r"\b(?!https://[^\s@]+(?:\s|$))[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>]*[^\s'\"<>.,;:)]"),
    re.compile(r"(?<=server at )\"[^\"]*\"(?: \([^)]*\))?(?:, port \d+)?"),
    re.compile(r"(?<=host )(?:name )?\"[^\"]*\""),
    re.compile(r"(?<=socket )\"[^\"]*\""),
    re.compile(r"(?<=\b(?:user|role) )\"[^\"]*\""),
    re.compile(r"(?<=database )\"[^\"]*\""),
    re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])"),
    re.compile(r"\blocalhost(?::\d+)?\b"),
)
# a whole path, of which the last name alone stays; in quotes it may hold spaces
_PATHS = (
    re.compile(r"(?<=')(?:/|[A-Za-z]:[\\/]|\\\\)[^'\n]*[\\/](?=[^'\\/\n]*')"),
    re.compile(r"(?<=\")(?:/|[A-Za-z]:[\\/]|\\\\)[^\"\n]*[\\/](?=[^\"\\/\n]*\")"),
    re.compile(r"(?<!\w)[A-Za-z]:[\\/]+(?:[^\s'\"<>\\/:;,]+[\\/]+)*"),
    re.compile(r"(?<![\w\\])\\\\(?:[^\s'\"<>\\/:;,]+\\)+"),
    re.compile(r"(?<![^\s\"'(:])~?/(?:[^\s'\"<>/:;,]+/)+"),
    re.compile(r"(?<![^\s\"'(:])~?/(?=[A-Za-z][\w.-]{2,})"),
)


def told(text: object, root: PurePath | None = None) -> str:
    """An error's words without what is nobody's business on a screen.

    Args:
        root: the data directory, which is named as such; any other path keeps its last name alone.
    """
    words = str(text)
    if root is not None:
        words = _without_root(words, root)
    for pattern in _INNER:
        words = pattern.sub(NOT_SHOWN, words)
    for pattern in _ADDRESSES:
        words = pattern.sub(NOT_SHOWN, words)
    for pattern in _PATHS:
        words = pattern.sub("", words)
    return words


def _without_root(words: str, root: PurePath) -> str:
    for written in {str(root), root.as_posix()}:
        words = re.sub(re.escape(written) + r"[\\/](?:[^\s'\"<>\\/:;,]+[\\/])*", "", words)
        words = words.replace(written, "the data directory")
    return words
