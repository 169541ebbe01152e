/** Standard input, output and error of the event's process. */
import { Descriptor } from "../state/descriptor";
import { Frame } from "../state/frame";
import { findDescriptor, Owner } from "../state/lookup";
import { typeName } from "./fd-kind";
import { constant } from "./scratch";
import { Value } from "./value";

export function procStdinType(): bool {
  return typeOf(0);
}

export function procStdoutType(): bool {
  return typeOf(1);
}

export function procStderrType(): bool {
  return typeOf(2);
}

export function procStdinName(): bool {
  return nameOf(0);
}

export function procStdoutName(): bool {
  return nameOf(1);
}

export function procStderrName(): bool {
  return nameOf(2);
}

function typeOf(fd: i64): bool {
  const descriptor = find(fd);
  return descriptor !== null && constant(typeName(descriptor.type));
}

function nameOf(fd: i64): bool {
  const descriptor = find(fd);
  return descriptor !== null && Value.block(descriptor.name);
}

function find(fd: i64): Descriptor | null {
  const thread = Frame.thread;
  return thread === null ? null : findDescriptor(Owner.of(thread), fd);
}
