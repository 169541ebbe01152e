/**
 * The line at the bottom of a terminal that says what is going on. It is erased before anything
 * else is printed and drawn again by the next update.
 */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const COLUMNS_DEFAULT = 80;
const ERASE_LINE = "\r\u001b[2K";

export class StatusLine {
  readonly #terminal: Terminal;
  #shown = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows `text`, cut to the width of the terminal. Does nothing where there is no terminal. */
  show(text: string): void {
    if (this.#terminal.isTTY !== true) return;
    // A terminal that was told no size says 0.
    const { columns = 0 } = this.#terminal;
    const width = (columns > 0 ? columns : COLUMNS_DEFAULT) - 1;
    this.#terminal.write(`${ERASE_LINE}${text.slice(0, width)}`);
    this.#shown = true;
  }

  clear(): void {
    if (!this.#shown) return;
    this.#shown = false;
    this.#terminal.write(ERASE_LINE);
  }
}
