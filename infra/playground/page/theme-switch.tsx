import type { VNode } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

const themes = ['auto', 'light', 'dark'] as const
type Theme = (typeof themes)[number]
const words = { auto: 'Auto', light: 'Light', dark: 'Dark' } as const satisfies Record<Theme, string>

/** Light, dark, or as the system has it; the browser remembers it. */
export const ThemeSwitch = (): VNode => {
  const [theme, setTheme] = useState(recall)
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  const choose = (chosen: Theme): void => {
    setTheme(chosen)
    remember(chosen)
  }
  return (
    <fieldset class="segments">
      <legend class="hidden">Colours</legend>
      {themes.map((each) => (
        <label key={each}>
          <input type="radio" name="theme" checked={theme === each} onChange={() => choose(each)} />
          <span>{words[each]}</span>
        </label>
      ))}
    </fieldset>
  )
}

const recall = (): Theme => {
  try {
    return themes.find((theme) => theme === localStorage.getItem('theme')) ?? 'auto'
  } catch {
    return 'auto'
  }
}

/** A browser that keeps no data for pages refuses even to be asked. */
const remember = (theme: Theme): void => {
  try {
    localStorage.setItem('theme', theme)
  } catch {
    // It is chosen for this visit.
  }
}
