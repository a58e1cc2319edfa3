/** One of the parts of the page that tabs choose from. */
export interface View {
  /** Name in the address: `#metrics`. */
  readonly id: string;
  readonly title: string;
  readonly element: HTMLElement;
  /** Short text beside the title, such as a number. */
  readonly badge: string;
  /** Whether the badge tells of a problem. */
  readonly isBad?: boolean;
  /** Shows the latest values. Called only while the view is visible. */
  update(): void;
}
