import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ShownConversation } from '../../contract/record.ts'
import styles from '../admin/admin.module.css'
import { sameWorkspace } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { written } from '../format.ts'
import { sourceName } from '../sources/words.ts'
import { ErasedWords } from './erased-words.tsx'
import { Inline } from './plain-text.tsx'
import own from './record.module.css'
import { momentWords, personWords } from './words.ts'

const Moment = ({ at }: { at: string }) => <time dateTime={at}>{momentWords(at)}</time>

/** Whose conversation it is, where it comes from, and what its own record said over time. */
export function ConversationHead({ conversation }: { conversation: ShownConversation }) {
  const { bookmark } = useBookmark()
  const { id, source_id, source, title, owner, gpt, project, model, created_at, last_active_at, deleted_at, erased, messages } =
    conversation
  return (
    <>
      {deleted_at !== null && (
        <p className={styles.warning}>
          Deleted at its source on <Moment at={deleted_at} />. It can still be read here.
        </p>
      )}
      {erased !== null && <ErasedWords erased={erased} />}
      <dl className={styles.facts}>
        <Fact name="Title">{title === null ? 'none' : <Inline text={title} most={600} />}</Fact>
        <Fact name="Owner">{owner === null ? 'not known' : <Owner {...owner} />}</Fact>
        <Fact name="Source">{sourceName(source)}</Fact>
        {gpt !== null && (
          <Fact name="GPT">
            <Inline text={gpt.name ?? gpt.id} />
          </Fact>
        )}
        {project !== null && (
          <Fact name="Project">
            <Inline text={project.name ?? project.id} />
          </Fact>
        )}
        {model !== null && (
          <Fact name="Model">
            <Inline text={model} />
          </Fact>
        )}
        <Fact name="Begun">{created_at === null ? 'not said' : <Moment at={created_at} />}</Fact>
        <Fact name="Last message">{last_active_at === null ? 'not said' : <Moment at={last_active_at} />}</Fact>
        <Fact name="Messages">{written(messages, 'count')}</Fact>
        <Fact name="Id">
          <Inline text={id} most={600} />
          {source_id !== id && (
            <>
              {' '}
              (at its source <Inline text={source_id} most={600} />)
            </>
          )}
        </Fact>
      </dl>
      <Titles versions={conversation.versions} />
      <p className={styles.note}>
        <Link to="/record" search={{ ...sameWorkspace(bookmark), conversation: id }}>
          Everything recorded of this conversation
        </Link>
      </p>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function Owner({ id, email, name }: NonNullable<ShownConversation['owner']>) {
  return (
    <>
      <Inline text={personWords({ id, email, name })} />
      {name !== null && email !== null && (
        <>
          {' '}
          (<Inline text={email} />)
        </>
      )}
    </>
  )
}

/** What its own record said, where that changed. */
function Titles({ versions }: Pick<ShownConversation, 'versions'>) {
  if (versions.length < 2) return null
  return (
    <details className={own.versions}>
      <summary>Its own record was changed: {written(versions.length, 'count')} versions</summary>
      <ol>
        {versions.map(({ seq, title, recorded_at, updated_at, newest, erased, deleted_at }) => (
          <li key={seq}>
            {erased ? 'Erased' : title === null ? 'No title' : <Inline text={title} most={600} />}{' '}
            <span className={styles.hint}>
              {updated_at === null ? 'recorded' : 'changed'} <Moment at={updated_at ?? recorded_at} />
              {newest && ', the one that holds'}
              {deleted_at !== null && ', deleted'}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}
