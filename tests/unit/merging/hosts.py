"""Alertmanager configurations as people write them, and generated ones in as many styles as YAML allows."""

from __future__ import annotations

from random import Random

import yaml

from tests.unit.routetree.generated import a_config

COMPANY = """\
# Alertmanager of the company. Ask #infra before you touch it.
#
global:
  resolve_timeout: 5m          # as everywhere
  smtp_smarthost: 'mx.example.com:25'
  smtp_from: alerts@example.com

templates:
  - '/etc/alertmanager/templates/*.tmpl'

# --- routing -------------------------------------------------------------------
route:
  group_by: ['alertname', "cluster"]   # see the wiki
  group_wait: 30s
  receiver: default
  routes:
    # The databases' people want theirs first.
    - match_re: {service: ^(mysql|redis)$}
      receiver: db
      routes:
        - match:
            severity: critical
          receiver: db-pager

    - matchers: [ team = web, severity=~"critical|warning" ]
      receiver: web
      continue: true

    # everything critical
    - matchers:
        - severity="critical"
      receiver: pager

inhibit_rules:
  - source_match: {severity: critical}
    target_match: {severity: warning}
    equal: [alertname, cluster]

receivers:
  - name: default
  - name: 'db'
    email_configs: [{to: db@example.com}]
  - {name: db-pager}
  - name: web
    slack_configs:
      - api_url_file: /etc/alertmanager/slack
        channel: "#web"
        text: |
          {{ range .Alerts }}
          # not a comment: {{ .Annotations.summary }}
          {{ end }}
  - name: pager
  - name: shop-tickets
"""
INDENTLESS = """\
route:
  receiver: default
  routes:
  - receiver: default
    matchers:
    - a=b
receivers:
- name: default
- name: shop-tickets
inhibit_rules:
"""
ANCHORS = """\
---
global: &g
  resolve_timeout: 7m
route:
    receiver: default
    group_by: &by [alertname]
    routes:
        - receiver: shop-tickets
          group_by: *by
          matchers: ['a="b"']
receivers:
    - name: default
      webhook_configs: [&hook {url: 'https://hooks.example.com/a'}]
    - name: shop-tickets
      webhook_configs: [*hook]
"""
MINIMAL = "route: \n  receiver: default\nreceivers: [{name: default}, {name: shop-tickets}]"
JSON_LIKE = '{"route": {"receiver": "default"}, "receivers": [{"name": "default"}, {"name": "shop-tickets"}]}'

REAL = {
    "comments, both spellings of matchers, a block scalar": COMPANY,
    "the same with CRLF": COMPANY.replace("\n", "\r\n"),
    "the same without a last line break": COMPANY.rstrip("\n"),
    "the same with a byte order mark": "\ufeff" + COMPANY,
    "lists at the column of their key, and an empty one": INDENTLESS,
    "anchors elsewhere": ANCHORS,
}


def styled(seed: int) -> str:
    """Return a generated configuration's text in some style."""
    rng = Random(seed)  # noqa: S311 - styles, not keys
    config = a_config(seed, ("shop-tickets",))
    flow = rng.choice((False, None))
    text = yaml.safe_dump(
        config, sort_keys=False, default_flow_style=flow, indent=rng.choice((2, 4)), width=1000, allow_unicode=True
    )
    out = []
    for line in text.splitlines():
        if rng.random() < 0.1:
            out.append(rng.choice(("# a comment", "    # indented: [comment", "")))
        out.append(line + ("  # why" if rng.random() < 0.1 and not line.endswith((":", '"', "'")) else ""))
    text = ("---\n" if rng.random() < 0.2 else "") + "\n".join(out) + ("\n" if rng.random() < 0.7 else "")
    return text.replace("\n", "\r\n") if rng.random() < 0.25 else text
