import { html } from 'hono/html'
import { layout } from './layout.ts'

export function loginPage({ name, problem }: { name: string; problem: string | null }) {
  return layout({
    title: 'Вход',
    viewer: null,
    body: html`<section class="card narrow">
<h1>Вход</h1>
${problem && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="/fleet/login" class="stack">
<label>Имя<input name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="32" required ${name === '' && 'autofocus'}></label>
<label>Пароль<input name="password" type="password" autocomplete="current-password" maxlength="200" required ${name !== '' && 'autofocus'}></label>
<button type="submit" class="main">Войти</button>
</form>
<p class="soft">Учётные записи заводят на сервере: <code>npm run admin -- it add --name …</code>. Со вторым фактором входят через <a href="/console/login">консоль</a>.</p>
</section>`,
  })
}
