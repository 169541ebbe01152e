/** Where the constants of a question are: in the code, or in a row that the code is given. */
import type { Bytes } from "../4-check/predicate.ts";
import type { Network } from "../5-plan/graph.ts";
import { Code } from "../code.ts";
import type { DataBlock } from "./data.ts";
import {
  listTable,
  networkTable,
  numberTable,
  pathTable,
  regexTable,
  setTable,
  textTable,
} from "./tables.ts";

/** Each gives an expression: the address of a table, or a number. */
export interface Constants {
  /** More numbers than this become a table. */
  readonly inlineNumbersMax: number;
  text(text: Bytes): Code;
  list(texts: readonly Bytes[]): Code;
  set(texts: readonly Bytes[]): Code;
  paths(prefixes: readonly Bytes[]): Code;
  regex(pattern: Bytes): Code;
  numbers(numbers: readonly bigint[]): Code;
  networks(networks: readonly Network[]): Code;
  unsigned(number: bigint): Code;
  signed(number: bigint): Code;
}

abstract class Tables {
  readonly #data: DataBlock;

  constructor(data: DataBlock) {
    this.#data = data;
  }

  /** The expression for a table at this address. */
  protected abstract at(address: number): Code;

  text(text: Bytes): Code {
    return this.at(textTable(this.#data, text));
  }
  list(texts: readonly Bytes[]): Code {
    return this.at(listTable(this.#data, texts));
  }
  set(texts: readonly Bytes[]): Code {
    return this.at(setTable(this.#data, texts));
  }
  paths(prefixes: readonly Bytes[]): Code {
    return this.at(pathTable(this.#data, prefixes));
  }
  regex(pattern: Bytes): Code {
    return this.at(regexTable(this.#data, pattern));
  }
  numbers(numbers: readonly bigint[]): Code {
    return this.at(numberTable(this.#data, numbers));
  }
  networks(networks: readonly Network[]): Code {
    return this.at(networkTable(this.#data, networks));
  }
}

/** Constants that the code itself names. */
export class FixedConstants extends Tables implements Constants {
  readonly inlineNumbersMax = 3;

  protected at(address: number): Code {
    return Code.of`${address}`;
  }
  unsigned(number: bigint): Code {
    return Code.of`<u64>${BigInt.asUintN(64, number)}`;
  }
  signed(number: bigint): Code {
    // The most negative number has no literal of its own.
    if (number <= -(1n << 63n)) return Code.of`i64.MIN_VALUE`;
    return Code.of`<i64>${number}`;
  }
}

/** Constants in a row of words, u64 each, whose address the code has in `row`. */
export class RowConstants extends Tables implements Constants {
  readonly inlineNumbersMax = 0;
  readonly words: bigint[] = [];

  protected at(address: number): Code {
    return Code.of`load<u32>(row, ${this.#add(BigInt(address))})`;
  }
  unsigned(number: bigint): Code {
    return Code.of`load<u64>(row, ${this.#add(number)})`;
  }
  signed(number: bigint): Code {
    return Code.of`load<i64>(row, ${this.#add(number)})`;
  }

  #add(word: bigint): number {
    this.words.push(BigInt.asUintN(64, word));
    return 8 * (this.words.length - 1);
  }
}
