import { render } from 'preact'
import { config } from 'zod'
import { App } from './app.tsx'
import { readAddress } from './linked-state.ts'

// zod would try whether it may make code from text, and the page's Content-Security-Policy would report that.
config({ jitless: true })

const start = async (): Promise<void> => {
  const root = document.querySelector('#app')
  const linked = await readAddress()
  if (root !== null) render(<App linked={linked} />, root)
}

void start()
