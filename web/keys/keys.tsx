import { useState } from 'react'
import { type KeyView, keyList } from '../../contract/admin.ts'
import styles from '../admin/admin.module.css'
import { PageHead } from '../admin/page-head.tsx'
import { usePageQuery } from '../admin/page-query.ts'
import { ShownOnce } from '../admin/shown-once.tsx'
import { holds, rolesHolding } from '../admin/words.ts'
import { useReply } from '../ask/use-answer.ts'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { MakeKey, type NewText, RevokeKey, RotateKey } from './key-forms.tsx'
import { KeyTable } from './key-table.tsx'
import { Switches } from './switches.tsx'

type Opened = { readonly act: 'make' } | { readonly act: 'rotate' | 'revoke'; readonly subject: KeyView }

const parameters = ['ended'] as const

/** What programs come in with. */
export function Keys() {
  const [{ ended }, change] = usePageQuery(parameters)
  const all = ended === 'shown'
  const answer = useReply('/api/keys', keyList)
  const [opened, setOpened] = useState<Opened | null>(null)
  const [text, setText] = useState<NewText | null>(null)
  const close = () => setOpened(null)
  return (
    <>
      <PageHead title="Keys" lead="What programs come in with, and what each of them may do" />
      <div className={styles.parts}>
        <Part
          id="keys"
          title="Which keys let a program in?"
          sentence="API keys, the newest first. Their text is shown once, when they are made; what a key may do never changes."
          waiting={answer.waiting}
          state={stateOf(answer)}
        >
          <p className={styles.buttons}>
            <button type="button" className={styles.main} data-command="new key" onClick={() => setOpened({ act: 'make' })}>
              Make a key <kbd aria-hidden>n</kbd>
            </button>
            <button type="button" className={styles.button} data-command="ended keys" onClick={() => change({ ended: all ? '' : 'shown' })}>
              {all ? 'Show live ones only' : 'Show ended ones, too'}
            </button>
          </p>
          <Answered answer={answer} seenBy={rolesHolding('keys:manage')}>
            {({ data }) => (
              <KeyTable
                list={data.filter(({ state }) => all || state === 'live')}
                onRotate={(subject) => setOpened({ act: 'rotate', subject })}
                onRevoke={(subject) => setOpened({ act: 'revoke', subject })}
              />
            )}
          </Answered>
        </Part>
        {holds('directory:read') && <Switches />}
      </div>
      {opened?.act === 'make' && <MakeKey onText={setText} onClose={close} />}
      {opened?.act === 'rotate' && <RotateKey subject={opened.subject} onText={setText} onClose={close} />}
      {opened?.act === 'revoke' && <RevokeKey subject={opened.subject} onClose={close} />}
      {text !== null && (
        <ShownOnce title={`The key ${text.name}`} what="key" text={text.key} onClose={() => setText(null)}>
          Only a hash of it is kept: what is lost is made anew. {text.after}
        </ShownOnce>
      )}
    </>
  )
}
