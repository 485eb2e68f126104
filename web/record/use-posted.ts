import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { send } from '../admin/send.ts'
import { Problem } from '../ask/problem.ts'
import type { Answer } from '../ask/use-answer.ts'

/** A read leaves an entry in the access record: it is made when somebody asks, never because a window came to the front or something was changed. */
export const readOnce = {
  ...{ staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, refetchOnReconnect: false },
  meta: { onlyWhenAsked: true },
} as const

/** Asks what must not stand in an address; null asks nothing. */
export function usePosted<S extends z.ZodType>(path: string, shape: S, body: object | null): Answer<z.output<S>> {
  const queries = useQueryClient()
  const queryKey = [path, body]
  const query = useQuery({
    queryKey,
    queryFn: async () => read(path, shape, body ?? {}),
    enabled: body !== null,
    placeholderData: keepPreviousData,
    ...readOnce,
    // What is not looked at any more is not kept either.
    gcTime: 0,
  })
  return {
    address: path,
    reply: body === null ? null : (query.data ?? null),
    stale: query.isPlaceholderData,
    waiting: query.isFetching,
    problem: query.error === null ? null : asProblem(query.error),
    retry: () => void query.refetch(),
    cancel: () => void queries.cancelQueries({ queryKey }),
  }
}

export async function read<S extends z.ZodType>(path: string, shape: S, body: object): Promise<z.output<S>> {
  try {
    return await send('POST', path, shape, body)
  } catch (error) {
    throw asProblem(error)
  }
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem
    ? error
    : new Problem(200, 'the answer is not of the shape this page knows: reload it after an upgrade', null)
}
