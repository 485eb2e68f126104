import { passwordLength } from '../../contract/account.ts'

/** The field of a new password, wherever one is set. */
export const newPassword = {
  name: 'password',
  label: 'New password',
  type: 'password',
  autoComplete: 'new-password',
  required: true,
  minLength: passwordLength.least,
  maxLength: passwordLength.most,
  hint: `${passwordLength.least} characters or more; several words are easy to keep.`,
} as const
