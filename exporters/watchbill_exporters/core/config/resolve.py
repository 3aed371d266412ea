"""Sections -> frozen configs of targets and feeds; the document of one exporter."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, create_model

from watchbill_exporters.core.config import load
from watchbill_exporters.core.errors import ConfigError, InvalidError
from watchbill_exporters.core.fields import Duration, Section
from watchbill_exporters.core.resolver import Resolver

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from watchbill_exporters.core.config.marks import Path as Keys
    from watchbill_exporters.core.contract import AnyFeedSource, AnySource, Exporter
    from watchbill_exporters.core.diagnostics import Diagnostic
    from watchbill_exporters.core.fields import TargetSection


class LimitsSection(Section):
    """What keeps a page small."""

    series_per_family: int = Field(20_000, ge=1, le=10_000_000, description="More are dropped and counted.")


class DocumentSection(Section):
    """The keys every exporter has."""

    timeout: Duration = Field(10.0, description="For scrapes that state no timeout of their own.")
    probe_only: bool = Field(False, description="Read targets by /probe only, not by /metrics.")
    limits: LimitsSection = LimitsSection()


@dataclass(frozen=True)
class Target:
    """One entry of `targets:`, resolved."""

    name: str
    source: AnySource
    config: Any
    timeout: float | None = None
    refresh: float | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FeedConfig:
    """The section of a feed, resolved."""

    source: AnyFeedSource
    config: Any


@dataclass(frozen=True)
class Settings:
    """A whole config, ready to run."""

    timeout: float = 10.0
    probe_only: bool = False
    series_per_family: int = 20_000
    targets: tuple[Target, ...] = ()
    feeds: tuple[FeedConfig, ...] = ()


def document(exporter: Exporter) -> type[DocumentSection]:
    """Return the model of an exporter's config: the common keys, `targets`, and one key for each feed."""
    fields: dict[str, Any] = {feed.kind: (feed.section | None, None) for feed in exporter.feeds}
    if exporter.sources:
        sections: Any = reduce(or_, (source.section for source in exporter.sources))
        if len(exporter.sources) > 1:
            sections = Annotated[sections, Field(discriminator="kind")]
        fields["targets"] = (tuple.__class_getitem__((sections, ...)), ())
    return create_model(f"{exporter.name.title()}Config", __base__=DocumentSection, **fields)


def settings(exporter: Exporter, file: Path) -> Settings:
    """Read, check and resolve a config. Raises ConfigError with all that is wrong."""
    source = load.load(file)
    section: Any = load.validate(source, document(exporter))
    resolver = Resolver(file.resolve().parent)
    faults: list[Diagnostic] = []
    targets = tuple(_targets(exporter, section, resolver, source, faults))
    feeds = tuple(_feeds(exporter, section, resolver, source, faults))
    if faults:
        raise ConfigError(sorted(faults))
    return Settings(section.timeout, section.probe_only, section.limits.series_per_family, targets, feeds)


def _targets(exporter: Exporter, section: Any, resolver: Resolver, text: load.Source, faults: list[Diagnostic]) -> Any:
    kinds = {source.kind: source for source in exporter.sources}
    names: dict[str, int] = {}
    entries: tuple[TargetSection, ...] = getattr(section, "targets", ())
    for index, entry in enumerate(entries):
        at: Keys = ("targets", index)
        if (first := names.setdefault(entry.name, index)) != index:
            line = text.tree.locate(("targets", first, "name")).line
            faults.append(text.diagnose((*at, "name"), f"the name '{entry.name}' is already given on line {line}"))
        source = kinds[entry.kind]
        try:
            config = source.resolve(entry, resolver)
        except InvalidError as error:
            faults.append(text.diagnose((*at, *error.path), str(error), error.hint))
        else:
            yield Target(entry.name, source, config, entry.timeout, entry.refresh, entry.labels)


def _feeds(exporter: Exporter, section: Any, resolver: Resolver, text: load.Source, faults: list[Diagnostic]) -> Any:
    for feed in exporter.feeds:
        entry = getattr(section, feed.kind)
        if entry is None:
            continue
        try:
            yield FeedConfig(feed, feed.resolve(entry, resolver))
        except InvalidError as error:
            faults.append(text.diagnose((feed.kind, *error.path), str(error), error.hint))
