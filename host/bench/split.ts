/**
 * What an event costs, part by part. Each part is the difference between two interleaved runs of
 * which one does that part in addition:
 *
 *   read      events found and decoded, nothing else
 *   state     the engine without packs, minus read
 *   dispatch  with packs that look at nothing, called for the same event types, minus that
 *   rules     with the packs themselves, their matches reported, minus that
 *   alerts    with fields rendered and alerts made into text, minus that
 */
import { readPack } from "../engine/pack.ts";
import type { Match } from "../engine/session.ts";
import { withoutOutput } from "./pack-variant.ts";
import { idlePack, type Probes } from "./probe.ts";
import { difference, type Figure, figure } from "./statistics.ts";
import type { Variant } from "./throughput.ts";

export interface RuleSet {
  /** Distinguishes it from others that are measured with it. */
  readonly name: string;
  readonly packs: readonly Uint8Array[];
  /** Makes an alert's text. */
  readonly onMatch: (match: Match) => void;
}

/** ns per event. */
export interface Split {
  readonly total: Figure;
  readonly read: Figure;
  readonly state: Figure;
  readonly dispatch: Figure;
  readonly rules: Figure;
  readonly alerts: Figure;
}

export interface SplitFigures {
  /** Engine without packs: read and state. */
  readonly stateAlone: Figure;
  readonly sets: ReadonlyMap<string, Split>;
}

const WALKER = "walker";
const ENGINE = "engine";
const PARTS = ["idle", "silent", "whole"] as const;
const nameOf = (set: RuleSet, part: (typeof PARTS)[number]): string => `${part} ${set.name}`;

/** What has to be measured for the split of these sets. */
export function splitVariants(sets: readonly RuleSet[], probes: Probes): readonly Variant[] {
  return [
    { name: WALKER, packs: [], walker: probes.walker },
    { name: ENGINE, packs: [] },
    ...sets.flatMap((set) => {
      const { packs, onMatch } = set;
      const idle = packs.map((pack) => idlePack(probes, readPack(pack).manifest.eventTypes));
      return [
        { name: nameOf(set, "idle"), packs: idle },
        { name: nameOf(set, "silent"), packs: packs.map(withoutOutput) },
        { name: nameOf(set, "whole"), packs, onMatch },
      ];
    }),
  ];
}

/** `samples`: ns per event by name of the variant. */
export function splitFigures(
  sets: readonly RuleSet[],
  samples: ReadonlyMap<string, readonly number[]>,
): SplitFigures {
  const of = (name: string): readonly number[] => samples.get(name) ?? [];
  const splitOf = (set: RuleSet): Split => {
    const [idle, silent, whole] = PARTS.map((part) => of(nameOf(set, part)));
    return {
      total: figure(whole ?? []),
      read: figure(of(WALKER)),
      state: difference(of(ENGINE), of(WALKER)),
      dispatch: difference(idle ?? [], of(ENGINE)),
      rules: difference(silent ?? [], idle ?? []),
      alerts: difference(whole ?? [], silent ?? []),
    };
  };
  return {
    stateAlone: figure(of(ENGINE)),
    sets: new Map(sets.map((set) => [set.name, splitOf(set)])),
  };
}
