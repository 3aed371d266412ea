"""Write the generated reference pages: `make docs`."""

from __future__ import annotations

from tests.docs.pages import ROOT, pages

for name, text in pages().items():
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(path.relative_to(ROOT))
