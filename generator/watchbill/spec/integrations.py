"""Ways to reach people, as Alertmanager spells them: settings, secret files, and the version that knows each."""

from __future__ import annotations

from dataclasses import dataclass, field

Version = tuple[int, int]
FLOOR: Version = (0, 25)


@dataclass(frozen=True, slots=True)
class IntegrationKind:
    """One kind. `files` are settings that name a secret's file; `needs`: of each group, one must be given.

    `secrets` are the settings that hold the secret itself: never taken. `newer`: settings younger than the kind.
    """

    settings: tuple[str, ...]
    files: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    since: Version = FLOOR
    newer: dict[str, Version] = field(default_factory=dict)


# Settings as of the version in `since` or `newer`; amtool 0.25, 0.28 and 0.33 check them in the tests. Debian's 0.28.1
# does not know jira_configs, which upstream's notes date to 0.28: it counts from 0.29 here.
KINDS: dict[str, IntegrationKind] = {
    "slack": IntegrationKind(
        settings=(
            "channel", "username", "color", "fallback", "callback_id", "pretext", "text", "title", "title_link",
            "image_url", "thumb_url", "footer", "fields", "actions", "short_fields", "link_names", "mrkdwn_in",
            "icon_emoji", "icon_url",
        ),
        files=("api_url_file",),
        secrets=("api_url", "app_token"),
        needs=(("api_url_file",),),
    ),
    "pagerduty": IntegrationKind(
        settings=(
            "url", "client", "client_url", "description", "severity", "details", "images", "links", "class",
            "component", "group", "source",
        ),
        files=("routing_key_file", "service_key_file"),
        secrets=("routing_key", "service_key"),
        needs=(("routing_key_file", "service_key_file"),),
    ),
    "opsgenie": IntegrationKind(
        settings=(
            "api_url", "message", "description", "source", "details", "responders", "tags", "note", "priority",
            "update_alerts", "entity", "actions",
        ),
        files=("api_key_file",),
        secrets=("api_key",),
        needs=(("api_key_file",),),
    ),
    "email": IntegrationKind(
        settings=(
            "to", "from", "smarthost", "hello", "auth_username", "auth_identity", "require_tls", "tls_config",
            "html", "text", "headers",
        ),
        files=("auth_password_file", "auth_secret_file"),
        secrets=("auth_password", "auth_secret"),
        needs=(("to",), ("from",), ("smarthost",)),
        newer={"auth_secret_file": (0, 31)},
    ),
    "webhook": IntegrationKind(
        settings=("url", "max_alerts", "timeout"),
        files=("url_file",),
        needs=(("url", "url_file"),),
        newer={"url_file": (0, 26), "timeout": (0, 28)},
    ),
    "msteams": IntegrationKind(
        settings=("title", "text", "summary"),
        files=("webhook_url_file",),
        secrets=("webhook_url",),
        needs=(("webhook_url_file",),),
        since=(0, 27),
    ),
    "msteamsv2": IntegrationKind(
        settings=("title", "text"),
        files=("webhook_url_file",),
        secrets=("webhook_url",),
        needs=(("webhook_url_file",),),
        since=(0, 28),
    ),
    "discord": IntegrationKind(
        settings=("title", "message", "content", "username", "avatar_url"),
        files=("webhook_url_file",),
        secrets=("webhook_url",),
        needs=(("webhook_url_file",),),
        since=(0, 27),
        newer=dict.fromkeys(("content", "username", "avatar_url"), (0, 28)),
    ),
    "telegram": IntegrationKind(
        settings=("api_url", "chat_id", "message", "parse_mode", "disable_notifications", "message_thread_id"),
        files=("bot_token_file",),
        secrets=("bot_token",),
        needs=(("bot_token_file",), ("chat_id",)),
        since=(0, 26),
        newer={"message_thread_id": (0, 28)},
    ),
    "pushover": IntegrationKind(
        settings=("title", "message", "url", "url_title", "priority", "retry", "expire", "sound", "html", "device"),
        files=("token_file", "user_key_file"),
        secrets=("token", "user_key"),
        needs=(("token_file",), ("user_key_file",)),
        since=(0, 26),
        newer={"device": (0, 27)},
    ),
    "victorops": IntegrationKind(
        settings=(
            "api_url", "routing_key", "message_type", "entity_display_name", "state_message", "monitoring_tool",
            "custom_fields",
        ),
        files=("api_key_file",),
        secrets=("api_key",),
        needs=(("api_key_file",), ("routing_key",)),
    ),
    "webex": IntegrationKind(
        settings=("api_url", "room_id", "message"), needs=(("room_id",), ("http_config",)),
    ),
    "jira": IntegrationKind(
        settings=(
            "api_url", "project", "issue_type", "summary", "description", "labels", "priority", "reopen_transition",
            "resolve_transition", "wont_fix_resolution", "reopen_duration", "fields",
        ),
        needs=(("api_url",), ("project",), ("issue_type",), ("http_config",)),
        since=(0, 29),
    ),
    "rocketchat": IntegrationKind(
        settings=(
            "api_url", "channel", "color", "title", "text", "title_link", "emoji", "icon_url", "fields", "image_url",
            "thumb_url", "short_fields", "link_names", "actions",
        ),
        files=("token_file", "token_id_file"),
        secrets=("token", "token_id"),
        needs=(("token_file",), ("token_id_file",)),
        since=(0, 28),
    ),
    "incidentio": IntegrationKind(
        settings=("url", "max_alerts"),
        files=("url_file", "alert_source_token_file"),
        secrets=("alert_source_token",),
        needs=(("url", "url_file"), ("alert_source_token_file",)),
        since=(0, 29),
    ),
}  # fmt: skip


def needs_version(kind: str, setting: str = "") -> Version:
    """Return the first Alertmanager that knows the kind, or the kind's setting."""
    one = KINDS[kind]
    return max(one.since, one.newer.get(setting, FLOOR))
