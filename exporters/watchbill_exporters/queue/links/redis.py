"""Redis: one connection for each read, so that a new password, a failover or a restart needs nothing of us."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from pydantic import Field

from watchbill_exporters.core.errors import InvalidError, Reason, ScrapeError
from watchbill_exporters.core.fields import SecretField, TargetSection, Url
from watchbill_exporters.queue.links.packages import need

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from redis import Redis

    from watchbill_exporters.core.resolver import Resolver
    from watchbill_exporters.core.secret import Secret

SCHEMES = ("redis", "rediss", "unix")


class RedisSection(TargetSection):
    """The keys of every source that reads a Redis."""

    url: Url = Field("redis://127.0.0.1:6379/0", description="redis://, rediss:// (TLS) or unix:// with ?db=0.")
    username: str | None = Field(None, description="A user of the ACL.")
    password: SecretField | None = None
    ca_file: str | None = Field(None, description="Whom to trust with rediss://, instead of the system's authorities.")


@dataclass(frozen=True)
class RedisConfig:
    """Where a Redis is."""

    url: str
    username: str | None = None
    password: Secret | None = None
    ca_file: Path | None = None

    @property
    def database(self) -> int:
        """Return the number of the database, as redis-py reads it from the URL."""
        parts = urlsplit(self.url)
        asked = parse_qs(parts.query).get("db")
        path = "" if parts.scheme == "unix" else parts.path.strip("/")
        return int(asked[0]) if asked else int(path or 0)


def redis_config(section: RedisSection, resolver: Resolver) -> RedisConfig:
    """Raises InvalidError."""
    need("redis")
    parts = urlsplit(section.url)
    if parts.scheme not in SCHEMES:
        raise InvalidError(("url",), f"no Redis is at '{parts.scheme}:'", "Such as redis://127.0.0.1:6379/0.")
    if "@" in parts.netloc:
        raise InvalidError(("url",), "a URL must hold no user or password", "Use username, and password_file.")
    if parse_qs(parts.query).keys() - {"db"}:
        raise InvalidError(("url",), "a URL may have ?db=, nothing else", "Use the keys of the section.")
    ca_file = resolver.path(section.ca_file) if section.ca_file else None
    if ca_file is not None and not ca_file.is_file():
        raise InvalidError(("ca_file",), f"{ca_file} is not a file")
    password = resolver.secret(section.password, "password") if section.password is not None else None
    config = RedisConfig(section.url, section.username, password, ca_file)
    try:
        _ = config.database
    except ValueError:
        raise InvalidError(("url",), "the database is not a number", "Such as redis://127.0.0.1:6379/0.") from None
    return config


@contextmanager
def connected(config: RedisConfig, timeout: float, **more: Any) -> Iterator[Redis]:
    """Yield a client that is given up after `timeout` seconds without an answer. Raises ScrapeError."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    options: dict[str, Any] = {"socket_timeout": timeout, "socket_connect_timeout": timeout, "protocol": 2, **more}
    if config.ca_file is not None:
        options["ssl_ca_certs"] = str(config.ca_file)
    if config.password is not None:
        options["password"] = config.password.reveal()
    client = redis.Redis.from_url(
        config.url,
        username=config.username,
        retry=Retry(NoBackoff(), 0),  # the next scrape is the retry
        driver_info=None,  # no CLIENT SETINFO, which an ACL may forbid
        **options,
    )
    try:
        yield client
    except redis.AuthenticationError as error:
        raise ScrapeError(Reason.AUTH, str(error)) from error
    except redis.exceptions.NoPermissionError as error:
        raise ScrapeError(Reason.PERMISSION, str(error)) from error
    except redis.TimeoutError as error:
        raise ScrapeError(Reason.TIMEOUT, str(error)) from error
    except redis.ConnectionError as error:
        raise ScrapeError(Reason.CONNECT, str(error)) from error
    finally:
        client.close()
