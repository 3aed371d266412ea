from __future__ import annotations

from watchbill.diagnostics import Diagnostic, Severity, did_you_mean


def a_diagnostic(**changed: object) -> Diagnostic:
    fields: dict[str, object] = {
        "code": "WB777", "file": "s.yaml", "line": 3, "column": 5, "message": "m", "source": "abc: defg", "width": 4,
    }  # fmt: skip
    return Diagnostic(**{**fields, **changed})  # type: ignore[arg-type]


def test_the_caret_run_is_under_the_fault() -> None:
    assert a_diagnostic(column=6, hint="h").text().split("\n") == [
        "s.yaml:3:6: WB777 m",
        "    abc: defg",
        "         ^^^^",
        "    hint: h",
    ]


def test_a_tab_before_the_caret_stays_a_tab() -> None:
    assert a_diagnostic(source="\tabc", column=2, width=3).text().split("\n")[2] == "    \t^^^"


def test_a_caret_never_runs_beyond_its_line() -> None:
    assert a_diagnostic(source="abc", column=3, width=99).text().split("\n")[2] == "      ^"


def test_a_long_line_is_cut_around_the_fault() -> None:
    _, shown, caret = a_diagnostic(source="x" * 5000 + "FAULT" + "y" * 5000, column=5001, width=5).text().split("\n")
    assert len(shown) <= 164
    assert shown[caret.index("^") : caret.rindex("^") + 1] == "FAULT"


def test_control_characters_reach_no_terminal() -> None:
    text = a_diagnostic(message="a\nb\x1b[31m", hint="\r\x07", source="k: \x1b[2J\u2028", width=3).text()
    assert [line for line in text.split("\n") if not line.isprintable()] == []
    assert len(text.split("\n")) == 4


def test_what_is_no_error_says_so() -> None:
    assert a_diagnostic(severity=Severity.WARNING).line_form() == "s.yaml:3:5: WB777 warning: m"
    assert a_diagnostic(severity=Severity.INFO).line_form() == "s.yaml:3:5: WB777 info: m"


def test_the_nearest_name_is_suggested_and_else_all_are_listed() -> None:
    assert did_you_mean("objectve", ["window", "objective"]) == "did you mean 'objective'?"
    assert did_you_mean("zzz", ["b", "a", "b"]) == "known here: a, b"
    assert did_you_mean("zzz", []) == ""
