"""Attributes of three families of conventions -> one record. Data only; docs/recipes/agent-otlp.md shows it.

Where several attributes say the same, the first of STRONG wins over those of WEAK, whatever their order in the span.
OpenTelemetry GenAI: opentelemetry.io/docs/specs/semconv/gen-ai (both the names before 1.37 and those after);
OpenInference: openinference-semantic-conventions 0.1; Traceloop: opentelemetry-semantic-conventions-ai 0.5.
"""

from __future__ import annotations

from enum import IntEnum


class Slot(IntEnum):
    """Where a record keeps a value: texts first, then whole numbers, then others."""

    OPERATION = 0
    AGENT = 1
    PROVIDER = 2
    REQUEST_MODEL = 3
    RESPONSE_MODEL = 4
    TOOL = 5
    ENTITY = 6
    ERROR_TYPE = 7
    INPUT = 8
    OUTPUT = 9
    CACHE_READ = 10
    CACHE_WRITE = 11
    REASONING = 12
    FIRST_TOKEN = 13


FIRST_NUMBER = int(Slot.INPUT)

STRONG: dict[str, Slot] = {
    "gen_ai.operation.name": Slot.OPERATION,
    "gen_ai.agent.name": Slot.AGENT,
    "gen_ai.provider.name": Slot.PROVIDER,
    "gen_ai.request.model": Slot.REQUEST_MODEL,
    "gen_ai.response.model": Slot.RESPONSE_MODEL,
    "gen_ai.tool.name": Slot.TOOL,
    "traceloop.entity.name": Slot.ENTITY,
    "error.type": Slot.ERROR_TYPE,
    "gen_ai.usage.input_tokens": Slot.INPUT,
    "gen_ai.usage.output_tokens": Slot.OUTPUT,
    "gen_ai.usage.cache_read.input_tokens": Slot.CACHE_READ,
    "gen_ai.usage.cache_write.input_tokens": Slot.CACHE_WRITE,
    "gen_ai.usage.reasoning.output_tokens": Slot.REASONING,
    "gen_ai.response.time_to_first_chunk": Slot.FIRST_TOKEN,
}

WEAK: dict[str, Slot] = {
    # OpenTelemetry before 1.37
    "gen_ai.system": Slot.PROVIDER,
    "gen_ai.usage.prompt_tokens": Slot.INPUT,
    "gen_ai.usage.completion_tokens": Slot.OUTPUT,
    "gen_ai.usage.cache_creation.input_tokens": Slot.CACHE_WRITE,
    "gen_ai.workflow.name": Slot.AGENT,
    # OpenInference
    "openinference.span.kind": Slot.OPERATION,
    "agent.name": Slot.AGENT,
    "llm.provider": Slot.PROVIDER,
    "llm.system": Slot.PROVIDER,
    "llm.model_name": Slot.RESPONSE_MODEL,
    "llm.response.model_name": Slot.RESPONSE_MODEL,
    "llm.request.model_name": Slot.REQUEST_MODEL,
    "embedding.model_name": Slot.RESPONSE_MODEL,
    "tool.name": Slot.TOOL,
    "llm.token_count.prompt": Slot.INPUT,
    "llm.token_count.completion": Slot.OUTPUT,
    "llm.token_count.prompt_details.cache_read": Slot.CACHE_READ,
    "llm.token_count.prompt_details.cache_write": Slot.CACHE_WRITE,
    "llm.token_count.completion_details.reasoning": Slot.REASONING,
    # Traceloop
    "traceloop.span.kind": Slot.OPERATION,
    "llm.request.type": Slot.OPERATION,
    "traceloop.workflow.name": Slot.AGENT,
    "llm.usage.prompt_tokens": Slot.INPUT,
    "llm.usage.completion_tokens": Slot.OUTPUT,
    "gen_ai.usage.cache_read_input_tokens": Slot.CACHE_READ,
    "gen_ai.usage.cache_creation_input_tokens": Slot.CACHE_WRITE,
    "gen_ai.usage.reasoning_tokens": Slot.REASONING,
    "llm.usage.reasoning_tokens": Slot.REASONING,
}

MARKS: dict[str, str] = {
    # no convention has these yet, so they are ours; on spans and on span events
    "watchbill.run.outcome": "outcome",
    "watchbill.graph.version": "graph_version",
    "watchbill.limit": "limit",
    "watchbill.fallback.reason": "fallback",
    "watchbill.guardrail.name": "guardrail",
    "watchbill.guardrail.category": "category",
    "watchbill.guardrail.action": "action",
    "watchbill.escalation.reason": "escalation",
    "watchbill.resolution.seconds": "resolution",
    "watchbill.cost.usd": "cost",
    "watchbill.cost.type": "cost_type",
    "watchbill.experiment.name": "experiment",
    "watchbill.experiment.variant": "variant",
    "watchbill.experiment.unit": "unit",
    "gen_ai.agent.version": "agent_version",
    "llm.cost.total": "cost",
    "gen_ai.usage.cost": "cost",
    # feature flags: OpenTelemetry's feature_flag.evaluation event, and its names before 1.32
    "feature_flag.key": "experiment",
    "feature_flag.result.variant": "variant",
    "feature_flag.variant": "variant",
    "feature_flag.context.id": "unit",
}


class Kind(IntEnum):
    """What a span is to us."""

    OTHER = 0
    MODEL = 1
    TOOL = 2
    AGENT = 3
    CHAIN = 4
    """A step of a framework; at the root of a trace without agents it is the run."""
    GUARDRAIL = 5
    JUDGE = 6


KINDS: dict[str, Kind] = {
    # gen_ai.operation.name
    "chat": Kind.MODEL,
    "generate_content": Kind.MODEL,
    "text_completion": Kind.MODEL,
    "embeddings": Kind.MODEL,
    "invoke_agent": Kind.AGENT,
    "invoke_workflow": Kind.AGENT,
    "execute_tool": Kind.TOOL,
    "create_agent": Kind.OTHER,
    "retrieval": Kind.OTHER,
    "plan": Kind.CHAIN,
    # openinference.span.kind
    "LLM": Kind.MODEL,
    "EMBEDDING": Kind.MODEL,
    "AGENT": Kind.AGENT,
    "CHAIN": Kind.CHAIN,
    "TOOL": Kind.TOOL,
    "GUARDRAIL": Kind.GUARDRAIL,
    "EVALUATOR": Kind.JUDGE,
    "RETRIEVER": Kind.OTHER,
    "RERANKER": Kind.OTHER,
    "PROMPT": Kind.OTHER,
    "UNKNOWN": Kind.OTHER,
    # traceloop.span.kind, llm.request.type
    "workflow": Kind.AGENT,
    "agent": Kind.AGENT,
    "task": Kind.CHAIN,
    "tool": Kind.TOOL,
    "completion": Kind.MODEL,
    "embedding": Kind.MODEL,
    "rerank": Kind.OTHER,
    "unknown": Kind.OTHER,
}

PROVIDERS: dict[str, str] = {
    # written differently by older conventions and by Traceloop; all lower case here
    "az.ai.openai": "azure.ai.openai",
    "az.ai.inference": "azure.ai.inference",
    "azure": "azure.ai.openai",
    "vertex_ai": "gcp.vertex_ai",
    "vertexai": "gcp.vertex_ai",
    "gemini": "gcp.gemini",
    "google": "gcp.gen_ai",
    "aws": "aws.bedrock",
    "bedrock": "aws.bedrock",
    "mistralai": "mistral_ai",
    "xai": "x_ai",
    "watsonx": "ibm.watsonx.ai",
}

FIRST_TOKEN_EVENTS = frozenset({
    "gen_ai.first_token",
    "gen_ai.content.completion.chunk",
    "llm.content.completion.chunk",
    "First Token Stream Event",
})  # fmt: skip
