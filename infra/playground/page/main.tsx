import { render } from 'preact'
import { config } from 'zod'
import { App } from './app.tsx'

// zod would try whether it may make code from text, and the page's Content-Security-Policy would report that.
config({ jitless: true })

const root = document.querySelector('#app')
if (root !== null) render(<App />, root)
