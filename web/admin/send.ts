import type { z } from 'zod'
import { Problem, problemOf } from '../ask/problem.ts'

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Changes something by the API. What comes back is handed over and kept nowhere: it may be a secret that is shown once. */
export async function send<S extends z.ZodType>(method: Method, path: string, shape: S, body?: object): Promise<z.output<S>> {
  const response = await reached(path, {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw await problemOf(response)
  return shape.parse(await response.json())
}

async function reached(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(path, request)
  } catch {
    throw new Problem(0, 'the server cannot be reached', null)
  }
}
