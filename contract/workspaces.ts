import { z } from 'zod'

/** Whom the counts of a workspace name: people, people under pseudonyms, or groups only. */
export const privacyModes = ['named', 'pseudonymous', 'groups_only'] as const
export const privacyMode = z.enum(privacyModes)
export type PrivacyMode = z.output<typeof privacyMode>

/** What analytics viewers see: the same as owners and admins, or groups only. */
export const viewerDetails = ['same', 'groups'] as const
export const viewerDetail = z.enum(viewerDetails)
export type ViewerDetail = z.output<typeof viewerDetail>
