/** What manifests, metrics and commands say where nothing else is said. */

export const deployDefaults = {
  namespace: 'default',
  /** Label of nodes whose value is the tier. */
  nodeLabel: 'rolla/tier',
  image: 'vllm/vllm-openai:latest',
  gateway: 'inference-gateway',
  gpusPerNode: 8,
} as const;
