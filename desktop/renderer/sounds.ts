import type { Phase } from '../../shared/bridge.ts'

/** Frequency in hertz, start and length in seconds. */
type Note = [hertz: number, at: number, seconds: number]

const tunes: Partial<Record<Phase, Note[]>> = {
  customer_found: [
    [660, 0, 0.09],
    [880, 0.09, 0.14],
  ],
  ready: [
    [660, 0, 0.09],
    [880, 0.09, 0.14],
  ],
  success: [
    [523, 0, 0.12],
    [659, 0.1, 0.12],
    [784, 0.2, 0.3],
  ],
  error: [
    [220, 0, 0.18],
    [165, 0.2, 0.32],
  ],
}

let context: AudioContext | null = null

/** Three short tunes, so that the cashier hears what happened without looking. */
export function playFor(phase: Phase): void {
  const notes = tunes[phase]
  if (!notes) return
  context ??= new AudioContext()
  // A browser keeps it silent until the first tap; then it may begin.
  void context.resume()
  for (const note of notes) play(context, note)
}

function play(audio: AudioContext, [hertz, at, seconds]: Note): void {
  const begin = audio.currentTime + at
  const tone = new OscillatorNode(audio, { frequency: hertz, type: 'triangle' })
  const volume = new GainNode(audio, { gain: 0 })
  volume.gain.setValueAtTime(0, begin)
  volume.gain.linearRampToValueAtTime(0.22, begin + 0.01)
  volume.gain.exponentialRampToValueAtTime(0.001, begin + seconds)
  tone.connect(volume).connect(audio.destination)
  tone.start(begin)
  tone.stop(begin + seconds)
}

/** Found is heard once a customer: not again when the amount comes, nor when an error was read. */
export function isHeard(before: Phase, after: Phase): boolean {
  if (before === after) return false
  const isFound = after === 'customer_found' || after === 'ready'
  return isFound ? before === 'idle' || before === 'success' : after !== 'idle'
}
