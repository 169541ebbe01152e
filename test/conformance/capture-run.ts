/** A recording through the engine in this process. */
import type { HostFacts } from "../../host/engine/host-facts.ts";
import { openCapture } from "../../host/replay/reader.ts";
import { replayParts } from "../../host/replay/replay-parts.ts";

export interface Player {
  setHost(facts: HostFacts): void;
  /** Whole event blocks, at most `rowBytes` of them where one was given. */
  play(blocks: Buffer): void;
}

/** Throws CaptureFileError when the recording is damaged. */
export async function playCapture(
  capture: string,
  player: Player,
  rowBytes?: number,
): Promise<void> {
  for await (const part of replayParts(openCapture(capture), undefined, rowBytes)) {
    if (part.kind === "interfaces") {
      const networks = part.interfaces.map(({ address, netmask }) => ({ address, mask: netmask }));
      player.setHost({ networks });
    }
    if (part.kind === "blocks") player.play(part.bytes);
  }
}
