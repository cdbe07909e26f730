/** Of the page of the contract: dark or light as the system is, two columns where there is room. */
export const style = `
:root { color-scheme: light dark; --ink: light-dark(#1d2320, #eef2ef); --soft: light-dark(#59625c, #a6b0aa); --page: light-dark(#fff, #121715);
  --well: light-dark(#f3f1ec, #1d2421); --line: light-dark(#e2dfd7, #323b37); --link: light-dark(#0b5fa5, #8ab9f0);
  --get: light-dark(#0b6b4a, #6fd0a6); --change: light-dark(#8a5100, #f4bc62); --end: light-dark(#a8221b, #ff9f97) }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page) }
a { color: var(--link) }
.skip { position: absolute; left: -100vw }
.skip:focus { left: 1rem; top: .5rem; padding: .25rem .75rem; background: var(--page) }
nav { padding: 1rem 1.25rem; background: var(--well); font-size: .9rem }
nav h2 { margin: 1rem 0 .25rem; font-size: .8rem; color: var(--soft) }
nav ul { margin: 0; padding: 0; list-style: none }
nav li a { display: flex; gap: .5rem; padding: .2rem 0; color: var(--ink); text-decoration: none; overflow-wrap: anywhere }
nav a:hover span, nav a:hover { text-decoration: underline }
nav b { flex: none; width: 3.4rem; font-size: .75rem; line-height: 1.35rem }
.home { font-weight: 700; color: var(--ink); text-decoration: none }
main { max-width: 54rem; padding: 1.5rem 1.5rem 4rem }
h1 { margin: 0 0 .5rem; font-size: 1.7rem } h1 small, small, .soft { color: var(--soft); font-weight: 400 }
main h2 { margin: 3rem 0 .25rem; font-size: 1.4rem }
h3 { margin: 0 0 .25rem; font-size: 1.1rem; overflow-wrap: anywhere } h4 { margin: 1rem 0 .25rem; font-size: .95rem }
article { border-top: 1px solid var(--line); padding: 1.25rem 0; margin-top: 1rem; scroll-margin-top: .5rem }
article:target { border-top: 3px solid var(--link) }
b.get { color: var(--get) } b.post, b.patch, b.put { color: var(--change) } b.delete { color: var(--end) }
code { font: .9em ui-monospace, Consolas, monospace; overflow-wrap: anywhere }
pre { margin: .25rem 0; padding: .75rem 1rem; border-radius: .5rem; background: var(--well); white-space: pre-wrap; overflow-wrap: anywhere; font: .85rem/1.5 ui-monospace, Consolas, monospace }
p { margin: .25rem 0 .5rem } main ul { margin: .25rem 0; padding-left: 1.25rem }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .92rem }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top }
thead th { color: var(--soft); font-weight: 400 } tbody th { font-weight: 600; white-space: nowrap }
details { margin: .25rem 0 } summary { cursor: pointer } td details { color: var(--ink) }
.variant { margin: .5rem 0; padding-left: 1rem; border-left: 3px solid var(--line) }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
@media (min-width: 900px) {
  body { display: grid; grid-template-columns: 20rem minmax(0, 1fr) }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto }
}
`
