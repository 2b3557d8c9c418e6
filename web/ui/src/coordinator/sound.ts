/** Sound of alarms, made by the browser: two tones that repeat until somebody takes the alarm. */

let context: AudioContext | null = null;
let timer: ReturnType<typeof setInterval> | null = null;

const EVERY_MS = 2_500;

function beep(frequency_hz: number, at_s: number, on: AudioContext): void {
  const tone = on.createOscillator();
  const volume = on.createGain();
  tone.frequency.value = frequency_hz;
  volume.gain.setValueAtTime(0.0001, at_s);
  volume.gain.exponentialRampToValueAtTime(0.25, at_s + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at_s + 0.32);
  tone.connect(volume).connect(on.destination);
  tone.start(at_s);
  tone.stop(at_s + 0.35);
}

function ring(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    beep(880, context.currentTime, context);
    beep(660, context.currentTime + 0.4, context);
  } catch {
    stopAlarm(); // No sound device: the bands are there.
  }
}

/** Begin ringing; a second call changes nothing. */
export function startAlarm(): void {
  if (timer !== null) return;
  timer = setInterval(ring, EVERY_MS);
  ring();
}

export function stopAlarm(): void {
  if (timer !== null) clearInterval(timer);
  timer = null;
}
