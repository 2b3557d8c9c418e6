"""How a server process writes its log: one line each, tracebacks without the values of variables."""

from __future__ import annotations

import sys

import structlog


def configure_logs() -> None:
    """Write lines for machines and people; what people sent must not get into them by way of a traceback."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,  # plain traceback: no locals
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
