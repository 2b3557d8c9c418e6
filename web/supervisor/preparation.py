"""What must be there before the servers start: roles, database, newest schema, and the demo if asked for.

Runs as a short-lived process (``python -m web.supervisor.preparation``): it loads SQLAlchemy, Alembic and
more, and its memory goes back to the machine. Its answer is one line of JSON: how to sign in, or the fault.
"""

import asyncio
import json
import sys
from dataclasses import asdict
from importlib.util import find_spec
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import create_async_engine

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_databases import bootstrap
from search_ops.persistence.embedded import Cluster, DatabaseUrls
from search_ops.persistence.installed_urls import external_urls
from search_ops.persistence.migrate import upgrade
from search_ops.persistence.own_server import check_owner, check_servers
from search_ops.persistence.secret_files import make_secrets
from search_ops.settings import Settings
from search_ops.texts import LOCALES, text


def prepare(settings: Settings, *, demo: bool) -> dict[str, Any]:
    """Bring the installation's database to the newest level and load the demo; return how to sign in.

    The cluster, if it is ours, must be running.
    """
    make_secrets(settings.secrets_dir)
    if settings.is_embedded:
        cluster = Cluster(settings.data_dir)
        bootstrap(cluster)
        urls = cluster.urls()
    else:
        urls = external_urls(settings)
        check_servers(urls)
        check_owner(urls)
    upgrade(urls.owner_url)
    return load_demo(settings, urls) if demo else {}


def load_demo(settings: Settings, urls: DatabaseUrls) -> dict[str, Any]:
    """Load the demo search (once; later starts find it) and return users, operation and join code."""
    if find_spec("search_ops.services.demo") is None:
        return {}
    from search_ops.services import demo  # noqa: PLC0415 - loads the cores, only wanted with --demo

    async def load() -> dict[str, Any]:
        engine = create_async_engine(urls.sqlalchemy.app_url)
        try:
            return asdict(await demo.load_demo(engine, settings.data_dir, owner_url=urls.owner_url))
        finally:
            await engine.dispose()

    return asyncio.run(load())


def sign_in_table(settings: Settings, prepared: dict[str, Any]) -> str:
    """Return address and a sign-in for every demo role as a table in both languages."""
    users = prepared.get("users", [])
    table = Table(show_edge=False, pad_edge=False)
    table.add_column(_both("house-column-role"), overflow="fold")
    for column in ("login", "password"):  # never cut short, however narrow the terminal
        widest = max((len(user[column]) for user in users), default=0)
        table.add_column(_both(f"house-column-{column}"), min_width=widest, overflow="fold")
    for user in users:
        table.add_row(_both(f"role-{user['role']}"), user["login"], user["password"])
    console = Console(highlight=False)
    with console.capture() as captured:
        for locale in LOCALES:
            console.print(text(locale, "house-address", url=settings.public_url), soft_wrap=True)
        if users:
            console.print(table)
        if prepared.get("join_code"):
            for locale in LOCALES:
                line = text(locale, "house-join", url=settings.public_url, code=prepared["join_code"])
                console.print(line, soft_wrap=True)
    return captured.get().rstrip()


def _both(key: str) -> str:
    return " / ".join(text(locale, key) for locale in LOCALES)


def main() -> int:
    """Prepare and print the answer for the supervisor."""
    settings = Settings()
    try:
        prepared = prepare(settings, demo="--demo" in sys.argv[1:])
    except InstallationError as error:
        json.dump({"fault": {"key": error.key, "facts": error.facts}}, sys.stdout)
        return 1
    json.dump({**prepared, "table": sign_in_table(settings, prepared)}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
