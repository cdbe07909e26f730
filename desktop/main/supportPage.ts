import { ORIGIN } from './address.ts'

export const SUPPORT_PATH = '/support'
export type Trouble = 'screen' | 'register'

const TEXTS: Record<Trouble, { title: string; points: string; next: string }> = {
  screen: {
    title: 'Экран бонусной программы не открывается',
    points: 'Баллы покупателей целы: обмен с 1С и облаком идёт дальше без экрана.',
    next: 'Нажмите «Попробовать ещё раз». Если не помогло, перезагрузите компьютер и позвоните в поддержку.',
  },
  register: {
    title: 'Бонусная программа не смогла начать работу',
    points: 'Баллы покупателей целы: всё, что не отправлено, осталось на диске этой кассы.',
    next: 'Перезагрузите компьютер. Если не помогло, позвоните в поддержку и назовите файл журнала.',
  },
}

export function supportUrl(trouble: Trouble): string {
  return `${ORIGIN}${SUPPORT_PATH}?${trouble}`
}

/** Stands on its own: no script, no file of the screen, because one of those may be what is broken. */
export function supportPage(trouble: Trouble, logPath: string): string {
  const { title, points, next } = TEXTS[trouble]
  const again = trouble === 'screen' ? `<p><a href="${ORIGIN}/">Попробовать ещё раз</a></p>` : ''
  return `<!doctype html>
<html lang="ru">
<meta charset="utf-8">
<title>${title}</title>
<style>
  body { font: 24px/1.5 system-ui, sans-serif; max-width: 36em; margin: 15vh auto; padding: 0 1em; color: #1a1a1a }
  a { display: inline-block; padding: 16px 32px; border-radius: 12px; background: #0b6b4a; color: #fff }
  small { color: #555; overflow-wrap: anywhere }
</style>
<h1>${title}</h1>
<p>${points}</p>
<p>${next}</p>
${again}
<p><small>Журнал: ${escapeHtml(logPath)}</small></p>
`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
