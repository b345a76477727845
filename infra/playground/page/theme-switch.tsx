import type { VNode } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

const themes = ['auto', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

/** Switches between light and dark. The browser remembers a choice that differs from the system's. */
export const ThemeSwitch = (): VNode => {
  const [theme, setTheme] = useState(recall)
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  const toggle = (): void => {
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
    const shown = theme === 'auto' ? system : theme
    const other = shown === 'dark' ? 'light' : 'dark'
    const chosen = other === system ? 'auto' : other
    setTheme(chosen)
    remember(chosen)
  }
  return (
    <button type="button" class="quiet icon" aria-label="Switch between light and dark" onClick={toggle}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" fill="currentColor" />
      </svg>
    </button>
  )
}

const recall = (): Theme => {
  try {
    return themes.find((theme) => theme === localStorage.getItem('theme')) ?? 'auto'
  } catch {
    return 'auto'
  }
}

/** Throws in a browser that stores no data for pages. */
const remember = (theme: Theme): void => {
  try {
    localStorage.setItem('theme', theme)
  } catch {
    // The choice lasts for this visit.
  }
}
