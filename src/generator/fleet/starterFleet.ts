/**
 * The commented fleet file that `rolla init` writes: it solves as it is, and its comments say what to put in place of
 * each figure.
 */
import { catalogueGpus } from '../catalogue/gpus.ts';
import { cachePerTokenOf, catalogueModels, weightsOf } from '../catalogue/models.ts';

/** YAML text of a `rolla-fleet/1`, with prices and sizes of the catalogue and where they come from. */
export function starterFleet(): string {
  return `# A fleet to plan (rolla-fleet/1). Change what is yours, then:
#   rolla lint FILE      what looks like a slip
#   rolla solve FILE     the cheapest plan that keeps every limit, with its proof
#   rolla explain FILE   why there is no plan, or what a little more would save
# A number may have a unit: 12 /s, 500 ms, 24 h, 16 GB, 131 kB, 2.49 $/h, 5 %. Text after # is a comment.
format: rolla-fleet/1
name: my fleet
period: 24 h            # how long the GPUs are rented; every $ below and in the plan is for this time
budget: 1000 $          # the most that rental may cost in the period; without this line: no limit
utilization: 75 %       # how busy a replica may be; the rest of its time takes up bursts and queueing

# 1. Your traffic: one entry for each kind of query. Take the busiest hour of the period.
queryTypes:
  - name: chat
    rate: 40 /s         # or /min, /h
    inputTokens: 900    # of a usual query, with its prompt and history
    outputTokens: 300
    cachedShare: 40 %   # of the input tokens: a shared prompt that the prefix cache holds; without this line: 0
    ttft: 800 ms        # limit on the time to the first token
    tpot: 50 ms         # limit on the time of each further token
    maxError: 10 %      # limit on bad answers, against the table of errors below
  - name: summaries
    rate: 5000 /h
    inputTokens: 6000
    outputTokens: 400
    latency: 60 s       # limit on the whole query
    dropPenalty: 0.02 $ # what a dropped query costs you
    mayDrop: 10 %       # how many may be dropped; without these two lines: none
  - name: agent
    rate: 4 /s
    inputTokens: 8000
    outputTokens: 700
    cachedShare: 80 %
    latency: 60 s
    maxError: 6 %

# 2. Models that may serve it. \`catalogue\` fills in weights, cache per token and the TP degrees that the heads allow.
#    Your own: weights: { FP8: 8 GB }, cachePerToken: { FP8: 65.5 kB }, tpDegrees: [1, 2, 4, 8]
models:
${modelLines(['llama-3.1-8b', 'llama-3.1-70b'])}
#    Known: ${catalogueModels.map(({ id }) => id).join(', ')}

# 3. GPUs that can be rented. \`catalogue\` fills in memory and GPUs of a node. Put your own prices.
gpus:
${gpuLines([
  ['l40s', 'L40S', 'FP8'],
  ['a100-sxm', 'A100', 'BF16'],
  ['h100-sxm', 'H100', 'FP8'],
  ['h200-sxm', 'H200', 'FP8'],
])}
#    Also: committed: 8 (GPUs that you pay for anyway). Known: ${catalogueGpus.map(({ id }) => id).join(', ')}

# 4. How fast each model is on each GPU. \`catalogue: all\` takes every measured profile of the catalogue that fits; its latencies are estimates.
#    Your own measurements go before it: one replica under full load, output tokens per second by shape of the query.
profiles:
  - catalogue: all
#  - model: Llama-3.1-8B
#    gpu: L40S
#    tp: 1
#    throughput:
#      - { inputTokens: 900, outputTokens: 300, tokens: 3900 tokens/s }
#      - { inputTokens: 6000, outputTokens: 400, tokens: 700 tokens/s }
#    latency: { firstToken: 30 ms, perInputToken: 0.04 ms, perOutputToken: 25 ms, deviation: 20 % }

# 5. Share of bad answers by your own evaluation: nominal, and how much worse it may turn out. Later lines win.
errors:
  - { model: Llama-3.1-8B, nominal: 7 %, deviation: 1.5 % }
  - { model: Llama-3.1-70B, nominal: 4 %, deviation: 1 % }

# 6. How many latencies and errors of a query type are at their worst together: 0 plans for nominal values, 1 or more for the worst.
gamma: { delay: 1, error: 1 }

# 7. Limits over several GPU tiers: power, a quota, a pool.
limits:
  - { name: power, unit: kW, perGpu: { ${powerEntries(['l40s', 'a100-sxm', 'h100-sxm', 'h200-sxm'], ['L40S', 'A100', 'H100', 'H200'])} }, most: 20 }
`;
}

function modelLines(ids: readonly string[]): string {
  return ids
    .map((id) => {
      const model = catalogueModels.find((candidate) => candidate.id === id)!;
      const name = id.replace('llama', 'Llama').replace(/b$/, 'B');
      const weights = weightsOf(model).FP8.toFixed(1);
      const cache = (cachePerTokenOf(model).FP8 * 1e6).toFixed(1);
      return `  - { name: ${name}, catalogue: ${id} }   # at FP8 ${weights} GB of weights, ${cache} kB a token`;
    })
    .join('\n');
}

function gpuLines(entries: readonly (readonly [id: string, name: string, precision: string])[]): string {
  return entries
    .map(([id, name, precision]) => {
      const { memory, price } = catalogueGpus.find((gpu) => gpu.id === id)!;
      const gpu = `  - { name: ${name}, catalogue: ${id}, precision: ${precision}, price: ${price.perHour} $/h, available: 32, reserve: 6 GB }`;
      return `${gpu}   # ${memory} GB; ${price.source}, ${price.date}`;
    })
    .join('\n');
}

function powerEntries(ids: readonly string[], names: readonly string[]): string {
  return ids
    .map((id, position) => `${names[position]}: ${catalogueGpus.find((gpu) => gpu.id === id)!.power / 1000}`)
    .join(', ');
}
