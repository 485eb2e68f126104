import { type CSSVariablesResolver, createTheme, localStorageColorSchemeManager } from '@mantine/core'

/** A menu needs its own: without one it closes as it opens. */
export const noTransition = { duration: 0 }

/** Mantine in our colours; the colours themselves stand in theme.css. */
export const theme = createTheme({
  fontFamily: 'system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, monospace',
  primaryColor: 'daybook',
  primaryShade: { light: 5, dark: 3 },
  autoContrast: true,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // What opens is there at once, and what closes is gone: the next key is meant for the page.
    Modal: { defaultProps: { transitionProps: noTransition } },
    Drawer: { defaultProps: { transitionProps: noTransition } },
    // Inside the landmark it belongs to, and with nothing in it but items.
    Menu: { defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } },
  },
  colors: {
    dark: ['#e8eef5', '#c9d4e0', '#b3c1d1', '#64748b', '#334155', '#2a384b', '#1b2532', '#141c26', '#0c1219', '#080c11'],
    daybook: ['#f1f5f9', '#cfe1f5', '#9cc4ec', '#7fb2e5', '#4a8bcb', '#2f6fb0', '#275f99', '#1f5389', '#154a80', '#0d3560'],
  },
})

/** Mantine writes its own greys into the same variables; ours stand in theme.css and have the contrast that its dimmed grey lacks. */
const ours = Object.fromEntries(
  [
    ['body', 'panel'],
    ['text', 'ink'],
    ['dimmed', 'quiet'],
    ['placeholder', 'quiet'],
    ['default-border', 'line'],
    ['default', 'panel'],
    ['default-color', 'ink'],
    ['default-hover', 'raised'],
    ['anchor', 'accent'],
    ['error', 'bad-ink'],
  ].map(([theirs, own]) => [`--mantine-color-${theirs}`, `var(--${own})`]),
)

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: ours, dark: ours })

export const colorSchemes = localStorageColorSchemeManager({ key: 'daybook-color-scheme' })

/** Six hues, then the same deeper, then paler: they stay apart for the three common colour deficiencies, and the legend names them. */
export function seriesColor(place: number): string {
  const hue = `var(--series-${place % 6})`
  if (place < 6) return hue
  return `color-mix(in oklab, ${hue} 60%, var(${place < 12 ? '--ink' : '--panel'}))`
}
export const othersColor = 'var(--series-6)'
