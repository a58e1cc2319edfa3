import type { CollectContext, Collector } from '../../src/index.ts';

/** A promise that the test settles. */
export class Gate<T = void> {
  readonly promise: Promise<T>;
  open: (value: T) => void = () => {};

  constructor() {
    this.promise = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}

/** A collector that waits for the test and records when and with which context it is called. */
export class GatedCollector implements Collector {
  readonly name: string;
  readonly asked = new Gate<CollectContext>();
  readonly go = new Gate();
  readonly contexts: CollectContext[] = [];

  constructor(name = 'gated') {
    this.name = name;
  }

  async collect(context: CollectContext) {
    this.contexts.push(context);
    this.asked.open(context);
    await this.go.promise;
    const points = [{ value: this.contexts.length }];
    return [{ name: this.name, help: 'Runs.', type: 'gauge' as const, points }];
  }
}
