/** Profiles as files: read for rules that are compiled, written by `lanner bench`. */
import { type Profile, ProfileError, profileText, readProfile } from "../compile/5-plan/profile.ts";
import { printable } from "../diagnostics/printable.ts";
import type { SourceText } from "../diagnostics/render-text.ts";
import { writeOutput } from "../files/output-file.ts";
import { AgentError, EXIT } from "./io.ts";

/** The profile in a text. Throws AgentError. */
export function parseProfile({ name, text }: SourceText): Profile {
  try {
    return readProfile(text, name);
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    throw new AgentError(EXIT.usage, printable(error.message), { cause: error });
  }
}

/** Throws AgentError. */
export function writeProfile(path: string, profile: Profile): void {
  try {
    writeOutput(path, profileText(profile));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError(EXIT.usage, `cannot write a profile: ${reason}`, { cause });
  }
}
