import type { StateSetValue } from '../../model/family.ts';
import type { SamplePart } from '../../model/sample-names.ts';
import type { SampleLine } from '../lines/line-handler.ts';
import { stateLines } from './point-lines.ts';
import { type Collected, draftPoint, type LooseLine, type PointCollector, type PointDraft } from './points.ts';
import { SeriesIndex } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

interface States extends StateSetValue {
  readonly states: string[];
  readonly enabled: number[];
}

/** State sets: a line is a state, in a label with the name of the family. */
export class StateSetPoints implements PointCollector {
  readonly #index = new SeriesIndex<PointDraft<States>>({ byTime: true });
  readonly #name: string;
  readonly #labels: FamilyLabels;
  readonly #isExact: boolean;

  constructor(name: string, labels: FamilyLabels, isExact: boolean) {
    this.#name = name;
    this.#labels = labels;
    this.#isExact = isExact;
  }

  add(_part: SamplePart, sample: SampleLine): boolean {
    const at = sample.labelNames.indexOf(this.#name);
    const state = sample.labelValues[at];
    // Negative zero is not a valid state, because the text would not preserve it.
    const isState = (sample.value === 1 || Object.is(sample.value, 0)) && sample.exemplars.length === 0;
    if (state === undefined || sample.composite !== undefined || (this.#isExact && !isState)) return false;
    const { value, startTimestamp } = this.#index.get(sample, at, this.#create);
    if (this.#isExact && startTimestamp !== sample.startTimestamp) return false;
    value.states.push(state);
    value.enabled.push(sample.value);
    return true;
  }

  readonly #create = (sample: SampleLine, partLabel: number): PointDraft<States> => {
    return draftPoint(sample, { states: [], enabled: [] }, this.#labels, partLabel);
  };

  finish(): Collected {
    const points: PointDraft<States>[] = [];
    const loose: LooseLine[] = [];
    for (const point of this.#index.values()) {
      const { states } = point.value;
      if (!this.#isExact || new Set(states).size === states.length) points.push(point);
      else for (const line of stateLines(this.#name, point)) loose.push(line);
    }
    return { points, loose };
  }
}
