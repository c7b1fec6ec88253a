#include "targets/cpu/harness_source.h"

namespace foothold::cpu {

const std::string_view kHarnessHead = R"(#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

)";

const std::string_view kOneThread = R"(
static void run(const float *in, const float *weights, float *out) {
  run_part(input_of(in), weights, out, 0);
}
static void start_threads(void) {}
)";

const std::string_view kThreadPool = R"(
static pthread_barrier_t begin, end;
static const float *job_in, *job_weights;
static float *job_out;

static void *work(void *part) {
  for (;;) {
    pthread_barrier_wait(&begin);
    run_part(job_in, job_weights, job_out, (long)part);
    pthread_barrier_wait(&end);
  }
  return 0;
}

static void run(const float *in, const float *weights, float *out) {
  job_in = input_of(in), job_weights = weights, job_out = out;
  pthread_barrier_wait(&begin);
  run_part(job_in, job_weights, job_out, 0);
  pthread_barrier_wait(&end);
}

static void start_threads(void) {
  pthread_barrier_init(&begin, 0, THREADS);
  pthread_barrier_init(&end, 0, THREADS);
  for (long part = 1; part < THREADS; ++part) {
    pthread_t thread;
    if (pthread_create(&thread, 0, work, (void *)part) != 0) exit(75);
  }
}
)";

const std::string_view kHarness = R"(
/* Exit code 75: not the candidate's fault. */
static void fail(const char *what) {
  perror(what);
  exit(75);
}

static float *allocate(long floats) {
  float *memory = aligned_alloc(64, (sizeof(float) * floats + 63) / 64 * 64);
  if (!memory) fail("memory");
  return memory;
}

static float *read_floats(const char *path, long floats) {
  float *data = allocate(floats);
  FILE *file = fopen(path, "rb");
  if (!file || fread(data, sizeof(float), floats, file) != (size_t)floats) fail(path);
  fclose(file);
  return data;
}

static void write_floats(const char *path, const float *data, long floats) {
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(data, sizeof(float), floats, file) != (size_t)floats || fclose(file) != 0)
    fail(path);
}

/* One thread that never waits is as fast as its processor time says, whatever else runs. */
static long nanoseconds(void) {
  struct timespec now;
  clock_gettime(THREADS > 1 ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1000000000L + now.tv_nsec;
}

static float *packed;

static void call(const float *in, const float *weights, float *out) {
  if (WEIGHTS_ARE_FRESH) pack_weights(weights, packed);
  run(in, packed, out);
}

/* Nanoseconds of `calls` calls, divided by them. */
static double timed(const float *in, const float *weights, float *out, long calls) {
  const long start = nanoseconds();
  for (long i = 0; i < calls; ++i) call(in, weights, out);
  return (double)(nanoseconds() - start) / calls;
}

int main(int count, char **arguments) {
  if (count != 5) return 2;
  const long outputs = (long)IMAGES * OUT_CHANNELS * OUT_H * OUT_W;
  const float *in = read_floats(arguments[1], (long)IMAGES * CHANNELS * IN_H * IN_W);
  const float *weights = read_floats(arguments[2], (long)OUT_CHANNELS * REDUCTION);
  float *out = allocate(outputs);
  memset(out, 0xff, sizeof(float) * outputs); /* NaN: what is not written is wrong */
  packed = allocate(packed_weights_size());
  start_threads();
  pack_weights(weights, packed);
  const double first = timed(in, weights, out, 1);
  /* Enough calls between two looks at the clock for it to tell them apart. */
  const long calls = first < 100000 ? (long)(100000 / first) + 1 : 1;
  printf("{\"seconds\": [");
  const long all = nanoseconds();
  for (int repeat = 0; repeat < atoi(arguments[4]); ++repeat) {
    const long start = nanoseconds();
    if (repeat > 0 && start - all > 1000000000) break;
    double best = 0;
    do {
      const double time = timed(in, weights, out, calls);
      if (best == 0 || time < best) best = time;
    } while (nanoseconds() - start < 20000000);
    printf("%s%.9g", repeat ? ", " : "", best * 1e-9);
  }
  printf("]}\n");
  write_floats(arguments[3], out, outputs);
  return 0;
}
)";

}  // namespace foothold::cpu
