/** DL4J's layers made to calculate with oneDNN: switched on, corrected, and proved to do so. */
package io.dropblock.onednn;
