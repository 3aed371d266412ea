"""What `pgbackrest info --output=json` and `repo-ls` print; times are Unix times."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=True)


class Database(_Loose):
    id: int = 1
    repo_key: int = Field(1, alias="repo-key")


class Held(_Loose):
    held: bool = False


class Lock(_Loose):
    backup: Held = Held()


class Status(_Loose):
    code: int
    message: str = ""
    lock: Lock = Lock()

    @property
    def first_line(self) -> str:
        """Return its words up to the first colon of a nested fault: behind may stand undecryptable bytes."""
        return self.message.split("\n", 1)[0][:300]


class Repo(_Loose):
    key: int
    cipher: str = "none"
    status: Status


class Archive(_Loose):
    id: str
    max: str | None = None
    database: Database = Database()


class Span(_Loose):
    start: int
    stop: int


class Info(_Loose):
    size: int


class Backup(_Loose):
    label: str
    timestamp: Span
    info: Info
    database: Database = Database()
    type: str = "full"


class Stanza(_Loose):
    name: str
    status: Status
    repo: tuple[Repo, ...] = ()
    backup: tuple[Backup, ...] = ()
    archive: tuple[Archive, ...] = ()

    def newest_archive(self, repo: int) -> Archive | None:
        """Return the archive of the newest database; an upgrade of PostgreSQL begins another one."""
        mine = [archive for archive in self.archive if archive.database.repo_key == repo]
        return max(mine, key=lambda archive: archive.database.id, default=None)


class FileEntry(_Loose):
    type: str
    time: int | None = None
