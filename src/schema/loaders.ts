import DataLoader from 'dataloader'
import type { Context } from './context.ts'

/**
 * A question about one object that is answered for many at once: asked for all objects of a level of the request, it
 * is one call of `answer`.
 * @param answer the answers by id, of objects with these ids, to the question with this parameter
 * @param otherwise the answer for an id that has none
 */
export function question<Parameter, Answer>(
  answer: (context: Context, ids: readonly string[], parameter: Parameter) => Promise<ReadonlyMap<string, Answer>>,
  otherwise: Answer,
): (context: Context, id: string, parameter: Parameter) => Promise<Answer> {
  const loaders = new WeakMap<Context, Map<unknown, DataLoader<string, Answer>>>()
  return (context, id, parameter) => {
    const byParameter = loaders.get(context) ?? new Map<unknown, DataLoader<string, Answer>>()
    loaders.set(context, byParameter)
    let loader = byParameter.get(parameter)
    if (!loader) {
      loader = new DataLoader(async (ids) => {
        const answers = await answer(context, ids, parameter)
        return ids.map((each) => answers.get(each) ?? otherwise)
      })
      byParameter.set(parameter, loader)
    }
    return loader.load(id)
  }
}
