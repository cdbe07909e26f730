import { html } from 'hono/html'
import type { z } from 'zod'
import type { Act } from '../../acts/act.ts'
import { askDiagnostics, makePairingCode, revokeKey, setChannel } from '../../acts/registers.ts'
import type { FleetRegister } from '../read.ts'
import { csrfField, type Html, layout, type Viewer } from './layout.ts'

export interface Action {
  act: Act<z.ZodType, unknown>
  /** What will happen, for who is about to do it. */
  explain: (register: FleetRegister) => Html | string
  button: string
  tone: 'danger' | ''
  fields?: (register: FleetRegister) => Html
  /** What the fields say, beside which register it is. */
  read?: (form: Record<string, unknown>) => object
}

export const actions = {
  code: {
    act: makePairingCode,
    explain: ({ store, revokedAt }) =>
      `The code is good once, for 15 minutes, and makes a kiosk of ${store.name} this register. ` +
      (revokedAt === null
        ? 'The key it has now works until the code is used.'
        : 'What it has not sent yet, it sends then.'),
    button: 'Make a code',
    tone: '',
  },
  channel: {
    act: setChannel,
    explain: () => 'Which versions it is offered, from its next look for an update on.',
    button: 'Set channel',
    tone: '',
    read: ({ channel }) => ({ channel }),
    fields: ({ channel }) =>
      html`<fieldset><legend>Channel</legend>${['stable', 'beta'].map(
        (name) =>
          html`<label class="choice"><input type="radio" name="channel" value="${name}" ${name === channel && 'checked'}>${name}</label>`,
      )}</fieldset>`,
  },
  diagnostics: {
    act: askDiagnostics,
    explain: () =>
      'The register hears of it with its next heartbeat, within a minute when it is online, and sends the file once. The last three are kept.',
    button: 'Ask for the file',
    tone: '',
  },
  revoke: {
    act: revokeKey,
    explain: ({ heartbeat }) =>
      `The register is refused from this moment on. It goes on earning offline and keeps its queue${
        heartbeat?.queueDepth ? ` (${heartbeat.queueDepth} operations at its last heartbeat)` : ''
      }, until it is enrolled again with a pairing code.`,
    button: 'Revoke the key',
    tone: 'danger',
  },
} satisfies Record<string, Action>

export type ActionName = keyof typeof actions
export const isActionName = (name: string): name is ActionName => Object.hasOwn(actions, name)

/** Asks before it is done; it is the same with and without a script. */
export function actionPage(options: { name: ActionName; register: FleetRegister; viewer: Viewer }) {
  const { name, register, viewer } = options
  const action: Action = actions[name]
  return layout({
    title: action.act.title,
    viewer,
    body: html`<section class="card narrow">
<h1>${action.act.title}</h1>
<p><b>${register.store.name}, ${register.name}</b></p>
<p>${action.explain(register)}</p>
<form method="post" action="/fleet/registers/${register.registerId}/${name}" class="stack">
${csrfField(viewer)}${action.fields?.(register)}
<div class="actions"><button type="submit" class="${action.tone || 'main'}">${action.button}</button><a class="button" href="/fleet/registers/${register.registerId}">Cancel</a></div>
</form></section>`,
  })
}

export function codePage(options: {
  code: string
  expiresAt: string
  register: FleetRegister
  viewer: Viewer
}) {
  const { code, expiresAt, register, viewer } = options
  return layout({
    title: 'Pairing code',
    viewer,
    body: html`<section class="card narrow">
<h1>Pairing code</h1>
<p><b>${register.store.name}, ${register.name}</b></p>
<p class="code">${code}</p>
<p>Type it at the register, «Настройки» → «Подключение», before ${expiresAt.slice(11, 16)} UTC. It is shown this once.</p>
<p><a class="button" href="/fleet/registers/${register.registerId}">To the register</a></p>
</section>`,
  })
}
