import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './mantine.css'
import './theme.css'
import { App } from './app.tsx'
import { styleNonce } from './page.ts'

// For the library that keeps the page still under a dialog: it makes a style element of its own and looks for its nonce here.
Object.assign(globalThis, { __webpack_nonce__: styleNonce })

const place = document.getElementById('app')
if (!place) throw new Error('the document has no place for the app')
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
