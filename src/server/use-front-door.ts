import type { Plugin } from 'graphql-yoga'

/** Who opens the server's address in a browser is taken to GraphiQL. */
export function useFrontDoor(graphqlPath: string): Plugin {
  return {
    onRequest({ url, request, endResponse, fetchAPI }) {
      if (url.pathname !== '/' || request.method !== 'GET') return
      endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: graphqlPath } }))
    },
  }
}
