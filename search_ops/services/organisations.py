"""Organisations: a row for lists and rights, a stream of their own for what they are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from search_ops.persistence.event_log import organisation_stream
from search_ops.persistence.tables import organisation, stream
from search_ops.persistence.unit_of_work import Office, UnitOfWork, transaction

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from search_ops.domain.principals import OrganisationKind


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """What is known of an organisation when it is entered."""

    organisation_id: UUID
    kind: OrganisationKind
    name_ru: str
    name_en: str
    short_ru: str
    short_en: str
    region: str | None = None
    duty_phone: str | None = None


async def enter_organisation(office: Office, new: NewOrganisation) -> None:
    """Enter an organisation with its stream and key; one that is known is left alone."""
    values = {name: getattr(new, name) for name in NewOrganisation.__slots__} | {"kind": new.kind.value}
    async with transaction(office) as work:
        await work.connection.execute(insert(organisation).values(values).on_conflict_do_nothing())
        await _make_streams(work, {new.organisation_id})


async def ensure_streams(office: Office, organisation_ids: Collection[UUID]) -> None:
    """Make the streams of organisations that have none yet; unknown organisations are passed over."""
    wanted = {organisation_stream(identity) for identity in organisation_ids}
    async with office.engine.connect() as connection:
        query = select(stream.c.stream_id).where(stream.c.stream_id.in_(wanted))
        present = set((await connection.execute(query)).scalars())
    if wanted - present:
        async with transaction(office) as work:
            await _make_streams(work, organisation_ids)


async def known_organisations(office: Office, organisation_ids: Collection[UUID]) -> set[UUID]:
    """Return those of the ids that are organisations."""
    query = select(organisation.c.organisation_id).where(organisation.c.organisation_id.in_(organisation_ids))
    async with office.engine.connect() as connection:
        return set((await connection.execute(query)).scalars())


async def _make_streams(work: UnitOfWork, organisation_ids: Collection[UUID]) -> None:
    """Make missing streams; the key of an organisation's stream is its own, made with it."""
    rows = await work.connection.execute(
        select(organisation.c.organisation_id)
        .where(organisation.c.organisation_id.in_(organisation_ids))
        .order_by(organisation.c.organisation_id)
    )
    for organisation_id in rows.scalars().all():
        stream_id = organisation_stream(organisation_id)
        # Two requests may want the same stream at once: the second waits here and finds it made.
        await work.connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(stream_id, 0))))
        made = await work.connection.execute(select(stream.c.head).where(stream.c.stream_id == stream_id))
        if made.one_or_none() is None:
            await work.office.keyring.make(work.connection, organisation_id)
            await work.create(stream_id, key_id=organisation_id)
