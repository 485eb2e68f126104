import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Prometheus metrics of this process. Labels come from closed lists: never an id, never anything a source sent. */
export const registry = new Registry()

collectDefaultMetrics({ register: registry })

export const requestSeconds = new Histogram({
  name: 'daybook_http_request_seconds',
  help: 'Time from the first byte of a request to the last byte of its reply',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  registers: [registry],
})

export const recordsTotal = new Counter({
  name: 'daybook_records_total',
  help: 'Records brought in, by what became of them: accepted, updated, duplicate or rejected',
  labelNames: ['outcome'],
  registers: [registry],
})

export const waitingBytes = new Gauge({
  name: 'daybook_writer_waiting_bytes',
  help: 'Sealed bytes that wait for their commit',
  registers: [registry],
})
