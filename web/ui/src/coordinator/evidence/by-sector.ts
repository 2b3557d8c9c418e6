/** Evidence put together by the sector that it speaks about. */
export function groupBySector<Row extends { sector_id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const one of rows) found.set(one.sector_id, [...(found.get(one.sector_id) ?? []), one]);
  return found;
}
