/* Runs programs of a VTA: on a board (vta_board.c) or on a simulated one (vta_simulator.c). C99; allocates nothing but
 * the device's own memory. Functions return 0, or -1 and then vta_error() says in one line what is wrong. */
#ifndef VTA_RUNTIME_H
#define VTA_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

/* What a program is made of. Addresses are in bytes from the beginning of the device's memory. */
struct vta_program {
  const char *geometry; /* the VTA it was compiled for, as in "1x16_i8w8a32_15_15_18_17" */
  const uint8_t *instructions;
  uint32_t instruction_count; /* of 16 bytes each */
  uint32_t instruction_address;
  const uint8_t *uops;
  uint32_t uop_bytes, uop_address;
  const uint8_t *weights;
  uint32_t weight_bytes, weight_address;
  const uint8_t *biases;
  uint32_t bias_bytes, bias_address;
  uint32_t memory_bytes; /* all of it */
};

/* log2 of sizes; what a geometry's name says. */
struct vta_geometry {
  int batch, block;
  int uop_depth, inp_depth, wgt_depth, acc_depth; /* elements of the scratchpads */
  int inp_bytes, wgt_bytes, acc_bytes;            /* of one element */
};

struct vta_device {
  uint8_t *memory; /* contiguous; as this process sees it */
  size_t bytes;
  uint32_t physical; /* where the VTA sees its first byte */
  struct vta_geometry geometry;
  uint32_t instruction_address;
  int file;               /* of the back end */
  volatile uint8_t *port; /* of the back end */
};

/* Opens the device, takes memory for the program, and copies the program there with its addresses made those of that
 * memory. Refuses a program of another geometry. */
int vta_open(struct vta_device *device, const struct vta_program *program);
/* Runs instructions from `first` on. The last one must be FINISH. */
int vta_run(struct vta_device *device, uint32_t first, uint32_t count);
void vta_close(struct vta_device *device);
const char *vta_error(void);

/* For the back ends. */
int vta_fail(const char *format, ...);
int vta_parse_geometry(const char *name, struct vta_geometry *geometry);

/* What a back end does. The geometry's name goes to `name`. */
int vta_backend_geometry(char *name, size_t size);
int vta_backend_open(struct vta_device *device, size_t bytes);
int vta_backend_run(struct vta_device *device, uint32_t first, uint32_t count);
void vta_backend_close(struct vta_device *device);

#endif
