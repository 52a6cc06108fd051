/** Of commands that print for programs when they are asked to. */
export const jsonArgument = { type: 'boolean', description: 'Print one JSON object.' } as const
