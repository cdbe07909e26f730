import '../../../shared/styles/base.css'
import '../../../shared/styles/colours.css'
import '../../portal/styles/fonts.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/table.css'
import './styles/figures.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { showTheme } from './preferences.ts'
import { retry } from './reading.ts'

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no place for the console.')

const FRESH_MS = 10_000
const client = new QueryClient({ defaultOptions: { queries: { retry, staleTime: FRESH_MS } } })

showTheme()
createRoot(place).render(
  <QueryClientProvider client={client}>
    <App />
  </QueryClientProvider>,
)
