// The page works without this; with it, what is shown is of now.

const EVERY_MS = 5000
const live = document.querySelector('#live')
const stale = document.querySelector('#stale')
let shown = ''

document
  .querySelector('form.filters')
  ?.addEventListener('change', (event) => event.currentTarget.requestSubmit())

async function refresh() {
  const reply = await fetch(live.dataset.from, { headers: { accept: 'text/html' } })
  // The session has ended: the page itself leads to the sign-in.
  if (reply.status === 401) return location.reload()
  if (!reply.ok) throw new Error(String(reply.status))
  show(await reply.text())
}

/** The page is drawn anew around its reader: focus, what is opened and how far it is scrolled aside stay. */
function show(text) {
  if (text === shown) return
  shown = text
  const { body } = new DOMParser().parseFromString(text, 'text/html')
  const focused = live.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null
  const isOpen = live.querySelector('details')?.open
  const scrolled = live.querySelector('.scroll')?.scrollLeft
  live.replaceChildren(...body.childNodes)
  if (focused) live.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus()
  if (isOpen) live.querySelector('details')?.setAttribute('open', '')
  live.querySelector('.scroll')?.scrollTo({ left: scrolled })
}

async function turn() {
  if (!document.hidden) {
    stale.hidden = await refresh().then(
      () => true,
      () => false,
    )
  }
  setTimeout(turn, EVERY_MS)
}

if (live) setTimeout(turn, EVERY_MS)
document.addEventListener('visibilitychange', () => {
  if (live && !document.hidden) refresh().catch(() => {})
})
