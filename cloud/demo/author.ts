/** Who has done everything that the demo fills a database with, by the log of changes. */
export const DEMO = 'system:demo'
