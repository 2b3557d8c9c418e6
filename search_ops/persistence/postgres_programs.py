"""Programs of PostgreSQL that we call: where they lie, how they are told the address, what they said last."""

from __future__ import annotations

import os
from typing import IO, Final

from psycopg import conninfo

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_place import find_binaries

_VARIABLES: Final = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "require_auth": "PGREQUIREAUTH",
    "channel_binding": "PGCHANNELBINDING",
    "service": "PGSERVICE",
    "options": "PGOPTIONS",
    "application_name": "PGAPPNAME",
    "sslmode": "PGSSLMODE",
    "sslcompression": "PGSSLCOMPRESSION",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcertmode": "PGSSLCERTMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcrl": "PGSSLCRL",
    "sslcrldir": "PGSSLCRLDIR",
    "sslsni": "PGSSLSNI",
    "requirepeer": "PGREQUIREPEER",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
    "gssencmode": "PGGSSENCMODE",
    "krbsrvname": "PGKRBSRVNAME",
    "gsslib": "PGGSSLIB",
    "gssdelegation": "PGGSSDELEGATION",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "client_encoding": "PGCLIENTENCODING",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "load_balance_hosts": "PGLOADBALANCEHOSTS",
}
# They have no variable, and whom we talk to does not depend on them.
_WITHOUT_EFFECT: Final = frozenset(
    {
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"),
        *("tcp_user_timeout", "fallback_application_name"),
    }
)


def program(name: str, major: int) -> str:
    """Return the path of a program of this major version."""
    return str(find_binaries(major).folder / name)


def environment_of(url: str) -> dict[str, str]:
    """Return the address as libpq's variables: an argument would show the password to everybody.

    Raises
    ------
    InstallationError
        ``keeping-address-word``: a keyword that cannot be handed on, so that the program would speak with
        another server, or less safely, than we do.
    """
    told = conninfo.conninfo_to_dict(url)
    variables = {"LC_ALL": "C.UTF-8"}
    if "HOME" in os.environ:
        variables["HOME"] = os.environ["HOME"]  # libpq looks there for certificates
    for word, value in told.items():
        if word in _WITHOUT_EFFECT or value is None:
            continue
        if word not in _VARIABLES:
            raise InstallationError("keeping-address-word", word=word)
        variables[_VARIABLES[word]] = str(value)
    return variables


def last_line(said: IO[bytes]) -> str:
    """Return the last line that a program wrote into its file of messages."""
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "—"
