/**
 * The trial of jail-check.ts: enters the jail as the engine process does, tries what it forbids
 * before and inside, and prints how each call ended.
 */
import { enterJail, tryForbidden } from "../native/native.ts";

const outside = tryForbidden();
const jail = enterJail();
const inside = tryForbidden();
process.stdout.write(JSON.stringify({ outside, jail, inside }));
