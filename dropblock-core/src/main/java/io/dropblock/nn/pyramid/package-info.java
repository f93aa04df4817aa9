/**
 * What a feature pyramid and heads over its levels need beside ordinary layers: {@link
 * io.dropblock.nn.pyramid.UpsampleSum}, a level and the next coarser one, {@link
 * io.dropblock.nn.pyramid.LevelNet}, convolutions whose weights all levels share, and {@link
 * io.dropblock.nn.pyramid.LabelMaps}, the class of each pixel of an image.
 *
 * <p>Maps are {@code [n, h, w, c]}. Interpolation, where it is bilinear, is with aligned corners:
 * pixel {@code i} of {@code H} reads at {@code i (h - 1) / (H - 1)} of {@code h}, and at 0 where
 * {@code H} is 1, as TensorFlow's {@code resize_bilinear(align_corners=True)} and PyTorch's {@code
 * interpolate(mode='bilinear', align_corners=True)}.
 */
package io.dropblock.nn.pyramid;
