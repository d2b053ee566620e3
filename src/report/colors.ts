/** The colours of all charts and pictures. */

/**
 * Okabe and Ito's palette, distinguishable under the common colour-vision deficiencies; dark enough for white paper.
 */
export const categoryColors = {
  blue: '#0072B2',
  orange: '#E69F00',
  green: '#009E73',
  vermilion: '#D55E00',
  skyBlue: '#56B4E9',
  purple: '#CC79A7',
  grey: '#999999',
  black: '#000000',
} as const;

/** The four parts of the cost, in the colours that every chart uses for them. */
export const costPartColors: Readonly<Record<string, string>> = {
  Rental: categoryColors.blue,
  Storage: categoryColors.green,
  'Delay penalty': categoryColors.orange,
  'Unmet demand': categoryColors.vermilion,
};
