/**
 * Files of named arrays in the form of <a
 * href="https://github.com/huggingface/safetensors">safetensors</a>: read strictly, written in its
 * order. Knows no network.
 */
package io.dropblock.exchange.safetensors;
