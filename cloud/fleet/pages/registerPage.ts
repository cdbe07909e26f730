import { html } from 'hono/html'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Detail } from '../detail.ts'
import { type ActionName, actions } from './actions.ts'
import { type Html, layout, type Viewer } from './layout.ts'
import { alertList, none, type Reading, since, stateMark } from './parts.ts'
import { exchangeOf, moment as momentOf, offset, updateState } from './words.ts'

/** `timeZone`: of the shops. */
interface Shown {
  detail: Detail
  timeZone: string
}

export function registerPage({ viewer, ...shown }: Shown & { viewer: Viewer }) {
  const { detail } = shown
  const { registerId, name, store } = detail.register
  return layout({
    title: `${store.name}, ${name}`,
    viewer,
    body: html`<p class="back"><a href="/fleet">← Все кассы</a></p>
<p id="stale" class="problem" role="status" hidden>Страница не достаёт до облака: то, что на ней, уже не сейчас.</p>
<div id="live" data-from="/fleet/registers/${registerId}/live">${registerDetail(shown)}</div>`,
  })
}

/** What changes by itself. */
export function registerDetail({ detail, timeZone }: Shown): Html {
  const { register, alerts, at } = detail
  const reading = { at, timeZone }
  return html`<div class="head"><h1>${register.name} <span class="soft">${register.store.name}</span></h1>${stateMark(register)}</div>
<nav class="actions" aria-label="Действия">${actionLinks(detail)}</nav>
<div class="columns">
<section class="card"><h2>Сейчас</h2>${facts(detail, reading)}</section>
<section class="card"><h2>Последние ошибки</h2>${errors(detail, reading)}</section>
<section class="card"><h2>Тревоги</h2>${
    alerts.length > 0
      ? alertList(
          alerts.map(({ where: _, ...alert }) => alert),
          reading,
        )
      : html`<p class="soft">Пока не было.</p>`
  }</section>
<section class="card"><h2>Диагностика</h2>${diagnostics(detail, reading)}</section>
</div>
<section class="card"><h2>Изменения</h2>${changes(detail, reading)}</section>`
}

function actionLinks({ register }: Detail): Html[] {
  const names = (Object.keys(actions) as ActionName[]).filter(
    (name) => register.revokedAt === null || name === 'code' || name === 'channel',
  )
  return names.map(
    (name) =>
      html`<a class="button ${actions[name].tone}" href="/fleet/registers/${register.registerId}/${name}">${actions[name].title}</a>`,
  )
}

function facts({ register, operations, codeUntil }: Detail, reading: Reading): Html {
  const { heartbeat, store, queuedSince, revokedAt } = register
  const fact = (what: string, value: Html | string | number) => html`<dt>${what}</dt><dd>${value}</dd>`
  const update = heartbeat?.update
  return html`<dl>
${fact('Ключ', revokedAt === null ? 'действует' : html`отозван ${since(revokedAt, reading)} назад`)}
${codeUntil === null ? '' : fact('Код подключения', html`действует до ${momentOf(codeUntil, reading.timeZone)}`)}
${fact('На связи', register.lastSeenAt === null ? 'ещё не была' : html`${since(register.lastSeenAt, reading)} назад`)}
${fact('Версия', register.version ?? none)}
${fact('Канал', register.channel)}
${fact('Обновление', update ? [updateState(update.state), update.version, update.problem].filter(Boolean).join(', ') : none)}
${fact('Очередь', queuedSince === null ? (heartbeat?.queueDepth ?? none) : html`${heartbeat?.queueDepth}, старшая ждёт ${since(queuedSince, reading)}`)}
${fact('Отложено', heartbeat?.parked ?? none)}
${fact('Обмен с 1С', heartbeat?.exchange ? exchangeOf(heartbeat.exchange) : none)}
${fact('Отклонение часов', offset(heartbeat?.clockOffsetMs ?? null))}
${fact('Операции', html`${operations.day} за сутки, ${operations.week} за неделю${operations.latestAt === null ? '' : html`, последняя ${since(operations.latestAt, reading)} назад`}`)}
${fact('Часы магазина', store.hours ? `${store.hours.opensAt}–${store.hours.closesAt}, ${store.hours.timeZone}` : 'не заданы: когда касса молчит, тревоги нет')}
</dl>`
}

function errors({ register, at }: Detail, reading: Reading): Html {
  const list = register.heartbeat?.errors ?? []
  if (list.length === 0) return html`<p class="soft">С запуска кассы не было.</p>`
  return html`<ul class="log">${list.toReversed().map(({ at: when, text }) => html`<li>${text} <span class="soft">${since(Date.parse(when) || at, reading)} назад</span></li>`)}</ul>`
}

function diagnostics({ register, files }: Detail, reading: Reading): Html {
  const asked = register.diagnosticsAskedAt
  const path = `/fleet/registers/${register.registerId}/diagnostics`
  return html`${asked === null ? '' : html`<p>Запрошена ${since(asked, reading)} назад: придёт, когда касса выйдет на связь.</p>`}
${files.length === 0 && asked === null ? html`<p class="soft">Файл ещё никто не запрашивал.</p>` : ''}
<ul class="log">${files.map(({ id, receivedAt, bytes }) => html`<li><a href="${path}/${id}">${momentOf(receivedAt, reading.timeZone)}</a> <span class="soft">${Math.ceil(bytes / 1024)} КБ</span></li>`)}</ul>`
}

function changes({ changes }: Detail, { timeZone }: Reading): Html {
  if (changes.length === 0) return html`<p class="soft">Нет.</p>`
  return html`<div class="scroll" role="region" aria-label="Изменения" tabindex="0"><table>
<thead><tr><th>Когда</th><th>Кто</th><th>Что</th><th>Было</th><th>Стало</th></tr></thead>
<tbody>${changes.map(
    ({ at, who, action, before, after }) =>
      html`<tr><td>${moment(at, timeZone)}</td><td>${who}</td><td>${action}</td><td>${plain(before)}</td><td>${plain(after)}</td></tr>`,
  )}</tbody></table></div>`
}

const moment = (at: Instant, timeZone: string) =>
  html`<time datetime="${toIso(at)}">${momentOf(at, timeZone)}</time>`

function plain(values: unknown): Html | string {
  if (typeof values !== 'object' || values === null) return none
  return Object.entries(values)
    .map(([what, value]) => `${what} ${value ?? 'none'}`)
    .join(', ')
}
