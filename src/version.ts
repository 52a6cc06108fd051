import { readFileSync } from 'node:fs'

/** Of this package; its package.json stands one folder above both the sources and the build. */
export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}
