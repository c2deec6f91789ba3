export const registryScenarios: readonly import('../scenario.ts').Scenario[] = [];
