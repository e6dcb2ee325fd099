// What both matrix products share: a workgroup of 8 x 8 threads owns a tile of 32 rows x 64 columns, a thread 4 rows x 8
// columns; the inner axis goes through shared memory 32 steps at a time. Each product says how its tiles are loaded
// (loadTiles), how long its inner axis is (innerSize), how many columns it has (columnCount) and what it adds (addend).
const TILE_ROWS = 32;
const TILE_COLUMNS = 64;
const TILE_INNER = 32;

// left[k * 8 + row / 4] holds 4 rows, right[k * 16 + column / 4] holds 4 columns.
var<workgroup> left: array<vec4<f32>, 256>;
var<workgroup> right: array<vec4<f32>, 512>;

// Row r of the thread's tile is (sums[2 r], sums[2 r + 1]).
fn multiplyTile(threadRow: i32, threadColumn: i32, sums: ptr<function, array<vec4<f32>, 8>>) {
  for (var k = 0; k < TILE_INNER; k++) {
    let a = left[k * 8 + threadRow];
    let b0 = right[k * 16 + threadColumn * 2];
    let b1 = right[k * 16 + threadColumn * 2 + 1];
    for (var r = 0; r < 4; r++) {
      (*sums)[2 * r] += a[r] * b0;
      (*sums)[2 * r + 1] += a[r] * b1;
    }
  }
}

// Writes a 4 x 4 block given as rows along k, so that each k keeps its 4 rows together.
fn storeLeft(k: i32, group: i32, block: mat4x4<f32>) {
  let turned = transpose(block);
  for (var j = 0; j < 4; j++) {
    left[(k + j) * 8 + group] = turned[j];
  }
}

fn main() {
  let thread = i32(localIndex);
  let row0 = i32(workgroupId.y) * TILE_ROWS;
  let column0 = i32(workgroupId.x) * TILE_COLUMNS;
  let threadRow = thread >> 3u;
  let threadColumn = thread & 7;
  var sums: array<vec4<f32>, 8>;
  for (var k0 = 0; k0 < innerSize(); k0 += TILE_INNER) {
    loadTiles(thread, row0, column0, k0);
    workgroupBarrier();
    multiplyTile(threadRow, threadColumn, &sums);
    workgroupBarrier();
  }
  let columns = columnCount();
  for (var r = 0; r < 4; r++) {
    let row = row0 + threadRow * 4 + r;
    for (var half = 0; half < 2; half++) {
      let column = column0 + threadColumn * 8 + half * 4;
      if (row < uniforms.N && column < columns) {
        let values = sums[2 * r + half] + lowRankTerm4(row, column, columns);
        for (var c = 0; c < min(4, columns - column); c++) {
          result[row * columns + column + c] = values[c] + addend(column + c);
        }
      }
    }
  }
}
