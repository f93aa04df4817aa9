/** Losses whose labels are class numbers: nothing is ever spread out to one number a class. */
package io.dropblock.loss;
