import { assetPaths } from './assets.ts'
import { type Html, messageCard, shell } from './shell.ts'

export { csrfField, type Html } from './shell.ts'

/** The account that is signed in, and the token that goes into its forms. */
export interface Viewer {
  account: string
  csrf: string
}

export function layout({ title, viewer, body }: { title: string; viewer: Viewer | null; body: Html }): Html {
  return shell({
    ...{ language: 'ru', title: `${title} · Кассы Копилки`, of: { path: '/fleet', name: 'кассы' } },
    ...{ signedIn: viewer && { ...viewer, signOut: 'Выйти' }, script: assetPaths.script, body },
  })
}

export const messagePage = ({ viewer, ...said }: { title: string; text: string; viewer: Viewer | null }) =>
  layout({ title: said.title, viewer, body: messageCard({ ...said, back: ['/fleet', 'К кассам'] }) })
