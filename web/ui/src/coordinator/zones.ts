/** Time zones offered for an operation: those of Russia, and the reader's own. */

const RUSSIAN = [
  "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Krasnoyarsk",
  "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka",
];

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function offeredZones(): string[] {
  const own = ownZone();
  return RUSSIAN.includes(own) ? RUSSIAN : [own, ...RUSSIAN];
}
