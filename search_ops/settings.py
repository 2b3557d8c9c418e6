"""Settings of an installation: read once from the environment, prefix ``SEARCH_OPS_``.

Every variable has a default that works, so that `./run` needs none. The supervisor fills the database
addresses of its children; whoever runs a process alone sets them by hand.
"""

import os
import pwd
import shlex
from functools import cache
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Port = Annotated[int, Field(ge=1, le=65535)]

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


def _home() -> Path:
    """Home directory, also when ``HOME`` is unset or empty, as under CI and some service runners."""
    return Path(os.environ.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir)


def default_data_dir() -> Path:
    """Where data live when nobody says otherwise: a system folder for root, the user's own otherwise."""
    if os.getuid() == 0:
        return Path("/var/lib/search-ops")
    wished = os.environ.get("XDG_DATA_HOME")
    return (Path(wished) if wished else _home() / ".local" / "share") / "search-ops"


class Settings(BaseSettings):
    """What one process needs to know about its installation.

    Attributes
    ----------
    host, port
        Where the API and the pages listen.
    stream_port
        Where the stream process listens; ``port + 1`` unless set.
    public_url
        The address people type, used for QR codes, allowed origins and the kind of cookie.
    public_stream_url
        Address of the stream as browsers see it; derived from ``public_url`` unless set.
    api_processes, stream_processes
        How many of each serve on the same two ports. With more than one API process, here or on another
        machine, tries are counted in the database.
    is_keeper
        Whether this API process writes backups, anchors and terms by itself; one of them is enough.
    data_dir
        Database cluster, secrets, blobs, logs.
    database_url, database_owner_url, stream_database_url
        Addresses (``postgresql://``) for the roles of application, migrations and stream. All unset means
        the embedded cluster in ``data_dir``.
    backup_dir, backup_every_min
        Folder of a stick or disk that backups go to, and how often; 0: only when somebody asks.
    backup_keep
        How many of the newest backups stay in that folder.
    print_command
        Program that prints the file it is given as its last word or in place of ``{file}``, for instance
        ``lp -d HQ``; run without a shell. Empty: sheets are written and not printed.
    ready_file
        Written once everything answers; for programs that start us.
    """

    model_config = SettingsConfigDict(
        env_prefix="SEARCH_OPS_", env_ignore_empty=True, frozen=True, extra="ignore", populate_by_name=True
    )

    host: str = "127.0.0.1"
    port: Port = 8080
    stream_port: int = Field(default=0, ge=0, le=65535)
    api_processes: int = Field(default=1, ge=1, le=64)
    stream_processes: int = Field(default=1, ge=1, le=64)
    is_keeper: bool = Field(default=True, validation_alias=AliasChoices("SEARCH_OPS_KEEPER"))
    public_url: str = ""
    public_stream_url: str = ""
    data_dir: Path = Field(default_factory=default_data_dir)
    database_url: str | None = None
    # CONTRACT writes "_OWNER_URL" behind SEARCH_OPS_DATABASE_URL; both readings are accepted.
    database_owner_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("SEARCH_OPS_DATABASE_OWNER_URL", "SEARCH_OPS_OWNER_URL"),
    )
    stream_database_url: str | None = None
    backup_dir: Path | None = None
    backup_every_min: int = Field(default=0, ge=0, le=24 * 60)
    backup_keep: int = Field(default=48, ge=2, le=10_000)
    print_command: str = ""
    ready_file: Path | None = None

    @field_validator("data_dir", "ready_file", "backup_dir", mode="after")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else Path(os.path.abspath(value.expanduser()))  # noqa: PTH100 - resolve() would follow links that the operator set on purpose

    @field_validator("public_url", "public_stream_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("print_command")
    @classmethod
    def _parts_into_words(cls, value: str) -> str:
        shlex.split(value)  # a quote left open is told at the start, not at the first sheet
        return value.strip()

    @model_validator(mode="after")
    def _derive(self) -> Self:
        def put(name: str, value: object) -> None:
            object.__setattr__(self, name, value)  # the model is frozen for everybody else

        if self.stream_port == 0:
            put("stream_port", self.port + 1)
        if not self.public_url:
            put("public_url", f"http://{_bracketed(_reachable(self.host))}:{self.port}")
        if not self.public_stream_url:
            put("public_stream_url", _stream_url(self.public_url, self.stream_port))
        return self

    @property
    def secrets_dir(self) -> Path:
        """Folder (0700) of files (0600) that backups must not carry."""
        return self.data_dir / "secrets"

    @property
    def is_embedded(self) -> bool:
        """Whether the database is our own cluster in the data directory."""
        return self.database_url is None and self.database_owner_url is None

    @property
    def is_https(self) -> bool:
        """Whether people reach us over TLS, which decides the kind of cookie."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins that a browser of ours may send; on loopback all its names count as one place."""
        parts = urlsplit(self.public_url)
        port = f":{parts.port}" if parts.port else ""
        if parts.hostname not in LOOPBACK_NAMES:
            return (f"{parts.scheme}://{parts.netloc}",)
        return tuple(f"{parts.scheme}://{_bracketed(name)}{port}" for name in LOOPBACK_NAMES)


def _reachable(host: str) -> str:
    """Return the loopback address when we listen on all of them, which nobody can type."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _stream_url(public_url: str, stream_port: int) -> str:
    """Derive the stream's address: own port in plain HTTP, the same host behind a TLS proxy."""
    parts = urlsplit(public_url)
    if parts.scheme == "https":
        return f"wss://{parts.netloc}/stream"
    return f"ws://{_bracketed(parts.hostname or '127.0.0.1')}:{stream_port}/stream"


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
