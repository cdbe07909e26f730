import { html } from 'hono/html'
import { texts } from '../texts.ts'
import { welcomeScript } from './assets.ts'
import { layout, onTheWay, problemLine, type Viewer } from './layout.ts'

interface Shown {
  viewer: Viewer
  problem: string | null
}

export function loginPage({
  viewer,
  name,
  problem,
  hasPasskeys,
  next,
}: Shown & { name: string; hasPasskeys: boolean; next: string }) {
  const words = texts[viewer.language]
  return layout({
    ...{ title: words.signIn, viewer },
    body: html`<section class="card narrow">
<h1>${words.signIn}</h1>
${problemLine(problem)}
<form method="post" action="${onTheWay('/console/login', next)}" class="stack">
<label>${words.name}<input name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="32" required></label>
<label>${words.password}<input name="password" type="password" autocomplete="current-password" maxlength="200" required></label>
<label>${words.code}<input name="code" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" maxlength="30" aria-describedby="hint"></label>
<p class="soft" id="hint">${words.codeHint}</p>
<button type="submit" class="main">${words.signInButton}</button>
</form>
${hasPasskeys && html`<p><a class="button" href="${onTheWay('/console/passkey', next)}">${words.passkeySignIn}</a></p>`}
<p class="soft">${words.noAccount}</p>
</section>`,
  })
}

/** Opening it does nothing: only a press of the button uses the link up, and no preview of a messenger presses it. */
export function welcomePage({ viewer, problem }: Shown) {
  const words = texts[viewer.language]
  return layout({
    ...{ title: words.welcome, viewer, script: welcomeScript.path },
    body: html`<section class="card narrow">
<h1>${words.welcome}</h1>
${problemLine(problem)}
<p>${words.welcomeText}</p>
<form method="post" action="/console/welcome" class="stack">
<label>${words.linkCode}<input name="token" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="100" required></label>
<button type="submit" class="main">${words.welcomeButton}</button>
</form>
</section>`,
  })
}

export function passwordPage(options: {
  viewer: Viewer
  account: string
  password: string
  isSignedIn: boolean
}) {
  const { viewer, account, password, isSignedIn } = options
  const words = texts[viewer.language]
  return layout({
    ...{ title: words.yourPassword, viewer },
    body: html`<section class="card narrow">
<h1>${words.yourPassword}</h1>
<p class="code">${password}</p>
<p>${words.keepPassword} <b>${account}</b>.</p>
<p><a class="button" href="${isSignedIn ? '/console' : '/console/login'}">${isSignedIn ? words.next : words.toSignIn}</a></p>
</section>`,
  })
}
