// Passkeys on the server's own pages. The library stands before this in the same file, as SimpleWebAuthnBrowser.
;(() => {
  /** @type {any} */
  const library = /** @type {any} */ (globalThis).SimpleWebAuthnBrowser
  if (!library.browserSupportsWebAuthn()) return

  offer('use-passkey', async () => {
    const { options, step } = await send('/sign-in/passkey/options', {})
    const response = await library.startAuthentication({ optionsJSON: options })
    return { path: '/sign-in/passkey', body: { step, response } }
  })
  offer('add-passkey', async () => {
    const { options, step } = await send('/api/account/passkeys/options', {})
    const response = await library.startRegistration({ optionsJSON: options })
    return { path: '/api/account/passkeys', body: { step, response, name: 'Passkey' } }
  })

  /**
   * Shows a button and does its work when it is pressed.
   * @param {string} id
   * @param {() => Promise<{ path: string, body: object }>} work
   */
  function offer(id, work) {
    const button = document.getElementById(id)
    if (!(button instanceof HTMLButtonElement)) return
    button.hidden = false
    document.getElementById('no-passkeys')?.setAttribute('hidden', '')
    button.addEventListener('click', async () => {
      button.disabled = true
      say('')
      try {
        const { path, body } = await work()
        const answer = await send(path, { ...body, ...(id === 'use-passkey' && button.dataset.next ? { next: button.dataset.next } : {}) })
        location.assign(answer.next ?? button.dataset.next ?? '/')
      } catch (error) {
        say(wordsFor(error))
        button.disabled = false
        button.focus()
      }
    })
  }

  /**
   * @param {string} path
   * @param {object} body
   */
  async function send(path, body) {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    })
    const reply = await answer.json()
    if (!answer.ok) throw new Error(reply.detail)
    return reply
  }

  /** @param {unknown} error */
  function wordsFor(error) {
    if (!(error instanceof Error)) return 'That did not work: try again.'
    if (error.name === 'NotAllowedError' || error.name === 'AbortError') return 'The browser was not told yes in time: try again.'
    if (error.name === 'InvalidStateError') return 'This device has a passkey for this account already.'
    return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`
  }

  /** @param {string} words */
  function say(words) {
    const problem = document.getElementById('passkey-problem')
    if (!problem) return
    problem.textContent = words
    problem.hidden = words === ''
  }
})()
