import { html } from 'hono/html'
import { layout } from './layout.ts'

export function loginPage({ name, problem }: { name: string; problem: string | null }) {
  return layout({
    title: 'Sign in',
    viewer: null,
    body: html`<section class="card narrow">
<h1>Sign in</h1>
${problem && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="/fleet/login" class="stack">
<label>Name<input name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="32" required ${name === '' && 'autofocus'}></label>
<label>Password<input name="password" type="password" autocomplete="current-password" maxlength="200" required ${name !== '' && 'autofocus'}></label>
<button type="submit" class="main">Sign in</button>
</form>
<p class="soft">Accounts are made on the server: <code>npm run admin -- it add --name …</code>. Who has a second factor signs in at the <a href="/console/login">console</a>.</p>
</section>`,
  })
}
