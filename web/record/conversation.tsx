import { useNavigate, useRouter } from '@tanstack/react-router'
import styles from '../admin/admin.module.css'
import { PageHead } from '../admin/page-head.tsx'
import { usePageQuery } from '../admin/page-query.ts'
import { rolesHolding } from '../admin/words.ts'
import { sameWorkspace } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { NoWorkspace } from '../first-run/no-workspace.tsx'
import { Answered, Part, stateOf } from '../sources/part.tsx'
import { ConversationHead } from './conversation-head.tsx'
import { usePurpose } from './purpose.ts'
import { PurposeForm, PurposeStrip } from './purpose-strip.tsx'
import { Talk } from './talk.tsx'
import { useConversation } from './use-conversation.ts'

const parameters = ['id', 'message'] as const

/** A conversation with all that the record has of it. It is read once somebody says why. */
export function ConversationView() {
  const { workspace } = useBookmark()
  const [{ id, message }] = usePageQuery(parameters)
  const purpose = usePurpose()
  if (workspace === null) return <NoWorkspace title="Conversation" />
  return (
    <>
      <PageHead title="Conversation" lead="As it was recorded: every branch, version and deletion">
        <Back />
      </PageHead>
      {purpose !== null && <PurposeStrip />}
      <div className={styles.parts}>
        {id === '' ? (
          <Part id="conversation" title="Which conversation?" sentence="The link names none. Choose one in the record.">
            <Back />
          </Part>
        ) : purpose === null ? (
          <PurposeForm what="The conversation" />
        ) : (
          <Content key={`${workspace} ${id}`} workspace={workspace} id={id} purpose={purpose} wanted={message === '' ? null : message} />
        )}
      </div>
    </>
  )
}

/** Where the reader came from; a link that was opened by itself leads to the list. */
function Back() {
  const router = useRouter()
  const navigate = useNavigate()
  const { bookmark } = useBookmark()
  const back = () => {
    if (router.history.canGoBack()) router.history.back()
    else void navigate({ to: '/record', search: sameWorkspace(bookmark) })
  }
  return (
    <button type="button" className={styles.button} data-command="back" onClick={back}>
      Back to the list <kbd aria-hidden>Esc</kbd>
    </button>
  )
}

interface ContentProps {
  readonly workspace: string
  readonly id: string
  readonly purpose: string
  /** The message to begin with. */
  readonly wanted: string | null
}

function Content({ wanted, ...about }: ContentProps) {
  const { answer, load } = useConversation(about)
  return (
    <Part
      id="conversation"
      title="What was said?"
      sentence="Text as text: nothing in it runs, loads or leads anywhere by itself. Characters that are not seen are named."
      waiting={answer.waiting}
      state={stateOf(answer)}
    >
      <Answered answer={answer} seenBy={rolesHolding('compliance:read')}>
        {({ conversation, messages }) => (
          <>
            <ConversationHead conversation={conversation} />
            <Talk conversation={conversation} messages={messages} load={load} wanted={wanted} />
          </>
        )}
      </Answered>
    </Part>
  )
}
