import type pg from 'pg'

const tables = 'log, salts.log, item, conversation, message, version'
const firstAt = 500

/**
 * Keeps the planner from believing that a table which is filling fast is as empty as it was: after 500 records, then whenever a
 * process has written as many again, the tables are measured. PostgreSQL's own measuring comes up to a minute late, and a look-up
 * planned for an empty table reads all of a full one.
 */
export class Statistics {
  readonly #pool: pg.Pool
  #written = 0
  #next = firstAt
  #measuring = false

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  wrote(records: number): void {
    this.#written += records
    if (this.#written < this.#next || this.#measuring) return
    this.#next = this.#written * 2
    this.#measuring = true
    this.#pool
      .query(`analyze ${tables}`)
      // A measurement that fails (the server is stopping, say) costs speed, nothing else.
      .catch(() => undefined)
      .finally(() => {
        this.#measuring = false
      })
  }
}
