import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { openLog } from './log.ts'
import { Refusal } from './refusal.ts'

function logged(write: (log: ReturnType<typeof openLog>) => void): string {
  let text = ''
  const config = readConfig({ DAYBOOK_LOG: 'debug' }, '/')
  const log = openLog(config, {
    write(line) {
      text += line
    },
  })
  write(log)
  return text
}

const marker = 'planted-secret'

test('a secret or a content that is logged by accident does not come out, three levels deep', () => {
  const names = [
    'authorization',
    'cookie',
    'key',
    'secret',
    'token',
    'password',
    'body',
    'payload',
    'parameters',
    'detail',
    'query',
    'values',
  ]
  for (const name of names) {
    const text = logged((log) => log.info({ [name]: marker, req: { [name]: marker, headers: { [name]: marker } } }))
    expect(text).not.toContain(marker)
    expect(text.split('[hidden]')).toHaveLength(4)
  }
})

test('an error is its type, code and place, never its message: that may quote what somebody wrote', () => {
  const cause = Object.assign(new TypeError(`invalid input: ${marker}`), { code: '22P02', detail: `Key (id)=(${marker})` })
  const text = logged((log) => log.error({ event: 'defect', err: new Refusal('not_found', marker, { param: 'x' }) }))
  const nested = logged((log) => log.error({ event: 'defect', err: new Error(marker, { cause }) }))
  const alone = logged((log) => log.error(new Error(marker, { cause })))
  expect(text + nested + alone).not.toContain(marker)
  expect(JSON.parse(alone).err.cause).toMatchObject({ code: '22P02' })
  expect(JSON.parse(text).err).toMatchObject({ type: 'Refusal', code: 'not_found' })
  expect(JSON.parse(nested).err.cause).toMatchObject({ type: 'TypeError', code: '22P02' })
  expect(JSON.parse(nested).err.at[0]).toContain('log.test.ts')
})

test('what is thrown that is no error says only what it is', () => {
  expect(logged((log) => log.error({ err: marker }))).not.toContain(marker)
})

test('a line is JSON with a time, and has neither host nor process', () => {
  const line = JSON.parse(logged((log) => log.info({ event: 'hello' })))
  expect(line).toEqual({ level: 30, time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), event: 'hello' })
})
