import { z } from 'zod'

/** A limit that is a whole number, with what it is unless it is set. */
function count(usual: number, description: string, { least = 1 } = {}) {
  return z.coerce.number().int().min(least).default(usual).describe(description)
}

const onOrOff = z.enum(['on', 'off'])

/** What the server refuses, whom it shows its schema, and from where it may be asked; docs/security.md has the table. */
export const limitVariables = {
  NODE_ENV: z
    .string()
    .optional()
    .describe('`production` shows the schema to administrators only and GraphiQL to nobody, unless said otherwise.'),
  CROSSRUN_MAX_DOCUMENT_CHARACTERS: count(100_000, 'The longest document, in characters.'),
  CROSSRUN_MAX_TOKENS: count(8_000, 'The most tokens (names, values, punctuation) of a document.'),
  CROSSRUN_MAX_NESTING: count(60, 'How deep brackets of any kind may stand in each other in a document.'),
  CROSSRUN_MAX_OPERATIONS: count(50, 'The most operations of a document.'),
  CROSSRUN_MAX_FRAGMENTS: count(200, 'The most named fragments of a document.'),
  CROSSRUN_MAX_DEPTH: count(20, 'How deep fields may be nested.'),
  CROSSRUN_MAX_BREADTH: count(300, 'The most fields of one selection, those of its fragments too.'),
  CROSSRUN_MAX_FIELDS: count(3_000, 'The most fields of a document, fragments counted wherever they are spread.'),
  CROSSRUN_MAX_ALIASES: count(300, 'The most aliases of a document, fragments counted wherever they are spread.'),
  CROSSRUN_MAX_DIRECTIVES: count(100, 'The most directives of a document, fragments counted wherever they are spread.'),
  CROSSRUN_MAX_ROOT_FIELDS: count(50, 'The most fields that one operation asks of Query or Mutation.'),
  CROSSRUN_MAX_REPEATS: count(20_000, 'The most pairs of fields with one response name that must be compared.'),
  CROSSRUN_MAX_INPUT_DEPTH: count(20, 'How deep an argument or a variable may be nested.'),
  CROSSRUN_MAX_INPUT_VALUES: count(10_000, 'The most values in all variables of an operation.'),
  CROSSRUN_MAX_INPUT_CHARACTERS: count(100_000, 'The longest text in a variable, in characters.'),
  CROSSRUN_MAX_COMPLEXITY: count(300_000, 'The most values an answer may have, by the sizes its lists are asked for.'),
  CROSSRUN_BATCH_LIMIT: count(10, 'The most operations of one request; 0 takes no lists of operations.', { least: 0 }),
  CROSSRUN_MAX_BODY_BYTES: count(1_000_000, 'The largest request body, in bytes.'),
  CROSSRUN_MAX_URL_CHARACTERS: count(8_000, 'The longest address of a request, in characters.'),
  CROSSRUN_MAX_EXPORTS: count(4, 'The most exports at once; more are told to come back.'),
  CROSSRUN_EXPORT_TIMEOUT_MS: count(900_000, 'The longest an export may take, in milliseconds.'),
  CROSSRUN_RATE_LIMIT: count(
    1_200,
    'The most operations of one key (without keys: of one address) in a minute; 0 for any number.',
    { least: 0 },
  ),
  CROSSRUN_FAILED_KEYS_LIMIT: count(30, 'The most wrong keys of one address in a minute; 0 for any number.', {
    least: 0,
  }),
  CROSSRUN_RATE_LIMIT_STORE: z
    .string()
    .regex(/^(memory|postgres|rediss?:\/\/\S+)$/, 'must be memory, postgres, or an address that starts with redis://')
    .default('memory')
    .describe('Where operations are counted: `memory`, or for several servers `postgres` or `redis://…`.'),
  CROSSRUN_CLIENT_ADDRESS_HEADER: z
    .string()
    .regex(/^[\w-]+$/, 'must be the name of a header')
    .optional()
    .describe('The header in which your proxy writes the client’s address, such as `x-forwarded-for`.'),
  CROSSRUN_TRUSTED_DOCUMENTS: z
    .string()
    .min(1)
    .optional()
    .describe('A JSON file of documents by id, or a folder of `.graphql` files, that clients may ask for by id.'),
  CROSSRUN_TRUSTED_DOCUMENTS_ONLY: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('`true` answers those documents and no others.'),
  CROSSRUN_MAX_INTROSPECTION: count(2, 'How many times what tools ask for at once may be asked of the schema.'),
  CROSSRUN_INTROSPECTION: z
    .enum(['on', 'off', 'admin'])
    .optional()
    .describe('Who may ask for the schema: everybody, nobody, or keys with the scope ADMIN.'),
  CROSSRUN_GRAPHIQL: onOrOff.optional().describe('Whether GraphiQL is served.'),
  CROSSRUN_CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((origin) => origin.trim()))
    .pipe(
      z.array(
        z
          .string()
          .regex(
            /^[a-z][a-z0-9+.-]*:\/\/[^/\s*]+$/i,
            'must be origins such as https://app.example, with commas between',
          ),
      ),
    )
    .default([])
    .describe('Other sites whose pages may ask: origins with commas between.'),
}
