import type { Happening } from "./happened.ts";

const key = "sound";

/** This device's choice; it holds nobody's data. */
export function soundIsOn(): boolean {
  try {
    return localStorage.getItem(key) !== "off";
  } catch {
    return true;
  }
}

export function setSound(on: boolean): void {
  try {
    localStorage.setItem(key, on ? "on" : "off");
  } catch {
    // Kept until the page is closed.
  }
}

/** Hz and seconds; an emergency is higher, and rings three times. */
const tunes = {
  emergency: [880, 1175, 880, 1175, 880, 1175],
  worse: [880, 1175, 880, 1175],
  overdue: [880, 660, 880, 660],
  request: [660, 880],
  answer: [523, 659],
  askedBack: [523, 659],
} satisfies Record<Happening["what"], readonly number[]>;
const noteSeconds = 0.22;
const gapSeconds = 0.06;

let context: AudioContext | undefined;

/** Rings with the machine's own tone generator. A browser that has seen no touch yet stays silent. */
export function ring(what: Happening["what"]): void {
  if (!soundIsOn()) return;
  context ??= new AudioContext();
  const audio = context;
  void audio.resume().catch(() => undefined);
  tunes[what].forEach((hertz, i) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const from = audio.currentTime + i * (noteSeconds + gapSeconds);
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(0.25, from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + noteSeconds);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(from + noteSeconds);
  });
}
