/** Where this register asks for newer versions. */
export interface Feed {
  url: string
  /** The register's key: the cloud decides by it who is in a rollout. */
  key: string | null
}

/** How a newer version comes here. Everything fails by throwing. */
export interface Installer {
  /** The version that the feed has for us; null where that is not newer than what runs. */
  find(feed: Feed): Promise<string | null>
  /** Brings what was found, whole and verified: at once where it lies here already. */
  fetch(onPercent: (percent: number) => void): Promise<void>
  /** Fails where what was brought does not lie here whole any more: an antivirus, a disk. */
  verify(): Promise<void>
  /** Ends this program and starts the installer, which starts the newer one. */
  install(): Promise<void>
}

/** What came is not what was published, or not by its publisher. */
export class NotVerified extends Error {
  override name = 'NotVerified'
}
