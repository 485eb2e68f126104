import { passwordLength } from '../../contract/account.ts'
import { TextField } from '../admin/fields.tsx'
import { page } from '../page.ts'

/** The field of a new password, wherever one is set; the hidden one tells a password manager whose it is. */
export function NewPassword() {
  return (
    <>
      <input type="text" autoComplete="username" value={page.person.name} readOnly hidden />
      <TextField
        name="password"
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        minLength={passwordLength.least}
        maxLength={passwordLength.most}
        hint={`${passwordLength.least} characters or more; several words are easy to keep.`}
        data-autofocus
      />
    </>
  )
}
