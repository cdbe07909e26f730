import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { MINUTE } from '../../../shared/time.ts'
import type { Clock } from '../time/clock.ts'
import type { Settings } from './settings.ts'

const ATTEMPTS = 5

/** Asks for the IT person's PIN, once one was set; guessing is slow. */
export function createPinLock({ settings, clock }: { settings: () => Settings; clock: Clock }) {
  let failures = 0
  let lockedUntilMs = 0
  return {
    check(pin: string | undefined): 'open' | 'wrong_pin' | 'too_many_attempts' {
      const kept = settings().pin
      if (!kept) return 'open'
      if (clock.elapsed() < lockedUntilMs) return 'too_many_attempts'
      if (pin !== undefined && isPin(pin, kept)) {
        failures = 0
        return 'open'
      }
      if (pin !== undefined) failures += 1
      if (failures >= ATTEMPTS) {
        failures = 0
        lockedUntilMs = clock.elapsed() + MINUTE
      }
      return 'wrong_pin'
    },
  }
}

export function hashPin(pin: string): { salt: string; hash: string } {
  const salt = randomBytes(16).toString('hex')
  return { salt, hash: scryptSync(pin, salt, 32).toString('hex') }
}

function isPin(pin: string, { salt, hash }: { salt: string; hash: string }): boolean {
  const kept = Buffer.from(hash, 'hex')
  const given = scryptSync(pin, salt, 32)
  return kept.length === given.length && timingSafeEqual(kept, given)
}
