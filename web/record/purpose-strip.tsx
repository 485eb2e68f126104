import { useState } from 'react'
import { purposeLength } from '../../contract/record.ts'
import styles from '../admin/admin.module.css'
import { Form, FormDialog } from '../admin/dialog.tsx'
import { textOf, WordsField } from '../admin/fields.tsx'
import { Problem } from '../ask/problem.ts'
import { Part } from '../sources/part.tsx'
import { setPurpose, usePurpose } from './purpose.ts'
import own from './record.module.css'

const hint = 'For example the number of a case. It is kept in the access record with your name, for everything that you read in this tab.'

function PurposeField() {
  return <WordsField name="purpose" label="Why do you read this?" hint={hint} />
}

async function state(fields: FormData): Promise<void> {
  const purpose = textOf(fields, 'purpose')
  if (purpose.length < purposeLength.least)
    throw new Problem(400, 'purpose: say in a few words what it is read for', null, { code: 'bad_request', param: 'purpose' })
  setPurpose(purpose)
}

/** Why the record is read in this tab, or that nobody said it yet; said once, and changed here. */
export function PurposeStrip({ without }: { without?: string }) {
  const purpose = usePurpose()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <div className={own.strip} data-stated={purpose !== null}>
        <p>
          {purpose === null ? (
            without
          ) : (
            <>
              You read this for: <strong>{purpose}</strong>
            </>
          )}
        </p>
        <p className={styles.buttons}>
          <button type="button" className={`${styles.button} ${styles.small}`} data-command="purpose" onClick={() => setAsking(true)}>
            {purpose === null ? 'State a purpose' : 'Change'} <kbd aria-hidden>p</kbd>
          </button>
          {purpose !== null && (
            <button type="button" className={`${styles.button} ${styles.small}`} onClick={() => setPurpose(null)}>
              Done reading
            </button>
          )}
        </p>
      </div>
      {asking && (
        <FormDialog
          title="Your purpose"
          act="Read with this purpose"
          done="The purpose is stated."
          onAct={state}
          onClose={() => setAsking(false)}
        >
          <PurposeField />
        </FormDialog>
      )}
    </>
  )
}

/** In place of content: it comes once somebody says why. */
export function PurposeForm({ what }: { what: string }) {
  return (
    <Part id="purpose" title="First: what for?" sentence={`${what} is shown once you say what for.`}>
      <Form act="Read with this purpose" done="The purpose is stated." onAct={state}>
        <PurposeField />
      </Form>
    </Part>
  )
}
