/* A dense layer in int8, for the example of the command target: out[o] = clip(sum_i in[i] * weight[o][i] >> 8).
 *
 * It works tile by tile, as an accelerator with a small scratchpad would: TILE_O x TILE_I weights are copied into the
 * scratchpad, then multiplied VECTOR inputs at a time. As with real hardware, most ways to choose the three numbers do
 * not work: some do not compile, some run over the end of the scratchpad and crash, some never end, some forget the
 * last inputs. The program checks its own output and says so with exit code 3.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#if VECTOR == 3
#error "the vector unit has no groups of 3"
#endif

enum { kScratchpadBytes = 4096, kRepeats = 5, kLayersPerRepeat = 20, kWrongOutput = 3 };

static int8_t in[IN_FEATURES];
static int8_t weight[OUT_FEATURES][IN_FEATURES];
static int32_t sum[OUT_FEATURES];

/* Memory behind which there is none: writing past the end is SIGSEGV, not luck. */
static int8_t* MakeScratchpad(void) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  int8_t* memory = mmap(NULL, page * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(memory + page, page, PROT_NONE);
  return memory + page - kScratchpadBytes;
}

static void Dense(int8_t* scratchpad) {
  memset(sum, 0, sizeof sum);
  for (int o = 0; o < OUT_FEATURES; o += TILE_O) {
    for (int i = 0; i < IN_FEATURES; i += TILE_I) {
      for (int row = 0; row < TILE_O; ++row) memcpy(scratchpad + row * TILE_I, &weight[o + row][i], TILE_I);
      for (int row = 0; row < TILE_O; ++row) {
        int32_t partial = 0;
        const volatile int groups = TILE_I / VECTOR;
        /* With VECTOR above TILE_I there are no groups, and this never ends. */
        for (int group = 0; group != groups || groups == 0; ++group) {
          for (int lane = 0; lane < VECTOR && groups != 0; ++lane) {
            const int at = group * VECTOR + lane;
            partial += in[i + at] * scratchpad[row * TILE_I + at];
          }
        }
        sum[o + row] += partial;
      }
    }
  }
}

static int8_t Requantize(int32_t value) {
  value >>= 8;
  return (int8_t)(value > 127 ? 127 : value < 0 ? 0 : value);
}

static int IsRight(void) {
  for (int o = 0; o < OUT_FEATURES; ++o) {
    int32_t expected = 0;
    for (int i = 0; i < IN_FEATURES; ++i) expected += in[i] * weight[o][i];
    if (Requantize(expected) == Requantize(sum[o])) continue;
    fprintf(stderr, "output %d is %d, must be %d\n", o, Requantize(sum[o]), Requantize(expected));
    return 0;
  }
  return 1;
}

static double Now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(void) {
  uint32_t state = 1;
  for (int i = 0; i < IN_FEATURES; ++i) in[i] = (int8_t)((state = state * 1664525u + 1013904223u) >> 24);
  for (int o = 0; o < OUT_FEATURES; ++o) {
    for (int i = 0; i < IN_FEATURES; ++i) weight[o][i] = (int8_t)((state = state * 1664525u + 1013904223u) >> 24);
  }
  int8_t* scratchpad = MakeScratchpad();
  Dense(scratchpad); /* warms up, and is checked */
  if (!IsRight()) return kWrongOutput;
  printf("{\"seconds\": [");
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const double start = Now();
    for (int layer = 0; layer < kLayersPerRepeat; ++layer) Dense(scratchpad);
    printf("%s%.9f", repeat == 0 ? "" : ", ", (Now() - start) / kLayersPerRepeat);
  }
  printf("]}\n");
  return 0;
}
