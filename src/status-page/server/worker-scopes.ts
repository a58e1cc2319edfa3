import type { WorkerChoice, WorkerSource } from '../../registry/gathering.ts';
import type { ClockTimer } from '../../scheduler/clock.ts';
import { PageScope, type SharedParts } from './page-scope.ts';

/** A choice that has not been watched for this long, or up to twice as long, is forgotten with its history. */
const IDLE_MS = 60_000;

interface KnownScope {
  readonly scope: PageScope;
  /** Whether it was not watched the last time that was looked at. */
  isIdle: boolean;
}

/** The page as it shows each worker or one of them. A choice costs nothing until it is watched. */
export class WorkerScopes {
  readonly #parts: SharedParts;
  readonly #most: number;
  readonly #scopes = new Map<string, KnownScope>();
  #timer: ClockTimer | undefined;

  /** With more than `most` choices, those that are not watched are forgotten. */
  constructor(parts: SharedParts, most: number) {
    this.#parts = parts;
    this.#most = most;
  }

  /** Returns the scope of a choice; undefined if there are too many. */
  get(source: WorkerSource, choice: WorkerChoice): PageScope | undefined {
    const shown = String(choice);
    const known = this.#scopes.get(shown);
    if (known !== undefined) {
      known.isIdle = false;
      return known.scope;
    }
    if (this.#scopes.size >= this.#most) this.#forget(({ scope }) => !scope.isWatched);
    if (this.#scopes.size >= this.#most) return undefined;
    const { context } = this.#parts;
    const registry = { gather: (options = {}) => source.gather(choice, options) };
    const parts: SharedParts = { ...this.#parts, context: { ...context, measures: 'none' } };
    const scope = new PageScope(parts, { shown, registry });
    this.#scopes.set(shown, { scope, isIdle: false });
    if (this.#timer === undefined) this.#lookLater();
    return scope;
  }

  close(): void {
    if (this.#timer !== undefined) this.#parts.clock.clearTimeout(this.#timer);
    this.#forget(() => true);
  }

  #lookLater(): void {
    this.#timer = this.#parts.clock.setTimeout(() => this.#look(), IDLE_MS);
    this.#timer.unref?.();
  }

  #look(): void {
    this.#timer = undefined;
    this.#forget(({ scope, isIdle }) => isIdle && !scope.isWatched);
    for (const known of this.#scopes.values()) known.isIdle = !known.scope.isWatched;
    if (this.#scopes.size > 0) this.#lookLater();
  }

  #forget(isForgotten: (known: KnownScope) => boolean): void {
    for (const [shown, known] of this.#scopes) {
      if (!isForgotten(known)) continue;
      known.scope.close();
      this.#scopes.delete(shown);
    }
  }
}
