import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  retainSearchParams,
} from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { Empty, Skeleton } from './kit/Shown.tsx'
import { kitWords } from './kit/words.ts'
import { problemOf } from './problem.ts'
import { problemText, problemWords } from './problemWords.ts'
import { usePages } from './shell/pages.ts'
import { Shell } from './shell/Shell.tsx'
import { shellWords } from './shell/words.ts'
import { useWords } from './words.ts'

/** A name that is undefined is left out of the address. */
type Search = Record<string, string | undefined>

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: (search: Search): Search => search,
  // Whoever has chosen a store has chosen it for the next page too.
  search: { middlewares: [retainSearchParams(['programme', 'store'])] },
})

/** Its code is fetched when somebody goes there. */
const page = <Path extends string>(path: Path, load: () => Promise<{ Page: ComponentType }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, 'Page') })

const first = createRoute({ getParentRoute: () => root, path: '/', component: First })

const routeTree = root.addChildren([
  first,
  page('/proposals', async () => ({ Page: (await import('./proposals/Proposals.tsx')).Proposals })),
  page('/home', async () => ({ Page: (await import('./home/Home.tsx')).Home })),
  page('/customers', async () => ({ Page: (await import('./customers/Customers.tsx')).Customers })),
  page('/customers/$id', async () => ({ Page: (await import('./customers/Customer.tsx')).Customer })),
  page('/discrepancies', async () => ({
    Page: (await import('./discrepancies/Discrepancies.tsx')).Discrepancies,
  })),
  page('/referrals', async () => ({ Page: (await import('./referrals/Referrals.tsx')).Referrals })),
  page('/campaigns', async () => ({ Page: (await import('./campaigns/Campaigns.tsx')).Campaigns })),
  page('/campaigns/$name', async () => ({ Page: (await import('./campaigns/Campaign.tsx')).Campaign })),
  page('/campaigns/$name/edit', async () => ({
    Page: (await import('./campaigns/editor/Editor.tsx')).EditCampaign,
  })),
  page('/new-campaign', async () => ({ Page: (await import('./campaigns/editor/Editor.tsx')).NewCampaign })),
  page('/segments', async () => ({ Page: (await import('./segments/Segments.tsx')).Segments })),
  page('/segments/editor', async () => ({ Page: (await import('./segments/Editor.tsx')).Editor })),
  page('/statuses', async () => ({ Page: (await import('./statuses/Statuses.tsx')).Statuses })),
  page('/vouchers', async () => ({ Page: (await import('./vouchers/Vouchers.tsx')).Vouchers })),
  page('/registers', async () => ({ Page: (await import('./registers/Registers.tsx')).Registers })),
  page('/liability', async () => ({ Page: (await import('./reports/Liability.tsx')).Liability })),
  page('/expiry', async () => ({ Page: (await import('./reports/Expiry.tsx')).Expiry })),
  page('/stores-report', async () => ({ Page: (await import('./reports/StoresReport.tsx')).StoresReport })),
  page('/new-rules', async () => ({ Page: (await import('./rules/editor/NewBook.tsx')).NewBook })),
  page('/rules', async () => ({ Page: (await import('./rules/Rules.tsx')).Rules })),
  page('/stores', async () => ({ Page: (await import('./stores/Stores.tsx')).Stores })),
  page('/audit', async () => ({ Page: (await import('./audit/Audit.tsx')).Audit })),
  page('/staff', async () => ({ Page: (await import('./staff/Staff.tsx')).Staff })),
])

export const router = createRouter({
  routeTree,
  basepath: '/console',
  defaultPreload: 'intent',
  defaultErrorComponent: Fault,
  defaultPendingComponent: () => <Skeleton lines={8} />,
  scrollRestoration: true,
  // Addresses are read by people and by the cloud: plain names and texts, no JSON.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search: Record<string, unknown>) => {
    const said = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    return said.length > 0
      ? `?${new URLSearchParams(said.map(([name, value]) => [name, String(value)]))}`
      : ''
  },
})

/** Links and their addresses are checked against the pages that there are. */
declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** The first page of those that one may see. */
function First() {
  const texts = useWords(shellWords)
  const [page] = usePages()
  return page ? <Navigate to={page.path} replace /> : <Empty title={texts.nothing}>{texts.nothingText}</Empty>
}

/** A page that cannot be shown says so in its place; the menu leads on. */
function Fault({ error }: { error: unknown }) {
  const texts = useWords(kitWords)
  const said = useWords(problemWords)
  return (
    <div className="state" role="alert">
      <p>{problemText(said, problemOf(error), false)}</p>
      <button type="button" onClick={() => location.reload()}>
        {texts.reload}
      </button>
    </div>
  )
}

function NotFound() {
  const texts = useWords(kitWords)
  return <Empty title={texts.notFound}>{texts.notFoundText}</Empty>
}
