import type { JsonMetric } from '../registry/aggregators.ts';
import { DepartedWorkers } from './departed-workers.ts';
import { metricsIn } from './worker-values.ts';

/** Metrics of one registry of a member. */
export type RegistryMetrics = readonly JsonMetric[];

/** A response of a member, as it arrives. */
export interface MetricsResponse {
  readonly requestId?: unknown;
  readonly error?: unknown;
  readonly metrics?: unknown;
}

/** Processes or threads whose metrics are collected together, and the requests to them that are in flight. */
export class Members {
  readonly departed = new DepartedWorkers();
  readonly #questions = new Map<unknown, Question>();
  /** Members that did not answer the last question. They are asked, but not waited for. */
  readonly #late = new Set<unknown>();
  #nextQuestion = 0;

  /**
   * Asks members by their ids and resolves with their answers in this order. The answer of one that is late or ends meanwhile is
   * its last known counts. Rejects if no member answers in time, or if one fails.
   */
  async ask(ids: readonly unknown[], send: (requestId: number) => void, timeoutMs: number): Promise<RegistryMetrics[]> {
    const requestId = this.#nextQuestion++;
    const punctual = ids.filter((id) => !this.#late.has(id));
    const question = new Question(punctual.length > 0 ? punctual : ids);
    this.#questions.set(requestId, question);
    const timeout = setTimeout(() => question.timeOut(), timeoutMs);
    try {
      send(requestId);
      await question.ended;
    } finally {
      clearTimeout(timeout);
      this.#questions.delete(requestId);
      for (const id of question.awaited) this.#late.add(id);
    }
    return ids.flatMap((id) => question.answers.get(id) ?? [this.departed.last(id)]);
  }

  /** Questions that were asked and have not ended. */
  get pending(): readonly Promise<void>[] {
    return Array.from(this.#questions.values(), ({ ended }) => ended);
  }

  /** Handles a response. It may arrive twice, from two libraries in one member, or after its question has ended. */
  received(id: unknown, { requestId, error, metrics }: MetricsResponse): void {
    const question = this.#questions.get(requestId);
    if (error) {
      question?.fail(new Error(`${error}`));
      return;
    }
    this.#late.delete(id);
    if (question === undefined || question.answers.has(id)) return;
    const answer = metricsIn(metrics);
    this.departed.told(id, answer.flat());
    question.answer(id, answer);
  }

  /** The member has ended; `metrics` are its final counts, by default the last known ones. */
  left(id: unknown, metrics?: readonly JsonMetric[]): void {
    const last = this.departed.last(id);
    for (const question of this.#questions.values()) if (question.awaited.has(id)) question.answer(id, [last]);
    this.#late.delete(id);
    this.departed.left(id, metrics);
  }
}

class Question {
  readonly answers = new Map<unknown, readonly RegistryMetrics[]>();
  readonly awaited: Set<unknown>;
  readonly ended: Promise<void>;
  #end: () => void = () => {};
  #fail: (error: Error) => void = () => {};

  constructor(awaited: readonly unknown[]) {
    this.awaited = new Set(awaited);
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
  }

  answer(id: unknown, metrics: readonly RegistryMetrics[]): void {
    this.answers.set(id, metrics);
    this.awaited.delete(id);
    if (this.awaited.size === 0) this.#end();
  }

  fail(error: Error): void {
    this.#fail(error);
  }

  timeOut(): void {
    if (this.answers.size > 0) this.#end();
    else this.#fail(new TimeoutError(this.awaited.size));
  }
}

/** No member has answered in time. */
export class TimeoutError extends Error {
  readonly outstanding: number;

  constructor(outstanding: number) {
    super('Operation timed out.');
    this.name = 'Error';
    this.outstanding = outstanding;
  }
}
