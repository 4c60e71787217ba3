//! Convolution as its definition reads: seven loops. The fast kernels are tested against these.

use crate::device::geometry::Conv2dGeometry;
use crate::dtype::Float;

// ANCHOR: conv_plain
/// `out[n, o, y, x] = bias[o] + sum over c, ky, kx of weight[o, c, ky, kx] * input[n, c, y', x']`
/// with `y' = y * stride - padding + ky * dilation`, and zero outside the image.
pub(crate) fn conv2d_plain<T: Float>(
    geometry: &Conv2dGeometry,
    input: &[T],
    weight: &[T],
    bias: Option<&[T]>,
    output: &mut [T],
) {
    for (out, value) in output.iter_mut().enumerate() {
        let o = out / (geometry.output[0] * geometry.output[1]) % geometry.out_channels;
        *value = bias.map_or(T::zero(), |bias| bias[o]);
    }
    for_each_product(geometry, |i, w, o| output[o] += weight[w] * input[i]);
}
// ANCHOR_END: conv_plain

// ANCHOR: conv_plain_backward
/// Both gradients visit the same products as the forward pass: each output sends its gradient back along them.
pub(crate) fn conv2d_backward_plain<T: Float>(
    geometry: &Conv2dGeometry,
    input: &[T],
    weight: &[T],
    grad_output: &[T],
    grad_input: &mut [T],
    grad_weight: &mut [T],
) {
    grad_input.fill(T::zero());
    grad_weight.fill(T::zero());
    for_each_product(geometry, |i, w, o| {
        grad_input[i] += weight[w] * grad_output[o];
        grad_weight[w] += input[i] * grad_output[o];
    });
}
// ANCHOR_END: conv_plain_backward

// ANCHOR: conv_products
/// Calls `visit(input index, weight index, output index)` for every product that a convolution adds up.
fn for_each_product(geometry: &Conv2dGeometry, mut visit: impl FnMut(usize, usize, usize)) {
    let Conv2dGeometry { input: [height, width], kernel: [kh, kw], output: [oh, ow], options, .. } =
        *geometry;
    let (group_inputs, group_outputs) = (geometry.group_inputs(), geometry.group_outputs());
    for n in 0..geometry.batch {
        for o in 0..geometry.out_channels {
            let first_channel = o / group_outputs * group_inputs;
            for y in 0..oh {
                for x in 0..ow {
                    for c in 0..group_inputs {
                        for ky in 0..kh {
                            for kx in 0..kw {
                                // Where the tap lands; `wrapping_sub` sends what is left of zero past every size.
                                let iy = (y * options.stride[0] + ky * options.dilation[0])
                                    .wrapping_sub(options.padding[0]);
                                let ix = (x * options.stride[1] + kx * options.dilation[1])
                                    .wrapping_sub(options.padding[1]);
                                if iy < height && ix < width {
                                    let channel = n * geometry.in_channels + first_channel + c;
                                    visit(
                                        (channel * height + iy) * width + ix,
                                        ((o * group_inputs + c) * kh + ky) * kw + kx,
                                        ((n * geometry.out_channels + o) * oh + y) * ow + x,
                                    );
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
// ANCHOR_END: conv_products
