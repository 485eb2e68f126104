import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { openTestApp } from '../../test/support/app.ts'
import { transaction } from '../ledger/writer.ts'
import type { OidcProvider } from '../platform/oidc-config.ts'
import { createKey } from './api-keys-change.ts'
import { memberFor } from './oidc-identity.ts'
import { operatorContext } from './operator.ts'

const daybook = openTestApp()

const provider: OidcProvider = {
  ...{ id: 'main', name: 'Main', issuer: 'https://id.example.com', clientId: 'daybook', clientSecret: null, scopes: ['openid'] },
  ...{ trustsEmail: false, joins: true, groupsClaim: 'groups', roles: { readers: 'analytics_viewer' } },
}

function comesIn(groups: string[]) {
  const claims = { issuer: provider.issuer, subject: 'k', email: 'keymaker@example.com', emailIsVerified: true, groups }
  const visit = { requestId: randomUUID(), address: null, userAgent: undefined, replaces: null }
  return transaction(daybook.ledger.database.writes, (tx) => memberFor(tx, daybook.ledger, provider, visit, claims))
}

test('whom their groups give less has the keys they made flagged, as when a person takes the role', async () => {
  const { id } = await comesIn(['readers'])
  const key = await createKey(operatorContext(daybook.ledger), { name: 'nightly', scopes: ['analytics:read'], workspace: null })
  await daybook.rows(`update api_key set maker_kind = 'person', maker_id = '${id}' where id = '${key.id}'`)
  expect((await comesIn([])).roles).toEqual(['member'])
  expect(await daybook.rows('select flagged_at is not null as flagged from api_key')).toEqual([{ flagged: true }])
  expect((await daybook.entries('member.roles-by-group')).at(-1)).toMatchObject({ query: { roles: ['member'], flagged_keys: [key.id] } })
})
