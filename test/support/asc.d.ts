/**
 * The part of AssemblyScript's compiler API that tests use. Its own declarations bring a global
 * `console` with `log` alone, which takes Node's away from the whole program.
 */
declare namespace asc {
  interface OutputStream {
    write(text: string): boolean;
  }

  interface Environment {
    readonly stdout?: OutputStream;
    readonly stderr?: OutputStream;
    readonly readFile?: (name: string) => string | null;
    readonly writeFile?: (name: string, contents: string | Uint8Array) => void;
    readonly listFiles?: (folder: string) => readonly string[];
  }

  interface Result {
    readonly error: Error | null;
    /** What was printed, where no stream was given. */
    readonly stdout: { toString(): string };
    readonly stderr: { toString(): string };
  }

  function main(args: readonly string[], environment?: Environment): Promise<Result>;
}

export declare const main: typeof asc.main;
export default asc;
