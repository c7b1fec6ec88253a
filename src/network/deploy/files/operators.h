/* What the host computes of a network. Tensors are row-major, images NCHW. Sums of floats are taken in double and
 * rounded once. */
#ifndef OPERATORS_H
#define OPERATORS_H

#include <stdint.h>

struct shape {
  int rank; /* at most 6 */
  int size[6];
};

struct window {
  int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
};

/* An image and what a window makes of it: batch, channels and sizes of the input, channels and sizes of the output. */
struct image {
  int batch, channels, height, width, out_channels, out_height, out_width;
};

/* How int8 numbers become others: (sum + half) >> shift, between low and high. */
struct requantise {
  int shift, low, high;
};

/* How a tensor [batch][channels][height][width] lies in the memory of a VTA with this batch and block: in blocks, and
 * with `lines` neighbouring rows and columns side by side in the lanes; 1 where they do not. */
struct layout {
  int vta_batch, vta_block;
  int batch, channels, height, width;
  int row_lines, row_stride, row_pad, rows;
  int column_lines, column_stride, column_pad, columns;
};

void pack(const struct layout *layout, const int8_t *from, uint8_t *to);
void unpack(const struct layout *layout, const uint8_t *from, int8_t *to);

/* Ties go to the even integer in `quantize`, up in `quantize_half_up`. */
void quantize(const float *x, int count, float scale, int8_t *y);
void quantize_half_up(const float *x, int count, float scale, int8_t *y);
void dequantize(const int8_t *x, int count, float scale, float *y);

/* `bias` and `residual` may be NULL; the residual is shifted to the left before it is added. */
void conv_int8(const struct image *image, const struct window *window, int groups, const int8_t *x, const int8_t *weight,
               const int32_t *bias, const int8_t *residual, int residual_shift, const struct requantise *to, int8_t *y);
void conv_float(const struct image *image, const struct window *window, int groups, const float *x, const float *weight,
                const float *bias, const float *residual, float low, float high, float *y);

/* Weights [out][in], or [in][out]. */
void dense_int8(int rows, int in, int out, int weight_is_in_out, const int8_t *x, const int8_t *weight,
                const int32_t *bias, const struct requantise *to, int8_t *y);
void dense_float(int rows, int in, int out, int weight_is_in_out, float alpha, float beta, const float *x,
                 const float *weight, const float *bias, float low, float high, float *y);

void max_pool_int8(const struct image *image, const struct window *window, const int8_t *x, int8_t *y);
void max_pool_float(const struct image *image, const struct window *window, const float *x, float *y);
/* Divides by the elements of the window that lie in the image, or in the padding too. */
void average_pool(const struct image *image, const struct window *window, int pad_bottom, int pad_right,
                  int counts_padding, const float *x, float *y);
/* The mean over the axes whose bit is set. */
void mean(const struct shape *shape, int axes, const float *x, float *y);

enum binary { BINARY_ADD, BINARY_SUBTRACT, BINARY_MULTIPLY, BINARY_DIVIDE };
/* Shapes have the rank of the output; a size of 1 is repeated. */
void binary_float(enum binary kind, const struct shape *out, const struct shape *a_shape, const float *a,
                  const struct shape *b_shape, const float *b, float low, float high, float *y);
void clip(const float *x, int count, float low, float high, float *y);
void leaky_relu(const float *x, int count, float slope, float *y);
void sigmoid(const float *x, int count, float *y);
/* Distributions of `length` numbers that are `step` apart; `outer` times `step` of them. */
void softmax(const float *x, int outer, int length, int step, float *y);
void batch_norm(const float *x, int batch, int channels, int plane, const float *scale, const float *bias,
                const float *mean_of, const float *variance, float epsilon, float *y);

/* These move elements of `bytes` bytes. */
void transpose(const struct shape *out, const int *in_steps, int bytes, const void *x, void *y);
/* Copies `outer` pieces of `size` bytes to distances of `step` bytes. */
void copy_pieces(const void *x, int outer, int size, void *y, int step);
/* Fills with the bytes at `fill` what lies outside the input. */
void pad(const struct shape *out, const struct shape *in, const int *before, int bytes, const void *fill, const void *x,
         void *y);
/* from[axis][i]: the position in the input for position i of the output. */
void resize(const struct shape *out, const struct shape *in, const int *const *from, int bytes, const void *x, void *y);

#endif
