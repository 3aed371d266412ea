"""A pasted secret is refused wherever it stands, and never repeated: not in a message, an excerpt or any report."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.unit.factories import a_spec, text
from watchbill import reports
from watchbill.errors import SpecError
from watchbill.load import load_texts

NEEDLE = "s3kr1tNEEDLE7x9y8z0a1b2"
HOOK = f"https://hooks.slack.com/services/T7/B7/{NEEDLE}"


def diagnosed(spec: str) -> list[Any]:
    with pytest.raises(SpecError) as caught:
        load_texts([("spec.yaml", spec)])
    return list(caught.value.diagnostics)


def receivers(page: Any) -> dict[str, Any]:
    return a_spec(routing={"receivers": {"page": page}})


PASTED: dict[str, Any] = {
    "a Slack address": {"slack": {"channel": "#a", "api_url": HOOK}},
    "a Slack app's token": {"slack": {"channel": "#a", "app_token": f"xapp-{NEEDLE}", "api_url_file": "/x"}},
    "a PagerDuty key": {"pagerduty": {"routing_key": NEEDLE}},
    "an older PagerDuty key": {"pagerduty": {"service_key": NEEDLE}},
    "an Opsgenie key": {"opsgenie": {"api_key": NEEDLE}},
    "a mail password": {
        "email": {"to": "a@b.example", "from": "c@d.example", "smarthost": "mx:25", "auth_password": NEEDLE}
    },
    "a token in a query": {"webhook": {"url": f"https://h.example.com/in?token={NEEDLE}"}},
    "a password in an address": {"webhook": {"url": f"https://me:{NEEDLE}@h.example.com/"}},
    "a token in a path": {"webhook": {"url": f"https://h.example.com/in/{NEEDLE}"}},
    "a webhook anybody can write to": {"webhook": {"url": f"https://discord.com/api/webhooks/7/{NEEDLE}"}},
    "a Teams address": {"msteams": {"webhook_url": f"https://x.webhook.office.com/{NEEDLE}"}},
    "a Discord address": {"discord": {"webhook_url": HOOK}},
    "a Telegram token": {"telegram": {"bot_token": f"7:{NEEDLE}", "chat_id": 7}},
    "a Pushover token": {"pushover": {"token": NEEDLE, "user_key": NEEDLE}},
    "a bearer token": {"webhook": {"url": "https://h.example.com/", "http_config": {"bearer_token": NEEDLE}}},
    "deep credentials": {
        "webhook": {"url": "https://h.example.com/", "http_config": {"authorization": {"credentials": NEEDLE}}}
    },
    "a basic password": {
        "webhook": {
            "url": "https://h.example.com/",
            "http_config": {"basic_auth": {"username": "u", "password": NEEDLE}},
        }
    },
    "a proxy's password": {
        "webhook": {"url": "https://h.example.com/", "http_config": {"proxy_url": f"http://u:{NEEDLE}@p.example.com"}}
    },
    "a key where its file belongs": {"pagerduty": {"routing_key_file": NEEDLE}},
    "an address where its file belongs": {"slack": {"channel": "#a", "api_url_file": HOOK}},
    "an address as the name of a receiver": HOOK,
    "a token among plain settings": {"slack": {"channel": "#a", "api_url_file": "/x", "username": f"xoxb-{NEEDLE}"}},
    "a token in a button": {
        "slack": {
            "channel": "#a",
            "api_url_file": "/x",
            "actions": [{"type": "button", "text": "x", "url": f"https://h.example.com/?key={NEEDLE}"}],
        }
    },
}


@pytest.mark.parametrize("style", ["json", "block"])
@pytest.mark.parametrize("about", PASTED)
def test_a_pasted_secret_is_refused_with_its_place_and_never_repeated(about: str, style: str) -> None:
    spec = receivers(PASTED[about])
    written = text(spec) if style == "json" else yaml.safe_dump(spec, width=1000)
    found = diagnosed(written)
    assert {d.code for d in found} >= {"WB160"}
    assert all(d.hint for d in found)
    for form in reports.FORMATS.values():
        assert NEEDLE not in form(found)
        assert NEEDLE[:9] not in form(found)


@pytest.mark.parametrize(
    "line",
    [
        f"    page: {{slack: {{api_url: {HOOK}, chanel: x}}}}",
        f"    page: {{slack: {{chanel: x, 'api_url': '{HOOK}'}}}}",
        f"    page: {{pagerduty: {{routing_key: {NEEDLE}}} }} }}",
        f"    page: {{pagerduty: {{routing_key: '{NEEDLE}}}",
        f"    page: {{webhok: {{url: 'https://u:{NEEDLE}@h.example.com'}}}}",
        f"    Page: {{webhook: {{url: 'https://h.example.com/?api_key={NEEDLE}'}}}}",
    ],
)
def test_no_other_finding_on_the_line_shows_it(line: str) -> None:
    found = diagnosed(f"watchbill: 1\nservice: shop\nrouting:\n  receivers:\n{line}\n")
    assert found
    for form in reports.FORMATS.values():
        assert NEEDLE not in form(found)


PLAIN: dict[str, Any] = {
    "an address without anything to hide": {"webhook": {"url": "https://alerts.example.com/v1/shop?team=web"}},
    "an address of words": {"webhook": {"url": "https://h.example.com/hooks/shop-checkout-europe-west1/alerts_v2"}},
    "an address with a port": {"webhook": {"url": "http://127.0.0.1:9099/page"}},
    "files for everything": {
        "slack": {"channel": "#a", "api_url_file": "/run/secrets/slack"},
        "pagerduty": {"routing_key_file": "secrets/pd"},
    },
    "a file's path with a long name": {"pagerduty": {"routing_key_file": f"/run/secrets/{NEEDLE}"}},
    "a route of VictorOps, which is no secret": {"victorops": {"api_key_file": "/x", "routing_key": "team-shop"}},
    "an address of Opsgenie's interface": {
        "opsgenie": {"api_key_file": "/x", "api_url": "https://api.eu.opsgenie.com/"}
    },
    "an address made by a template": {
        "slack": {"channel": "#a", "api_url_file": "/x", "title_link": "https://x.example.com/?key={{ .Status }}"}
    },
    "a name of the host's": "oncall",
}


@pytest.mark.parametrize("about", PLAIN)
def test_what_is_no_secret_is_taken(about: str) -> None:
    assert load_texts([("spec.yaml", text(receivers(PLAIN[about])))]).document.routing.receivers["page"]
