/**
 * The DropBlock op: which squares of a feature map are dropped, and what the rest is multiplied by.
 *
 * <p>Ghiasi, Lin, Le: "DropBlock: A regularization method for convolutional networks", NIPS 2018,
 * arXiv 1810.12890. The primary source for what the paper leaves open is {@code tensorflow/tpu:
 * models/official/resnet/resnet_model.py}, function {@code dropblock}.
 */
package io.dropblock.op;
