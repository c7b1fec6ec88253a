/* A VTA on a Zynq board: its four modules behind AXI-Lite registers, and contiguous memory from u-dma-buf
 * (github.com/ikwzm/udmabuf), mapped without the cache, so that nothing needs to be flushed. Needs root.
 *
 * No register tells a VTA's geometry. The file /etc/vta/geometry does, in one line, as "1x16_i8w8a32_15_15_18_17":
 * write it when you load a bitstream. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "vta_runtime.h"

#ifndef VTA_REGISTERS
#define VTA_REGISTERS 0x43C00000 /* PYNQ; Ultra96 and ZCU104: 0xA0000000 */
#endif
#ifndef VTA_GEOMETRY_FILE
#define VTA_GEOMETRY_FILE "/etc/vta/geometry"
#endif
#ifndef VTA_MEMORY
#define VTA_MEMORY "udmabuf0"
#endif
#ifndef VTA_TIMEOUT_SECONDS
#define VTA_TIMEOUT_SECONDS 10
#endif

enum { PAGE = 0x1000, FETCH = 0 * PAGE, LOAD = 1 * PAGE, COMPUTE = 2 * PAGE, STORE = 3 * PAGE };
enum { CONTROL = 0x00, START = 0x01, AUTO_RESTART = 0x81 };
enum { FETCH_COUNT = 0x10, FETCH_ADDRESS = 0x18, LOAD_INP = 0x10, LOAD_WGT = 0x18, STORE_OUT = 0x10 };
enum { COMPUTE_DONE = 0x18, COMPUTE_UOP = 0x20, COMPUTE_BIAS = 0x28 };

static int read_line(const char *path, char *line, size_t size) {
  FILE *file = fopen(path, "r");
  if (file == NULL) return vta_fail("cannot read %s", path);
  const char *read = fgets(line, (int)size, file);
  fclose(file);
  if (read == NULL) return vta_fail("%s is empty", path);
  line[strcspn(line, "\r\n")] = '\0';
  return 0;
}

int vta_backend_geometry(char *name, size_t size) { return read_line(VTA_GEOMETRY_FILE, name, size); }

static int map_memory(struct vta_device *device, size_t bytes) {
  char line[64];
  unsigned long address = 0, size = 0;
  if (read_line("/sys/class/u-dma-buf/" VTA_MEMORY "/phys_addr", line, sizeof(line)) != 0) return -1;
  if (sscanf(line, "%lx", &address) != 1) return vta_fail("phys_addr of " VTA_MEMORY " is '%s'", line);
  if (read_line("/sys/class/u-dma-buf/" VTA_MEMORY "/size", line, sizeof(line)) != 0) return -1;
  if (sscanf(line, "%lu", &size) != 1) return vta_fail("size of " VTA_MEMORY " is '%s'", line);
  if (size < bytes) return vta_fail(VTA_MEMORY " has %lu bytes, the program needs %lu", size, (unsigned long)bytes);
  device->file = open("/dev/" VTA_MEMORY, O_RDWR | O_SYNC);
  if (device->file < 0) return vta_fail("cannot open /dev/" VTA_MEMORY);
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, device->file, 0);
  if (memory == MAP_FAILED) return vta_fail("cannot map /dev/" VTA_MEMORY);
  device->memory = memory;
  device->bytes = size;
  device->physical = (uint32_t)address;
  return 0;
}

int vta_backend_open(struct vta_device *device, size_t bytes) {
  device->file = -1;
  const int registers = open("/dev/mem", O_RDWR | O_SYNC);
  if (registers < 0) return vta_fail("cannot open /dev/mem: are you root?");
  void *port = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, registers, VTA_REGISTERS);
  close(registers);
  if (port == MAP_FAILED) return vta_fail("cannot map the registers at 0x%lx", (unsigned long)VTA_REGISTERS);
  device->port = port;
  if (map_memory(device, bytes) == 0) return 0;
  vta_backend_close(device);
  return -1;
}

static void write_register(struct vta_device *device, int offset, uint32_t value) {
  *(volatile uint32_t *)(device->port + offset) = value;
}

static uint32_t read_register(struct vta_device *device, int offset) {
  return *(volatile uint32_t *)(device->port + offset);
}

static double seconds_since(const struct timespec *start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

static int wait_until_done(struct vta_device *device) {
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  /* The register still says that the program before is done, until the first instruction of this one has run. */
  while ((read_register(device, COMPUTE + COMPUTE_DONE) & 1) != 0 && seconds_since(&start) < 1e-4) continue;
  while ((read_register(device, COMPUTE + COMPUTE_DONE) & 1) == 0) {
    if (seconds_since(&start) > VTA_TIMEOUT_SECONDS)
      return vta_fail("the VTA did not finish within %d seconds", VTA_TIMEOUT_SECONDS);
  }
  return 0;
}

int vta_backend_run(struct vta_device *device, uint32_t first, uint32_t count) {
  write_register(device, FETCH + FETCH_COUNT, count);
  write_register(device, FETCH + FETCH_ADDRESS, device->physical + device->instruction_address + 16 * first);
  /* Instructions hold whole addresses. */
  write_register(device, LOAD + LOAD_INP, 0);
  write_register(device, LOAD + LOAD_WGT, 0);
  write_register(device, COMPUTE + COMPUTE_UOP, 0);
  write_register(device, COMPUTE + COMPUTE_BIAS, 0);
  write_register(device, STORE + STORE_OUT, 0);
  write_register(device, FETCH + CONTROL, START);
  write_register(device, LOAD + CONTROL, AUTO_RESTART);
  write_register(device, COMPUTE + CONTROL, AUTO_RESTART);
  write_register(device, STORE + CONTROL, AUTO_RESTART);
  return wait_until_done(device);
}

void vta_backend_close(struct vta_device *device) {
  if (device->memory != NULL) munmap(device->memory, device->bytes);
  if (device->file >= 0) close(device->file);
  if (device->port != NULL) munmap((void *)device->port, 4 * PAGE);
  memset(device, 0, sizeof(*device));
  device->file = -1;
}
