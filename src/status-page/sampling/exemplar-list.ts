import type { Exemplar } from '../../model/family.ts';
import type { LabelSet } from '../../model/label-set.ts';
import type { ExemplarRecord } from '../detail-protocol.ts';
import { shownLabels, shownLabelsOf, shownValue } from './shown-text.ts';

const MAX_EXEMPLARS = 10;

/** The latest exemplars of a family. */
export class ExemplarList {
  records: ExemplarRecord[] = [];

  begin(): void {
    this.records = [];
  }

  add(series: LabelSet, { labels, value, timestamp = 0 }: Exemplar): void {
    const time = timestamp * 1000;
    const isFull = this.records.length >= MAX_EXEMPLARS;
    if (isFull && time <= (this.records.at(-1)?.time ?? 0)) return;
    if (isFull) this.records.pop();
    const record = { series: shownLabels(series), labels: shownLabelsOf(labels), value: shownValue(value), time };
    const place = this.records.findIndex((other) => (other.time ?? 0) < time);
    this.records.splice(place === -1 ? this.records.length : place, 0, record);
  }
}
