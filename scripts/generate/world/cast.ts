import { INDUSTRIES, type Site } from '../playbook-run.ts'
import { Random } from '../random.ts'
import type { Sizes } from './sizes.ts'

const FIRST = (
  'Amber Anchor Aspen Birch Cedar Cobalt Copper Coral Drift Ember Fern Flint Garnet Granite Harbor Hazel Juniper Lantern Linden ' +
  'Maple Meadow North Opal Pine Quarry River Sable Silver Thistle Willow'
).split(' ')
const SECOND = (
  'Analytics Bank Bridge Care Clinic Cloud Credit Depot Foods Freight Gear Goods Group Health Home Labs Learning Logistics Market ' +
  'Medical Mills Networks Robotics School Stores Supply Systems Tools Travel Works'
).split(' ')

/** The companies of a generated world. They are the same wherever they appear: as prospect, as account, as a site. */
export class Cast {
  readonly seed: number
  readonly sizes: Sizes

  constructor(seed: number, sizes: Sizes) {
    this.seed = seed
    this.sizes = sizes
  }

  /** Things of one kind each have a generator of their own. */
  random(...thing: (string | number)[]): Random {
    return Random.of(this.seed, ...thing)
  }

  /** @param index from 0; the first, the largest account, is the one that most things are about */
  company(index: number): Site {
    const random = this.random('company', index)
    const [first, second] = [random.pick(FIRST), random.pick(SECOND)]
    return {
      domain: `${first}${second}${index + 1}.example`.toLowerCase(),
      name: `${first} ${second}`,
      industry: random.pick(INDUSTRIES),
    }
  }

  vendor(index: number): string {
    return `${this.random('vendor', index).pick(FIRST)}sell${index + 1}.example`.toLowerCase()
  }

  /** The id of an account in the source system. */
  accountId(company: number): string {
    return this.random('account', company).uuid()
  }

  contactId(company: number, contact: number): string {
    return this.random('contact', company, contact).uuid()
  }
}
