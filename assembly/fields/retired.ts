/**
 * Fields that no event of ours can fill: they speak of plugins, or of event types that no program
 * writes any more. Missing, as in Falco.
 */

export function evtPluginname(): bool {
  return false;
}

export function evtPlugininfo(): bool {
  return false;
}

export function evtInfraDockerName(): bool {
  return false;
}

export function evtInfraDockerContainerId(): bool {
  return false;
}

export function evtInfraDockerContainerName(): bool {
  return false;
}

export function evtInfraDockerContainerImage(): bool {
  return false;
}

export function threadCpu(): bool {
  return false;
}

export function threadCpuUser(): bool {
  return false;
}

export function threadCpuSystem(): bool {
  return false;
}
