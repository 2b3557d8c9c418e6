"""Secrets of an installation: files of mode 0600 in a folder of mode 0700, made once, apart from backups."""

import json
import secrets
from pathlib import Path

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_place import make_folder, write_atomically

KEK_BYTES = 32
PASSWORD_BYTES = 24
DATABASE_ROLES = ("search_ops_super", "search_ops_owner", "search_ops_app", "search_ops_stream")
DATABASE_FILE = "database.json"
KEK_FILE = "kek"


def make_secrets(folder: Path) -> None:
    """Make the folder and every secret that is not there yet."""
    make_folder(folder, 0o700)
    folder.chmod(0o700)
    if not (folder / KEK_FILE).exists():
        write_atomically(folder / KEK_FILE, secrets.token_hex(KEK_BYTES) + "\n", mode=0o600)
    if not (folder / DATABASE_FILE).exists():
        passwords = {role: secrets.token_urlsafe(PASSWORD_BYTES) for role in DATABASE_ROLES}
        write_atomically(folder / DATABASE_FILE, json.dumps(passwords, indent=1) + "\n", mode=0o600)


def read_kek(folder: Path) -> bytes:
    """Return the key that encrypts the keys of the cases (32 bytes); make it at first use."""
    make_secrets(folder)
    return bytes.fromhex((folder / KEK_FILE).read_text(encoding="ascii"))


def database_passwords(folder: Path) -> dict[str, str]:
    """Return the passwords of the cluster's roles."""
    path = folder / DATABASE_FILE
    try:
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InstallationError("house-secrets-lost", path=str(path)) from error
    except PermissionError as error:
        raise InstallationError("house-secrets-unreadable", path=str(path)) from error
    return found


def loose_secrets(folder: Path) -> list[Path]:
    """Return the secrets that other users of this machine could read."""
    if not folder.is_dir():
        return []
    others = 0o077
    return [path for path in (folder, *folder.iterdir()) if path.stat().st_mode & others]
