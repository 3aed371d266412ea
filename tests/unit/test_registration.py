"""What is not registered does not exist: a module that was forgotten fails here."""

from __future__ import annotations

import pkgutil
import re
from collections import Counter
from importlib import import_module
from inspect import isclass
from typing import get_args

import watchbill
from watchbill import targets
from watchbill.catalogue import CODES
from watchbill.cli import COMMANDS
from watchbill.diagnostics import Code
from watchbill.kinds import capacity, slis
from watchbill.kinds.item import Item
from watchbill.kinds.slis.base import Sli
from watchbill.targets import TARGETS


def modules() -> list[str]:
    return [m.name for m in pkgutil.walk_packages(watchbill.__path__, "watchbill.")]


def test_every_sli_kind_is_in_the_tuple_and_in_the_union_under_a_word_of_its_own() -> None:
    defined = set()
    for name in modules():
        if name.startswith("watchbill.kinds.slis."):
            found = vars(import_module(name)).values()
            defined |= {c for c in found if isclass(c) and issubclass(c, Sli) and "kind" in c.model_fields}
    assert set(slis.KINDS) == defined
    assert set(get_args(get_args(slis.AnySli)[0])) == defined
    words = Counter(get_args(k.model_fields["kind"].annotation)[0] for k in slis.KINDS)
    assert set(words.values()) == {1}


def test_every_capacity_kind_is_in_the_tuple_and_in_the_union_under_a_word_of_its_own() -> None:
    defined = set()
    for name in modules():
        if name.startswith("watchbill.kinds.capacity."):
            found = vars(import_module(name)).values()
            defined |= {c for c in found if isclass(c) and issubclass(c, Item) and "kind" in c.model_fields}
    assert set(capacity.KINDS) == defined
    assert set(get_args(get_args(capacity.AnyCapacity)[0])) == defined
    words = Counter(get_args(k.model_fields["kind"].annotation)[0] for k in capacity.KINDS)
    assert set(words.values()) == {1}


def test_every_target_is_registered_in_the_library_and_on_the_command_line() -> None:
    found = {name: import_module(name) for name in modules() if name.startswith("watchbill.targets.")}
    named = {m.NAME for m in found.values() if hasattr(m, "NAME")}
    assert {t.NAME for t in TARGETS} == named
    assert len({t.NAME for t in TARGETS}) == len(TARGETS)
    assert set(import_module("watchbill.cli.generate_command").TARGET_NAMES) == named
    assert targets.TARGETS is TARGETS


def test_every_code_constant_is_in_the_catalogue_once() -> None:
    defined = {c.slug: c for n in modules() for c in vars(import_module(n)).values() if isinstance(c, Code)}
    assert {c.slug for c in CODES} == set(defined)
    assert len(CODES) == len(set(CODES)) == len({c.title for c in CODES})


def test_every_code_is_explained_in_full() -> None:
    for code in CODES:
        assert re.fullmatch(r"WB\d{3}", code.slug)
        assert code.title
        assert code.why.endswith("."), code.slug
        assert code.fix.endswith("."), code.slug


def test_every_command_module_is_a_command() -> None:
    found = {n.removeprefix("watchbill.cli.").removesuffix("_command") for n in modules() if n.endswith("_command")}
    assert found == set(COMMANDS)


def test_every_check_module_is_registered() -> None:
    from watchbill.lint import CHECKS, CODES as LINT_CODES  # noqa: PLC0415, I001 - beside its use

    for name in modules():
        module = import_module(name)
        if name.startswith("watchbill.lint.") and hasattr(module, "CHECKS"):
            assert set(module.CHECKS) <= set(CHECKS)
            assert set(module.CODES) <= set(LINT_CODES)


def test_every_rule_module_of_the_dashboards_lint_is_registered() -> None:
    from watchbill.lint import dashboards  # noqa: PLC0415 - beside its use

    for name in modules():
        module = import_module(name)
        if name.startswith("watchbill.lint.dashboards.") and hasattr(module, "RULES"):
            assert set(module.RULES) <= set(dashboards.RULES)
            assert set(module.CODES) <= set(dashboards.CODES)
