package io.dropblock.spark.tune;

/**
 * What no trial is made of.
 *
 * @param what for people
 * @param why the end of a sentence, with what to do where there is something
 */
public record NotTried(String what, String why) {}
