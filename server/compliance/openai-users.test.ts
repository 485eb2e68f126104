import { expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { person, userId } from '../../test/support/records.ts'

const daybook = openTestApp()

test('x', async () => {
  const place = await daybook.place()
  const reply = await daybook.take(place.ingest, [person(userId())])
  expect(reply.accepted).toBe(1)
  console.log((await daybook.get(`/v1/compliance/workspaces/${place.id}/users`, place.read)).body, await daybook.entries('users.list'))
  console.log((await daybook.get(`/v1/compliance/workspaces/%00/users?after=%00`, place.read)).body)
  console.log((await daybook.get(`/v1/compliance/workspaces/${place.id}/users?after=%00`, place.read)).body)
  console.log((await daybook.get(`/v1/compliance/workspaces/%zz/users`, place.read)).body)
  console.log((await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations?users=%00`, place.read)).body)
  console.log((await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations?after=%00`, place.read)).body)
  console.log((await daybook.get(`/v1/compliance/workspaces/${place.id}/conversations/%00/messages`, place.read)).body)
  console.log((await daybook.get(`/api/records?kind=%00`, place.read)).body)
})
