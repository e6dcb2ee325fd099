/**
 * A sequential scale that a colour-blind eye and a grey print can read: lightness changes evenly with the value
 * (OKLCH, https://www.w3.org/TR/css-color-4/#ok-lab) while the hue runs from violet over teal to yellow.
 */
export type ScaleTheme = "light" | "dark";

export const SCALE_STEPS = 256;

/** (SCALE_STEPS, 3) bytes of sRGB, from value 0 to value 1. Zero lies near the background of its theme. */
export function sequentialScale(theme: ScaleTheme): Uint8ClampedArray {
  const colours = new Uint8ClampedArray(SCALE_STEPS * 3);
  for (let step = 0; step < SCALE_STEPS; step++) {
    const share = step / (SCALE_STEPS - 1);
    // On white the scale runs the other way round: dark stands out there.
    const lightness = theme === "dark" ? 0.24 + 0.68 * share : 0.965 - 0.66 * share;
    const along = theme === "dark" ? share : 1 - share;
    const hue = 292 - 192 * along;
    const chroma = theme === "dark" ? 0.06 + 0.075 * Math.sin(Math.PI * share) : 0.025 + 0.1 * Math.sin(Math.PI * (0.05 + 0.8 * share));
    colours.set(oklchToBytes(lightness, chroma, hue), step * 3);
  }
  return colours;
}

/**
 * From below 0 over 0 to above: blue and orange, which no common colour blindness confuses, alike in lightness at equal distance from 0,
 * where both meet at the background of their theme.
 */
export function divergingScale(theme: ScaleTheme): Uint8ClampedArray {
  const colours = new Uint8ClampedArray(SCALE_STEPS * 3);
  for (let step = 0; step < SCALE_STEPS; step++) {
    const value = (2 * step) / (SCALE_STEPS - 1) - 1;
    const share = Math.abs(value);
    const lightness = theme === "dark" ? 0.24 + 0.6 * share : 0.97 - 0.52 * share;
    colours.set(oklchToBytes(lightness, 0.15 * share ** 0.8, value < 0 ? 254 : 56), step * 3);
  }
  return colours;
}

/** Index into the scale of a share from 0 to 1; what lies outside takes the colour of the end. */
export function scaleStep(share: number): number {
  return Number.isNaN(share) ? 0 : Math.round(Math.min(1, Math.max(0, share)) * (SCALE_STEPS - 1));
}

/** WCAG relative luminance of one step, 0 to 1. */
export function stepLuminance(colours: Uint8ClampedArray, step: number): number {
  const channel = (offset: number): number => toLinear((colours[step * 3 + offset] ?? 0) / 255);
  return 0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2);
}

function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Colours outside sRGB lose chroma, never lightness: clipping channels would bend the scale. */
function oklchToBytes(lightness: number, chroma: number, hue: number): number[] {
  for (let kept = chroma; kept > 0.001; kept *= 0.94) {
    const rgb = oklchToLinear(lightness, kept, hue);
    if (rgb.every((value) => value >= -0.0005 && value <= 1.0005)) return rgb.map(toByte);
  }
  return oklchToLinear(lightness, 0, hue).map(toByte);
}

function oklchToLinear(lightness: number, chroma: number, hue: number): number[] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function toByte(linear: number): number {
  const value = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
}
