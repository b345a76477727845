import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'

const themes = ['auto', 'light', 'dark'] as const
const words = { auto: 'Auto', light: 'Light', dark: 'Dark' } as const satisfies Record<Theme, string>
type Theme = (typeof themes)[number]

const kept = (): Theme => themes.find((theme) => theme === localStorage.getItem('theme')) ?? 'auto'

/** Light, dark, or as the system has it; the browser remembers it. */
export const ThemeSwitch = (): VNode => {
  const [theme, setTheme] = useState(kept)
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
    localStorage.setItem('theme', theme)
  }, [theme])
  return (
    <fieldset class="segments">
      <legend class="hidden">Colours</legend>
      {themes.map((each) => (
        <label key={each}>
          <input type="radio" name="theme" checked={theme === each} onChange={() => setTheme(each)} />
          <span>{words[each]}</span>
        </label>
      ))}
    </fieldset>
  )
}
