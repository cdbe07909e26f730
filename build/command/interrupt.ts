/** What was started and must end, whatever happens: the last one started ends first. */
export type Closers = AsyncDisposableStack

/** Runs the work until it ends, fails, or somebody presses Ctrl-C; in every case all that it started is closed. */
export async function closeAfter<T>(work: (closers: Closers) => Promise<T>): Promise<T> {
  const closers = new AsyncDisposableStack()
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => reject(new Error(`stopped by ${signal}`)))
    process.once('unhandledRejection', reject)
  })
  try {
    return await Promise.race([work(closers), interrupted])
  } finally {
    await closers.disposeAsync()
  }
}
