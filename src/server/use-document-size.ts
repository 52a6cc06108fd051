import { Lexer, Source, TokenKind } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Environment } from '../environment.ts'
import { type Limit, LimitError } from '../errors.ts'
import { limitOf } from './limit-of.ts'
import { refusal, useParserCheck } from './refusal.ts'

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.PAREN_L, TokenKind.BRACKET_L])
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.PAREN_R, TokenKind.BRACKET_R])

/**
 * Refuses documents that are too long, have too many tokens or nest too deep, before they are parsed: the parser calls
 * itself for each level and would run out of stack.
 */
export function useDocumentSize(environment: Environment): Plugin {
  const characters = limitOf(environment, 'documentCharacters', 'CROSSRUN_MAX_DOCUMENT_CHARACTERS')
  const tokens = limitOf(environment, 'tokens', 'CROSSRUN_MAX_TOKENS')
  const nesting = limitOf(environment, 'nesting', 'CROSSRUN_MAX_NESTING')
  return useParserCheck({
    text(text) {
      if (text.length > characters.allowed) throw tooMuch('characters', characters, text.length)
      const lexer = new Lexer(new Source(text))
      let count = 0
      let depth = 0
      for (let { kind } = lexer.advance(); kind !== TokenKind.EOF; kind = lexer.advance().kind) {
        count += 1
        if (OPENING.has(kind)) depth += 1
        else if (CLOSING.has(kind)) depth -= 1
        if (count > tokens.allowed) throw tooMuch('tokens', tokens, `more than ${tokens.allowed}`)
        if (depth > nesting.allowed) throw tooMuch('levels of brackets', nesting, `more than ${nesting.allowed}`)
      }
    },
  })
}

function tooMuch(what: string, limit: Limit, found: number | string) {
  return refusal(new LimitError(`The document has more than ${limit.allowed} ${what}.`, limit, found), 400)
}
