"""Entry point ``search-ops``: the servers here, everything else from ``search_ops.cli``.

Imports inside the commands are on purpose: ``search-ops --help`` and ``serve stream`` must not load the rest.
"""

import json
import os
import sys
from typing import Annotated
from uuid import UUID

import typer

from search_ops.cli import app, environment_locale, sentence_or_exit
from search_ops.texts import text

# The language of the help is fixed when the commands are declared, before anything is parsed.
_LOCALE = environment_locale()

serve = typer.Typer(no_args_is_help=True, help=text(_LOCALE, "house-help-serve"))
app.add_typer(serve, name="serve")


@serve.command("all", help=text(_LOCALE, "house-help-serve-all"))
def serve_all(
    *, demo: Annotated[bool, typer.Option("--demo", help=text(_LOCALE, "house-help-demo"))] = False
) -> None:
    """Become the supervisor: a new program image, so that nothing of the command line stays in memory."""
    command = [sys.executable, "-m", "web.supervisor", *(["--demo"] if demo else [])]
    os.execv(sys.executable, command)  # noqa: S606 - our own program, no shell wanted


@serve.command("api", help=text(_LOCALE, "house-help-serve-api"))
def serve_api() -> None:
    """Run API and pages."""
    with sentence_or_exit():
        address_database("SEARCH_OPS_DATABASE_URL")
    from web.supervisor.api_server import run  # noqa: PLC0415

    run()


@serve.command("stream", help=text(_LOCALE, "house-help-serve-stream"))
def serve_stream() -> None:
    """Become the stream process: a new program image, which leaves the command line's 20 MB behind."""
    with sentence_or_exit():
        address_database("SEARCH_OPS_STREAM_DATABASE_URL")
    os.execv(sys.executable, [sys.executable, "-m", "web.stream"])  # noqa: S606 - our own program, no shell


@serve.command("worker", help=text(_LOCALE, "house-help-serve-worker"))
def serve_worker() -> None:
    """Run the worker of long jobs."""
    with sentence_or_exit():
        address_database("SEARCH_OPS_DATABASE_URL")
    from search_ops.services.working import run_worker  # noqa: PLC0415

    run_worker()


@app.command("prepare", help=text(_LOCALE, "house-help-prepare"))
def prepare_command(
    *, demo: Annotated[bool, typer.Option("--demo", help=text(_LOCALE, "house-help-demo"))] = False
) -> None:
    """Migrate the database and, if asked, load the demo, without starting servers."""
    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415
    from web.supervisor.preparation import prepare, sign_in_table  # noqa: PLC0415

    with sentence_or_exit(), installed_database(settings()):
        typer.echo(sign_in_table(settings(), prepare(settings(), demo=demo)))


@app.command("watch", help=text(_LOCALE, "watch-help"))
def watch_command(
    operation: Annotated[UUID, typer.Argument(help=text(_LOCALE, "watch-help-operation"))],
    login: Annotated[str, typer.Option("--login", help=text(_LOCALE, "watch-help-login"))],
    url: Annotated[
        str, typer.Option("--url", help=text(_LOCALE, "watch-help-url"))
    ] = "http://127.0.0.1:8080",
    *,
    until_live: Annotated[
        bool, typer.Option("--until-live", help=text(_LOCALE, "watch-help-until-live"))
    ] = False,
) -> None:
    """Follow a search live: a JSON object per line."""
    from web.watching import Watch, sign_in  # noqa: PLC0415

    password = os.environ.get("SEARCH_OPS_WATCH_PASSWORD")
    if password is None:  # a password in an argument would stand in the list of processes
        password = typer.prompt(text(_LOCALE, "watch-password"), hide_input=True, err=True)
    with sentence_or_exit():
        address = url.rstrip("/")
        watch = Watch(address, str(operation), sign_in(address, login, password))
        for frame in watch.follow():
            typer.echo(json.dumps(frame, ensure_ascii=False))
            if until_live and frame["type"] == "live":
                return


def address_database(variable: str) -> None:
    """Fill the address of this process's role when it was started without the supervisor."""
    if os.environ.get(variable):
        return
    from search_ops.persistence.installed import running_database  # noqa: PLC0415
    from search_ops.settings import Settings  # noqa: PLC0415

    urls = running_database(Settings())
    is_stream = variable == "SEARCH_OPS_STREAM_DATABASE_URL"
    os.environ[variable] = urls.stream_url if is_stream else urls.app_url


def main() -> None:
    """Run the command line."""
    app(prog_name="search-ops")


if __name__ == "__main__":
    main()
