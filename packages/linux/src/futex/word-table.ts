import type { SharedMemory } from '../shared-memory.ts';
import { checkNewId } from './watcher.ts';
import { WordReader } from './word-reader.ts';

export interface Word {
  readonly address: bigint;
  /** As of the last look. */
  readonly value: number;
}

/** Words by id, looked at all together. One whose memory is gone leaves the table. */
export class WordTable implements Disposable {
  readonly #reader = new WordReader();
  readonly #places = new Map<number, number>();
  readonly #ids: number[] = [];
  readonly #addresses: bigint[] = [];
  readonly #values: number[] = [];

  get size(): number {
    return this.#ids.length;
  }

  /** @throws RangeError if the id is in use, or the table full */
  add(id: number, { address }: SharedMemory): void {
    checkNewId(id, this.#places);
    this.#put(this.#ids.length, id, address);
    // Alone it is read at place 0, whose own value is read anew with the next look.
    this.#reader.setAddress(0, address);
    const isGone = this.#reader.read(1).length > 0;
    this.#values.push(isGone ? 0 : (this.#reader.values[0] as number));
    this.#reader.setAddress(0, this.#addresses[0] as bigint);
    if (isGone) this.delete(id);
  }

  delete(id: number): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    const [lastId, address, value] = [this.#ids.pop(), this.#addresses.pop(), this.#values.pop()];
    this.#places.delete(id);
    if (lastId === id) return;
    this.#put(place, lastId as number, address as bigint);
    this.#values[place] = value as number;
  }

  get(id: number): Word | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.#at(place);
  }

  *words(): Generator<Word> {
    for (let place = 0; place < this.size; place += 1) yield this.#at(place);
  }

  /** @returns the ids of those that have another value than at the last look */
  look(): number[] {
    const changed: number[] = [];
    const gone = this.#reader.read(this.size).map((place) => this.#ids[place] as number);
    for (let place = 0; place < this.size; place += 1) {
      const value = this.#reader.values[place] as number;
      if (value === this.#values[place]) continue;
      this.#values[place] = value;
      changed.push(this.#ids[place] as number);
    }
    for (const id of gone) this.delete(id);
    return changed;
  }

  #put(place: number, id: number, address: bigint): void {
    this.#ids[place] = id;
    this.#addresses[place] = address;
    this.#places.set(id, place);
    this.#reader.setAddress(place, address);
  }

  #at(place: number): Word {
    return { address: this.#addresses[place] as bigint, value: this.#values[place] as number };
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
  }
}
