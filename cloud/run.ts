import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { type RunningCloud, serveCloud } from './serve.ts'

/** Runs the cloud until SIGINT or SIGTERM, then lets what is in flight end and leaves no process behind. */
export async function runUntilStopped(
  config: Config,
  log: Logger,
  onReady: (cloud: RunningCloud) => Promise<void> | void = () => {},
): Promise<void> {
  const stopAsked = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })
  const cloud = await serveCloud(config, log)
  await onReady(cloud)
  console.log(`CLOUD ${cloud.url}`)
  if (cloud.metricsUrl) log.info({ url: cloud.metricsUrl }, 'Prometheus reads the metrics there')
  log.info({ signal: await stopAsked }, 'stopping: finishing what is in flight')
  await cloud.stop()
}
