const INITIAL_SLOTS = 32;
/** Differs between processes, so that no labels can be chosen that meet in one place of the table. */
const SEED = (Math.random() * 2 ** 32) | 1;

type Texts = Readonly<Record<string, string>>;

/**
 * The series of a family, to find those that occur twice. The order of the labels does not matter, and an empty value
 * counts as a missing label, as in Prometheus.
 */
export class DistinctSeries {
  readonly #labels: Texts[] = [];
  /** Two numbers for each place of a hash table: the hash of a series, and its index from 1; 0 is free. */
  #slots = new Int32Array(2 * INITIAL_SLOTS);

  // The hash is computed from the characters, because that of the engine takes two look-ups in a map for each new text.
  /** Adds a series. Returns false if it was added before. Keeps the labels. */
  add(labels: Texts): boolean {
    const hash = hashOfLabels(labels);
    const slots = this.#slots;
    const mask = slots.length - 2;
    let slot = (hash << 1) & mask;
    for (; slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
      if (slots[slot] === hash && isSameSeries(labels, this.#labels[slots[slot + 1]! - 1]!)) return false;
    }
    slots[slot] = hash;
    slots[slot + 1] = this.#labels.push(labels);
    if (this.#labels.length * 4 >= slots.length) this.#grow();
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 2;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      let slot = (old[from]! << 1) & mask;
      while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[from]!;
      slots[slot + 1] = old[from + 1]!;
    }
    this.#slots = slots;
  }
}

/** The sum of the hashes of the labels, as their order does not matter. */
function hashOfLabels(labels: Texts): number {
  let sum = 0;
  for (const name in labels) {
    if (!Object.hasOwn(labels, name)) continue;
    const text = labels[name]!;
    if (text !== '') sum = (sum + hashOfText(hashOfText(SEED, name), text)) | 0;
  }
  return sum;
}

function hashOfText(seed: number, text: string): number {
  let hash = seed ^ text.length;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), SEED);
    hash ^= hash >>> 15;
  }
  return hash;
}

function isSameSeries(labels: Texts, others: Texts): boolean {
  const present = ([, value]: [string, string]) => value !== '';
  const pairs = Object.entries(labels).filter(present);
  if (pairs.length !== Object.entries(others).filter(present).length) return false;
  return pairs.every(([name, value]) => Object.hasOwn(others, name) && others[name] === value);
}
