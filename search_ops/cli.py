"""An operator's commands without web server: import, doctor, verify-log. ``web.cli`` adds the servers."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from search_ops import keeping_commands
from search_ops.installation import InstallationError
from search_ops.texts import locale_of_environment, text


def environment_locale() -> str:
    """Return the language of this terminal."""
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    return locale_of_environment(next(filter(None, map(os.environ.get, variables)), None))


_LOCALE = environment_locale()

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals may hold names and passwords
    help=text(_LOCALE, "house-help"),
)
importing = typer.Typer(no_args_is_help=True, help=text(_LOCALE, "house-help-import"))
app.add_typer(importing, name="import")
exporting = typer.Typer(no_args_is_help=True, help=text(_LOCALE, "house-help-export"))
app.add_typer(exporting, name="export")


@app.callback()
def _root() -> None:
    """Make the commands sub-commands even while there is only one."""


@contextmanager
def sentence_or_exit() -> Iterator[None]:
    """Turn a fault of the installation into one sentence and exit code 1."""
    try:
        yield
    except InstallationError as error:
        typer.echo(error.sentence(_LOCALE), err=True)
        raise typer.Exit(1) from None


keeping_commands.register(app, _LOCALE, sentence_or_exit)


@importing.command("osm", help=text(_LOCALE, "house-help-import-osm"))
def import_osm(
    file: Annotated[Path, typer.Argument(help=text(_LOCALE, "house-help-import-osm-file"))],
) -> None:
    """Read an OpenStreetMap extract into the database."""
    from search_ops.importing.osm_command import import_file_with_progress  # noqa: PLC0415 - loads osmium
    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415

    with sentence_or_exit(), installed_database(settings()) as urls:
        raise typer.Exit(import_file_with_progress(file, urls.owner_url, _LOCALE))


@importing.command("dem", help=text(_LOCALE, "house-help-import-dem"))
def import_dem(
    files: Annotated[list[Path], typer.Argument(help=text(_LOCALE, "house-help-import-dem-files"))],
) -> None:
    """Read grids of heights into the database."""
    from search_ops.importing.ground_commands import import_dem_with_progress  # noqa: PLC0415
    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415

    with sentence_or_exit(), installed_database(settings()) as urls:
        raise typer.Exit(import_dem_with_progress(files, urls.owner_url, _LOCALE))


@importing.command("raster", help=text(_LOCALE, "house-help-import-raster"))
def import_raster(
    file: Annotated[Path, typer.Argument(help=text(_LOCALE, "house-help-import-raster-file"))],
    name: Annotated[str | None, typer.Option("--name", help=text(_LOCALE, "house-help-import-name"))] = None,
) -> None:
    """Take a raster layer into the database."""
    from search_ops.importing.ground_commands import import_raster_with_progress  # noqa: PLC0415
    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415

    with sentence_or_exit(), installed_database(settings()) as urls:
        raise typer.Exit(import_raster_with_progress(file, urls.owner_url, _LOCALE, name=name))


@importing.command("pack", help=text(_LOCALE, "house-help-import-pack"))
def import_pack(
    file: Annotated[Path, typer.Argument(help=text(_LOCALE, "house-help-pack-file"))],
) -> None:
    """Take an area pack into the database."""
    from search_ops.importing.pack_commands import import_pack_with_words  # noqa: PLC0415
    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415

    with sentence_or_exit(), installed_database(settings()) as urls:
        raise typer.Exit(import_pack_with_words(file, urls.owner_url, _LOCALE))


@importing.command("lost-person", help=text(_LOCALE, "lost-person-help-import"))
def import_lost_person(
    file: Annotated[Path, typer.Argument(help=text(_LOCALE, "lost-person-help-import-file"))],
) -> None:
    """Take a purchased table of lost people's behaviour into the installation."""
    from search_ops.lost_person.commands import import_lost_person as taken  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415

    with sentence_or_exit():
        raise typer.Exit(taken(file, settings().data_dir, _LOCALE))


def _import_transport(kind: str) -> None:
    """Add the command that takes one kind of file into the transport network."""

    @importing.command(kind, help=text(_LOCALE, f"transport-help-import-{kind}"))
    def taken(
        file: Annotated[Path, typer.Argument(help=text(_LOCALE, "transport-help-import-file"))],
    ) -> None:
        from search_ops.persistence.installed import installed_database  # noqa: PLC0415
        from search_ops.services.transport_importing import command  # noqa: PLC0415
        from search_ops.settings import settings  # noqa: PLC0415

        with sentence_or_exit(), installed_database(settings()):
            raise typer.Exit(command(settings(), kind, file, _LOCALE))


for _kind in ("airports", "runways", "places", "stations", "services", "ways", "aircraft"):
    _import_transport(_kind)


@exporting.command("pack", help=text(_LOCALE, "house-help-export-pack"))
def export_pack(
    file: Annotated[Path, typer.Argument(help=text(_LOCALE, "house-help-pack-file"))],
    bbox: Annotated[str | None, typer.Option("--bbox", help=text(_LOCALE, "house-help-pack-bbox"))] = None,
    operation: Annotated[
        UUID | None, typer.Option("--operation", help=text(_LOCALE, "house-help-pack-operation"))
    ] = None,
) -> None:
    """Write the ground, the relief and the raster layers of an area as one file."""
    from search_ops.importing.pack_commands import export_pack_with_words  # noqa: PLC0415
    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415

    with sentence_or_exit(), installed_database(settings()) as urls:
        raise typer.Exit(
            export_pack_with_words(file, urls.owner_url, _LOCALE, bbox=bbox, operation_id=operation)
        )


@exporting.command("files", help=text(_LOCALE, "export-help"))
def export_files(
    number: Annotated[str, typer.Argument(help=text(_LOCALE, "export-help-number"))],
    folder: Annotated[Path, typer.Argument(help=text(_LOCALE, "export-help-folder"))],
    team: Annotated[str | None, typer.Option("--team", help=text(_LOCALE, "export-help-team"))] = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help=text(_LOCALE, "export-help-format"))
    ] = None,
) -> None:
    """Write a search's files for navigators and map programs."""
    from search_ops.errors import NotKnown  # noqa: PLC0415
    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.services.export_command import export_files as written  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415

    with sentence_or_exit(), installed_database(settings()):
        try:
            for told in written(
                settings(), number, folder, callsign=team, formats=formats or (), locale=_LOCALE
            ):
                typer.echo(told)
        except NotKnown:
            typer.echo(text(_LOCALE, "error-not-known"), err=True)
            raise typer.Exit(1) from None


@app.command("grid-defaults", help=text(_LOCALE, "house-help-grid-defaults"))
def grid_defaults(
    region: Annotated[str, typer.Argument(help=text(_LOCALE, "house-help-grid-region"))],
    file: Annotated[Path | None, typer.Argument(help=text(_LOCALE, "house-help-grid-file"))] = None,
) -> None:
    """Show or set how a region cuts its grids."""
    from search_ops.errors import BadInput  # noqa: PLC0415
    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.services.grid_defaults import command  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415

    with sentence_or_exit(), installed_database(settings()):
        try:
            typer.echo(command(settings(), region, None if file is None else file.read_bytes()))
        except OSError as fault:
            why = fault.strerror or ""
            typer.echo(text(_LOCALE, "house-file-unreadable", path=str(file), why=why), err=True)
            raise typer.Exit(1) from None
        except BadInput as refusal:
            key, names = f"error-{refusal.code.replace('_', '-')}", str(refusal.data.get("names", ""))
            typer.echo(text(_LOCALE, key, names=names), err=True)
            raise typer.Exit(1) from None


@app.command("evaluate", help=text(_LOCALE, "evaluate-help"))
def evaluate(
    file: Annotated[Path, typer.Argument(help=text(_LOCALE, "evaluate-help-file"))],
    *,
    as_json: Annotated[bool, typer.Option("--json", help=text(_LOCALE, "evaluate-help-json"))] = False,
) -> None:
    """Score the probability models on cases whose find is known."""
    from search_ops.lost_person.commands import evaluate_cases  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415

    with sentence_or_exit():
        raise typer.Exit(evaluate_cases(file, settings().data_dir, _LOCALE, as_json=as_json))


@app.command("doctor", help=text(_LOCALE, "house-help-doctor"))
def doctor() -> None:
    """Look at the installation and say what is wrong with it."""
    from search_ops.services.doctor import examine  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415

    with sentence_or_exit():
        findings = examine(settings())
    for finding in findings:
        mark = text(_LOCALE, "house-doctor-good" if finding.is_good else "house-doctor-bad")
        typer.echo(f"{mark}  {finding.sentence(_LOCALE)}")
    if not all(finding.is_good for finding in findings):
        raise typer.Exit(1)


@app.command("verify-log", help=text(_LOCALE, "house-help-verify-log"))
def verify_log(
    anchors: Annotated[
        Path | None, typer.Option("--anchors", help=text(_LOCALE, "keeping-help-anchors"))
    ] = None,
) -> None:
    """Check the log of events from the first to the last, and against what was written outside of it."""
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

    from search_ops.persistence.anchors import FILE, read_anchors  # noqa: PLC0415
    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.services.verification import Verified  # noqa: PLC0415
    from search_ops.services.verification import verify_log as verify  # noqa: PLC0415
    from search_ops.settings import settings  # noqa: PLC0415

    known = read_anchors(anchors or settings().data_dir / FILE)

    async def check(url: str) -> Verified:
        engine = create_async_engine(url)
        try:
            return await verify(engine, known)
        finally:
            await engine.dispose()

    with sentence_or_exit(), installed_database(settings()) as urls:
        verified = asyncio.run(check(urls.sqlalchemy.app_url))
    typer.echo(text(_LOCALE, "house-log-verified", streams=verified.streams, events=verified.events))
    typer.echo(text(_LOCALE, "keeping-anchors", count=sum(map(len, known.values()))))
    for fault in verified.faults:
        place = "—" if fault.seq is None else str(fault.seq)
        key = "house-log-fault"
        typer.echo(text(_LOCALE, key, stream=fault.stream_id, place=place, code=fault.code), err=True)
    if verified.faults:
        raise typer.Exit(1)
