/* A VTA in plain C: what instructions do to data, one after the other. Checks every access and every token, and says
 * which instruction is wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vta_runtime.h"

enum { UOP = 0, WGT = 1, INP = 2, ACC = 3, OUT = 4 };
enum { LOAD = 0, STORE = 1, GEMM = 2, FINISH = 3, ALU = 4 };
enum { MIN = 0, MAX = 1, ADD = 2, SHR = 3 };

/* Not 0, so that a program whose addresses are not made those of the memory is found out. */
#define PHYSICAL 0x10000000u

static struct {
  uint32_t *uop;
  int8_t *inp;
  int8_t *wgt;
  int32_t *acc;
  /* Tokens between units: load to compute, compute to load, compute to store, store to compute. */
  int tokens[4];
} vta;

struct instruction {
  uint64_t low, high;
};

static uint64_t bits(uint64_t word, int first, int count) { return word >> first & (((uint64_t)1 << count) - 1); }

int vta_backend_geometry(char *name, size_t size) {
  const char *wanted = getenv("VTA_GEOMETRY");
  if (wanted == NULL) wanted = VTA_SIMULATED_GEOMETRY;
  snprintf(name, size, "%s", wanted);
  return 0;
}

int vta_backend_open(struct vta_device *device, size_t bytes) {
  const struct vta_geometry *g = &device->geometry;
  device->memory = calloc(bytes, 1);
  device->bytes = bytes;
  device->physical = PHYSICAL;
  vta.uop = calloc((size_t)1 << g->uop_depth, sizeof(uint32_t));
  vta.inp = calloc((size_t)1 << (g->inp_depth + g->inp_bytes), 1);
  vta.wgt = calloc((size_t)1 << (g->wgt_depth + g->wgt_bytes), 1);
  vta.acc = calloc((size_t)1 << (g->acc_depth + g->inp_bytes), sizeof(int32_t));
  if (device->memory != NULL && vta.uop != NULL && vta.inp != NULL && vta.wgt != NULL && vta.acc != NULL) return 0;
  vta_backend_close(device);
  return vta_fail("no memory for the simulated VTA");
}

void vta_backend_close(struct vta_device *device) {
  free(device->memory);
  free(vta.uop);
  free(vta.inp);
  free(vta.wgt);
  free(vta.acc);
  memset(&vta, 0, sizeof(vta));
  memset(device, 0, sizeof(*device));
}

/* A scratchpad as bytes, its elements, and log2 of the bytes of one. */
static uint8_t *scratchpad(const struct vta_geometry *g, int memory, uint64_t *elements, int *element) {
  switch (memory) {
    case UOP:
      *elements = (uint64_t)1 << g->uop_depth;
      *element = 2;
      return (uint8_t *)vta.uop;
    case WGT:
      *elements = (uint64_t)1 << g->wgt_depth;
      *element = g->wgt_bytes;
      return (uint8_t *)vta.wgt;
    case INP:
      *elements = (uint64_t)1 << g->inp_depth;
      *element = g->inp_bytes;
      return (uint8_t *)vta.inp;
    case ACC:
      *elements = (uint64_t)1 << g->acc_depth;
      *element = g->acc_bytes;
      return (uint8_t *)vta.acc;
    default:
      return NULL;
  }
}

/* The bytes of elements in DRAM; NULL when they are not all in the device's memory. */
static uint8_t *in_dram(struct vta_device *device, uint64_t first, uint64_t count, int element) {
  const uint64_t begin = first << element;
  const uint64_t end = begin + (count << element);
  if (begin < PHYSICAL || end > PHYSICAL + (uint64_t)device->bytes) return NULL;
  return device->memory + (begin - PHYSICAL);
}

struct transfer {
  int memory;
  uint64_t sram, dram, rows, columns, stride, top, bottom, left, right;
};

static struct transfer decode_transfer(const struct instruction *i) {
  const struct transfer t = {(int)bits(i->low, 7, 3),  bits(i->low, 10, 16),  bits(i->low, 26, 32),
                             bits(i->high, 0, 16),     bits(i->high, 16, 16), bits(i->high, 32, 16),
                             bits(i->high, 48, 4),     bits(i->high, 52, 4),  bits(i->high, 56, 4),
                             bits(i->high, 60, 4)};
  return t;
}

static int load(struct vta_device *device, const struct instruction *i, uint32_t index) {
  const struct transfer t = decode_transfer(i);
  uint64_t elements = 0;
  int element = 0;
  uint8_t *memory = scratchpad(&device->geometry, t.memory, &elements, &element);
  const uint64_t width = t.left + t.columns + t.right;
  if (t.columns == 0) return 0;
  if (memory == NULL || t.sram + (t.top + t.rows + t.bottom) * width > elements)
    return vta_fail("instruction %u loads beyond a scratchpad", (unsigned)index);
  memset(memory + (t.sram << element), 0, (size_t)(((t.top + t.rows + t.bottom) * width) << element));
  for (uint64_t row = 0; row < t.rows; ++row) {
    const uint8_t *from = in_dram(device, t.dram + row * t.stride, t.columns, element);
    if (from == NULL) return vta_fail("instruction %u reads outside the device's memory", (unsigned)index);
    memcpy(memory + ((t.sram + (t.top + row) * width + t.left) << element), from, (size_t)(t.columns << element));
  }
  return 0;
}

static int store(struct vta_device *device, const struct instruction *i, uint32_t index) {
  const struct transfer t = decode_transfer(i);
  const struct vta_geometry *g = &device->geometry;
  const size_t lanes = (size_t)1 << g->inp_bytes;
  if (t.columns == 0) return 0;
  if (t.memory != OUT || t.sram + t.rows * t.columns > (uint64_t)1 << g->acc_depth)
    return vta_fail("instruction %u stores what is not in the accumulators", (unsigned)index);
  const int32_t *from = vta.acc + t.sram * lanes;
  for (uint64_t row = 0; row < t.rows; ++row) {
    uint8_t *to = in_dram(device, t.dram + row * t.stride, t.columns, g->inp_bytes);
    if (to == NULL) return vta_fail("instruction %u writes outside the device's memory", (unsigned)index);
    for (uint64_t lane = 0; lane < t.columns * lanes; ++lane) *to++ = (uint8_t)*from++;
  }
  return 0;
}

/* The loops of GEMM and ALU. */
struct loops {
  uint64_t uop_begin, uop_end, outer, inner;
  uint64_t dst_outer, dst_inner, src_outer, src_inner;
};

static struct loops decode_loops(const struct instruction *i, const struct vta_geometry *g, int src_depth) {
  const int u = g->uop_depth;
  const int a = g->acc_depth;
  const struct loops loops = {bits(i->low, 8, u),
                              bits(i->low, 8 + u, u + 1),
                              bits(i->low, 9 + 2 * u, 14),
                              bits(i->low, 23 + 2 * u, 14),
                              bits(i->high, 0, a),
                              bits(i->high, a, a),
                              bits(i->high, 2 * a, src_depth),
                              bits(i->high, 2 * a + src_depth, src_depth)};
  return loops;
}

/* acc += inp * transpose(wgt), for one element of each. */
static void multiply(const struct vta_geometry *g, int32_t *acc, const int8_t *inp, const int8_t *wgt) {
  const int block = 1 << g->block;
  for (int row = 0; row < 1 << g->batch; ++row) {
    for (int out = 0; out < block; ++out) {
      int32_t sum = 0;
      for (int in = 0; in < block; ++in) sum += inp[row * block + in] * wgt[out * block + in];
      acc[row * block + out] = (int32_t)((uint32_t)acc[row * block + out] + (uint32_t)sum);
    }
  }
}

static int gemm(struct vta_device *device, const struct instruction *i, uint32_t index) {
  const struct vta_geometry *g = &device->geometry;
  const struct loops l = decode_loops(i, g, g->inp_depth);
  const int reset = (int)bits(i->low, 7, 1);
  const int first_wgt = 2 * (g->acc_depth + g->inp_depth);
  const uint64_t wgt_outer = bits(i->high, first_wgt, g->wgt_depth);
  const uint64_t wgt_inner = bits(i->high, first_wgt + g->wgt_depth, g->wgt_depth);
  const int uop_src = g->acc_depth > g->inp_depth ? g->acc_depth : g->inp_depth;
  const size_t lanes = (size_t)1 << g->inp_bytes;
  for (uint64_t y = 0; y < l.outer; ++y) {
    for (uint64_t x = 0; x < l.inner; ++x) {
      for (uint64_t u = l.uop_begin; u < l.uop_end; ++u) {
        const uint32_t uop = vta.uop[u];
        const uint64_t dst = bits(uop, 0, g->acc_depth) + y * l.dst_outer + x * l.dst_inner;
        const uint64_t src = bits(uop, g->acc_depth, uop_src) + y * l.src_outer + x * l.src_inner;
        const uint64_t wgt = bits(uop, g->acc_depth + uop_src, g->wgt_depth) + y * wgt_outer + x * wgt_inner;
        if (dst >> g->acc_depth != 0 || (!reset && (src >> g->inp_depth != 0 || wgt >> g->wgt_depth != 0)))
          return vta_fail("instruction %u multiplies beyond a scratchpad", (unsigned)index);
        if (reset) {
          memset(vta.acc + dst * lanes, 0, lanes * sizeof(int32_t));
        } else {
          multiply(g, vta.acc + dst * lanes, vta.inp + src * lanes, vta.wgt + (wgt << g->wgt_bytes));
        }
      }
    }
  }
  return 0;
}

static int32_t shift(int32_t a, int32_t amount) {
  if (amount < 0) return (int32_t)((uint32_t)a << -amount);
  /* Rounds down, whatever the compiler makes of shifts of negative numbers. */
  return a < 0 ? ~(~a >> amount) : a >> amount;
}

static int32_t combine(int operation, int32_t a, int32_t b) {
  switch (operation) {
    case MIN:
      return a < b ? a : b;
    case MAX:
      return a > b ? a : b;
    case ADD:
      return (int32_t)((uint32_t)a + (uint32_t)b);
    default:
      return shift(a, b);
  }
}

static int alu(struct vta_device *device, const struct instruction *i, uint32_t index) {
  const struct vta_geometry *g = &device->geometry;
  const struct loops l = decode_loops(i, g, g->acc_depth);
  const int operation = (int)bits(i->high, 4 * g->acc_depth, 3);
  const int immediate = (int)bits(i->high, 4 * g->acc_depth + 3, 1);
  const int32_t value = (int16_t)bits(i->high, 4 * g->acc_depth + 4, 16);
  const int uop_src = g->acc_depth > g->inp_depth ? g->acc_depth : g->inp_depth;
  const size_t lanes = (size_t)1 << g->inp_bytes;
  if (operation > SHR || (operation == SHR && (!immediate || value < -15 || value > 15)))
    return vta_fail("instruction %u has an operation that boards do not have", (unsigned)index);
  for (uint64_t y = 0; y < l.outer; ++y) {
    for (uint64_t x = 0; x < l.inner; ++x) {
      for (uint64_t u = l.uop_begin; u < l.uop_end; ++u) {
        const uint32_t uop = vta.uop[u];
        const uint64_t dst = bits(uop, 0, g->acc_depth) + y * l.dst_outer + x * l.dst_inner;
        const uint64_t src = bits(uop, g->acc_depth, uop_src) + y * l.src_outer + x * l.src_inner;
        if (dst >> g->acc_depth != 0 || src >> g->acc_depth != 0)
          return vta_fail("instruction %u computes beyond the accumulators", (unsigned)index);
        int32_t *to = vta.acc + dst * lanes;
        const int32_t *from = vta.acc + src * lanes;
        for (size_t lane = 0; lane < lanes; ++lane)
          to[lane] = combine(operation, to[lane], immediate ? value : from[lane]);
      }
    }
  }
  return 0;
}

/* Takes the tokens that an instruction waits for (before) or gives those that others wait for (after). */
static int pass_tokens(const struct instruction *i, int opcode, uint32_t index, int after) {
  const int memory = (int)bits(i->low, 7, 3);
  const int loads = opcode == LOAD && (memory == INP || memory == WGT);
  const int prev = (int)bits(i->low, after ? 5 : 3, 1);
  const int next = (int)bits(i->low, after ? 6 : 4, 1);
  /* The queues towards the unit before and the one behind, and the other way round. */
  int *from_prev = NULL, *from_next = NULL, *to_prev = NULL, *to_next = NULL;
  if (loads) {
    from_next = &vta.tokens[1];
    to_next = &vta.tokens[0];
  } else if (opcode == STORE) {
    from_prev = &vta.tokens[2];
    to_prev = &vta.tokens[3];
  } else {
    from_prev = &vta.tokens[0];
    from_next = &vta.tokens[3];
    to_prev = &vta.tokens[1];
    to_next = &vta.tokens[2];
  }
  int *const queues[2] = {after ? to_prev : from_prev, after ? to_next : from_next};
  const int wanted[2] = {prev, next};
  for (int side = 0; side < 2; ++side) {
    if (!wanted[side] || queues[side] == NULL) continue;
    *queues[side] += after ? 1 : -1;
    if (*queues[side] < 0) return vta_fail("instruction %u waits for a token that nobody gives", (unsigned)index);
  }
  return 0;
}

static int execute(struct vta_device *device, const struct instruction *i, uint32_t index) {
  switch (bits(i->low, 0, 3)) {
    case LOAD:
      return load(device, i, index);
    case STORE:
      return store(device, i, index);
    case GEMM:
      return gemm(device, i, index);
    case ALU:
      return alu(device, i, index);
    default:
      return vta_fail("instruction %u is none that a VTA has", (unsigned)index);
  }
}

int vta_backend_run(struct vta_device *device, uint32_t first, uint32_t count) {
  memset(vta.tokens, 0, sizeof(vta.tokens));
  for (uint32_t index = first; index < first + count; ++index) {
    const uint8_t *bytes = device->memory + device->instruction_address + 16 * (size_t)index;
    struct instruction i = {0, 0};
    for (int byte = 7; byte >= 0; --byte) {
      i.low = i.low << 8 | bytes[byte];
      i.high = i.high << 8 | bytes[8 + byte];
    }
    const int opcode = (int)bits(i.low, 0, 3);
    if (pass_tokens(&i, opcode, index, 0) != 0) return -1;
    if (opcode == FINISH) return 0;
    if (execute(device, &i, index) != 0 || pass_tokens(&i, opcode, index, 1) != 0) return -1;
  }
  return vta_fail("the program does not finish");
}
