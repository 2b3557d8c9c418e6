/** Trackers as the log and the server tell them, and the lines that are typed into tracking apps. */

export type Tracker = { version: number; participant_id: string; name: string; state: "bound" | "unbound" };
export type Heard = { tracker_id: string; heard_at: string | null; battery: number | null; dropped: number; malformed: number };
export type Bound = { tracker_id: string; token: string; osmand_url: string; owntracks_url: string };

/** OsmAnd fills in its places by number; it sends metres per second, and the line says so. */
const OSMAND = "&lat={0}&lon={1}&timestamp={2}&hdop={3}&altitude={4}&speed={5}&bearing={6}&unit=mps";

export function settingsOf(bound: Bound): { key: string; value: string }[] {
  return [
    { key: "trackers-setting-traccar-url", value: bound.osmand_url },
    { key: "trackers-setting-traccar-id", value: bound.token },
    { key: "trackers-setting-osmand", value: `${bound.osmand_url}?id=${bound.token}${OSMAND}` },
    { key: "trackers-setting-owntracks-url", value: bound.owntracks_url },
    { key: "trackers-setting-owntracks-password", value: bound.token },
  ];
}
