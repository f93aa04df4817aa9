/**
 * What a network computes, step by step, as files that another program compares with: {@code
 * docs/trials/compare_pytorch.py}.
 */
package io.dropblock.bench.trace;
