import { type Agenda, Alarm } from './timer-queue.ts';

export interface SlotUser {
  /** Starts the work. It calls `leave()` when it is done, possibly before this returns. */
  begin(): void;
}

/** Lets so many runs work at once. The others wait in the order in which they came. */
export class Slots {
  readonly #limit: number;
  readonly #agenda: Agenda;
  readonly #waiting = new Set<SlotUser>();
  readonly #nextTurn: Alarm;
  #used = 0;
  #isAdmitting = false;

  constructor(limit: number, agenda: Agenda) {
    this.#limit = limit;
    this.#agenda = agenda;
    this.#nextTurn = new Alarm(agenda, () => this.#admit(), true);
  }

  /** Begins at once if there is room, else when others have left. */
  enter(user: SlotUser): void {
    if (this.#used < this.#limit && this.#waiting.size === 0) this.#begin(user);
    else this.#waiting.add(user);
  }

  /** Takes back an `enter()` that still waits. */
  forget(user: SlotUser): void {
    this.#waiting.delete(user);
    if (this.#waiting.size === 0) this.#nextTurn.clear();
  }

  leave(): void {
    this.#used--;
    if (this.#waiting.size > 0 && !this.#isAdmitting) this.#admit();
  }

  /** A loop, not a recursion through `leave()`: any number of runs may begin and leave within it. */
  #admit(): void {
    this.#isAdmitting = true;
    for (const user of this.#waiting) {
      if (this.#used >= this.#limit) break;
      if (!this.#agenda.hasTime) {
        this.#nextTurn.set(this.#agenda.now);
        break;
      }
      this.#waiting.delete(user);
      this.#begin(user);
    }
    this.#isAdmitting = false;
  }

  #begin(user: SlotUser): void {
    this.#used++;
    user.begin();
  }
}
