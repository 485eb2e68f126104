import { type MemberView, memberList } from '../../contract/admin.ts'
import { useReply } from '../ask/use-answer.ts'
import { page } from '../page.ts'

export const useMembers = () => useReply('/api/members', memberList)

export const isMe = ({ email }: Pick<MemberView, 'email'>) => email.toLowerCase() === page.person.name.toLowerCase()

/** Nobody else could agree: the reader is the only active owner. */
export function amSoleOwner(members: readonly MemberView[]): boolean {
  const owners = members.filter(({ state, roles }) => state === 'active' && roles.includes('owner'))
  return owners.length > 0 && owners.every(isMe)
}
