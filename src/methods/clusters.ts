/** MELO's vector database (arXiv 2312.11795, section 3.3; its code's `VecDB`): which edit's block a key gets. Pure. */
import { euclidean, nearestBall, splitRadii } from "./nearest.ts";

export interface Point {
  readonly edit: number;
  readonly key: Float32Array;
}

/** Keys of one answer. */
export interface Cluster {
  readonly points: readonly Point[];
  /** The mean of the points' keys. */
  readonly centre: Float32Array;
  readonly radius: number;
  readonly answer: string;
}

export interface Nearest {
  /** Distance to the nearest centre. */
  readonly distance: number;
  readonly radius: number;
  /** That of the cluster's nearest point. */
  readonly edit: number;
}

/** The cluster whose centre is nearest, and the nearest point in it. */
export function nearestPoint(clusters: readonly Cluster[], key: Float32Array): Nearest | undefined {
  const nearest = nearestBall(clusters, key);
  const cluster = nearest && clusters[nearest.at];
  const point = cluster && nearestBall(cluster.points.map(toBall), key);
  const edit = point && cluster.points[point.at]?.edit;
  return edit === undefined ? undefined : { distance: nearest?.distance ?? NaN, radius: cluster?.radius ?? NaN, edit };
}

const toBall = ({ key }: Point) => ({ centre: key, radius: 0 });

/** The smallest ball around the mean that holds all points, but no smaller than the initial one. */
function around(points: readonly Point[], answer: string, initial: number): Cluster {
  const centre = new Float32Array(points[0]?.key.length ?? 0);
  for (const { key } of points) key.forEach((value, i) => (centre[i] = (centre[i] ?? 0) + value / points.length));
  const radius = points.reduce((most, { key }) => Math.max(most, euclidean(centre, key)), initial);
  return { points, centre, radius, answer };
}

/**
 * The clusters with one more key. Far from every centre: a cluster of its own. Near one of the same answer: into that, which moves and widens. Near one
 * of another answer: a cluster of its own, both radii half the distance, and what is left outside the other's is in no cluster any more.
 */
export function addPoint(clusters: readonly Cluster[], point: Point, answer: string, initial: number): readonly Cluster[] {
  const own = around([point], answer, initial);
  const nearest = nearestBall(clusters, point.key);
  const other = nearest && clusters[nearest.at];
  if (!other || nearest.distance > initial + other.radius) return [...clusters, own];
  const { at, distance } = nearest;
  if (other.answer === answer) return clusters.with(at, around([...other.points, point], answer, initial));
  const { earlier, later } = splitRadii(distance, initial);
  const inside = other.points.filter(({ key }) => earlier !== null && euclidean(other.centre, key) <= earlier);
  const rest = inside.length === 0 || earlier === null ? [] : [{ ...other, points: inside, radius: earlier }];
  return [...clusters.toSpliced(at, 1, ...rest), { ...own, radius: later }];
}

/** The clusters without one edit's keys, each no wider than it was. */
export function dropPoints(clusters: readonly Cluster[], edit: number, initial: number): Cluster[] {
  return clusters.flatMap((cluster) => {
    const points = cluster.points.filter((point) => point.edit !== edit);
    if (points.length === cluster.points.length) return [cluster];
    if (points.length === 0) return [];
    const left = around(points, cluster.answer, initial);
    return [{ ...left, radius: Math.min(cluster.radius, left.radius) }];
  });
}
