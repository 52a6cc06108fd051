/**
 * What identifies a company across sources: its host name in lower case, without scheme, credentials, `www.`, port,
 * path or trailing dot. International names are kept in their ASCII (punycode) form.
 * @param text a URL or a bare domain, as people write it
 * @returns null when there is no host name in it
 */
export function normalizeDomain(text: string | null | undefined): string | null {
  const trimmed = text?.trim()
  if (!trimmed) return null
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed.replace(/^\/+/, '')}`
  const host = hostOf(withScheme)
  if (!host) return null
  const bare = host.replace(/\.+$/, '').replace(/^www\./, '')
  return bare.includes('.') ? bare : null
}

function hostOf(url: string): string | null {
  // Only http URLs have their host parsed by the standard (lower case, punycode); other schemes keep it opaque.
  const http = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, 'http://')
  return URL.canParse(http) ? new URL(http).hostname : null
}
