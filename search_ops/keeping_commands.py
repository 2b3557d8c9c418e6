"""An operator's commands for keeping: backup, restore, projections."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from search_ops.installation import InstallationError
from search_ops.texts import text

if TYPE_CHECKING:
    from search_ops.settings import Settings


def register(
    app: typer.Typer, locale: str, sentence_or_exit: Callable[[], AbstractContextManager[None]]
) -> None:
    """Add the commands to the command line."""
    projections = typer.Typer(no_args_is_help=True, help=text(locale, "keeping-help-projections"))
    app.add_typer(projections, name="projections")

    @app.command("backup", help=text(locale, "keeping-help-backup"))
    def backup(
        target: Annotated[Path, typer.Argument(help=text(locale, "keeping-help-backup-target"))],
    ) -> None:
        from search_ops.settings import settings  # noqa: PLC0415

        with sentence_or_exit():
            path, is_same_disk = back_up_into(settings(), target)
        _tell_written(locale, path, is_same_disk=is_same_disk)

    @app.command("restore", help=text(locale, "keeping-help-restore"))
    def restore(
        file: Annotated[Path, typer.Argument(help=text(locale, "keeping-help-restore-file"))],
        *,
        verify_only: Annotated[
            bool, typer.Option("--verify", help=text(locale, "keeping-help-verify"))
        ] = False,
        without_key: Annotated[
            bool, typer.Option("--without-key", help=text(locale, "keeping-help-without-key"))
        ] = False,
    ) -> None:
        from search_ops.persistence.backup_file import verify  # noqa: PLC0415
        from search_ops.services.restoring import restore_backup  # noqa: PLC0415
        from search_ops.settings import settings  # noqa: PLC0415

        with sentence_or_exit():
            whole = verify(file)
            told = {
                "at": whole.header.made_at,
                "events": whole.header.events,
                "streams": len(whole.header.streams),
            }
            typer.echo(text(locale, "keeping-whole", path=str(file), **told))
            if verify_only:
                return
            done = restore_backup(file, settings(), without_key=without_key)
        typer.echo(text(locale, "keeping-restored", at=whole.header.made_at))
        if done.former is not None:
            typer.echo(text(locale, "keeping-former", name=done.former))

    @app.command("retention", help=text(locale, "keeping-help-retention"))
    def retention(
        *, do: Annotated[bool, typer.Option("--do", help=text(locale, "keeping-help-retention-do"))] = False
    ) -> None:
        from search_ops.settings import settings  # noqa: PLC0415

        with sentence_or_exit():
            due = asyncio.run(_retain(settings(), do=do))
        for name, count in due.items():
            typer.echo(text(locale, f"keeping-retention-{name}", count=count))
        typer.echo(text(locale, "keeping-retention-done" if do else "keeping-retention-asked"))

    @projections.command("check", help=text(locale, "keeping-help-projections-check"))
    def check() -> None:
        from search_ops.settings import settings  # noqa: PLC0415

        with sentence_or_exit():
            streams, differing = check_projections(settings())
        for stream_id in differing:
            typer.echo(text(locale, "keeping-projection-differs", stream=stream_id), err=True)
        typer.echo(text(locale, "keeping-projections", streams=streams, differing=len(differing)))
        if differing:
            raise typer.Exit(1)


def _tell_written(locale: str, path: Path, *, is_same_disk: bool) -> None:
    typer.echo(text(locale, "keeping-written", path=str(path), size=_megabytes(path)))
    if is_same_disk:
        typer.echo(text(locale, "keeping-same-disk", path=str(path.parent)), err=True)


def back_up_into(settings: "Settings", target: Path) -> tuple[Path, bool]:
    """Write a backup of the installation into a folder and an anchor beside the data.

    Returns
    -------
    tuple of Path and bool
        The file, and whether it lies on the disk of the database: then devices give up nothing for it.
    """
    from search_ops.persistence.anchors import append_anchor  # noqa: PLC0415
    from search_ops.persistence.backup_file import is_on_disk_of  # noqa: PLC0415
    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.persistence.secret_files import read_kek  # noqa: PLC0415
    from search_ops.services.keeping import heads, make_backup  # noqa: PLC0415

    if not target.is_dir():
        raise InstallationError("keeping-no-folder", path=str(target))
    is_same_disk = settings.is_embedded and is_on_disk_of(target, settings.data_dir)
    with installed_database(settings) as urls:
        kek = read_kek(settings.secrets_dir)
        path = make_backup(urls.owner_url, target, kek, is_counted=not is_same_disk)
        append_anchor(
            settings.data_dir, datetime.now(UTC).isoformat(timespec="seconds"), heads(urls.owner_url)
        )
    return path, is_same_disk


async def _retain(settings: "Settings", *, do: bool) -> dict[str, int]:
    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.services.office import open_office  # noqa: PLC0415
    from search_ops.services.retention import due_now, keep_terms  # noqa: PLC0415

    with installed_database(settings):
        async with open_office(settings) as office:
            found = await (keep_terms(office) if do else due_now(office))
    return found.as_json()


def check_projections(settings: "Settings") -> tuple[int, list[str]]:
    """Compare the projected state of every stream with its log; return how many, and which differ."""
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

    from search_ops.persistence.installed import installed_database  # noqa: PLC0415
    from search_ops.services.verification import Verified, verify_log  # noqa: PLC0415

    async def check(url: str) -> Verified:
        engine = create_async_engine(url)
        try:
            return await verify_log(engine)
        finally:
            await engine.dispose()

    with installed_database(settings) as urls:
        verified = asyncio.run(check(urls.sqlalchemy.app_url))
    return verified.streams, [fault.stream_id for fault in verified.faults]


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f}"
