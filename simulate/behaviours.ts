import type { BehaviourSetting } from '../desktop/register/exchange/simulator.ts'
import type { Random } from '../desktop/register/rig/random.ts'

/** The 1C of one sale, with the times of a real one scaled to how long a discount is offered here. */
export function drawBehaviour(random: Random, { takeMs }: { takeMs: number }): BehaviourSetting {
  const soon = { fromMs: 0.02 * takeMs, toMs: 0.3 * takeMs }
  const by = random.chance(0.3) ? 'delete' : 'rename'
  const drawn = random.weighted<BehaviourSetting>([
    [{ kind: 'polite', ...soon, by }, 45],
    [{ kind: 'slow', fromMs: 0.6 * takeMs, toMs: 0.6 * takeMs, by }, 8],
    [{ kind: 'never' }, 8],
    [{ kind: 'last_moment', fromMs: 0.94 * takeMs, toMs: 1.04 * takeMs, by }, 12],
    [{ kind: 'reads_then_deletes', fromMs: 0.6 * takeMs, toMs: takeMs, gapMs: 0.2 * takeMs }, 4],
    [{ kind: 'crashes_between', ...soon, crash: 'before_receipt' }, 4],
    [{ kind: 'crashes_between', ...soon, crash: 'after_receipt' }, 4],
    [
      { kind: 'rewrites_amount', ...soon, addKopecks: 10_000, takesAfterMs: Math.max(300, takeMs / 10), by },
      6,
    ],
    [{ kind: 'refuses', ...soon, error: 'the receipt is closed' }, 4],
  ])
  return drawn
}
