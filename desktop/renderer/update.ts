import { known } from '../../shared/known.ts'
import type { UpdateState } from '../../shared/update.ts'
import type { Texts } from './texts.ts'

/** What becomes of the update, for who opened the settings. */
export function updateSentence({ state, version, percent, problem }: UpdateState, texts: Texts): string {
  const { update } = texts
  switch (state) {
    case 'checking':
      return update.checking
    case 'downloading':
      return update.downloading(version ?? '', percent ?? 0)
    case 'ready':
      return update.ready(version ?? '')
    case 'installing':
      return update.installing(version ?? '')
    case 'failed': {
      const what = version === null ? update.notFound : update.failed(version)
      return problem === null ? what : `${what} ${known(texts.updateProblems, problem) ?? problem}`
    }
    // A newer register may have other words; none of them is a promise.
    default:
      return update.none
  }
}
