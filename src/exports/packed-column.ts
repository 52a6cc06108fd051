import { integerOf, unscaledOf } from './exact-number.ts'
import type { ExportColumn } from './table.ts'

/**
 * The values of a column of some thousand rows, packed as Arrow lays them out. Texts of the database are taken apart as
 * they come: kept until their group is full they would outlive the garbage collector's quick rounds, which costs several
 * times their size.
 */
export abstract class PackedColumn {
  readonly column: ExportColumn
  length = 0
  nullCount = 0
  readonly #presence: Uint8Array

  constructor(column: ExportColumn, rows: number) {
    this.column = column
    this.#presence = new Uint8Array(Math.ceil(rows / 8))
  }

  /** @throws CrossrunError `EXPORT_VALUE_UNFIT` */
  add(text: string | null): void {
    if (text === null) this.nullCount += 1
    else setBit(this.#presence, this.length)
    this.put(this.length, text)
    this.length += 1
  }

  /** A bit for each value that is there. */
  get presence(): Uint8Array {
    return this.#presence.subarray(0, Math.ceil(this.length / 8))
  }

  /** A number, a bigint (a decimal's is of its last places), a text, a boolean, or null. */
  at(place: number): unknown {
    return isSet(this.#presence, place) ? this.valueAt(place) : null
  }

  /** Forgets all values. */
  clear(): void {
    this.#presence.fill(0)
    this.length = 0
    this.nullCount = 0
  }

  /** Bytes beside those that every value takes. */
  get extraBytes(): number {
    return 0
  }

  /** What is null is zero. */
  abstract buffers(): { data: ArrayBufferView; valueOffsets?: Int32Array }
  protected abstract put(place: number, text: string | null): void
  protected abstract valueAt(place: number): unknown
}

/** @param rows how many values it has room for */
export function packedColumn(column: ExportColumn, rows: number): PackedColumn {
  switch (column.type.kind) {
    case 'text':
      return new PackedTexts(column, rows)
    case 'boolean':
      return new PackedBooleans(column, rows)
    case 'integer':
    case 'timestamp':
      return new PackedNumbers(column, rows, new BigInt64Array(rows), 0n, (text) => integerOf(text, column))
    case 'float':
      return new PackedNumbers(column, rows, new Float64Array(rows), 0, Number)
    case 'date':
      return new PackedNumbers(column, rows, new Int32Array(rows), 0, Number)
    case 'decimal':
      return new PackedDecimals(column, rows)
  }
}

type Numbers<Value> = ArrayBufferView & {
  [place: number]: Value
  subarray(begin: number, end: number): ArrayBufferView
}

class PackedNumbers<Value> extends PackedColumn {
  readonly #values: Numbers<Value>
  readonly #zero: Value
  readonly #read: (text: string) => Value

  constructor(column: ExportColumn, rows: number, values: Numbers<Value>, zero: Value, read: (text: string) => Value) {
    super(column, rows)
    this.#values = values
    this.#zero = zero
    this.#read = read
  }

  protected put(place: number, text: string | null): void {
    this.#values[place] = text === null ? this.#zero : this.#read(text)
  }

  protected valueAt(place: number): Value {
    return this.#values[place]!
  }

  buffers() {
    return { data: this.#values.subarray(0, this.length) }
  }
}

/** 128 bits each, the lower half first. */
class PackedDecimals extends PackedColumn {
  readonly #halves: BigInt64Array

  constructor(column: ExportColumn, rows: number) {
    super(column, rows)
    this.#halves = new BigInt64Array(rows * 2)
  }

  protected put(place: number, text: string | null): void {
    const unscaled = text === null ? 0n : unscaledOf(text, this.column)
    this.#halves[place * 2] = unscaled
    this.#halves[place * 2 + 1] = unscaled >> 64n
  }

  protected valueAt(place: number): bigint {
    return (this.#halves[place * 2 + 1]! << 64n) | BigInt.asUintN(64, this.#halves[place * 2]!)
  }

  buffers() {
    return { data: new Uint32Array(this.#halves.buffer, 0, this.length * 4) }
  }
}

class PackedBooleans extends PackedColumn {
  readonly #bits: Uint8Array

  constructor(column: ExportColumn, rows: number) {
    super(column, rows)
    this.#bits = new Uint8Array(Math.ceil(rows / 8))
  }

  protected put(place: number, text: string | null): void {
    if (text === 't') setBit(this.#bits, place)
  }

  protected valueAt(place: number): boolean {
    return isSet(this.#bits, place)
  }

  override clear(): void {
    super.clear()
    this.#bits.fill(0)
  }

  buffers() {
    return { data: this.#bits.subarray(0, Math.ceil(this.length / 8)) }
  }
}

/** UTF-8, one after the other, and where each begins and the last one ends. */
class PackedTexts extends PackedColumn {
  readonly #offsets: Int32Array
  #bytes = Buffer.allocUnsafe(65_536)

  constructor(column: ExportColumn, rows: number) {
    super(column, rows)
    this.#offsets = new Int32Array(rows + 1)
  }

  protected put(place: number, text: string | null): void {
    let end = this.#offsets[place]!
    if (text !== null) {
      // No character takes more than three bytes for each of its 16-bit units.
      if (end + text.length * 3 > this.#bytes.length) this.#grow(end + text.length * 3)
      end += this.#bytes.write(text, end)
    }
    this.#offsets[place + 1] = end
  }

  #grow(least: number): void {
    const grown = Buffer.allocUnsafe(Math.max(least, this.#bytes.length * 2))
    this.#bytes.copy(grown)
    this.#bytes = grown
  }

  protected valueAt(place: number): string {
    return this.#bytes.toString('utf8', this.#offsets[place]!, this.#offsets[place + 1]!)
  }

  override get extraBytes(): number {
    return this.#offsets[this.length]!
  }

  buffers() {
    return {
      data: this.#bytes.subarray(0, this.extraBytes),
      valueOffsets: this.#offsets.subarray(0, this.length + 1),
    }
  }
}

function setBit(bits: Uint8Array, place: number): void {
  bits[place >> 3]! |= 1 << (place & 7)
}

function isSet(bits: Uint8Array, place: number): boolean {
  return (bits[place >> 3]! & (1 << (place & 7))) !== 0
}
