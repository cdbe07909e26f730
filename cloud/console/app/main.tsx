import '../../../shared/styles/base.css'
import '../../../shared/styles/colours.css'
import '../../portal/styles/fonts.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/table.css'
import './styles/figures.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { showTheme } from './preferences.ts'
import { queryClient } from './queries.ts'

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no place for the console.')

showTheme()
createRoot(place).render(
  <QueryClientProvider client={queryClient}>
    <App />
  </QueryClientProvider>,
)
