#pragma once
#include <stddef.h>
#include <stdint.h>

// The SIMD kernels of the engine. Activations are NCHW8c: [N][C/8][H][W][8], each plane with a halo of
// zeros, so that a tap that falls outside the image reads zero. A "pixel offset" is the distance in floats
// from the start of a buffer to one pixel's eight lanes in the first channel block.

// The output channels that one call computes: `width` of them, 8, 16, or 32 where the kernel has AVX-512, as
// blocks of 8.
// An entry is one (input block, tap) pair with its tile of `lanes` x `width` weights; what is not listed
// is not computed. With `lanes` 0 the convolution is depthwise: width is 8, each of the 8 channels has a
// weight of its own for each entry.
typedef struct {
  int32_t width;            // 8, 16 or 32 output channels
  int32_t lanes;            // input channels used of each input block, 1 to 8; 0: depthwise
  int32_t entries;          // tiles
  const int32_t *offsets;   // [entries], floats from a pixel to the entry's input pixel
  const float *weights;     // [entries][lanes][width]; depthwise [entries][8]
  const float *bias;        // [width]
  const float *ahead;       // weights of the call to come, fetched into the cache meanwhile
  const float *ahead_end;   // equal to `ahead` if there are none
} sculpt_tiles;

// Where the outputs go, and what is added before the activation.
typedef struct {
  float *data;              // output buffer
  const int32_t *pixels;    // [pixels] offsets into it
  ptrdiff_t block[4];       // floats to each block of 8 channels
} sculpt_destination;

typedef struct {
  const float *data;        // null if nothing is added
  const int32_t *pixels;
  ptrdiff_t block[4];
} sculpt_residual;

// output = clamp(bias + sum over entries, lanes of weight * input + residual, low, high)
// for `pixels` pixels whose inputs stand at source + source_pixels[p].
typedef void sculpt_convolve_function(
    const sculpt_tiles *tiles, const float *source, const int32_t *source_pixels,
    const sculpt_destination *destination, const sculpt_residual *residual,
    float low, float high, int32_t pixels);

typedef enum {
  sculpt_baseline = 0,      // what every processor of the architecture has: SSE2 or NEON
  sculpt_avx2 = 1,          // AVX2 and FMA
  sculpt_avx512 = 2,        // AVX-512F
} sculpt_instruction_set;

// The best instruction set of this processor.
sculpt_instruction_set sculpt_best_instruction_set(void);
// The kernel for an instruction set, or null if this build or processor lacks it.
sculpt_convolve_function *sculpt_convolve(sculpt_instruction_set set);
// The plain loop that every kernel above is tested against.
sculpt_convolve_function sculpt_convolve_reference;

// Bytes [channels][rows][columns] to one NCHW8c image: (byte * scale[c] + shift[c]); `channels` <= 8.
// `destination` stands at the first pixel; `row` is the distance in floats between rows.
void sculpt_pack_bytes(const uint8_t *bytes, int32_t channels, int32_t rows, int32_t columns,
    const float *scale, const float *shift, float *destination, ptrdiff_t row);

// Values [channels][rows][columns] to one NCHW8c image, likewise.
void sculpt_pack_values(const float *values, int32_t channels, int32_t rows, int32_t columns,
    float *destination, ptrdiff_t row);

// Pooling over one plane of 8 lanes: `source` at the first pixel, without halo semantics: windows are
// clipped to the image. Averages divide by the clipped area, or by the whole window if `counts_pads`.
typedef struct {
  int32_t kernel[2], strides[2], pads[2];     // rows, columns; pads: top, left
  int32_t dilations[2];
  int32_t input[2], output[2];                // rows, columns
  ptrdiff_t input_row, output_row;            // floats between rows
  int32_t padded[2];                          // rows, columns of the padded input (for counts_pads)
  int32_t is_average, counts_pads;
} sculpt_pooling;
void sculpt_pool(const sculpt_pooling *pooling, const float *source, float *destination);

// Over one plane of 8 lanes: destination = clamp(source * scale + shift + residual, low, high); `residual` may be null.
void sculpt_affine(const float *source, ptrdiff_t source_row, const float *residual, ptrdiff_t residual_row,
    float *destination, ptrdiff_t destination_row, int32_t rows, int32_t columns,
    const float *scale, const float *shift, float low, float high);

// Functions of single values over one plane of 8 lanes, of which `lanes` exist; the others stay zero. In place if
// source and destination are the same.
typedef enum {
  sculpt_clip,              // between alpha and beta
  sculpt_leaky_relu,        // alpha x below zero
  sculpt_sigmoid,
  sculpt_hard_sigmoid,      // alpha x + beta between 0 and 1
  sculpt_hard_swish,
  sculpt_silu,
  sculpt_gelu,
  sculpt_gelu_tanh,
  sculpt_tanh,
  sculpt_erf,
  sculpt_exp,
  sculpt_sqrt,
} sculpt_activation;
void sculpt_activate(sculpt_activation kind, float alpha, float beta,
    const float *source, ptrdiff_t source_row, float *destination, ptrdiff_t destination_row,
    int32_t rows, int32_t columns, int32_t lanes);

// destination = source (kind) other; `other` advances by `other_row` a row and `other_step` a pixel, both 0 for one
// value a channel.
typedef enum {
  sculpt_add,
  sculpt_subtract,
  sculpt_subtract_from,     // other - source
  sculpt_multiply,
  sculpt_divide,
  sculpt_divide_into,       // other / source
  sculpt_power,
  sculpt_power_of,          // other to the power of source
  sculpt_maximum,
  sculpt_minimum,
  sculpt_parametric_relu,   // source times other below zero
} sculpt_arithmetic_kind;
void sculpt_arithmetic(sculpt_arithmetic_kind kind,
    const float *source, ptrdiff_t source_row, const float *other, ptrdiff_t other_row, ptrdiff_t other_step,
    float *destination, ptrdiff_t destination_row, int32_t rows, int32_t columns, int32_t lanes);

// Adds each of eight channels' sum and sum of squares, formed in double precision: how far channels vary that hardly
// do is told from rounding.
void sculpt_plane_moments(
    const float *source, ptrdiff_t source_row, int32_t rows, int32_t columns, double *sums, double *squares);

// Over all channels of each of `pixels` consecutive pixels; `..._block` is the distance between blocks of 8 channels.
// Layer normalisation; scale and shift are filled up to whole blocks with zeros.
void sculpt_layer_norm(const float *source, ptrdiff_t source_block, float *destination,
    ptrdiff_t destination_block, int32_t channels, const float *scale, const float *shift,
    float epsilon, int32_t pixels);
// Softmax; lanes of channels that do not exist become zero.
void sculpt_softmax(const float *source, ptrdiff_t source_block, float *destination,
    ptrdiff_t destination_block, int32_t channels, int32_t pixels);

// --- Channels last, as training keeps its activations: [pixels][channels].

// sums[r][c] += sum over pixels of left[r] * right[c], with left + left_pixels[p] and right + right_pixels[p]
// the values of pixel p: the gradient of a convolution's weights, whose rows are a window of the input and
// whose columns are its filters. `columns` is a multiple of 8.
typedef void sculpt_outer_function(
    const float *left, const int32_t *left_pixels, const float *right, const int32_t *right_pixels,
    int32_t pixels, int32_t rows, int32_t columns, float *sums, ptrdiff_t stride);
// The kernel for an instruction set, or null if this build or processor lacks it.
sculpt_outer_function *sculpt_outer(sculpt_instruction_set set);

// The same for eight channels that each have a filter of their own: sums[t] += left[offsets[t]] * right.
void sculpt_depthwise_outer(
    const float *left, const int32_t *left_pixels, const int32_t *offsets, int32_t taps,
    const float *right, const int32_t *right_pixels, int32_t pixels, float *sums, ptrdiff_t stride);

// c = factor a b. a[i * a_row + k * a_column], b[k * b_row + j],
// c[i * c_row + j].
void sculpt_product(
    int32_t rows, int32_t columns, int32_t inner, float factor,
    const float *a, ptrdiff_t a_row, ptrdiff_t a_column, const float *b, ptrdiff_t b_row,
    float *c, ptrdiff_t c_row);

// Adds each channel's sum and sum of squares.
void sculpt_channel_moments(
    const float *x, ptrdiff_t pixels, int32_t channels, double *sums, double *squares);
// y = clamp(x * scale + shift + residual, low, high); `residual` may be null.
void sculpt_channel_affine(
    const float *x, const float *residual, ptrdiff_t pixels, int32_t channels,
    const float *scale, const float *shift, float low, float high, float *y);
// With g the gradient where low < y < high and 0 elsewhere: adds each channel's sum of g and of g x. `y` may be null:
// it is x y_scale + y_shift then.
void sculpt_channel_gradient_sums(
    const float *gradient, const float *y, const float *y_scale, const float *y_shift, float low,
    float high, const float *x, ptrdiff_t pixels, int32_t channels, double *sums, double *products);
// With the same g: x_gradient = g scale + x slope + shift; residual_gradient = g, unless it is null.
void sculpt_channel_gradient(
    const float *gradient, const float *y, const float *y_scale, const float *y_shift, float low,
    float high, const float *x, ptrdiff_t pixels, int32_t channels,
    const float *scale, const float *slope, const float *shift, float *x_gradient, float *residual_gradient);

// y = (x - mean) scale * gain + bias for each row of `channels`, scale being 1 / sqrt(variance + epsilon); the
// means and scales of the rows are kept for the gradient.
void sculpt_normalize_rows(
    const float *x, int32_t rows, int32_t channels, const float *gain, const float *bias,
    float epsilon, float *y, float *means, float *scales);
// Its gradients; those of gain and bias are added.
void sculpt_normalize_rows_gradient(
    const float *gradient, const float *x, int32_t rows, int32_t channels, const float *gain,
    const float *means, const float *scales, float *x_gradient, float *gain_gradient,
    float *bias_gradient);
// In place, from the gradient of a softmax of rows to that of its argument, times `factor`. Rows are filled up to
// whole blocks of eight with probabilities of zero.
void sculpt_softmax_gradient(
    float *gradient, const float *probabilities, int32_t rows, int32_t columns, ptrdiff_t stride,
    float factor);

// The gradient of `sculpt_activate`'s functions of `count` values x.
void sculpt_activation_gradient(sculpt_activation kind, float alpha, float beta,
    const float *x, const float *gradient, float *x_gradient, ptrdiff_t count);

// Whole numbers as floats.
void sculpt_widen(const int16_t *numbers, ptrdiff_t count, float *floats);

// Whether memory that is freed stays with the process for what is allocated next, as far as the C library can be told.
void sculpt_keep_freed_memory(int32_t keeps);

// Runs `iterations` rounds of independent fused multiply-adds and returns the floating-point operations
// done, a multiply-add counted as two: the numerator of the machine's peak.
double sculpt_peak(sculpt_instruction_set set, int64_t iterations);
