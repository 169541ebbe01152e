import { EventType } from "../schema/generated/events";

/** Events whose parameter lengths are u32: plugin, async and container-JSON events. */
export function isLargePayload(type: u32): bool {
  return (
    type == EventType.PLUGINEVENT_E ||
    type == EventType.ASYNCEVENT_E ||
    type == EventType.CONTAINER_JSON_2_E
  );
}
