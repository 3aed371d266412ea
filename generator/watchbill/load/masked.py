"""Source lines as they may be shown: whatever looks like a secret is gone, wherever a diagnostic points."""

from __future__ import annotations

import re
from functools import lru_cache

from watchbill.spec.integrations import KINDS
from watchbill.spec.secrets import DEEP_SECRETS, in_url

MASK = "***"
_NAMES = sorted({key for kind in KINDS.values() for key in kind.secrets} | DEEP_SECRETS, key=len, reverse=True)
_KEYED = re.compile(rf"""(?P<head>(?<![\w-])["']?(?:{"|".join(_NAMES)})["']?\s*:\s*)(?!\s|$|[#\[{{]).*""")
_ADDRESS = re.compile(r"""(?<!\w)\w{1,20}://[^\s"'\]}>]+""")


@lru_cache(maxsize=256)
def masked(line: str) -> str:
    """Return the line with secrets masked: what follows a secret's key, and addresses that hold one."""
    line = _KEYED.sub(lambda m: m["head"] + _stars(m[0][len(m["head"]) :]), line)
    return _ADDRESS.sub(lambda m: _stars(m[0]) if in_url(m[0]) else m[0], line)


def _stars(text: str) -> str:
    """As many: a caret further on keeps its place."""
    return "*" * len(text)


def cut(line: str, column: int) -> str:
    """Return the line without what begins at the column: the secret itself, and whatever stands after it."""
    return masked(line[: column - 1]) + MASK
