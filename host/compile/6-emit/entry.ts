/** The function that the engine calls; its parameters are those of EVALUATE_PARAMS. */
import { Code } from "../code.ts";

/** `cases` of a switch over the event type; then `result` is returned. */
export function entry(cases: Code, result: Code): Code {
  return Code.of`
export function evaluate(
  type: u32,
  word: u64,
  fd: i64,
  owner: u64,
  container: u32,
  descriptor: u32,
  processTag: u64,
  lineageTag: u64,
  descriptorTag: u64,
): u32 {
  Facts.type = type;
  Facts.word = word;
  Facts.fd = fd;
  Facts.owner = owner;
  Facts.container = container;
  Facts.descriptor = descriptor;
  Facts.processTag = processTag;
  Facts.lineageTag = lineageTag;
  Facts.descriptorTag = descriptorTag;
  begin();
  switch (type) {
${cases}  }
  return ${result};
}
`;
}
