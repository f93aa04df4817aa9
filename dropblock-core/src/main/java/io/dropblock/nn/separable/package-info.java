/**
 * What a separable convolution needs beside a 1x1 convolution: one in which each channel has a
 * kernel of its own.
 */
package io.dropblock.nn.separable;
