#include "vta_runtime.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char error_text[256] = "";

const char *vta_error(void) { return error_text; }

int vta_fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error_text, sizeof(error_text), format, arguments);
  va_end(arguments);
  return -1;
}

/* log2; -1 of what is no power of two. */
static int log2_of(int number) {
  int log = 0;
  while (log < 30 && (1 << log) < number) ++log;
  return (1 << log) == number ? log : -1;
}

int vta_parse_geometry(const char *name, struct vta_geometry *geometry) {
  int batch = 0, block = 0, inp = 0, wgt = 0, acc = 0, sizes[4] = {0, 0, 0, 0}, end = 0;
  const int read = sscanf(name, "%dx%d_i%dw%da%d_%d_%d_%d_%d%n", &batch, &block, &inp, &wgt, &acc, &sizes[0],
                          &sizes[1], &sizes[2], &sizes[3], &end);
  if (read != 9 || name[end] != '\0' || inp != 8 || wgt != 8 || acc != 32 || log2_of(batch) < 0 || log2_of(block) < 0)
    return vta_fail("'%s' names no geometry of a VTA, as \"1x16_i8w8a32_15_15_18_17\" does", name);
  geometry->batch = log2_of(batch);
  geometry->block = log2_of(block);
  geometry->inp_bytes = geometry->batch + geometry->block;
  geometry->wgt_bytes = 2 * geometry->block;
  geometry->acc_bytes = geometry->inp_bytes + 2;
  geometry->uop_depth = sizes[0] - 2;
  geometry->inp_depth = sizes[1] - geometry->inp_bytes;
  geometry->wgt_depth = sizes[2] - geometry->wgt_bytes;
  geometry->acc_depth = sizes[3] - geometry->acc_bytes;
  if (geometry->uop_depth < 0 || geometry->inp_depth < 0 || geometry->wgt_depth < 0 || geometry->acc_depth < 0)
    return vta_fail("'%s': a scratchpad is smaller than one element", name);
  return 0;
}

static uint64_t read_word(const uint8_t *bytes) {
  uint64_t word = 0;
  for (int i = 7; i >= 0; --i) word = word << 8 | bytes[i];
  return word;
}

static void write_word(uint8_t *bytes, uint64_t word) {
  for (int i = 0; i < 8; ++i) bytes[i] = (uint8_t)(word >> 8 * i);
}

/* log2 of the bytes of the elements in which an instruction counts its DRAM addresses; -1 if it has none. */
static int element_of(uint64_t word, const struct vta_geometry *geometry) {
  const int opcode = (int)(word & 7);
  const int memory = (int)(word >> 7 & 7);
  if (opcode != 0 && opcode != 1) return -1;
  switch (memory) {
    case 0:
      return 2;
    case 1:
      return geometry->wgt_bytes;
    case 3:
      return geometry->acc_bytes;
    default:
      return geometry->inp_bytes;
  }
}

/* Instructions count from address 0; the memory begins elsewhere. */
static void relocate(struct vta_device *device, uint8_t *instructions, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    uint8_t *bytes = instructions + 16 * (size_t)i;
    const uint64_t word = read_word(bytes);
    const int element = element_of(word, &device->geometry);
    if (element < 0) continue;
    const uint64_t field = (uint64_t)0xffffffff << 26;
    const uint32_t base = (uint32_t)(word >> 26) + (device->physical >> element);
    write_word(bytes, (word & ~field) | (uint64_t)base << 26);
  }
}

int vta_open(struct vta_device *device, const struct vta_program *program) {
  char name[64] = "";
  memset(device, 0, sizeof(*device));
  if (vta_backend_geometry(name, sizeof(name)) != 0) return -1;
  if (strcmp(name, program->geometry) != 0)
    return vta_fail("the program is for a VTA of geometry %s, this one is %s: compile it for this one",
                    program->geometry, name);
  if (vta_parse_geometry(name, &device->geometry) != 0) return -1;
  if (vta_backend_open(device, program->memory_bytes) != 0) return -1;
  if (device->bytes < program->memory_bytes || device->physical % 4096 != 0) {
    vta_backend_close(device);
    return vta_fail("the device has %lu bytes of memory from address 0x%lx on; the program needs %lu, from a page on",
                    (unsigned long)device->bytes, (unsigned long)device->physical,
                    (unsigned long)program->memory_bytes);
  }
  memset(device->memory, 0, program->memory_bytes);
  device->instruction_address = program->instruction_address;
  uint8_t *instructions = device->memory + program->instruction_address;
  memcpy(instructions, program->instructions, 16 * (size_t)program->instruction_count);
  memcpy(device->memory + program->uop_address, program->uops, program->uop_bytes);
  memcpy(device->memory + program->weight_address, program->weights, program->weight_bytes);
  memcpy(device->memory + program->bias_address, program->biases, program->bias_bytes);
  relocate(device, instructions, program->instruction_count);
  return 0;
}

int vta_run(struct vta_device *device, uint32_t first, uint32_t count) {
  return vta_backend_run(device, first, count);
}

void vta_close(struct vta_device *device) { vta_backend_close(device); }
