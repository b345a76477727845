import { render } from 'preact'
import { config } from 'zod'
import { App } from './app.tsx'
import { readAddress } from './linked-state.ts'

// Otherwise zod tries to create code from text, and the page's Content-Security-Policy reports that.
config({ jitless: true })

const start = async (): Promise<void> => {
  const root = document.querySelector('#app')
  const linked = await readAddress()
  if (root !== null) render(<App linked={linked} />, root)
}

void start()
