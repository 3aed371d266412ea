"""What users import into their own programs; it needs nothing of the exporters."""

ENQUEUED_AT = "watchbill_enqueued_at"
"""The header of a message that says when it was sent, in Unix seconds."""
