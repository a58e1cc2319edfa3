import type { ChangesMessage, Family, FullMessage, HistoryMessage } from '../../protocol.ts';
import { History } from './history.ts';

/** More samples than this are not kept, whatever the server says. */
const MAX_SAMPLES = 2000;

type State = Omit<FullMessage, 'families'>;

/** Everything that is known from messages. */
export class Store {
  history = new History(1);
  readonly families = new Map<number, Family>();
  /** Changes whenever a family was added, removed or described in another way. */
  familiesVersion = 0;
  #state: State | undefined;
  readonly #listeners: (() => void)[] = [];

  /** Throws an error before the first message. */
  get state(): State {
    if (this.#state === undefined) throw new Error('No message has been received.');
    return this.#state;
  }

  /** Ids of families are valid only with the same session. */
  get session(): string | undefined {
    return this.#state?.session;
  }

  /** The workers whose metrics are known. */
  get worker(): string {
    return this.state.workers?.shown ?? 'all';
  }

  get isEmpty(): boolean {
    return this.#state === undefined;
  }

  subscribe(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Takes over all of a message. History goes on if it comes from the same server. */
  replace(message: FullMessage): void {
    const { families, ...state } = message;
    if (this.#state?.session !== message.session) {
      const { historyMs, intervalMs } = message.about;
      this.history = new History(Math.min(MAX_SAMPLES, Math.ceil(historyMs / Math.max(intervalMs, 100)) + 10));
      this.families.clear();
      this.familiesVersion++;
    }
    this.#state = state;
    const ids = new Set(families.map(({ id }) => id));
    this.#remove([...this.families.keys()].filter((id) => !ids.has(id)));
    this.#describe(families);
    this.history.append(message.time, this.families.values(), message.process);
    this.#tell();
  }

  change(message: ChangesMessage): void {
    if (this.#state === undefined) return;
    const { values, families = [], removed = [], ...changed } = message;
    this.#state = { ...this.#state, ...changed };
    this.#remove(removed);
    this.#describe(families);
    for (const [id, latest] of Object.entries(values)) {
      const family = this.families.get(Number(id));
      if (family) this.families.set(family.id, { ...family, values: latest });
    }
    this.history.append(message.time, this.families.values(), changed.process ?? this.#state.process);
    this.#tell();
  }

  addHistory(message: HistoryMessage): void {
    if (this.#state?.session !== message.session) return;
    this.history.prepend(message, this.families);
    this.#tell();
  }

  #remove(ids: readonly number[]): void {
    for (const id of ids) {
      this.families.delete(id);
      this.history.forget(id);
    }
    if (ids.length > 0) this.familiesVersion++;
  }

  #describe(families: readonly Family[]): void {
    for (const family of families) this.families.set(family.id, family);
    if (families.length > 0) this.familiesVersion++;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
