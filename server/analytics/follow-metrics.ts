import { Gauge } from 'prom-client'
import { registry } from '../platform/metrics.ts'

export const factsLag = new Gauge({
  name: 'daybook_facts_lag_seconds',
  help: 'Age of the oldest entry of the log that the facts do not hold yet; 0 when they hold all of them',
  registers: [registry],
})

export const factsBehind = new Gauge({
  name: 'daybook_facts_entries_behind',
  help: 'Entries of the log that the facts do not hold yet',
  registers: [registry],
})
