import type { SearchInput } from '../../contract/search.ts'

/** What is searched for, as the API takes it but for the workspace, the purpose and the page. */
export type Sought = Pick<SearchInput, 'text' | 'kinds' | 'person_id' | 'since' | 'until'>
