"""The spine: log, state, accounts, places, positions, jobs, and who may touch what.

The tables stand in ``0001_spine.sql`` as they were then: a migration must not follow later changes of code.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001_spine"
down_revision = None
branch_labels = None
depends_on = None

_LOG_IS_INSERT_ONLY = """
CREATE FUNCTION refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is insert-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_is_insert_only BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_log_change();
CREATE TRIGGER event_is_never_truncated BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change();
"""

# The stream process has no write right but this one: a ticket is spent once, by its hash.
_SPEND_TICKET = """
CREATE FUNCTION spend_ticket(wanted bytea)
RETURNS TABLE (session_id uuid, stream_id text)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE stream_ticket t SET spent_at = clock_timestamp()
    FROM session s
    WHERE t.ticket_hash = wanted AND t.spent_at IS NULL AND t.expires_at > clock_timestamp()
      AND s.session_id = t.session_id AND s.revoked_at IS NULL AND s.expires_at > clock_timestamp()
    RETURNING t.session_id, t.stream_id
$$;
REVOKE ALL ON FUNCTION spend_ticket(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION spend_ticket(bytea) TO search_ops_stream, search_ops_app;
"""

_GRANTS = """
GRANT USAGE ON SCHEMA public TO search_ops_app, search_ops_stream;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO search_ops_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO search_ops_app;
REVOKE UPDATE, DELETE, TRUNCATE ON event FROM search_ops_app;
REVOKE ALL ON alembic_version FROM search_ops_app;
GRANT SELECT ON alembic_version TO search_ops_app;
GRANT SELECT ON stream, event, entity, case_key, case_record, operation_record, organisation, request_party,
    account_grant, session, last_position, job_progress, waiting_event TO search_ops_stream;
GRANT SELECT (account_id, name, organisation_id, disabled) ON account TO search_ops_stream;
"""


def upgrade() -> None:
    tables = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:  # whole scripts: psycopg runs several statements without parameters
        for script in (tables, _LOG_IS_INSERT_ONLY, SchemaManager.get_schema(), _SPEND_TICKET, _GRANTS):
            cursor.execute(script)
