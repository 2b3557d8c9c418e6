"""Figures of a running installation in the text format of Prometheus: numbers only, no names, no places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.standing import Standing

_QUERIES: Final[Mapping[str, tuple[str, str]]] = {
    "search_ops_events_total": (
        "Events in all logs.",
        "SELECT '', coalesce(sum(head), 0) FROM stream",
    ),
    "search_ops_events_without_backup": (
        "Events that no verified backup holds: what a dead disk would take, but for the phones.",
        "SELECT '', coalesce(sum(head - backed_up_seq), 0) FROM stream",
    ),
    "search_ops_open_searches": (
        "Searches that are not closed.",
        "SELECT '', count(*) FROM operation_record WHERE closed_at IS NULL",
    ),
    "search_ops_sos_open": (
        "Calls for help that nobody has taken; phones may send one after a search was closed.",
        """SELECT '', count(*)
             FROM operation_record o JOIN entity e ON e.stream_id = 'operation/' || o.operation_id
            WHERE e.collection = 'alarms' AND e.body->>'state' = 'open'""",
    ),
    "search_ops_clock_alarms_open": (
        "Alarms of clocks that nobody has taken, by what ran out, in open searches.",
        """SELECT 'what="' || (e.body->>'what') || '"', count(*)
             FROM operation_record o JOIN entity e ON e.stream_id = 'operation/' || o.operation_id
            WHERE o.closed_at IS NULL AND e.collection = 'clock_alarms' AND e.body->>'state' = 'open'
            GROUP BY 1 ORDER BY 1""",
    ),
    "search_ops_waiting_events": (
        "Events from the field whose cause is missing.",
        "SELECT '', count(*) FROM waiting_event",
    ),
    "search_ops_quarantined_events": (
        "Events with a known id and other content.",
        "SELECT '', count(*) FROM quarantine",
    ),
    "search_ops_tracker_messages_malformed": (
        "Messages of bound trackers that could not be read.",
        "SELECT '', coalesce(sum(malformed), 0) FROM tracker",
    ),
    "search_ops_tracker_points_dropped": (
        "Points of trackers outside their carrier's participation.",
        "SELECT '', coalesce(sum(dropped), 0) FROM tracker",
    ),
    "search_ops_jobs": (
        "Long work by state.",
        "SELECT 'state=\"' || state || '\"', count(*) FROM job_progress GROUP BY 1 ORDER BY 1",
    ),
    "search_ops_database_bytes": (
        "Size of the database.",
        "SELECT '', pg_database_size(current_database())",
    ),
}


async def metrics_text(office: Office, standing: Standing) -> str:
    """Return all figures as Prometheus reads them."""
    lines: list[str] = []
    async with office.engine.connect() as connection:
        for name, (what, query) in _QUERIES.items():
            rows = (await connection.execute(text(query))).all()
            lines.extend(_gauge(name, what, {str(row[0]): float(row[1]) for row in rows}))
    if standing.clocks_age_s is not None:
        what = "Since all clocks were last looked at."
        lines.extend(_gauge("search_ops_clocks_age_seconds", what, {"": standing.clocks_age_s}))
    if standing.backup_age_s is not None:
        what = "Since the last verified backup."
        lines.extend(_gauge("search_ops_backup_age_seconds", what, {"": standing.backup_age_s}))
    failed = {"": float(standing.backup_fault is not None)}
    lines.extend(_gauge("search_ops_backup_failed", "1: the newest backup was not written.", failed))
    same = {"": float(standing.is_backup_on_same_disk)}
    lines.extend(_gauge("search_ops_backup_on_same_disk", "1: the backup dies with the database.", same))
    return "\n".join(lines) + "\n"


def _gauge(name: str, what: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} gauge"
    for labels, value in values.items():
        yield f"{name}{{{labels}}} {value:g}" if labels else f"{name} {value:.0f}"
