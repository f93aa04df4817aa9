/** Separable convolutions measured by themselves: depthwise, then 1x1. */
package io.dropblock.bench.separable;
