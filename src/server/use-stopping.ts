import type { Plugin } from 'graphql-yoga'

/** While the server stops, an answer is the last on its connection: the next request goes elsewhere. */
export function useStopping(isStopping: () => boolean): Plugin {
  return {
    onResponse({ response }) {
      if (isStopping()) response.headers.set('connection', 'close')
    },
  }
}
