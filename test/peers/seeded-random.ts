/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  bytes(count: number): Buffer;
  pick<T>(choices: readonly T[]): T;
}

/** A linear congruential generator with the constants of Numerical Recipes, of whose numbers the upper bits are used. */
export function seededRandom(seed: number): Random {
  let state = Math.imul(seed, 0x9e_37_79_b1) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
    pick: (choices) => choices[below(choices.length)] as (typeof choices)[number],
  };
}
