"""Diagnostics of reading: before any meaning."""

from watchbill.diagnostics import Code

SYNTAX = Code(
    "WB001", "YAML syntax", "The file is no YAML.", "Mend the place the caret shows; tabs cannot indent YAML."
)
DUPLICATE = Code(
    "WB002",
    "Key given twice",
    "YAML parsers keep one of the two silently; nobody knows which one was meant.",
    "Drop or rename one of them.",
)
TOO_BIG = Code(
    "WB003",
    "Spec too large or too deep",
    "Files over 16 MiB, nesting over 64 levels and aliases of over two million nodes are accidents or attacks.",
    "Split the spec into several files in one folder.",
)
ENCODING = Code("WB004", "Not UTF-8", "Specs are UTF-8 text.", "Save the file as UTF-8.")
ALIAS = Code(
    "WB005", "Alias cannot be used", "The alias names no anchor above it, or contains itself.", "Write it out."
)
TAG = Code("WB006", "YAML tag", "Tags make YAML parsers build arbitrary things; specs need none.", "Drop the tag.")
UNREADABLE = Code("WB007", "Spec cannot be read", "The file is missing or not readable.", "Check path and permissions.")
CONFLICT = Code(
    "WB008",
    "Files disagree",
    "Several files make one spec; a value may stand in one of them only, lists are joined.",
    "Keep the value in one file.",
)
SHAPE = Code("WB009", "Not a mapping", "A spec is a mapping of sections.", "Start with `watchbill: 1`.")
UNKNOWN_KEY = Code(
    "WB100", "Unknown key", "A key that is not known would be ignored silently.", "See `watchbill schema`."
)
MISSING_KEY = Code("WB101", "Key is missing", "The key has no sensible default.", "Add the key.")
WRONG_VALUE = Code(
    "WB102", "Value cannot be used", "The value has the wrong type or is out of range.", "See the message."
)
UNKNOWN_WORD = Code("WB103", "Unknown word", "The key takes one of a few words.", "Use one of the words named.")

CODES = (
    SYNTAX, DUPLICATE, TOO_BIG, ENCODING, ALIAS, TAG, UNREADABLE, CONFLICT, SHAPE,
    UNKNOWN_KEY, MISSING_KEY, WRONG_VALUE, UNKNOWN_WORD,
)  # fmt: skip
