const polygon = (corners: number, turn: number, radius: number): string =>
  Array.from({ length: corners }, (_, i) => {
    const angle = ((turn + (360 * i) / corners) * Math.PI) / 180;
    return `${i === 0 ? "M" : "L"}${(radius * Math.sin(angle)).toFixed(2)} ${(-radius * Math.cos(angle)).toFixed(2)}`;
  })
    .join(" ")
    .concat("Z");

const circle = (radius: number): string =>
  `M${-radius} 0a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;

const cross = (radius: number): string => {
  const [a, b] = [radius * 1.05, radius * 0.38];
  return `M${-b} ${-a}H${b}V${-b}H${a}V${b}H${b}V${a}H${-b}V${b}H${-a}V${-b}H${-b}Z`;
};

const shapes: readonly ((radius: number) => string)[] = [
  circle,
  (radius) => polygon(4, 45, radius * 1.25),
  (radius) => polygon(3, 0, radius * 1.3),
  (radius) => polygon(4, 0, radius * 1.3),
  cross,
  (radius) => polygon(3, 180, radius * 1.3),
  (radius) => polygon(5, 0, radius * 1.15),
];

/** A mark around 0, 0 as an SVG path. Seven shapes against six hues: forty-two kinds before one comes again. */
export function markPath(kind: number | "ring", radius: number): string {
  if (kind === "ring") return `${circle(radius)}${circle(radius * 0.35)}`;
  return (shapes[kind % shapes.length] ?? circle)(radius);
}
