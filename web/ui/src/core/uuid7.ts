/**
 * UUIDv7 made where the person is.
 *
 * Only `getRandomValues` is used: on plain http over Wi-Fi at headquarters there is no `crypto.randomUUID`.
 */

export type RandomBytes = (length: number) => Uint8Array;

const cryptoBytes: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

let lastMs = 0;
let counter = 0;

/** Make an id; ids made on one device sort in the order in which they were made. */
export function uuid7(nowMs: number = Date.now(), random: RandomBytes = cryptoBytes): string {
  // 12 bits after the version count within one millisecond; the clock may also have been set back.
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = (random(1)[0] ?? 0) & 0x7f;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  }
  const time = Math.floor(lastMs).toString(16).padStart(12, "0");
  const tail = random(8);
  tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(tail, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const sequence = counter.toString(16).padStart(3, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${hex.slice(0, 4)}-${hex.slice(4)}`;
}

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function isUuid7(text: string): boolean {
  return SHAPE.test(text);
}
