export const NATIVE_ERROR_CODES = [
  "NO_ADDON",
  "NO_CAPTURE",
  "NO_BTF",
  "NO_PERMISSION",
  "KERNEL_TOO_OLD",
  "LOAD_FAILED",
  "MAP_FAILED",
  "BAD_ARGUMENT",
  "CLOSED",
] as const;
export type NativeErrorCode = (typeof NATIVE_ERROR_CODES)[number];

/** The addon refused. `code` says which reaction fits; the message what would fix it. */
export class NativeError extends Error {
  override readonly name = "NativeError";
  readonly code: NativeErrorCode;
  constructor(code: NativeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Runs `call`; an error of the addon comes out as a NativeError, any other as it is. */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw named(error);
  }
}

/** The same for a promise. */
export async function guardedLater<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw named(error);
  }
}

function named(error: unknown): unknown {
  if (!isAddonError(error)) return error;
  return new NativeError(error.code, error.message, { cause: error });
}

function isAddonError(error: unknown): error is Error & { readonly code: NativeErrorCode } {
  if (!(error instanceof Error) || error instanceof NativeError || !("code" in error)) return false;
  return (NATIVE_ERROR_CODES as readonly unknown[]).includes(error.code);
}
