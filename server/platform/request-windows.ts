import pg from 'pg'
import type { Database } from './database.ts'

/** Something that is counted, and how often it may happen in one window. */
export interface Bucket {
  /** Names what is counted; never holds a secret. */
  readonly name: string
  readonly quota: number
}

export interface Admission {
  readonly admitted: boolean
  /** How often it may still happen in this window. */
  readonly left: number
}

interface Waiting {
  readonly bucket: Bucket
  readonly resolve: (admission: Admission) => void
  readonly reject: (error: unknown) => void
}

/**
 * Counts requests in windows of a minute, in PostgreSQL, so that several servers share one quota and a restart gives nothing back. Requests
 * that come while a statement is under way are counted together by the next one; once a window is used up, nothing is asked any more until it
 * ends. Each request has its own place in the count, so exactly the quota is admitted.
 */
export class RequestWindows {
  readonly #organization: number
  readonly #connection: () => pg.Pool
  #pool: pg.Pool | null = null
  #waiting: Waiting[] = []
  #isCounting = false
  /** The window that the buckets in `#full` are of. */
  #window = 0
  #full = new Set<string>()

  constructor(database: Pick<Database, 'connection'>, organization: number) {
    this.#organization = organization
    // A count that a crash of the database takes back was of the last moment: not worth a sync each.
    this.#connection = () =>
      new pg.Pool({ ...database.connection, max: 1, application_name: 'daybook limits', options: '-c synchronous_commit=off' })
  }

  /** Whether a window of this bucket is known to be used up: costs nothing. */
  isFull(name: string, window: number): boolean {
    return this.#window === window && this.#full.has(name)
  }

  take(bucket: Bucket, window: number): Promise<Admission> {
    if (this.#window < window) {
      this.#window = window
      this.#full = new Set()
    }
    if (this.#full.has(bucket.name)) return Promise.resolve({ admitted: false, left: 0 })
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bucket, resolve, reject })
      if (!this.#isCounting) void this.#count()
    })
  }

  async close(): Promise<void> {
    await this.#pool?.end()
  }

  async #count(): Promise<void> {
    this.#isCounting = true
    while (this.#waiting.length > 0) {
      const all = this.#waiting
      this.#waiting = []
      try {
        const window = this.#window
        this.#answer(all, await this.#add(all), window)
      } catch (error) {
        for (const { reject } of all) reject(error)
      }
    }
    this.#isCounting = false
  }

  /** Adds everybody who waits, and says how much of each bucket was used before. */
  async #add(all: readonly Waiting[]): Promise<Map<string, number>> {
    const counts = new Map<string, number>()
    for (const { bucket } of all) counts.set(bucket.name, (counts.get(bucket.name) ?? 0) + 1)
    // In one order everywhere: two servers that count the same buckets do not wait for each other in a circle.
    const names = [...counts.keys()].sort()
    this.#pool ??= opened(this.#connection())
    const { rows } = await this.#pool.query<{ bucket: string; used: string }>({
      name: 'count requests',
      text: `insert into request_window as w (organization_id, bucket, number, used)
             select $1, bucket, $2, used from unnest($3::text[], $4::bigint[]) as t (bucket, used)
             on conflict (organization_id, bucket) do update set number = greatest(w.number, excluded.number),
               used = case when w.number >= excluded.number then w.used else 0 end + excluded.used
             returning bucket, used`,
      values: [this.#organization, this.#window, names, names.map((name) => counts.get(name))],
    })
    return new Map(rows.map(({ bucket, used }) => [bucket, Number(used) - (counts.get(bucket) ?? 0)]))
  }

  #answer(all: readonly Waiting[], before: Map<string, number>, window: number): void {
    for (const { bucket, resolve } of all) {
      const place = (before.get(bucket.name) ?? 0) + 1
      before.set(bucket.name, place)
      // The next window may have begun while they were counted: it is not full yet.
      if (place >= bucket.quota && window === this.#window) this.#full.add(bucket.name)
      resolve({ admitted: place <= bucket.quota, left: Math.max(0, bucket.quota - place) })
    }
  }
}

function opened(pool: pg.Pool): pg.Pool {
  pool.on('error', () => undefined)
  return pool
}
