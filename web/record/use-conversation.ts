import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { conversationReply, recordPaths, type ShownConversation, type ShownMessage } from '../../contract/record.ts'
import type { Problem } from '../ask/problem.ts'
import type { Answer } from '../ask/use-answer.ts'
import { asProblem, read, readOnce } from './use-posted.ts'

interface Loaded {
  readonly conversation: ShownConversation
  readonly messages: readonly ShownMessage[]
}

/** How the rest of a long conversation comes. */
export interface Load {
  readonly hasMore: boolean
  readonly busy: boolean
  readonly problem: Problem | null
  /** The next page, unless one is on its way. */
  next(): void
  /** Page after page until the end. */
  all(): void
}

interface About {
  readonly workspace: string
  readonly id: string
  readonly purpose: string
}

export function useConversation({ workspace, id, purpose }: About): { answer: Answer<Loaded>; load: Load } {
  const queries = useQueryClient()
  const [wantsAll, setWantsAll] = useState(false)
  const queryKey = [recordPaths.conversation, workspace, id, purpose]
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) =>
      read(recordPaths.conversation, conversationReply, {
        workspace_id: workspace,
        conversation_id: id,
        purpose,
        ...(pageParam === null ? {} : { cursor: pageParam }),
      }),
    // The first page is asked for without a cursor; a number follows.
    initialPageParam: null as number | null,
    getNextPageParam: ({ cursor }) => cursor,
    ...readOnce,
    // Pages never change once they came: comparing megabytes of them would be for nothing.
    structuralSharing: false,
    gcTime: 0,
  })
  const { data, error, hasNextPage, isFetching, fetchNextPage } = query
  useEffect(() => {
    if (wantsAll && hasNextPage && !isFetching && error === null) void fetchNextPage()
  }, [wantsAll, hasNextPage, isFetching, error, fetchNextPage])
  const reply = useMemo(() => {
    const first = data?.pages[0]
    return first ? { conversation: first.conversation, messages: data.pages.flatMap(({ messages }) => messages) } : null
  }, [data])
  const problem = error === null ? null : asProblem(error)
  return {
    answer: {
      address: recordPaths.conversation,
      reply,
      stale: false,
      waiting: isFetching,
      problem: reply === null ? problem : null,
      retry: () => void query.refetch(),
      cancel: () => void queries.cancelQueries({ queryKey }),
    },
    load: {
      hasMore: hasNextPage,
      busy: isFetching,
      problem: reply === null ? null : problem,
      next: () => {
        if (!isFetching) void fetchNextPage()
      },
      all: () => setWantsAll(true),
    },
  }
}
