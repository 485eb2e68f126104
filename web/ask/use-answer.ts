import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { type AnalyticsReply, analyticsReply, type ReconciliationReply, reconciliationReply } from '../../contract/analytics.ts'
import { useBookmark } from '../bookmark/use-bookmark.ts'
import { Problem, problemOf } from './problem.ts'
import { type Question, questionAddress, reconciliationAddress } from './question.ts'

/** An answer on its way, there, or not coming. A reply may be there while the next is on its way: then it is stale. */
export interface Answer<R> {
  readonly address: string
  readonly reply: R | null
  readonly stale: boolean
  readonly waiting: boolean
  readonly problem: Problem | null
  readonly retry: () => void
  readonly cancel: () => void
}

export function useAnswer(question: Question): Answer<AnalyticsReply> {
  const { bookmark, workspace } = useBookmark()
  return useReply(workspace === null ? null : questionAddress(question, bookmark, workspace), analyticsReply)
}

export function useReconciliation(): Answer<ReconciliationReply> {
  const { bookmark, workspace } = useBookmark()
  return useReply(workspace === null ? null : reconciliationAddress(bookmark, workspace), reconciliationReply)
}

/** Asks an address of the API; null asks nothing. What leaves an entry in the access record is not asked again because a window came to the front. */
export function useReply<S extends z.ZodType>(address: string | null, shape: S, { onFocus = true } = {}): Answer<z.output<S>> {
  const queries = useQueryClient()
  const queryKey = [address ?? '']
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => fetchReply(address ?? '', shape, signal),
    enabled: address !== null,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: onFocus,
  })
  return {
    address: address ?? '',
    reply: query.data ?? null,
    stale: query.isPlaceholderData || (query.isFetching && query.data !== undefined && query.isError),
    waiting: query.isFetching,
    problem: query.error === null ? null : asProblem(query.error),
    retry: () => void query.refetch(),
    cancel: () => void queries.cancelQueries({ queryKey }),
  }
}

async function fetchReply<S extends z.ZodType>(address: string, shape: S, signal: AbortSignal): Promise<z.output<S>> {
  const response = await fetch(address, { signal, headers: { accept: 'application/json' } })
  if (!response.ok) throw await problemOf(response)
  const parsed = shape.safeParse(await response.json())
  if (!parsed.success)
    throw new Problem(
      response.status,
      'the answer is not of the shape this page knows: reload it after an upgrade',
      response.headers.get('x-request-id'),
    )
  return parsed.data
}

function asProblem(error: Error): Problem {
  return error instanceof Problem ? error : new Problem(0, 'the server cannot be reached', null)
}
