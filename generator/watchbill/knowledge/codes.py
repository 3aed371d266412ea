"""Diagnostics of runbook text."""

from watchbill.diagnostics import Code

MISSING_SECTION = Code(
    "WB510",
    "Topic lacks a section",
    "Every page has the same sections in the same order, so that nobody has to search at night.",
    "Write the section, with text; a file that replaces parts of a built-in topic needs only those parts.",
)
UNKNOWN_HEADING = Code(
    "WB511",
    "Unknown section heading",
    "Sections are found by their heading; text under another one would not reach any page.",
    "Use one of the fixed headings, or a ### heading inside of a section.",
)
NO_PAGE = Code(
    "WB512",
    "Alert without runbook text",
    "Whoever is woken by the alert finds an empty page.",
    "Write a knowledge file for the alert's family, or one named after the alert.",
)
NO_ALERT = Code(
    "WB513",
    "Runbook text without alert",
    "The file is named after an alert that the spec does not give (any more): what it says would be lost.",
    "Rename the file to the alert's new name, move the text elsewhere, or remove the file.",
)
DEAD_LINK = Code(
    "WB514",
    "Dead link",
    "Pages link to each other and to addresses; anything else leads nowhere from the site.",
    "Link to AlertName.md, to a #section, or to an https:// address.",
)
PLACEHOLDER = Code(
    "WB515",
    "Placeholder that nothing fills",
    "A query with a hole in it does not run.",
    "Use a placeholder that the page has a value for.",
)
TEMPLATE = Code(
    "WB516",
    "Placeholder syntax",
    "Two opening braces start a placeholder: a name and two closing braces follow.",
    'Write {{ name }}, or {{ "{{" }} for two braces as they are.',
)
NO_TOPIC = Code(
    "WB517",
    "No such topic",
    "`runbook:` names a topic that neither ships with watchbill nor stands in the knowledge folder.",
    "Name a topic, or leave `runbook:` out: topics are found by the metrics that are read.",
)
FRONT_MATTER = Code(
    "WB518",
    "Front matter cannot be used",
    "The lines between --- at the top say what the text is for.",
    "Write `key: value` lines; keys are title, families, metrics, adds and order.",
)
BAD_QUERY = Code(
    "WB519",
    "Query on a page is no PromQL",
    "It would fail when it is needed.",
    "Mend the query, or mark the block as something else than promql.",
)
TWICE = Code(
    "WB520",
    "Section given twice",
    "Only one of the two would reach the page.",
    "Join them.",
)

CODES = (
    MISSING_SECTION, UNKNOWN_HEADING, NO_PAGE, NO_ALERT, DEAD_LINK, PLACEHOLDER, TEMPLATE, NO_TOPIC, FRONT_MATTER,
    BAD_QUERY, TWICE,
)  # fmt: skip
