/** Which files are written at once, and which by a job: as the server thins what it writes while one waits. */

const FIXES_AT_ONCE = 20_000;
const WHOLE: ReadonlySet<string> = new Set(["gpkg", "geojson"]);

export const fixesOf = (tracks: readonly { n: number }[]): number => tracks.reduce((sum, one) => sum + one.n, 0);

/** Everything of a search with long tracks; a team's file never holds them. */
export const byJob = (format: string, team: string, fixes: number): boolean => team === "" && WHOLE.has(format) && fixes > FIXES_AT_ONCE;
