#include "operators.h"

#include <math.h>
#include <string.h>

/* The index of a row-major element; -1 for what lies outside. */
static long layout_index(const struct layout *l, int n, int channel, int row, int column) {
  const int lanes = l->row_lines * l->column_lines * l->channels;
  if (n >= l->batch || channel >= lanes) return -1;
  const int tap = channel / l->channels;
  const int y = row * l->row_stride + tap / l->column_lines - l->row_pad;
  const int x = column * l->column_stride + tap % l->column_lines - l->column_pad;
  if (y < 0 || y >= l->height || x < 0 || x >= l->width) return -1;
  return (((long)n * l->channels + channel % l->channels) * l->height + y) * l->width + x;
}

static void move(const struct layout *l, const int8_t *plain, int8_t *plain_to, const uint8_t *blocked,
                 uint8_t *blocked_to) {
  const int lanes = l->row_lines * l->column_lines * l->channels;
  const int batch_blocks = (l->batch + l->vta_batch - 1) / l->vta_batch;
  const int channel_blocks = (lanes + l->vta_block - 1) / l->vta_block;
  long byte = 0;
  for (int n = 0; n < batch_blocks; ++n)
    for (int c = 0; c < channel_blocks; ++c)
      for (int y = 0; y < l->rows; ++y)
        for (int x = 0; x < l->columns; ++x)
          for (int b = 0; b < l->vta_batch; ++b)
            for (int lane = 0; lane < l->vta_block; ++lane, ++byte) {
              const long index = layout_index(l, n * l->vta_batch + b, c * l->vta_block + lane, y, x);
              if (blocked_to != NULL) blocked_to[byte] = index < 0 ? 0 : (uint8_t)plain[index];
              if (plain_to != NULL && index >= 0) plain_to[index] = (int8_t)blocked[byte];
            }
}

void pack(const struct layout *layout, const int8_t *from, uint8_t *to) { move(layout, from, NULL, NULL, to); }

void unpack(const struct layout *layout, const uint8_t *from, int8_t *to) { move(layout, NULL, to, from, NULL); }

static int8_t saturated(double value) {
  if (value != value) return 0;
  return (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
}

static double round_half_even(double value) {
  const double below = floor(value);
  const double above_half = value - below;
  if (above_half > 0.5) return below + 1;
  if (above_half < 0.5) return below;
  return fmod(below, 2) == 0 ? below : below + 1;
}

void quantize(const float *x, int count, float scale, int8_t *y) {
  for (int i = 0; i < count; ++i) {
    const float scaled = x[i] / scale;
    y[i] = saturated(round_half_even((double)scaled));
  }
}

void quantize_half_up(const float *x, int count, float scale, int8_t *y) {
  for (int i = 0; i < count; ++i) {
    const float scaled = x[i] / scale;
    y[i] = saturated(floor((double)scaled + 0.5));
  }
}

void dequantize(const int8_t *x, int count, float scale, float *y) {
  for (int i = 0; i < count; ++i) y[i] = (float)x[i] * scale;
}

static int8_t requantised(int64_t sum, const struct requantise *to) {
  if (to->shift > 0) sum += (int64_t)1 << (to->shift - 1);
  /* Rounds down, whatever the compiler makes of shifts of negative numbers. */
  const int64_t shifted = sum < 0 ? ~(~sum >> to->shift) : sum >> to->shift;
  return (int8_t)(shifted < to->low ? to->low : shifted > to->high ? to->high : shifted);
}

static float clamped(double value, float low, float high) {
  return (float)fmin(fmax(value, (double)low), (double)high);
}

/* An output of an image operator, and how many there are. */
struct output {
  int batch, channel, row, column;
};

static long output_count(const struct image *image) {
  return (long)image->batch * image->out_channels * image->out_height * image->out_width;
}

static struct output output_at(const struct image *image, long index) {
  struct output output;
  output.column = (int)(index % image->out_width);
  index /= image->out_width;
  output.row = (int)(index % image->out_height);
  index /= image->out_height;
  output.channel = (int)(index % image->out_channels);
  output.batch = (int)(index / image->out_channels);
  return output;
}

/* The input that an output has at a place of the window, as an index in its channel; -1 for padding. */
static long input_at(const struct image *image, const struct window *window, const struct output *output, int tap) {
  const int y = output->row * window->stride_h + tap / window->kernel_w * window->dilation_h - window->pad_top;
  const int x = output->column * window->stride_w + tap % window->kernel_w * window->dilation_w - window->pad_left;
  if (y < 0 || y >= image->height || x < 0 || x >= image->width) return -1;
  return (long)y * image->width + x;
}

/* Where a channel of the input begins. */
static long channel_at(const struct image *image, int batch, int channel) {
  return ((long)batch * image->channels + channel) * image->height * image->width;
}

void conv_int8(const struct image *image, const struct window *window, int groups, const int8_t *x, const int8_t *weight,
               const int32_t *bias, const int8_t *residual, int residual_shift, const struct requantise *to,
               int8_t *y) {
  const int in_group = image->channels / groups;
  const int out_group = image->out_channels / groups;
  const int taps = window->kernel_h * window->kernel_w;
  for (long index = 0; index < output_count(image); ++index) {
    const struct output at = output_at(image, index);
    int64_t sum = bias == NULL ? 0 : bias[at.channel];
    if (residual != NULL) sum += (int64_t)residual[index] * ((int64_t)1 << residual_shift);
    for (int i = 0; i < in_group; ++i) {
      const int8_t *channel = x + channel_at(image, at.batch, at.channel / out_group * in_group + i);
      const int8_t *w = weight + ((long)at.channel * in_group + i) * taps;
      for (int tap = 0; tap < taps; ++tap) {
        const long from = input_at(image, window, &at, tap);
        if (from >= 0) sum += channel[from] * w[tap];
      }
    }
    y[index] = requantised(sum, to);
  }
}

void conv_float(const struct image *image, const struct window *window, int groups, const float *x, const float *weight,
                const float *bias, const float *residual, float low, float high, float *y) {
  const int in_group = image->channels / groups;
  const int out_group = image->out_channels / groups;
  const int taps = window->kernel_h * window->kernel_w;
  for (long index = 0; index < output_count(image); ++index) {
    const struct output at = output_at(image, index);
    double sum = 0;
    for (int i = 0; i < in_group; ++i) {
      const float *channel = x + channel_at(image, at.batch, at.channel / out_group * in_group + i);
      const float *w = weight + ((long)at.channel * in_group + i) * taps;
      for (int tap = 0; tap < taps; ++tap) {
        const long from = input_at(image, window, &at, tap);
        if (from >= 0) sum += (double)w[tap] * (double)channel[from];
      }
    }
    if (bias != NULL) sum += (double)bias[at.channel];
    if (residual != NULL) sum += (double)residual[index];
    y[index] = clamped(sum, low, high);
  }
}

void dense_int8(int rows, int in, int out, int weight_is_in_out, const int8_t *x, const int8_t *weight,
                const int32_t *bias, const struct requantise *to, int8_t *y) {
  for (int row = 0; row < rows; ++row) {
    for (int o = 0; o < out; ++o) {
      int64_t sum = bias == NULL ? 0 : bias[o];
      for (int i = 0; i < in; ++i)
        sum += x[(long)row * in + i] * weight[weight_is_in_out ? (long)i * out + o : (long)o * in + i];
      *y++ = requantised(sum, to);
    }
  }
}

void dense_float(int rows, int in, int out, int weight_is_in_out, float alpha, float beta, const float *x,
                 const float *weight, const float *bias, float low, float high, float *y) {
  for (int row = 0; row < rows; ++row) {
    for (int o = 0; o < out; ++o) {
      double sum = 0;
      for (int i = 0; i < in; ++i)
        sum += (double)weight[weight_is_in_out ? (long)i * out + o : (long)o * in + i] * (double)x[(long)row * in + i];
      sum *= (double)alpha;
      if (bias != NULL) sum += (double)beta * (double)bias[o];
      *y++ = clamped(sum, low, high);
    }
  }
}

void max_pool_int8(const struct image *image, const struct window *window, const int8_t *x, int8_t *y) {
  for (long index = 0; index < output_count(image); ++index) {
    const struct output at = output_at(image, index);
    const int8_t *channel = x + channel_at(image, at.batch, at.channel);
    int8_t most = -128;
    for (int tap = 0; tap < window->kernel_h * window->kernel_w; ++tap) {
      const long from = input_at(image, window, &at, tap);
      if (from >= 0 && channel[from] > most) most = channel[from];
    }
    y[index] = most;
  }
}

void max_pool_float(const struct image *image, const struct window *window, const float *x, float *y) {
  for (long index = 0; index < output_count(image); ++index) {
    const struct output at = output_at(image, index);
    const float *channel = x + channel_at(image, at.batch, at.channel);
    float most = -INFINITY;
    for (int tap = 0; tap < window->kernel_h * window->kernel_w; ++tap) {
      const long from = input_at(image, window, &at, tap);
      if (from >= 0 && channel[from] > most) most = channel[from];
    }
    y[index] = most;
  }
}

/* Places of the kernel that lie in [begin, end). */
static int taps_within(int start, int kernel, int dilation, int begin, int end) {
  int taps = 0;
  for (int tap = 0; tap < kernel; ++tap)
    if (start + tap * dilation >= begin && start + tap * dilation < end) ++taps;
  return taps;
}

void average_pool(const struct image *image, const struct window *window, int pad_bottom, int pad_right,
                  int counts_padding, const float *x, float *y) {
  const int top = counts_padding ? -window->pad_top : 0;
  const int left = counts_padding ? -window->pad_left : 0;
  const int bottom = image->height + (counts_padding ? pad_bottom : 0);
  const int right = image->width + (counts_padding ? pad_right : 0);
  for (long index = 0; index < output_count(image); ++index) {
    const struct output at = output_at(image, index);
    const float *channel = x + channel_at(image, at.batch, at.channel);
    const int rows =
        taps_within(at.row * window->stride_h - window->pad_top, window->kernel_h, window->dilation_h, top, bottom);
    const int columns =
        taps_within(at.column * window->stride_w - window->pad_left, window->kernel_w, window->dilation_w, left, right);
    double sum = 0;
    for (int tap = 0; tap < window->kernel_h * window->kernel_w; ++tap) {
      const long from = input_at(image, window, &at, tap);
      if (from >= 0) sum += (double)channel[from];
    }
    y[index] = (float)(rows * columns == 0 ? 0 : sum / (rows * columns));
  }
}

/* The next position of a shape, the last axis fastest. */
static void advance(const struct shape *shape, int *position) {
  for (int axis = shape->rank - 1; axis >= 0; --axis) {
    if (++position[axis] < shape->size[axis]) return;
    position[axis] = 0;
  }
}

static long elements(const struct shape *shape) {
  long count = 1;
  for (int axis = 0; axis < shape->rank; ++axis) count *= shape->size[axis];
  return count;
}

void mean(const struct shape *shape, int axes, const float *x, float *y) {
  /* One output after the other: each goes over the positions that it averages. */
  struct shape kept = *shape, averaged = *shape;
  for (int axis = 0; axis < shape->rank; ++axis) {
    if (axes >> axis & 1) kept.size[axis] = 1;
    else averaged.size[axis] = 1;
  }
  int outer[6] = {0};
  for (long o = 0; o < elements(&kept); ++o, advance(&kept, outer)) {
    int inner[6] = {0};
    double sum = 0;
    for (long i = 0; i < elements(&averaged); ++i, advance(&averaged, inner)) {
      long index = 0;
      for (int axis = 0; axis < shape->rank; ++axis) index = index * shape->size[axis] + outer[axis] + inner[axis];
      sum += (double)x[index];
    }
    y[o] = (float)(sum / (double)elements(&averaged));
  }
}

static long repeated_index(const struct shape *shape, const int *position) {
  long index = 0;
  for (int axis = 0; axis < shape->rank; ++axis)
    index = index * shape->size[axis] + (shape->size[axis] == 1 ? 0 : position[axis]);
  return index;
}

void binary_float(enum binary kind, const struct shape *out, const struct shape *a_shape, const float *a,
                  const struct shape *b_shape, const float *b, float low, float high, float *y) {
  int position[6] = {0};
  for (long i = 0; i < elements(out); ++i, advance(out, position)) {
    const float left = a[repeated_index(a_shape, position)];
    const float right = b[repeated_index(b_shape, position)];
    const float value = kind == BINARY_ADD        ? left + right
                        : kind == BINARY_SUBTRACT ? left - right
                        : kind == BINARY_MULTIPLY ? left * right
                                                  : left / right;
    y[i] = clamped((double)value, low, high);
  }
}

void clip(const float *x, int count, float low, float high, float *y) {
  for (int i = 0; i < count; ++i) y[i] = clamped((double)x[i], low, high);
}

void leaky_relu(const float *x, int count, float slope, float *y) {
  for (int i = 0; i < count; ++i) y[i] = x[i] < 0 ? slope * x[i] : x[i];
}

void sigmoid(const float *x, int count, float *y) {
  for (int i = 0; i < count; ++i) y[i] = (float)(1 / (1 + exp(-(double)x[i])));
}

void softmax(const float *x, int outer, int length, int step, float *y) {
  for (int one = 0; one < outer * step; ++one) {
    const long first = (long)(one / step) * length * step + one % step;
    double most = -INFINITY, sum = 0;
    for (int i = 0; i < length; ++i) most = fmax(most, (double)x[first + (long)i * step]);
    for (int i = 0; i < length; ++i) sum += exp((double)x[first + (long)i * step] - most);
    for (int i = 0; i < length; ++i)
      y[first + (long)i * step] = (float)(exp((double)x[first + (long)i * step] - most) / sum);
  }
}

void batch_norm(const float *x, int batch, int channels, int plane, const float *scale, const float *bias,
                const float *mean_of, const float *variance, float epsilon, float *y) {
  long index = 0;
  for (int n = 0; n < batch; ++n) {
    for (int c = 0; c < channels; ++c) {
      const double factor = (double)scale[c] / sqrt((double)variance[c] + (double)epsilon);
      for (int i = 0; i < plane; ++i, ++index)
        y[index] = (float)(((double)x[index] - (double)mean_of[c]) * factor + (double)bias[c]);
    }
  }
}

void transpose(const struct shape *out, const int *in_steps, int bytes, const void *x, void *y) {
  int position[6] = {0};
  for (long i = 0; i < elements(out); ++i, advance(out, position)) {
    long index = 0;
    for (int axis = 0; axis < out->rank; ++axis) index += (long)position[axis] * in_steps[axis];
    memcpy((char *)y + i * bytes, (const char *)x + index * bytes, (size_t)bytes);
  }
}

void copy_pieces(const void *x, int outer, int size, void *y, int step) {
  for (int i = 0; i < outer; ++i) memcpy((char *)y + (long)i * step, (const char *)x + (long)i * size, (size_t)size);
}

void pad(const struct shape *out, const struct shape *in, const int *before, int bytes, const void *fill, const void *x,
         void *y) {
  int position[6] = {0};
  for (long i = 0; i < elements(out); ++i, advance(out, position)) {
    long index = 0;
    int is_inside = 1;
    for (int axis = 0; axis < out->rank; ++axis) {
      const int at = position[axis] - before[axis];
      if (at < 0 || at >= in->size[axis]) is_inside = 0;
      index = index * in->size[axis] + at;
    }
    memcpy((char *)y + i * bytes, is_inside ? (const char *)x + index * bytes : (const char *)fill, (size_t)bytes);
  }
}

void resize(const struct shape *out, const struct shape *in, const int *const *from, int bytes, const void *x,
            void *y) {
  int position[6] = {0};
  for (long i = 0; i < elements(out); ++i, advance(out, position)) {
    long index = 0;
    for (int axis = 0; axis < out->rank; ++axis) index = index * in->size[axis] + from[axis][position[axis]];
    memcpy((char *)y + i * bytes, (const char *)x + index * bytes, (size_t)bytes);
  }
}
