/** Files of other planners, made by us after their public descriptions. */

export const melange = {
  gpu_info: {
    A10G: {
      cost: 1.01,
      tputs: [
        [2, 1],
        [5, 2],
      ],
    },
    'A100-80GB': {
      cost: 3.67,
      tputs: [
        [20, 20],
        [40, 20],
      ],
    },
  },
  workload_distribution: [
    [0.2, 0.1],
    [0.5, 0.2],
  ],
  total_request_rate: 30,
  slice_factor: 1,
};

/** Rows are output tokens, columns input tokens. */
export const aibrix = {
  gpu: 'L20',
  cost: 1.5,
  tputs: [
    [8, 4, 0],
    [3, 2, 'NaN'],
  ],
  indexes: [
    [64, 256],
    [128, 512, 2048],
  ],
  created: 1.7e9,
  slos: { percentile: 99, e2e: 5 },
};

export const sweepHeader =
  'model,isl,osl,concurrency,request_rate,bs,ttft,tpot,request_latency,seq/s,seq/s/gpu,tokens/s/gpu,num_total_gpus,tp,pp,memory,power_w';
export const sweepRow = 'Qwen3-32B,2048,512,64,4.2,64,488,29.1,15358.1,4.214,2.107,1078.8,2,2,1,98.2,612';

export const systemYaml = `gpu:
  mem_bw: 4800000000000
  mem_capacity: 141000000000
  bfloat16_tc_flops: 989000000000000
  int8_tc_flops: 1979000000000000
  fp8_tc_flops: 1979000000000000
  power: 700
node:
  num_gpus_per_node: 8
  intra_node_bw: 450000000000
  inter_node_bw: 25000000000
misc:
  nccl_mem: { 1: 0, 2: 1500000000, 4: 1800000000, 8: 2000000000 }
  other_mem: 3000000000
`;

const performance = (name: string, acc: string, accCount: number, alpha: number, beta: number) => ({
  name,
  acc,
  accCount,
  maxBatchSize: 32,
  atTokens: 512,
  decodeParms: { alpha, beta },
  prefillParms: { gamma: 5, delta: 0.01 },
});

/** Servers of three models in two classes; accelerators of one and of four cards share the pool of their type. */
export function infernoSystem(servers: number, counts: Readonly<Record<string, number>>) {
  const models = ['llama-8b', 'llama-13b', 'llama-70b'];
  return {
    system: {
      acceleratorData: {
        accelerators: [
          { name: 'A100', type: 'A100', multiplicity: 1, memSize: 80, cost: 200 },
          { name: '4xA100', type: 'A100', multiplicity: 4, memSize: 80, cost: 780 },
          { name: 'G2', type: 'G2', multiplicity: 1, memSize: 96, cost: 120 },
        ],
      },
      modelData: {
        models: [
          performance('llama-8b', 'A100', 1, 12, 0.25),
          performance('llama-8b', 'G2', 1, 17, 0.4),
          performance('llama-13b', 'A100', 1, 18, 0.4),
          performance('llama-13b', 'G2', 2, 24, 0.55),
          performance('llama-70b', 'A100', 2, 30, 0.8),
          performance('llama-70b', '4xA100', 1, 22, 0.5),
          performance('llama-70b', 'G2', 4, 36, 0.9),
        ],
      },
      serviceClassData: {
        serviceClasses: [
          {
            name: 'Premium',
            priority: 1,
            modelTargets: models.map((model) => ({ model, 'slo-itl': 45, 'slo-ttft': 500, 'slo-tps': 0 })),
          },
          {
            name: 'Freemium',
            priority: 10,
            modelTargets: models.map((model) => ({ model, 'slo-ITL': 80, 'slo-TTFT': 2000 })),
          },
        ],
      },
      serverData: {
        servers: Array.from({ length: servers }, (_, s) => ({
          name: `server-${s}`,
          class: s % 2 === 0 ? 'Premium' : 'Freemium',
          model: models[s % 3],
          minNumReplicas: 1,
          currentAlloc: {
            accelerator: '',
            load: {
              arrivalRate: 30 + 47 * ((s * 7) % 11),
              avgInTokens: 128 + 64 * (s % 4),
              avgOutTokens: 128 + 96 * (s % 5),
            },
          },
        })),
      },
      optimizerData: { optimizer: { unlimited: false } },
      capacityData: { count: Object.entries(counts).map(([type, count]) => ({ type, count })) },
    },
  };
}
