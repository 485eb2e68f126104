import { FirstRun } from './first-run.tsx'

/** What a page says while there is nothing it could be about. */
export function NoWorkspace({ title }: { title: string }) {
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      <p>There is no workspace yet, so there is nothing to show: what people wrote appears here once chats are in one.</p>
      <FirstRun />
    </>
  )
}
