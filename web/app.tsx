import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate, RouterProvider } from '@tanstack/react-router'
import { Problem } from './ask/problem.ts'
import { printSearch, readSearch } from './bookmark/bookmark.ts'
import type { Parameters } from './bookmark/filters.ts'
import { Overview } from './overview/overview.tsx'
import { page, styleNonce } from './page.ts'
import { destinationsFor } from './shell/commands.ts'
import { Shell } from './shell/shell.tsx'
import { colorSchemes, cssVariables, theme } from './theme.ts'

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => <Navigate to={destinationsFor(page.person.scopes)[0]?.path ?? '/account'} replace />,
  // Pages read their parameters themselves and say what they could not understand.
  validateSearch: (search: Record<string, unknown>) => search as Parameters,
})
const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  component: lazyRouteComponent(() => import('./sources/sources.tsx'), 'Sources'),
})
const members = createRoute({
  getParentRoute: () => root,
  path: '/members',
  component: lazyRouteComponent(() => import('./members/members.tsx'), 'Members'),
})
const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  component: lazyRouteComponent(() => import('./keys/keys.tsx'), 'Keys'),
})
const access = createRoute({
  getParentRoute: () => root,
  path: '/access',
  component: lazyRouteComponent(() => import('./access/access.tsx'), 'AccessRecord'),
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings.tsx'), 'Settings'),
})
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account.tsx'), 'OwnAccount'),
})
const record = createRoute({
  getParentRoute: () => root,
  path: '/record',
  component: lazyRouteComponent(() => import('./record/record.tsx'), 'RecordExplorer'),
})
const conversation = createRoute({
  getParentRoute: () => root,
  path: '/record/conversation',
  component: lazyRouteComponent(() => import('./record/conversation.tsx'), 'ConversationView'),
})
const search = createRoute({
  getParentRoute: () => root,
  path: '/record/search',
  component: lazyRouteComponent(() => import('./record/search.tsx'), 'RecordSearch'),
})
const overview = createRoute({ getParentRoute: () => root, path: '/overview', component: Overview })

const router = createRouter({
  routeTree: root.addChildren([overview, record, conversation, search, sources, members, keys, access, settings, account]),
  parseSearch: (search) => ({ ...readSearch(search) }),
  stringifySearch: (search) => printSearch(search),
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** What the server refused, it will refuse again; what did not reach it may. */
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => !(error instanceof Problem) && count < 1,
      retryDelay: 500,
    },
  },
})

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}
