import { closeAfter } from '../../build/command/interrupt.ts'
import { play } from './play.ts'
import type { YearOptions } from './year.ts'

// Plays what it is told, one run after the other, and tells what each came to: see many.ts.

await closeAfter(async (closers) => {
  const { promise: isOver, resolve: end, reject: fail } = Promise.withResolvers<void>()
  process.on('disconnect', end)
  process.on('message', (options: YearOptions) => {
    play(options, { closers }).then((year) => process.send?.(year), fail)
  })
  await isOver
})
// What a run that still goes on would come to is not heard any more.
process.exit()
