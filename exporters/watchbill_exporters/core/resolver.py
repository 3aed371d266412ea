"""What a section may refer to outside of itself: files beside the config, the environment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from watchbill_exporters.core.errors import InvalidError
from watchbill_exporters.core.secret import Secret


@dataclass(frozen=True)
class Resolver:
    """What a section may refer to outside of itself."""

    base: Path

    def path(self, path: Path | str) -> Path:
        """Return a path as seen from the config file."""
        return self.base / Path(path).expanduser()

    def secret(self, secret: Secret, *key: str | int) -> Secret:
        """Return the secret with its file as seen from the config.

        `key` leads from the section to the field. Raises InvalidError when the secret cannot be read now.
        """
        found = Secret(file=self.path(secret.file)) if secret.file is not None else secret
        name = str(key[-1]) if key else ""
        try:
            found.read()
        except UnicodeDecodeError:
            raise InvalidError((*key[:-1], f"{name}_file"), f"{found} is not UTF-8") from None
        except OSError as error:
            raise InvalidError((*key[:-1], f"{name}_file"), f"{found} cannot be read: {error.strerror}") from None
        except LookupError:
            message = f"the environment has no {secret.env}"
            raise InvalidError((*key, f"{name}_env"), message, "Set it, or use a file.") from None
        return found
