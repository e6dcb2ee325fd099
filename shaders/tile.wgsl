// What both matrix products share: a workgroup of 128 threads owns a tile of TILE_ROWS x TILE_COLUMNS, a thread BLOCKS blocks
// of 4 x 4; the inner axis goes through shared memory 32 steps at a time, as Values, and the mixture is more inner steps of
// the same sums: [x | s g P] . [w; B]. Each product says how its tiles are loaded (loadTiles), how long its inner axis is
// (innerSize), how many columns it has (columnCount) and what it adds (addend).
const THREADS = 128;
const TILE_INNER = 32;
const ROW_GROUPS = TILE_ROWS / 4;
const COLUMN_GROUPS = TILE_COLUMNS / 4;
const ROW_STEP = THREADS / COLUMN_GROUPS;
const BLOCKS = ROW_GROUPS / ROW_STEP;

// left[k * ROW_GROUPS + row / 4] holds 4 rows, right[k * COLUMN_GROUPS + column / 4] holds 4 columns.
var<workgroup> left: array<vec4<Value>, TILE_INNER * ROW_GROUPS>;
var<workgroup> right: array<vec4<Value>, TILE_INNER * COLUMN_GROUPS>;

// Block b of a thread holds the rows from 4 (rowGroup + b ROW_STEP) on; row r of it is sums[4 b + r].
fn multiplyTile(rowGroup: i32, columnGroup: i32, sums: ptr<function, array<vec4<f32>, 4 * BLOCKS>>) {
  for (var k = 0; k < TILE_INNER; k++) {
    let columns = vec4<f32>(right[k * COLUMN_GROUPS + columnGroup]);
    for (var b = 0; b < BLOCKS; b++) {
      let rows = vec4<f32>(left[k * ROW_GROUPS + rowGroup + b * ROW_STEP]);
      for (var r = 0; r < 4; r++) {
        (*sums)[4 * b + r] += rows[r] * columns;
      }
    }
  }
}

// Writes a 4 x 4 block of four rows, each along k, so that each k keeps its 4 rows together.
fn storeLeft(k: i32, group: i32, block: mat4x4<f32>) {
  let turned = transpose(block);
  for (var j = 0; j < 4; j++) {
    left[(k + j) * ROW_GROUPS + group] = vec4<Value>(turned[j]);
  }
}

// The same for the right side, of four columns.
fn storeRight(k: i32, group: i32, block: mat4x4<f32>) {
  let turned = transpose(block);
  for (var j = 0; j < 4; j++) {
    right[(k + j) * COLUMN_GROUPS + group] = vec4<Value>(turned[j]);
  }
}

fn main() {
  let thread = i32(localIndex);
  let row0 = i32(workgroupId.y) * TILE_ROWS;
  let column0 = i32(workgroupId.x) * TILE_COLUMNS;
  let rowGroup = thread / COLUMN_GROUPS;
  let columnGroup = thread % COLUMN_GROUPS;
  var sums: array<vec4<f32>, 4 * BLOCKS>;
  for (var k0 = 0; k0 < innerSize(); k0 += TILE_INNER) {
    loadTiles(thread, row0, column0, k0);
    workgroupBarrier();
    multiplyTile(rowGroup, columnGroup, &sums);
    workgroupBarrier();
  }
  for (var r0 = 0; r0 < rankCount(); r0 += TILE_INNER) {
    if (anyPicked(thread, row0, r0)) {
      loadExperts(thread, row0, column0, r0, columnCount());
      workgroupBarrier();
      multiplyTile(rowGroup, columnGroup, &sums);
      workgroupBarrier();
    }
  }
  let column = column0 + columnGroup * 4;
  for (var q = 0; q < 4 * BLOCKS; q++) {
    let row = row0 + (rowGroup + q / 4 * ROW_STEP) * 4 + q % 4;
    if (row < uniforms.N) {
      for (var c = 0; c < min(4, columnCount() - column); c++) {
        result[row * columnCount() + column + c] = sums[q][c] + addend(column + c);
      }
    }
  }
}
