/** Maximum number of distinct values, and of observations that are not sorted yet. */
const MAX_VALUES = 512;
/** The share of all observations that one mean may stand for, at the median; towards both ends it falls to 0 (t-digest). */
const COMPRESSION = 0.01;

/** Means of observations and how many each stands for, sorted by mean. */
export interface Centroids {
  readonly means: Float64Array;
  readonly weights: Float64Array;
}

export const NO_CENTROIDS: Centroids = { means: new Float64Array(0), weights: new Float64Array(0) };

/**
 * The distribution of the values observed: exact for some hundred distinct values, and beyond that with neighboring values
 * merged, those around the median first.
 */
export class Digest {
  #centroids = NO_CENTROIDS;
  /** Observed since the last `compress()`. */
  #recent: number[] = [];

  push(value: number): void {
    if (this.#recent.push(value) === MAX_VALUES) this.compress();
  }

  reset(): void {
    this.#centroids = NO_CENTROIDS;
    this.#recent = [];
  }

  get centroids(): Centroids {
    this.compress();
    return this.#centroids;
  }

  /** Merges recent observations into the centroids. */
  compress(): void {
    if (this.#recent.length === 0) return;
    const means = Float64Array.from(this.#recent).sort();
    const weights = new Float64Array(means.length).fill(1);
    this.#recent = [];
    const all = merged(this.#centroids, { means, weights });
    this.#centroids = all.means.length > MAX_VALUES ? compressed(all) : all;
  }
}

/** Merges two lists of centroids; equal means become one. */
export function merged(a: Centroids, b: Centroids): Centroids {
  const means = new Float64Array(a.means.length + b.means.length);
  const weights = new Float64Array(means.length);
  let last = -1;
  for (let i = 0, j = 0; i < a.means.length || j < b.means.length; ) {
    const isFirst = j >= b.means.length || (i < a.means.length && a.means[i]! <= b.means[j]!);
    const mean = isFirst ? a.means[i]! : b.means[j]!;
    const weight = isFirst ? a.weights[i++]! : b.weights[j++]!;
    if (last < 0 || means[last] !== mean) means[++last] = mean;
    weights[last]! += weight;
  }
  return { means: means.slice(0, last + 1), weights: weights.slice(0, last + 1) };
}

/** Reduces the number of centroids: neighbors are merged while their share of all observations stays small for their rank. */
function compressed({ means, weights }: Centroids): Centroids {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const newMeans = new Float64Array(means.length);
  const newWeights = new Float64Array(means.length);
  let last = -1;
  let before = 0;
  for (let index = 0; index < means.length; index++) {
    const weight = weights[index]!;
    const joined = last < 0 ? weight : newWeights[last]! + weight;
    const place = (before + joined / 2) / total;
    const most = 4 * total * COMPRESSION * place * (1 - place);
    if (last >= 0 && joined <= most) {
      newMeans[last]! += (weight * (means[index]! - newMeans[last]!)) / joined;
      newWeights[last] = joined;
    } else {
      if (last >= 0) before += newWeights[last]!;
      newMeans[++last] = means[index]!;
      newWeights[last] = weight;
    }
  }
  return { means: newMeans.slice(0, last + 1), weights: newWeights.slice(0, last + 1) };
}

/**
 * The value at a quantile, interpolated between the middles of the weights as prom-client does it; undefined where nothing was
 * observed.
 */
export function quantileOf({ means, weights }: Centroids, quantile: number): number | undefined {
  const count = means.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const wanted = total * quantile;
  let before = 0;
  let lower = -1;
  let lowerMiddle = 0;
  for (let index = 0; index < count; index++) {
    const middle = before + weights[index]! / 2;
    if (middle > wanted) {
      if (lower < 0 || lowerMiddle === wanted) return means[lower < 0 ? index : lower];
      const slope = means[index]! - means[lower]!;
      return means[lower]! + ((wanted - lowerMiddle) * slope) / (middle - lowerMiddle);
    }
    lower = index;
    lowerMiddle = middle;
    before += weights[index]!;
  }
  return means[count - 1];
}
