/**
 * The part of AssemblyScript's compiler API that tests use. Its own declarations bring a global
 * `console` with `log` alone, which takes Node's away from the whole program.
 */
import * as asc from "assemblyscript/asc";

export interface OutputStream {
  write(text: string): boolean;
}

export interface Environment {
  readonly stdout?: OutputStream;
  readonly stderr?: OutputStream;
  readonly readFile?: (name: string) => string | null;
  readonly writeFile?: (name: string, contents: string | Uint8Array) => void;
  readonly listFiles?: (folder: string) => readonly string[];
}

interface Collected {
  toString(): string;
}

export declare function main(
  args: readonly string[],
  environment?: Environment,
): Promise<{
  readonly error: Error | null;
  readonly stdout: Collected;
  readonly stderr: Collected;
}>;

export default asc;
