"""The fold of tracks, sweep widths, evidence and judgement."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

EVIDENCE_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "track_kept": (
        Put(
            "tracks",
            "payload.track_id",
            take=(
                "file_id",
                "sha256",
                "name",
                "device",
                "from",
                "to",
                "n",
                "length_m",
                "team_id",
                "task_id",
                "matched_by",
                "flags",
                "bbox",
                "name_date",
            ),
            fields={"set_aside": "=null", "kept_at": "at"},
        ),
    ),
    "track_matched": (
        Put(
            "tracks",
            "payload.track_id",
            take=("team_id", "task_id", "matched_by", "clock_shift_s"),
            fields={"set_aside": "=null"},
        ),
    ),
    "track_set_aside": (Put("tracks", "payload.track_id", fields={"set_aside": "payload.reason"}),),
    "track_lost": (
        Put("lost_tracks", "payload.task_id", take=("reason", "grade"), fields={"at": "at", "by": "actor"}),
    ),
    "search_widths_set": (
        Put("search_widths", "payload.operation_id", take=("settings",), fields={"set_at": "at"}),
    ),
    "sound_calls_recorded": (
        Put(
            "sound_calls",
            "payload.calls_id",
            take=("task_ids", "times", "signal", "caller", "team_id", "place", "call_s", "silence_s"),
            fields={"recorded_at": "at", "by": "actor", "withdrawn": "=null"},
        ),
    ),
    "sound_calls_withdrawn": (
        Put("sound_calls", "payload.calls_id", fields={"withdrawn": "payload.reason"}),
    ),
    "evidence_weighed": (
        Put(
            "evidence",
            "payload.evidence_id",
            take=(
                "sector_id",
                "task_id",
                "own",
                "grade",
                "track_ids",
                "length_m",
                "time_s",
                "coverage_responsive",
                "coverage_unresponsive",
                "pod_responsive",
                "pod_unresponsive",
                "swept_share",
                "cumulative",
                "target",
                "missing",
                "heard",
                "widths",
                "carried_from",
            ),
            fields={"weighed_at": "at"},
        ),
    ),
    "search_again_proposed": (
        Put(
            "proposals",
            "payload.sector_id",
            take=("sector_id", "reason", "cumulative", "target", "swept_share", "missing"),
            fields={"proposed_at": "at"},
        ),
    ),
    "sector_judged": (
        Put(
            "judgements",
            "payload.sector_id",
            take=("sector_id", "decision", "reason", "evidence_seqs"),
            fields={"judged_at": "at", "by": "actor"},
        ),
    ),
}
