/** Why a newer version is not here, or not to be had. */
export type UpdateProblem =
  /** The cloud did not answer, or broke off. */
  | 'away'
  /** What came is not what was published, or not by its publisher. */
  | 'not_verified'
  /** This version was started three times and never got ready. */
  | 'failed_starts'
  /** Its installer was started and brought nothing. */
  | 'failed_installs'

/** What becomes of this program; null where nothing updates it. */
export interface UpdateState {
  state: 'none' | 'checking' | 'downloading' | 'ready' | 'installing' | 'failed'
  /** The version that this is about. */
  version: string | null
  /** Of the download. */
  percent: number | null
  problem: UpdateProblem | null
}
