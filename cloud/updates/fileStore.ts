/** Where the installers lie: a folder of this machine, or a store that speaks S3. */
export interface FileStore {
  /** Whole under its name when it resolves; until then, and for ever where it fails, not there. */
  put(name: string, content: Content): Promise<void>
  /** The bytes from `start` up to and without `end`; fails where there is no such file. */
  read(name: string, range: ByteRange): AsyncIterable<Uint8Array>
  /** Null where there is no such file. */
  stat(name: string): Promise<{ sizeBytes: number } | null>
  /** Every name that begins so. */
  list(prefix: string): Promise<string[]>
}

export interface Content {
  sizeBytes: number
  bytes: () => AsyncIterable<Uint8Array>
}

export interface ByteRange {
  start: number
  end: number
}

/** The store cannot be asked just now; the same question may be answered later. */
export class StoreAway extends Error {
  override name = 'StoreAway'
}
