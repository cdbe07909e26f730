import { type Html, messageCard, shell } from '../../http/pages/shell.ts'
import { pageScript } from './assets.ts'

export { csrfField, type Html } from '../../http/pages/shell.ts'

/** The account that is signed in, and the token that goes into its forms. */
export interface Viewer {
  account: string
  csrf: string
}

export function layout({ title, viewer, body }: { title: string; viewer: Viewer | null; body: Html }): Html {
  return shell({
    ...{ language: 'ru', title: `${title} · Кассы Копилки`, of: { path: '/fleet', name: 'кассы' } },
    ...{ signedIn: viewer && { ...viewer, signOut: 'Выйти' }, script: pageScript.path, body },
  })
}

export const messagePage = ({ viewer, ...said }: { title: string; text: string; viewer: Viewer | null }) =>
  layout({ title: said.title, viewer, body: messageCard({ ...said, back: ['/fleet', 'К кассам'] }) })
