/**
 * What networks learn by: losses over class numbers and box codes. Labels are never one-hot, and
 * the losses read logits, not probabilities, so that no size of them overflows.
 */
package io.dropblock.loss;
