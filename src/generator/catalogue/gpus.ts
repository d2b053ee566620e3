/**
 * Real GPUs, as their makers' data sheets and public price lists have them. Prices move: each has its source and its
 * date, and a fleet file should name its own.
 */

export type CataloguePrecision = 'BF16' | 'FP8' | 'FP4';

export interface CatalogueGpu {
  readonly id: string;
  readonly product: string;
  /** GB per GPU. */
  readonly memory: number;
  /** GB/s of its memory. */
  readonly bandwidth: number;
  /** Dense tensor TFLOPS by precision; what the card does not have is absent. */
  readonly compute: Readonly<Partial<Record<CataloguePrecision, number>>>;
  /** GPUs that share a fast link, as usually sold. */
  readonly gpusPerNode: number;
  /** W at full load. */
  readonly power: number;
  readonly price: CataloguePrice;
}

interface CataloguePrice {
  /** $ per GPU-hour, on demand. */
  readonly perHour: number;
  readonly source: string;
  /** When the price list was read. */
  readonly date: string;
}

const runpod = 'https://www.runpod.io/pricing';
const akash = 'https://akash.network/pricing/gpus/';

export const catalogueGpus: readonly CatalogueGpu[] = [
  {
    id: 'l40s',
    product: 'NVIDIA L40S',
    memory: 48,
    bandwidth: 864,
    compute: { BF16: 362, FP8: 733 },
    gpusPerNode: 8,
    power: 350,
    price: { perHour: 0.99, source: runpod, date: '2026-09-20' },
  },
  {
    id: 'a100-sxm',
    product: 'NVIDIA A100 SXM 80GB',
    memory: 80,
    bandwidth: 2039,
    compute: { BF16: 312 },
    gpusPerNode: 8,
    power: 400,
    price: { perHour: 1.79, source: runpod, date: '2026-11-09' },
  },
  {
    id: 'rtx-pro-6000',
    product: 'NVIDIA RTX PRO 6000 Blackwell Server Edition',
    memory: 96,
    bandwidth: 1597,
    compute: { BF16: 500, FP8: 1000, FP4: 2000 },
    gpusPerNode: 8,
    power: 600,
    price: { perHour: 2.04, source: akash, date: '2026-09-20' },
  },
  {
    id: 'h100-sxm',
    product: 'NVIDIA H100 SXM 80GB',
    memory: 80,
    bandwidth: 3350,
    compute: { BF16: 989, FP8: 1979 },
    gpusPerNode: 8,
    power: 700,
    price: { perHour: 3.49, source: runpod, date: '2026-10-07' },
  },
  {
    id: 'h200-sxm',
    product: 'NVIDIA H200 SXM 141GB',
    memory: 141,
    bandwidth: 4800,
    compute: { BF16: 989, FP8: 1979 },
    gpusPerNode: 8,
    power: 700,
    price: { perHour: 4.59, source: runpod, date: '2026-10-07' },
  },
  {
    id: 'b200',
    product: 'NVIDIA B200 180GB',
    memory: 180,
    bandwidth: 8000,
    compute: { BF16: 2250, FP8: 4500, FP4: 9000 },
    gpusPerNode: 8,
    power: 1000,
    price: { perHour: 6.79, source: runpod, date: '2026-10-07' },
  },
];
