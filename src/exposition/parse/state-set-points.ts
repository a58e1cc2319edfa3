import type { StateSetValue } from '../../model/family.ts';
import type { SampleLine } from './lines.ts';
import { draftPoint, type Part, type PointCollector, type PointDraft } from './points.ts';
import { SeriesIndex } from './series-index.ts';
import type { FamilyLabels } from './shared-labels.ts';

interface States extends StateSetValue {
  readonly states: string[];
  readonly enabled: number[];
}

/** State sets: a line is a state, in a label that is called like the family. */
export class StateSetPoints implements PointCollector {
  readonly #index = new SeriesIndex<PointDraft<States>>({ byTime: true });
  readonly #name: string;
  readonly #labels: FamilyLabels;

  constructor(name: string, labels: FamilyLabels) {
    this.#name = name;
    this.#labels = labels;
  }

  add(_part: Part, sample: SampleLine): boolean {
    const at = sample.labelNames.indexOf(this.#name);
    const state = sample.labelValues[at];
    if (state === undefined || sample.composite !== undefined) return false;
    const { value } = this.#index.get(sample, at, this.#create);
    value.states.push(state);
    value.enabled.push(sample.value);
    return true;
  }

  readonly #create = (sample: SampleLine, except: number): PointDraft<States> => {
    return draftPoint(sample, { states: [], enabled: [] }, this.#labels, except);
  };

  finish(): PointDraft<States>[] {
    return [...this.#index.values()];
  }
}
