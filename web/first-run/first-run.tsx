import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Scope } from '../../contract/people.ts'
import { type FirstRunStep, firstRunReply } from '../../contract/sources.ts'
import { useReply } from '../ask/use-answer.ts'
import { printSearch, sameWorkspace } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { page } from '../page.ts'
import { CommandLine } from './command-line.tsx'
import { intakeCommands, viewerCommands, workspaceCommand } from './commands.ts'
import styles from './first-run.module.css'

/** Whoever may set these things up is shown how; the others are told who does. */
const setsUp: readonly Scope[] = ['settings:manage', 'keys:manage', 'people:manage']
const isForReader = setsUp.some((scope) => page.person.scopes.includes(scope))

const settingOf = (workspace: string | null) => `daybook-first-run-put-away:${workspace ?? ''}`

/** The first steps of a new installation, each as far as the server finds it; gone when all are done or when the reader puts it away. */
export function FirstRun() {
  const { workspace } = useBookmark()
  const { reply } = useReply(`/api/first-run${printSearch(workspace === null ? {} : { workspace_id: workspace })}`, firstRunReply)
  const [away, setAway] = useState(() => localStorage.getItem(settingOf(workspace)) === 'yes')
  const putAway = (now: boolean) => {
    localStorage.setItem(settingOf(workspace), now ? 'yes' : 'no')
    setAway(now)
  }
  if (reply === null || reply.steps.every(({ done }) => done)) return null
  const left = reply.steps.filter(({ done }) => !done).length
  if (away && workspace !== null)
    return (
      <p className={styles.away}>
        <button type="button" className={styles.link} onClick={() => putAway(false)}>
          Show the first steps ({left} left)
        </button>
      </p>
    )
  const next = reply.steps.find(({ done }) => !done)?.step
  return (
    <section className={styles.card} data-part="first-run" aria-labelledby="first-run">
      <header className={styles.head}>
        <h2 id="first-run">First steps</h2>
        {workspace !== null && (
          <button type="button" className={styles.link} onClick={() => putAway(true)}>
            Put away
          </button>
        )}
      </header>
      <p className={styles.lead}>
        {isForReader
          ? 'Commands run on the server, in its folder; each step is ticked once the server finds it done.'
          : 'Whoever runs this server does these; each is ticked once it is done. You need to do nothing: this page fills by itself.'}
      </p>
      <ol className={styles.steps}>
        {reply.steps.map(({ step, done }) => (
          <Step key={step} step={step} done={done} isNext={step === next} workspace={workspace} />
        ))}
      </ol>
    </section>
  )
}

const titles: Record<FirstRunStep, string> = {
  workspace: 'Create a workspace',
  source: 'Bring chats in',
  counts: 'See the first counts',
  key: 'Make a key for your connector',
  viewer: 'Let a second person in',
}

interface StepProps {
  readonly step: FirstRunStep
  readonly done: boolean
  readonly isNext: boolean
  readonly workspace: string | null
}

function Step({ step, done, isNext, workspace }: StepProps) {
  const Icon = done ? IconCircleCheckFilled : IconCircle
  return (
    <li className={styles.step} data-done={done} aria-current={isNext ? 'step' : undefined}>
      <Icon aria-hidden size={22} />
      <div>
        <h3>
          {titles[step]}
          <span className={styles.done}>{done ? ' – done' : isNext ? ' – next' : ''}</span>
        </h3>
        {!done && isForReader && <HowTo step={step} workspace={workspace} />}
      </div>
    </li>
  )
}

function HowTo({ step, workspace }: { step: FirstRunStep; workspace: string | null }): ReactNode {
  const { bookmark } = useBookmark()
  const commands = intakeCommands(workspace ?? '"My company"', location.origin)
  switch (step) {
    case 'workspace':
      return (
        <>
          <p>A workspace is what sources and people belong to. Then reload this page.</p>
          <CommandLine of="creating a workspace" text={workspaceCommand} />
        </>
      )
    case 'source':
      return (
        <>
          <p>
            Import what was said so far, such as a ChatGPT export as it was downloaded
            {workspace !== null && (
              <>
                ;{' '}
                <Link to="/sources" search={sameWorkspace(bookmark)}>
                  other ways in
                </Link>
              </>
            )}
            .
          </p>
          <CommandLine of="the import of a ChatGPT export" text={commands.chatgptExport} />
        </>
      )
    case 'counts':
      return <p>Nothing to type: the counts follow within seconds of the first records.</p>
    case 'key':
      return (
        <>
          <p>
            A program that sends records needs a key of the scope <code>ingest:write</code>; its text is shown once.
          </p>
          <CommandLine of="making a key" text={commands.key} />
        </>
      )
    case 'viewer':
      return (
        <>
          <p>An analytics viewer sees the counts and no word of a chat. The second line prints a link that works once.</p>
          <CommandLine of="letting somebody in" text={viewerCommands} />
        </>
      )
  }
}
