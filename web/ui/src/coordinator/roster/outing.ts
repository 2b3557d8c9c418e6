/** When the teams on the screen leave and are due back. */

export type Outing = { start_at: string; back_at: string; demands: string[] };

export function outingFromNow(hours: number, night: boolean): Outing {
  const start = new Date();
  const back = new Date(start.getTime() + hours * 3_600_000);
  return { start_at: start.toISOString(), back_at: back.toISOString(), demands: night ? ["night"] : [] };
}
