/** What needs ND4J's CUDA backend. */
package io.dropblock.cuda.nd4j;
