/* A dense layer in int8, out[m][n] = clip((sum_k in[m][k] * weight[n][k]) >> shift), for the example of the OpenCL target.
 *
 * A work-group computes local_y * item_y rows by local_x * item_x columns. It goes over k in steps of tile_k: the
 * work-items copy a tile of both operands to local memory, wait for each other, and multiply. The names in small letters
 * are the tuning parameters of dense.json, which Foothold defines for each candidate.
 *
 * As on real hardware, many ways to choose them do not work: the tiles do not fit the local memory, the work-group has
 * too many work-items or does not divide the layer, or tile_k leaves a rest of k that is forgotten.
 */
#if item_x * item_y > 8
#error "more than 8 sums in one work-item: there are not that many registers"
#endif

#define ROWS (local_y * item_y)
#define COLUMNS (local_x * item_x)

__kernel void dense(__global const char* in, __global const char* weight, __global char* out, int in_features,
                    int out_features, int shift, int clip_min, int clip_max) {
  __local int in_tile[ROWS][tile_k];
  __local int weight_tile[COLUMNS][tile_k];
  const int me = get_local_id(1) * local_x + get_local_id(0);
  const int row = get_group_id(1) * ROWS;
  const int column = get_group_id(0) * COLUMNS;

  int sum[item_y][item_x];
  for (int y = 0; y < item_y; ++y) {
    for (int x = 0; x < item_x; ++x) sum[y][x] = 0;
  }

  for (int tile = 0; tile < in_features / tile_k; ++tile) {
    for (int i = me; i < ROWS * tile_k; i += local_x * local_y) {
      in_tile[i / tile_k][i % tile_k] = in[(row + i / tile_k) * in_features + tile * tile_k + i % tile_k];
    }
    for (int i = me; i < COLUMNS * tile_k; i += local_x * local_y) {
      weight_tile[i / tile_k][i % tile_k] = weight[(column + i / tile_k) * in_features + tile * tile_k + i % tile_k];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int k = 0; k < tile_k; ++k) {
      for (int y = 0; y < item_y; ++y) {
        for (int x = 0; x < item_x; ++x) {
          sum[y][x] += in_tile[get_local_id(1) * item_y + y][k] * weight_tile[get_local_id(0) * item_x + x][k];
        }
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }

  for (int y = 0; y < item_y; ++y) {
    for (int x = 0; x < item_x; ++x) {
      const int value = clamp(sum[y][x] >> shift, clip_min, clip_max);
      out[(row + get_local_id(1) * item_y + y) * out_features + column + get_local_id(0) * item_x + x] = (char)value;
    }
  }
}
