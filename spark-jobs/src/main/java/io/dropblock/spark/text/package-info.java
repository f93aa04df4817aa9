/** How things are said to people. */
package io.dropblock.spark.text;
