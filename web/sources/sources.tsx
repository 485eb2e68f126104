import { type SourcesReply, sourceScopes, sourcesReply } from '../../contract/sources.ts'
import { useReply } from '../ask/use-answer.ts'
import { printSearch } from '../bookmark/bookmark.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { FirstRun } from '../first-run/first-run.tsx'
import { written } from '../format.ts'
import { Alert } from '../top/alert.tsx'
import { Connect } from './connect.tsx'
import { CountedLine } from './counted-line.tsx'
import { Answered, Part, stateOf } from './part.tsx'
import { Refusals } from './refusals.tsx'
import { SourceTable } from './source-table.tsx'
import styles from './sources.module.css'
import { rolesWith } from './words.ts'

/** Which source is late, what was refused, and how the next one is connected. */
export function Sources() {
  const { workspace, bookmark, change } = useBookmark()
  const answer = useReply(workspace === null ? null : `/api/sources${printSearch({ workspace_id: workspace })}`, sourcesReply)
  const stranger = bookmark.workspace !== null && bookmark.workspace !== workspace
  // Whoever comes to see what is late sees that first; whoever has nothing yet, the first steps.
  const isNew = workspace === null || answer.reply?.sources.length === 0
  return (
    <>
      <title>Sources · Daybook</title>
      <header className={styles.head}>
        <div>
          <h1 tabIndex={-1}>Sources</h1>
          <p className={styles.lead}>What comes from where, and what became of it</p>
        </div>
        <CountedLine counted={answer.reply?.counted ?? null} />
      </header>
      {stranger && (
        <Alert words="All right" onDismiss={() => change({ workspace: null })}>
          The link names a workspace that is not yours.
        </Alert>
      )}
      <div className={styles.parts}>
        {isNew && <FirstRun key={workspace} />}
        {workspace !== null && (
          <>
            <Part
              id="sources"
              title="Which source is late?"
              sentence="Records by source: stored, changed later, known already, refused. A source is late 12 hours after its last record, very late after 48."
              waiting={answer.waiting}
              state={stateOf(answer)}
            >
              <Answered answer={answer} seenBy={rolesWith(sourceScopes)}>
                {(reply) => (
                  <>
                    <SourceTable sources={reply.sources} />
                    <Unplaced unplaced={reply.unplaced} />
                  </>
                )}
              </Answered>
            </Part>
            <Refusals workspace={workspace} />
            <Connect workspace={workspace} />
            {!isNew && <FirstRun key={workspace} />}
          </>
        )}
      </div>
    </>
  )
}

/** Refusals that belong to no workspace's table. */
function Unplaced({ unplaced }: Pick<SourcesReply, 'unplaced'>) {
  if (unplaced === null || unplaced.rejected === 0) return null
  return (
    <p className={styles.note}>
      {written(unplaced.rejected, 'count')} {unplaced.rejected === 1 ? 'refusal' : 'refusals'} named no workspace of this organization;{' '}
      {written(unplaced.waiting, 'count')} of them {unplaced.waiting === 1 ? 'waits' : 'wait'} below.
    </p>
  )
}
