/** What needs ND4J's CUDA backend. */
package io.dropblock.jcublas;
