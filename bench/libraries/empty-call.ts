import type { Labels, Library } from '../library.ts';

/** Does nothing with the calls: the cost of the caller, its loop and its labels. */
export default {
  modules: [],
  packages: [],
  onlyIn: ['hot-path', 'labels'],
  open: async () => ({
    counter: () => new EmptyMetric(),
    gauge: () => new EmptyMetric(),
    histogram: () => new EmptyMetric(),
  }),
} satisfies Library;

class EmptyMetric {
  /** Kept, so that engines cannot remove the creation of labels. */
  labelsGiven: Labels | undefined = undefined;
  value = 0.5;

  inc(labels?: Labels): void {
    this.labelsGiven = labels;
  }

  set(first: Labels | number, value?: number): void {
    if (typeof first === 'number') this.value = first;
    else this.given(first, value);
  }

  observe(first: Labels | number, value?: number): void {
    this.set(first, value);
  }

  labels(): EmptyMetric {
    return this;
  }

  given(labels: Labels, value = 0.5): void {
    this.labelsGiven = labels;
    this.value = value;
  }
}
