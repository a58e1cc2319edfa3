import { Counter } from '../../metrics/counter.ts';
import { Gauge } from '../../metrics/gauge.ts';
import { Summary } from '../../metrics/summary.ts';
import type { Registry } from '../../registry/registry.ts';

const OUTCOMES = ['success', 'rejected', 'failed'] as const;

/** How a push ended: `rejected` by the receiver, or `failed` because there was no answer. */
export type PushOutcome = (typeof OUTCOMES)[number];

/** The metrics of pushes to one kind of target. Targets that share a registry share the families. */
export class PushMetrics {
  readonly #target: string;
  readonly #pushes;
  readonly #bytes;
  readonly #duration;
  readonly #lastSuccess;

  constructor(registry: Registry, target: string) {
    this.#target = target;
    this.#pushes = registry.getOrCreate(Counter<{ target: StringConstructor; outcome: typeof OUTCOMES }>, {
      name: 'zeroprom_pushes_total',
      help: 'Total number of pushes by target and outcome.',
      labelNames: { target: String, outcome: OUTCOMES },
    });
    this.#bytes = registry.getOrCreate(Counter<readonly ['target']>, {
      name: 'zeroprom_push_sent_bytes_total',
      help: 'Total number of bytes in the bodies of successful pushes.',
      labelNames: ['target'],
    });
    this.#duration = registry.getOrCreate(Summary<readonly ['target']>, {
      name: 'zeroprom_push_duration_seconds',
      help: 'Duration of pushes with their retries in seconds.',
      labelNames: ['target'],
    });
    this.#lastSuccess = registry.getOrCreate(Gauge<readonly ['target']>, {
      name: 'zeroprom_push_last_success_timestamp_seconds',
      help: 'Time of the last successful push in Unix seconds.',
      labelNames: ['target'],
    });
    for (const outcome of OUTCOMES) this.#pushes.inc({ target, outcome }, 0);
  }

  /** Records a push that has ended. */
  pushed(outcome: PushOutcome, seconds: number, bytes: number, now: number): void {
    const target = this.#target;
    this.#pushes.inc({ target, outcome });
    this.#duration.observe({ target }, seconds);
    if (outcome !== 'success') return;
    this.#bytes.inc({ target }, bytes);
    this.#lastSuccess.set({ target }, now / 1000);
  }
}
