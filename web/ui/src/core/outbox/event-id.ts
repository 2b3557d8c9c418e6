/**
 * Identifiers made on the device at the moment of the tap.
 *
 * UUIDv7 (RFC 9562 5.7) by hand: on plain http `crypto.randomUUID` is missing, `getRandomValues` is not.
 * An identifier tells events apart; it is never a secret.
 */

let lastMs = 0;
let counter = 0;

/**
 * Make a UUIDv7.
 *
 * Two identifiers made one after the other on one page sort in that order, even within a millisecond and even
 * when the clock of the phone is put back: then the last time goes on being used.
 */
export function makeEventId(nowMs: number, fill: (bytes: Uint8Array) => void = fillRandom): string {
  const bytes = new Uint8Array(16);
  fill(bytes);
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = (((bytes[6] ?? 0) << 8) | (bytes[7] ?? 0)) & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  let time = lastMs;
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = 0x70 | (counter >> 8);
  bytes[7] = counter & 0xff;
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function fillRandom(bytes: Uint8Array): void {
  globalThis.crypto.getRandomValues(bytes);
}
