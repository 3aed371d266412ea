"""The notification template: what a phone shows at 3 am. Go template text; all links of an alert in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watchbill import conventions

if TYPE_CHECKING:
    from watchbill.model import Plan

AT_MOST = 8
"""Alerts spelled out in one notification; chats cut long texts anywhere."""

LINKS = (
    ("Runbook", "{{ .Annotations.runbook_url }}"),
    ("Dashboard", "{{ .Annotations.dashboard_url }}"),
    ("Traces", "{{ .Annotations.trace_url }}"),
    ("Query", "{{ .GeneratorURL }}"),
)
SLACK_SAFE = ' | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;"'
END = "{{ end }}" * 3
OVER = '{{ if eq .Status "resolved" }} (resolved){{ end }}\n'
_FILTER = (
    "{{ range $i, $p := .Labels.SortedPairs }}{{ if $i }}%2C%20{{ end }}"
    r'{{ printf "%s=%q" $p.Name $p.Value | urlquery | reReplaceAll "\\+" "%20" }}{{ end }}'
)


def text(plan: Plan) -> str:
    """Return the template file. Templates are called with the whole notification, as receivers are."""
    silence = f"{_alertmanager(plan)}/#/silences/new?filter=%7B{_FILTER}%7D"
    shown = {
        "plain": "{label}: {url}\n",
        "chat": "<{url}|{label}>  ",
        "markdown": "[{label}]({url})  ",
    }
    parts = [
        _define(plan, "title", TITLE),
        _define(plan, "colour", '{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}'),
        _define(plan, "summary", _first("{{ .Annotations.summary }}")),
        _define(plan, "budget_left", _first("{{ with .Annotations.budget_left }}{{ . }}{{ else }}unknown{{ end }}")),
        _define(plan, "runbook", _first("{{ .Annotations.runbook_url }}")),
        _define(plan, "dashboard", _first("{{ .Annotations.dashboard_url }}")),
        _define(plan, "traces", _first("{{ .Annotations.trace_url }}")),
        _define(plan, "silence", _first(silence)),
        _define(plan, "link", _first(LINK)),
        _define(plan, "text", _all(silence, shown["plain"])),
        _define(plan, "chat", _all(silence, shown["chat"], "*", "\n", SLACK_SAFE)),
        _define(plan, "markdown", _all(silence, shown["markdown"], "**", "\n")),
    ]
    head = f"{{{{/* {conventions.GENERATED_MARK} */}}}}\n"
    return head + "\n".join(parts)


TITLE = (
    '{{ if eq .Status "firing" }}[{{ .CommonLabels.severity | toUpper }}'
    "{{ if gt (len .Alerts.Firing) 1 }} x{{ len .Alerts.Firing }}{{ end }}]{{ else }}[RESOLVED]{{ end }} "
    "{{ range $i, $a := .Alerts }}{{ if not $i }}{{ $a.Annotations.summary }}{{ end }}{{ end }}"
)
LINK = "{{ with .Annotations.runbook_url }}{{ . }}{{ else }}{{ .GeneratorURL }}{{ end }}"


def _alertmanager(plan: Plan) -> str:
    """The address people know; without one in the spec, what Alertmanager takes for its own."""
    return plan.links.alertmanager or "{{ $.ExternalURL }}"


def _define(plan: Plan, name: str, body: str) -> str:
    return f'{{{{ define "{conventions.template(plan.service, name)}" }}}}{body}{{{{ end }}}}\n'


def _first(body: str) -> str:
    return f"{{{{ range $i, $a := .Alerts }}}}{{{{ if not $i }}}}{{{{ with $a }}}}{body}{END}"


def _all(silence: str, link: str, strong: str = "", after: str = "", safe: str = "") -> str:
    links = "".join(
        f"{{{{ with {_inside(url)} }}}}{link.format(label=label, url='{{ . }}')}{{{{ end }}}}" for label, url in LINKS
    )
    one = (
        f"{strong}{{{{ .Annotations.summary{safe} }}}}{strong}{OVER}"
        "{{ with .Annotations.budget_left }}Error budget left: {{ . }}\n{{ end }}"
        f"{{{{ with .Annotations.description }}}}{{{{ .{safe} }}}}\n{{{{ end }}}}"
        f"{links}{link.format(label='Silence', url=silence)}{after}\n"
    )
    more = f"{{{{ if gt (len .Alerts) {AT_MOST} }}}}and more: {{{{ len .Alerts }}}} alerts in all\n{{{{ end }}}}"
    return f"{{{{ range $i, $a := .Alerts }}}}{{{{ if lt $i {AT_MOST} }}}}{{{{ with $a }}}}{one}{END}{more}"


def _inside(action: str) -> str:
    return action.removeprefix("{{ ").removesuffix(" }}")
