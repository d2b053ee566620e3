/**
 * Public tables of measured throughput: output tokens per second of one replica under full load, by shape of the query.
 * Figures are those of the tables, unrounded.
 */
import type { MeasuredThroughput } from '../fleet/fitServiceTimes.ts';
import type { CataloguePrecision } from './gpus.ts';

export interface CatalogueProfile {
  readonly id: string;
  /** Id of the model. */
  readonly model: string;
  /** Id of the GPU. */
  readonly gpu: string;
  readonly precision: CataloguePrecision;
  readonly tpDegree: number;
  readonly pipelineDegree: number;
  readonly throughput: readonly MeasuredThroughput[];
  readonly source: string;
  /** When the figures were published. */
  readonly date: string;
}

/** Input and output tokens of the shapes, in the order of the figures below. */
const shapes = [
  [128, 128],
  [128, 2048],
  [128, 4096],
  [500, 2000],
  [1000, 1000],
  [1000, 2000],
  [2048, 128],
  [2048, 2048],
  [5000, 500],
  [20000, 2000],
] as const;

interface Table {
  readonly source: string;
  readonly date: string;
}

const repository = 'https://github.com/NVIDIA/TensorRT-LLM/blob';
const page = 'source/performance/perf-overview.md';
const version1: Table = { source: `${repository}/v1.0.0/docs/${page}`, date: '2025-09' };
const version017: Table = { source: `${repository}/v0.17.0/docs/${page}`, date: '2025-02' };

/** 0: not measured there. */
type Figures = readonly [number, number, number, number, number, number, number, number, number, number];

export const catalogueProfiles: readonly CatalogueProfile[] = [
  profile(
    version017,
    '8b',
    'llama-3.1-8b',
    'l40s',
    'FP8',
    [1, 1],
    [9104.61, 5365.81, 3025.92, 4273.75, 4054.71, 0, 1066.52, 2225.27, 981.2, 327.97],
  ),
  profile(
    version017,
    '8b',
    'llama-3.1-8b',
    'a100-sxm',
    'BF16',
    [1, 1],
    [6627.27, 5255.99, 3453.79, 4276.58, 3786.83, 0, 799.61, 2424.16, 825.13, 330.04],
  ),
  profile(
    version1,
    '8b',
    'llama-3.1-8b',
    'h100-sxm',
    'FP8',
    [1, 1],
    [28312, 22714, 14325, 17660, 15220, 13899, 3450, 9305, 3459, 1351],
  ),
  profile(
    version1,
    '8b',
    'llama-3.1-8b',
    'h200-sxm',
    'FP8',
    [1, 1],
    [27911, 26221, 18027, 20770, 17744, 16828, 3538, 12194, 3902, 1804],
  ),
  profile(
    version017,
    'mistral-7b',
    'mistral-7b',
    'l40s',
    'FP8',
    [1, 1],
    [9664.13, 5720.65, 3136.33, 4521.77, 4177.76, 0, 1076.74, 2286.71, 1001.02, 337.83],
  ),
  profile(
    version017,
    'mistral-7b',
    'mistral-7b',
    'a100-sxm',
    'BF16',
    [1, 1],
    [6982.53, 5630.62, 3591.22, 4400.48, 3896.58, 0, 808.58, 2489.77, 844.64, 332.3],
  ),
  profile(
    version017,
    'mistral-7b',
    'mistral-7b',
    'h100-sxm',
    'FP8',
    [1, 1],
    [31674.49, 23496.42, 14350.99, 18026.27, 16035.66, 0, 3642.48, 9958.17, 3591.33, 1373.24],
  ),
  profile(
    version017,
    'mistral-7b',
    'mistral-7b',
    'h200-sxm',
    'FP8',
    [1, 1],
    [31938.12, 27409.3, 18505.03, 22354.67, 18426.16, 0, 3834.43, 12347.37, 4041.59, 1822.69],
  ),
  profile(
    version1,
    'qwen3-30b',
    'qwen3-30b-a3b',
    'b200',
    'FP4',
    [1, 1],
    [39827, 37844, 24953, 27817, 25828, 22051, 6251, 17554, 6142, 2944],
  ),
  profile(
    version1,
    'qwen3-30b',
    'qwen3-30b-a3b',
    'rtx-pro-6000',
    'FP4',
    [1, 1],
    [28011, 12540, 7491, 10695, 9910, 8378, 3257, 5908, 2530, 871],
  ),
  profile(
    version1,
    'qwen3-30b',
    'qwen3-30b-a3b',
    'rtx-pro-6000',
    'FP4',
    [2, 1],
    [32646, 22744, 15049, 17266, 16431, 13323, 3785, 10679, 3799, 1558],
  ),
  profile(
    version1,
    'qwen3-30b',
    'qwen3-30b-a3b',
    'rtx-pro-6000',
    'FP4',
    [4, 1],
    [36819, 35715, 28139, 26175, 24046, 25131, 4311, 18134, 5212, 2551],
  ),
  profile(
    version017,
    'mixtral-8x7b',
    'mixtral-8x7b',
    'a100-sxm',
    'BF16',
    [2, 1],
    [5541.47, 4169.78, 2608.05, 3446.37, 3154.52, 0, 649, 2056.58, 724.44, 337.51],
  ),
  profile(
    version017,
    'mixtral-8x7b',
    'mixtral-8x7b',
    'a100-sxm',
    'BF16',
    [4, 1],
    [10324.28, 10911.86, 7666.51, 8456.21, 7122.84, 0, 1237.62, 5222.98, 1500.55, 829.59],
  ),
  profile(
    version017,
    'mixtral-8x7b',
    'mixtral-8x7b',
    'l40s',
    'FP8',
    [4, 1],
    [6921.87, 7996.93, 5736.09, 6914.68, 5251.49, 0, 827.62, 3935.32, 1092.88, 682.48],
  ),
  profile(
    version017,
    'mixtral-8x7b',
    'mixtral-8x7b',
    'h100-sxm',
    'FP8',
    [2, 1],
    [27451.13, 22830.08, 14237.01, 17036.04, 15770.89, 0, 3333.68, 10685.85, 3646.09, 1757.45],
  ),
  profile(
    version017,
    'mixtral-8x7b',
    'mixtral-8x7b',
    'h100-sxm',
    'FP8',
    [4, 1],
    [41068.23, 41164.73, 27912.48, 34489.34, 27784.74, 0, 5234.98, 19432.08, 6401.56, 3303.83],
  ),
  profile(
    version017,
    'mixtral-8x7b',
    'mixtral-8x7b',
    'h200-sxm',
    'FP8',
    [1, 1],
    [17157.72, 15095.21, 9534.62, 12105.27, 10371.36, 0, 2009.67, 6940.32, 2309.1, 1151.78],
  ),
  profile(
    version017,
    'mixtral-8x7b',
    'mixtral-8x7b',
    'h200-sxm',
    'FP8',
    [2, 1],
    [27825.34, 29584.05, 21564.68, 23410.63, 19151.19, 0, 3383.16, 14007.29, 4223.68, 2299.21],
  ),
  profile(
    version017,
    '70b',
    'llama-3.1-70b',
    'l40s',
    'FP8',
    [4, 1],
    [1523.52, 1942.66, 1440.23, 1634.72, 1209.25, 0, 177.72, 969.68, 249.52, 162.25],
  ),
  profile(
    version017,
    '70b',
    'llama-3.1-70b',
    'a100-sxm',
    'BF16',
    [4, 1],
    [2733.48, 2811.27, 1976.49, 2275.79, 1921.77, 0, 325.15, 1393.64, 392.62, 212.08],
  ),
  profile(
    version017,
    '70b',
    'llama-3.1-70b',
    'a100-sxm',
    'BF16',
    [8, 1],
    [4717.62, 5241.5, 3724.67, 4445.37, 3320.41, 0, 542.38, 2553.71, 696.34, 413.38],
  ),
  profile(
    version1,
    '70b',
    'llama-3.1-70b',
    'rtx-pro-6000',
    'FP4',
    [1, 1],
    [3264, 2422, 1349, 1856, 1787, 1594, 393, 1074, 401, 142],
  ),
  profile(
    version1,
    '70b',
    'llama-3.1-70b',
    'rtx-pro-6000',
    'FP4',
    [1, 2],
    [6172, 4993, 2893, 4114, 3707, 2993, 813, 2336, 812, 319],
  ),
  profile(
    version1,
    '70b',
    'llama-3.1-70b',
    'rtx-pro-6000',
    'FP4',
    [1, 4],
    [9641, 7922, 4978, 6939, 5961, 5274, 1511, 3870, 1511, 630],
  ),
  profile(
    version1,
    '70b',
    'llama-3.1-70b',
    'h100-sxm',
    'FP8',
    [2, 1],
    [6378, 6651, 4199, 5222, 4205, 4146, 762, 3082, 898, 437],
  ),
  profile(
    version017,
    '70b',
    'llama-3.1-70b',
    'h100-sxm',
    'FP8',
    [4, 1],
    [11127.53, 11511.93, 7439.41, 9836.7, 7430.99, 0, 1302.6, 5480.03, 1602.78, 920.19],
  ),
  profile(
    version017,
    '70b',
    'llama-3.1-70b',
    'h100-sxm',
    'FP8',
    [8, 1],
    [14730.69, 17061.82, 14171.43, 14679.33, 11451.16, 0, 1923.41, 8801.95, 2457.42, 1512.6],
  ),
  profile(
    version1,
    '70b',
    'llama-3.1-70b',
    'h200-sxm',
    'FP8',
    [1, 1],
    [3803, 4336, 2872, 3666, 2909, 2994, 442, 2003, 566, 283],
  ),
  profile(
    version017,
    '70b',
    'llama-3.1-70b',
    'h200-sxm',
    'FP8',
    [2, 1],
    [6823.01, 8290.35, 6526.67, 6848.02, 5164.76, 0, 809, 4183.88, 1025.38, 640.62],
  ),
  profile(
    version1,
    '70b',
    'llama-3.1-70b',
    'b200',
    'FP4',
    [1, 1],
    [11147, 9922, 6831, 7762, 7007, 6271, 1339, 4783, 1459, 665],
  ),
  profile(
    version017,
    'mixtral-8x22b',
    'mixtral-8x22b',
    'a100-sxm',
    'BF16',
    [8, 1],
    [6381.95, 6685.99, 4789.13, 5648.46, 4549.46, 0, 761.56, 3521.98, 959.14, 575.02],
  ),
  profile(
    version017,
    'mixtral-8x22b',
    'mixtral-8x22b',
    'h100-sxm',
    'FP8',
    [8, 1],
    [21876.08, 25150.03, 18387.4, 21421.86, 16573.24, 0, 2794.97, 12244.93, 3645.27, 2227.63],
  ),
  profile(
    version017,
    'mixtral-8x22b',
    'mixtral-8x22b',
    'h200-sxm',
    'FP8',
    [8, 1],
    [22948.57, 32415.81, 25753.14, 27429.6, 19712.35, 0, 2899.84, 15798.59, 4031.79, 2815.76],
  ),
  profile(
    version1,
    'qwen3-235b',
    'qwen3-235b-a22b',
    'h100-sxm',
    'FP8',
    [8, 1],
    [0, 19658, 12447, 18351, 14898, 15136, 0, 9924, 3225, 0],
  ),
  profile(
    version1,
    'qwen3-235b',
    'qwen3-235b-a22b',
    'h200-sxm',
    'FP8',
    [8, 1],
    [30429, 42821, 26852, 28026, 23789, 22061, 3331, 16672, 3623, 1876],
  ),
  profile(
    version1,
    'qwen3-235b',
    'qwen3-235b-a22b',
    'b200',
    'FP4',
    [8, 1],
    [63362, 66057, 39496, 57117, 42391, 34105, 7329, 26854, 8190, 4453],
  ),
  profile(
    version1,
    '405b',
    'llama-3.1-405b',
    'h100-sxm',
    'FP8',
    [8, 1],
    [3627, 4340, 3116, 3994, 2919, 2895, 453, 2296, 610, 345],
  ),
  profile(
    version1,
    '405b',
    'llama-3.1-405b',
    'h200-sxm',
    'FP8',
    [8, 1],
    [3814, 5348, 4741, 4724, 3330, 3722, 456, 2948, 650, 505],
  ),
  profile(
    version1,
    '405b',
    'llama-3.1-405b',
    'b200',
    'FP4',
    [4, 1],
    [6281, 8020, 6345, 6244, 5209, 4933, 749, 4212, 1048, 672],
  ),
];

function profile(
  { source, date }: Table,
  label: string,
  model: string,
  gpu: string,
  precision: CataloguePrecision,
  [tpDegree, pipelineDegree]: readonly [number, number],
  figures: Figures,
): CatalogueProfile {
  const degrees = pipelineDegree === 1 ? `${tpDegree}x` : `${tpDegree}x${pipelineDegree}x`;
  const throughput = shapes
    .map(([inputTokens, outputTokens], t) => ({ inputTokens, outputTokens, tokensPerSecond: figures[t] }))
    .filter(({ tokensPerSecond }) => tokensPerSecond > 0);
  const id = `trtllm-${label}-${precision.toLowerCase()}-${degrees}${gpu.replace('-sxm', '')}`;
  return { id, model, gpu, precision, tpDegree, pipelineDegree, throughput, source, date };
}
