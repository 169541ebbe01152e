export type CaptureFileProblem =
  /** The first block is no section header of the little-endian format. */
  | "NOT_A_CAPTURE"
  /**
   * The file ends inside a block, or the gzip stream breaks off. What came before was delivered.
   */
  | "TRUNCATED"
  /** A length or a number contradicts the format. */
  | "MALFORMED"
  /** The operating system refused to read or write. */
  | "IO";

/** A capture file cannot be read (further). `offset` counts bytes of the uncompressed stream. */
export class CaptureFileError extends Error {
  override readonly name = "CaptureFileError";
  readonly code: CaptureFileProblem;
  readonly offset: number;
  /** What should have been at `offset`. */
  readonly expected: string;

  constructor(
    code: CaptureFileProblem,
    at: { readonly offset: number; readonly expected: string },
    options?: ErrorOptions,
  ) {
    super(`${DESCRIPTION[code]} at byte ${at.offset}: expected ${at.expected}`, options);
    this.code = code;
    this.offset = at.offset;
    this.expected = at.expected;
  }
}

const DESCRIPTION: Readonly<Record<CaptureFileProblem, string>> = {
  NOT_A_CAPTURE: "not a capture file",
  TRUNCATED: "capture file is cut off",
  MALFORMED: "capture file is damaged",
  IO: "capture file cannot be read or written",
};
