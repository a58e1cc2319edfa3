import type { Encoder } from './encoder.ts';
import type { Descriptor, Exemplar, HistogramValue, Point, StateSetValue, SummaryValue } from './family.ts';

/** Forwards families and points to another encoder. Subclasses change them, or leave points out. */
export abstract class MappingEncoder<E extends Encoder = Encoder> implements Encoder {
  protected readonly encoder: E;

  constructor(encoder: E) {
    this.encoder = encoder;
  }

  family(descriptor: Descriptor): void {
    this.encoder.family(descriptor);
  }

  counter(point: Point, value: number, exemplar?: Exemplar): void {
    const mapped = this.map(point);
    if (mapped !== undefined) this.encoder.counter(mapped, value, exemplar);
  }

  gauge(point: Point, value: number): void {
    const mapped = this.map(point);
    if (mapped !== undefined) this.encoder.gauge(mapped, value);
  }

  unknown(point: Point, value: number): void {
    const mapped = this.map(point);
    if (mapped !== undefined) this.encoder.unknown(mapped, value);
  }

  histogram(point: Point, value: HistogramValue): void {
    const mapped = this.map(point);
    if (mapped !== undefined) this.encoder.histogram(mapped, value);
  }

  summary(point: Point, value: SummaryValue): void {
    const mapped = this.map(point);
    if (mapped !== undefined) this.encoder.summary(mapped, value);
  }

  info(point: Point): void {
    const mapped = this.map(point);
    if (mapped !== undefined) this.encoder.info(mapped);
  }

  stateSet(point: Point, value: StateSetValue): void {
    const mapped = this.map(point);
    if (mapped !== undefined) this.encoder.stateSet(mapped, value);
  }

  /** Returns the point to forward; undefined to leave it out. */
  protected abstract map(point: Point): Point | undefined;
}
