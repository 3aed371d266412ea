"""Calls of models and tools, tokens and their cost: what the OTLP feed fills."""

from watchbill_exporters.agent.catalogue.bounds import D
from watchbill_exporters.core.memory.tally.family import Family, counter, gauge, histogram

TOOL_OUTCOMES = ("ok", "error", "denied", "timeout")
COST_TYPES = ("model", "tool", "sandbox", "judge")
_MODEL = ("agent", "provider", "model")


def _tokens(kind: str, help_text: str) -> Family:
    return counter(f"agent_{kind}_tokens_total", help_text, *_MODEL)


MODEL_CALLS = counter("agent_model_calls_total", "Calls of models, failed ones included.", *_MODEL)
MODEL_CALL_ERRORS = counter("agent_model_call_errors_total", "Calls of models that failed.", *_MODEL, "error_type")
MODEL_CALL_DURATION = histogram("agent_model_call_duration_seconds", "Duration of calls of models.", D, *_MODEL)
FIRST_TOKEN = histogram("agent_time_to_first_token_seconds", "From the call to its first token or chunk.", D, *_MODEL)
TOOL_CALLS = counter("agent_tool_calls_total", "Calls of tools.", "agent", "tool", outcome=TOOL_OUTCOMES)
TOOL_CALL_DURATION = histogram("agent_tool_call_duration_seconds", "Duration of calls of tools.", D, "tool")
INPUT_TOKENS = _tokens("input", "Tokens sent to models, cached ones included.")
OUTPUT_TOKENS = _tokens("output", "Tokens that models wrote, reasoning included.")
CACHE_READ_TOKENS = _tokens("cache_read_input", "Those of the input tokens that came from a cache.")
CACHE_WRITE_TOKENS = _tokens("cache_write_input", "Those of the input tokens that were put into a cache.")
REASONING_TOKENS = _tokens("reasoning_output", "Those of the output tokens that were reasoning.")
COST = counter("agent_cost_usd_total", "Cost in US dollars.", *_MODEL, cost_type=COST_TYPES)
UNPRICED_TOKENS = counter(
    "agent_unpriced_tokens_total", "Tokens whose price is not known; they are in no cost.", "provider", "model"
)
PRICE_TABLE_TIME = gauge("agent_price_table_timestamp_seconds", "When the table of prices was made.")

FAMILIES = (
    MODEL_CALLS,
    MODEL_CALL_ERRORS,
    MODEL_CALL_DURATION,
    FIRST_TOKEN,
    TOOL_CALLS,
    TOOL_CALL_DURATION,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    CACHE_READ_TOKENS,
    CACHE_WRITE_TOKENS,
    REASONING_TOKENS,
    COST,
    UNPRICED_TOKENS,
    PRICE_TABLE_TIME,
)
