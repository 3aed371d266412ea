"""What the pages about exporters show is true."""

from __future__ import annotations

import re

import pytest
import yaml

from lab.toolchain import ROOT
from tests.exporters.sample import EXPORTER
from watchbill_exporters.core.config.resolve import document
from watchbill_exporters.core.errors import Reason
from watchbill_exporters.core.web.config import WebSection
from watchbill_exporters.core.web.site import Site

CONCEPT = (ROOT / "docs/concepts/exporters.md").read_text(encoding="utf-8")
TLS = (ROOT / "docs/recipes/exporter-tls.md").read_text(encoding="utf-8")


def test_the_web_config_of_the_recipe_is_one() -> None:
    (text,) = (block for block in re.findall(r"```yaml\n(.*?)```", TLS, re.DOTALL) if "tls_server_config" in block)

    assert WebSection.model_validate(yaml.safe_load(text)).tls_server_config is not None


@pytest.mark.parametrize("key", ["timeout", "probe_only"])
def test_a_default_is_the_one_of_the_code(key: str) -> None:
    default = document(EXPORTER).model_fields[key].default
    shown = re.search(rf"\| `{key}` \| `([^`]+)` \|", CONCEPT)

    assert shown is not None
    assert shown[1] == {"timeout": f"{default:g}s", "probe_only": str(default).lower()}[key]


def test_every_reason_is_listed() -> None:
    assert ", ".join(f"`{reason}`" for reason in Reason) in CONCEPT


def test_every_page_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nothing:
        @staticmethod
        def routes() -> tuple[()]:
            return ()

    paths = Site(Nothing()).table()  # type: ignore[arg-type]

    assert all(f"{path}" in CONCEPT for path in paths)
