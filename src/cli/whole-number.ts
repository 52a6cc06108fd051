import { BadInputError } from '../errors.ts'

/**
 * A whole number of the command line.
 * @throws BadInputError naming the argument
 */
export function wholeNumber(argument: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(number) && number >= least) {
    if (number <= most) return number
    throw new BadInputError(`--${argument}: expected at most ${most}, found '${text}'.`)
  }
  throw new BadInputError(`--${argument}: expected a whole number of at least ${least}, found '${text}'.`)
}
