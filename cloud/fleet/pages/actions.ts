import { html } from 'hono/html'
import type { z } from 'zod'
import type { Act } from '../../acts/act.ts'
import { askDiagnostics, makePairingCode, revokeKey, setChannel } from '../../acts/registers.ts'
import type { FleetRegister } from '../read.ts'
import { csrfField, type Html, layout, type Viewer } from './layout.ts'
import { clock } from './words.ts'

export interface Action {
  title: string
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
    title: 'Новый код подключения',
    act: makePairingCode,
    explain: ({ store, revokedAt }) =>
      `Код действует один раз, 15 минут, и делает киоск магазина «${store.name}» этой кассой. ` +
      (revokedAt === null
        ? 'Нынешний ключ работает, пока код не введён.'
        : 'Тогда касса отправит то, что ещё не отправила.'),
    button: 'Создать код',
    tone: '',
  },
  channel: {
    title: 'Канал обновлений',
    act: setChannel,
    explain: () => 'Какие версии ей предлагать, начиная со следующей проверки обновлений.',
    button: 'Сменить канал',
    tone: '',
    read: ({ channel }) => ({ channel }),
    fields: ({ channel }) =>
      html`<fieldset><legend>Канал</legend>${['stable', 'beta'].map(
        (name) =>
          html`<label class="choice"><input type="radio" name="channel" value="${name}" ${name === channel && 'checked'}>${name}</label>`,
      )}</fieldset>`,
  },
  diagnostics: {
    title: 'Запросить диагностику',
    act: askDiagnostics,
    explain: () =>
      'Касса узнает об этом при следующем сигнале, на связи — в течение минуты, и пришлёт файл один раз. Хранятся последние три.',
    button: 'Запросить файл',
    tone: '',
  },
  revoke: {
    title: 'Отозвать ключ',
    act: revokeKey,
    explain: ({ heartbeat }) =>
      `С этого момента облако кассе отказывает. Без связи она начисляет дальше и хранит очередь${
        heartbeat?.queueDepth ? ` (операций при последнем сигнале: ${heartbeat.queueDepth})` : ''
      }, пока её снова не подключат кодом.`,
    button: 'Отозвать ключ сейчас',
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
    title: action.title,
    viewer,
    body: html`<section class="card narrow">
<h1>${action.title}</h1>
<p><b>${register.store.name}, ${register.name}</b></p>
<p>${action.explain(register)}</p>
<form method="post" action="/fleet/registers/${register.registerId}/${name}" class="stack">
${csrfField(viewer)}${action.fields?.(register)}
<div class="actions"><button type="submit" class="${action.tone || 'main'}">${action.button}</button><a class="button" href="/fleet/registers/${register.registerId}">Отмена</a></div>
</form></section>`,
  })
}

export function codePage(options: {
  code: string
  expiresAt: string
  /** Of the shops. */
  timeZone: string
  register: FleetRegister
  viewer: Viewer
}) {
  const { code, expiresAt, timeZone, register, viewer } = options
  return layout({
    title: 'Код подключения',
    viewer,
    body: html`<section class="card narrow">
<h1>Код подключения</h1>
<p><b>${register.store.name}, ${register.name}</b></p>
<p class="code">${code}</p>
<p>Введите его на кассе, «Настройки» → «Подключение», до ${clock(Date.parse(expiresAt), timeZone)}. Больше он не покажется.</p>
<p><a class="button" href="/fleet/registers/${register.registerId}">К кассе</a></p>
</section>`,
  })
}
