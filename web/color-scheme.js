// Runs before anything is drawn: the reader's own choice if there is one, else the system's.
;(() => {
  let chosen = null
  try {
    chosen = localStorage.getItem('daybook-color-scheme')
  } catch {} // storage is switched off: the system's it is
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  const scheme = chosen === 'light' || chosen === 'dark' ? chosen : system
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
})()
